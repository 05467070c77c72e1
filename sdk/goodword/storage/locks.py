"""Waiting for one another where there is no row to wait at."""

from __future__ import annotations

from typing import Final

from sqlalchemy import String, bindparam, cast, func, select

from goodword.storage.sql import Book, Statement

_ALONE: Final = Statement(
    select(
        func.pg_advisory_xact_lock(
            func.hashtextextended(
                cast(bindparam("shop"), String) + "/" + cast(bindparam("name"), String), 0
            )
        )
    )
)


def alone(book: Book, name: str) -> None:
    """Let nobody else past this name before the transaction ends; SQLite has one writer anyway."""
    if book.session.dialect == "postgresql":
        book.one(_ALONE, name=name)
