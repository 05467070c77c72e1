"""Deciding without writing: what would be, and what should have been."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Final, TypeVar

from goodword.embedded import friends
from goodword.embedded.deciding import decide
from goodword.embedded.explaining import sentences
from goodword.embedded.placing import CountsOf, given_back, placed
from goodword.errors import Invalid
from goodword.model.ledger import Account, Balance, Part, Share
from goodword.model.money import Money
from goodword.model.order import Order
from goodword.model.outcome import Difference, Replay, Trial
from goodword.model.program import Program
from goodword.rules import booking
from goodword.rules.credit import credit, state
from goodword.rules.orders import with_refunds
from goodword.rules.places import Key
from goodword.storage import ledger, orders, people
from goodword.storage.orders import Kept
from goodword.storage.places import Counts
from goodword.storage.sql import Book

_PAGE: Final = 500
T = TypeVar("T")
Read = Callable[[Callable[[Book], T]], T]


class Imagined:
    """Counts that are taken in mind alone, on top of what stands."""

    def __init__(self, standing: Callable[[Key], int | None]) -> None:
        self._standing = standing
        self._more: dict[Key, int] = defaultdict(int)

    def take(self, key: Key, by: int, most: int | None) -> int | None:
        stands = (self._standing(key) or 0) + self._more[key] + by
        if most is not None and stands > most:
            return None
        self._more[key] += by
        return stands

    def give(self, key: Key, by: int) -> None:
        self._more[key] -= by


def try_out(book: Book, order: Order, draft: Program | None, language: str) -> Trial:
    """Say what an order would come to, under a program that need not be saved."""
    friend = friends.known(book, order, None)
    decided = decide(book, order, friend, None, _without(book, order.id), draft)
    decision = decided.decision
    worths = {share.part: share.worth for share in decided.should}
    return Trial(
        winner=decision.winner,
        lost=decision.lost,
        state=state(decision, decided.order) if decision.winner else None,
        reasons=tuple(str(reason) for reason in decision.reasons),
        offer=worths.get(Part.OFFER),
        reward=worths.get(Part.REWARD),
        words=tuple(sentences(book, decision, None, (), language)),
    )


def _without(book: Book, order: str) -> CountsOf:
    """Return counts in mind alone, as if the order had not been recorded yet."""
    counts = cache(lambda program: Imagined(Counts(book, program).taken))
    kept = orders.find(book, order)
    if kept is not None and kept.evidence.place is not None:
        given_back(kept.evidence.place, counts)
    return counts


def replay(
    read: Read[list[tuple[int, str]]],
    look: Callable[[str, CountsOf | None], Sequence[Difference]],
    since: datetime,
    until: datetime,
    *,
    as_placed: bool,
) -> Replay:
    """Decide a period's orders once more, and say where the book differs.

    Each in a transaction of its own: a long period holds nobody up.
    """
    check_period(since, until)
    imagined: dict[str, Imagined] = defaultdict(lambda: Imagined(lambda key: 0))
    counts: CountsOf | None = imagined.__getitem__ if as_placed else None
    seen = 0
    differences: list[Difference] = []
    for order in _orders(read, since, until):
        seen += 1
        differences += look(order, counts)
    return Replay(orders=seen, differences=tuple(differences))


def differences_of(book: Book, order: str, counts: CountsOf | None) -> list[Difference]:
    """Return where the book differs from what should stand in it for an order.

    ``counts``: caps, tiers and budgets are taken anew; None: as they were taken.
    """
    kept = orders.find(book, order)
    if kept is None:
        return []
    whole = with_refunds(kept.order, orders.refunds_alone(book, order))
    booked = _booked(ledger.of_order(book, order))
    should = _summed(_should(book, kept, whole, counts))
    return [
        Difference(
            order=order,
            part=part,
            advocate=advocate,
            booked=Money(booked.get((part, advocate, unit), 0), unit),
            should=Money(should.get((part, advocate, unit), 0), unit),
        )
        for part, advocate, unit in sorted(booked.keys() | should.keys())
        if booked.get((part, advocate, unit), 0) != should.get((part, advocate, unit), 0)
    ]


def _orders(read: Read[list[tuple[int, str]]], since: datetime, until: datetime) -> Iterator[str]:
    after = (-(2**62), "")
    while True:
        page = read(partial(_page, since=since, until=until, after=after))
        yield from (id for _, id in page)
        if len(page) < _PAGE:
            return
        after = page[-1]


def _page(
    book: Book, since: datetime, until: datetime, after: tuple[int, str]
) -> list[tuple[int, str]]:
    return orders.placed_between(book, since, until, after, _PAGE)


def _should(book: Book, kept: Kept, whole: Order, counts: CountsOf | None) -> tuple[Share, ...]:
    if counts is None:
        return booking.should_be(credit(whole, kept.evidence), whole, kept.evidence)
    anew = replace(kept.evidence, place=None)
    one = partial(people.counted_as, book)
    evidence, decision = placed(whole, anew, kept.friend, counts, one)
    return booking.should_be(decision, whole, evidence)


def _booked(books: list[Balance]) -> dict[tuple[Part, str, str], int]:
    """Return the net outflow of the shop's promise."""
    return {
        (one.part, one.advocate, one.worth.unit): -one.worth.minor
        for one in books
        if one.account is Account.GRANTED
    }


def _summed(shares: tuple[Share, ...]) -> dict[tuple[Part, str, str], int]:
    return {(one.part, one.advocate, one.worth.unit): one.worth.minor for one in shares}


def check_period(since: datetime, until: datetime) -> None:
    """Raise `Invalid`, if this is no period."""
    for field, moment in (("since", since), ("until", until)):
        if moment.utcoffset() != timedelta(0):
            raise Invalid(field=field, mend="needs a moment in UTC with its time zone set")
    if until <= since:
        raise Invalid(field="until", mend="lies before its start; swap the two moments")
