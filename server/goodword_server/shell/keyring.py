"""What the keys page needs of API keys: a seam.

Today a key is good for everything and rotating ends the old one at once; once `House` and `keys`
know scopes and overlap, these four functions call them, and the page stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from goodword.storage.sql import Session
from goodword_server.storage import keyring, keys

SCOPES = ("secret",)
"""What a new key can be good for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key as its owner may see it: all but the key."""

    name: str
    """What names it in a form; it opens nothing."""
    hint: str
    """Its last signs."""
    made: datetime
    scope: str = "secret"
    used: datetime | None = None
    """None: not known."""
    ends: datetime | None = None
    """When it ends, where it is being rotated out."""


def listed(session: Session, shop: str) -> list[Key]:
    """Return the keys of a shop, oldest first."""
    return [Key(name=name, hint=hint, made=made) for name, hint, made in keyring.of(session, shop)]


def make(session: Session, shop: str, scope: str, now: datetime) -> str:
    """Return a new key; this is the only time that it can be read."""
    return keys.make(session, shop, now)


def rotate(session: Session, shop: str, name: str, now: datetime) -> str | None:
    """Return the key that follows another one; None if there is no such key."""
    if keyring.drop(session, shop, name) is None:
        return None
    return keys.make(session, shop, now)


def revoke(session: Session, shop: str, name: str, now: datetime) -> bool:
    """End a key at once; False if there is none."""
    return keyring.drop(session, shop, name) is not None
