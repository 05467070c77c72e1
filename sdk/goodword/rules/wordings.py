"""Whether a text promises what its program gives at this moment."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from goodword.model.message import Doubt
from goodword.model.money import DECIMALS, Money
from goodword.model.people import Relation
from goodword.model.program import Program
from goodword.model.terms import ClaimBy
from goodword.model.worth import Kind, Worth
from goodword.rules import handwritten, promises

Doubted = tuple[Doubt, str]
"""What is wrong, and the words that are."""

# A gift is never a favour to whoever passes it on.
_HELPS: Final = re.compile(
    r"\bhelp(?:s|ing)?\s+(?:\S+\s+){1,4}?(?:to\s+)?(?:earn|make|collect|get\s+(?:a|their|his|her|my)"
    r"\s+(?:reward|bonus|commission))\b"
    r"|\bso (?:that )?(?:I|\S+) (?:can )?(?:earn|get paid)s?\b"
    r"|幫(?:忙|助)?[^。，！？\n]{0,16}?(?:賺|(?:拿|得|獲得|領)[^。，！？\n]{0,4}?(?:回饋|獎|分紅))",
    re.IGNORECASE,
)
_CASH: Final = re.compile(
    r"\b(?:cash|money|bonus(?:es)?|commissions?|paid|payout)\b|現金|獎金|分紅|佣金|賺錢|現領",
    re.IGNORECASE,
)
_FREE: Final = {
    Kind.FREE_SHIPPING: re.compile(
        r"\bfree\s+(?:shipping|delivery|postage)\b|\b(?:ships?|delivered)\s+free\b|免運|免郵"
        r"|運費(?:全免|免費|我們出)|免(?:收|付)運費|免費(?:運送|配送|宅配|寄送)",
        re.IGNORECASE,
    ),
    Kind.FREE_PRODUCT: re.compile(
        r"\bfree\s+(?:products?|samples?|items?)\b|\bbuy\s+\w+,?\s+get\s+\w+\b"
        r"|贈品|免費(?:商品|試用品)|買[一二兩三]送[一二兩三]",
        re.IGNORECASE,
    ),
}
# What stands right behind ``{% else %}`` is said only where there is none.
_NO_MINIMUM: Final = re.compile(
    rf"(?<!{handwritten.GAP} )"
    r"(?:\b(?:no|without(?:\sany|\sa)?)\sminimum\b|\b(?:on|for|with)\sany\sorder\b(?!\sof)"
    r"|[無免]低消|(?:不限|無論|不論)(?:消費|訂單)?金額)",
    re.IGNORECASE,
)
# Not ``how``, in which ours names the reward: many a program never meets an employee.
_REWARD: Final = re.compile(r"{{\s*(?:reward|tiers)\s*}}")
# Where the shop speaks to a friend, what it gives is the offer; elsewhere the reward may be meant.
_TO_FRIENDS: Final = frozenset("friend preview card offer offer_line terms coupon".split())
_ALL: Final = Decimal(100)
_A_MOMENT: Final = timedelta(microseconds=1)
_EASTMOST: Final = timedelta(hours=14)
_WESTMOST: Final = timedelta(hours=12)


def doubts(text: str, program: Program, now: datetime, moment: str) -> Iterator[Doubted]:
    """Yield what a text says that the program does not give now; ``text`` with placeholders."""
    words = handwritten.words_of(text)
    given = list(_given(program, now, moment))
    yield from _amounts(words, given, program.terms.minimum)
    yield from _percentages(words, given)
    yield from _dates(words, program, now)
    yield from _durations(words, set(_times(program, now, moment)))
    yield from _in_kind(words, given)
    yield from ((Doubt.ASKS_FOR_HELP, _shown(found[0])) for found in _HELPS.finditer(words))
    if moment.endswith(f".{Relation.EMPLOYEE}"):
        yield from ((Doubt.CASH, found[0]) for found in _CASH.finditer(words))
        if promises.reward_of(program, now, 1).kind is Kind.COMMISSION:
            yield from ((Doubt.CASH, found[0]) for found in _REWARD.finditer(text))


def _amounts(words: str, given: Sequence[Worth], least: Money | None) -> Iterator[Doubted]:
    if least is not None:
        yield from ((Doubt.AMOUNT, found[0]) for found in _NO_MINIMUM.finditer(words))
    amounts = [worth.amount for worth in given if worth.amount]
    units = {amount.unit for amount in (*amounts, least) if amount and amount.unit in DECIMALS}
    for amount in handwritten.amounts(words):
        if units and not amount.units & units:
            yield Doubt.CURRENCY, amount.found
            continue
        right = [least] if amount.is_minimum else amounts
        if not any(one and _is(one, amount) for one in right):
            yield Doubt.AMOUNT, amount.found


def _is(promised: Money, written: handwritten.Amount) -> bool:
    digits = DECIMALS.get(promised.unit, 0)
    return (
        promised.unit in written.units and Decimal(promised.minor).scaleb(-digits) == written.number
    )


def _percentages(words: str, given: Sequence[Worth]) -> Iterator[Doubted]:
    percentages = {worth.percent for worth in given}
    for found, number in handwritten.percentages(words):
        # "100% cotton" promises nothing.
        if number not in percentages and number != _ALL:
            yield Doubt.PERCENT, found


def _in_kind(words: str, given: Sequence[Worth]) -> Iterator[Doubted]:
    kinds = {worth.kind for worth in given}
    for kind, says in _FREE.items():
        if kind not in kinds:
            yield from ((Doubt.FREE, found[0]) for found in says.finditer(words))


def _dates(words: str, program: Program, now: datetime) -> Iterator[Doubted]:
    right = set(_days(program, now))
    for day in handwritten.days(words):
        if not any(
            (day.month, day.day) == (one.month, one.day) and day.year in (None, one.year)
            for one in right
        ):
            yield Doubt.DATE, day.found
    yield from ((Doubt.DATE, found) for found in handwritten.passing_days(words))


def _durations(words: str, right: Collection[int]) -> Iterator[Doubted]:
    for span in handwritten.spans(words):
        if not any(span.least <= days <= span.most for days in right):
            yield Doubt.DURATION, span.found


def _times(program: Program, now: datetime, moment: str) -> Iterator[int]:
    """Yield how many days something takes, or is good for, to whoever reads the text."""
    terms, ends = program.terms, promises.ends_of(program, now)
    yield terms.window_days
    if terms.claim_by is not ClaimBy.NOTHING:
        yield terms.claim_days
    if ends is not None:
        # How long it runs as a whole, and still.
        yield from (
            days for start in (program.starts, now) if start for days in _round(ends - start)
        )
    if _for_friends(moment):
        return
    yield from filter(None, (terms.hold_days, terms.reward_days, terms.bond_days, terms.grace_days))
    if terms.repeats and terms.repeats.days:
        yield terms.repeats.days


def _round(time: timedelta) -> Iterator[int]:
    yield time.days
    yield time.days + 1


def _for_friends(moment: str) -> bool:
    """Whether the shop speaks to a friend, and of what they get."""
    return moment.partition(".")[0] in _TO_FRIENDS


def _days(program: Program, now: datetime) -> Iterator[date]:
    """Yield the days that may stand in a text: begin and end, wherever on earth they are read."""
    ends = promises.ends_of(program, now)
    for moment in (program.starts, ends - _A_MOMENT if ends else None):
        if moment is not None:
            yield moment.date()
            # Where the shop is, that moment may lie in the day before or after.
            yield (moment + _EASTMOST).date()
            yield (moment - _WESTMOST).date()


def _given(program: Program, now: datetime, moment: str) -> Iterator[Worth]:
    """Yield what is given to whoever reads the text."""
    yield promises.offer_of(program, now)
    if _for_friends(moment):
        return
    yield promises.reward_of(program, now, 1)
    if promises.tiers_hold(program, now):
        yield from (tier.reward for tier in program.tiers)


def _shown(found: str) -> str:
    return " ".join(found.replace(handwritten.GAP, "…").split())
