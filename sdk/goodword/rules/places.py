"""Where orders are counted: caps, tiers and budgets, each in its stretch of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from goodword.model.credit import Candidate, Decision, Place, Reason
from goodword.model.program import Program
from goodword.model.terms import Cap, Per, Period
from goodword.rules.qualification import is_settled

OF_PLACE: Final = frozenset({Reason.CAP_REACHED, Reason.BUDGET_SPENT})
"""What stands in the way because of others, and not because of the order."""
EARNED: Final = frozenset({Reason.SETTLED_ELSEWHERE})
"""What stands in the way because the reward was given already."""
BUDGET: Final = "budget"


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """One count: of whom, in which stretch of time."""

    per: str
    whose: str
    period: str

    @classmethod
    def read(cls, text: str) -> Key:
        """Return the key that `str` wrote."""
        per, period, whose = text.split("|", 2)
        return cls(per, whose, period)

    def __str__(self) -> str:
        return f"{self.per}|{self.period}|{self.whose}"


def counts(program: Program) -> bool:
    """Whether the program counts orders at all."""
    terms = program.terms
    limited = terms.repeats is not None and terms.repeats.orders is not None
    return bool(terms.caps or program.tiers or terms.budget or limited)


def needed(
    program: Program, winner: Candidate, friend: str | None, placed: datetime
) -> dict[Key, int | None]:
    """Return the counts that an order needs a place in, in one sequence for all orders.

    Each with the most it may reach; None: it is only counted.  A friend whom nothing tells apart
    cannot be counted.
    """
    limits: dict[Key, int | None] = {}
    whose = {Per.ADVOCATE: winner.advocate, Per.FRIEND: friend, Per.PROGRAM: ""}
    for cap in _caps(program):
        person = whose[cap.per]
        if person is None:
            continue
        key = Key(cap.per, person, stretch(placed, cap.every))
        before = limits.get(key)
        limits[key] = cap.most if before is None else min(before, cap.most)
    if program.tiers:
        limits.setdefault(of_advocate(winner.advocate), None)
    if is_settled(winner):
        # What was given elsewhere is counted, and cannot be refused any more.
        limits = dict.fromkeys(limits)
    return dict(sorted(limits.items()))


def of_advocate(advocate: str) -> Key:
    """Return the count of all referrals of an advocate in a program."""
    return Key(Per.ADVOCATE, advocate, Period.EVER)


def budget_key(program: Program, winner: Candidate, placed: datetime) -> Key | None:
    """Return where the program's budget is counted; what was given elsewhere was none of it."""
    budget = None if is_settled(winner) else program.terms.budget
    return Key(BUDGET, budget.most.unit, stretch(placed, budget.every)) if budget else None


def stretch(at: datetime, every: Period) -> str:
    """Return the name of the stretch of time that a moment lies in, in UTC.

    >>> from datetime import UTC
    >>> stretch(datetime(2026, 11, 25, tzinfo=UTC), Period.WEEK)
    '2026-W48'
    """
    if every is Period.WEEK:
        year, week, _ = at.isocalendar()
        return f"{year}-W{week:02}"
    day = at.date().isoformat()
    return {Period.DAY: day, Period.MONTH: day[:7], Period.YEAR: day[:4]}.get(every, "ever")


def would_earn(decision: Decision) -> bool:
    """Whether nothing but others stands in the way, or it earned elsewhere."""
    return decision.winner is not None and not set(decision.reasons) - OF_PLACE - EARNED


def is_of(place: Place, winner: Candidate) -> bool:
    """Whether the place was taken for this advocate under this version."""
    named = (place.advocate, place.program, place.version)
    return named == (winner.advocate, winner.program, winner.version)


def _caps(program: Program) -> tuple[Cap, ...]:
    repeats = program.terms.repeats
    if repeats is None or repeats.orders is None:
        return program.terms.caps
    return (*program.terms.caps, Cap(most=repeats.orders, per=Per.FRIEND))
