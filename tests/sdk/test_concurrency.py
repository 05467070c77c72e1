"""Whatever many threads and processes tell of an order at once, it ends at its newest state."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial

import pytest

from goodword import (
    Code,
    Order,
    OrderConflict,
    Referrals,
    Refund,
    RefundConflict,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import (
    COMPLETED,
    HALF,
    ON_HOLD,
    PAID,
    REFUND_18,
    REFUND_19,
    a_shop_with,
    an_order,
    gbp,
    standing,
    totals,
)
from tests.sdk.crowd import SHOP, Call, Crowd, a_database, tell, troubles

pytestmark = pytest.mark.slow


@pytest.fixture(params=["sqlite", "postgresql", "postgresql, serializable", "pgbouncer"])
def url(request: pytest.FixtureRequest) -> str:
    return a_database(request)


def tell_refund(refund: Refund, engine: Engine) -> str:
    return engine.of(SHOP).record_refund("17", refund).result


def alone(engine: Engine, newest: Order, *refunds: Refund) -> tuple[int, int]:
    """What is booked where nothing else was ever told."""
    referrals = engine.of("a-quiet-shop")
    a_shop_with(referrals)
    for refund in refunds:
        referrals.record_refund("17", refund)
    referrals.record_order(newest)
    return totals(referrals)


AN_EIGHTH = replace(REFUND_19, gross=gbp("9.00"))
LIFE = [ON_HOLD, PAID, COMPLETED, HALF]


def test_a_new_order_told_by_all_is_booked_once(
    crowd: Crowd, referrals: Referrals, code: Code
) -> None:
    said = crowd.all([partial(tell, an_order())] * 3)
    assert Counter(said) == {"created": 1, "duplicate": 3 * crowd.size - 1}
    assert totals(referrals) == (800, 720)


def test_many_new_orders_told_by_all_are_booked_once_each(
    crowd: Crowd, referrals: Referrals, code: Code
) -> None:
    orders = [an_order(id=str(number)) for number in range(10)]
    said = crowd.all(partial(tell, order) for order in orders)
    assert Counter(said) == {"created": 10, "duplicate": 10 * (crowd.size - 1)}
    assert standing(referrals).waiting == 10 * 720


def test_states_in_any_sequence_end_at_the_newest(
    crowd: Crowd, engine: Engine, referrals: Referrals, code: Code
) -> None:
    said = crowd.all(partial(tell, state) for state in LIFE * 2)
    assert troubles(said) == []
    assert Counter(said)["created"] == 1
    assert totals(referrals) == alone(engine, HALF) == (400, 360)
    assert referrals.credit.explain("17").state == replace(HALF, email=None)


def test_two_truths_for_one_moment_are_a_conflict_until_a_later_one_comes(
    crowd: Crowd, referrals: Referrals, code: Code
) -> None:
    referrals.record_order(ON_HOLD)
    other = replace(PAID, net=gbp("36.00"), gross=gbp("36.00"))
    said = crowd.all([partial(tell, PAID), partial(tell, other)])
    # Who was first is believed; each speaker told the other truth once.
    assert len(troubles(said)) == crowd.size
    assert {type(error) for error in troubles(said)} == {OrderConflict}
    assert Counter(said)["updated"] == 1
    assert totals(referrals) in {(800, 720), (800, 360)}
    said = crowd.all([partial(tell, one) for one in (PAID, other, COMPLETED)])
    assert {type(error) for error in troubles(said)} <= {OrderConflict}
    assert totals(referrals) == (800, 720)


def test_refunds_told_alone_join_their_order(
    crowd: Crowd, engine: Engine, referrals: Referrals, code: Code
) -> None:
    calls: list[Call[str]] = [partial(tell, state) for state in LIFE]
    calls += [partial(tell_refund, refund) for refund in (REFUND_18, AN_EIGHTH)]
    said = crowd.all(calls)
    assert troubles(said) == []
    # Half by its lines, and an eighth by its amount.
    assert totals(referrals) == alone(engine, HALF, REFUND_18, AN_EIGHTH) == (300, 270)


def test_two_truths_of_one_refund_are_a_conflict(
    crowd: Crowd, referrals: Referrals, code: Code
) -> None:
    referrals.record_order(COMPLETED)
    said = crowd.all([partial(tell_refund, AN_EIGHTH), partial(tell_refund, REFUND_19)])
    assert len(troubles(said)) == crowd.size
    assert {type(error) for error in troubles(said)} == {RefundConflict}
    assert totals(referrals) in {(700, 630), (400, 360)}
