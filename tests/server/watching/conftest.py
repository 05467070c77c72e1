"""A connected shop that is looked at regularly."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from goodword_server.storage import rounds
from goodword_server.storage.rounds import Made
from goodword_server.watching import rounds as making
from goodword_server.worker import Worker
from goodword_woocommerce.standin import StandIn
from tests.sdk.builders import Clock
from tests.server.builders import SHOP, Place


@dataclass
class Watched:
    """A shop, its stand-in, and the worker that looks at it."""

    place: Place
    standin: StandIn
    clock: Clock

    def begin(self) -> None:
        """Look at the shop from now on."""
        house = self.place.house
        house.database.write(lambda session: making.plan(session, house, SHOP))

    def work(self) -> None:
        """Do all that is due, until nothing is."""
        worker = Worker(self.place.house)
        while worker.once():
            pass

    def rounds(self) -> dict[str, Made]:
        return self.place.house.database.read(lambda s: rounds.of(s, SHOP))

    def tell(self, topic: str, body: bytes) -> list[int]:
        """Let the shop's own webhooks tell of something; return how they were answered."""
        statuses = []
        for id, sent in self.standin.shop.hooks.tell(topic, body):
            status = self.place.post(sent.body, sent.headers).status_code
            self.standin.shop.hooks.answered(id, status)
            statuses.append(status)
        return statuses


@pytest.fixture
def watched(shop: Place, standin: StandIn, clock: Clock) -> Watched:
    return Watched(shop, standin, clock)
