"""Which shops this server has to do with."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, select, union

from goodword.storage.sql import Session, Statement
from goodword.storage.tables import shops as books
from goodword_server.storage.tables import installations, keys, members

_ALL: Final = Statement(
    union(*(select(table.c.shop) for table in (installations, keys, members))).order_by("shop"),
    across_shops=True,
)
_BOOK: Final = Statement(select(books.c.shop).where(books.c.shop == bindparam("shop")))


def every(session: Session) -> list[str]:
    """Return each shop that is connected, has a key, or lets somebody sign in."""
    return [str(shop) for (shop,) in session.all(_ALL, {})]


def is_free(session: Session, shop: str) -> bool:
    """Whether nobody is, or was, called so here."""
    return session.one(_BOOK, {"shop": shop}) is None and shop not in every(session)
