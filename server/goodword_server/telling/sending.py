"""The worker's sending: what is on its way is signed, sent, and noted.

A worker that dies between sending and noting leaves its dispatch to another, who sends it once
more with the same ``webhook-id``: an event arrives at least once, in whatever order.
"""

from __future__ import annotations

import logging
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Final

from goodword.model.trouble import Trouble
from goodword.storage.database import Durability
from goodword.storage.sql import Session
from goodword_server.house import House
from goodword_server.storage import dispatches, endpoints
from goodword_server.storage.dispatches import Taken
from goodword_server.storage.endpoints import Endpoint
from goodword_server.telling import signing
from goodword_server.telling.calling import Answer, post

_log = logging.getLogger("goodword_server")
PAUSES: Final = (12, 60, 300, 1800, 7200, 18_000, 36_000, 86_400)
"""Seconds from one try to the next, give or take a fifth; after the last one it is dead."""
FAILING_MOST: Final = timedelta(days=3)
"""For how long nothing may arrive before an endpoint is paused."""
_REST_MOST: Final = 60
_GONE: Final = 410
_LEASE: Final = timedelta(minutes=5)
_AT_ONCE: Final = 32
_TOGETHER: Final = 8
_ROUND_SECONDS: Final = 60.0
_KEEP_DONE: Final = timedelta(days=7)
_KEEP: Final = timedelta(days=30)
_SEALED: Final = Trouble("its secrets cannot be opened: rotate them", "sealed")


def send_all(house: House, until: Callable[[], bool] = lambda: False) -> int:
    """Send what is due in every shop, or ``until`` says so; return how much was tried.

    Several shops at once, so that one whose endpoint is slow does not keep the others waiting.
    """
    sent = 0
    with ThreadPoolExecutor(_TOGETHER, thread_name_prefix="goodword-webhooks") as threads:
        while not until():
            shops = house.database.read(partial(dispatches.ready_shops, now=house.now()))
            tried = sum(threads.map(lambda shop: _send_some(house, shop, until), shops))
            sent += tried
            if tried == 0:
                break
    return sent


def sweep(house: House) -> int:
    """Forget what arrived a week ago, and what was left for a month; return how much."""
    now = house.now()
    return house.database.write(lambda s: dispatches.sweep(s, now - _KEEP_DONE, now - _KEEP))


def _send_some(house: House, shop: str, until: Callable[[], bool]) -> int:
    """Send some of one shop's; its trouble is not another's."""
    try:
        return Sender(house, shop, until).send_some()
    except Exception:
        _log.exception("the webhooks of %s could not be sent and will be tried again", shop)
        return 0


class Sender:
    """Sends what one shop has to tell."""

    def __init__(self, house: House, shop: str, until: Callable[[], bool]) -> None:
        self._house = house
        self._shop = shop
        self._until = until
        self._ends = monotonic() + _ROUND_SECONDS

    def send_some(self) -> int:
        """Take up some dispatches and try them; return how many were tried."""
        house, now = self._house, self._house.now()
        taken = house.database.write(
            lambda s: dispatches.claim(s, self._shop, now, _LEASE, _AT_ONCE),
            # A claim that a power cut undoes is claimed once more.
            Durability.PROCESS,
        )
        by_endpoint: dict[str, list[Taken]] = defaultdict(list)
        for one in taken:
            by_endpoint[one.endpoint].append(one)
        return sum(self._send_to(id, queue) for id, queue in by_endpoint.items())

    def _send_to(self, id: str, queue: Sequence[Taken]) -> int:
        """Send one endpoint what it is to be told, until it fails; return how much was tried."""
        house, shop = self._house, self._shop
        endpoint = house.database.read(lambda s: endpoints.find(s, house.vault, shop, id))
        if endpoint is None or not endpoint.is_open:
            house.database.write(lambda s: self._leave(s, id, queue, house.now()))
            return 0
        for place, one in enumerate(queue):
            if self._until() or monotonic() > self._ends:
                self._give_back(queue[place:], house.now())
                return place
            pause = self._try(endpoint, one)
            if pause is not None:
                # One try tells enough of it for now.
                again = house.now() + timedelta(seconds=min(pause, _REST_MOST))
                self._give_back(queue[place + 1 :], again)
                self._rest(id, again)
                return place + 1
        return len(queue)

    def _try(self, endpoint: Endpoint, one: Taken) -> float | None:
        """Send one; return for how long to let the endpoint rest, None if it is well."""
        answer = self._post(endpoint, one)
        now = self._house.now()
        return self._house.database.write(lambda s: self._note(s, endpoint, one, answer, now))

    def _post(self, endpoint: Endpoint, one: Taken) -> Answer:
        now = self._house.now()
        if not signing.live(endpoint.secrets or (), now):
            return Answer(None, _SEALED)
        told = signing.headers(endpoint.secrets or (), one.event, one.body, now)
        local = self._house.settings.hooks_local
        answer = post(endpoint.url, one.body.encode(), told, local=local)
        self._house.counts.webhook(answer.status)
        return answer

    def _note(
        self, session: Session, endpoint: Endpoint, one: Taken, answer: Answer, now: datetime
    ) -> float | None:
        """Keep what came of it; an endpoint that is gone, or fails for days, is paused."""
        shop, id = self._shop, endpoint.id
        if answer.is_fine:
            dispatches.done(session, shop, one, answer.status or 0)
            if endpoint.failing is not None:
                endpoints.is_well(session, shop, id)
            return None
        _log.info("%s: a webhook to %s failed: %s", shop, id, answer.reason)
        # First the endpoint and then its dispatches, as everybody does who changes both.
        failing = endpoints.fails(session, shop, id, now)
        if answer.status == _GONE or failing >= FAILING_MOST:
            why = "gone" if answer.status == _GONE else "failing"
            endpoints.pause(session, shop, id, why, now, say=endpoint.contact is not None)
            dispatches.hold(session, shop, id)
        pause = _pause(one.tries, answer.after)
        if pause is None and answer.status != _GONE:
            dispatches.bury(session, shop, one, answer.status, answer.reason)
        else:
            again = now + timedelta(seconds=pause or 0)
            dispatches.put_off(session, shop, one, answer.status, answer.reason, again)
        return pause or _REST_MOST

    def _leave(self, session: Session, id: str, queue: Sequence[Taken], now: datetime) -> None:
        """Hold what was sent on its way to an endpoint while it was paused; or drop it."""
        house = self._house
        endpoint = endpoints.find(session, house.vault, self._shop, id, lock=True)
        if endpoint is None:
            dispatches.drop(session, self._shop, id)
            return
        dispatches.give_back(session, self._shop, queue, now)
        if not endpoint.is_open:
            dispatches.hold(session, self._shop, id)

    def _rest(self, id: str, until: datetime) -> None:
        self._house.database.write(lambda s: dispatches.rest(s, self._shop, id, until))

    def _give_back(self, left: Sequence[Taken], again: datetime) -> None:
        if left:
            give_back = partial(dispatches.give_back, shop=self._shop, left=left, again=again)
            self._house.database.write(give_back)


def _pause(tries: int, asked: int | None) -> float | None:
    """Seconds before the next try, never in step with others; None: there is none."""
    if tries > len(PAUSES):
        return None
    return max(PAUSES[tries - 1] * random.uniform(0.8, 1.2), asked or 0)
