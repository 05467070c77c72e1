"""How statements reach the driver: built with SQLAlchemy Core once, run as the driver's text."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from sqlalchemy import ColumnElement, FromClause, Select, Table, literal_column
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler, SQLiteDialect
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import Executable

from goodword.errors import Invalid
from goodword.rules import texts

Row = tuple[Any, ...]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_count: Final = itertools.count()
_MICROSECOND: Final = timedelta(microseconds=1)


class _Hinting(SQLiteCompiler):
    """Passes hints on, which SQLAlchemy keeps from SQLite."""

    def get_from_hint_text(self, table: FromClause, text: str | None) -> str | None:
        return text


class _SQLite(SQLiteDialect):
    statement_compiler = _Hinting


_DIALECTS: Final[dict[str, Dialect]] = {
    "sqlite": _SQLite(paramstyle="named"),
    "postgresql": postgresql.dialect(paramstyle="pyformat"),  # type: ignore[no-untyped-call]
}


def micros(at: datetime | None) -> int | None:
    """Return a moment as its column holds it."""
    return None if at is None else (at - _EPOCH) // _MICROSECOND


def moment(at: int | None) -> datetime | None:
    """Return a column's moment, in UTC."""
    return None if at is None else _EPOCH + timedelta(microseconds=at)


def new_id(at: datetime) -> str:
    """Return a new UUIDv7: 32 hexadecimal digits that sort by time.

    Behind the milliseconds a count keeps the ids of one process in order (RFC 9562, method 1);
    48 bits of chance are left, so that nobody guesses a visit.
    """
    milliseconds = (at - _EPOCH) // timedelta(milliseconds=1)
    count = next(_count)
    high = milliseconds << 16 | 0x7000 | count >> 14 & 0xFFF
    low = 0b10 << 62 | (count & 0x3FFF) << 48 | int.from_bytes(os.urandom(6))
    return f"{high:016x}{low:016x}"


def first_id(at: datetime, *, later: int = 0) -> str:
    """Return what no id of this moment, or so many milliseconds later, sorts before."""
    # Counted and not added to the moment, which may be the last of all calendars.
    return f"{(at - _EPOCH) // timedelta(milliseconds=1) + later:012x}"


def spelled(word: str) -> ColumnElement[str]:
    """Return a word that stands in the statement itself, no parameter.

    SQLite takes a partial index only where the statement spells its condition out.
    """
    return literal_column(f"'{word}'")


def through(select: Select[Any], table: Table, *columns: str) -> Select[Any]:
    """Return a query that reads a table by the index on these columns, on SQLite.

    Left alone it would read a whole shop by the primary key: rows that stand in their key look
    cheap to it, and it does not know that a shop is long.
    """
    index = min(
        (one for one in table.indexes if tuple(one.columns.keys()) == columns),
        key=lambda one: (one.unique, str(one.name)),
    )
    return select.with_hint(table, f"INDEXED BY {index.name}", "sqlite")


class Statement:
    """One statement, compiled once for each kind of database.

    A statement without a shop is refused, so that no query can forget it; ``across_shops`` is for
    the few that look for the shops themselves.  ``relaxed`` does the same on PostgreSQL in a
    transaction of its own that does not wait for the disk.
    """

    __slots__ = ("_across", "_built", "_texts", "relaxed")

    def __init__(
        self, built: Executable, *, across_shops: bool = False, relaxed: Statement | None = None
    ) -> None:
        self._built = built
        self._across = across_shops
        self.relaxed = relaxed
        self._texts: dict[str, tuple[str, dict[str, Any]]] = {}

    def text(self, dialect: str) -> tuple[str, dict[str, Any]]:
        """Return the driver's text, and the parameters that are part of the statement."""
        try:
            return self._texts[dialect]
        except KeyError:
            return self._texts.setdefault(dialect, self._compile(dialect))

    def _compile(self, dialect: str) -> tuple[str, dict[str, Any]]:
        compiled = self._built.compile(dialect=_DIALECTS[dialect])  # type: ignore[attr-defined]
        if "shop" not in compiled.params and not self._across:
            raise AssertionError(f"this statement forgets the shop: {compiled}")
        fixed = {
            name: compiled.params[name]
            for bind, name in compiled.bind_names.items()
            if not bind.required
        }
        return str(compiled), fixed


class Driver(Protocol):
    """What sqlite3's and psycopg's connections have in common."""

    def execute(self, text: Any, params: Any = ..., /) -> Any: ...
    def cursor(self) -> Any: ...


class Session:
    """One transaction on one connection.  Open to one thread at a time."""

    __slots__ = ("dialect", "driver")

    def __init__(self, driver: Driver, dialect: str) -> None:
        self.driver = driver
        self.dialect = dialect

    def all(self, statement: Statement, params: Mapping[str, Any]) -> list[Row]:
        """Return every row."""
        return self._execute(statement, params).fetchall()  # type: ignore[no-any-return]

    def one(self, statement: Statement, params: Mapping[str, Any]) -> Row | None:
        """Return the first row, or None."""
        return self._execute(statement, params).fetchone()  # type: ignore[no-any-return]

    def run(self, statement: Statement, params: Mapping[str, Any]) -> int:
        """Run a statement that gives no rows; return how many it touched."""
        return self._execute(statement, params).rowcount  # type: ignore[no-any-return]

    def send(self, statement: Statement, params: Mapping[str, Any]) -> None:
        """Run a statement whose answer nobody waits for; what is wrong shows by the commit."""
        self._execute(statement, params)

    def catch_up(self) -> None:
        """Wait for what was sent, and raise what was wrong with it."""

    def unpiped(self) -> Driver:
        """Return the connection once nothing is on its way: COPY goes through no pipeline."""
        return self.driver

    def run_many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run a statement once for each row."""
        if len(rows) == 1:
            self.send(statement, rows[0])
        elif rows:
            text, fixed = statement.text(self.dialect)
            full = [{**fixed, **row} for row in rows] if fixed else rows
            self.driver.cursor().executemany(text, full)

    def savepoint(self) -> AbstractContextManager[None]:
        """Return a context whose writes stand or fall together."""
        return self._savepoint()

    def _execute(self, statement: Statement, params: Mapping[str, Any]) -> Any:
        for name, value in params.items():
            # Before the driver says so: PostgreSQL takes no NUL, and SQLite takes it silently.
            if type(value) is str and "\0" in value:
                raise Invalid(field=name, mend=texts.MEND)
        text, fixed = statement.text(self.dialect)
        try:
            return self.driver.execute(text, {**fixed, **params} if fixed else params)
        except UnicodeEncodeError:
            raise Invalid(field=_unkeepable(params), mend=texts.MEND) from None

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        self.driver.execute("SAVEPOINT goodword")
        try:
            yield
            self.catch_up()
        except BaseException:
            with suppress(Exception):
                self.catch_up()
            self.driver.execute("ROLLBACK TO SAVEPOINT goodword")
            self.driver.execute("RELEASE SAVEPOINT goodword")
            raise
        self.driver.execute("RELEASE SAVEPOINT goodword")


def _unkeepable(params: Mapping[str, Any]) -> str:
    """Return the name of the text that no database keeps."""
    return next(
        name
        for name, value in params.items()
        if isinstance(value, str) and not texts.can_be_kept(value)
    )


class Watch(Protocol):
    """Looks at what one transaction changes, for shops that listen."""

    def note(self, book: Book, order: str) -> None:
        """Look at an order that is about to be changed; a second time is as good as none."""

    def tell(self, book: Book, now: datetime) -> None:
        """Write down what is different by now."""


class Book:
    """One shop's rows on one session: the shop is bound here, once."""

    __slots__ = ("session", "shop", "watch")

    def __init__(self, session: Session, shop: str, watch: Watch | None = None) -> None:
        self.session = session
        self.shop = shop
        self.watch = watch

    def all(self, statement: Statement, **params: Any) -> list[Row]:
        params["shop"] = self.shop
        return self.session.all(statement, params)

    def one(self, statement: Statement, **params: Any) -> Row | None:
        params["shop"] = self.shop
        return self.session.one(statement, params)

    def run(self, statement: Statement, **params: Any) -> int:
        params["shop"] = self.shop
        return self.session.run(statement, params)

    def send(self, statement: Statement, **params: Any) -> None:
        params["shop"] = self.shop
        self.session.send(statement, params)

    def run_many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
        self.session.run_many(statement, [{"shop": self.shop, **row} for row in rows])
