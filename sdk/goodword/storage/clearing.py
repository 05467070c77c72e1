"""Nothing is kept of anybody of a whole shop, as when it left for good.  Its book stays."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, Table, bindparam, case, delete, func, literal_column, or_, update

from goodword.storage.forgotten import FORGOTTEN
from goodword.storage.invited_tables import declined, invitations
from goodword.storage.page_tables import proofs
from goodword.storage.personal import CONTACT_FREE, GONE
from goodword.storage.sql import Book, Statement, micros
from goodword.storage.tables import (
    advocates,
    codes,
    followups,
    forgotten,
    orders,
    people,
    rulings,
)

_PERSONAL: Final = ("name", "email", "mailbox", "phone", "account", "name_key", "home")


def _ended(table: Table) -> Statement:
    now = bindparam("now", type_=BigInteger)
    ended = table.c.ended
    return Statement(
        update(table)
        .where(table.c.shop == bindparam("shop"))
        .values(ended=case((or_(ended.is_(None), ended > now), now), else_=ended))
    )


_END: Final = (_ended(advocates), _ended(codes))
_BLANK: Final = (
    Statement(
        update(people)
        .where(people.c.shop == bindparam("shop"))
        .values(
            met_as=literal_column(f"'{FORGOTTEN}'"),
            **dict.fromkeys(_PERSONAL, literal_column("NULL")),
        )
    ),
    # What a guess at somebody could be held against.
    Statement(
        update(orders)
        .where(orders.c.shop == bindparam("shop"))
        .values(facts=func.substr(orders.c.facts, 1, CONTACT_FREE))
    ),
    Statement(
        update(rulings)
        .where(rulings.c.shop == bindparam("shop"))
        .values(reason=literal_column(f"'{GONE}'"))
    ),
    Statement(
        update(followups)
        .where(followups.c.shop == bindparam("shop"), followups.c.trouble.is_not(None))
        .values(trouble=literal_column(f"'{GONE}'"))
    ),
    *(
        Statement(delete(table).where(table.c.shop == bindparam("shop")))
        for table in (proofs, invitations, declined, forgotten)
    ),
)


def clear(book: Book, now: datetime) -> None:
    """Take everybody's data off their rows, and end what they pass on."""
    for statement in _END:
        book.run(statement, now=micros(now))
    for statement in _BLANK:
        book.run(statement)
