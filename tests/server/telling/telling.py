"""What tests do with a shop that tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from goodword.storage.troubles import unpacked
from goodword_server.house import House
from goodword_server.storage.tables import dispatches
from goodword_server.telling import notices, sending
from goodword_server.telling.carrying import WebhookCarrier
from goodword_server.telling.endpoints import Added, Endpoints
from tests.sdk.builders import Clock, an_order
from tests.server.builders import SHOP, rows
from tests.server.telling.receivers import Receiver


@dataclass
class Telling:
    """A shop, its receiver, and the worker that sends."""

    house: House
    clock: Clock
    receiver: Receiver
    added: list[Added] = field(default_factory=list)
    orders: int = 0

    @property
    def endpoints(self) -> Endpoints:
        return Endpoints(self.house, SHOP)

    @property
    def id(self) -> str:
        return self.added[0].endpoint.id

    @property
    def secret(self) -> str:
        return self.added[0].secret.text

    def add(self, **given: Any) -> Added:
        self.added.append(self.endpoints.add(self.receiver.url, **given))
        return self.added[-1]

    def happens(self) -> None:
        """One event happens, and is handed over."""
        self.orders += 1
        now = self.clock()
        id, email = f"o-{self.orders}", f"f{self.orders}@x.example"
        order = an_order(id=id, placed=now, modified=now, paid=None, email=email)
        self.house.referrals(SHOP).record_order(order)
        self.house.engine.work({"webhook": WebhookCarrier(self.house)})

    def send(self, *, after: float = 0) -> int:
        self.clock.on(seconds=after)
        return sending.send_all(self.house)

    def fail(self, answer: Any) -> None:
        """Let it answer so until the one event on its way is dead."""
        for pause in (*sending.PAUSES, 0):
            self.receiver.answers = [answer]
            assert self.send() == 1
            self.clock.on(seconds=pause * 1.2)

    def say(self) -> int:
        return notices.say_all(self.house)

    def dispatches(self) -> list[Mapping[str, Any]]:
        found = sorted(rows(self.house, dispatches), key=lambda row: str(row["id"]))
        return [{**row, "trouble": unpacked(row["trouble"]) or None} for row in found]

    def states(self) -> list[str]:
        return [row["state"] for row in self.dispatches()]

    def waits(self) -> timedelta:
        """For how long the one dispatch waits."""
        (row,) = self.dispatches()
        now = int(self.clock().timestamp() * 1_000_000)
        return timedelta(microseconds=row["next"] - now)
