"""Facts measured for the rules."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from goodword.characters import CHARACTERS, LETTERS
from goodword.dialling import ABROAD, CODES, COUNTRIES, Dialling

# Where dots do not count.  Every provider that we know of lets a plus sign start a private tag.
_DOTLESS: Final = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}
# WooCommerce writes this one address over every erased order; it is nobody.
_NOBODY: Final = "site.invalid"
# RFC 5321: a longer one reaches no mailbox.
_LONGEST: Final = 254

# Nobody sees them: zero-width and direction marks stand in what is copied from a phone's contacts,
# variation selectors choose a glyph, and the Hangul fillers are letters that print nothing.
_UNSEEN: Final = re.compile("[\u115f\u1160\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Of Latin, Greek and Cyrillic alone: vowels of Thai and Hindi are marks too, and tell names apart.
_ACCENTS: Final = re.compile("[\u0300-\u036f\u02b0-\u02ff]")
# What is no letter or digit parts words; of names in ASCII a table tells it faster.
_BETWEEN: Final = {sign: " " for sign in range(128) if not chr(sign).isalnum()}
_BRACKETED: Final = re.compile(r"[(\[【<][^)\]】>]*[)\]】>]?")
_HAN: Final = re.compile("[々〇\u3400-\u9fff\U00020000-\U0003ffff]")
_LATIN: Final = re.compile("[a-z]")
_ENGLISH: Final = "mr|mrs|ms|miss|mx|dr|prof|mdm|madam"
_CHINESE: Final = "先生|小姐|女士|太太|同學|老師|教授|博士|醫師|醫生|律師"
_TITLES: Final = frozenset(_ENGLISH.split("|"))
_TITLE: Final = re.compile(f"^({_ENGLISH}) |^({_CHINESE}) ?| ({_ENGLISH})$| ?({_CHINESE})$")
_TWO_CHARACTER_FAMILIES: Final = frozenset(
    "歐陽 司馬 司徒 上官 諸葛 皇甫 夏侯 尉遲 張簡 范姜".split()
)
_LONGEST_NAME: Final = 100

_EXTENSION: Final = (
    r"[\s(]*(?:(?:[#,;x]|ext(?:ensio)?n?|分機|分机|內線|轉|转)[\s.:=]*)+[0-9]{1,7}[\s)]*"
)
_PHONE: Final = re.compile(
    r"(?:tel[\s.:]*)?[\s(]*(?P<plus>\+[\s(]*)?"
    r"(?P<number>[0-9][0-9\s()./\-\u2010-\u2015\u2212\u30fc]*?)"
    rf"(?:{_EXTENSION})?"
)
_LONGEST_PHONE: Final = 60
# In Italy 0 begins an area; elsewhere in the table it is dialled before a number or not at all.
_KEEPS_ITS_0: Final = "39"


def canonical_email(email: str | None) -> str | None:
    """Return one spelling for all spellings that reach the same mailbox; None for nobody's.

    >>> canonical_email(" A.lice+shop@GoogleMail.com")
    'alice@gmail.com'
    """
    local, at, domain = (email or "").strip().lower().rpartition("@")
    domain = domain.rstrip(".")
    local = local.partition("+")[0] or local
    if not at or not local or not domain or domain == _NOBODY or len(email or "") > _LONGEST:
        return None
    if domain in _DOTLESS:
        domain, local = _DOTLESS[domain], local.replace(".", "")
    return f"{local}@{domain}"


def name_key(name: str | None) -> str | None:
    """Return one spelling for all ways to write one name; None for what is no name.

    It is made to be compared, not shown: the letters alone, without accents, spaces, hyphens,
    titles, parts in brackets and a Latin name beside a whole Chinese one, laid in a ring that is
    read from its lowest place.  So a family name may stand first or last and a given name in one
    word or two.  A name of three words in a third order is another name, as is every misspelling.

    >>> name_key("Mei-Lin Chen") == name_key("CHEN, Meilin") == name_key("Ms. Mei Lin Chén")
    True
    >>> name_key("陈美玲 (Mei)") == name_key("美玲 陳") == name_key("陳美玲小姐")
    True
    >>> name_key("Lin Mei-Chen") == name_key("Chen Mei-Lin")
    False
    """
    key, again = None, _spelled(name or "")
    if again is None or again.isascii():
        # One word without a title in any script: it is its own key.
        return again
    # A ring opened elsewhere may show a title that nobody wrote; a key must be its own key.
    while again != key:
        key, again = again, _spelled(again or "")
    return key


def canonical_phone(phone: str | None, country: str | None = "TW") -> str | None:
    """Return a number as it is dialled from everywhere; None for what cannot be a phone's.

    ``country`` is where the number is at home if it does not say so itself.  Looked at are digits
    and lengths: not whether the number or its area exists, nor whether it is a mobile.  A country
    outside the table is taken as typed, after + or 00.  None, too, for what may be two numbers: one
    without its area, or one whose first digits may be the calling code or not.

    >>> canonical_phone("(02) 2345-6789 #12"), canonical_phone("+886 (0)912 345 678")
    ('+886223456789', '+886912345678')
    """
    plain = _plain(phone or "").lower().strip() if len(phone or "") <= _LONGEST_PHONE else ""
    typed = _PHONE.fullmatch(plain)
    digits = re.sub("[^0-9]", "", typed["number"]) if typed else ""
    # A row of one digit is what people type who would rather not say.
    if typed is None or len(digits) < 7 or len(set(digits)) == 1:
        return None
    dialled = digits if typed["plus"] else _with_code(digits, (country or "").upper())
    dialled = _without_trunk(dialled) if dialled else ""
    return f"+{dialled}" if 7 <= len(dialled) <= 15 else None


def _plain(text: str) -> str:
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text)
    return _UNSEEN.sub("", "".join(c for c in text if unicodedata.category(c) != "Cf"))


def _spelled(name: str) -> str | None:
    words = _words(name) if len(name) <= _LONGEST_NAME else ""
    letters = _without_titles(words).replace(" ", "")
    characters = 0 if letters.isascii() else len(_HAN.findall(letters))
    # Three characters are a family and a given name: "Mei" beside 陳美玲 is what friends call her.
    # Two may be a given name alone, and then the Latin letters may be the family's.
    if characters > 2:
        letters = _LATIN.sub("", letters)
    shortest = 1 if characters else 2
    if not shortest <= len(letters) <= _LONGEST_NAME or not any(map(str.isalpha, letters)):
        return None
    return _least_turn(letters)


def _least_turn(letters: str) -> str:
    # A ring, not sorted words: those would make one person of Lin Mei-Chen and Chen Mei-Lin.
    least = min(letters)
    start = letters.index(least)
    turned = letters[start:] + letters[:start]
    while (start := letters.find(least, start + 1)) > 0:
        turned = min(turned, letters[start:] + letters[:start])
    return turned


def _words(name: str) -> str:
    text = _plain(name).casefold()
    if text.isascii() and text.replace(" ", "").isalpha():
        # Nothing but letters: most names are, and need no closer look.
        return " ".join(text.split())
    text = _BRACKETED.sub(" ", text)
    if "@" in text:
        return ""
    if text.isascii():
        return " ".join(text.translate(_BETWEEN).split())
    text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    text = unicodedata.normalize("NFC", text).translate(LETTERS).translate(CHARACTERS)
    return " ".join(
        "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in text).split()
    )


def _without_titles(words: str) -> str:
    if words.isascii() and _TITLES.isdisjoint(words.split()):
        return words
    while (rest := _TITLE.sub("", words, count=1)) != words and _is_full(rest):
        words = rest
    return words


def _is_full(name: str) -> bool:
    # Beside a family name alone a title stays: it is all that tells 王先生 from 王小姐.
    joined = name.replace(" ", "")
    return joined not in _TWO_CHARACTER_FAMILIES and (" " in name or len(_HAN.findall(name)) > 1)


def _with_code(digits: str, country: str) -> str | None:
    for prefix in (ABROAD.get(country, "00"), "00"):
        rest = digits.removeprefix(prefix)
        # Where home dials something else, 00 is a habit from elsewhere or another sign of its own.
        if rest != digits and (country not in ABROAD or rest.startswith(tuple(CODES))):
            return rest
    home = COUNTRIES.get(country)
    return _from_home(digits, home) if home else None


def _from_home(digits: str, home: Dialling) -> str | None:
    # Where lengths vary, a number of some town may be shorter than those that are dialled whole.
    fewest = min(8, home.shortest) if home.trunk and home.shortest < home.longest else home.shortest
    if digits.startswith(home.code) and len(digits) >= len(home.code) + fewest:
        return digits if len(digits) > home.longest else None
    # 8 may be the first digit of the number itself; 0 is none, but in Italy, which has no trunk.
    if home.trunk.startswith("0") or len(digits) > home.longest:
        national = digits.removeprefix(home.trunk)
    else:
        national = digits
    whole = national != digits or len(digits) >= home.shortest or digits.startswith("0")
    return home.code + national if whole else None


def _without_trunk(dialled: str) -> str:
    known = next((CODES[code] for code in CODES if dialled.startswith(code)), None)
    if known is None:
        return dialled
    national = dialled.removeprefix(known.code)
    if known.trunk.startswith("0"):
        national = national.removeprefix(known.trunk)
    if len(national) > known.longest or (national.startswith("0") and known.code != _KEEPS_ITS_0):
        return ""
    return known.code + national
