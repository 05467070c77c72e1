"""What our tables are made of: kinds of columns, of rows, and of conditions."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    String,
    Text,
    text,
)


def word(name: str, **options: Any) -> Column[str]:
    """An id, a code, a name for machines."""
    options.setdefault("nullable", False)
    return Column(name, String(255), **options)


def prose(name: str, **options: Any) -> Column[str]:
    """Longer text: JSON of ours, or words for people."""
    options.setdefault("nullable", False)
    return Column(name, Text, **options)


def moment(name: str, **options: Any) -> Column[int]:
    """A moment: whole microseconds since 1970 UTC, so that both databases compare it alike."""
    options.setdefault("nullable", True)
    return Column(name, BigInteger, **options)


def number(name: str, **options: Any) -> Column[int]:
    options.setdefault("nullable", False)
    return Column(name, Integer, **options)


def where(condition: str) -> dict[str, Any]:
    """Return what limits an index to some rows, on both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


# What keys, checks and indexes are called that nobody named.
NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
# Small rows stand in their primary key itself: half the pages to write on SQLite.
COMPACT: Final[dict[str, Any]] = {"sqlite_with_rowid": False}
