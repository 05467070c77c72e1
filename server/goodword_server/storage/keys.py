"""API keys: only a hash is kept, so a stolen database opens nothing."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, insert, select

from goodword.storage.sql import Session, Statement, micros
from goodword_server.storage.tables import keys

PREFIX: Final = "gw_"
_ADD: Final = Statement(insert(keys))
_SHOP: Final = Statement(
    select(keys.c.shop).where(keys.c.hash == bindparam("hash")), across_shops=True
)


def make(session: Session, shop: str, now: datetime) -> str:
    """Return a new key of one shop; this is the only time that it can be read."""
    key = PREFIX + secrets.token_urlsafe(32)
    row = {"hash": _hash(key), "shop": shop, "hint": key[-4:], "made": micros(now)}
    session.run(_ADD, row)
    return key


def shop_of(session: Session, key: str) -> str | None:
    """Return whose key it is."""
    row = session.one(_SHOP, {"hash": _hash(key)})
    return str(row[0]) if row else None


def _hash(key: str) -> str:
    # A key is 256 random bits: nothing slower than SHA-256 makes it harder to guess.
    return hashlib.sha256(key.encode()).hexdigest()
