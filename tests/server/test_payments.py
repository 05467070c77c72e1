"""How an order was paid, or not, and what becomes of its reward: as real shops tell it."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodword.storage.tables import entries
from goodword_server.house import House
from goodword_server.worker import Worker
from goodword_woocommerce.standin import (
    Recorded,
    StandIn,
    derived,
    names,
    recorded,
    signed,
)
from tests.sdk.builders import Clock, carol, standing, totals
from tests.server.builders import (
    ON_HOLD,
    PAID,
    REFUND_18,
    REFUND_19,
    Place,
    a_place,
    rows,
)
from tests.server.delivering import order

pytestmark = pytest.mark.slow

COD = "order-created-block-cod-coupon"
COD_DONE = "order-updated-cod-completed"
BEFORE_CREATED = "order-updated-before-created"


def later(what: str, minute: int, **changes: Any) -> Recorded:
    return derived(what, date_modified_gmt=f"2026-11-22T10:{minute:02}:00", **changes)


def tell(shop: Place, standin: StandIn, *what: str | Recorded) -> None:
    """The shop stands so, says so, and it is read."""
    for one in what:
        standin.shop.show(one)
        assert shop.deliver(one) == 200
        Worker(shop.house).once()


def stands(shop: Place, id: str) -> tuple[str, tuple[str, ...]]:
    found = shop.referrals.credit.explain(id)
    assert found.referral is not None
    return str(found.referral.state), tuple(map(str, found.referral.reasons))


@pytest.fixture
def day(shop: Place) -> Place:
    carol(shop.referrals)
    return shop


def test_cash_on_delivery_earns_when_it_was_paid_and_not_before(
    day: Place, standin: StandIn, clock: Clock
) -> None:
    clock.to(datetime(2026, 11, 22, 9, 30, tzinfo=UTC))
    # As it was recorded: the update came before the creation, and both say unpaid.
    tell(day, standin, BEFORE_CREATED, COD)
    assert recorded(COD).json["status"] == "processing"
    assert stands(day, "16") == ("pending", ("not_paid",))
    assert totals(day.referrals, "16") == (0, 0)
    tell(day, standin, COD_DONE)
    assert stands(day, "16") == ("qualified", ())
    paid = recorded(COD_DONE).json["date_paid_gmt"]
    (reward,) = [one for one in day.referrals.rewards.list("c-1") if one.order == "16"]
    assert reward.release is not None
    # The clock of the hold starts with the payment, not with the order.
    assert (reward.release - datetime.fromisoformat(paid).replace(tzinfo=UTC)).days == 14


def test_a_bank_transfer_earns_once_the_owner_saw_the_money(day: Place, standin: StandIn) -> None:
    tell(day, standin, ON_HOLD)
    assert stands(day, "17") == ("pending", ("not_paid",))
    tell(day, standin, PAID)
    assert stands(day, "17") == ("qualified", ())
    assert totals(day.referrals) == (800, 720)


def test_a_transfer_that_was_waited_for_again_earns_nothing_meanwhile(
    day: Place, standin: StandIn
) -> None:
    tell(day, standin, PAID, later(PAID, 1, status="on-hold"))
    assert stands(day, "17") == ("pending", ("not_paid",))
    tell(day, standin, later(PAID, 2))
    assert stands(day, "17") == ("qualified", ())


def test_a_free_order_earns_a_share_of_nothing(day: Place, standin: StandIn) -> None:
    lines = recorded(PAID).json["line_items"]
    free = [line | {"total": "0.00", "total_tax": "0.00"} for line in lines]
    tell(day, standin, derived(PAID, total="0.00", line_items=free))
    state, _ = stands(day, "17")
    assert state in ("qualified", "pending")
    assert [row for row in rows(day.house, entries) if row["part"] == "reward"] == []


def test_a_payment_that_failed_and_was_tried_again_earns(day: Place, standin: StandIn) -> None:
    tell(day, standin, derived(ON_HOLD, status="failed"))
    assert totals(day.referrals) == (0, 0)
    tell(day, standin, later(PAID, 1))
    assert stands(day, "17") == ("qualified", ())
    assert totals(day.referrals) == (800, 720)


def test_a_cancelled_order_earns_nothing_and_comes_back_when_it_is_reopened(
    day: Place, standin: StandIn
) -> None:
    tell(day, standin, PAID, later(PAID, 1, status="cancelled"))
    assert stands(day, "17")[1] == ("cancelled",)
    assert totals(day.referrals) == (0, 0)
    tell(day, standin, later(PAID, 2, status="processing"))
    assert totals(day.referrals) == (800, 720)


def test_a_trashed_order_earns_nothing_until_it_is_restored(day: Place, standin: StandIn) -> None:
    tell(day, standin, PAID)
    tell(day, standin, signed(b'{"id":17}', "order.deleted"))
    assert totals(day.referrals) == (0, 0)
    back = derived(PAID, "order.restored", date_modified_gmt="2026-11-22T10:03:00")
    tell(day, standin, back)
    assert totals(day.referrals) == (800, 720)


def test_set_to_refunded_by_hand_earns_nothing(day: Place, standin: StandIn) -> None:
    tell(day, standin, PAID, later(PAID, 1, status="refunded", refunds=[]))
    assert stands(day, "17") == ("reversed", ("refunded",))
    assert totals(day.referrals) == (0, 0)


def test_an_order_that_was_refunded_before_we_heard_of_it_never_earned(
    day: Place, standin: StandIn
) -> None:
    tell(day, standin, "order-created-already-refunded")
    assert order(day, "27").refunded
    assert rows(day.house, entries) == []


def test_two_orders_with_one_delivery_id_both_count(day: Place, standin: StandIn) -> None:
    pair = [f"order-created-same-delivery-id-{one}" for one in "ab"]
    first, second = (recorded(name) for name in pair)
    header = "X-WC-Webhook-Delivery-ID"
    assert first.headers[header] == second.headers[header]
    assert first.json["id"] != second.json["id"]
    tell(day, standin, *pair)
    for one in (first, second):
        assert order(day, str(one.json["id"])).gross.minor > 0


def test_prices_with_tax_earn_by_what_the_goods_cost_without_it(
    day: Place, standin: StandIn
) -> None:
    # 60.00 of goods and 12.00 of tax, in a shop whose prices include it.
    lines = [
        line | {"total": "60.00", "total_tax": "12.00"}
        for line in recorded(PAID).json["line_items"]
    ]
    with_tax: dict[str, Any] = {"prices_include_tax": True, "total": "72.00", "total_tax": "12.00"}
    tell(day, standin, derived(PAID, line_items=lines[:1], **with_tax))
    assert order(day).net.minor == 6000
    assert totals(day.referrals)[1] == 600


def test_what_was_spent_before_a_refund_is_owed_back(
    day: Place, standin: StandIn, clock: Clock
) -> None:
    tell(day, standin, PAID)
    clock.on(days=15)
    Worker(day.house).once()
    (coupon,) = standin.shop.coupons.by_id.values()
    standin.shop.use_coupon(coupon["code"], "alice@shop.example")
    standin.shop.show(REFUND_19)
    for name in (REFUND_18, REFUND_19):
        assert day.deliver(name) == 200
    Worker(day.house).once()
    assert standing(day.referrals).owed_back == -720


# All that was ever recorded, in any order, any number of times.

ORDERS = tuple(name for name in names() if name.startswith("order-"))
_shops = count()


def newest_of_each() -> dict[int, Recorded]:
    newest: dict[int, Recorded] = {}
    for name in ORDERS:
        one = recorded(name)
        if "line_items" not in one.json:
            continue
        kept = newest.get(one.json["id"])
        if kept is None or kept.json["date_modified_gmt"] <= one.json["date_modified_gmt"]:
            newest[one.json["id"]] = one
    return newest


def lived(house: House, arrivals: list[str], read_after: set[int]) -> list[tuple[Any, ...]]:
    """Let a shop that stands as it last did say all this; return what its book says."""
    name = f"shop-{next(_shops)}"
    with StandIn() as standin:
        shop = a_place(house, shop=name, url=standin.url)
        carol(shop.referrals)
        for one in newest_of_each().values():
            standin.shop.show(one)
        standin.shop.show("order-deleted")
        for place, arriving in enumerate(arrivals):
            assert shop.deliver(arriving) == 200
            if place in read_after:
                Worker(house).once()
        for _ in range(3):
            Worker(house).once()
        dead = [
            row["verdict"] for row in shop.inbox() if row["shop"] == name and row["state"] != "read"
        ]
        assert dead == []
    sums: dict[tuple[str, ...], int] = {}
    for row in rows(house, entries):
        if row["shop"] == name:
            for account, sign in ((row["target"], 1), (row["source"], -1)):
                key = (row["order_id"], row["part"], row["advocate"], account, row["unit"])
                sums[key] = sums.get(key, 0) + sign * row["amount"]
    return sorted((*key, amount) for key, amount in sums.items() if amount)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    arrivals=st.permutations(ORDERS * 2),
    read_after=st.sets(st.integers(0, 2 * len(ORDERS)), max_size=6),
)
def test_all_captures_in_any_order_end_in_the_same_book(
    house: House, arrivals: list[str], read_after: set[int]
) -> None:
    assert lived(house, arrivals, read_after) == lived(house, list(ORDERS), set())
