"""Pauses: when a program promised nothing new."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, bindparam, exists, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from goodword.storage.page_tables import pauses
from goodword.storage.sql import Book, Statement, micros, moment

_HERE: Final = pauses.c.shop == bindparam("shop")
_OPEN: Final = (_HERE, pauses.c.until.is_(None))
# Paused anew at the very moment at which it went on, it never did.
_ADD: Final = Statement(
    insert(pauses).on_conflict_do_update(
        index_elements=["shop", "program", "since"], set_={"until": null()}
    )
)
_END: Final = Statement(
    update(pauses)
    .where(*_OPEN, pauses.c.program == bindparam("named"))
    .values(until=bindparam("now"))
)
_SINCE: Final = Statement(
    select(pauses.c.since).where(*_OPEN, pauses.c.program == bindparam("program"))
)
_EVERY: Final = Statement(select(pauses.c.program, pauses.c.since).where(*_OPEN))


def begin(book: Book, program: str, now: datetime) -> None:
    """Pause a program from now on."""
    book.run(_ADD, program=program, since=micros(now), until=None)


def end(book: Book, program: str, now: datetime) -> None:
    """Let a program go on."""
    book.run(_END, named=program, now=micros(now))


def since(book: Book, program: str) -> datetime | None:
    """Return since when a program is paused; None: it is not."""
    row = book.one(_SINCE, program=program)
    return moment(row[0]) if row else None


def every(book: Book) -> Mapping[str, datetime | None]:
    """Return the programs that are paused, and since when."""
    return {program: moment(at) for program, at in book.all(_EVERY)}


def paused(program: ColumnElement[str], at: str) -> ColumnElement[bool]:
    """Say whether a program was paused at a moment that is bound under this name."""
    told = bindparam(at, type_=BigInteger)
    return exists().where(
        _HERE,
        pauses.c.program == program,
        pauses.c.since <= told,
        or_(pauses.c.until.is_(None), pauses.c.until > told),
    )
