"""Server and worker as processes, and the blows that end them."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import func, select, update

from goodword.storage.sql import micros
from goodword.storage.tables import followups
from goodword_server.house import House
from goodword_server.storage.tables import inbox
from tests.server.builders import FIRST_SECRET
from tests.server.processes import Running, until

_WHOM: Final = (("server",), ("server",), ("worker",), ("worker",), ("server", "worker"))
_LONGEST: Final = 1.2
_STARTED: Final = "Started worker-"
_AT_WORK: Final = "At work."
# Python can miss a signal just as its main thread begins to wait; then granian kills the process.
_DEAF: Final = "Killing worker-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blow:
    """Whom it hits, how, and when."""

    whom: tuple[str, ...] = ("server", "worker")
    how: signal.Signals = signal.SIGTERM
    everyone: bool = False
    """Whether each process of a server gets it, or only the first one, which tells the others."""
    moment: str = "time"
    seconds: float = 0.0
    nth: int = 0

    @classmethod
    def drawn(cls, rng: random.Random) -> Blow:
        """Draw one."""
        how = rng.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM])
        return cls(
            whom=rng.choice(_WHOM),
            how=how,
            # Killed alone, it would leave its children behind: that is not a server killed.
            everyone=how == signal.SIGKILL or rng.random() < 0.5,
            moment=rng.choice(["time", "time", "call", "mail"]),
            seconds=rng.uniform(0.0, _LONGEST),
            nth=rng.randrange(1, 12),
        )

    def __str__(self) -> str:
        when = f"{self.seconds:.2f} s" if self.moment == "time" else f"{self.moment} {self.nth}"
        return f"{self.how.name} to {' and '.join(self.whom)} at {when}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A command that runs, and what it says as often as it is ready."""

    running: Running
    at_work: int
    """How many workers are in it."""
    says: str
    times: int

    def is_ready(self) -> bool:
        return self.running.said().count(self.says) == self.times or not self.running.alive

    def hit(self, blow: Blow) -> None:
        if blow.everyone:
            os.killpg(self.running.process.pid, blow.how)
        else:
            self.running.process.send_signal(blow.how)


class Pair:
    """A server and a worker on one database; either may die, and is started again.

    A server may have a worker of its own at its side, as small shops have.
    """

    def __init__(self, house: House, port: int, mail: str, rng: random.Random) -> None:
        self.troubles: list[str] = []
        self.killed_at_work = 0
        """How many workers were killed."""
        self.deaf = 0
        """How many servers had to kill a process that did not hear its signal."""
        self._house = house
        self._port = port
        self._rng = rng
        self._settings = {
            "GOODWORD_DATABASE_URL": house.settings.database_url,
            "GOODWORD_SECRETS": FIRST_SECRET,
            "GOODWORD_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "GOODWORD_MAIL": mail,
        }
        self._started: dict[str, Started] = {}
        self._held_by_dead = False

    def start(self) -> None:
        """Start whoever is not alive."""
        if "server" not in self._started:
            self._started["server"] = self._serve()
        if "worker" not in self._started:
            running = Running("work", **self._settings)
            self._started["worker"] = Started(running=running, at_work=1, says=_AT_WORK, times=1)

    def _serve(self) -> Started:
        processes, works = self._rng.choice([1, 2]), self._rng.random() < 0.4
        words = ("serve", "--port", str(self._port), "--workers", str(processes))
        kind = {"GOODWORD_WORKER": "thread" if works else "none"}
        return Started(
            running=Running(*words, **self._settings, **kind),
            at_work=processes if works else 0,
            says=_STARTED,
            times=processes,
        )

    def wait_for(self, blow: Blow) -> None:
        """Wait until those whom it will hit are ready; the other one may still be starting."""
        for name in blow.whom:
            until(self._started[name].is_ready)

    def strike(self, blow: Blow) -> None:
        """End those whom the blow hits, and see how they end."""
        struck = {name: self._started.pop(name) for name in blow.whom}
        for one in struck.values():
            one.hit(blow)
        for name, one in struck.items():
            self._see(name, one, blow)
        if not any(one.at_work for one in self._started.values()):
            self._leases()

    def end(self) -> None:
        """End whoever is left, for good, whatever happened."""
        while self._started:
            self._started.popitem()[1].running.kill()

    def _see(self, name: str, one: Started, blow: Blow) -> None:
        killed = blow.how == signal.SIGKILL
        try:
            code, said = one.running.wait()
        except subprocess.TimeoutExpired:
            self.troubles.append(f"{name} did not end on {blow.how.name}: {one.running.said()}")
            one.running.kill()
            return
        if code != (-signal.SIGKILL if killed else 0):
            self.troubles.append(f"{name} ended with {code} on {blow.how.name}: {said[-2000:]}")
        elif "Traceback" in said:
            self.troubles.append(f"{name} complained: {said[-4000:]}")
        self.deaf += _DEAF in said
        if killed or _DEAF in said:
            self.killed_at_work += one.at_work
            self._held_by_dead |= one.at_work > 0

    def _leases(self) -> None:
        """Nobody works: whoever was asked to end left no lease, and those of the dead run out."""
        now = micros(datetime.now(UTC))
        with self._house.database.connect() as connection:
            for table in (inbox, followups):
                held = (table.c.next > now) & table.c.fence.is_not(None)
                count = connection.execute(
                    select(func.count()).select_from(table).where(held)
                ).scalar_one()
                if count and not self._held_by_dead:
                    self.troubles.append(f"{count} leases were left behind in {table.name}")
                # As if five minutes had passed.
                connection.execute(update(table).where(held).values(next=now))
            connection.commit()
        self._held_by_dead = False


def wait_for(blow: Blow, calls: Callable[[], int], mails: Callable[[], int]) -> None:
    """Wait for the moment of a blow: a time, or the nth call to the shop or mail from now on."""
    if blow.moment == "time":
        time.sleep(blow.seconds)
        return
    counted = calls if blow.moment == "call" else mails
    goal, ends = counted() + blow.nth, time.monotonic() + _LONGEST
    while counted() < goal and time.monotonic() < ends:
        time.sleep(0.0005)
    # The call is there and is answered, or is being answered, or was.
    time.sleep(blow.seconds / _LONGEST * 0.02)
