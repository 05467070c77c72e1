"""Those who asked to be forgotten, by a keyed hash: told again for twelve months, and no longer."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword.storage.sql import Book, Session, Statement, micros
from goodword.storage.tables import forgotten, shops

FORGOTTEN: Final = "forgotten"
"""How the row of such a person says that they were met."""
KEPT: Final = timedelta(days=365)
"""How long a hash is kept: against one who claims, is forgotten, and claims again."""
_KEY: Final = Statement(select(shops.c.key).where(shops.c.shop == bindparam("shop")))
_put_key = upsert(shops)
_PUT_KEY: Final = Statement(
    _put_key.on_conflict_do_update(
        index_elements=["shop"],
        set_={"key": _put_key.excluded.key},
        where=shops.c.key.is_(None),
    )
)
_FORGETS: Final = Statement(
    update(shops).where(shops.c.shop == bindparam("shop")).values(forgets=1)
)
_put = upsert(forgotten)
_PUT: Final = Statement(
    _put.on_conflict_do_update(
        index_elements=["shop", "hash"],
        set_={"person": _put.excluded.person, "until": _put.excluded.until},
    )
)
_PERSON: Final = Statement(
    select(forgotten.c.person).where(
        forgotten.c.shop == bindparam("shop"),
        forgotten.c.hash == bindparam("hash"),
        forgotten.c.until > bindparam("now"),
    )
)
_SWEEP: Final = Statement(
    delete(forgotten).where(
        forgotten.c.shop == bindparam("shop"), forgotten.c.until <= bindparam("now")
    )
)


_SHOPS: Final = Statement(
    select(forgotten.c.shop).where(forgotten.c.until <= bindparam("now")).distinct(),
    across_shops=True,
)


def contacts(mailbox: str | None, phone: str | None, account: str | None) -> list[str]:
    """Return a person's contacts as they are hashed: no account is taken for a number."""
    told = (mailbox, phone, account and f"account:{account}")
    return [one for one in told if one]


def person(book: Book, told: Iterable[str], now: datetime) -> str | None:
    """Return the id that somebody had before they were forgotten."""
    key = _key(book)
    for contact in told:
        row = book.one(_PERSON, hash=_hash(key, contact), now=micros(now))
        if row is not None:
            return str(row[0])
    return None


def remember(book: Book, told: Iterable[str], id: str, now: datetime) -> None:
    """Keep what tells them again, and nothing that tells who they are."""
    sweep(book, now)
    key = _key(book)
    for contact in told:
        book.run(_PUT, hash=_hash(key, contact), person=id, until=micros(now + KEPT))
    book.run(_FORGETS)


def remembers(book: Book) -> bool:
    """Whether anything was ever hashed in this shop: without its key nobody is told again."""
    row = book.one(_KEY)
    return row is not None and row[0] is not None


def hashed(book: Book, contact: str) -> str:
    """Return what tells a contact again to whoever has it, and to nobody else."""
    return _hash(_key(book), contact)


def hashed_before(book: Book, contact: str) -> str | None:
    """Return the same where anything was hashed before, and make no key; else nothing is told."""
    return hashed(book, contact) if remembers(book) else None


def all_hashed(book: Book, contacts: Iterable[str]) -> dict[str, str]:
    """Return contacts by what tells each again."""
    key = _key(book)
    return {_hash(key, contact): contact for contact in contacts}


def shops_to_sweep(session: Session, now: datetime) -> list[str]:
    """Return the shops that keep a hash whose time is over."""
    return [row[0] for row in session.all(_SHOPS, {"now": micros(now)})]


def sweep(book: Book, now: datetime) -> int:
    """Drop the hashes whose time is over; return how many."""
    return book.run(_SWEEP, now=micros(now))


def _key(book: Book) -> bytes:
    """Return the shop's own key, made when it is first needed."""
    row = book.one(_KEY)
    if row is None or row[0] is None:
        made = secrets.token_hex(32)
        book.run(_PUT_KEY, grants=None, key=made, repeats=0, forgets=0, listens=0)
        row = book.one(_KEY)
    assert row is not None
    return bytes.fromhex(row[0])


def _hash(key: bytes, contact: str) -> str:
    return hmac.digest(key, contact.encode(), hashlib.sha256).hex()
