"""Making the tables and bringing them up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, MetaData, inspect, text

from goodword.errors import NewerTables, NotMigrated
from goodword.storage.database import Database
from goodword.storage.invited_tables import metadata

# Any number will do, as long as every process takes the same one.
_LOCK: Final = 0x676F6F64


@dataclass(frozen=True)
class Branch:
    """A line of migrations with a version table of its own; it never looks at other tables."""

    folder: Path
    table: str
    metadata: MetaData
    prefix: str

    def head(self) -> str:
        """Return the newest version, by the names of the scripts: ``0001_spine.py``."""
        return max(path.stem for path in (self.folder / "versions").glob("[0-9]*.py")).split("_")[0]


SDK: Final = Branch(
    folder=Path(__file__).parent / "migrations",
    table="goodword_version",
    # Of all tables: to name one of the last is to know those before.
    metadata=metadata,
    prefix="goodword_",
)


def migrate(database: Database, *branches: Branch) -> None:
    """Bring the tables of all branches to the newest version, or change nothing.

    Processes that do it at once queue up.  Raises `NewerTables` for those of a newer release.
    """
    branches = branches or (SDK,)
    _refuse_newer(*((version(database, branch), branch) for branch in branches))
    with database.queue(), database.connect() as connection, _alone(connection):
        # Looked at once more: a newer release may have been at it while this one waited.
        _refuse_newer(*((_version(connection, branch), branch) for branch in branches))
        for branch in branches:
            upgrade(connection, branch)


def upgrade(connection: Connection, branch: Branch, to: str = "head") -> None:
    """Bring one branch's tables to a version, in the caller's transaction."""
    # Alembic takes 0.4 s to import; only whoever migrates pays for it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    # One environment serves every branch; only the scripts are their own.
    config.set_main_option("script_location", str(SDK.folder))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(branch.folder / "versions"))
    config.attributes["connection"] = connection
    config.attributes["branch"] = branch
    command.upgrade(config, to)


def version(database: Database, branch: Branch = SDK) -> str | None:
    """Return the version that the database is at; None if it was never migrated."""
    with database.connect() as connection:
        return _version(connection, branch)


def _version(connection: Connection, branch: Branch) -> str | None:
    # Looked for and not tried: an error would end the transaction of a host on PostgreSQL.
    if not inspect(connection).has_table(branch.table):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {branch.table}")).scalar()
    return None if found is None else str(found)


def check(database: Database, branch: Branch = SDK) -> None:
    """Raise `NotMigrated` unless the database is at this release's version.

    `NewerTables`, which is one, where a newer release made them.
    """
    found, wanted = version(database, branch), branch.head()
    _refuse_newer((found, branch))
    if found != wanted:
        raise NotMigrated(found=found or "no version", wanted=wanted)


def _refuse_newer(*found: tuple[str | None, Branch]) -> None:
    for one, branch in found:
        if one is not None and one > branch.head():
            raise NewerTables(found=one, wanted=branch.head())


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    if connection.dialect.name == "postgresql":
        with connection.begin():
            # Whoever waited is to see what the one before made, whatever the default is here.
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            yield
        return
    # Readers that come meanwhile go on reading; to change it later takes a moment without any.
    connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    # The connection is in autocommit, so that the transaction begins here and takes the lock.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
    connection.exec_driver_sql("COMMIT")
