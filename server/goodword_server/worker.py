"""The worker: reads the inbox, does what is due, and tidies up."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread, main_thread
from time import monotonic
from typing import Final

from goodword.errors import TillDown, TillRefused
from goodword.platforms import Carrier, Till
from goodword.storage.database import Durability
from goodword.tills import TillCarrier
from goodword_server import reading, tending
from goodword_server.house import House, UnknownShop
from goodword_server.inviting.carrying import invitation_carrier
from goodword_server.joining import leaving
from goodword_server.mail import mail_carrier
from goodword_server.metrics.deeds import Counted
from goodword_server.storage import answers, limits, signs
from goodword_server.telling import asked_for, notices, sending
from goodword_server.telling.carrying import WebhookCarrier
from goodword_server.watching import rounds

_log = logging.getLogger("goodword_server")
_SWEEP_SECONDS: Final = 3600.0
_WINDOW_SECONDS: Final = limits.WINDOW.total_seconds()
_IDLE_SECONDS: Final = 1.0
_BEAT_SECONDS: Final = 30.0
_ROUNDS_SECONDS: Final = 5.0
# Each is woken by a word of its own.
_LOOPS: Final = 3


class Worker:
    """Does the work of one house, once or until it is stopped."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._stopped = False
        self._wake: SimpleQueue[None] = SimpleQueue()
        self._thread: Thread | None = None
        self._swept = -_SWEEP_SECONDS
        self._beaten = -_BEAT_SECONDS
        self._forgot = -_WINDOW_SECONDS
        self._carriers = carriers(house)

    def once(self) -> int:
        """Do all that can be done now; return how many deliveries and deeds were taken up."""
        self._watch()
        return self._work() + self._tell()

    def _work(self) -> int:
        self._beat()
        done = reading.read_all(self._house, self.ending)
        done += self._house.engine.work(self._carriers, until=self.ending)
        if monotonic() - self._forgot >= _WINDOW_SECONDS:
            forget_who_asked(self._house)
            self._forgot = monotonic()
        if monotonic() - self._swept >= _SWEEP_SECONDS:
            reading.sweep(self._house)
            forget_answers(self._house)
            sending.sweep(self._house)
            tending.tend_all(self._house, self.ending)
            self._swept = monotonic()
        return done

    def _tell(self) -> int:
        sent = sending.send_all(self._house, self.ending)
        return sent + notices.say_all(self._house) + asked_for.say_all(self._house)

    def _watch(self) -> int:
        made = rounds.make_all(self._house, self.ending)
        return made + leaving.say_all(self._house, self.ending)

    def run(self) -> None:
        """Work until `stop`; trouble is logged and tried again, it never ends the worker.

        Webhooks are sent and shops are looked at beside: a stranger who is slow to answer holds up
        no reward.
        """
        beside = [
            Thread(target=self._repeat, args=(work, idle), name=f"goodword-{name}")
            for name, work, idle in (
                ("webhooks", self._tell, _IDLE_SECONDS),
                ("rounds", self._watch, _ROUNDS_SECONDS),
            )
        ]
        for thread in beside:
            thread.start()
        self._repeat(self._work)
        for thread in beside:
            thread.join()

    def _repeat(self, work: Callable[[], int], idle: float = _IDLE_SECONDS) -> None:
        pause = idle
        while self._rest(pause):
            try:
                work()
                pause = idle
            except Exception:
                _log.exception("the worker failed and will try again")
                pause = min(pause * 2, 60.0)

    def start(self) -> None:
        """Run in a thread of this process, as small shops do, and end with it."""
        # No daemon: those are cut off in the middle of a deed when their process ends.
        self._thread = Thread(target=self.run, name="goodword-worker")
        self._thread.start()

    def stop(self) -> None:
        """Finish the deed in hand, then end; signal handlers may call this, too."""
        # A signal comes in the middle of anything, so nothing here may wait for a lock.
        self._stopped = True
        for _ in range(_LOOPS):
            self._wake.put(None)
        if self._thread is not None:
            self._thread.join()

    def ending(self) -> bool:
        """Whether it was told to end, or its process is at its end."""
        return self._stopped or not main_thread().is_alive()

    def _beat(self) -> None:
        """Let the owner see now and then that a worker is at work."""
        if monotonic() - self._beaten >= _BEAT_SECONDS:
            house = self._house
            house.database.write(lambda session: signs.beat(session, house.now()))
            self._beaten = monotonic()

    def _rest(self, seconds: float) -> bool:
        """Wait; return whether to go on."""
        rested = monotonic() + seconds
        # Nobody wakes it when the process ends, so it looks now and then.
        while not self.ending() and (left := rested - monotonic()) > 0:
            with suppress(Empty):
                self._wake.get(timeout=min(left, _IDLE_SECONDS))
        return not self.ending()


def forget_who_asked(house: House) -> int:
    """Remove what tells who asked in windows that have ended; return how many rows."""
    return house.database.write(lambda s: limits.sweep(s, house.now()), Durability.PROCESS)


def forget_answers(house: House) -> int:
    """Remove answers that were kept for a day; return how many."""
    return house.database.write(lambda s: answers.sweep(s, house.now()))


def opened(house: House, shop: str) -> Till:
    """Return a shop's till; one that is not connected may be again.

    Raises `TillRefused` for one whose owner removed us: what was to be done there waits until they
    let us in again.
    """
    try:
        return house.till(shop)
    except UnknownShop:
        if house.left(shop) is not None:
            what = "its owner does without us"
            raise TillRefused(shop=shop, what=what, cause="left") from None
        raise TillDown(shop=shop, what="it is not connected", cause="unconnected") from None


def carriers(house: House) -> Mapping[str, Carrier]:
    """Return what does the deeds of this house, by name."""
    found: dict[str, Carrier] = {
        "till": TillCarrier(partial(opened, house)),
        "webhook": WebhookCarrier(house),
    }
    if house.settings.mail is not None:
        found["mail"] = mail_carrier(
            house.settings.mail, house.settings.mail_from, house.letter_of_thanks
        )
        found["invitation"] = invitation_carrier(house, house.settings.mail)
    counts = house.counts
    return {name: Counted(one, partial(counts.deed, name)) for name, one in found.items()}
