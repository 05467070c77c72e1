"""Rows multiplied inside the database: each copy has a number, and other words for some of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BigInteger, Column, Connection, Table, select

from goodword.storage.tables import metadata

Row = tuple[Table, Mapping[str, Any]]
_ID: Final = re.compile("[0-9a-f]{32}")
ODD: Final = 2_654_435_761
"""Its multiples lead everywhere, in no order."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a database counts, and how it writes a number in hexadecimal."""

    counting: str
    hexadecimal: str


DIALECTS: Final = {
    "sqlite": Dialect(
        "WITH RECURSIVE counted(n) AS"
        " (SELECT {first} UNION ALL SELECT n + 1 FROM counted WHERE n < {last})",
        "printf('%0{digits}x', {number})",
    ),
    "postgresql": Dialect(
        "WITH counted(n) AS (SELECT generate_series({first}::bigint, {last}))",
        "lpad(to_hex({number}), {digits}, '0')",
    ),
}


def rows_with(connection: Connection, word: str) -> list[Row]:
    """Return the rows of all our tables in which a word occurs."""
    return [
        (table, dict(row))
        for table in metadata.sorted_tables
        for row in connection.execute(select(table)).mappings()
        if any(isinstance(value, str) and word in value for value in row.values())
    ]


class Copies:
    """Copies of some rows, as statements.  ``milliseconds`` lie between one copy and the next."""

    def __init__(self, dialect: str, rows: list[Row], milliseconds: int) -> None:
        self._dialect = DIALECTS[dialect]
        self._rows = rows
        self._pace = milliseconds
        self._words: dict[str, str] = {}
        for _, row in rows:
            id = row.get("id", "")
            if _ID.fullmatch(id):
                self._words[id] = self._id(id)

    def say(self, word: str, sql: str) -> None:
        """Let each copy say something else for a word: SQL that may name its number, ``n``."""
        self._words[word] = sql

    def chance(self) -> str:
        """Return SQL for twelve digits that differ from copy to copy, in no order."""
        scattered = f"(n * {ODD} + {len(self._words) * 40_503}) % {2**32}"
        return self._hexadecimal(f"({scattered}) * 65536 + n % 65536", 12)

    def texts(self, column: Column[str]) -> list[str]:
        """Return what stands in a column of the rows."""
        return [row[column.name] for table, row in self._rows if table is column.table]

    def statements(self, first: int, last: int) -> Iterator[str]:
        """Yield what adds the copies of these numbers, a row of ours after another."""
        counting = self._dialect.counting.format(first=first, last=last)
        for table, row in self._rows:
            columns = ", ".join(f'"{name}"' for name in row)
            values = ", ".join(self._value(table, name, value) for name, value in row.items())
            into = f"INSERT INTO {table.name} ({columns})"
            yield f"{counting} {into} SELECT {values} FROM counted"

    def _value(self, table: Table, name: str, value: Any) -> str:
        if value is None:
            return "NULL"
        if isinstance(value, int):
            is_moment = isinstance(table.c[name].type, BigInteger) and name != "amount"
            return f"{value} + n * {self._pace * 1000}" if is_moment else str(value)
        words = sorted(self._words, key=len, reverse=True)
        parts = re.split(f"({'|'.join(map(re.escape, words))})", value)
        said = [self._words.get(part) or _quoted(part) for part in parts if part]
        return " || ".join(said) or "''"

    def _id(self, id: str) -> str:
        """Return SQL for the id that the library would have drawn at the copy's moment."""
        moment = f"{int(id[:16], 16)} + n * {self._pace << 16}"
        return f"{self._hexadecimal(moment, 16)} || '{id[16:20]}' || {self.chance()}"

    def _hexadecimal(self, number: str, digits: int) -> str:
        return self._dialect.hexadecimal.format(number=number, digits=digits)


def _quoted(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"
