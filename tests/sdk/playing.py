"""Two shops and a twin in one database, held against every invariant after every step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, TypeVar

from hypothesis.stateful import (
    RuleBasedStateMachine,
)

import goodword
from goodword import (
    GoodwordError,
    Landing,
    Order,
    Outcome,
    Referrals,
    Refund,
    TillCarrier,
    UsedCoupon,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import START, Clock
from tests.sdk.invariants import faults, nothing_changed, rows_that_last_were_only_added_to
from tests.sdk.lives import (
    EMAILS,
    PHONES,
    Counter,
    Mail,
    Written,
    in_unit,
    lines_of,
    refunds_of,
)
from tests.sdk.whole import Books, booked, orders_of, read

T = TypeVar("T")
Opened = Callable[[Clock], AbstractContextManager[Engine]]
"""Opens an engine on an empty database of its own."""
TEA: Final = "tea-house"
TWIN: Final = "tea-twin"
BOOKS: Final = "book-shop"
TOGETHER: Final = {TEA: (TEA, TWIN), BOOKS: (BOOKS,)}
"""The twin is told of each order's newest state alone, and of all else like the tea house."""
LONG_AGO: Final = datetime(2026, 1, 1, tzinfo=START.tzinfo)
FAR_AHEAD: Final = datetime(2036, 1, 1, tzinfo=START.tzinfo)


class Playing(RuleBasedStateMachine):
    """Two shops and a twin in one database, and what holds of them after every step."""

    opened: Opened

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.stack = ExitStack()
        self.engine = self.stack.enter_context(type(self).opened(self.clock))
        self.connection = self.stack.enter_context(self.engine.database.connect())
        self.of: dict[str, Referrals] = {shop: self.engine.of(shop) for shop in (TEA, TWIN, BOOKS)}
        self.tills = {shop: Counter(shop) for shop in self.of}
        self.mail = Mail()
        self.codes: dict[str, list[str]] = {shop: [] for shop in self.of}
        self.visits: dict[str, list[str]] = {shop: [] for shop in self.of}
        self.claims: dict[str, list[Any]] = {shop: [] for shop in self.of}
        self.told: dict[tuple[str, str], list[Order]] = {}
        self.buyers: dict[tuple[str, str], Written] = {}
        self.books = read(self.connection)
        self.sound = True
        self.alike = True
        """Whether the twin must come to the same.

        What speaks against whoever was forgotten stays as it was found, and what a cap refused is
        not asked again: also by a state that the twin was never told.
        """

    def teardown(self) -> None:
        with self.stack:
            if self.sound:
                self.settle()

    # What holds after every step.

    def alone(self, shop: str, verb: Callable[[Referrals], T]) -> T | GoodwordError:
        """Let one shop do something; nothing of the others may change, nor anything by an error."""
        before, self.sound = self.books, False
        answer: T | GoodwordError
        try:
            answer = verb(self.of[shop])
        except GoodwordError as error:
            answer = error
        self.books = read(self.connection)
        if isinstance(answer, GoodwordError):
            assert list(nothing_changed(before, self.books)) == [], answer
        assert list(nothing_changed(before.without(shop), self.books.without(shop))) == []
        self.check(before, shop)
        self.sound = True
        return answer

    def check(self, before: Books, *shops: str) -> None:
        here = self.books.of(*shops)
        assert faults(here) == []
        assert list(rows_that_last_were_only_added_to(before.of(*shops), here)) == []
        assert [fault for till in self.tills.values() for fault in till.faults] == []

    def reading(self, shop: str, verb: Callable[[Referrals], object]) -> None:
        """Let a shop be asked something, which changes nothing."""
        for one in TOGETHER[shop]:
            before = self.books
            self.alone(one, verb)
            assert list(nothing_changed(before, self.books)) == []

    def both(self, shop: str, verb: Callable[[Referrals, str], T]) -> list[T]:
        """Let a shop and its twin do the same; return what came of it, nothing if refused."""
        # Of two codes of one moment either may be the older: their texts are random.
        self.clock.on(seconds=1)
        found = [self.alone(one, partial(_spoken, verb, one)) for one in TOGETHER[shop]]
        refused = {type(one) if isinstance(one, GoodwordError) else None for one in found}
        assert len(refused) == 1 or not self.alike, found
        self.compare()
        return [one for one in found if not isinstance(one, GoodwordError)]

    def compare(self) -> None:
        """The twin, told of newest states alone, has come to the same."""
        self.alike &= self.refused(TEA) == self.refused(TWIN)
        if not self.alike:
            return
        self.sound = False
        tea, twin = (self.sums(shop) for shop in (TEA, TWIN))
        assert sorted(tea.items() ^ twin.items()) == []
        self.sound = True

    def sums(self, shop: str) -> dict[tuple[str, ...], object]:
        """Return what is booked, and what the referrals say."""
        here = self.books.of(shop)
        told: dict[tuple[str, ...], object] = {
            (row["order_id"],): (row["advocate"], row["program"], row["version"], row["reasons"])
            for row in here["referrals"]
        }
        return told | {key[1:]: amount for key, amount in booked(here).items()}

    def refused(self, shop: str) -> dict[str, tuple[str, ...]]:
        """Return which orders had their place in a cap or budget refused."""
        return {
            id: place.refused
            for (_, id), one in orders_of(self.books.of(shop)).items()
            if (place := one.evidence.place) is not None and place.refused
        }

    def work(self, troubles: list[str]) -> None:
        before = self.books
        for till in self.tills.values():
            till.troubles = list(troubles)
        self.mail.troubles = list(troubles)
        self.engine.work({"till": TillCarrier(self.tills.__getitem__), "mail": self.mail})
        self.books = read(self.connection)
        self.check(before, *self.of)
        self.compare()

    def deliver(
        self, shop: str, id: str, what: Order | Refund, *, confirmed: bool = False
    ) -> Outcome | GoodwordError:
        if isinstance(what, Order):
            return self.alone(shop, lambda of: of.record_order(what, confirmed=confirmed))
        return self.alone(shop, lambda of: of.record_refund(id, what))

    def bought(self, shop: str, id: str, state: Written, ago: int = 0) -> Order:
        """The shop has an order's newest state, of which we are yet to be told."""
        told = self.told.setdefault((shop, id), [])
        placed = told[0].placed if told else self.clock.at - timedelta(hours=ago)
        newest = max([self.clock.at, *(one.modified for one in told if one.modified)])
        order = self.filled(shop, id, placed, newest + timedelta(seconds=1), state)
        self.tills[shop].buy(order)
        told.append(order)
        return order

    def filled(
        self, shop: str, id: str, placed: datetime, modified: datetime, state: Written
    ) -> Order:
        """Return a state with the codes, visits and coupons of one shop.

        An order that the twin is told of in fewer states keeps its buyer: what any state tells of
        people stays known.
        """
        refunds = refunds_of(id)
        buyer = state if shop == BOOKS else self.buyers.setdefault((shop, id), state)
        return Order(
            id=id,
            placed=placed,
            modified=modified,
            net=in_unit(id, state.net),
            gross=in_unit(id, "100"),
            lines=lines_of(id, state.net),
            paid=placed + timedelta(minutes=5) if state.paid else None,
            fulfilled=placed + timedelta(hours=2) if state.fulfilled else None,
            cancelled=placed if state.cancelled else None,
            disputed=placed if state.disputed else None,
            refunded=state.refunded,
            coupons=tuple(
                UsedCoupon(text=text, discount=in_unit(id, "8"))
                for kind, n in state.coupons
                if (text := self.coupon(shop, id, kind, n)) is not None
            ),
            code=None if state.code is None else self.code(shop, state.code),
            code_via=state.code_via,
            visit=None if state.visit is None else nth(self.visits[shop] or ["none"], state.visit),
            landing=None
            if state.landing is None
            else Landing(code=self.code(shop, state.landing), at=placed - timedelta(days=2)),
            customer=buyer.customer,
            email=EMAILS[buyer.email],
            phone=PHONES[int(id) % len(PHONES)],
            named=state.named,
            named_hint=state.named_hint,
            country=state.country,
            refunds=tuple(refunds[n] for n in state.refunds),
        )

    # At the end.

    def settle(self) -> None:
        """Let every deed have its time, with shops that are well: nothing is left, nor missing."""
        for _ in range(4):
            self.clock.on(days=41)
            self.work([])
        for shop in TOGETHER:
            for one in TOGETHER[shop]:
                assert self.of[one].credit.replay(LONG_AGO, FAR_AHEAD).differences == ()
                self.coupons_are_what_the_book_says(one)

    def coupons_are_what_the_book_says(self, shop: str) -> None:
        here = self.books.of(shop)
        for row in here["grants"]:
            made = self.tills[shop].coupons.get(row["text"])
            if row["state"] == "granted":
                assert made is not None
                assert not made.used
                assert row["expires"] is None
                face = goodword.wire.unpack(goodword.Worth, row["worth"])
                assert made.minor == (face.amount.minor if face.amount else 1)

    # What a shop's own things are called.

    def code(self, shop: str, n: int) -> str:
        return nth(self.codes[shop] or ["NOBODY"], n)

    def coupon(self, shop: str, order: str, kind: str, n: int) -> str | None:
        """Return a coupon's text in this shop; a foreign one is another shop's reward."""
        if kind == "shared":
            return f"shared-{n}"
        if kind == "gift":
            return nth(self.claims[shop], n).coupon if self.claims[shop] else None
        other = {TEA: BOOKS, TWIN: BOOKS, BOOKS: TEA}[shop]
        made = self.tills[shop].usable(order, self.clock.at)
        if kind == "foreign":
            made = list(self.tills[other].coupons)
        return nth(made, n) if made else None


def _spoken(verb: Callable[[Referrals, str], T], shop: str, of: Referrals) -> T:
    return verb(of, shop)


def nth(found: Sequence[T], n: int) -> T:
    """Return one of what there is, by a number that may be too great."""
    return found[n % len(found)]
