"""One shop's place at the database: how every verb gets its book, and the time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from goodword.storage.database import Database
from goodword.storage.sql import Book, Row, Session, Statement, Watch

T = TypeVar("T")


class Desk:
    """Hands out one shop's book, a transaction at a time."""

    __slots__ = ("_database", "_watch", "now", "shop")

    def __init__(
        self,
        database: Database,
        shop: str,
        now: Callable[[], datetime],
        watch: Callable[[], Watch],
    ) -> None:
        self._database = database
        self._watch = watch
        self.shop = shop
        self.now = now

    def read(self, work: Callable[[Book], T]) -> T:
        return self._database.read(lambda session: work(Book(session, self.shop)))

    def read_one(self, statement: Statement, **params: Any) -> Row | None:
        """Return the first row of one statement, or None."""
        params["shop"] = self.shop
        return self._database.read_one(statement, params)

    def write(self, work: Callable[[Book], T]) -> T:
        """Let work write, and tell what it changed: all in one transaction."""

        def whole(session: Session) -> T:
            # Anew each time: after a clash all of it is done once more.
            watch = self._watch()
            book = Book(session, self.shop, watch)
            done = work(book)
            watch.tell(book, self.now())
            return done

        return self._database.write(whole)

    def write_one(self, statement: Statement, **params: Any) -> int:
        """Run one statement that survives our process; return how many rows it touched."""
        params["shop"] = self.shop
        return self._database.write_one(statement, params)
