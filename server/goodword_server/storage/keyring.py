"""What the keys page needs of the keys' table, beside `keys`.

A seam: once `keys` has scopes and rotation of its own, `shell.keyring` calls that and this goes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, select

from goodword.storage.sql import Session, Statement, moment
from goodword_server.storage.tables import keys

# The start of a hash names a key: it opens nothing, and its end is already shown as a hint.
_NAMED: Final = 16
_LIST: Final = Statement(
    select(keys.c.hash, keys.c.hint, keys.c.made)
    .where(keys.c.shop == bindparam("shop"))
    .order_by(keys.c.made, keys.c.hash)
)
_DROP: Final = Statement(
    delete(keys).where(keys.c.shop == bindparam("shop"), keys.c.hash == bindparam("hash"))
)


def of(session: Session, shop: str) -> list[tuple[str, str, datetime]]:
    """Return a shop's keys, oldest first: what names each, its last signs, when it was made."""
    found = []
    for hash, hint, made in session.all(_LIST, {"shop": shop}):
        at = moment(made)
        assert at is not None
        found.append((hash[:_NAMED], hint, at))
    return found


def drop(session: Session, shop: str, name: str) -> str | None:
    """End a key at once; return its last signs, None if there is none."""
    for hash, hint, _made in session.all(_LIST, {"shop": shop}):
        if hash[:_NAMED] == name:
            session.run(_DROP, {"shop": shop, "hash": hash})
            return str(hint)
    return None
