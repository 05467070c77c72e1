"""Many workers read at once, and some end in the middle of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from functools import partial
from threading import Event
from time import sleep
from typing import Any

import pytest

from goodword.storage.sql import Session
from goodword_server import reading
from goodword_server.house import House
from goodword_server.storage import inbox as deliveries
from goodword_woocommerce.standin import Fault, StandIn, derived
from tests.sdk.builders import Clock, at_once
from tests.server.builders import COMPLETED, PAID, REFUND_18, Place, a_house, a_place, client_of
from tests.server.delivering import another, booked_once, read, told

pytestmark = pytest.mark.slow

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

    def shop(client: Place, start: int) -> None:
        for id in range(start, start + 20):
            assert client.deliver(another(id)) == 200

    def worker(house: House) -> None:
        for _ in range(10):
            reading.read_all(house)

    shops = [partial(shop, a_client(place), start) for start in (100, 200)]
    done = at_once(*shops, partial(worker, place.house), partial(worker, there))
    assert trouble(done) == []
    read(place)
    assert {row["state"] for row in place.inbox()} == {"read"}
    booked_once(place, *(str(id) for start in (100, 200) for id in range(start, start + 20)))


def a_client(place: Place) -> Place:
    """Another app's client.  Made before the threads: on CPython 3.11 two that parse at once may
    trip over each other ("AST constructor recursion depth mismatch"), and Flask's routes parse.
    """
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


def test_one_shops_trouble_is_not_anothers(house: House, caplog: pytest.LogCaptureFixture) -> None:
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
