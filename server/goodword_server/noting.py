"""What a process notes of its shops in passing: now and then, and never at the cost of its deed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from goodword.storage.database import Database
from goodword_server.storage import rounds, signs

_log = logging.getLogger("goodword_server")
# A shop that says the same with each order is heard once in that time.
_ALARMED: Final = timedelta(hours=1)
# How often it is noted that a till still answers as it did.
_NOTE_SECONDS: Final = 60.0


class Noting:
    """How tills answer, and what deliveries give away of a shop's webhooks."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._noted: dict[str, tuple[float, str | None]] = {}
        self._turned_away: dict[str, float] = {}

    def alarm(self, shop: str) -> None:
        """Let the shop be looked at: who made its webhooks lost their rights, or ours changed."""
        self._database.write(
            lambda s: rounds.want(s, shop, "hooks", "afresh", self._now(), rest=_ALARMED)
        )

    def turned_away(self, shop: str, why: str) -> None:
        """Let a shop's webhooks be looked at, and its owner be told, since a delivery was refused.

        Whoever knocks, and however often: once an hour.  The answer does not depend on it.
        """
        now = monotonic()
        if now < self._turned_away.get(shop, 0.0):
            return
        self._turned_away[shop] = now + _ALARMED.total_seconds()
        _log.warning("%s: a delivery was turned away (%s)", shop, why)
        try:
            self._database.write(
                lambda s: rounds.want(
                    s, shop, "hooks", why, self._now(), rest=_ALARMED, instead=False
                )
            )
        except Exception:
            _log.exception("that a delivery to %s was turned away was not kept", shop)

    def till(self, shop: str, trouble: str | None) -> None:
        """Keep how a till answered, now and then, and whenever that changes."""
        now = monotonic()
        until, before = self._noted.get(shop, (0.0, None))
        if now < until and before == trouble:
            return
        self._noted[shop] = (now + _NOTE_SECONDS, trouble)
        try:
            self._database.write(lambda s: signs.note_till(s, shop, trouble, self._now()))
        except Exception:
            # What was asked of the till counts more than a note of it.
            _log.exception("how the till of %s answered was not kept", shop)
