"""One round on its way: the shop, its till, and how far it came."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from goodword.storage.sql import Session
from goodword.watching import Watch
from goodword_server.house import House
from goodword_server.storage import rounds
from goodword_server.storage.installations import Connected
from goodword_server.storage.rounds import Taken

# A slow shop may take its time for one batch: each refund is a question of its own.
LEASE: Final = timedelta(minutes=30)


class BrokenOff(Exception):
    """The round goes on later: it is time to end, or another worker makes it by now."""


class NotYet(Exception):
    """The round goes on once something has happened at the shop, which takes its time."""

    def __init__(self, pause: timedelta) -> None:
        self.pause = pause
        super().__init__()


@dataclass(frozen=True, slots=True)
class Step:
    """A round that is being made in one shop."""

    house: House
    taken: Taken
    connected: Connected
    watched: Watch | None
    """None: its platform has a till, and cannot be watched."""
    until: Callable[[], bool]

    @property
    def shop(self) -> str:
        return self.taken.shop

    @property
    def watch(self) -> Watch:
        """What keeps the shop in step; only what can be watched has rounds that ask for it."""
        assert self.watched is not None
        return self.watched

    def keep(
        self, notes: Mapping[str, Any], work: Callable[[Session], None] = lambda _: None
    ) -> None:
        """Keep how far it came, together with what that brought; raise `BrokenOff`."""
        house = self.house

        def deed(session: Session) -> bool:
            lease = house.now() + LEASE
            if not rounds.note(session, self.taken, notes, lease):
                return False
            work(session)
            return True

        if not house.database.write(deed) or self.until():
            raise BrokenOff
