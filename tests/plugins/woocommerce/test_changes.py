"""What changed at the shop since a moment: listed past pages, zones and changes meanwhile."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from goodword.errors import TillDown, TillRefused
from goodword.model.order import Order
from goodword.platforms import Unreadable
from goodword_woocommerce.client import Client
from goodword_woocommerce.standin import Fault, StandIn, derived, recorded
from goodword_woocommerce.standin.shop import _ANSWERS, Answer, Shop, error
from goodword_woocommerce.till import WooTill

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PAID = "order-updated-bacs-processing-paid"


def show(
    standin: StandIn, id: int, at: datetime, zone: str = "America/New_York", **more: Any
) -> None:
    """Let an order stand that changed at a moment, in a shop of this zone."""
    local = f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M:%S}"
    gmt = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
    moments = {"date_modified": local, "date_modified_gmt": gmt}
    standin.shop.show(derived(PAID, id=id, **{**moments, **more}))


def ids(found: Iterator[Order | Unreadable]) -> list[str]:
    return [order.id for order in found]


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def patient(standin: StandIn, pauses: list[float]) -> WooTill:
    return WooTill(Client(standin.installation("bean"), pause=pauses.append), {})


def test_what_changed_comes_oldest_first_and_what_was_before_does_not(
    standin: StandIn, till: WooTill
) -> None:
    for id, minute in ((4, 30), (3, 10), (2, -10), (1, 20)):
        show(standin, id, START + timedelta(minutes=minute))
    assert ids(till.orders_since(START)) == ["3", "1", "4"]


def test_what_changed_at_the_very_moment_is_among_it(standin: StandIn, till: WooTill) -> None:
    show(standin, 1, START)
    assert ids(till.orders_since(START)) == ["1"]
    assert ids(till.orders_since(START + timedelta(milliseconds=500))) == ["1"]
    assert ids(till.orders_since(START + timedelta(seconds=2))) == []


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Taipei", "UTC", "Pacific/Kiritimati"])
def test_shops_east_and_west_of_greenwich_tell_the_same(
    standin: StandIn, till: WooTill, zone: str
) -> None:
    show(standin, 1, START - timedelta(minutes=1), zone)
    show(standin, 2, START + timedelta(minutes=1), zone)
    for offset in (-8, 0, 8):
        asked = START.astimezone(timezone(timedelta(hours=offset)))
        assert ids(till.orders_since(asked)) == ["2"]


def test_the_stand_in_misreads_moments_as_the_real_shop_does(standin: StandIn) -> None:
    show(standin, 1, START + timedelta(minutes=1))
    asking = Client(standin.installation("bean"))

    def found(since: str, **more: str) -> int:
        return len(list(asking.many("orders", status="any", modified_after=since, **more)))

    assert found("2026-11-22T09:00:00", dates_are_gmt="true") == 1
    # Bare it is read as the shop's own time, and with its zone it is shifted twice.
    assert found("2026-11-22T09:00:00") == 0
    assert found("2026-11-22T13:00:00Z", dates_are_gmt="true") == 1


def test_more_than_a_page_is_told_each_once(standin: StandIn, till: WooTill) -> None:
    for id in range(1, 251):
        show(standin, id, START + timedelta(seconds=id))
    assert ids(till.orders_since(START)) == [str(id) for id in range(1, 251)]


def test_many_that_changed_in_one_second_are_told_each_once(
    standin: StandIn, till: WooTill
) -> None:
    # As when the owner closes 250 orders with one click.
    for id in range(1, 251):
        show(standin, id, START)
    assert ids(till.orders_since(START)) == [str(id) for id in range(1, 251)]


def test_an_order_that_changes_while_pages_are_read_hides_no_other(
    standin: StandIn, till: WooTill
) -> None:
    for id in range(1, 151):
        show(standin, id, START + timedelta(seconds=id))
    reading = till.orders_since(START)
    first = ids(islice(reading, 50))
    # It goes to the end, and every order behind it moves up by one.
    show(standin, 10, START + timedelta(seconds=1000))
    rest = ids(reading)
    assert [*first, *rest] == [*map(str, range(1, 151)), "10"]


def test_refunds_come_with_their_lines(standin: StandIn, till: WooTill) -> None:
    standin.shop.show("order-updated-partial-refund")
    (order,) = till.orders_since(START)
    assert isinstance(order, Order)
    assert order == till.order("17")
    assert order.refunds[0].lines is not None


def test_each_order_is_told_as_its_webhook_tells_it(standin: StandIn, till: WooTill) -> None:
    for name in ("order-created-classic-attribution-coupon", "order-updated-cancelled", PAID):
        standin.shop.show(name)
    told = {order.id: order for order in till.orders_since(START - timedelta(days=1))}
    assert len(told) == 3
    for id, order in told.items():
        assert order == till.order(id)


def test_one_that_cannot_be_understood_is_named_and_hides_no_other(
    standin: StandIn, till: WooTill
) -> None:
    show(standin, 1, START)
    show(standin, 2, START + timedelta(seconds=1), total="72.005")
    show(standin, 3, START + timedelta(seconds=2))
    one, two, three = till.orders_since(START)
    assert (one.id, three.id) == ("1", "3")
    assert isinstance(two, Unreadable)
    assert "total" in two.why


def test_one_that_was_deleted_since_it_was_listed_hides_no_other(
    standin: StandIn, till: WooTill
) -> None:
    refunded = copy.deepcopy(recorded("order-updated-partial-refund").json)
    standin.shop.show(refunded)
    show(standin, 18, START + timedelta(days=1))
    reading = till.orders_since(START - timedelta(days=1))
    show(standin, 1, START - timedelta(hours=1))
    assert next(reading).id == "1"
    del standin.shop.orders[17]
    assert ids(reading) == ["18"]


def test_trashed_orders_are_not_listed(standin: StandIn, till: WooTill) -> None:
    show(standin, 1, START)
    standin.shop.show({"id": 1})
    assert ids(till.orders_since(START)) == []


def test_a_hiccup_in_the_middle_is_waited_out(
    standin: StandIn, patient: WooTill, pauses: list[float]
) -> None:
    for id in range(1, 151):
        show(standin, id, START)
    reading = patient.orders_since(START)
    assert next(reading).id == "1"
    standin.fail(Fault.BUSY, Fault.GATEWAY)
    assert len(ids(reading)) == 149
    assert pauses == sorted(pauses)
    assert len(pauses) == 2


def test_a_shop_that_stays_away_is_told_as_down(
    standin: StandIn, patient: WooTill, pauses: list[float]
) -> None:
    for id in range(1, 151):
        show(standin, id, START)
    reading = patient.orders_since(START)
    next(reading)
    standin.fail(*[Fault.DOWN] * 3)
    with pytest.raises(TillDown):
        list(reading)
    assert len(pauses) == 2


def test_the_first_page_is_asked_once(
    standin: StandIn, patient: WooTill, pauses: list[float]
) -> None:
    standin.fail(Fault.DOWN)
    with pytest.raises(TillDown):
        next(patient.orders_since(START))
    assert pauses == []


@pytest.mark.parametrize("fault", [Fault.PAGE, Fault.MOVED])
def test_a_shop_that_answers_with_a_page_lists_nothing(
    standin: StandIn, till: WooTill, fault: Fault
) -> None:
    standin.fail(fault)
    with pytest.raises(TillRefused, match="not a WooCommerce API"):
        next(till.orders_since(START))


def test_a_shop_that_can_tell_few_orders_at_once_is_asked_for_few(
    standin: StandIn, till: WooTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    def telling(shop: Shop, ids: list[int], query: Mapping[str, str], body: Any) -> Answer:
        if int(query["per_page"]) > 10:
            return error(500, "internal_server_error", "Maximum execution time exceeded.")
        return shop.list_orders(ids, query, body)

    for id in range(1, 36):
        # A dozen within one second, which is more than a page.
        show(standin, id, START + timedelta(minutes=max(id, 12)))
    monkeypatch.setitem(_ANSWERS, ("GET", "orders", 0), telling)
    assert ids(till.orders_since(START)) == [str(id) for id in range(1, 36)]


def test_one_that_can_tell_none_is_asked_twice_and_no_more(standin: StandIn, till: WooTill) -> None:
    standin.fail(*[Fault.BROKEN] * 5)
    with pytest.raises(TillDown):
        next(till.orders_since(START))
    assert standin.calls == ["GET orders"] * 2
