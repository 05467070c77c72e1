"""What fills the texts: the live program at a moment, written in a language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Final

from goodword.model.money import Money
from goodword.model.people import Code
from goodword.model.program import Program
from goodword.model.terms import ClaimBy
from goodword.model.worth import Kind, Worth
from goodword.rules import promises
from goodword.words.messages.catalogues import catalogue
from goodword.words.saying import amount as written

_A_MOMENT: Final = timedelta(microseconds=1)
_ALL: Final = Decimal(100)


def live(program: Program, now: datetime, language: str, zone: tzinfo = UTC) -> Mapping[str, str]:
    """Return what the program promises at this moment, by placeholder; empty: nothing.

    ``zone``: where its days are counted.
    """
    terms = program.terms
    starts = program.starts if program.starts and program.starts > now else None
    ends = promises.ends_of(program, now)
    new_friends = terms.first_order_only or terms.new_customer_only
    is_shared = terms.claim_by is ClaimBy.NOTHING
    return {
        "title": program.title,
        "offer": offer(promises.offer_of(program, now), language),
        "reward": _reward(promises.reward_of(program, now, 1), language),
        "tiers": _tiers(program, now, language),
        "minimum": money(terms.minimum, language) if terms.minimum else "",
        "starts": day(starts, language, zone) if starts else "",
        "ends": last_day(ends, language, zone) if ends else "",
        "hold_days": days(terms.hold_days, language),
        # Where nobody takes it up, nothing begins to run out.
        "claim_days": "" if is_shared else days(terms.claim_days, language),
        "reward_days": days(terms.reward_days, language),
        "new_friends": catalogue(language).values["yes"] if new_friends else "",
    }


def who(code: Code | None, advocate: str | None) -> Mapping[str, str]:
    """Return who passes it on, by placeholder."""
    return {"advocate": advocate or "", "code": code.shown if code else ""}


def offer(worth: Worth, language: str) -> str:
    """Return what a friend gets, as it stands in a sentence: ``10% off``."""
    return _worth("offer", worth, language)


def reward(worth: Worth, language: str) -> str:
    """Return what an advocate gets, as it stands in a sentence: ``£5 off your next order``."""
    return _worth("reward", worth, language)


def money(worth: Money, language: str) -> str:
    """Return an amount without the cents that it does not have: ``£5``, ``NT$1,000``."""
    return written(worth, language).replace(".00", "")


def granted(worth: Money, language: str) -> str:
    """Return what was earned, as its owner reads it; what is in kind is called by its name."""
    values = catalogue(language).values
    return values[worth.unit] if worth.unit in values else written(worth, language)


def day(at: datetime, language: str, zone: tzinfo = UTC) -> str:
    """Return a moment's day, as it is counted in a time zone."""
    values, here = catalogue(language).values, at.astimezone(zone)
    month = values["months"].split()[here.month - 1]
    return values["day"].format(day=here.day, month=month, year=here.year)


def last_day(end: datetime, language: str, zone: tzinfo = UTC) -> str:
    """Return the last day of what is over at a moment."""
    return day(end - _A_MOMENT, language, zone)


def days(count: int | None, language: str) -> str:
    """Return a number of days: ``14 days``; nothing for none."""
    key = "days.one" if count == 1 else "days"
    return catalogue(language).values[key].format(count=count) if count else ""


def _reward(worth: Worth, language: str) -> str:
    """Return what an advocate gets; nothing, where it is thanks alone."""
    return "" if worth.kind is Kind.THANKS else reward(worth, language)


def _worth(role: str, worth: Worth, language: str) -> str:
    values = catalogue(language).values
    key = f"{role}.{worth.kind}"
    if worth.of_order:
        return values[f"{key}.share"].format(percent=_plain(worth.percent))
    if worth.percent is not None:
        return _percent(role, worth.percent, values)
    told = money(worth.amount, language) if worth.amount else ""
    return values[key].format(amount=told)


def _percent(role: str, percent: Decimal, values: Mapping[str, str]) -> str:
    if percent == _ALL:
        return values[f"{role}.whole"]
    key = f"{role}.{Kind.PERCENT_OFF}"
    # In Chinese 10% off is nine tenths, and 15% off eighty-five hundredths; what is finer is not
    # said so.
    is_odd = percent != percent.to_integral_value() and f"{key}.odd" in values
    off = (_ALL - percent) / 10 if percent % 10 == 0 else _ALL - percent
    return values[f"{key}.odd" if is_odd else key].format(percent=_plain(percent), off=_plain(off))


def _tiers(program: Program, now: datetime, language: str) -> str:
    values = catalogue(language).values
    if not promises.tiers_hold(program, now):
        return ""
    told = []
    for tier in program.tiers:
        key = "tier.first" if tier.start == 2 else "tier"
        worth = reward(tier.reward, language)
        told.append(values[key].format(before=tier.start - 1, start=tier.start, reward=worth))
    return values["between_tiers"].join(told)


def _plain(number: Decimal | None) -> str:
    """Return a number without zeros that say nothing, and never as 1E+1."""
    text = f"{number:f}" if number is not None else ""
    return text.rstrip("0").rstrip(".") if "." in text else text
