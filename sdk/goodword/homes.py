"""One spelling for all ways to write the address of one home: made to be compared, not shown."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from goodword.characters import CHARACTERS, LETTERS

LONGEST: Final = 1000
"""How many characters of an address are looked at."""

_UNSEEN: Final = re.compile("[\u115f\u1160\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_ACCENTS: Final = re.compile("[\u0300-\u036f\u02b0-\u02ff]")
_DASHES: Final = re.compile("[‐-―−ー~〜]|之")
_FORMS: Final = str.maketrans("臺号楼邻", "台號樓鄰")

# Where parcels of many are handed out: it tells nobody's home.
_COUNTER: Final = re.compile(
    r"門市|門店|超商|便利商店|取貨|自取|智取|郵政信箱|郵局第|\bp\.? ?o\.? ?box\b|packstation|"
    r"paczkomat|parcel ?(?:locker|shop)|pick-? ?up|7-? ?eleven|\b7-11\b|click (?:and|&) collect"
)

_DIGITS: Final = "零一二三四五六七八九"
_NUMERAL: Final = re.compile(
    r"[〇零一二三四五六七八九十百]+(?=[段巷弄號樓室鄰f-])|(?<=-)[〇零一二三四五六七八九十百]+"
)
_FLOOR: Final = re.compile(r"(\d+) ?(?:樓|/f\b|fl?\b\.?|floor\b)")
_CELLAR: Final = re.compile(r"地下 ?(\d+)f|\bb(\d+)f?\b")
_ORDINAL: Final = re.compile(r"\b(\d+)(?:st|nd|rd|th)\b")
_OF_NUMBER: Final = re.compile(r"(\d+) ?號 ?- ?(\d+)")
_NEIGHBOURHOOD: Final = re.compile(r"(?:[^\W\d]{1,3}[里村])?\d+ ?鄰")
# The postal code says it already, and half of the people write it again.
_COUNTY: Final = re.compile(
    r"^[\d -]*(?:[台臺]灣省?)? ?(?:[^\W\d]{2}[縣市])? ?(?:[^\W\d]{1,3}[鄉鎮市區])? ?"
)
_SHORT: Final = {
    "street": "st",
    "road": "rd",
    "avenue": "ave",
    "lane": "ln",
    "drive": "dr",
    "apartment": "apt",
    "flat": "apt",
    "unit": "apt",
    "section": "sec",
    "number": "",
    "no": "",
}
_TOKEN: Final = re.compile(r"[^\W\d_]+|\d+|-")
# What of a postal code only tells the side of the street, and is left out as often as not.
_WHOLE: Final = {"TW": 3, "US": 5}


def canonical_home(home: str | None) -> str | None:
    """Return one spelling of a home; None for what tells none.

    ``home`` has a line each for the country, the postal code (where there is none, the city) and
    the street, with the flat and all that follows.  A street without a number, and a counter where
    parcels of many are handed out, tell nobody's home.  Looked at are the signs alone: not whether
    there is such a house.  A misspelt street is another one.

    >>> canonical_home("TW\\n106\\n和平東路二段１２號之３ 五樓")
    'tw|106|和平東路2段12-3 5f'
    >>> canonical_home("tw\\n10663\\n臺北市大安區和平東路2段12之3號5F")
    'tw|106|和平東路2段12-3 5f'
    """
    lines = (home or "").strip("\n").split("\n", 2)
    if len(lines) < 3 or len(home or "") > LONGEST:
        return None
    country, code, street = lines[0].strip().upper(), _code(*lines[:2]), _plain(lines[2])
    if not code or _COUNTER.search(street):
        return None
    told = _street(street, country)
    tells = any(map(str.isdigit, told)) and any(map(str.isalpha, told))
    return f"{country.lower()}|{code}|{told}" if tells else None


def written(
    country: str | None, postal_code: str | None, city: str | None, *street: str | None
) -> str | None:
    """Return a home as an order tells it; None where a part is missing."""
    place = " ".join((postal_code or "").split()) or " ".join((city or "").split())
    lines = " ".join(" ".join(line.split()) for line in street if line)
    whole = f"{country or ''}\n{place}\n{lines}"
    return whole if place and lines and len(whole) <= LONGEST else None


def _plain(text: str) -> str:
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).casefold()
    text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    text = unicodedata.normalize("NFC", text).translate(_FORMS).translate(LETTERS)
    return _DASHES.sub("-", " ".join(text.translate(CHARACTERS).split()))


def _code(country: str, code: str) -> str:
    told = "".join(_TOKEN.findall(_plain(code))).replace("-", "")
    most = _WHOLE.get(country.strip().upper())
    return told[:most] if most and told.isdigit() else told


def _street(street: str, country: str) -> str:
    # With a space, or 之3五樓 would be number 35.
    street = _NUMERAL.sub(lambda found: f" {_number(found[0])} ", street)
    street = _FLOOR.sub(r"\1f ", _ORDINAL.sub(r"\1", street))
    street = _CELLAR.sub(lambda found: f" b{found[1] or found[2]} ", street)
    if country == "TW":
        street = _NEIGHBOURHOOD.sub("", _COUNTY.sub("", street))
    return _joined(_OF_NUMBER.sub(r"\1-\2 ", street).replace("號", " "))


def _joined(street: str) -> str:
    """Return the letters and digits; only between two numbers stands what parts them."""
    told = between = ""
    for token in (_SHORT.get(one, one) for one in _TOKEN.findall(street)):
        if token == "-":
            between = token
        elif token:
            parts = told[-1:].isdigit() and token[0].isdigit()
            told += f"{between or ' '}{token}" if parts else token
            between = ""
    return told


def _number(numeral: str) -> str:
    """Return a Chinese numeral below a thousand in digits.

    >>> _number("十二"), _number("二十"), _number("一百零三"), _number("二三")
    ('12', '20', '103', '23')
    """
    numeral = numeral.replace("〇", "零")
    if not {"十", "百"} & set(numeral):
        return "".join(str(_DIGITS.index(one)) for one in numeral)
    hundreds, hundred, rest = numeral.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    return str(
        (_digit(hundreds) or 1) * 100 * bool(hundred)
        + (_digit(tens) or 1) * 10 * bool(ten)
        + _digit(ones)
    )


def _digit(numeral: str) -> int:
    found = numeral.replace("零", "")[-1:]
    return _DIGITS.index(found) if found in set(_DIGITS) else 0
