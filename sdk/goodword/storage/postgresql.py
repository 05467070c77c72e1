"""PostgreSQL through psycopg 3: pooled connections, clashes tried again."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from threading import RLock
from typing import Any, Final, TypeVar

import psycopg
from psycopg.errors import DeadlockDetected, SerializationFailure, UniqueViolation
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from goodword.storage import sql
from goodword.storage.database import Database, Durability, Work, transaction_here
from goodword.storage.sql import Row, Session, Statement

T = TypeVar("T")
Driver = psycopg.Connection[Any]
_TRIES: Final = 20
_PAUSE_MOST: Final = 0.5
_TURN_SECONDS: Final = 10.0
_POOL: Final = 16


class PostgreSQL(Database):
    """A database server.  ``prepared``: let psycopg prepare statements (not behind PgBouncer)."""

    dialect = "postgresql"

    def __init__(self, url: URL, *, prepared: bool = False) -> None:
        # What is prepared outlives its transaction: behind a pooler another would stumble on it.
        self._options: dict[str, Any] = {} if prepared else {"prepare_threshold": None}
        self._pool = create_engine(
            url,
            connect_args={"autocommit": True, **self._options},
            pool_size=_POOL,
            max_overflow=_POOL,
        )
        event.listen(self._pool, "connect", _isolate)
        self._turn = RLock()

    def read(self, work: Work[T]) -> T:
        def attempt(driver: Driver) -> T:
            with transaction_here(), _undone_if_lost(driver):
                return work(Session(driver, self.dialect))

        return self._tried(attempt)

    def write(self, work: Work[T], durability: Durability = Durability.DISK) -> T:
        def attempt(driver: Driver) -> T:
            # The commit stands outside of what is undone: if it is lost, nobody can tell.
            with (
                transaction_here(),
                ExitStack() as committing,
                _undone_if_lost(driver),
                ExitStack() as ending,
            ):
                committing.enter_context(driver.transaction())
                if durability is Durability.PROCESS:
                    driver.execute("SET LOCAL synchronous_commit = off")
                return work(_Piped(driver, self.dialect, ending))

        return self._tried(attempt)

    def write_one(self, statement: Statement, params: Mapping[str, Any]) -> int:
        one, lost = statement.relaxed or statement, False

        def attempt(driver: Driver) -> int:
            nonlocal lost
            try:
                return Session(driver, self.dialect).run(one, params)
            except psycopg.OperationalError as error:
                if not driver.broken:
                    raise
                lost = True
                raise _Lost(error) from error
            except UniqueViolation:
                if not lost:
                    raise
                # Only the answer was lost: the row bears a key that nobody else has.
                return 1

        return self._tried(attempt)

    def tell_one(self, statement: Statement, params: Mapping[str, Any]) -> Row | None:
        # One trip, and no transaction around it: it is one by itself.
        one = statement.relaxed or statement

        def attempt(driver: Driver) -> Row | None:
            with transaction_here(), _undone_if_lost(driver):
                return Session(driver, self.dialect).one(one, params)

        return self._tried(attempt)

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        engine = create_engine(self._pool.url, connect_args=self._options, poolclass=NullPool)
        with engine.connect() as connection:
            yield connection

    def close(self) -> None:
        self._pool.dispose()

    def _tried(self, attempt: Callable[[Driver], T]) -> T:
        """Make an attempt, and others as long as it clashes; one that was lost, once more."""
        try:
            with self._driver(proven=False) as driver:
                return attempt(driver)
        except (SerializationFailure, DeadlockDetected):
            return self._tried_again(attempt, proven=False)
        except _Lost:
            return self._tried_again(attempt, proven=True)

    def _tried_again(self, attempt: Callable[[Driver], T], *, proven: bool) -> T:
        for tries in range(2, _TRIES + 1):
            time.sleep(random.uniform(0, min(_PAUSE_MOST, 0.01 * 2 ** (tries - 1))))
            try:
                with self._in_turn(), self._driver(proven=proven) as driver:
                    return attempt(driver)
            except (SerializationFailure, DeadlockDetected):
                if tries == _TRIES:
                    raise
            except _Lost as lost:
                if proven or tries == _TRIES:
                    raise lost.error from None
                proven = True
        raise AssertionError("not reached")

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Let those who clashed come one after another: a crowd would clash without end."""
        # Not without end either: whoever has the turn may need what somebody here holds.
        mine = self._turn.acquire(timeout=_TURN_SECONDS)
        try:
            yield
        finally:
            if mine:
                self._turn.release()

    @contextmanager
    def _driver(self, *, proven: bool) -> Iterator[Driver]:
        """Lend a connection; a proven one has just answered."""
        lent: Any = self._pool.raw_connection()
        while proven and not _answers(lent.driver_connection):
            # When a server ends, all that lies in the pool is lost with it.
            lent.invalidate()
            lent = self._pool.raw_connection()
        driver: Driver = lent.driver_connection
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

    def __init__(self, driver: Driver, dialect: str, ending: ExitStack) -> None:
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

    def unpiped(self) -> sql.Driver:
        self._ending.close()
        self._pipeline = None
        return self.driver


def _isolate(driver: Driver, _record: object) -> None:
    """Let no default of the database come between our locks and what they protect.

    At repeatable read whoever waited for a lock does not see what its holder wrote; serializable
    finds that out.
    """
    (default,) = driver.execute("SHOW default_transaction_isolation").fetchone() or ("",)
    if default == "repeatable read":
        driver.isolation_level = psycopg.IsolationLevel.SERIALIZABLE


class _Lost(Exception):
    """The connection was lost, and another attempt does no harm."""

    def __init__(self, error: psycopg.OperationalError) -> None:
        self.error = error


@contextmanager
def _undone_if_lost(driver: Driver) -> Iterator[None]:
    """Whatever is lost in here was undone by the server."""
    try:
        yield
    except psycopg.OperationalError as error:
        if driver.broken:
            raise _Lost(error) from error
        raise


def _answers(driver: Driver) -> bool:
    try:
        driver.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True
