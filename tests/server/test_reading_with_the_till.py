"""What a delivery leaves open is asked of the till, and waits for its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from goodword import Terms
from goodword.errors import UnknownOrder
from goodword_server.house import House
from goodword_woocommerce.standin import Fault, Recorded, StandIn, derived, signed
from tests.sdk.builders import Clock, a_program, totals
from tests.server.builders import COMPLETED, ON_HOLD, PAID, REFUND_18, Place, a_place
from tests.server.delivering import LATER, another, order, read, told

pytestmark = pytest.mark.slow

# The till completes it.


def test_refunds_are_completed_at_the_till(shop: Place, standin: StandIn) -> None:
    standin.shop.show(REFUND_18)
    assert told(shop, REFUND_18) == ["order 17: created"]
    assert standin.calls == ["GET orders/17", "GET orders/17/refunds"]
    (refund,) = order(shop).refunds
    assert refund.lines is not None
    assert totals(shop.referrals) == (400, 360)


def test_the_till_is_asked_for_nothing_that_a_delivery_tells(shop: Place, standin: StandIn) -> None:
    told(shop, ON_HOLD, PAID, COMPLETED)
    assert standin.calls == []


STAGING = {"X-WC-Webhook-Source": "https://staging.example/"}


def of_a_copy(sent: Recorded) -> Recorded:
    """Return what a copy of the shop sends, with the secret that it brought along."""
    return Recorded({**sent.headers, **STAGING}, sent.body)


def test_a_copy_of_the_shop_changes_no_order_of_the_shops_own(
    shop: Place, standin: StandIn
) -> None:
    standin.shop.show(PAID)
    told(shop, PAID)
    before = order(shop), totals(shop.referrals)
    told(shop, of_a_copy(derived(PAID, **LATER, status="cancelled")))
    assert (order(shop), totals(shop.referrals)) == before
    assert standin.calls == ["GET orders/17"]


def test_an_order_that_only_a_copy_of_the_shop_has_is_none(shop: Place) -> None:
    assert told(shop, of_a_copy(another(101))) == ["nothing to record"]
    with pytest.raises(UnknownOrder):
        order(shop, "101")


def test_when_the_till_is_down_the_delivery_waits(
    shop: Place, standin: StandIn, clock: Clock
) -> None:
    standin.shop.show(REFUND_18)
    standin.fail(Fault.DOWN)
    (verdict,) = told(shop, REFUND_18)
    (row,) = shop.inbox()
    assert verdict == "tea-house: the shop asks us to wait (503)"
    assert (row["state"], row["fence"], row["tries"]) == ("new", None, 1)
    assert row["next"] > int(clock.at.timestamp() * 1_000_000)
    assert read(shop) == 0
    clock.on(minutes=1)
    assert told(shop) == ["order 17: created"]


def test_each_try_waits_longer_and_never_longer_than_six_hours(
    shop: Place, standin: StandIn, clock: Clock
) -> None:
    shop.deliver(REFUND_18)
    pauses = []
    for _ in range(14):
        standin.fail(Fault.DOWN)
        read(shop)
        pause = next_try(shop) - clock.at.timestamp()
        pauses.append(pause)
        clock.on(seconds=pause)
    assert all(2 ** (n + 1) * 5 <= pause for n, pause in enumerate(pauses[:8]))
    assert max(pauses) <= 6 * 3600


def next_try(place: Place) -> float:
    found: float = place.inbox()[0]["next"] / 1_000_000
    return found


def test_a_till_that_stays_down_for_days_leaves_it_to_a_person(
    shop: Place, standin: StandIn, clock: Clock
) -> None:
    shop.deliver(REFUND_18)
    for _ in range(20):
        standin.fail(Fault.DOWN)
        assert read(shop) == 1
        clock.on(hours=6)
    (row,) = shop.inbox()
    assert row["state"] == "dead"
    assert row["verdict"].startswith("given up after 20 tries: tea-house: ")
    assert row["body"] is not None


def test_a_till_that_is_down_holds_up_only_what_needs_it(shop: Place, standin: StandIn) -> None:
    standin.fail(Fault.DOWN)
    verdicts = told(shop, REFUND_18, another(101), signed(b'{"id":17}', "order.deleted"))
    down = "tea-house: the shop asks us to wait (503)"
    assert verdicts == [down, "order 101: created", down]
    # And it is not asked again at once.
    assert len(standin.calls) == 1


def test_a_till_that_refuses_leaves_it_to_a_person(house: House, standin: StandIn) -> None:
    wrong = {"consumer_key": standin.key, "consumer_secret": "wrong"}
    shop = a_place(house, url=standin.url, credentials=wrong)
    (verdict,) = told(shop, REFUND_18)
    assert verdict is not None
    assert verdict.startswith("tea-house: the keys were refused")
    assert [row["state"] for row in shop.inbox()] == ["dead"]


def test_a_dead_delivery_is_read_no_more(place: Place, clock: Clock) -> None:
    told(place, signed(b"not json", "order.updated"))
    clock.on(days=30)
    assert read(place) == 0


# Deleted and restored.


def test_a_deleted_order_counts_as_cancelled(shop: Place, standin: StandIn) -> None:
    told(shop, PAID)
    standin.shop.show({"id": 17})
    assert told(shop, signed(b'{"id":17}', "order.deleted"))[-1] == "order 17: updated"
    assert order(shop).cancelled is not None
    assert totals(shop.referrals) == (0, 0)


@pytest.mark.parametrize("modified", [{}, LATER], ids=["at the same moment", "later"])
def test_a_restored_order_counts_again(
    shop: Place, standin: StandIn, modified: Mapping[str, str]
) -> None:
    told(shop, PAID)
    standin.shop.show({"id": 17})
    told(shop, signed(b'{"id":17}', "order.deleted"))
    back = derived(PAID, "order.restored", **modified)
    standin.shop.show(back)
    assert told(shop, back)[-1] == "order 17: updated"
    assert order(shop).cancelled is None
    assert totals(shop.referrals) == (800, 720)


def test_an_order_deleted_before_we_read_of_it_does_not_count(
    shop: Place, standin: StandIn
) -> None:
    assert told(shop, PAID, signed(b'{"id":17}', "order.deleted")) == [
        "order 17: created",
        "order 17: updated",
    ]
    assert order(shop).cancelled is not None
    assert totals(shop.referrals) == (0, 0)


def test_a_deletion_that_was_taken_back_meanwhile_changes_nothing(
    shop: Place, standin: StandIn
) -> None:
    standin.shop.show(PAID)
    verdicts = told(shop, PAID, signed(b'{"id":17}', "order.deleted"))
    assert verdicts == ["order 17: created", "order 17: duplicate"]


def test_the_deletion_of_an_order_that_nobody_told_of_is_nothing(
    shop: Place, standin: StandIn
) -> None:
    assert told(shop, "order-deleted") == ["nothing to record"]
    assert standin.calls == ["GET orders/23"]


def test_a_refunded_order_that_is_gone_counts_as_cancelled(shop: Place) -> None:
    assert told(shop, REFUND_18) == ["order 17: created"]
    assert order(shop).cancelled is not None


# Facts that disagree.


def test_the_same_moment_with_other_facts_is_settled_by_the_till(
    shop: Place, standin: StandIn
) -> None:
    told(shop, PAID)
    true = derived(PAID, total="70.00")
    standin.shop.show(true)
    assert told(shop, derived(PAID, total="71.00"))[-1] == "order 17: updated"
    assert order(shop).gross.minor == 7000
    assert standin.calls == ["GET orders/17"]


def test_if_the_till_is_down_the_two_facts_wait_for_it(
    shop: Place, standin: StandIn, clock: Clock
) -> None:
    told(shop, PAID)
    standin.fail(Fault.DOWN)
    other = derived(PAID, total="71.00")
    assert "asks us to wait" in str(told(shop, other)[-1])
    assert order(shop).gross.minor == 7200
    standin.shop.show(other)
    clock.on(minutes=1)
    assert told(shop)[-1] == "order 17: updated"
    assert order(shop).gross.minor == 7100


def test_two_facts_of_one_moment_in_one_batch_are_settled_too(
    shop: Place, standin: StandIn
) -> None:
    true = derived(PAID, total="70.00")
    standin.shop.show(true)
    assert told(shop, PAID, true) == ["order 17: created", "order 17: updated"]
    assert order(shop).gross.minor == 7000


# A friend's first order.


@pytest.fixture
def first_only(shop: Place) -> Place:
    program = replace(a_program(), terms=Terms(hold_days=14, first_order_only=True))
    shop.referrals.programs.save(program)
    return shop


def test_the_shops_history_is_asked_once(first_only: Place, standin: StandIn) -> None:
    standin.shop.show(PAID)
    told(first_only, ON_HOLD)
    told(first_only, PAID, COMPLETED)
    assert standin.calls == ["GET orders"]
    assert totals(first_only.referrals) == (800, 720)


def test_also_when_several_states_arrive_together(first_only: Place, standin: StandIn) -> None:
    standin.shop.show(PAID)
    told(first_only, ON_HOLD, PAID, COMPLETED)
    assert standin.calls == ["GET orders"]
    assert totals(first_only.referrals) == (800, 720)


def test_who_bought_before_is_no_new_friend(first_only: Place, standin: StandIn) -> None:
    earlier = {"date_created_gmt": "2026-01-01T00:00:00", "status": "completed"}
    standin.shop.show(another(3, **earlier))
    standin.shop.show(PAID)
    told(first_only, PAID)
    assert first_only.referrals.credit.explain("17").reasons == ("not_first_order",)


def test_if_the_history_cannot_be_asked_the_order_waits(
    first_only: Place, standin: StandIn, clock: Clock
) -> None:
    standin.shop.show(PAID)
    standin.fail(Fault.DOWN)
    assert "asks us to wait" in str(told(first_only, PAID, another(101))[0])
    # One question is enough to learn that nobody is there.
    assert len(standin.calls) == 1
    clock.on(minutes=1)
    assert told(first_only)[0] == "order 17: created"


def test_where_no_program_minds_nobody_asks(shop: Place, standin: StandIn) -> None:
    told(shop, PAID)
    assert standin.calls == []
