"""What a database raises when it cannot be used, whichever it is."""

from __future__ import annotations

import sqlite3
from typing import Final

import psycopg
from sqlalchemy.exc import SQLAlchemyError

TROUBLES: Final = (sqlite3.Error, psycopg.Error, SQLAlchemyError)


# Whose words it has, and what to do.
_MENDS: Final = (
    (
        "unsupported startup parameter",
        "take it out of GOODWORD_DATABASE_URL: a pooler lends connections that others set; what"
        " must be set, set for the database user (ALTER ROLE … SET …)",
    ),
    ("no more connections allowed", "raise max_client_conn of the pooler"),
    ("query_wait_timeout", "raise default_pool_size of the pooler: all were lent for too long"),
    ("too many clients", "raise max_connections of PostgreSQL, or put PgBouncer before it"),
    ("connection slots", "raise max_connections of PostgreSQL, or put PgBouncer before it"),
)
_LOOK: Final = "look whether it runs, and at GOODWORD_DATABASE_URL"


def mend(error: BaseException) -> str:
    """Return what to do about it."""
    words = str(error)
    return next((mend for sign, mend in _MENDS if sign in words), _LOOK)


def told(error: BaseException) -> str:
    """Return the driver's own words, without the statement and its values."""
    words = str(getattr(error, "orig", None) or error)
    return words.partition("\n")[0] or type(error).__name__
