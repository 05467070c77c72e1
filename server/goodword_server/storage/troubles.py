"""What a database raises when it cannot be used, whichever it is."""

from __future__ import annotations

import sqlite3
from typing import Final

import psycopg
from sqlalchemy.exc import SQLAlchemyError

TROUBLES: Final = (sqlite3.Error, psycopg.Error, SQLAlchemyError)


def told(error: BaseException) -> str:
    """Return the driver's own words, without the statement and its values."""
    words = str(getattr(error, "orig", None) or error)
    return words.partition("\n")[0] or type(error).__name__
