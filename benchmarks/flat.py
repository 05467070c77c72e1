"""What an order costs after many others, beside the same in a book that is all but empty.

Measured is the CPU of one ``record_order`` of the embedded library, with PostgreSQL's own: of a new
order, of a new one of the famous advocate, who has every tenth of the earlier orders, and of an
order that changes.  Each is paid, carries a coupon, and comes from a friend whom nobody knew; the
program asks whether it is the friend's first.  The limit is the same work, in the same round, in a
fresh copy of the book as it was before the earlier orders were added: it holds 256.
"""

from __future__ import annotations

import os
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Final

import goodword
from benchmarks.earlier import FAMOUS, FIRST, SHOP, advocates_after, an_order, base, coupon_of
from benchmarks.pace import Pace
from benchmarks.shop import Furnished
from benchmarks.table import COSTS, costs, show
from benchmarks.timing import timed
from goodword import Order, Referrals
from goodword.embedded.engine import utc_now

_MOST: Final = 1.15
_ORDERS: Final = 1_000
_WARMING: Final = 200
_NOTE: Final = (
    "  The limit: the same work in the same round, in a fresh book of 256 orders.  CPU: of this\n"
    "  process and of PostgreSQL together."
)
_Costs = dict[str, list[float]]


def run(databases: Mapping[str, Furnished], pace: Pace) -> None:
    """Measure books of each length in turns, one database after the other."""
    lines = [
        line for name, furnished in databases.items() for line in _compared(name, furnished, pace)
    ]
    show("CPU µs of an order after many others, beside one after hardly any", COSTS, lines, _NOTE)


def _compared(name: str, furnished: Furnished, pace: Pace) -> Iterator[list[str]]:
    limit: _Costs = defaultdict(list)
    ours: dict[int, _Costs] = {earlier: defaultdict(list) for earlier in pace.earlier}
    with base(furnished.place) as empty, ExitStack() as stack:
        books = [
            _Book(stack.enter_context(empty.with_earlier(earlier)), earlier)
            for earlier in pace.earlier
        ]
        for _ in range(pace.rounds):
            with empty.with_earlier(0) as url:
                _Book(url, 0).measure(limit)
            for book in books:
                book.measure(ours[book.earlier])
    for earlier, found in ours.items():
        for what, cost in found.items():
            yield costs(f"{what} on {name}, after {earlier:,}", cost, limit[what], most=_MOST)


class _Book:
    """A book, and what is recorded in it next."""

    def __init__(self, url: str, earlier: int) -> None:
        self._url = url
        self.earlier = earlier
        self._numbers = count(FIRST + earlier)

    def measure(self, costs: _Costs) -> None:
        """Record some orders, and add what each kind cost."""
        engine = goodword.embed(self._url, prepared=True)
        referrals = engine.of(SHOP)
        _record(referrals, self._orders(_WARMING))
        new, famous = self._orders(_ORDERS), self._orders(_ORDERS, FAMOUS)
        for what, orders in (
            ("a new order", new),
            ("the famous one's", famous),
            ("a change", [_changed(order) for order in new]),
        ):
            rate = timed(self._url, partial(_record, referrals, orders))
            costs[what].append(rate.cpu + rate.database)
        engine.close()

    def _orders(self, many: int, advocate: int | None = None) -> list[Order]:
        at = utc_now()
        chosen = range(1, advocates_after(self.earlier) + 1)
        return [
            an_order(
                str(next(self._numbers)),
                os.urandom(6).hex(),
                coupon_of(random.choice(chosen) if advocate is None else advocate),
                at,
            )
            for _ in range(many)
        ]


def _record(referrals: Referrals, orders: Sequence[Order]) -> int:
    for order in orders:
        referrals.record_order(order)
    return len(orders)


def _changed(order: Order) -> Order:
    """Return the order as it stands a minute later, without its second line."""
    at = order.placed + timedelta(minutes=1)
    return replace(order, modified=at, lines=order.lines[:1], net=order.lines[0].net)
