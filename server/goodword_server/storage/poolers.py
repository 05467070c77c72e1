"""Whether somebody stands before the database and lends its connections, as PgBouncer does."""

from __future__ import annotations

from typing import Any

from psycopg.errors import DuplicatePreparedStatement
from sqlalchemy import Connection

from goodword.storage.database import Database


def stands_before(database: Database) -> bool:
    """Whether a pooler answers: the process that it names is none of the database's."""
    if database.dialect != "postgresql":
        return False
    with database.connect() as connection:
        told = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        return bool(_driver(connection).info.backend_pid != told)


def keeps_prepared(database: Database) -> bool:
    """Whether two who prepare a statement by one name do not stumble on each other's."""
    with database.connect() as one, database.connect() as other:
        drivers = _driver(one), _driver(other)
        try:
            for driver in drivers:
                driver.execute("SELECT 1", prepare=True)
                # Only now a pooler may lend it to the next.
                driver.commit()
        except DuplicatePreparedStatement:
            return False
        finally:
            for driver in drivers:
                driver.rollback()
                driver.execute("DEALLOCATE ALL")
                driver.commit()
    return True


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection
