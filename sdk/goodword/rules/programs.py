"""Whether a program can be promised."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from goodword.errors import ProgramInvalid
from goodword.model.program import Campaign, Program
from goodword.model.worth import POINTS, Kind, Worth
from goodword.rules import terms, texts, worths

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_TITLE_LONGEST: Final = 120
_NAME_MEND: Final = "use 1 to 32 small letters, digits or hyphens, like 'friends'"
_PRIORITY_MOST: Final = 1000


def check(program: Program, grants: Collection[Kind] | None) -> None:
    """Raise `ProgramInvalid` naming the field and the mend.

    ``grants``: what the shop's platform can give; None where nobody said.
    """
    if not _NAME.fullmatch(program.name):
        raise ProgramInvalid(field="name", mend=_NAME_MEND)
    if not 0 < len(program.title.strip()) <= _TITLE_LONGEST:
        raise ProgramInvalid(field="title", mend=f"say it in 1 to {_TITLE_LONGEST} characters")
    if not texts.can_be_kept(program.title):
        raise ProgramInvalid(field="title", mend=texts.MEND)
    if abs(program.priority) > _PRIORITY_MOST:
        raise ProgramInvalid(field="priority", mend=f"must be within ±{_PRIORITY_MOST}")
    if len({*program.relations}) < len(program.relations):
        raise ProgramInvalid(field="relations", mend="names one twice; name each once")
    beside = program.combines_with or ()
    if len({*beside}) < len(beside):
        raise ProgramInvalid(field="combines_with", mend="names one twice; name each once")
    _check_worths(program, grants)
    _check_tiers(program)
    _check_span("", program.starts, program.ends)
    _check_campaigns(program)
    terms.check(program)
    _check_currency(program)


def _check_worths(program: Program, grants: Collection[Kind] | None) -> None:
    for field, offer in _offers(program):
        worths.check_offer(field, offer)
    for field, reward in terms.rewards_of(program):
        worths.check(field, reward)
        worths.check_granted(field, reward, grants)


def _offers(program: Program) -> Iterator[tuple[str, Worth]]:
    yield "offer", program.offer
    for place, campaign in enumerate(program.campaigns):
        if campaign.offer is not None:
            yield f"campaigns[{place}].offer", campaign.offer


def _check_currency(program: Program) -> None:
    """An offer is spent in the very order that earns: both are in one currency."""
    promised = [reward.amount for _, reward in terms.rewards_of(program)]
    promised.append(program.terms.minimum)
    promised.append(program.terms.budget.most if program.terms.budget else None)
    units = {amount.unit for amount in promised if amount is not None} - {POINTS}
    for field, offer in _offers(program):
        if offer.amount is None:
            continue
        for unit in units - {offer.amount.unit}:
            raise ProgramInvalid(
                field=f"{field}.amount",
                mend=f"is in {offer.amount.unit}, all else in {unit}; use one currency",
            )
        units.add(offer.amount.unit)


def _check_tiers(program: Program) -> None:
    before = 1
    for place, tier in enumerate(program.tiers):
        if tier.start <= before:
            raise ProgramInvalid(
                field=f"tiers[{place}].start",
                mend=f"{tier.start} does not come after {before}: tiers go up from 2, and the "
                "first referral earns the program's own reward",
            )
        before = tier.start


def _check_campaigns(program: Program) -> None:
    for place, campaign in enumerate(program.campaigns):
        field = f"campaigns[{place}]"
        if not _NAME.fullmatch(campaign.name):
            raise ProgramInvalid(field=f"{field}.name", mend=_NAME_MEND)
        _check_span(f"{field}.", campaign.starts, campaign.ends)
        if campaign.offer is None and campaign.reward is None:
            raise ProgramInvalid(field=field, mend="changes nothing; give it an offer or a reward")
        if _never_meet(program, campaign):
            raise ProgramInvalid(
                field=field, mend="lies outside the program's own dates; move one of the two"
            )
    by_start = sorted(program.campaigns, key=lambda one: one.starts)
    for first, second in pairwise(by_start):
        if second.starts < first.ends:
            raise ProgramInvalid(
                field="campaigns",
                mend=f"{second.name!r} starts before {first.name!r} is over; move one of the two",
            )


def _never_meet(program: Program, campaign: Campaign) -> bool:
    """Whether the program is never live while the campaign is."""
    is_over = program.ends is not None and program.ends <= campaign.starts
    return is_over or (program.starts is not None and campaign.ends <= program.starts)


def _check_span(prefix: str, starts: datetime | None, ends: datetime | None) -> None:
    for field, moment in (("starts", starts), ("ends", ends)):
        if moment is not None and moment.utcoffset() != timedelta(0):
            raise ProgramInvalid(
                field=f"{prefix}{field}", mend="needs a moment in UTC with its time zone set"
            )
    if starts and ends and ends <= starts:
        raise ProgramInvalid(
            field=f"{prefix}ends",
            mend="lies before its start; swap the two dates",
            starts=starts.isoformat(),
            ends=ends.isoformat(),
        )
