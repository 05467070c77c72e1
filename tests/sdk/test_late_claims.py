"""A claim, or its confirming, that comes after the order decides it as if it had come before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from goodword import Candidate, Claiming, Referrals, Rung, Terms
from tests.sdk.builders import (
    INSTANT,
    PLACED,
    START,
    Clock,
    Street,
    a_program,
    a_shop_with,
    an_order,
    carol,
    totals,
)

pytestmark = pytest.mark.slow

BOB = {"email": "bob@friend.example"}
GRACE = timedelta(days=3)
CAROLS = {"coupons": (), "code": "CAROL"}


@pytest.fixture
def referrals(street: Street) -> Referrals:
    referrals = street.open_shop()
    a_shop_with(referrals)
    carol(referrals)
    street.clock.to(PLACED)
    return referrals


@pytest.fixture
def clock(street: Street, referrals: Referrals) -> Clock:
    return street.clock


def winner(referrals: Referrals) -> Candidate | None:
    return referrals.credit.explain("17").winner


def rung(referrals: Referrals) -> Rung | None:
    found = winner(referrals)
    return found.rung if found else None


@pytest.mark.parametrize(
    ("after", "counts"), [(timedelta(), True), (GRACE, True), (GRACE + INSTANT, False)]
)
def test_a_claim_after_the_order_counts_within_the_grace(
    referrals: Referrals, clock: Clock, after: timedelta, counts: bool
) -> None:
    referrals.record_order(an_order(coupons=()))
    clock.to(PLACED + after)
    referrals.claim(Claiming(code="ALICE10", **BOB))
    assert rung(referrals) is (Rung.CLAIM if counts else None)
    assert totals(referrals) == (0, 720 if counts else 0)


def test_a_late_claim_says_in_the_book_what_caused_it(referrals: Referrals) -> None:
    referrals.record_order(an_order(coupons=()))
    claim = referrals.claim(Claiming(code="ALICE10", **BOB))
    (entry,) = referrals.credit.explain("17").entries
    assert entry.cause == f"claim:{claim.id}"


def test_a_late_claim_takes_nothing_from_stronger_evidence(referrals: Referrals) -> None:
    referrals.record_order(an_order(**CAROLS))
    referrals.claim(Claiming(code="ALICE10", **BOB))
    assert rung(referrals) is Rung.COUPON
    assert totals(referrals, advocate="c-2") == (0, 720)


def test_the_grace_is_the_one_of_the_version_that_the_order_was_placed_under(
    referrals: Referrals, clock: Clock
) -> None:
    referrals.record_order(an_order(coupons=()))
    clock.on(days=2)
    referrals.programs.save(a_program(terms=Terms(grace_days=0)))
    referrals.claim(Claiming(code="ALICE10", **BOB))
    assert totals(referrals) == (0, 720)


@pytest.mark.parametrize(
    ("after", "expected"), [(GRACE, Rung.BOND), (GRACE + INSTANT, Rung.COUPON)]
)
def test_confirming_after_the_order_makes_a_bond_within_the_grace(
    referrals: Referrals, clock: Clock, after: timedelta, expected: Rung
) -> None:
    claim = referrals.claim(Claiming(code="ALICE10", **BOB))
    referrals.record_order(an_order(**CAROLS))
    assert rung(referrals) is Rung.COUPON
    clock.to(PLACED + after)
    assert referrals.confirm(claim.id).confirmed == clock.at
    assert rung(referrals) is expected
    credited = "c-1" if expected is Rung.BOND else "c-2"
    assert totals(referrals, advocate=credited) == (0, 720)


def test_confirming_twice_changes_nothing(referrals: Referrals, clock: Clock) -> None:
    claim = referrals.claim(Claiming(code="ALICE10", **BOB))
    first = referrals.confirm(claim.id)
    assert first.confirmed == PLACED
    clock.on(days=1)
    assert referrals.confirm(claim.id) == first


def test_a_claim_that_was_confirmed_too_late_for_one_order_is_a_bond_for_the_next(
    referrals: Referrals, clock: Clock
) -> None:
    claim = referrals.claim(Claiming(code="ALICE10", **BOB))
    referrals.record_order(an_order(**CAROLS))
    clock.on(days=10)
    referrals.confirm(claim.id)
    placed = clock.at
    referrals.record_order(an_order(id="18", placed=placed, modified=placed, **CAROLS))
    assert rung(referrals) is Rung.COUPON
    found = referrals.credit.explain("18").winner
    assert found is not None
    assert (found.rung, found.advocate) == (Rung.BOND, "c-1")


# In whatever order they arrive.

contacts = st.sampled_from(
    [
        BOB,
        {"phone": "+886912345678"},
        {"account": "c-9"},
        {**BOB, "phone": "0912345678"},
        {**BOB, "account": "c-9"},
        {"phone": "+886912345678", "account": "c-9"},
    ]
)
told = st.sampled_from(
    [
        BOB,
        {**BOB, "phone": "0912345678", "customer": "c-9"},
        {**BOB, "customer": "c-9"},
        {"email": None, "phone": "0912345678"},
        {"email": None, "customer": "c-9"},
        {"email": None, "phone": "0912345678", "customer": "c-9"},
        {"email": "bob+tea@friend.example", "phone": "0912345678"},
    ]
)
hours = st.integers(-40 * 24, 5 * 24).map(lambda count: timedelta(hours=count))


@settings(max_examples=40)
@given(
    claimed=hours,
    confirmed=st.none() | st.integers(0, 30 * 24).map(lambda count: timedelta(hours=count)),
    contact=contacts,
    told=told,
    account=st.sampled_from([None, "c-9"]),
    typed=st.booleans(),
)
@example(timedelta(hours=1), None, {"account": "c-9"}, {**BOB, "customer": "c-9"}, None, False)
@example(
    -timedelta(days=20), timedelta(days=25), BOB, {"email": None, "customer": "c-9"}, "c-9", False
)
@example(
    timedelta(),
    None,
    {"phone": "+886912345678", "account": "c-9"},
    {"email": None, "phone": "0912345678"},
    None,
    False,
)
@example(
    timedelta(),
    None,
    {"phone": "+886912345678"},
    {"email": None, "phone": "0912345678", "customer": "c-9"},
    None,
    False,
)
def test_an_order_ends_alike_whether_it_is_reported_before_or_after_the_claim(
    street: Street,
    claimed: timedelta,
    confirmed: timedelta | None,
    contact: dict[str, Any],
    told: dict[str, Any],
    account: str | None,
    typed: bool,
) -> None:
    order = an_order(**(CAROLS if typed else {"coupons": ()}) | told)

    def ending(reported: datetime) -> object:
        """Let it all happen in a fresh shop, each at its moment."""
        referrals = street.open_shop()
        street.clock.to(START - timedelta(days=60))
        a_shop_with(referrals)
        carol(referrals)
        made: list[str] = []

        def claim() -> None:
            made.append(referrals.claim(Claiming(code="ALICE10", **contact)).id)

        happening: list[tuple[datetime, int, Callable[[], object]]] = [
            (PLACED + claimed, 1, claim),
            (reported, 0, lambda: referrals.record_order(order)),
        ]
        if confirmed is not None:
            confirm = lambda: referrals.confirm(made[0], account=account)  # noqa: E731
            happening.append((PLACED + claimed + confirmed, 2, confirm))
        for at, _, deed in sorted(happening, key=lambda one: one[:2]):
            street.clock.to(at)
            deed()
        found = winner(referrals)
        return (
            (found.rung, found.advocate, found.at) if found else None,
            totals(referrals),
            totals(referrals, advocate="c-2"),
        )

    assert ending(PLACED) == ending(PLACED + timedelta(days=90))
