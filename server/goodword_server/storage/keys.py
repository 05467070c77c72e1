"""API keys: only a hash is kept, so a stolen database opens nothing."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, insert, literal_column, select, update

from goodword.interface.routes import Scope
from goodword.storage.database import Database
from goodword.storage.sql import Session, Statement, micros, moment
from goodword_server.storage.tables import keys


class KeyScope(StrEnum):
    """What a key is good for."""

    PUBLISHABLE = "publishable"
    """For pages in a browser, where everybody can read it."""
    READ = "read"
    SECRET = "secret"

    def may(self, needed: Scope) -> bool:
        """Whether such a key opens a route that needs this."""
        return needed in _OPENS[self]


_OPENS: Final[Mapping[KeyScope, frozenset[Scope]]] = {
    KeyScope.PUBLISHABLE: frozenset({Scope.BROWSER}),
    KeyScope.READ: frozenset({Scope.BROWSER, Scope.READ}),
    KeyScope.SECRET: frozenset(Scope),
}
PREFIX: Final[Mapping[KeyScope, str]] = {
    KeyScope.PUBLISHABLE: "gw_pub_",
    KeyScope.READ: "gw_read_",
    KeyScope.SECRET: "gw_secret_",
}
PLUGIN: Final = "WordPress plugin"
"""The label of the keys that a shop's plugin was given."""
_NOTE_EACH: Final = timedelta(minutes=1)
_ID: Final = 12
_HEARD: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What is kept of a key: everything but the key."""

    id: str
    shop: str
    hint: str
    """Its last four characters."""
    scope: KeyScope
    label: str
    made: datetime
    last_used: datetime | None
    """UTC, to the minute or so."""
    ended: datetime | None
    """UTC; from then on it opens nothing.  It may be still to come."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin of ours in the shop."""

    heard: datetime | None
    """When it last asked for something; None: never since it was paired."""

    def is_there(self, now: datetime) -> bool:
        """Whether it was heard of lately: it asks once a day, and whenever a friend arrives."""
        return self.heard is not None and now - self.heard <= _HEARD


_ADD: Final = Statement(insert(keys))
_NAMES: Final = ("id", "shop", "hint", "scope", "label", "made", "last_used", "ended")
LIVE: Final = (keys.c.ended.is_(None)) | (keys.c.ended > bindparam("now", type_=keys.c.ended.type))
"""Whether a key opens something ``now``."""


def _select() -> Select[Any]:
    return select(*(keys.c[name] for name in _NAMES))


_HOLDER: Final = Statement(
    _select().where(keys.c.hash == bindparam("hash"), LIVE), across_shops=True
)
_named = (keys.c.shop == bindparam("shop")) & (keys.c.id == bindparam("key"))
_OPEN: Final = Statement(select(literal_column("1")).where(_named, LIVE))
_BY_ID: Final = Statement(_select().where(_named))
_ALL: Final = Statement(
    _select().where(keys.c.shop == bindparam("shop")).order_by(keys.c.made, keys.c.id)
)
# Those of pages are used by every browser; this one by the shop itself.
_PLUGIN: Final = Statement(
    select(func.max(keys.c.last_used), func.count()).where(
        keys.c.shop == bindparam("shop"),
        keys.c.label == PLUGIN,
        keys.c.scope == KeyScope.SECRET.value,
        LIVE,
    )
)
# Of two ends the earlier one stands: a rotation never lengthens a life.
_END: Final = Statement(
    update(keys)
    .where(_named, (keys.c.ended.is_(None)) | (keys.c.ended > bindparam("end")))
    .values(ended=bindparam("end"))
)
_USED: Final = Statement(
    update(keys)
    .where(_named, (keys.c.last_used.is_(None)) | (keys.c.last_used <= bindparam("before")))
    .values(last_used=bindparam("now"))
)


def make(
    session: Session,
    shop: str,
    now: datetime,
    scope: KeyScope = KeyScope.SECRET,
    label: str = "",
) -> str:
    """Return a new key of one shop; this is the only time that it can be read."""
    key = PREFIX[scope] + secrets.token_urlsafe(32)
    hash = _hash(key)
    row = {
        "hash": hash,
        "shop": shop,
        # Told to people, and no way to the key: that is 256 random bits.
        "id": hash[:_ID],
        "hint": key[-4:],
        "scope": scope.value,
        "label": label,
        "made": micros(now),
        "last_used": None,
        "ended": None,
    }
    session.run(_ADD, row)
    return key


def holder(session: Session, key: str, now: datetime) -> Key | None:
    """Return what is kept of a key; None if it is none, or has ended."""
    row = session.one(_HOLDER, {"hash": _hash(key), "now": micros(now)})
    return _key(*row) if row else None


def opens(database: Database, shop: str, id: str, now: datetime) -> bool:
    """Whether a key opens something now."""
    row = database.read_one(_OPEN, {"shop": shop, "key": id, "now": micros(now)})
    return row is not None


def find(session: Session, shop: str, id: str) -> Key | None:
    """Return what is kept of one of the shop's keys, ended ones too."""
    row = session.one(_BY_ID, {"shop": shop, "key": id})
    return _key(*row) if row else None


def of(session: Session, shop: str) -> list[Key]:
    """Return all keys of a shop, oldest first."""
    return [_key(*row) for row in session.all(_ALL, {"shop": shop})]


def plugin(session: Session, shop: str, now: datetime) -> Plugin | None:
    """Return what is known of the plugin that a shop has; None if none was ever paired."""
    used, many = session.one(_PLUGIN, {"shop": shop, "now": micros(now)}) or (None, 0)
    return Plugin(moment(used)) if many else None


def end(session: Session, shop: str, id: str, at: datetime) -> None:
    """Let a key end at a moment, unless it ends earlier."""
    session.run(_END, {"shop": shop, "key": id, "end": micros(at)})


def is_noted(key: Key, now: datetime) -> bool:
    """Whether its use was noted within the last minute."""
    return key.last_used is not None and key.last_used > now - _NOTE_EACH


def note_use(key: Key, now: datetime) -> tuple[Statement, Mapping[str, Any]]:
    """Return the one statement that notes that a key was used."""
    told = {"shop": key.shop, "key": key.id}
    return _USED, {**told, "now": micros(now), "before": micros(now - _NOTE_EACH)}


def _key(
    id: str,
    shop: str,
    hint: str,
    scope: str,
    label: str,
    made: int,
    last_used: int | None,
    ended: int | None,
) -> Key:
    at = moment(made)
    assert at is not None
    return Key(
        id=id,
        shop=shop,
        hint=hint,
        scope=KeyScope(scope),
        label=label,
        made=at,
        last_used=moment(last_used),
        ended=moment(ended),
    )


def _hash(key: str) -> str:
    # A key is 256 random bits: nothing slower than SHA-256 makes it harder to guess.
    return hashlib.sha256(key.encode()).hexdigest()
