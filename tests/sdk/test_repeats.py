"""A friend's further orders are credited too, without new evidence, within the program's limits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from goodword import Order, Outcome, Referrals, Refund, Repeats, Rung, Terms, Visiting
from tests.sdk.builders import (
    DAY,
    PLACED,
    Clock,
    Street,
    a_program,
    a_shop_with,
    an_order,
    carol,
    gbp,
    later,
    reported,
    totals,
    used,
)


@pytest.fixture
def referrals(street: Street) -> Referrals:
    referrals = street.open_shop()
    a_shop_with(referrals, a_program(terms=Terms(repeats=Repeats(orders=3, days=100))))
    carol(referrals)
    return referrals


@pytest.fixture
def clock(street: Street, referrals: Referrals) -> Clock:
    return street.clock


def bought(
    referrals: Referrals, clock: Clock, id: str, after: timedelta, **changes: Any
) -> Outcome:
    """Let Bob order again, some time after his first order, with nothing that leads to anybody."""
    clock.to(PLACED + after)
    return referrals.record_order(further(id, clock.at, **changes))


def further(id: str, placed: datetime, **changes: Any) -> Order:
    whole = {"coupons": (), "placed": placed, "modified": placed, "paid": placed} | changes
    return an_order(id=id, **whole)


@pytest.fixture
def first(referrals: Referrals, clock: Clock) -> Order:
    clock.to(PLACED)
    referrals.record_order(an_order())
    return an_order()


@pytest.mark.usefixtures("first")
def test_a_further_order_is_credited_by_the_first(referrals: Referrals, clock: Clock) -> None:
    outcome = bought(referrals, clock, "18", DAY)
    assert (reported(outcome).advocate, reported(outcome).rung) == ("c-1", Rung.BOND)
    found = referrals.credit.explain("18").winner
    assert found is not None
    assert (found.source, found.at) == ("earlier:17", PLACED)
    assert totals(referrals, "18") == (0, 720)


@pytest.mark.usefixtures("first")
def test_no_more_orders_earn_than_the_program_says(referrals: Referrals, clock: Clock) -> None:
    reasons = [bought(referrals, clock, f"{n}", n * DAY).reasons for n in range(1, 5)]
    assert reasons == [(), (), ("cap_reached",), ("cap_reached",)]


@pytest.mark.usefixtures("first")
@pytest.mark.parametrize(
    ("after", "counts"),
    [(100 * DAY, True), (100 * DAY + timedelta(microseconds=1), False)],
)
def test_further_orders_count_until_the_days_run_out(
    referrals: Referrals, clock: Clock, after: timedelta, counts: bool
) -> None:
    outcome = bought(referrals, clock, "18", after)
    assert outcome.reasons == (() if counts else ("outside_window",))
    # The days are counted from the first order, not from one that it led to.
    bought(referrals, clock, "19", 60 * DAY)
    assert bought(referrals, clock, "20", 120 * DAY).reasons == ("outside_window",)


@pytest.mark.usefixtures("first")
def test_a_further_order_of_somebody_else_is_not_credited(
    referrals: Referrals, clock: Clock
) -> None:
    outcome = bought(referrals, clock, "18", DAY, email="eve@friend.example")
    assert outcome.result == "unattributed"


@pytest.mark.usefixtures("first")
def test_it_is_a_bond_and_beats_a_code_and_a_visit(referrals: Referrals, clock: Clock) -> None:
    visit = referrals.record_visit(Visiting(code="CAROL"))
    outcome = bought(referrals, clock, "18", DAY, coupons=used("ref-carol"), visit=visit.id)
    assert (reported(outcome).advocate, reported(outcome).rung) == ("c-1", Rung.BOND)


@pytest.mark.parametrize(
    "undone", [{"cancelled": PLACED}, {"refunded": True}, {"disputed": PLACED}]
)
def test_a_first_order_that_was_reversed_leads_to_nobody(
    referrals: Referrals, clock: Clock, first: Order, undone: dict[str, Any]
) -> None:
    referrals.record_order(later(first, **undone))
    assert bought(referrals, clock, "18", DAY).result == "unattributed"


def test_a_first_order_that_was_never_paid_leads_to_nobody(
    referrals: Referrals, clock: Clock
) -> None:
    clock.to(PLACED)
    referrals.record_order(an_order(paid=None))
    assert bought(referrals, clock, "18", DAY).result == "unattributed"


def test_what_became_of_the_first_order_later_is_not_asked_again(
    referrals: Referrals, clock: Clock, first: Order
) -> None:
    bought(referrals, clock, "18", DAY)
    referrals.record_order(later(first, refunded=True))
    assert totals(referrals) == (0, 0)
    second = further("18", PLACED + DAY)
    outcome = referrals.record_order(later(second, net=gbp("60.00")))
    assert (reported(outcome).advocate, outcome.reasons) == ("c-1", ())
    referrals.record_refund("18", Refund(id="r", gross=gbp("36.00")))
    assert totals(referrals, "18") == (0, 300)
    # An order that turns out to be somebody else's is another matter.
    other = referrals.record_order(later(second, 2, email="eve@friend.example"))
    assert other.result == "unattributed"


def test_without_repeats_each_order_needs_evidence_of_its_own(
    street: Street,
) -> None:
    referrals = street.open_shop()
    a_shop_with(referrals)
    street.clock.to(PLACED)
    referrals.record_order(an_order())
    assert bought(referrals, street.clock, "18", DAY).result == "unattributed"
