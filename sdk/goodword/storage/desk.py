"""One shop's place at the database: how every verb gets its book, and the time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from goodword.storage.database import Database
from goodword.storage.sql import Book, Statement

T = TypeVar("T")


class Desk:
    """Hands out one shop's book, a transaction at a time."""

    __slots__ = ("_database", "now", "shop")

    def __init__(self, database: Database, shop: str, now: Callable[[], datetime]) -> None:
        self._database = database
        self.shop = shop
        self.now = now

    def read(self, work: Callable[[Book], T]) -> T:
        return self._database.read(lambda session: work(Book(session, self.shop)))

    def write(self, work: Callable[[Book], T]) -> T:
        return self._database.write(lambda session: work(Book(session, self.shop)))

    def write_one(self, statement: Statement, **params: Any) -> int:
        """Run one statement that survives our process; return how many rows it touched."""
        params["shop"] = self.shop
        return self._database.write_one(statement, params)
