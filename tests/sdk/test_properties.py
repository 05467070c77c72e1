"""However its states arrive, an order ends where its newest state alone would have led."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import goodword
from goodword import (
    Account,
    CodeVia,
    Entry,
    Landing,
    Order,
    Part,
    Referrals,
    Refund,
    RefundedLine,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import (
    COMPLETED,
    HALF,
    NOTHING,
    ON_HOLD,
    PAID,
    PLACED,
    REFUND_18,
    REFUND_19,
    Clock,
    Street,
    a_program,
    a_shop_with,
    an_order,
    booked,
    carol,
    gbp,
    on,
    used,
)
from tests.sdk.tills import TROUBLES, Coupons, at_the

pytestmark = pytest.mark.slow

WHO = ("c-1", "c-2")


def a_fresh_shop(street: Street) -> Referrals:
    referrals = street.open_shop()
    a_shop_with(referrals)
    carol(referrals)
    return referrals


Totals = dict[tuple[Part, str], int]
Facts = tuple[Totals, Sequence[str], str | None]


def ended(referrals: Referrals) -> Facts:
    """What stands booked, for whom, and why no more."""
    explained = referrals.credit.explain("17")
    check_book(explained.entries)
    totals = {(part, who): booked(explained.entries, part, who) for part in Part for who in WHO}
    winner = explained.winner.source if explained.winner else None
    return totals, explained.reasons, winner


def check_book(entries: Sequence[Entry]) -> None:
    """Hold the book against what is true of every book, at every moment of its writing."""
    held: dict[tuple[Part, str, str, Account], int] = {}
    for entry in entries:
        assert entry.worth.minor > 0
        whose = (entry.part, entry.advocate, entry.worth.unit)
        for account, amount in (
            (entry.source, -entry.worth.minor),
            (entry.target, entry.worth.minor),
        ):
            held[(*whose, account)] = held.get((*whose, account), 0) + amount
        assert sum(amount for key, amount in held.items() if key[:3] == whose) == 0
        for (*_, account), amount in held.items():
            # Booked is what flowed out of the promise; a debt is what is owed back.
            below = account in (Account.GRANTED, Account.OWED_BACK)
            assert amount <= 0 if below else amount >= 0


def from_newest_alone(street: Street, states: Sequence[Order], alone: Sequence[Refund]) -> Facts:
    referrals = a_fresh_shop(street)
    for refund in alone:
        referrals.record_refund("17", refund)
    referrals.record_order(max(states, key=lambda order: order.modified or PLACED))
    return ended(referrals)


# The five recorded states of order 17.

STATES = [ON_HOLD, PAID, COMPLETED, HALF, NOTHING]
ENDS = {ON_HOLD: (0, 0), PAID: (800, 720), COMPLETED: (800, 720), HALF: (400, 360), NOTHING: (0, 0)}


@settings(max_examples=30)
@given(arriving=st.integers(1, 5).flatmap(lambda many: st.permutations(STATES[:many] * 2)))
def test_order_17_ends_the_same_in_any_order_twice(street: Street, arriving: list[Order]) -> None:
    referrals = a_fresh_shop(street)
    for order in arriving:
        referrals.record_order(order)
    newest = max(arriving, key=STATES.index)
    totals, _, _ = ended(referrals)
    assert (totals[Part.OFFER, "c-1"], totals[Part.REWARD, "c-1"]) == ENDS[newest]


@settings(max_examples=40)
@given(
    arriving=st.permutations([*STATES[:4], REFUND_18, REFUND_18, REFUND_19]),
    until=st.integers(3, 7),
)
def test_its_refunds_may_arrive_alone(
    street: Street, arriving: list[Order | Refund], until: int
) -> None:
    arrived = arriving[:until]
    states = [one for one in arrived if isinstance(one, Order)]
    refunds = [one for one in arrived if isinstance(one, Refund)]
    assume(states)
    referrals = a_fresh_shop(street)
    deliver(referrals, arrived)
    assert ended(referrals) == from_newest_alone(street, states, refunds)


def deliver(referrals: Referrals, arriving: Sequence[Order | Refund]) -> None:
    for one in arriving:
        if isinstance(one, Order):
            referrals.record_order(one)
        else:
            referrals.record_refund("17", one)


# Any states of any order.

LONG_AGO = PLACED - timedelta(days=31)
REFUNDS = (
    REFUND_18,
    REFUND_19,
    Refund(id="20", gross=gbp("10.00"), lines=()),
    Refund(id="21", gross=gbp("7.77")),
    Refund(id="22", gross=gbp("1.00"), lines=(RefundedLine(line="5", net=gbp("9.99")),)),
)
moments_paid = st.sampled_from([PLACED, PLACED + timedelta(hours=3), None])
amounts = st.sampled_from(["0", "0.07", "36.00", "72.00", "81.93"]).map(gbp)
subsets_of_refunds = st.lists(st.sampled_from(REFUNDS), unique=True, max_size=3).map(tuple)
coupons = st.lists(
    st.sampled_from(["ref-alice10", "ref-carol", "fix5"]), unique=True, max_size=3
).map(lambda texts: sum(map(used, texts), ()))
single_states = st.builds(
    Order,
    id=st.just("17"),
    placed=st.just(PLACED),
    net=amounts,
    gross=st.just(gbp("81.93")),
    paid=moments_paid,
    cancelled=st.sampled_from([None, None, None, PLACED]),
    refunded=st.sampled_from([False, False, False, True]),
    coupons=coupons,
    code=st.sampled_from([None, "ALICE10", "CAROL"]),
    code_via=st.sampled_from(CodeVia),
    landing=st.sampled_from([None, Landing(code="CAROL"), Landing(code="CAROL", at=LONG_AGO)]),
    customer=st.sampled_from([None, None, "c-1", "c-9"]),
    email=st.sampled_from(["bob@friend.example", "carol+x@shop.example", "eve@friend.example"]),
    refunds=subsets_of_refunds,
)


def numbered(states: list[Order]) -> list[Order]:
    moments = (PLACED + timedelta(seconds=second) for second in range(len(states)))
    return [replace(state, modified=at) for state, at in zip(states, moments, strict=True)]


lives = st.lists(single_states, min_size=1, max_size=5).map(numbered)


@settings(max_examples=40)
@given(life=lives, alone=subsets_of_refunds, data=st.data())
def test_any_order_ends_where_its_newest_state_leads(
    street: Street, life: list[Order], alone: tuple[Refund, ...], data: st.DataObject
) -> None:
    once: list[Order | Refund] = [*life, *alone]
    again = data.draw(st.lists(st.sampled_from(once)))
    arriving = data.draw(st.permutations([*once, *again]))
    referrals = a_fresh_shop(street)
    deliver(referrals, arriving)
    assert ended(referrals) == from_newest_alone(street, life, alone)


# Whatever follows, and whatever fails.


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with a shop in it, to be copied for each example."""
    path = tmp_path_factory.mktemp("template") / "goodword.db"
    engine = goodword.embed(f"sqlite:///{path}", clock=Clock())
    engine.migrate()
    a_shop_with(engine.of("tea-house"), a_program())
    carol(engine.of("tea-house"))
    engine.close()
    return path


@contextmanager
def opened(template: Path, clock: Clock) -> Iterator[Engine]:
    with TemporaryDirectory() as folder:
        engine = goodword.embed(f"sqlite:///{shutil.copy(template, folder)}", clock=clock)
        yield engine
        engine.close()


paying = st.builds(
    an_order,
    net=amounts,
    gross=st.just(gbp("81.93")),
    coupons=st.sampled_from([*[used("ref-alice10")] * 3, used("ref-carol")]),
    cancelled=st.sampled_from([None, None, None, PLACED]),
    refunds=subsets_of_refunds,
)
Step = Order | Refund | timedelta | list[str]
steps: st.SearchStrategy[Step] = st.one_of(
    paying,
    st.sampled_from(REFUNDS),
    st.sampled_from([timedelta(minutes=1), timedelta(days=18)]),
    st.lists(st.sampled_from(TROUBLES), max_size=4),
)


@settings(max_examples=40)
@given(life=st.lists(steps, min_size=3, max_size=15))
def test_the_shop_has_given_what_the_book_says(template: Path, life: list[Step]) -> None:
    clock, coupons = Clock(), Coupons()
    till = at_the(coupons)
    with opened(template, clock) as engine:
        referrals = engine.of("tea-house")
        referrals.record_order(an_order())
        for second, step in enumerate(life, start=1):
            if isinstance(step, Order):
                referrals.record_order(replace(step, modified=PLACED + timedelta(seconds=second)))
            elif isinstance(step, Refund):
                referrals.record_refund("17", step)
            elif isinstance(step, timedelta):
                clock.at += step
            else:
                coupons.troubles = list(step)
                engine.work(till)
        settle(engine, clock, coupons)
        entries = referrals.credit.explain("17").entries
        check_book(entries)
        assert coupons.faults == []
        assert coupons.spendable() == on(entries, Account.GIVEN)


def settle(engine: Engine, clock: Clock, coupons: Coupons) -> None:
    """Let every deed have its time, with a shop that is well again."""
    coupons.troubles = []
    for _ in range(3):
        clock.on(days=20)
        engine.work(at_the(coupons))
    clock.on(days=20)
    assert engine.work(at_the(coupons)) == 0
