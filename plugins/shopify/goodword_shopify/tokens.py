"""A shop's token: renewed before it runs out, by one at a time, and never lost on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Final

from goodword.errors import TillDown, TillRefused
from goodword.platforms import Installation, Safe
from goodword_shopify.client import DISCONNECTED
from goodword_shopify.door import Door

_EARLY: Final = timedelta(minutes=5)
_NIGHTS: Final = timedelta(days=30)


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


class Pocket:
    """A safe for whoever has none: it lasts as long as the process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._locks: dict[str, Lock] = {}
        self._kept: dict[str, Mapping[str, str]] = {}
        self._begun: dict[str, Mapping[str, str]] = {}

    def of(self, installation: Installation) -> Safe:
        """Return the safe of an installation, which begins with what it came with."""
        with self._lock:
            self._locks.setdefault(installation.shop, Lock())
            # A shop that was joined anew has nothing of what it was opened with before.
            if self._begun.get(installation.shop) != installation.credentials:
                self._begun[installation.shop] = installation.credentials
                self._kept[installation.shop] = installation.credentials
        return self

    def renew(
        self, shop: str, renewed: Callable[[Mapping[str, str]], Mapping[str, str]]
    ) -> Mapping[str, str]:
        with self._locks[shop]:
            self._kept[shop] = renewed(self._kept[shop])
            return self._kept[shop]


class KeptTokens:
    """The tokens of one installation, out of the safe in which they are kept."""

    def __init__(
        self,
        installation: Installation,
        door: Door,
        safe: Safe,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._shop = installation.shop
        self._known = installation.credentials
        self._door = door
        self._safe = safe
        self._now = now

    def access(self) -> str:
        token = self._known.get("access_token", "")
        if self._is_good(self._known, _EARLY):
            return token
        try:
            return self._renewed(lambda found: not self._is_good(found, _EARLY))
        except TillDown:
            # It has some minutes left, in which the door may open again.
            if self._is_good(self._known, timedelta(0)):
                return token
            raise

    def instead_of(self, refused: str) -> str:
        return self._renewed(lambda found: found.get("access_token") == refused)

    def keep_alive(self) -> bool:
        """Renew what would run out within a month unused; return whether it did: once a night.

        A token that never ran out is changed for one that does.
        """
        if self.migrate():
            return True
        if not _ends_before(self._known, "refresh_expires", self._now() + _NIGHTS):
            return False
        soon = self._now() + _NIGHTS
        before = self._known.get("access_token")
        return self._renewed(lambda at: _ends_before(at, "refresh_expires", soon)) != before

    def migrate(self) -> bool:
        """Put a token that runs out in the place of one that never did; return whether it did."""
        before = self._known.get("access_token", "")
        if not before or "expires" in self._known:
            return False
        self._known = self._safe.renew(self._shop, self._migrated)
        return self._known.get("access_token") != before

    def _migrated(self, found: Mapping[str, str]) -> Mapping[str, str]:
        if "expires" in found:
            return found
        return {**found, **self._door.migrate(found["access_token"], self._now())}

    def _renewed(self, is_old: Callable[[Mapping[str, str]], bool]) -> str:
        def renewed(found: Mapping[str, str]) -> Mapping[str, str]:
            # Another may have renewed it while this one waited.
            if not is_old(found):
                return found
            # A token that never ran out, and is refused: nothing can be asked for in its place.
            if found.get("access_token") and not found.get("expires"):
                raise self._disconnected()
            return {**found, **self._door.refresh(found, self._now())}

        self._known = self._safe.renew(self._shop, renewed)
        return self._known["access_token"]

    def _is_good(self, found: Mapping[str, str], early: timedelta) -> bool:
        held = bool(found.get("access_token"))
        return held and not _ends_before(found, "expires", self._now() + early)

    def _disconnected(self) -> TillRefused:
        owner = "its owner must open the app again"
        return TillRefused(shop=self._shop, what=owner, cause="disconnected", code=DISCONNECTED)


def _ends_before(found: Mapping[str, str], name: str, moment: datetime) -> bool:
    """Whether it is over by then; what names no end has none."""
    told = found.get(name)
    return told is not None and datetime.fromisoformat(told) <= moment
