"""Whatever is done in whatever sequence, every invariant holds after every step."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Final

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

import goodword
from goodword import (
    Claiming,
    Outcome,
    Program,
    Referrals,
    Refund,
    Result,
    Verdict,
    Visiting,
)
from goodword.embedded.engine import Engine
from goodword.storage.sqlite import SQLite
from tests.postgres import Server
from tests.sdk.builders import START, Clock, a_program
from tests.sdk.invariants import nothing_changed
from tests.sdk.lives import (
    ACCOUNTS,
    ADVOCATES,
    EMAILS,
    NAMES,
    ORDERS,
    PHONES,
    TROUBLES,
    Written,
    programs,
    refunds_of,
    written,
)
from tests.sdk.playing import BOOKS, FAR_AHEAD, LONG_AGO, TEA, TOGETHER, TWIN, Opened, Playing, nth

shops = st.sampled_from([TEA, TEA, BOOKS])
which = st.integers(0, 3)
order_ids = st.sampled_from(ORDERS)
names = st.sampled_from(NAMES)
advocates = st.sampled_from([one.id for one in ADVOCATES])
long = st.sampled_from([60 * 24, 60 * 24 * 15, 60 * 24 * 16])


class Machine(Playing):
    """Every verb, in any sequence."""

    # Everything that can be done.

    @initialize(first=programs(), plain=st.booleans())
    def open(self, first: Program, plain: bool) -> None:
        for shop in TOGETHER:
            for name in NAMES:
                self.save(shop, a_program(name=name))
            if not plain:
                self.save(shop, first)
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
                lambda of, one: of.confirm(nth(self.claims[one], n).id, account=account),
            )

    @rule(shop=shops, id=order_ids, life=st.lists(written, min_size=1, max_size=2))
    def plainly(self, shop: str, id: str, life: list[Written]) -> None:
        """An order's states arrive one after the other; the twin gets them all."""
        for state in life:
            for one in TOGETHER[shop]:
                self.deliver(one, id, self.bought(one, id, state))
            self.compare()

    @rule(shop=shops, id=order_ids, life=st.lists(written, min_size=1, max_size=1), minutes=long)
    def granted(self, shop: str, id: str, life: list[Written], minutes: int) -> None:
        """An order, and what follows of it."""
        self.plainly(shop, id, life)
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
        refunds = [refunds_of(id)[n] for n in alone]
        once: list[tuple[int, Refund | None]] = [(n, None) for n in range(len(life))]
        once += [(-1, refund) for refund in refunds]
        twice = data.draw(st.lists(st.sampled_from(once), max_size=2))
        arriving = data.draw(st.permutations([*once, *twice]))
        for one in TOGETHER[shop]:
            states = [self.bought(one, id, state, ago) for state in life]
            if one == TWIN:
                for refund in refunds:
                    self.deliver(one, id, refund)
                self.deliver(one, id, states[-1])
            else:
                for n, alone_ in arriving:
                    self.deliver(one, id, alone_ or states[n])
        self.compare()

    @precondition(lambda self: self.tills[BOOKS].coupons)
    @rule(
        ids=st.lists(order_ids, min_size=2, max_size=2, unique=True),
        states=st.tuples(written, written),
        data=st.data(),
    )
    def hand_on(self, ids: list[str], states: tuple[Written, Written], data: st.DataObject) -> None:
        """An order lets go of a reward that another then spends; their news comes in any order.

        The twin has no part in it: of two orders, whoever is decided first has the last place.
        """
        spends, spent_then = (replace(one, coupons=(("reward", 0),)) for one in states)
        news = [
            self.bought(BOOKS, ids[0], replace(spends, cancelled=False)),
            self.bought(BOOKS, ids[0], replace(spends, cancelled=True)),
            self.bought(BOOKS, ids[1], spent_then),
        ]
        for order in data.draw(st.permutations(news)):
            self.deliver(BOOKS, order.id, order)

    @rule(shop=shops, id=order_ids, n=which)
    def deliver_again(self, shop: str, id: str, n: int) -> None:
        """A state that was told before is told again: nothing changes."""
        for one in TOGETHER[shop]:
            if told := self.told.get((one, id)):
                before, last = self.books, max(told, key=lambda state: state.modified or START)
                state = nth(told, n)
                answer = self.deliver(one, id, state)
                assert isinstance(answer, Outcome)
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
                    self.deliver(one, id, other, confirmed=confirmed)
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
            if self.of[one].thanks.owed():
                self.alone(one, lambda of: of.thanks.keep(nth(of.thanks.owed(), n).id))

    @rule(
        shop=st.sampled_from([TEA, BOOKS, BOOKS, BOOKS]),
        id=st.sampled_from(["c-1", "c-3", *EMAILS, "f-9"]),
    )
    def forget(self, shop: str, id: str) -> None:
        before = {one: self.sums(one) for one in TOGETHER[shop]}
        self.reading(shop, lambda of: of.people.export(id))
        self.both(shop, lambda of, _: of.people.forget(id))
        self.alike &= shop != TEA
        assert {one: self.sums(one) for one in TOGETHER[shop]} == before

    @rule(shop=shops, id=order_ids, state=written, program=programs() | st.none())
    def ask(self, shop: str, id: str, state: Written, program: Program | None) -> None:
        """All that only asks."""
        order = self.filled(shop, "99", self.clock.at, self.clock.at, state)
        self.reading(shop, lambda of: of.programs.try_out(order, program=program))
        self.reading(shop, lambda of: of.credit.explain(id))
        self.reading(shop, lambda of: of.credit.replay(LONG_AGO, FAR_AHEAD, as_placed=True))
        self.reading(shop, lambda of: of.rewards.statement(LONG_AGO, FAR_AHEAD))
        for earner in ADVOCATES:
            self.reading(shop, partial(_what_they_have, earner.id))
        self.reading(shop, lambda of: (of.reviews.open(), of.thanks.owed(), of.programs.list()))

    @rule(troubles=st.lists(st.sampled_from(TROUBLES), max_size=5))
    def follow_up(self, troubles: list[str]) -> None:
        self.work(troubles)

    @rule(
        minutes=st.sampled_from([1, 10, 60 * 24, 60 * 24 * 3, 60 * 24 * 15, 60 * 24 * 40]),
        work=st.booleans(),
        troubles=st.lists(st.sampled_from(TROUBLES), max_size=4),
    )
    def wait(self, minutes: int, work: bool, troubles: list[str]) -> None:
        self.clock.on(minutes=minutes)
        if work:
            self.work(troubles)


def _what_they_have(id: str, of: Referrals) -> object:
    return of.rewards.list(id), of.rewards.balance(id)


# Where it is done.

EMPTY: Final = SQLite(":memory:")


@contextmanager
def in_memory(clock: Clock) -> Iterator[Engine]:
    engine = Engine(EMPTY.copied(), clock)
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


def machine(where: Opened) -> type[Machine]:
    class Here(Machine):
        opened = staticmethod(where)

    return Here


@pytest.fixture(autouse=True, scope="module")
def template() -> None:
    Engine(EMPTY).migrate()


# The suite plays the same lives everywhere; by hand, GOODWORD_EXAMPLES=2000 plays that many others.
BY_HAND: Final = "GOODWORD_EXAMPLES" in os.environ
EXAMPLES: Final = int(os.environ.get("GOODWORD_EXAMPLES", "24"))


@pytest.mark.slow
def test_every_invariant_holds_after_every_step() -> None:
    run_state_machine_as_test(
        machine(in_memory),
        settings=settings(max_examples=EXAMPLES, stateful_step_count=40, derandomize=not BY_HAND),
    )


@pytest.mark.slow
def test_they_hold_on_postgresql(postgresql: Server, migrated_postgresql: str) -> None:
    run_state_machine_as_test(
        machine(on(postgresql, migrated_postgresql)),
        settings=settings(
            max_examples=max(1, EXAMPLES // 4), stateful_step_count=40, derandomize=not BY_HAND
        ),
    )
