"""Kills server and worker under load, again and again, and judges what is left."""

from __future__ import annotations

import http.client
import random
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from typing import Any, Final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from goodword import Terms
from goodword_server.house import House
from goodword_server.worker import Worker
from goodword_woocommerce.standin import StandIn
from tests.sdk.builders import Clock, a_program, carol
from tests.server.builders import Place, a_house, a_place
from tests.server.crashing.lives import Blow, Pair, wait_for
from tests.server.crashing.verdict import Found, find, verdict
from tests.server.crashing.world import Bustle, Record, Slow, World
from tests.server.processes import free_port

_ROUNDS: Final = 40
_KILL: Final = signal.SIGKILL.name


@dataclass
class Post:
    """Where thanks arrive."""

    mails: Counter[str] = field(default_factory=Counter)

    async def handle_DATA(  # noqa: N802
        self, server: Any, session: Any, envelope: Envelope
    ) -> str:
        mail = message_from_bytes(envelope.original_content or b"")
        self.mails[mail["Message-ID"].strip("<>").partition("@")[0]] += 1
        return "250 OK"

    @contextmanager
    def opened(self) -> Iterator[str]:
        """Yield the address of a mail server that takes all."""
        port = free_port()
        server = Controller(self, hostname="127.0.0.1", port=port)
        server.start()
        try:
            yield f"smtp://127.0.0.1:{port}"
        finally:
            server.stop()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of it."""

    troubles: list[str]
    record: Record
    found: Found
    ends: Counter[str]
    """How often each signal ended somebody."""

    def counts(self) -> dict[str, int]:
        """Return how much happened meanwhile."""
        return {
            "deliveries": self.record.acknowledged.total(),
            "visits": len(self.record.visits),
            "orders": len(self.found.orders),
            "entries": len(self.found.entries),
            "coupons": len(self.found.coupons),
            "spent": len(self.record.spent),
            "mails": self.found.mails.total(),
            **self.ends,
        }

    def __str__(self) -> str:
        return ", ".join(f"{count} {name}" for name, count in self.counts().items())


def crash(url: str, kills: int, seed: str, say: Callable[[str], None] = lambda _: None) -> Outcome:
    """Kill so often, under load, on a migrated database; return what came of it.

    Whom, how and when is drawn from the seed; what they are at just then is not.
    """
    rng, post = random.Random(seed), Post()
    with ExitStack() as ending:
        standin = ending.enter_context(StandIn())
        standin.shop = Slow(random.Random(f"{seed} shop"))
        mail = ending.enter_context(post.opened())
        place = ending.enter_context(opened(url, standin))
        port = free_port()
        pair = Pair(place.house, port, mail, rng)
        ending.callback(pair.end)
        world = World(standin, f"/hooks/woocommerce/{place.connected.path}", _over(port), seed)
        with Bustle(world):
            ends: Counter[str] = Counter()
            while ends[_KILL] < kills:
                blow = Blow.drawn(rng)
                pair.start()
                pair.wait_for(blow)
                wait_for(blow, lambda: len(standin.calls), post.mails.total)
                pair.strike(blow)
                # Those that were asked to end come on top.
                ends[blow.how.name] += 1
                say(f"{ends[_KILL]:4} of {kills}  {blow}")
        pair.start()
        pair.wait_for(Blow())
        world.settle()
        pair.strike(Blow())
        say("doing what is left")
        finish(place.house, mail)
        found = find(place.house, standin, post.mails)
        ends["deaf"] = pair.deaf
        troubles = pair.troubles + verdict(world.record, found, pair.killed_at_work)
        return Outcome(troubles=troubles, record=world.record, found=found, ends=ends)


def migrated(url: str) -> str:
    """Make the tables of an empty database; return its URL."""
    with a_house(url, Clock()) as house:
        house.migrate()
    return url


def finish(house: House, mail: str) -> None:
    """A worker of later hours does what the dead ones left."""
    later = Clock(datetime.now(UTC))
    with a_house(house.settings.database_url, later, mail=mail) as late:
        worker = Worker(late)
        for _ in range(_ROUNDS):
            later.on(hours=7)
            if worker.once() == 0:
                return


@contextmanager
def opened(url: str, standin: StandIn) -> Iterator[Place]:
    """Yield a place whose shop is the stand-in, and whose program is a day old."""
    with a_house(url, Clock(datetime.now(UTC) - timedelta(days=1))) as house:
        place = a_place(house, url=standin.url)
        # Without a hold the coupon is made at once: that, too, is cut short.
        place.referrals.programs.save(replace(a_program(), terms=Terms(hold_days=0)))
        carol(place.referrals)
        yield place


def _over(port: int) -> Callable[..., tuple[int, Mapping[str, str], bytes]]:
    def ask(
        method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as line:
            line.request(method, path, body, dict(headers))
            answer = line.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, told, answer.read()

    return ask
