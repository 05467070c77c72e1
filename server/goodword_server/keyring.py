"""A shop's API keys: made, told apart, rotated, revoked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from goodword.errors import Invalid, Unknown
from goodword.rules import texts
from goodword.storage.database import Database
from goodword.storage.sql import Session
from goodword_server.storage import keys, limits
from goodword_server.storage.keys import Key, KeyScope

OVERLAP_HOURS: Final = 24
_OVERLAP_MOST: Final = 24 * 90
_LABEL_LONGEST: Final = 64


class UnknownKey(Unknown):
    """The shop has no key of this id."""

    reason = "unknown_key"
    message = "the shop has no key {id!r}"


class Keyring:
    """All keys of all shops."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._known: tuple[datetime | None, dict[str, Key]] = (None, {})

    def make(self, shop: str, scope: KeyScope = KeyScope.SECRET, label: str = "") -> str:
        """Return a new key of a shop, for the only time; raise `Invalid` for an unusable label."""
        return self._database.write(lambda s: make(s, shop, self._now(), scope, label))

    def holder(self, key: str) -> Key | None:
        """Return what is kept of a key that opens something now, and note its use."""
        now = self._now()
        found = self._database.read(lambda session: keys.holder(session, key, now))
        if found is not None and not keys.is_noted(found, now):
            self._database.write_one(*keys.note_use(found, now))
        if found is not None:
            self._known_at(now)[key] = found
        return found

    def recent(self, key: str) -> Key | None:
        """Return what was found of a key within this minute; it may have ended since.

        Whoever counts it asks whether it still opens: then a key that is revoked opens no more.
        """
        until, known = self._known
        return known.get(key) if until is not None and self._now() < until else None

    def _known_at(self, now: datetime) -> dict[str, Key]:
        until, known = self._known
        if until is None or now >= until:
            known = {}
            self._known = (limits.window(now) + limits.WINDOW, known)
        return known

    def of(self, shop: str) -> Sequence[Key]:
        """Return the keys of a shop, oldest first, those that ended too."""
        return self._database.read(lambda session: keys.of(session, shop))

    def rotate(self, shop: str, id: str, overlap_hours: int = OVERLAP_HOURS) -> str:
        """Return a new key like this one, which ends after the overlap.

        Raises `UnknownKey`, and `Invalid` for one that has ended or an overlap that cannot be.
        """
        now = self._now()
        return self._database.write(lambda s: rotate(s, shop, id, now, overlap_hours))

    def revoke(self, shop: str, id: str) -> None:
        """Let a key open nothing from now on, in every process; raise `UnknownKey`."""
        now = self._now()
        self._database.write(lambda session: revoke(session, shop, id, now))


def make(session: Session, shop: str, now: datetime, scope: KeyScope, label: str) -> str:
    """Make a key within a transaction; as `Keyring.make`."""
    _check_label(label)
    return keys.make(session, shop, now, scope, label)


def rotate(
    session: Session, shop: str, id: str, now: datetime, overlap_hours: int = OVERLAP_HOURS
) -> str:
    """Rotate a key within a transaction; as `Keyring.rotate`."""
    if not 0 <= overlap_hours <= _OVERLAP_MOST:
        raise Invalid(field="overlap_hours", mend=f"give 0 to {_OVERLAP_MOST} hours")
    old = _found(session, shop, id)
    if old.ended is not None and old.ended <= now:
        raise Invalid(field="id", mend="this key has ended; make a new one")
    keys.end(session, shop, id, now + timedelta(hours=overlap_hours))
    return keys.make(session, shop, now, old.scope, old.label)


def revoke(session: Session, shop: str, id: str, now: datetime) -> Key:
    """Revoke a key within a transaction; return it.  As `Keyring.revoke`."""
    found = _found(session, shop, id)
    keys.end(session, shop, id, now)
    return found


def _found(session: Session, shop: str, id: str) -> Key:
    found = keys.find(session, shop, id)
    if found is None:
        raise UnknownKey(id=id)
    return found


def _check_label(label: str) -> None:
    if len(label) > _LABEL_LONGEST or not label.isprintable() or not texts.can_be_kept(label):
        raise Invalid(field="label", mend=f"use one line of at most {_LABEL_LONGEST} characters")
