"""A server killed again and again loses nothing that it acknowledged, and gives nothing twice."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from itertools import count
from threading import Event, Thread
from time import sleep
from urllib.parse import parse_qs, urlsplit

import pytest

from goodword import Terms
from goodword.storage.tables import entries
from goodword_server.house import House
from goodword_server.worker import Worker
from goodword_woocommerce.standin import StandIn, derived
from tests.sdk.builders import START, Clock, a_program
from tests.server.builders import PHONE, Place, a_house, a_place, rows
from tests.server.processes import Served

pytestmark = pytest.mark.slow
PAID = "order-updated-bacs-processing-paid"
LIVES = 4


@dataclass
class World:
    """Shop and friends, who go on whatever becomes of the server."""

    place: Place
    delivered: list[str] = field(default_factory=list)
    """The orders whose deliveries were acknowledged."""
    visits: list[str] = field(default_factory=list)
    """The visits that friends carry in their address."""
    numbers: Iterator[int] = field(default_factory=lambda: count(101))

    def go_on(self, served: Served, over: Event) -> None:
        hook = f"/hooks/woocommerce/{self.place.connected.path}"
        # Not as fast as it can: all that is delivered must be done in the end.
        while not over.wait(0.03):
            id = str(next(self.numbers))
            # The server may die in the middle of an answer: then nothing was acknowledged.
            with suppress(OSError, HTTPException):
                told = derived(PAID, id=int(id))
                if served.ask("POST", hook, told.headers, told.body)[0] == 200:
                    self.delivered.append(id)
                _, headers, _ = served.ask("GET", "/tea-house/r/ALICE10", {"User-Agent": PHONE})
                self.visits += parse_qs(urlsplit(headers["location"]).query)["gw"]


@pytest.fixture
def world(house: House, standin: StandIn) -> World:
    place = a_place(house, url=standin.url)
    # Without a hold the coupon is made at once: that, too, is cut short.
    place.referrals.programs.save(replace(a_program(), terms=Terms(hold_days=0)))
    return World(place)


def live(world: World, seconds: float) -> None:
    """One life of a server, ended without warning."""
    over = Event()
    served = Served(world.place.house.settings.database_url)
    going_on = Thread(target=world.go_on, args=(served, over))
    going_on.start()
    sleep(seconds)
    served.running.kill()
    over.set()
    going_on.join()


def finish(url: str) -> None:
    """A worker of a later hour does what the dead ones left."""
    later = Clock(max(datetime.now(UTC), START))
    with a_house(url, later) as house:
        for _ in range(5):
            later.at += timedelta(hours=2)
            Worker(house).once()


def test_what_was_acknowledged_is_there_and_nothing_is_there_twice(
    world: World, standin: StandIn, url: str
) -> None:
    for _ in range(LIVES):
        live(world, random.uniform(0.8, 1.8))
    finish(url)

    place = world.place
    assert len(world.delivered) > LIVES
    assert {row["state"] for row in place.inbox()} == {"read"}
    movements = Counter(
        (row["order_id"], row["part"], row["source"], row["target"])
        for row in rows(place.house, entries)
    )
    assert set(movements.values()) == {1}
    recorded = {order for order, *_ in movements}
    assert set(world.delivered) <= recorded
    for order in recorded:
        assert (order, "offer", "shop:granted", "friend:spent") in movements
        assert (order, "reward", "advocate:due", "advocate:given") in movements

    # One coupon for each order, and no more.
    coupons = list(standin.shop.coupons.by_id.values())
    made_for = Counter(coupon["description"].rpartition(" ")[2] for coupon in coupons)
    assert made_for == Counter(dict.fromkeys(recorded, 1))
    assert {coupon["amount"] for coupon in coupons} == {"7.20"}

    assert len(world.visits) > LIVES
    assert set(world.visits) <= {row["id"] for row in place.visits()}
