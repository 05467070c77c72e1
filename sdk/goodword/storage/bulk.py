"""Rows in bulk: executemany on SQLite, COPY on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import repeat
from typing import Any, Final

from sqlalchemy import Table

from goodword.storage.sql import Book, Session, micros
from goodword.storage.tables import codes

_AT_ONCE: Final = 20_000
# The codes of PostgreSQL and SQLite for a unique key that another row holds.
_TAKEN: Final = frozenset({"23505", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE"})
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def add_codes(
    book: Book, texts: Sequence[str], advocate: str, program: str, now: datetime
) -> list[str]:
    """Keep new codes of letters and digits; return those whose text was free.

    Sorted ones go fastest: then every index is written in its own order.
    """
    alike = {"shop": book.shop, "advocate": advocate, "program": program, "made": micros(now)}
    added: list[str] = []
    for start in range(0, len(texts), _AT_ONCE):
        added += _free(book.session, alike, texts[start : start + _AT_ONCE])
    return added


def _free(session: Session, alike: Mapping[str, Any], texts: Sequence[str]) -> Sequence[str]:
    """Add what the table's own key lets in; halve what it refuses, until the taken stand alone."""
    try:
        with session.savepoint():
            _load(session, alike, texts)
    except Exception as error:
        if not is_taken(error):
            raise
    else:
        return texts
    if len(texts) == 1:
        return ()
    half = len(texts) // 2
    return [*_free(session, alike, texts[:half]), *_free(session, alike, texts[half:])]


def _load(session: Session, alike: Mapping[str, Any], texts: Sequence[str]) -> None:
    columns = (*alike, codes.c.text.name)
    if session.dialect == "postgresql":
        # All but one word of each line are the same.
        before = "".join(f"{_escaped(value)}\t" for value in alike.values())
        _copy(session, codes, columns, before + f"\n{before}".join(texts) + "\n")
    else:
        rows = zip(*map(repeat, alike.values()), texts, strict=False)
        load(session, codes, columns, rows)


def load(
    session: Session, table: Table, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Add rows, whose keys must all be free, as the driver does it fastest."""
    if session.dialect == "postgresql":
        _copy(session, table, columns, "".join(map(_line, rows)))
    else:
        marks = ", ".join("?" for _ in columns)
        text = f"INSERT INTO {table.name} ({_named(columns)}) VALUES ({marks})"
        session.driver.cursor().executemany(text, rows)


def _copy(session: Session, table: Table, columns: Sequence[str], lines: str) -> None:
    cursor = session.unpiped().cursor()
    with cursor.copy(f"COPY {table.name} ({_named(columns)}) FROM STDIN") as copy:
        copy.write(lines)


def _named(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _line(row: tuple[Any, ...]) -> str:
    """Return a row as COPY reads it."""
    return "\t".join(["\\N" if one is None else _escaped(one) for one in row]) + "\n"


def _escaped(one: object) -> str:
    text = str(one)
    return text.translate(_ESCAPES) if not text.isalnum() else text


def is_taken(error: Exception) -> bool:
    """Whether a row was refused because another one holds its key."""
    named = (getattr(error, "sqlstate", None), getattr(error, "sqlite_errorname", None))
    return not _TAKEN.isdisjoint(named)
