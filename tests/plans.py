"""How SQLite would look for what a statement asks, in a database whose rows it has not counted."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from typing import Any, Final

from sqlalchemy import MetaData

from goodword.storage.sql import Statement


def statements_in(*modules: Any) -> dict[str, Statement]:
    """Every statement that these modules hold, by its name."""
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, Statement)
    }


_WHOLE: Final = re.compile(
    r"SCAN goodword_|SEARCH goodword_\w+$|SEARCH goodword_.*\(shop=\? ?(AND \w+[<>]\?)?\)"
)


def whole_shops_read(url: str, metadata: MetaData, statement: Statement) -> list[str]:
    """Return the steps that would go through all that a shop, or everybody, has in a table.

    What lies before a moment, or after one, may be nearly all of it, too.  An index of some rows
    only may be gone through: it holds what is still to be done.
    """
    partial = [
        str(index.name)
        for table in metadata.sorted_tables
        for index in table.indexes
        if index.dialect_options["sqlite"].get("where") is not None
    ]
    return [
        step
        for step in steps(url, statement)
        if _WHOLE.match(step)
        # A shop is itself one row there.
        and not step.startswith("SEARCH goodword_shops ")
        and not any(f"{name} " in f"{step} " for name in partial)
    ]


def steps(url: str, statement: Statement) -> list[str]:
    """The steps that SQLite would take."""
    said, fixed = statement.text("sqlite")
    params: Mapping[str, Any] = dict.fromkeys(re.findall(r":(\w+)", said)) | fixed
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
        return [row[3] for row in file.execute(f"EXPLAIN QUERY PLAN {said}", params)]
