"""Without a single webhook the book ends the same; and with all of them nothing is found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from goodword import Terms
from goodword.storage.tables import entries
from goodword_server.house import House
from goodword_server.storage import inbox, installations, rounds
from goodword_server.watching import rounds as making
from goodword_server.watching.step import LEASE
from goodword_server.worker import Worker
from goodword_woocommerce.standin import (
    Fault,
    Recorded,
    StandIn,
    derived,
    paid_37,
    recorded,
    signed,
)
from tests.sdk.builders import Clock, a_program, carol, totals
from tests.server.builders import (
    COMPLETED,
    ON_HOLD,
    PAID,
    REFUND_18,
    REFUND_19,
    SHOP,
    a_house,
    a_place,
    connect,
    rows,
)
from tests.server.delivering import another, order
from tests.server.watching.conftest import Watched

pytestmark = pytest.mark.slow

FIVE = (ON_HOLD, PAID, COMPLETED, REFUND_18, REFUND_19)
CANCELLED = derived(PAID, id=41, status="cancelled", date_modified_gmt="2026-11-22T09:41:00")
FAILED_THEN_PAID = (
    derived(ON_HOLD, id=42, status="failed"),
    derived(PAID, id=42, date_modified_gmt="2026-11-22T09:42:00"),
)
TRASHED = signed(b'{"id":43}', "order.deleted")
FREE = derived(PAID, id=44, total="0.00", total_tax="0.00")
EVENTS: tuple[str | Recorded, ...] = (
    *FIVE,
    paid_37(),
    "order-created-block-cod-coupon",
    "order-updated-cod-completed",
    CANCELLED,
    *FAILED_THEN_PAID,
    another(43),
    FREE,
)


def named(what: str | Recorded) -> Recorded:
    return recorded(what) if isinstance(what, str) else what


def modified(what: str | Recorded) -> str:
    return str(named(what).json["date_modified_gmt"])


# As they happened: what a shop saves later has a later moment.
DAY: tuple[str | Recorded, ...] = (*sorted(EVENTS, key=modified), TRASHED)


def booked(house: House) -> list[tuple[Any, ...]]:
    """The whole ledger, but for ids and moments: what stands for each order, by account."""
    sums: dict[tuple[str, ...], int] = {}
    for row in rows(house, entries):
        for account, sign in ((row["target"], 1), (row["source"], -1)):
            key = (row["order_id"], row["part"], row["advocate"], account, row["unit"])
            sums[key] = sums.get(key, 0) + sign * row["amount"]
    return sorted((*key, amount) for key, amount in sums.items() if amount)


def live_through(
    watched: Watched, day: Iterable[str | Recorded], *, webhooks: bool, every: int
) -> list[tuple[Any, ...]]:
    """Let a shop live through a day, and look at it after each so many events."""
    carol(watched.place.referrals)
    if not webhooks:
        watched.begin()
    for count, one in enumerate(map(named, day), 1):
        body = watched.standin.shop.show(one)
        moment = body.get("date_modified_gmt")
        if moment:
            at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
            watched.clock.to(max(watched.clock.at, at))
        if webhooks:
            assert watched.place.deliver(one) == 200
            watched.work()
        if count % every == 0:
            watched.clock.on(hours=2)
            watched.work()
    watched.clock.on(days=2)
    watched.work()
    watched.work()
    return booked(watched.place.house)


@contextmanager
def another_world(url: str, standin: StandIn, clock: Clock) -> Iterator[Watched]:
    with a_house(url, clock) as house:
        house.migrate()
        yield Watched(a_place(house, url=standin.url), standin, clock)


@pytest.mark.parametrize("every", [1, 3, 100])
def test_without_webhooks_the_book_ends_the_same(
    watched: Watched, tmp_path: Path, every: int
) -> None:
    # The other shop stands in a database of its own.
    told = live_through(watched, DAY, webhooks=True, every=1000)
    with (
        StandIn() as standin,
        another_world(f"sqlite:///{tmp_path}/alone.db", standin, Clock()) as alone,
    ):
        found = live_through(alone, DAY, webhooks=False, every=every)
        assert {row["path"] for row in alone.place.inbox()} <= {""}
        assert totals(alone.place.referrals) == totals(watched.place.referrals)
    assert found == told
    assert {row[0] for row in told} >= {"16", "37", "42"}


def test_where_webhooks_tell_nothing_is_found(watched: Watched) -> None:
    watched.begin()
    for one in FIVE:
        body = watched.standin.shop.show(one)
        watched.clock.to(datetime.fromisoformat(body["date_modified_gmt"]).replace(tzinfo=UTC))
        watched.place.deliver(one)
        watched.work()
    watched.clock.on(hours=2)
    watched.work()
    assert watched.rounds()["orders"].notes["found"] == 0
    assert len(watched.place.inbox()) == len(FIVE)


def test_what_no_webhook_told_of_is_counted(watched: Watched) -> None:
    watched.begin()
    watched.work()
    watched.standin.shop.show(PAID)
    watched.clock.on(hours=2)
    watched.work()
    assert watched.rounds()["orders"].notes["found"] == 1
    assert order(watched.place).paid is not None
    watched.clock.on(hours=2)
    watched.work()
    assert watched.rounds()["orders"].notes["found"] == 0


def test_an_older_state_from_the_list_changes_nothing(watched: Watched) -> None:
    watched.begin()
    watched.place.deliver(COMPLETED)
    watched.work()
    watched.standin.shop.show(PAID)
    watched.clock.on(hours=2)
    watched.work()
    assert order(watched.place).fulfilled is not None


def test_it_goes_on_where_it_was_and_a_little_before(watched: Watched) -> None:
    watched.begin()
    watched.standin.shop.show(PAID)
    watched.clock.on(minutes=10)
    watched.work()
    asked = list(watched.standin.calls)
    cursor = datetime.fromisoformat(watched.rounds()["orders"].notes["cursor"])
    assert cursor == datetime(2026, 11, 22, 9, 25, 25, tzinfo=UTC)
    # Saved a moment before, seen a moment later: it lies behind the cursor, and is found.
    late = another(101, date_modified_gmt="2026-11-22T09:24:00")
    watched.standin.shop.show(late)
    watched.clock.on(hours=2)
    watched.work()
    assert order(watched.place, "101").paid is not None
    assert len(watched.standin.calls) > len(asked)


def test_more_than_a_page_and_a_batch_is_recorded(watched: Watched) -> None:
    watched.begin()
    for id in range(1001, 1151):
        watched.standin.shop.show(another(id))
    watched.work()
    assert order(watched.place, "1001").paid is not None
    assert order(watched.place, "1150").paid is not None


@pytest.mark.parametrize("batches", [1, 2, 3])
def test_killed_in_the_middle_it_ends_the_same(watched: Watched, batches: int) -> None:
    watched.begin()
    for id in range(1001, 1201):
        at = f"2026-11-22T09:{25 + (id - 1001) // 60:02}:{(id - 1001) % 60:02}"
        watched.standin.shop.show(another(id, date_modified_gmt=at))
    asked = 0

    def ending() -> bool:
        nonlocal asked
        asked += 1
        # Asked before each round and after each batch; the hooks' round comes first.
        return asked > 1 + batches

    house = watched.place.house
    watched.standin.fail(*[Fault.NONE] * 200)
    making.make_all(house, ending)
    before = rows(house, entries)
    watched.work()
    after = rows(house, entries)
    assert len(before) <= len(after)
    assert len({row["order_id"] for row in after}) == 200
    watched.clock.on(hours=2)
    watched.work()
    assert rows(house, entries) == after


def test_one_that_cannot_be_understood_waits_for_a_person_and_hides_no_other(
    watched: Watched,
) -> None:
    watched.begin()
    watched.standin.shop.show(another(101, total="72.005"))
    watched.standin.shop.show(another(102))
    watched.work()
    assert order(watched.place, "102").paid is not None
    (row,) = watched.place.inbox()
    assert row["state"] == "dead"
    assert "total" in str(row["verdict"])
    # Nobody delivered it, so nobody is told that something arrived.
    assert watched.place.house.database.read(lambda s: inbox.last(s, SHOP)) is None


def test_one_in_another_currency_than_before_waits_for_a_person(watched: Watched) -> None:
    watched.begin()
    watched.place.deliver(PAID)
    watched.work()
    watched.standin.shop.show(
        derived(PAID, currency="EUR", date_modified_gmt="2026-11-22T10:26:00")
    )
    watched.clock.on(hours=2)
    watched.work()
    dead = [row for row in watched.place.inbox() if row["state"] == "dead"]
    assert len(dead) == 1
    assert order(watched.place).gross.unit == "GBP"


def test_a_shop_that_is_down_is_asked_again_less_and_less_often(watched: Watched) -> None:
    watched.begin()
    pauses = []
    for _ in range(8):
        watched.standin.fail(*[Fault.DOWN] * 10)
        making.make_all(watched.place.house)
        one = watched.rounds()["orders"]
        assert one.trouble == "the shop asks us to wait (503)"
        assert one.done is None
        pauses.append(one.next - watched.clock.at)
        watched.clock.to(one.next)
    assert pauses[0] <= timedelta(minutes=1)
    assert max(pauses) <= timedelta(hours=1)
    watched.standin.shop.show(PAID)
    watched.standin._faults.clear()
    watched.work()
    assert watched.rounds()["orders"].trouble is None
    assert order(watched.place).paid is not None


def test_a_shop_that_says_no_is_asked_again_when_its_time_comes(watched: Watched) -> None:
    watched.begin()
    watched.standin.fail(*[Fault.WALL] * 10)
    making.make_all(watched.place.house)
    one = watched.rounds()["orders"]
    assert "in front of the shop" in str(one.trouble)
    assert one.next - watched.clock.at >= timedelta(minutes=30)


def test_the_history_of_a_friend_is_asked_where_a_program_minds(watched: Watched) -> None:
    terms = Terms(hold_days=14, first_order_only=True)
    watched.place.referrals.programs.save(replace(a_program(), terms=terms))
    watched.begin()
    earlier = {"date_created_gmt": "2026-01-01T00:00:00", "status": "completed"}
    watched.standin.shop.show(another(3, date_modified_gmt="2026-01-01T00:00:00", **earlier))
    watched.standin.shop.show(PAID)
    watched.work()
    assert watched.place.referrals.credit.explain("17").reasons == ("not_first_order",)


# Orders that are gone.


def gone(watched: Watched, *ids: int) -> None:
    for id in ids:
        watched.standin.shop.show({"id": id})
    watched.clock.on(days=2)
    watched.work()


def test_a_trashed_order_that_nobody_told_of_counts_as_cancelled(watched: Watched) -> None:
    watched.begin()
    watched.standin.shop.show(PAID)
    watched.work()
    assert totals(watched.place.referrals) == (800, 720)
    gone(watched, 17)
    assert order(watched.place).cancelled is not None
    assert totals(watched.place.referrals) == (0, 0)
    # And is not asked for every night from then on.
    watched.standin.calls.clear()
    watched.clock.on(days=2)
    watched.work()
    assert "GET orders/17" not in watched.standin.calls


def test_one_that_was_deleted_for_good_counts_as_cancelled_too(watched: Watched) -> None:
    watched.begin()
    watched.standin.shop.show(PAID)
    watched.work()
    del watched.standin.shop.orders[17]
    gone(watched)
    assert order(watched.place).cancelled is not None


def test_restored_it_counts_again(watched: Watched) -> None:
    watched.begin()
    watched.standin.shop.show(PAID)
    watched.work()
    gone(watched, 17)
    watched.standin.shop.show(derived(PAID, date_modified_gmt="2026-11-25T09:26:00"))
    watched.clock.on(days=2)
    watched.work()
    assert order(watched.place).cancelled is None
    assert totals(watched.place.referrals) == (800, 720)


def test_many_are_looked_for_a_hundred_at_a_time(watched: Watched) -> None:
    watched.begin()
    for id in range(1001, 1151):
        watched.standin.shop.show(another(id))
    watched.work()
    watched.standin.calls.clear()
    gone(watched, 1001, 1150)
    assert order(watched.place, "1001").cancelled is not None
    assert order(watched.place, "1150").cancelled is not None
    assert order(watched.place, "1002").cancelled is None
    assert watched.standin.calls.count("GET orders/1001") == 1
    assert watched.standin.calls.count("GET orders/1002") == 0


# Each shop for itself.


def test_a_shop_that_was_disconnected_is_looked_at_no_more(watched: Watched) -> None:
    watched.begin()
    house = watched.place.house

    def lose(session: Any) -> None:
        installations.remove(session, SHOP)

    house.database.write(lose)
    house.remember_nothing()
    watched.work()
    assert watched.rounds() == {}
    assert watched.standin.calls == []


def test_two_workers_make_each_round_once(watched: Watched) -> None:
    watched.begin()
    house: House = watched.place.house
    first, second = making.make_all(house), making.make_all(house)
    assert (first, second) == (4, 0)


def test_what_a_dead_worker_held_is_made_after_its_lease(watched: Watched) -> None:
    watched.begin()
    house = watched.place.house
    for name in watched.rounds():
        claim = partial(rounds.claim, shop=SHOP, round=name, now=house.now(), lease=LEASE)
        assert house.database.write(claim) is not None
    assert making.make_all(house) == 0
    watched.clock.on(minutes=31)
    assert making.make_all(house) == 4


def test_a_worker_that_comes_back_too_late_changes_nothing(watched: Watched) -> None:
    watched.begin()
    house = watched.place.house
    taken = house.database.write(lambda s: rounds.claim(s, SHOP, "orders", house.now(), LEASE))
    assert taken is not None
    watched.clock.on(minutes=31)
    assert making.make_all(house) == 4
    before = watched.rounds()["orders"]
    assert not house.database.write(lambda s: rounds.note(s, taken, {}, house.now()))
    house.database.write(lambda s: rounds.done(s, taken, house.now(), house.now(), {"a": 1}))
    house.database.write(lambda s: rounds.later(s, taken, house.now(), "late"))
    assert watched.rounds()["orders"] == before


def test_one_shops_trouble_is_not_anothers(watched: Watched, house: House) -> None:
    connect(house, "other", url="http://127.0.0.1:1")
    house.database.write(lambda s: making.plan(s, house, "other"))
    watched.begin()
    watched.standin.shop.show(PAID)
    watched.work()
    assert order(watched.place).paid is not None
    others = house.database.read(lambda s: rounds.of(s, "other"))
    down = "the shop could not be reached: nobody answers there"
    assert (others["orders"].trouble, others["hooks"].trouble) == (down, down)


def test_a_worker_looks_at_shops_beside_its_other_work(watched: Watched) -> None:
    watched.begin()
    watched.standin.shop.show(PAID)
    Worker(watched.place.house).once()
    assert order(watched.place).paid is not None
