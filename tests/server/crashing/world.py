"""Shop and friends, who go on whatever becomes of goodword, and what it acknowledged to them."""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.client import HTTPException
from itertools import count
from threading import Event, Lock, Thread
from time import sleep
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from goodword_woocommerce.standin import Fault, StandIn
from goodword_woocommerce.standin.shop import Answer, Shop
from tests.server.builders import PHONE, SHOP
from tests.server.crashing.orders import HALVED, PAID, Source, Told, story, tell

Ask = Callable[[str, str, Mapping[str, str], bytes], tuple[int, Mapping[str, str], bytes]]
"""Method, path, headers and body; returns status, headers in lower case, and body."""

WRITERS: Final = 3
_EARLIER: Final = 40
_ADVOCATES: Final = {"ALICE10": "c-1", "CAROL": "c-2"}
_COUPONS: Final = {"ref-alice10": "c-1", "ref-carol": "c-2"}
_FAULTS: Final = (Fault.DROP, Fault.BUSY, Fault.BROKEN)


@dataclass
class Record:
    """What was sent, what was acknowledged, and what was spent."""

    states: dict[str, dict[int, Told]] = field(default_factory=dict)
    """Every state that the shop told of, by order and moment."""
    sent: Counter[str] = field(default_factory=Counter)
    """How often each delivery was sent, by what the inbox knows it by."""
    acknowledged: Counter[str] = field(default_factory=Counter)
    visits: dict[str, str] = field(default_factory=dict)
    """The visits that friends carry in their address, each with its code."""
    spent: dict[str, int] = field(default_factory=dict)
    """What each coupon was worth when it was spent, by its text."""
    odd: list[str] = field(default_factory=list)
    """Answers that nobody should get."""


class Slow(Shop):
    """A shop that takes its time between doing and saying, so that many are killed in between."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__()
        self._rng = rng

    def answer(self, method: str, path: str, query: Mapping[str, str], body: Any) -> Answer:
        answered = super().answer(method, path, query, body)
        sleep(self._rng.uniform(0, 0.012))
        return answered


class World:
    """All that happens outside goodword."""

    def __init__(self, standin: StandIn, hook: str, ask: Ask, seed: str) -> None:
        self.standin = standin
        self.record = Record()
        self.arrived: deque[tuple[str, str]] = deque(maxlen=_EARLIER)
        """Visits that no order carries yet, each with its code."""
        self.paying: deque[Source] = deque()
        """Coupons that were spent, in orders that are not told yet."""
        self._hook = hook
        self._ask = ask
        self._lock = Lock()
        self.writers = [
            Writer(self, count(100_000 * place + 1), random.Random(f"{seed} writer {place}"))
            for place in range(1, WRITERS + 1)
        ]
        self.friends = random.Random(f"{seed} friends")
        self.shoppers = random.Random(f"{seed} shoppers")

    def deliver(self, told: Told) -> None:
        """Deliver a state; it counts as acknowledged only if that was heard."""
        with self._lock:
            self.record.sent[told.digest] += 1
        status = self._asked("POST", self._hook, told.sent.headers, told.sent.body)[0]
        if status == 200:
            with self._lock:
                self.record.acknowledged[told.digest] += 1

    def click(self) -> None:
        """A friend follows a link."""
        code = self.friends.choice(list(_ADVOCATES))
        asked = self._asked("GET", f"/{SHOP}/r/{code}", {"User-Agent": PHONE})
        for visit in parse_qs(urlsplit(asked[1].get("location", "")).query).get("gw", ()):
            self.record.visits[visit] = code
            self.arrived.append((visit, code))

    def spend(self) -> None:
        """An advocate spends a coupon at the checkout."""
        with self.standin.shop.lock:
            coupons = [one for one in self.standin.shop.coupons.by_id.values() if _is_good(one)]
            if not coupons:
                return
            # Rather one that was just made smaller: of some of those nobody may have taken note.
            smaller = [one for one in coupons if minor(one["amount"]) == HALVED.reward]
            coupon = self.shoppers.choice(smaller or coupons)
            text, (email,), amount = (
                coupon["code"],
                coupon["email_restrictions"],
                coupon["amount"],
            )
            self.standin.shop.use_coupon(text, email)
            self.record.spent[text] = minor(amount)
        self.paying.append(Source(advocate=None, email=email, coupon=text, discount=amount))

    def stumble(self) -> None:
        """The shop fails a request that comes soon."""
        waits = [Fault.NONE] * self.shoppers.randrange(5)
        self.standin.fail(*waits, self.shoppers.choice(_FAULTS))

    def settle(self) -> None:
        """What was held back is delivered."""
        for writer in self.writers:
            writer.settle()

    def _asked(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, Mapping[str, str]]:
        # It may die in the middle of an answer: then nothing was acknowledged.
        with suppress(OSError, HTTPException):
            status, answered, said = self._ask(method, path, headers, body)
            if status >= 400:
                self.record.odd.append(f"{method} {path}: {status} {said[:80]!r}")
            return status, answered
        return 0, {}


class Writer:
    """Tells of some orders: in turn, twice, late, or not at all."""

    def __init__(self, world: World, ids: Iterator[int], rng: random.Random) -> None:
        self._world = world
        self._ids = ids
        self._rng = rng
        self._under_way: list[Iterator[Told]] = []
        self._held_back: list[Told] = []
        self._earlier: deque[Told] = deque(maxlen=_EARLIER)

    def turn(self) -> None:
        """Deliver something, or let something happen that is told later."""
        roll = self._rng.random()
        if roll < 0.12 and self._held_back:
            told = self._held_back.pop(self._rng.randrange(len(self._held_back)))
        elif roll < 0.2 and self._earlier:
            told = self._rng.choice(self._earlier)
        else:
            told = self._news()
            if self._rng.random() < 0.1:
                self._held_back.append(told)
                return
        self._earlier.append(told)
        self._world.deliver(told)

    def settle(self) -> None:
        for told in self._held_back:
            self._world.deliver(told)
        self._held_back.clear()

    def _news(self) -> Told:
        """Let an order come to its next state, or a new one be placed."""
        while self._under_way and self._rng.random() < 0.65:
            goes_on = self._rng.choice(self._under_way)
            told = next(goes_on, None)
            if told is not None:
                return self._shown(told)
            self._under_way.remove(goes_on)
        begun = self._begin()
        self._under_way.append(begun)
        return self._shown(next(begun))

    def _begin(self) -> Iterator[Told]:
        id, now = next(self._ids), datetime.now(UTC).replace(microsecond=0)
        world, rng = self._world, self._rng
        with suppress(IndexError):
            # A while ago, so that its reward is due at once.
            return tell(id, now - timedelta(minutes=1), world.paying.popleft(), (PAID,))
        if rng.random() < 0.3:
            with suppress(IndexError):
                visit, code = world.arrived.popleft()
                source = Source(advocate=_ADVOCATES[code], email=_friend(id), visit=visit)
                # Not before the visit.
                return tell(id, now + timedelta(seconds=1), source, story(rng))
        coupon = rng.choice(list(_COUPONS))
        source = Source(advocate=_COUPONS[coupon], email=_friend(id), coupon=coupon)
        return tell(id, now - timedelta(minutes=1), source, story(rng))

    def _shown(self, told: Told) -> Told:
        self._world.record.states.setdefault(told.order, {})[told.modified] = told
        self._world.standin.shop.show(told.sent)
        return told


class Bustle:
    """The world going on by itself, in threads.  Use it as a context."""

    def __init__(self, world: World) -> None:
        self._over = Event()
        goings_on = [
            *((writer.turn, 0.12) for writer in world.writers),
            (world.click, 0.06),
            (world.spend, 0.25),
            (world.stumble, 0.8),
        ]
        self._threads = [Thread(target=self._go_on, args=one) for one in goings_on]

    def __enter__(self) -> Bustle:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *trouble: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _go_on(self, turn: Callable[[], None], pause: float) -> None:
        # Not as fast as it can: all that is delivered must be done in the end.
        while not self._over.wait(pause):
            turn()


def minor(amount: str) -> int:
    """Return an amount of the shop's in minor units."""
    return int(Decimal(amount) * 100)


def _is_good(coupon: Mapping[str, Any]) -> bool:
    return not coupon["usage_count"] and not coupon["date_expires_gmt"]


def _friend(id: int) -> str:
    return f"friend-{id}@friend.example"
