"""The limit of what is written: one connection of the driver alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any

import psycopg

from benchmarks.databases import file_of

Statement = tuple[str, tuple[Any, ...]]


class Bare:
    """One connection that is told what to write, and nothing else."""

    def __init__(self, driver: Any, *, begin: str, mark: str) -> None:
        self._driver = driver
        self._begin = begin
        self._mark = mark

    def insert(self, table: str, row: Mapping[str, Any]) -> Statement:
        """Return the statement that adds a row."""
        columns = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join(self._mark for _ in row)
        return f"INSERT INTO {table} ({columns}) VALUES ({marks})", tuple(row.values())

    def update(self, table: str, row: Mapping[str, Any], key: Mapping[str, Any]) -> Statement:
        """Return the statement that changes one row."""
        changes = ", ".join(f'"{name}" = {self._mark}' for name in row)
        where = " AND ".join(f'"{name}" = {self._mark}' for name in key)
        return f"UPDATE {table} SET {changes} WHERE {where}", (*row.values(), *key.values())

    def write(self, statement: Statement) -> None:
        """Write one row and commit it."""
        self._driver.execute(*statement)

    def write_all(self, statements: Iterable[Statement]) -> None:
        """Write in one transaction, one statement after another."""
        execute = self._driver.execute
        execute(self._begin)
        for text, params in statements:
            execute(text, params)
        execute("COMMIT")

    def write_rows(
        self, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
    ) -> int:
        """Write many rows of one table in one transaction, as the driver does it fastest."""
        names = ", ".join(f'"{name}"' for name in columns)
        cursor = self._driver.cursor()
        cursor.execute(self._begin)
        if isinstance(cursor, psycopg.Cursor):
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(self._mark for _ in columns)
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
        cursor.execute("COMMIT")
        return len(rows)

    def execute_many(
        self, tables: Iterable[tuple[str, Sequence[str], Sequence[tuple[Any, ...]]]]
    ) -> None:
        """Write many rows of several tables in one transaction, by the driver's executemany."""
        cursor = self._driver.cursor()
        cursor.execute(self._begin)
        for table, columns, rows in tables:
            names = ", ".join(f'"{name}"' for name in columns)
            marks = ", ".join(self._mark for _ in columns)
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
        cursor.execute("COMMIT")


@contextmanager
def bare(url: str) -> Iterator[Bare]:
    """Open a connection that flushes what it commits."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(file_of(url), isolation_level=None)) as file:
            file.execute("PRAGMA journal_mode = WAL")
            file.execute("PRAGMA synchronous = FULL")
            yield Bare(file, begin="BEGIN IMMEDIATE", mark="?")
    else:
        with psycopg.connect(url, autocommit=True) as server:
            yield Bare(server, begin="BEGIN", mark="%s")
