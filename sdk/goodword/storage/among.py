"""Looking many up at once: one parameter that holds all the words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, TableValuedAlias, bindparam, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from goodword.storage.sql import Book, Row, Statement

_AT_ONCE: Final = 2_000


class _Each(FunctionElement[str]):
    name = "each"
    inherit_cache = True


@compiles(_Each, "sqlite")
def _in_sqlite(element: _Each, compiler: SQLCompiler, **_: Any) -> str:
    return f"json_each({compiler.process(element.clauses)})"


@compiles(_Each, "postgresql")
def _in_postgresql(element: _Each, compiler: SQLCompiler, **_: Any) -> str:
    return f"json_array_elements_text(({compiler.process(element.clauses)})::json)"


def each_word() -> TableValuedAlias:
    """Return the words as a table of their own, with the column ``value``."""
    return _Each(bindparam("words")).table_valued("value", name="words")


def among(table: Table, key: str, *columns: ColumnElement[Any]) -> Select[Any]:
    """Return the query for the rows of a table whose key is one of many words.

    From the words to the rows by an outer join: else SQLite would read a whole shop for them.  So
    it tells a row of nothing for a word that nobody knows, which `found` leaves out.
    """
    words = each_word()
    here = (table.c.shop == bindparam("shop")) & (table.c[key] == words.c.value)
    return select(table.c[key], *columns).select_from(words).outerjoin(table, here)


def found(book: Book, statement: Statement, words: Sequence[str], **params: Any) -> Iterator[Row]:
    """Yield the rows for some words, so many a trip."""
    for start in range(0, len(words), _AT_ONCE):
        some = json.dumps(words[start : start + _AT_ONCE], ensure_ascii=False)
        for row in book.all(statement, words=some, **params):
            if row[0] is not None:
                yield row
