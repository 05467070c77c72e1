"""Codes in bulk: executemany on SQLite, COPY on PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import repeat
from typing import Any, Final

from goodword.storage.sql import Book, Session, micros
from goodword.storage.tables import codes

_AT_ONCE: Final = 20_000
# The codes of PostgreSQL and SQLite for a unique key that another row holds.
_TAKEN: Final = frozenset({"23505", "SQLITE_CONSTRAINT_PRIMARYKEY"})
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
        if not _is_taken(error):
            raise
    else:
        return texts
    if len(texts) == 1:
        return ()
    half = len(texts) // 2
    return [*_free(session, alike, texts[:half]), *_free(session, alike, texts[half:])]


def _load(session: Session, alike: Mapping[str, Any], texts: Sequence[str]) -> None:
    cursor = session.unpiped().cursor()
    columns = ", ".join([*alike, codes.c.text.name])
    if session.dialect == "postgresql":
        before = "".join(f"{str(value).translate(_ESCAPES)}\t" for value in alike.values())
        with cursor.copy(f"COPY {codes.name} ({columns}) FROM STDIN") as copy:
            copy.write(before + f"\n{before}".join(texts) + "\n")
    else:
        marks = ", ".join("?" for _ in range(len(alike) + 1))
        rows = zip(*map(repeat, alike.values()), texts, strict=False)
        cursor.executemany(f"INSERT INTO {codes.name} ({columns}) VALUES ({marks})", rows)


def _is_taken(error: Exception) -> bool:
    named = (getattr(error, "sqlstate", None), getattr(error, "sqlite_errorname", None))
    return not _TAKEN.isdisjoint(named)
