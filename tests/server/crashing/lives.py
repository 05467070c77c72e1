"""Server and worker as processes, and the blows that end them."""

from __future__ import annotations

import os
import random
import signal
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

_LONGEST: Final = 1.2
_STARTED: Final = "Started worker-"
_AT_WORK: Final = "At work."


@dataclass(frozen=True, slots=True, kw_only=True)
class Blow:
    """Whom it hits, how, and when."""

    server: bool = True
    worker: bool = True
    how: signal.Signals = signal.SIGTERM
    everyone: bool = False
    """Whether each process of a server gets it, or only the first one, which tells the others."""
    moment: str = "time"
    seconds: float = 0.0
    nth: int = 0

    @classmethod
    def drawn(cls, rng: random.Random) -> Blow:
        who = rng.choice(["server", "server", "worker", "worker", "both"])
        how = rng.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM])
        return cls(
            server=who != "worker",
            worker=who != "server",
            how=how,
            # Killed alone, it would leave its children behind: that is not a server killed.
            everyone=how == signal.SIGKILL or rng.random() < 0.5,
            moment=rng.choice(["time", "time", "call", "mail"]),
            seconds=rng.uniform(0.0, _LONGEST),
            nth=rng.randrange(1, 12),
        )

    def __str__(self) -> str:
        who = " and ".join(
            name for name, hit in (("server", self.server), ("worker", self.worker)) if hit
        )
        when = f"{self.seconds:.2f} s" if self.moment == "time" else f"{self.moment} {self.nth}"
        return f"{self.how.name} to {who} at {when}"


class Pair:
    """A server and a worker on one database; either may die, and is started again.

    A server may have a worker of its own at its side, as small shops have.
    """

    def __init__(self, house: House, port: int, mail: str, rng: random.Random) -> None:
        self.troubles: list[str] = []
        self.killed_at_work = 0
        self._house = house
        self._port = str(port)
        self._rng = rng
        self._settings = {
            "GOODWORD_DATABASE_URL": house.settings.database_url,
            "GOODWORD_SECRETS": FIRST_SECRET,
            "GOODWORD_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "GOODWORD_MAIL": mail,
        }
        self._server: Running | None = None
        self._worker: Running | None = None
        self._server_works = False
        self._servers = 0
        self._was_killed = False

    def start(self) -> None:
        """Start whoever is not alive."""
        if self._server is None:
            self._server_works = self._rng.random() < 0.4
            self._servers = self._rng.choice([1, 2])
            kind = {"GOODWORD_WORKER": "thread" if self._server_works else "none"}
            words = ("serve", "--port", self._port, "--workers", str(self._servers))
            self._server = Running(*words, **self._settings, **kind)
        if self._worker is None:
            self._worker = Running("work", **self._settings)

    def wait_for(self, blow: Blow) -> None:
        """Wait until those whom it will hit are ready; the other one may still be starting."""
        server, worker = self._server, self._worker
        assert server is not None
        assert worker is not None
        if blow.server:
            until(lambda: server.said().count(_STARTED) == self._servers or not server.alive)
        if blow.worker:
            until(lambda: _AT_WORK in worker.said() or not worker.alive)

    def strike(self, blow: Blow) -> None:
        """End those whom the blow hits, and see how they end."""
        hit: list[tuple[str, Running]] = []
        if blow.server and self._server is not None:
            hit.append(("the server", self._server))
            self._server = None
        if blow.worker and self._worker is not None:
            hit.append(("the worker", self._worker))
            self._worker = None
        for _, running in hit:
            if blow.everyone:
                os.killpg(running.process.pid, blow.how)
            else:
                running.process.send_signal(blow.how)
        at_work = blow.worker or self._server_works
        self._was_killed |= at_work and blow.how == signal.SIGKILL
        for name, running in hit:
            self._see(name, running, blow)
        if blow.how == signal.SIGKILL:
            self.killed_at_work += (
                blow.worker + (blow.server and self._server_works) * self._servers
            )
        if self._worker is None and (self._server is None or not self._server_works):
            self._leases()

    def end(self) -> None:
        """End whoever is left, for good, whatever happened."""
        for running in (self._server, self._worker):
            if running is not None:
                running.kill()
        self._server = self._worker = None

    def _see(self, name: str, running: Running, blow: Blow) -> None:
        code, said = running.wait()
        expected = -signal.SIGKILL if blow.how == signal.SIGKILL else 0
        if code != expected:
            self.troubles.append(f"{name} ended with {code} on {blow.how.name}: {said[-2000:]}")
        elif "Traceback" in said:
            self.troubles.append(f"{name} complained: {said[-4000:]}")

    def _leases(self) -> None:
        """Nobody works: whoever was asked to end left no lease, and those of the dead run out."""
        now = micros(datetime.now(UTC))
        with self._house.database.connect() as connection:
            for table in (inbox, followups):
                waits = table.c.next > now
                held = select(func.count()).where(waits, table.c.fence.is_not(None))
                count = connection.execute(held).scalar_one()
                if count and not self._was_killed:
                    self.troubles.append(f"{count} leases were left behind in {table.name}")
                # As if five minutes had passed; what nobody holds waits no longer either.
                connection.execute(update(table).where(waits).values(next=now))
            connection.commit()
        self._was_killed = False


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
