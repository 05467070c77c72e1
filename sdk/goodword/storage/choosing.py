"""Choosing the database that a URL names."""

from __future__ import annotations

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from goodword.errors import Invalid
from goodword.storage.database import Database
from goodword.storage.sqlite import SQLite


def open_database(url: str, *, prepared: bool = False) -> Database:
    """Open the database at the URL: ``sqlite:///file.db`` or ``postgresql://…``.

    ``prepared`` turns on PostgreSQL's prepared statements, which PgBouncer's transaction mode
    cannot carry.  Raises `Invalid` for a URL that is neither.
    """
    parsed = _parse(url)
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return SQLite(parsed.database or ":memory:")
    if backend == "postgresql":
        # Here and not above: who stays on SQLite need not install psycopg.
        from goodword.storage.postgresql import PostgreSQL

        return PostgreSQL(parsed.set(drivername="postgresql+psycopg"), prepared=prepared)
    raise Invalid(
        field="url", mend=f"{backend} is not supported; use sqlite:///file.db or postgresql://…"
    )


def _parse(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError:
        raise Invalid(
            field="url", mend="is no database address; use sqlite:///file.db or postgresql://…"
        ) from None
