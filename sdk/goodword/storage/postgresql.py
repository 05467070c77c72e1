"""PostgreSQL through psycopg 3: pooled connections, clashes tried again."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, Final, TypeVar

import psycopg
from psycopg.errors import DeadlockDetected, SerializationFailure
from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from goodword.storage.database import Database, Durability, Work
from goodword.storage.sql import Driver, Session, Statement

T = TypeVar("T")
_TRIES: Final = 8
_POOL: Final = 16


class PostgreSQL(Database):
    """A database server.  ``prepared``: let psycopg prepare statements (not behind PgBouncer)."""

    dialect = "postgresql"

    def __init__(self, url: URL, *, prepared: bool = False) -> None:
        options: dict[str, Any] = {"autocommit": True}
        if not prepared:
            options["prepare_threshold"] = None
        self._pool = create_engine(url, connect_args=options, pool_size=_POOL, max_overflow=_POOL)

    def read(self, work: Work[T]) -> T:
        try:
            return self._read(work)
        except psycopg.OperationalError:
            # The server went away while the connection lay in the pool.
            return self._read(work)

    def write(self, work: Work[T], durability: Durability = Durability.DISK) -> T:
        for attempt in range(1, _TRIES + 1):
            try:
                return self._write(work, durability)
            except (SerializationFailure, DeadlockDetected, _NotBegun):
                if attempt == _TRIES:
                    raise
                time.sleep(random.uniform(0, 0.01 * 2**attempt))
        raise AssertionError("not reached")

    def write_one(self, statement: Statement, params: Mapping[str, Any]) -> int:
        with self._driver() as driver:
            return Session(driver, self.dialect).run(statement.relaxed or statement, params)

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        engine = create_engine(self._pool.url, poolclass=NullPool)
        with engine.connect() as connection:
            yield connection

    def close(self) -> None:
        self._pool.dispose()

    def _read(self, work: Work[T]) -> T:
        with self._driver() as driver:
            return work(Session(driver, self.dialect))

    def _write(self, work: Work[T], durability: Durability) -> T:
        with self._driver() as driver, _begun(driver), ExitStack() as ending:
            if durability is Durability.PROCESS:
                driver.execute("SET LOCAL synchronous_commit = off")
            return work(_Piped(driver, self.dialect, ending))

    @contextmanager
    def _driver(self) -> Iterator[psycopg.Connection[Any]]:
        lent = self._pool.raw_connection()
        driver: Any = lent.driver_connection
        try:
            yield driver
        finally:
            # A connection that broke must not be lent again.
            if driver.closed or driver.broken:
                lent.invalidate()
            lent.close()


class _Piped(Session):
    """A session whose sent statements share a trip to the server, from the first one on."""

    __slots__ = ("_ending", "_pipeline")

    def __init__(self, driver: psycopg.Connection[Any], dialect: str, ending: ExitStack) -> None:
        super().__init__(driver, dialect)
        self._ending = ending
        self._pipeline: psycopg.Pipeline | None = None

    def send(self, statement: Statement, params: Mapping[str, Any]) -> None:
        if self._pipeline is None:
            driver: Any = self.driver
            self._pipeline = self._ending.enter_context(driver.pipeline())
        super().send(statement, params)

    def run(self, statement: Statement, params: Mapping[str, Any]) -> int:
        cursor = self._execute(statement, params)
        self.catch_up()
        touched: int = cursor.rowcount
        return touched

    def catch_up(self) -> None:
        if self._pipeline is not None:
            self._pipeline.sync()

    def unpiped(self) -> Driver:
        self._ending.close()
        self._pipeline = None
        return self.driver


class _NotBegun(psycopg.OperationalError):
    """The connection was lost before anything was written on it."""


@contextmanager
def _begun(driver: psycopg.Connection[Any]) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            stack.enter_context(driver.transaction())
        except psycopg.OperationalError as error:
            raise _NotBegun(str(error)) from error
        yield
