"""The two ways to work in a database: reading and writing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from enum import Enum
from threading import local
from typing import Any, Final, TypeVar

from sqlalchemy import Connection

from goodword.errors import Invalid
from goodword.storage.sql import Row, Session, Statement

T = TypeVar("T")
Work = Callable[[Session], T]


class _Here(local):
    """What this thread is in the middle of."""

    def __init__(self) -> None:
        # One for each transaction, one within the other.  A list is cheaper than a count would be.
        self.transactions: list[bool] = []


here: Final = _Here()


def in_transaction() -> bool:
    """Whether this thread is at work in a database of ours: then nobody outside is called.

    Who holds a lock while a shop thinks keeps everyone waiting, and what a shop did cannot be
    rolled back.
    """
    return bool(here.transactions)


@contextmanager
def transaction_here() -> Iterator[None]:
    """Note that this thread is at work in a database, as long as the context lasts."""
    here.transactions.append(True)
    try:
        yield
    finally:
        here.transactions.pop()


class Durability(Enum):
    """What a write promises once it has been answered."""

    PROCESS = "process"
    """It survives the end of our process, however it ends; a power cut may lose the last."""
    DISK = "disk"
    """It is on disk."""


class Database(ABC):
    """One database.  Work is a function of a session; it may run again after a clash."""

    dialect: str

    @abstractmethod
    def read(self, work: Work[T]) -> T:
        """Run work that only reads."""

    def read_one(self, statement: Statement, params: Mapping[str, Any]) -> Row | None:
        """Return the first row of one statement that only reads, or None."""
        return self.read(lambda session: session.one(statement, params))

    @abstractmethod
    def write(self, work: Work[T], durability: Durability = Durability.DISK) -> T:
        """Run work in one transaction and return once its promise holds.

        What clashed with others is run again from its start.  Nothing of it stands if it raises,
        but for one case: if a connection is lost during the commit itself, nobody can tell.  Then
        whoever asked may ask again, since each verb of ours done twice is done once.
        """

    def write_one(self, statement: Statement, params: Mapping[str, Any]) -> int:
        """Run one statement that survives our process; return how many rows it touched.

        It runs once more if its answer was lost, so what it adds must bear a key of its own.
        """
        return self.write(lambda session: session.run(statement, params), Durability.PROCESS)

    def tell_one(self, statement: Statement, params: Mapping[str, Any]) -> Row | None:
        """Run one statement that survives our process; return the row that it tells of.

        It runs once more if its answer was lost, so twice must do no harm.
        """
        return self.write(lambda session: session.one(statement, params), Durability.PROCESS)

    def is_under_way(self) -> bool:
        """Whether what is written now stands only if somebody commits it later."""
        return in_transaction()

    def queue(self) -> AbstractContextManager[None]:
        """Return a context in which no other process of ours writes, where the database needs it.

        For migrations: who comes later waits for as long as they take.
        """
        return nullcontext()

    @abstractmethod
    def connect(self) -> AbstractContextManager[Connection]:
        """Return a SQLAlchemy connection in autocommit, for migrations."""

    @abstractmethod
    def close(self) -> None:
        """Close every connection."""


class Shared(Database):
    """A connection of the host's: our rows stand or fall with its transaction."""

    def __init__(self, connection: Connection) -> None:
        self.dialect = connection.dialect.name
        if connection.dialect.driver not in ("pysqlite", "psycopg"):
            raise Invalid(
                field="connection",
                mend=f"speaks through {connection.dialect.driver}; use sqlite:// or "
                "postgresql+psycopg:// (psycopg 3)",
            )
        if not connection.in_transaction():
            connection.begin()
        driver = connection.connection.driver_connection
        assert driver is not None
        # The sqlite3 module begins only before its first write; a savepoint before that would be
        # the whole transaction, and its release a commit behind the host's back.
        if self.dialect == "sqlite" and not driver.in_transaction:
            driver.execute("BEGIN")
        self._connection = connection
        self._session = Session(driver, self.dialect)

    def connect(self) -> AbstractContextManager[Connection]:
        return nullcontext(self._connection)

    def read(self, work: Work[T]) -> T:
        with transaction_here():
            return work(self._session)

    def write(self, work: Work[T], durability: Durability = Durability.DISK) -> T:
        with transaction_here(), self._session.savepoint():
            return work(self._session)

    def is_under_way(self) -> bool:
        return True

    def close(self) -> None:
        """Leave the connection to its host."""


class Joined(Database):
    """A session that somebody else already opened for writing, as the server's worker does."""

    def __init__(self, session: Session) -> None:
        self.dialect = session.dialect
        self._session = session

    def connect(self) -> AbstractContextManager[Connection]:
        raise AssertionError("a transaction that is under way cannot migrate")

    def read(self, work: Work[T]) -> T:
        with transaction_here():
            return work(self._session)

    def write(self, work: Work[T], durability: Durability = Durability.DISK) -> T:
        with transaction_here():
            return work(self._session)

    def is_under_way(self) -> bool:
        return True

    def close(self) -> None:
        """Leave the session to its opener."""
