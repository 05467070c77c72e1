"""What becomes of the deliveries in the inbox."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from threading import Event
from time import sleep
from typing import Any

import pytest
from sqlalchemy import update

from goodword import Order, Terms
from goodword.embedded import orders
from goodword.model.credit import State
from goodword.storage.sql import Session
from goodword.storage.tables import entries
from goodword_server import reading
from goodword_server.house import House
from goodword_server.storage import inbox as deliveries
from goodword_server.storage.tables import inbox
from goodword_woocommerce.standin import Fault, Recorded, StandIn, derived, recorded, signed
from tests.sdk.builders import Clock, a_program, a_shop_with, at_once, totals
from tests.server.builders import (
    COMPLETED,
    FIRST_SECRET,
    NEXT_SECRET,
    ON_HOLD,
    PAID,
    REFUND_18,
    Place,
    a_house,
    a_place,
    client_of,
    connect,
    rows,
)

LATER = {"date_modified_gmt": "2026-11-22T09:26:00"}


def read(place: Place) -> int:
    return reading.read_all(place.house)


def told(place: Place, *what: str | Recorded) -> list[str | None]:
    """Deliver, read, and return what became of each delivery."""
    for one in what:
        assert place.deliver(one) == 200
    read(place)
    return place.verdicts()


def order(place: Place, id: str = "17") -> Order:
    return place.referrals.credit.explain(id).state


def another(id: int, **changes: Any) -> Recorded:
    """Order 17, paid, as if it had another number."""
    return derived(PAID, id=id, **changes)


def booked_once(place: Place, *orders: str) -> None:
    """Each order's offer and reward stand in the book, and nothing twice."""
    found = sorted((row["order_id"], row["part"]) for row in rows(place.house, entries))
    assert found == sorted((id, part) for id in orders for part in ("offer", "reward"))


# An order is recorded.


def test_a_delivery_is_recorded(place: Place) -> None:
    assert told(place, PAID) == ["order 17: created"]
    assert totals(place.referrals) == (800, 720)


def test_a_delivery_that_came_twice_is_recorded_once(place: Place) -> None:
    assert told(place, PAID, PAID) == ["order 17: created", "order 17: duplicate"]
    booked_once(place, "17")


def test_an_older_state_after_a_newer_is_ignored(place: Place) -> None:
    assert told(place, COMPLETED, ON_HOLD) == ["order 17: created", "order 17: ignored"]
    assert order(place).paid is not None


def test_what_is_not_an_order_is_read_and_left(place: Place) -> None:
    verdicts = told(place, "coupon-updated", "customer-created-rest", "customer-deleted")
    assert verdicts == ["nothing to record"] * 3


def test_a_signed_error_in_an_orders_place_is_read_and_left(place: Place) -> None:
    assert told(place, "order-created-body-is-error-404") == ["nothing to record"]


def test_an_alarm_of_the_shop_is_logged(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    lost = {"code": "woocommerce_rest_cannot_view", "message": "No.", "data": {"status": 401}}
    (verdict,) = told(place, signed(as_json(lost), "order.updated"))
    assert verdict == "alarm: webhook_owner_lost_rights"
    assert "tea-house: webhook_owner_lost_rights" in caplog.messages


def as_json(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body).encode()


def test_once_read_a_delivery_is_stripped_to_id_hash_and_verdict(place: Place) -> None:
    place.deliver(PAID)
    (before,) = place.inbox()
    read(place)
    (after,) = place.inbox()
    assert (after["id"], after["hash"]) == (before["id"], before["hash"])
    assert (after["headers"], after["body"], after["fence"]) == (None, None, None)
    assert (after["state"], after["verdict"]) == ("read", "order 17: created")


def test_what_was_read_is_swept_after_a_week_and_the_dead_stay(place: Place, clock: Clock) -> None:
    told(place, PAID, signed(b"not json", "order.updated"))
    clock.on(days=6, hours=23)
    assert reading.sweep(place.house) == 0
    clock.on(hours=2)
    assert reading.sweep(place.house) == 1
    assert [row["state"] for row in place.inbox()] == ["dead"]


def test_what_was_never_read_is_never_swept(place: Place, clock: Clock) -> None:
    place.deliver(PAID)
    clock.on(days=30)
    assert reading.sweep(place.house) == 0


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


# What cannot be recorded.

UNREADABLE = {
    "no json": signed(b"not json", "order.updated"),
    "surplus digits": derived(PAID, total="72.001"),
    "no currency": derived(PAID, currency="XXX"),
    "no moment": derived(PAID, date_modified_gmt="yesterday"),
    "no lines": derived(PAID, line_items=None),
    "a list": signed(b"[]", "order.updated"),
    "nested without end": signed(b"[" * 100_000, "order.updated"),
    "below zero": derived(PAID, total="-1.00"),
    "a deletion that says more": signed(b'{"id":17,"status":"trash"}', "order.deleted"),
    "another error": signed(b'{"code":"rest_forbidden","message":"No."}', "order.updated"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_read_is_left_to_a_person_and_its_neighbours_are_recorded(
    place: Place, what: str
) -> None:
    for one in (another(101), UNREADABLE[what], another(102)):
        place.deliver(one)
    assert read(place) == 3
    before, dead, after = place.inbox()
    assert (before["verdict"], after["verdict"]) == ("order 101: created", "order 102: created")
    assert dead["state"] == "dead"
    assert dead["verdict"]
    booked_once(place, "101", "102")
    # Nothing of it is lost: mended, it could still be read.
    sealed = bytes(dead["body"])
    assert place.house.vault.open(sealed, "tea-house", "inbox") == UNREADABLE[what].body
    assert dead["headers"]


def test_the_verdict_on_what_cannot_be_read_names_the_field(place: Place) -> None:
    (verdict,) = told(place, UNREADABLE["surplus digits"])
    assert verdict == "total: 72.001 has more decimals than GBP, which has 2"


def test_another_currency_for_a_known_order_is_left_to_a_person(place: Place) -> None:
    verdicts = told(place, PAID, derived(PAID, currency="EUR", **LATER))
    assert "currency" in str(verdicts[1])
    assert [row["state"] for row in place.inbox()] == ["read", "dead"]
    assert order(place).net.unit == "GBP"


ODD: dict[str, dict[str, Any]] = {
    "a very long address": {"billing": {"email": "b" * 3000 + "@friend.example"}},
    "a very long coupon": {"coupon_lines": [{"code": "c" * 3000, "discount": "8.00"}]},
    "a very long number": {"id": 10**300},
    "a very great sum": {"total": "9" * 13},
    "the first of years": {"date_created_gmt": "0001-01-01T00:00:00"},
    "the last of years": {"date_paid_gmt": "9999-12-31T23:59:59"},
}


@pytest.mark.parametrize("what", ODD)
def test_nothing_odd_in_a_signed_order_holds_up_its_neighbours(place: Place, what: str) -> None:
    for one in (another(101), derived(PAID, **{"id": 17} | ODD[what]), another(102)):
        assert place.deliver(one) == 200
    assert read(place) == 3
    before, odd, after = place.inbox()
    assert (before["verdict"], after["verdict"]) == ("order 101: created", "order 102: created")
    assert odd["state"] in {"read", "dead"}


def test_an_order_that_the_database_refuses_holds_up_nobody(
    place: Place, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    keep = orders.record_order

    def refuse(book: Any, order: Order, *rest: Any, **options: Any) -> Any:
        if order.id == "17":
            book.session.driver.execute("SELECT nonsense FROM nowhere")
        return keep(book, order, *rest, **options)

    monkeypatch.setattr(orders, "record_order", refuse)
    told(place, another(101), PAID, another(102))
    assert [row["state"] for row in place.inbox()] == ["read", "new", "read"]
    booked_once(place, "101", "102")
    # It may have been the database's fault: it is tried again.
    monkeypatch.undo()
    clock.on(minutes=1)
    assert told(place)[1] == "order 17: created"


def test_a_fault_of_ours_is_logged_and_left_to_a_person(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(*_: object) -> None:
        raise KeyError("a slip of ours")

    monkeypatch.setattr(place.house.platforms["woocommerce"], "read", stumble, raising=False)
    with caplog.at_level(logging.ERROR, "goodword_server"):
        assert told(place, PAID) == ["KeyError while it was read"]
    assert "a slip of ours" in caplog.text
    assert [row["state"] for row in place.inbox()] == ["dead"]


def test_a_platform_that_was_uninstalled_is_waited_for(place: Place, clock: Clock) -> None:
    place.deliver(PAID)
    installed, place.house.platforms = place.house.platforms, {}
    assert told(place) == ["the platform woocommerce is not installed"]
    place.house.platforms = installed
    clock.on(minutes=1)
    assert told(place) == ["order 17: created"]


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


# Many at once.


@pytest.fixture
def two(url: str, clock: Clock) -> Iterator[tuple[Place, House]]:
    """Two processes on one database."""
    with ExitStack() as open:
        here, there = (open.enter_context(a_house(url, clock)) for _ in range(2))
        yield a_place(here), there


def test_two_workers_at_once_lose_nothing_and_record_nothing_twice(
    two: tuple[Place, House],
) -> None:
    place, there = two
    ids = [str(id) for id in range(101, 201)]
    for id in ids:
        place.deliver(another(int(id)))
    for id in reversed(ids):
        place.deliver(derived(COMPLETED, id=int(id)))
    done = at_once(lambda: reading.read_all(place.house), lambda: reading.read_all(there))
    assert trouble(done) == []
    assert {row["state"] for row in place.inbox()} == {"read"}
    assert len(place.inbox()) == 200
    booked_once(place, *ids)


def test_what_a_worker_that_ends_did_not_begin_is_read_by_another_at_once(
    two: tuple[Place, House],
) -> None:
    place, there = two
    ids = [str(id) for id in range(101, 106)]
    for id in ids:
        place.deliver(another(int(id)))
    # Asked before the claim, and before each of them.
    asked = iter([False, False, False])
    assert reading.read_all(place.house, lambda: next(asked, True)) == 2
    assert place.verdicts() == ["order 101: created", "order 102: created", None, None, None]
    assert reading.read_all(there) == 3
    booked_once(place, *ids)


def test_what_one_worker_is_taking_another_leaves(two: tuple[Place, House]) -> None:
    place, there = two
    for id in range(101, 106):
        place.deliver(another(id))
    taking = Event()

    def slowly(session: Session) -> list[deliveries.Kept]:
        taken = claim(place.house, session)
        taking.set()
        sleep(0.3)
        return taken

    def meanwhile() -> list[deliveries.Kept]:
        assert taking.wait(10)
        return there.database.write(lambda session: claim(there, session))

    first, second = at_once(lambda: place.house.database.write(slowly), meanwhile)
    assert isinstance(first, list)
    assert len(first) == 5
    assert second == []


def claim(house: House, session: Session) -> list[deliveries.Kept]:
    """Take up what is there, as a worker does."""
    lease = timedelta(minutes=5)
    return deliveries.claim(session, house.vault, "tea-house", house.now(), lease, 64)


def test_while_deliveries_arrive_they_are_read(two: tuple[Place, House]) -> None:
    place, there = two

    def shop(start: int) -> None:
        client = a_client(place)
        for id in range(start, start + 20):
            assert client.deliver(another(id)) == 200

    def worker(house: House) -> None:
        for _ in range(10):
            reading.read_all(house)

    done = at_once(
        lambda: shop(100), lambda: shop(200), lambda: worker(place.house), lambda: worker(there)
    )
    assert trouble(done) == []
    read(place)
    assert {row["state"] for row in place.inbox()} == {"read"}
    booked_once(place, *(str(id) for start in (100, 200) for id in range(start, start + 20)))


def a_client(place: Place) -> Place:
    return replace(place, client=client_of(place.house))


def trouble(done: list[Any]) -> list[Exception]:
    return [one for one in done if isinstance(one, Exception)]


def test_what_a_worker_took_and_never_finished_is_taken_again_after_its_lease(
    place: Place, clock: Clock
) -> None:
    place.deliver(PAID)
    take(place)
    clock.on(minutes=4)
    assert read(place) == 0
    clock.on(minutes=2)
    assert told(place) == ["order 17: created"]


def test_what_dead_workers_held_was_not_tried(shop: Place, standin: StandIn, clock: Clock) -> None:
    standin.shop.show(REFUND_18)
    shop.deliver(REFUND_18)
    for _ in range(30):
        take(shop)
        clock.on(minutes=6)
    standin.fail(Fault.DOWN)
    read(shop)
    assert [(row["state"], row["tries"]) for row in shop.inbox()] == [("new", 1)]


def test_a_worker_that_comes_back_too_late_changes_nothing(place: Place, clock: Clock) -> None:
    place.deliver(PAID)
    (slow,) = take(place)
    clock.on(minutes=6)
    read(place)
    before = place.inbox()
    for leave in (
        lambda s: deliveries.mark_read(s, "tea-house", [(slow, "late")]),
        lambda s: deliveries.bury(s, "tea-house", slow, "late"),
        lambda s: deliveries.put_off(s, "tea-house", slow, "late", clock.at),
    ):
        place.house.database.write(leave)
    assert place.inbox() == before


def take(place: Place) -> list[deliveries.Kept]:
    """Take up what is there, as a worker does just before it is killed."""
    return place.house.database.write(lambda session: claim(place.house, session))


def test_one_shops_trouble_is_not_anothers(
    house: House, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    troubled, well = a_place(house, shop="a-shop"), a_place(house, shop="b-shop")
    troubled.deliver(PAID)
    well.deliver(PAID)
    referrals = house.referrals

    def fail_for_one(shop: str) -> Any:
        if shop == "a-shop":
            raise RuntimeError("a fault that only one shop has")
        return referrals(shop)

    house.referrals = fail_for_one  # type: ignore[method-assign]
    read(well)
    assert "a fault that only one shop has" in caplog.text
    assert {row["shop"]: row["state"] for row in well.inbox()} == {
        "a-shop": "new",
        "b-shop": "read",
    }


# Sealed.


def test_a_secret_that_was_rotated_to_second_place_still_opens(
    place: Place, url: str, clock: Clock
) -> None:
    place.deliver(PAID)
    with a_house(url, clock, secrets=(NEXT_SECRET, FIRST_SECRET)) as later:
        reading.read_all(later)
    assert place.verdicts() == ["order 17: created"]


def test_with_a_secret_that_was_lost_nothing_can_be_opened_and_nothing_is_thrown_away(
    place: Place, url: str, clock: Clock
) -> None:
    place.deliver(PAID)
    with a_house(url, clock, secrets=(NEXT_SECRET,)) as later:
        connect(later)
        reading.read_all(later)
    (row,) = place.inbox()
    assert (row["state"], row["verdict"]) == ("dead", "it cannot be opened")
    assert row["body"] is not None


def test_a_sealed_row_that_was_moved_to_another_shop_does_not_open(house: House) -> None:
    place = a_place(house)
    other = connect(house, "other")
    a_shop_with(house.referrals("other"))
    place.deliver(PAID)
    with house.database.connect() as connection:
        connection.execute(update(inbox).values(shop="other", path=other.path))
        connection.commit()
    read(place)
    assert place.verdicts() == ["it cannot be opened"]
    assert [row["state"] for row in place.inbox()] == ["dead"]


def test_the_referral_that_was_read_is_the_shops_own(house: House) -> None:
    here, there = a_place(house), a_place(house, shop="other")
    there.deliver(PAID)
    read(here)
    assert there.referrals.credit.explain("17").referral is not None
    assert rows(house, entries)[0]["shop"] == "other"
    assert there.referrals.credit.explain("17").referral.state == State.QUALIFIED  # type: ignore[union-attr]


def test_recorded_orders_of_one_batch_stand_in_the_order_of_their_arrival(place: Place) -> None:
    verdicts = told(place, *(recorded(name) for name in (ON_HOLD, PAID, COMPLETED)))
    assert verdicts == ["order 17: created", "order 17: updated", "order 17: updated"]
