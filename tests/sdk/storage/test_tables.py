"""The tables: every name is ours, every key begins with the shop, the book is only added to."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Table, UniqueConstraint, inspect, text
from sqlalchemy.exc import DatabaseError

from goodword import Code, Referrals, storage
from goodword.embedded.engine import Engine
from goodword.storage.tables import entries, metadata
from tests.plans import statements_in, steps, whole_shops_read
from tests.sdk.builders import an_order

TABLES = list(metadata.tables.values())


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_every_name_is_ours(table: Table) -> None:
    names = {str(index.name) for index in table.indexes}
    names |= {str(constraint.name) for constraint in table.constraints}
    assert all("goodword_" in name for name in names)
    assert table.name.startswith("goodword_")


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_every_key_begins_with_the_shop(table: Table) -> None:
    keys = [table.primary_key.columns, *(index.columns for index in table.indexes)]
    keys += [
        constraint.columns
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
    ]
    keys += [constraint.columns for constraint in table.foreign_key_constraints]
    assert {key.keys()[0] for key in keys} == {"shop"}
    assert not table.c.shop.nullable


def test_visits_have_one_more_index_at_most() -> None:
    assert len(metadata.tables["goodword_visits"].indexes) <= 1


# What the migrations make.


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.database.connect() as connection:
        yield connection


def test_the_migrations_make_the_tables(connection: Connection) -> None:
    options = {"include_name": lambda name, kind, _: kind != "table" or name != "goodword_version"}
    context = MigrationContext.configure(connection, opts={"compare_type": True, **options})
    assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_the_migrations_make_every_key(connection: Connection, table: Table) -> None:
    there = inspect(connection)
    key = there.get_pk_constraint(table.name)
    assert key["constrained_columns"] == table.primary_key.columns.keys()
    assert key["name"] == table.primary_key.name
    made = {
        (index["name"], tuple(index["column_names"]), bool(index["unique"]), condition(index))
        for index in there.get_indexes(table.name)
    }
    assert made == {
        (index.name, tuple(index.columns.keys()), bool(index.unique), expected(index))
        for index in table.indexes
    }


def condition(index: Any) -> bool:
    """Whether an index holds some rows only."""
    return any(key.endswith("_where") for key in index.get("dialect_options", {}))


def expected(index: Any) -> bool:
    return any(options.get("where") is not None for options in index.dialect_options.values())


# The book.


@pytest.fixture
def booked(referrals: Referrals, code: Code) -> None:
    referrals.record_order(an_order())


@pytest.mark.usefixtures("booked")
@pytest.mark.parametrize(
    "statement", ["UPDATE goodword_entries SET amount = 1", "DELETE FROM goodword_entries"]
)
def test_the_book_refuses_to_be_changed(
    connection: Connection, referrals: Referrals, statement: str
) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        connection.execute(text(statement))
    connection.rollback()
    assert len(referrals.credit.explain("17").entries) == 2


@pytest.mark.usefixtures("booked")
def test_the_book_refuses_to_be_emptied_at_once(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        with pytest.raises(DatabaseError, match="append-only"):
            connection.execute(text("TRUNCATE goodword_entries"))


@pytest.mark.parametrize("amount", [0, -1])
def test_the_book_refuses_a_movement_of_nothing(connection: Connection, amount: int) -> None:
    row = dict.fromkeys(entries.columns.keys(), "x") | {"amount": amount, "at": 0}
    with pytest.raises(DatabaseError, match="ck_goodword_entries_amount"):
        connection.execute(entries.insert(), row)


# Statements.


STATEMENTS = statements_in(
    *(
        importlib.import_module(f"{storage.__name__}.{module.name}")
        for module in pkgutil.iter_modules(storage.__path__)
        if not module.ispkg
    )
)
ACROSS_SHOPS = {"deeds._READY_SHOPS", "forgotten._SHOPS"}
# A shop has few programs and proofs; those forgotten whose end has come are looked for to be
# dropped, and places are read whole only when two advocates become one.  SQLite needs no lock by
# name.  Events are dropped whole when nobody listens any more, and coupons of claims that still
# stand are gone through once a day, page by page.  Who takes a shop along reads all of it, a page
# at a time.
FEW_ROWS = {
    "events._DROP_ALL",
    "standing._CLAIMS",
    *("leaving._ADVOCATES", "leaving._BOOKED", "leaving._CLAIMS", "leaving._CODES"),
    "leaving._REFERRALS",
    *(
        "programs._LIST",
        "proofs._LIST",
        "pauses._EVERY",
        "forgotten._SHOPS",
        "forgotten._SWEEP",
        "places._OF",
        "locks._ALONE",
    ),
}


def test_the_storage_speaks_in_statements() -> None:
    assert len(STATEMENTS) > 30
    assert set(STATEMENTS) >= ACROSS_SHOPS


@pytest.mark.parametrize("name", STATEMENTS)
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_no_statement_forgets_the_shop(name: str, dialect: str) -> None:
    said, _ = STATEMENTS[name].text(dialect)
    shop = {"sqlite": ":shop", "postgresql": "%(shop)s"}[dialect]
    assert (shop in said) is (name not in ACROSS_SHOPS)


@pytest.mark.parametrize("name", sorted(STATEMENTS.keys() - FEW_ROWS))
def test_no_statement_reads_a_whole_shop_on_sqlite(name: str, on_sqlite: str) -> None:
    assert whole_shops_read(on_sqlite, metadata, STATEMENTS[name]) == []


def test_a_page_of_rewards_is_read_by_its_orders_alone(on_sqlite: str) -> None:
    index = "INDEX ix_goodword_entries_shop_advocate_order_id"
    found = f"SEARCH goodword_entries USING {index} (shop=? AND advocate=? AND order_id>?)"
    taken = steps(on_sqlite, STATEMENTS["ledger._ORDERS"])
    # Found in the sequence of the index, up to the limit: before a sorting all would be read.
    assert taken[taken.index(found) + 1] == "SCAN anon_1"
    assert taken.count(found) == 2
    among = steps(on_sqlite, STATEMENTS["ledger._OF_ADVOCATE_AMONG"])
    between = "(shop=? AND advocate=? AND order_id>? AND order_id<?)"
    assert among.count(f"SEARCH goodword_entries USING {index} {between}") == 2
