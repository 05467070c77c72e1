"""SQLite: readers beside one writer for each durability; threads share a commit."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from threading import Lock, RLock
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool, StaticPool

from goodword.storage.database import Database, Durability, Work, here, transaction_here
from goodword.storage.sql import Row, Session, Statement

if sys.platform != "win32":
    import fcntl
    import os

T = TypeVar("T")
_BATCH_MOST: Final = 256
_BUSY_SECONDS: Final = 10
# What the writer keeps of a book in memory at most, as it grows: SQLite's own 2 MB hold the upper
# pages of no long one, and every order would read them anew.
_CACHED_KIB: Final = {Durability.PROCESS: 2 * 1024, Durability.DISK: 32 * 1024}
_SYNCHRONOUS: Final = {Durability.PROCESS: "NORMAL", Durability.DISK: "FULL"}


class SQLite(Database):
    """A database file, or ``:memory:`` for one process alone."""

    dialect = "sqlite"

    def __init__(self, path: str) -> None:
        self._path = path
        # Readers by need and not by thread: a server's threads come and go.
        self._idle: list[sqlite3.Connection] = []
        self._open: list[sqlite3.Connection] = []
        self._opening = Lock()
        if path == ":memory:":
            only = _Writer(self._connect, None)
            self._writers = dict.fromkeys(Durability, only)
        else:
            self._writers = {
                durability: _Writer(partial(self._writer, durability), f"{path}.lock")
                for durability in Durability
            }

    def read(self, work: Work[T]) -> T:
        if self._path == ":memory:":
            return self._writers[Durability.DISK].run(work)
        driver = self._reader()
        driver.execute("BEGIN")
        try:
            with transaction_here():
                return work(Session(driver, self.dialect))
        finally:
            driver.execute("ROLLBACK")
            self._idle.append(driver)

    def read_one(self, statement: Statement, params: Mapping[str, Any]) -> Row | None:
        if self._path == ":memory:":
            return super().read_one(statement, params)
        # Alone it is a transaction by itself, which ends with its last row.
        driver = self._reader()
        try:
            found = Session(driver, self.dialect).all(statement, params)
            return found[0] if found else None
        finally:
            self._idle.append(driver)

    def write(self, work: Work[T], durability: Durability = Durability.DISK) -> T:
        return self._writers[durability].run(work)

    def queue(self) -> AbstractContextManager[None]:
        return self._writers[Durability.DISK].queue()

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        in_memory = self._path == ":memory:"
        engine = create_engine(
            "sqlite://",
            creator=self._writers[Durability.DISK].driver if in_memory else self._plain,
            poolclass=StaticPool if in_memory else NullPool,
            isolation_level="AUTOCOMMIT",
        )
        with engine.connect() as connection:
            yield connection

    def copied(self) -> SQLite:
        """Return a database in memory that holds what this one holds: a millisecond's work."""
        copy = SQLite(":memory:")
        self._writers[Durability.DISK].copy_to(copy._writers[Durability.DISK])
        return copy

    def _plain(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)

    def close(self) -> None:
        with self._opening:
            while self._open:
                self._open.pop().close()
            self._idle.clear()
        for writer in self._writers.values():
            writer.close()

    def _reader(self) -> sqlite3.Connection:
        try:
            return self._idle.pop()
        except IndexError:
            driver = self._connect()
            driver.execute("PRAGMA query_only = ON")
            return driver

    def _writer(self, durability: Durability) -> sqlite3.Connection:
        driver = self._connect(_SYNCHRONOUS[durability])
        driver.execute(f"PRAGMA cache_size = -{_CACHED_KIB[durability]}")
        return driver

    def _connect(self, synchronous: str = "FULL") -> sqlite3.Connection:
        driver = sqlite3.connect(
            self._path,
            timeout=_BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        driver.execute("PRAGMA journal_mode = WAL")
        driver.execute(f"PRAGMA synchronous = {synchronous}")
        driver.execute("PRAGMA foreign_keys = ON")
        # What a savepoint may have to undo is kept in memory, not in a file of its own.
        driver.execute("PRAGMA temp_store = MEMORY")
        with self._opening:
            self._open.append(driver)
        return driver


class _Job:
    """One thread's work, and what came of it."""

    __slots__ = ("error", "finished", "result", "work")

    def __init__(self, work: Work[Any]) -> None:
        self.work = work
        self.finished = False
        self.result: Any = None
        self.error: BaseException | None = None


class _Writer:
    """One writing connection.  Whoever holds it commits for all that wait; nobody is answered
    before the commit, and a thread alone takes the plain path.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection], lock_path: str | None) -> None:
        self._connect = connect
        self._lock_path = lock_path
        self._lock_file: int | None = None
        self._driver: sqlite3.Connection | None = None
        self._waiting: list[_Job] = []
        self._mutex = Lock()
        self._turn = RLock()

    def run(self, work: Work[T]) -> T:
        job = _Job(work)
        with self._mutex:
            self._waiting.append(job)
        with self._turn:
            while not job.finished:
                self._lead()
        if job.error is not None:
            raise job.error
        return job.result  # type: ignore[no-any-return]

    @contextmanager
    def queue(self) -> Iterator[None]:
        """Wait for this writer's turn, and keep it as long as the context lasts."""
        with self._turn:
            self._queue_up()
            try:
                yield
            finally:
                self._step_aside()

    def copy_to(self, other: _Writer) -> None:
        """Make the other's database the same as this one."""
        with self._turn:
            self.driver().backup(other.driver())

    def close(self) -> None:
        self._driver = None
        if self._lock_file is not None:
            os.close(self._lock_file)
            self._lock_file = None

    def _lead(self) -> None:
        with self._mutex:
            batch, self._waiting = self._waiting[:_BATCH_MOST], self._waiting[_BATCH_MOST:]
        try:
            self._commit(batch)
        except BaseException as error:
            for job in batch:
                job.error = job.error or error
        finally:
            for job in batch:
                job.finished = True

    def _commit(self, batch: list[_Job]) -> None:
        session = Session(self.driver(), "sqlite")
        self._queue_up()
        try:
            try:
                self._transact(session, batch, self._do_all)
            except Exception as error:
                if len(batch) == 1 or _is_busy(error):
                    raise
                # One of them failed: now each on its own, so that its neighbours go through.
                self._transact(session, batch, self._do_each)
        finally:
            self._step_aside()

    def _transact(
        self, session: Session, batch: list[_Job], do: Callable[[Session, list[_Job]], None]
    ) -> None:
        driver = self.driver()
        driver.execute("BEGIN IMMEDIATE")
        # Noted for the thread that leads: it does the work of all.
        open_here = here.transactions
        open_here.append(True)
        try:
            do(session, batch)
            driver.execute("COMMIT")
        except BaseException:
            if driver.in_transaction:
                driver.execute("ROLLBACK")
            raise
        finally:
            open_here.pop()

    def _do_all(self, session: Session, batch: list[_Job]) -> None:
        for job in batch:
            self._check_open()
            job.result = job.work(session)

    def _do_each(self, session: Session, batch: list[_Job]) -> None:
        for job in batch:
            self._check_open()
            try:
                with session.savepoint():
                    job.result = job.work(session)
            except Exception as error:
                job.error = error

    def _check_open(self) -> None:
        # A full disk ends a transaction by itself: nobody may write after its end.
        if not self.driver().in_transaction:
            raise sqlite3.OperationalError("the transaction was lost")

    def driver(self) -> sqlite3.Connection:
        """Return the connection, opened when it is first needed: after any fork."""
        if self._driver is None:
            self._driver = self._connect()
        return self._driver

    def _queue_up(self) -> None:
        """Wait in the kernel's queue: SQLite's own timed retries let one process starve."""
        if self._lock_path is None or sys.platform == "win32":
            return
        if self._lock_file is None:
            self._lock_file = os.open(self._lock_path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._lock_file, fcntl.LOCK_EX)

    def _step_aside(self) -> None:
        if self._lock_file is not None and sys.platform != "win32":
            fcntl.flock(self._lock_file, fcntl.LOCK_UN)


def _is_busy(error: Exception) -> bool:
    """Whether somebody who does not queue up holds the database: nobody's work has begun."""
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
