"""What somebody wrote into a text by hand, in English or Chinese: amounts, dates, times."""

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
_HAN_SIGNS: Final = "零〇一二兩三四五六七八九十百千萬"
_HAN: Final = f"[{_HAN_SIGNS}]{{1,12}}"
_SIGN: Final = "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True))
_BEFORE: Final = re.compile(rf"({_SIGN})\s?({_NUMBER})", re.IGNORECASE)
_AFTER: Final = re.compile(rf"({_NUMBER}|{_HAN})\s?({_SIGN})(?:s\b)?", re.IGNORECASE)
# 折抵兩百 and 現折 200 mean the shop's money, whichever it is.
_TAKEN_OFF: Final = re.compile(
    rf"(?:現折|折抵|折讓|立減|現省|折價)\s?({_NUMBER}|{_HAN})"
    rf"(?![\d,.{_HAN_SIGNS}]|\s?(?:{_SIGN}|[%％折成次張天]))",
    re.IGNORECASE,
)
_ANY: Final = frozenset[str]().union(*_SIGNS.values())
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
    re.compile(r"(?P<m>十[一二]?|[一二三四五六七八九])月(?P<d>[一二三四五六七八九十]{1,3})[日號]"),
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
# Whoever reads the text next week reads another day.
_PASSING: Final = re.compile(
    r"\b(?:until|till|by|before)\s(?:tomorrow|tonight"
    r"|(?:(?:this|next)\s)?(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|(?:the\send\sof\s(?:the|this|next)|this|next)\s(?:week(?:end)?|month|year))\b"
    r"|\b(?:today|this\s(?:week(?:end)?|month|year))\sonly\b"
    r"|(?:[本這下]?個?(?:[週周]|星期|禮拜)[一二三四五六日天末]|今[天日晚]|明[天日]|[本這下]?個?月底|年底)"
    r"(?:之前|以前|前|為止|截?止)|(?:只到|僅限|限)(?:今[天日]|本[週周月])",
    re.IGNORECASE,
)


_COUNTS: Final = {
    **{
        word: place
        for place, word in enumerate(
            "one two three four five six seven eight nine ten eleven twelve".split(), 1
        )
    },
    "fourteen": 14,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "sixty": 60,
    "ninety": 90,
    "a": 1,
    "an": 1,
}
_COUNT: Final = rf"\d{{1,4}}|{'|'.join(sorted(_COUNTS, key=len, reverse=True))}"
_HOURS: Final = frozenset({"hour", "小時", "鐘頭"})
# How many days each is, at least and at most.
_UNITS: Final = {
    **dict.fromkeys(("day", "天", "日"), (1, 1)),
    **dict.fromkeys(("week", "週", "周", "星期", "禮拜"), (7, 7)),
    **dict.fromkeys(("month", "月"), (28, 31)),
    **dict.fromkeys(("year", "年"), (365, 366)),
}
_SPAN: Final = re.compile(
    rf"(?<![\w.,:/$-])({_COUNT})[\s-](hour|day|week|month|year)s?\b", re.IGNORECASE
)
_HAN_SPAN: Final = re.compile(
    rf"(?<![\d.,/$])(\d{{1,4}}|{_HAN}|半)\s?(?:(?:個\s?)?(月|星期|禮拜|小時|鐘頭)|([天日週周年]))(?![年月])"
)
# Times of all kinds stand in a text ("open 7 days a week", 百年老店): it promises one only where
# it says what for.
_GOOD: Final = (
    r"good|valid|yours|redeemable|usable|available|reserved|works?|lasts?|keeps?|kept|holds?|held"
    r"|runs?|waits?|waiting|stays?|gift|coupon|code|link|offer|reward|it"
)
_NEXT: Final = r"(?:\s(?:the|your|another|about|at|least|most|only|just|next|first|full|all|of))*"
_PROMISES: Final = re.compile(
    rf"(?:\b(?:within|valid|expires?|lasts?|waits?){_NEXT}"
    rf"|\b(?:{_GOOD})(?:\s\w+)?\sfor{_NEXT}|\bexpires?\s(?:in|after){_NEXT})\s$",
    re.IGNORECASE,
)
_COMES: Final = re.compile(rf"\b(?:in|after){_NEXT}\s$", re.IGNORECASE)
_PROMISED: Final = re.compile(
    r"[\s-](?:later\b(?!\sthan)|from (?:now|then)\b|to (?:use|take|redeem|order|claim|enjoy)\b"
    r"|of validity\b|validity\b|hold\b|window\b|returns?\b|waiting\b"
    r"|after (?:the |your |their |a |each )?(?:friend|order|purchase|delivery|return|you|they)\b)",
    re.IGNORECASE,
)
_HAN_PROMISES: Final = re.compile(
    r"(?:有效期?[限間]?|效期|期限|保留|使用期限)(?:為|是|有|至少|最多|：|:)?\s?$"
    r"|(?:領取|收下|收到|下單|付款|購買|推薦|消費|完成)後\s?$|限(?:時|期)?\s?$"
)
_HAN_PROMISED: Final = re.compile(r"\s?(?:之內|以內|內|的?有效|的?效期|的?期限|到期)")
_HAN_COMES: Final = re.compile(r"\s?(?:之後|以後|過後|後)(?![來方])")
_OF_A_DATE: Final = re.compile(r"[年月第每]\s?$")
_YEARS: Final = frozenset({"year", "年"})


@dataclass(frozen=True, slots=True)
class Span:
    """A time that something takes or is good for, as it is written: days, at least and at most."""

    found: str
    least: int
    most: int


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
    for found in _TAKEN_OFF.finditer(words):
        yield Amount(found[0], _number(found[1]), _ANY, is_minimum=False)


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
            month = _MONTHS.index(named[:3].lower()) + 1 if named else int(_number(told["m"]))
            year = told.get("y")
            yield Day(found[0], month, int(_number(told["d"])), int(year) if year else None)


def passing_days(words: str) -> Iterator[str]:
    """Yield every day that is another one whenever it is read: until Friday, 月底前."""
    yield from (found[0] for found in _PASSING.finditer(words))


def spans(words: str) -> Iterator[Span]:
    """Yield every time that is promised: how long something is good for, or takes."""
    for found in _SPAN.finditer(words):
        before, after = words[: found.start()], words[found.end() :]
        unit, told = found[2].lower(), found[1].lower()
        comes = unit not in _YEARS and told not in ("a", "an") and _COMES.search(before)
        if comes or _PROMISES.search(before) or _PROMISED.match(after):
            yield _span(found[0], int(told) if told.isdigit() else _COUNTS[told], unit)
    for found in _HAN_SPAN.finditer(words):
        before, after = words[: found.start()], words[found.end() :]
        unit = found[2] or found[3]
        comes = unit not in _YEARS and _HAN_COMES.match(after)
        promised = comes or _HAN_PROMISES.search(before) or _HAN_PROMISED.match(after)
        if promised and not _OF_A_DATE.search(before):
            yield _han_span(found[0], found[1], unit)


def _span(found: str, count: int, unit: str) -> Span:
    if unit in _HOURS:
        return Span(found, count // 24, -(-count // 24))
    least, most = _UNITS[unit]
    return Span(found, count * least, count * most)


def _han_span(found: str, told: str, unit: str) -> Span:
    if told == "半" and unit in _HOURS:
        return Span(found, 0, 1)
    if told == "半":
        least, most = _UNITS[unit]
        return Span(found, least // 2, -(-most // 2))
    return _span(found, int(_number(told)), unit)


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
