"""Taking a place among the orders that earn: in caps, tiers and budgets, and giving it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol

from goodword.model.credit import Candidate, Decision, Evidence, Place, Reason
from goodword.model.money import Money
from goodword.model.order import Order
from goodword.model.program import Program
from goodword.rules import booking, places
from goodword.rules.credit import credit
from goodword.rules.places import Key
from goodword.rules.promises import reward_of


class Counter(Protocol):
    """The counts of one program; each step may say no, and then changes nothing."""

    def take(self, key: Key, by: int, most: int | None) -> int | None:
        """Count on and return where it stands; None if that would pass the most."""

    def give(self, key: Key, by: int) -> None:
        """Count back."""


CountsOf = Callable[[str], Counter]
CountedAs = Callable[[str], str]
"""As whom an advocate is counted: two that turned out to be one share their places."""


def placed(
    order: Order,
    evidence: Evidence,
    friend: str | None,
    counts: CountsOf,
    counted_as: CountedAs,
) -> tuple[Evidence, Decision]:
    """Decide, let the order take its place or give it back, and return what comes of both."""
    decision = credit(order, evidence)
    place = settle(decision, order, evidence.place, friend, counts, counted_as)
    if place == evidence.place:
        return evidence, decision
    evidence = replace(evidence, place=place)
    decision = credit(order, evidence)
    if place is not None and place.counted and not places.would_earn(decision):
        # What a tier gives may ask more of an order than the program's own reward.
        place = settle(decision, order, place, friend, counts, counted_as)
        evidence = replace(evidence, place=place)
    return evidence, decision


def settle(
    decision: Decision,
    order: Order,
    before: Place | None,
    friend: str | None,
    counts: CountsOf,
    counted_as: CountedAs,
) -> Place | None:
    """Return the order's place, taken or given back as the decision demands.

    A cap that was reached is not asked again for the same advocate and version; a budget is,
    since it depends on what the order is worth now.  The so-manieth of an advocate's referrals
    that it once was it stays.
    """
    winner, program = decision.winner, decision.program
    earns = winner is not None and program is not None and places.would_earn(decision)
    if before is not None and not (winner and places.is_of(before, winner) and earns):
        before = given_back(before, counts)
    if winner is None or program is None or not earns or not places.counts(program):
        return before if before and (before.refused or before.number) else None
    if before is not None and not places.is_of(before, winner):
        before = None
    number = before.number if before else 0
    one = replace(winner, advocate=counted_as(winner.advocate))
    if before is not None and _is_elsewhere(before, decision, one, friend, order):
        given_back(before, counts)
        before = None
    if before is None or not before.counted:
        if before is not None and Reason.CAP_REACHED in before.refused:
            return before
        blank = Place(
            advocate=winner.advocate,
            program=program.name,
            version=program.version,
            number=number,
        )
        needed = places.needed(program, one, friend, order.placed)
        before = _taken(blank, needed, places.of_advocate(one.advocate), counts(program.name))
    return before if before.refused else _budgeted(before, program, winner, order, counts)


def _is_elsewhere(
    place: Place, decision: Decision, one: Candidate, friend: str | None, order: Order
) -> bool:
    """Whether the order is counted of others than its newest state names, or at another time.

    What was counted before its advocate was merged into another stays where it was counted.
    """
    program, winner = decision.program, decision.winner
    assert program is not None
    assert winner is not None
    named = [
        tuple(map(str, places.needed(program, each, friend, order.placed)))
        for each in (one, winner)
    ]
    if Reason.CAP_REACHED in place.refused:
        return place.asked not in named
    if not place.counted:
        return False
    key = places.budget_key(program, winner, order.placed)
    return {*place.counted} not in [{*keys, *([str(key)] if key else [])} for keys in named]


def _taken(place: Place, needed: Mapping[Key, int | None], numbers: Key, counter: Counter) -> Place:
    """Take a place in every count, or in none."""
    taken: list[Key] = []
    number = place.number
    for key, most in needed.items():
        stands = counter.take(key, 1, most)
        if stands is None:
            for other in taken:
                counter.give(other, 1)
            return replace(place, refused=(Reason.CAP_REACHED,), asked=tuple(map(str, needed)))
        taken.append(key)
        if key == numbers:
            number = number or stands
    return replace(place, number=number, counted=tuple(map(str, taken)))


def _budgeted(
    place: Place, program: Program, winner: Candidate, order: Order, counts: CountsOf
) -> Place:
    """Set aside of the budget what the order is worth now; all of it or nothing."""
    key = places.budget_key(program, winner, order.placed)
    if key is None or program.terms.budget is None:
        return place
    reward = reward_of(program, order.placed, place.number)
    worth = booking.worth_of(reward, order, program.terms)
    before = place.reserved.minor if place.reserved else 0
    change = worth.minor - before
    counter = counts(program.name)
    if change > 0 and counter.take(key, change, program.terms.budget.most.minor) is None:
        return replace(given_back(place, counts), refused=(Reason.BUDGET_SPENT,))
    if change < 0:
        counter.give(key, -change)
    counted = tuple(dict.fromkeys((*place.counted, str(key))))
    return replace(place, counted=counted, reserved=Money(worth.minor, worth.unit))


def given_back(place: Place, counts: CountsOf) -> Place:
    """Give back every place that is held; what was refused stays refused, and the number known."""
    counter = counts(place.program)
    for text in place.counted:
        key = Key.read(text)
        is_budget = key.per == places.BUDGET
        by = place.reserved.minor if is_budget and place.reserved else int(not is_budget)
        if by > 0:
            counter.give(key, by)
    return replace(place, counted=(), reserved=None)
