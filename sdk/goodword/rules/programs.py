"""Whether a program can be promised."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import timedelta
from decimal import Decimal
from typing import Final

from goodword.errors import ProgramInvalid
from goodword.model.money import DECIMALS, MOST, Money
from goodword.model.program import Kind, Program, Worth
from goodword.rules import texts

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_TITLE_LONGEST: Final = 120
_DAYS_MOST: Final = 3650


def check(program: Program, grants: Collection[Kind] | None) -> None:
    """Raise `ProgramInvalid` naming the field and the mend.

    ``grants``: what the shop's platform can give; None where nobody said.
    """
    if not _NAME.fullmatch(program.name):
        raise ProgramInvalid(
            field="name", mend="use 1 to 32 small letters, digits or hyphens, like 'friends'"
        )
    if not 0 < len(program.title.strip()) <= _TITLE_LONGEST:
        raise ProgramInvalid(field="title", mend=f"say it in 1 to {_TITLE_LONGEST} characters")
    if not texts.can_be_kept(program.title):
        raise ProgramInvalid(field="title", mend=texts.MEND)
    _check_worth("offer", program.offer)
    _check_worth("reward", program.reward)
    if program.offer.of_order:
        raise ProgramInvalid(
            field="offer", mend="is spent in the order itself: use percent_off or amount_off"
        )
    _check_grants(program, grants)
    _check_terms(program)
    _check_dates(program)


def _check_worth(field: str, worth: Worth) -> None:
    if (worth.amount is None) == (worth.percent is None):
        raise ProgramInvalid(field=field, mend="has either an amount or a percentage")
    if worth.percent is not None and not _is_percentage(worth.percent):
        raise ProgramInvalid(field=f"{field}.percent", mend="must be above 0 and at most 100")
    if worth.amount is not None:
        _check_unit(f"{field}.amount", worth.amount)
    if worth.amount is not None and not 0 < worth.amount.minor <= MOST:
        raise ProgramInvalid(field=f"{field}.amount", mend="must be above 0, and an amount to give")
    if worth.amount is not None and worth.amount.unit == "TWD" and worth.amount.minor % 100:
        raise ProgramInvalid(field=f"{field}.amount", mend="must be whole dollars in TWD")
    as_amount = worth.amount is not None or worth.of_order
    if as_amount != (worth.kind is Kind.AMOUNT_OFF):
        raise ProgramInvalid(
            field=f"{field}.kind",
            mend=f"{worth.kind} does not fit; use amount_off, percent_off or share_of_order",
        )


def _check_unit(field: str, amount: Money) -> None:
    if amount.unit not in DECIMALS:
        raise ProgramInvalid(
            field=field, mend=f"is in {amount.unit!r}; give a currency's ISO 4217 code, like TWD"
        )


def _is_percentage(number: Decimal) -> bool:
    return number.is_finite() and 0 < number <= 100


def _check_grants(program: Program, grants: Collection[Kind] | None) -> None:
    if grants is not None and program.reward.kind not in grants:
        can = ", ".join(sorted(grants)) or "nothing"
        raise ProgramInvalid(
            field="reward.kind",
            mend=f"this shop's platform cannot grant {program.reward.kind}; it can grant: {can}",
        )


def _check_terms(program: Program) -> None:
    terms = program.terms
    for field, days, least in (
        ("terms.window_days", terms.window_days, 1),
        ("terms.hold_days", terms.hold_days, 0),
    ):
        if not least <= days <= _DAYS_MOST:
            raise ProgramInvalid(field=field, mend=f"must be {least} to {_DAYS_MOST} days")
    if terms.minimum is None:
        return
    _check_unit("terms.minimum", terms.minimum)
    if terms.minimum.minor < 0:
        raise ProgramInvalid(field="terms.minimum", mend="must not be below zero")
    fixed = program.reward.amount
    if fixed is not None and fixed.unit != terms.minimum.unit:
        raise ProgramInvalid(
            field="terms.minimum",
            mend=f"is in {terms.minimum.unit}, the reward in {fixed.unit}; use one currency",
        )


def _check_dates(program: Program) -> None:
    for field, moment in (("starts", program.starts), ("ends", program.ends)):
        if moment is not None and moment.utcoffset() != timedelta(0):
            raise ProgramInvalid(field=field, mend="needs a moment in UTC with its time zone set")
    if program.starts and program.ends and program.ends <= program.starts:
        raise ProgramInvalid(
            field="ends",
            mend="lies before its start; swap the two dates",
            starts=program.starts.isoformat(),
            ends=program.ends.isoformat(),
        )
