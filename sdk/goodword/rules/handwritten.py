"""Amounts, percentages and dates that somebody wrote into a text by hand, in English or Chinese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

_PLACEHOLDERS: Final = re.compile(r"{{.*?}}|{%.*?%}|{#.*?#}", re.DOTALL)
GAP: Final = "\ufffc"
"""Stands where a placeholder was."""

# Which currencies a sign may mean.  ``元`` and a bare dollar are whichever the shop takes.
_DOLLARS: Final = frozenset("TWD USD HKD CAD AUD SGD NZD MXN".split())
_YUAN: Final = frozenset("TWD HKD CNY MOP USD JPY KRW SGD".split())
_SIGNS: Final = {
    "nt$": frozenset({"TWD"}),
    "us$": frozenset({"USD"}),
    "hk$": frozenset({"HKD"}),
    "$": _DOLLARS,
    "€": frozenset({"EUR"}),
    "£": frozenset({"GBP"}),
    "¥": frozenset({"JPY", "CNY"}),
    "元": _YUAN,
    "塊錢": _YUAN,
    "圓": _YUAN,
    "円": frozenset({"JPY"}),
    "美元": frozenset({"USD"}),
    "美金": frozenset({"USD"}),
    "港幣": frozenset({"HKD"}),
    "日圓": frozenset({"JPY"}),
    "日幣": frozenset({"JPY"}),
    "歐元": frozenset({"EUR"}),
    "英鎊": frozenset({"GBP"}),
    "人民幣": frozenset({"CNY"}),
    "台幣": frozenset({"TWD"}),
    "新台幣": frozenset({"TWD"}),
    "dollar": _DOLLARS,
    "euro": frozenset({"EUR"}),
    "pound": frozenset({"GBP"}),
    "yen": frozenset({"JPY"}),
    "ntd": frozenset({"TWD"}),
    **{code.lower(): frozenset({code}) for code in "TWD USD HKD EUR GBP JPY CNY KRW SGD".split()},
}
_NUMBER: Final = r"\d{1,9}(?:,\d{3}){0,4}(?:\.\d{1,4})?"
_HAN: Final = "[零〇一二兩三四五六七八九十百千萬]{1,12}"
_SIGN: Final = "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True))
_BEFORE: Final = re.compile(rf"({_SIGN})\s?({_NUMBER})", re.IGNORECASE)
_AFTER: Final = re.compile(rf"({_NUMBER}|{_HAN})\s?({_SIGN})(?:s\b)?", re.IGNORECASE)
_LEAST_BEFORE: Final = re.compile(
    r"(?:from|over|above|least|minimum(?: of)?|spend(?:ing)?|滿|達|超過|低消)\s*$", re.IGNORECASE
)
_LEAST_AFTER: Final = re.compile(r"\s*(?:or more|and (?:up|above)|minimum|以上|起)", re.IGNORECASE)

_PERCENT: Final = re.compile(rf"({_NUMBER})\s?(?:%|percent\b|per cent\b)", re.IGNORECASE)
_OF_HUNDRED: Final = re.compile(rf"百分之\s?({_NUMBER}|{_HAN})")
_TENTHS: Final = re.compile(r"(\d{1,2}(?:\.\d+)?|[一二三四五六七八九]{1,2})\s?折(?![疊價磨騰])")
_HALF: Final = re.compile(r"half[- ](?:price|off)|半價", re.IGNORECASE)

_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH: Final = rf"({'|'.join(_MONTHS)})[a-z]*\.?"
_DATES: Final = (
    re.compile(r"(?P<y>\d{4})\s?[-/.年]\s?(?P<m>\d{1,2})\s?[-/.月]\s?(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?[日號]"),
    re.compile(r"(?<![\d/])(?P<m>1[0-2]|0?[1-9])/(?P<d>3[01]|[12]\d|0?[1-9])(?![\d/])"),
    re.compile(
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<n>{_MONTH})(?:,?\s(?P<y>\d{{4}}))?\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<n>{_MONTH})\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s(?P<y>\d{{4}}))?\b",
        re.IGNORECASE,
    ),
)
# "1/2 price" and the like are no dates.
_NO_DATE: Final = frozenset({"1/2", "1/3", "1/4"})


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as it is written."""

    found: str
    number: Decimal
    units: frozenset[str]
    """The currencies that may be meant."""
    is_minimum: bool
    """Whether it is what an order must reach."""


@dataclass(frozen=True, slots=True)
class Day:
    """A date as it is written."""

    found: str
    month: int
    day: int
    year: int | None


def words_of(text: str) -> str:
    """Return what is written by hand: placeholders leave a gap, and wide digits are digits."""
    return unicodedata.normalize("NFKC", _PLACEHOLDERS.sub(f" {GAP} ", text))


def amounts(words: str) -> Iterator[Amount]:
    """Yield every amount of money."""
    taken: list[tuple[int, int]] = []
    for pattern, sign, number in ((_BEFORE, 1, 2), (_AFTER, 2, 1)):
        for found in pattern.finditer(words):
            if any(start < found.end() and found.start() < end for start, end in taken):
                continue
            taken.append(found.span())
            yield Amount(
                found=found[0],
                number=_number(found[number]),
                units=_SIGNS[found[sign].lower()],
                is_minimum=bool(
                    _LEAST_BEFORE.search(words[: found.start()])
                    or _LEAST_AFTER.match(words[found.end() :])
                ),
            )


def percentages(words: str) -> Iterator[tuple[str, Decimal]]:
    """Yield every percentage that is taken off, as it is written and as a number."""
    for pattern in (_PERCENT, _OF_HUNDRED):
        for found in pattern.finditer(words):
            yield found[0], _number(found[1])
    for found in _TENTHS.finditer(words):
        yield found[0], 100 - _tenths(found[1])
    for found in _HALF.finditer(words):
        yield found[0], Decimal(50)


def days(words: str) -> Iterator[Day]:
    """Yield every date."""
    taken: list[tuple[int, int]] = []
    for pattern in _DATES:
        for found in pattern.finditer(words):
            if found[0] in _NO_DATE or any(s < found.end() and found.start() < e for s, e in taken):
                continue
            taken.append(found.span())
            told = found.groupdict()
            named = told.get("n")
            month = _MONTHS.index(named[:3].lower()) + 1 if named else int(told["m"] or 0)
            year = told.get("y")
            yield Day(found[0], month, int(told["d"] or 0), int(year) if year else None)


def _tenths(text: str) -> Decimal:
    """Return what is left to pay, of a hundred: 9 折 and 九折 are ninety, 85 折 eighty-five."""
    digits = "".join(str("一二三四五六七八九".index(c) + 1) if not c.isascii() else c for c in text)
    number = Decimal(digits)
    return number * 10 if number < 10 else number


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "")) if text[0].isdigit() else Decimal(_han(text))


def _han(text: str) -> int:
    """Return a number written in Chinese: 一百五十 is 150."""
    whole, part, digit = 0, 0, 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign == "萬":
            whole, part, digit = (whole + part + digit) * 10_000, 0, 0
        else:
            part, digit = part + (digit or 1) * _PLACES[sign], 0
    return whole + part + digit


_DIGITS: Final = {sign: place for place, sign in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "兩": 2,
}
_PLACES: Final = {"十": 10, "百": 100, "千": 1000}
