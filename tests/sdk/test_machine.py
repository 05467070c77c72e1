"""Whatever is done in whatever sequence, every invariant holds after every step."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

import goodword
from goodword import (
    Claiming,
    GoodwordError,
    Landing,
    Order,
    Program,
    Referrals,
    Refund,
    Result,
    TillCarrier,
    UnknownPerson,
    UsedCoupon,
    Verdict,
    Visiting,
)
from goodword.embedded.engine import Engine
from tests.postgres import Server
from tests.sdk.builders import START, Clock, a_program
from tests.sdk.invariants import faults, nothing_changed, rows_that_last_were_only_added_to
from tests.sdk.lives import (
    ACCOUNTS,
    ADVOCATES,
    EMAILS,
    NAMES,
    ORDERS,
    PHONES,
    TROUBLES,
    Counter,
    Mail,
    Written,
    in_unit,
    lines_of,
    programs,
    refunds_of,
    written,
)
from tests.sdk.whole import Books, booked, read

T = TypeVar("T")
Opened = Callable[[Clock], AbstractContextManager[Engine]]
TEA: Final = "tea-house"
TWIN: Final = "tea-twin"
BOOKS: Final = "book-shop"
TOGETHER: Final = {TEA: (TEA, TWIN), BOOKS: (BOOKS,)}
"""The twin is told of each order's newest state alone, and of all else like the tea house."""
LONG_AGO: Final = datetime(2026, 1, 1, tzinfo=START.tzinfo)
FAR_AHEAD: Final = datetime(2036, 1, 1, tzinfo=START.tzinfo)

shops = st.sampled_from([TEA, TEA, BOOKS])
which = st.integers(0, 3)
order_ids = st.sampled_from(ORDERS)
names = st.sampled_from(NAMES)
advocates = st.sampled_from([one.id for one in ADVOCATES])
long = st.sampled_from([60 * 24, 60 * 24 * 15, 60 * 24 * 16])


class Machine(RuleBasedStateMachine):
    """Two shops and a twin in one database; every verb, in any sequence."""

    opened: Opened
    forgets = False

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
        self.placed: dict[tuple[str, str], datetime] = {}
        self.books = read(self.connection)
        self.sound = True

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
        """Let a shop and its twin do the same; return what came of it, or none if refused."""
        found = [self.alone(one, lambda of, one=one: verb(of, one)) for one in TOGETHER[shop]]  # type: ignore[misc]
        refused = {type(one) if isinstance(one, GoodwordError) else None for one in found}
        assert len(refused) == 1, found
        self.compare()
        return [one for one in found if not isinstance(one, GoodwordError)]

    def compare(self) -> None:
        """The twin, told of newest states alone, has come to the same."""
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

    # Everything that can be done.

    @initialize(first=programs(), plain=st.booleans())
    def open(self, first: Program, plain: bool) -> None:
        for shop in TOGETHER:
            self.both(shop, lambda of, _: of.programs.save(a_program() if plain else first))
            for name in NAMES:
                self.both(shop, lambda of, _, name=name: of.programs.save(a_program(name=name)))  # type: ignore[misc]
            for n, one in enumerate(ADVOCATES):
                self.invite(shop, NAMES[n % 2], one.id, "vanity", f"shared-{n}")
        self.clock.on(days=1)

    @rule(shop=shops, program=programs())
    def save(self, shop: str, program: Program) -> None:
        self.both(shop, lambda of, _: of.programs.save(program))

    @rule(
        shop=shops,
        name=names,
        id=advocates,
        code=st.sampled_from(["vanity", "drawn"]),
        coupon=st.sampled_from([None, "shared-0", "shared-3"]),
    )
    def invite(self, shop: str, name: str, id: str, code: str, coupon: str | None) -> None:
        (person,) = [one for one in ADVOCATES if one.id == id]
        text = f"{id}-{name}" if code == "vanity" else None
        for one, made in zip(
            TOGETHER[shop],
            self.both(
                shop, lambda of, _: of.advocates.invite(name, person, code=text, coupon=coupon)
            ),
            strict=False,
        ):
            self.codes[one].append(made.text)

    @rule(shop=shops, name=names, id=advocates, ended=st.booleans())
    def end(self, shop: str, name: str, id: str, ended: bool) -> None:
        (person,) = [one for one in ADVOCATES if one.id == id]
        person = replace(person, ended=self.clock.at if ended else None)
        self.both(shop, lambda of, _: of.advocates.invite(name, person))

    @rule(shop=shops, name=names, id=advocates)
    def rotate(self, shop: str, name: str, id: str) -> None:
        made = self.both(shop, lambda of, _: of.advocates.rotate(name, id))
        for one, code in zip(TOGETHER[shop], made, strict=False):
            self.codes[one].append(code.text)

    @rule(shop=shops, gone=advocates, into=advocates, sure=st.sampled_from([False, False, True]))
    def merge(self, shop: str, gone: str, into: str, sure: bool) -> None:
        if sure:
            self.both(shop, lambda of, _: of.advocates.merge(gone, into))

    @rule(shop=shops, n=which, visitor=st.sampled_from([None, "v-1"]))
    def visit(self, shop: str, n: int, visitor: str | None) -> None:
        made = self.both(
            shop,
            lambda of, one: of.record_visit(Visiting(code=self.code(one, n), visitor=visitor)),
        )
        for one, visit in zip(TOGETHER[shop], made, strict=False):
            self.visits[one].append(visit.id)

    @rule(
        shop=shops,
        n=which,
        email=st.sampled_from([None, *EMAILS]),
        phone=st.sampled_from(PHONES),
        account=st.sampled_from(ACCOUNTS),
    )
    def claim(
        self, shop: str, n: int, email: str | None, phone: str | None, account: str | None
    ) -> None:
        claiming = Claiming(code="", email=email, phone=phone, account=account)
        made = self.both(shop, lambda of, one: of.claim(replace(claiming, code=self.code(one, n))))
        for one, claim in zip(TOGETHER[shop], made, strict=False):
            self.claims[one].append(claim)

    @rule(shop=shops, n=which, account=st.sampled_from(ACCOUNTS))
    def confirm(self, shop: str, n: int, account: str | None) -> None:
        if self.claims[shop]:
            self.both(
                shop,
                lambda of, one: of.confirm(_nth(self.claims[one], n).id, account=account),
            )

    @rule(shop=shops, id=order_ids, life=st.lists(written, min_size=1, max_size=2))
    def plainly(self, shop: str, id: str, life: list[Written]) -> None:
        """An order's states arrive one after the other; the twin gets them all."""
        placed = self.placed.setdefault((shop, id), self.clock.at)
        for state in life:
            for one in TOGETHER[shop]:
                told = self.told.setdefault((one, id), [])
                newest = max([self.clock.at, *(two.modified for two in told if two.modified)])
                order = self.filled(one, id, placed, newest + timedelta(seconds=1), state)
                self.tills[one].buy(order)
                self.deliver(one, id, order)
                told.append(order)
            self.compare()

    @rule(id=order_ids, life=st.lists(written, min_size=1, max_size=1), minutes=long)
    def granted(self, id: str, life: list[Written], minutes: int) -> None:
        """An order, and what follows of it."""
        self.plainly(TEA, id, life)
        self.wait(minutes, True, [])

    @rule(
        shop=shops,
        id=order_ids,
        life=st.lists(written, min_size=1, max_size=3),
        alone=st.lists(st.integers(0, 4), max_size=2, unique=True),
        ago=st.sampled_from([0, 0, 0, 1, 50]),
        data=st.data(),
    )
    def live(
        self,
        shop: str,
        id: str,
        life: list[Written],
        alone: list[int],
        ago: int,
        data: st.DataObject,
    ) -> None:
        """An order's states and refunds arrive in any order and number; the twin gets the last."""
        placed = self.placed.setdefault((shop, id), self.clock.at - timedelta(hours=ago))
        before = self.told.setdefault((TOGETHER[shop][-1], id), [])
        newest = max([self.clock.at, *(one.modified for one in before if one.modified)])
        refunds = [refunds_of(id)[n] for n in alone]
        once: list[tuple[int, Refund | None]] = [(n, None) for n in range(len(life))]
        once += [(-1, refund) for refund in refunds]
        twice = data.draw(st.lists(st.sampled_from(once), max_size=2))
        arriving = data.draw(st.permutations([*once, *twice]))
        for one in TOGETHER[shop]:
            states = [
                self.filled(one, id, placed, newest + timedelta(seconds=n + 1), state)
                for n, state in enumerate(life)
            ]
            self.tills[one].buy(states[-1])
            if one == TWIN:
                for refund in refunds:
                    self.alone(one, lambda of, refund=refund: of.record_refund(id, refund))  # type: ignore[misc]
                self.alone(one, lambda of, states=states: of.record_order(states[-1]))  # type: ignore[misc]
            else:
                for n, refund_ in arriving:
                    self.deliver(one, id, refund_ or states[n])
            self.told.setdefault((one, id), []).extend(states)
        self.compare()

    def deliver(self, shop: str, id: str, what: Order | Refund) -> None:
        if isinstance(what, Order):
            self.alone(shop, lambda of: of.record_order(what))
        else:
            self.alone(shop, lambda of: of.record_refund(id, what))

    def filled(
        self, shop: str, id: str, placed: datetime, modified: datetime, state: Written
    ) -> Order:
        """Return a state with the codes, visits and coupons of one shop."""
        refunds = refunds_of(id)
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
            visit=None if state.visit is None else _nth(self.visits[shop] or ["none"], state.visit),
            landing=None
            if state.landing is None
            else Landing(code=self.code(shop, state.landing), at=placed - timedelta(days=2)),
            customer=state.customer,
            email=EMAILS[state.email],
            phone=PHONES[int(id) % len(PHONES)],
            named=state.named,
            named_hint=state.named_hint,
            country=state.country,
            refunds=tuple(refunds[n] for n in state.refunds),
        )

    @rule(shop=shops, id=order_ids, n=which)
    def deliver_again(self, shop: str, id: str, n: int) -> None:
        """A state that was told before is told again: nothing changes."""
        for one in TOGETHER[shop]:
            if told := self.told.get((one, id)):
                before, last = self.books, max(told, key=lambda state: state.modified or START)
                state = _nth(told, n)
                answer = self.alone(one, lambda of, state=state: of.record_order(state))  # type: ignore[misc]
                assert isinstance(answer, goodword.Outcome)
                assert answer.result is (Result.DUPLICATE if state == last else Result.IGNORED)
                assert list(nothing_changed(before, self.books)) == []

    @rule(shop=shops, id=order_ids, state=written)
    def conflict(self, shop: str, id: str, state: Written) -> None:
        """Other facts for the newest moment: refused, unless the shop itself confirms them."""
        for confirmed in (False, True):
            for one in TOGETHER[shop]:
                if told := self.told.get((one, id)):
                    last = max(told, key=lambda state: state.modified or START)
                    assert last.modified is not None
                    other = self.filled(one, id, last.placed, last.modified, state)
                    if confirmed:
                        self.tills[one].buy(other)
                    self.alone(
                        one,
                        lambda of, other=other, sure=confirmed: of.record_order(
                            other, confirmed=sure
                        ),  # type: ignore[misc]
                    )
                    if confirmed:
                        told[:] = [state for state in told if state.modified != last.modified]
                        told.append(other)
        self.compare()

    @rule(shop=shops, id=order_ids, n=which)
    def refund(self, shop: str, id: str, n: int) -> None:
        self.both(shop, lambda of, _: of.record_refund(id, refunds_of(id)[n]))

    @rule(shop=shops, id=order_ids, n=which, reason=st.sampled_from(["they met", ""]))
    def assign(self, shop: str, id: str, n: int, reason: str) -> None:
        self.both(shop, lambda of, one: of.credit.assign(id, self.code(one, n), reason=reason))

    @rule(shop=shops, id=order_ids, says=st.sampled_from(Verdict))
    def decide(self, shop: str, id: str, says: Verdict) -> None:
        self.both(shop, lambda of, _: of.reviews.decide(id, says, reason="looked at it"))

    @rule(
        shop=shops,
        id=advocates,
        one=st.sampled_from([None, None, *ORDERS]),
        reference=st.sampled_from(["t-1", "t-2"]),
    )
    def mark_paid(self, shop: str, id: str, one: str | None, reference: str) -> None:
        orders = None if one is None else [one]
        for each in TOGETHER[shop]:
            self.alone(
                each, lambda of: of.rewards.mark_paid(id, reference=reference, orders=orders)
            )

    @rule(shop=shops, n=which)
    def keep(self, shop: str, n: int) -> None:
        for one in TOGETHER[shop]:
            owed = self.of[one].thanks.owed()
            if owed:
                self.alone(one, lambda of, owed=owed: of.thanks.keep(_nth(owed, n).id))  # type: ignore[misc]

    @precondition(lambda self: self.forgets)
    @rule(shop=shops, id=st.sampled_from(["c-1", "c-3", *EMAILS, "f-9"]))
    def forget(self, shop: str, id: str) -> None:
        before = {one: self.sums(one) for one in TOGETHER[shop]}
        self.reading(shop, lambda of: of.people.export(id))
        self.both(shop, lambda of, _: of.people.forget(id))
        assert {one: self.sums(one) for one in TOGETHER[shop]} == before

    @rule(shop=shops, id=order_ids, state=written, program=programs() | st.none())
    def ask(self, shop: str, id: str, state: Written, program: Program | None) -> None:
        """All that only asks."""
        order = self.filled(shop, "99", self.clock.at, self.clock.at, state)
        self.reading(shop, lambda of: of.programs.try_out(order, program=program))
        self.reading(shop, lambda of: of.credit.explain(id))
        self.reading(shop, lambda of: of.credit.replay(LONG_AGO, FAR_AHEAD, as_placed=True))
        self.reading(shop, lambda of: of.rewards.statement(LONG_AGO, FAR_AHEAD))
        for one in ADVOCATES:
            self.reading(shop, lambda of, one=one: of.rewards.list(one.id))  # type: ignore[misc]
            self.reading(shop, lambda of, one=one: of.rewards.balance(one.id))  # type: ignore[misc]
        self.reading(shop, lambda of: (of.reviews.open(), of.thanks.owed(), of.programs.list()))

    @rule(
        minutes=st.sampled_from([1, 10, 60 * 24, 60 * 24 * 3, 60 * 24 * 15, 60 * 24 * 40]),
        work=st.booleans(),
        troubles=st.lists(st.sampled_from(TROUBLES), max_size=4),
    )
    def wait(self, minutes: int, work: bool, troubles: list[str]) -> None:
        self.clock.on(minutes=minutes)
        if work:
            self.work(troubles)

    @rule(troubles=st.lists(st.sampled_from(TROUBLES), max_size=5))
    def work(self, troubles: list[str]) -> None:
        before = self.books
        for till in self.tills.values():
            till.troubles = list(troubles)
        self.mail.troubles = list(troubles)
        self.engine.work({"till": TillCarrier(self.tills.__getitem__), "mail": self.mail})
        self.books = read(self.connection)
        self.check(before, *self.of)
        self.compare()

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
        return _nth(self.codes[shop] or ["NOBODY"], n)

    def coupon(self, shop: str, order: str, kind: str, n: int) -> str | None:
        """Return a coupon's text in this shop; a foreign one is another shop's reward."""
        if kind == "shared":
            return f"shared-{n}"
        if kind == "gift":
            return _nth(self.claims[shop], n).coupon if self.claims[shop] else None
        other = {TEA: BOOKS, TWIN: BOOKS, BOOKS: TEA}[shop]
        made = self.tills[shop].usable(order, self.clock.at)
        if kind == "foreign":
            made = list(self.tills[other].coupons)
        return _nth(made, n) if made else None


def _nth(found: Sequence[T], n: int) -> T:
    return found[n % len(found)]


# Where it is done.

EMPTY: Final = goodword.embed("sqlite://")


@contextmanager
def in_memory(clock: Clock) -> Iterator[Engine]:
    engine = goodword.embed("sqlite://", clock=clock)
    with EMPTY.database.connect() as full, engine.database.connect() as fresh:
        source, target = (one.connection.driver_connection for one in (full, fresh))
        assert isinstance(source, sqlite3.Connection)
        assert isinstance(target, sqlite3.Connection)
        source.backup(target)
    yield engine
    engine.close()


def on(server: Server, template: str) -> Opened:
    @contextmanager
    def opened(clock: Clock) -> Iterator[Engine]:
        url = server.like(template)
        engine = goodword.embed(url, clock=clock)
        yield engine
        engine.close()
        server.drop(url)

    return opened


def can_forget(engine: Engine) -> bool:
    try:
        engine.of("nobody").people.export("nobody")
    except UnknownPerson:
        return True
    except NotImplementedError:
        return False
    raise AssertionError("nobody was exported")


def machine(where: Opened) -> type[Machine]:
    class Here(Machine):
        opened = staticmethod(where)

    return Here


@pytest.fixture(autouse=True, scope="module")
def template() -> None:
    EMPTY.migrate()
    Machine.forgets = can_forget(EMPTY)


EXAMPLES = int(__import__("os").environ.get("EXAMPLES", "20"))
STEPS = int(__import__("os").environ.get("STEPS", "40"))


def test_every_invariant_holds_after_every_step() -> None:
    run_state_machine_as_test(
        machine(in_memory), settings=settings(max_examples=EXAMPLES, stateful_step_count=STEPS)
    )


@pytest.mark.slow
def test_they_hold_on_postgresql(postgresql: Server, migrated_postgresql: str) -> None:
    run_state_machine_as_test(
        machine(on(postgresql, migrated_postgresql)),
        settings=settings(max_examples=4, stateful_step_count=30),
    )
