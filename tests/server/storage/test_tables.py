"""The server's own tables: apart from the library's, and the shop in front of every key."""

from __future__ import annotations

import re

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import (
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    inspect,
    text,
)

import goodword
from goodword.errors import NotMigrated
from goodword_server.house import House
from goodword_server.storage import (
    accounts,
    answers,
    audit,
    data_requests,
    farewells,
    inbox,
    installations,
    joinings,
    keys,
    leases,
    limits,
    looks,
    rounds,
    shops,
    signs,
)
from goodword_server.storage.tables import APART, BRANCH, DIRECTORIES, metadata
from tests.plans import statements_in, whole_shops_read
from tests.sdk.builders import Clock
from tests.server.builders import SHOP, a_house, connect


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_the_shop_stands_in_front_of_every_key(table: Table) -> None:
    if table.name in APART:
        assert "shop" not in table.columns
        return
    if table.name in DIRECTORIES:
        assert "shop" in table.columns
        return
    keys = [
        list(one.columns)
        for one in table.constraints
        if isinstance(one, (PrimaryKeyConstraint, UniqueConstraint, ForeignKeyConstraint))
    ]
    for columns in [*keys, *(list(index.columns) for index in table.indexes)]:
        assert columns[0].name == "shop"


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_everything_is_named_as_ours(table: Table) -> None:
    assert table.name.startswith("goodword_server_")
    for index in table.indexes:
        assert "goodword_server_" in str(index.name)


def test_the_migrations_make_what_the_tables_say(house: House) -> None:
    with house.database.connect() as connection:
        options = {"compare_type": True, "include_object": is_ours}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def is_ours(item: object, name: str | None, kind: str, *_: object) -> bool:
    if kind != "table":
        return True
    return str(name).startswith(BRANCH.prefix) and name != BRANCH.table


def test_who_embeds_the_library_gets_none_of_them(sqlite_url: str) -> None:
    engine = goodword.embed(sqlite_url)
    engine.migrate()
    with engine.database.connect() as connection:
        names = inspect(connection).get_table_names()
    engine.close()
    assert names
    assert not [name for name in names if name.startswith(BRANCH.prefix)]


def test_to_migrate_twice_changes_nothing(sqlite_url: str) -> None:
    with a_house(sqlite_url, Clock()) as house:
        with pytest.raises(NotMigrated):
            house.check()
        house.migrate()
        house.check()
        house.migrate()
        house.check()


STATEMENTS = statements_in(
    *(accounts, answers, audit, data_requests, farewells, inbox, installations, joinings, keys),
    *(limits, looks),
    *(leases, rounds, shops, signs),
)
# What is swept out is looked for once in a while, a shop has one installation, few keys and few
# people who may sign in, and all of its inbox and answers is gone through only when somebody asks
# to be forgotten.  Of its log and its inbox the newest lines are read from the end.
EXCEPTED = {
    *("inbox._SWEEP", "inbox._WITH_BODY", "installations._BY_SHOP", "installations._PATH"),
    *("answers._SWEEP", "answers._DROP", "limits._SWEEP", "keys._ALL"),
    *("accounts._MEMBERS", "accounts._HOLDING", "audit._PAGE", "inbox._LAST", "keys._PLUGIN"),
    # Once an hour, each shop of a platform is looked after.
    "installations._OF_PLATFORM",
    *("installations._SET_CREDENTIALS", "leases._HOLDER", "leases._GIVE_BACK"),
    *("installations._SET_SECRETS", "installations._SET_LEFT", "installations._CONNECTED"),
    # Few ask what is kept of them; all of it goes with a shop that left for good.
    *("data_requests._ALL", "data_requests._OPEN", "data_requests._DROP"),
    # One row a shop, or a few.
    "shops._ALL",
    *("signs._TILL", "rounds._OF", "rounds._END", "rounds._READY", "joinings._LAST"),
    *("joinings._SWEEP", "farewells._LAST", "farewells._FORGET_DONE", "installations._REMOVE"),
    *("looks._OF", "looks._LOGO", "looks._SET_LOGO", "looks._DROP"),
}


@pytest.mark.parametrize("name", sorted(STATEMENTS.keys() - EXCEPTED))
def test_no_statement_reads_a_whole_shop_on_sqlite(name: str, on_sqlite: str) -> None:
    assert whole_shops_read(on_sqlite, metadata, STATEMENTS[name]) == []


def before_watching() -> str:
    """The revision that knew nothing of it, whatever number that has by now."""
    (path,) = BRANCH.folder.glob("versions/*_watching.py")
    found = re.search(r'down_revision = "(\d+)"', path.read_text("utf-8"))
    assert found is not None
    return found[1]


def test_shops_that_were_connected_before_are_looked_at_after_an_upgrade(house: House) -> None:
    # As it stood before: neither the tables, nor a shop that anybody looks at.
    connect(house)
    with house.database.connect() as connection:
        for name in ("entrances", "leases", "rounds", "joinings", "farewells", "data_requests"):
            connection.execute(text(f"DROP TABLE goodword_server_{name}"))
        later = (("installations", "joined"), ("installations", "left"), ("looks", "zone"))
        for table, name in later:
            connection.execute(text(f'ALTER TABLE goodword_server_{table} DROP COLUMN "{name}"'))
        connection.execute(text(f"UPDATE {BRANCH.table} SET version_num = '{before_watching()}'"))
        connection.commit()
    house.migrate()
    found = house.database.read(lambda session: rounds.of(session, SHOP))
    assert sorted(found) == ["coupons", "gone", "hooks", "orders"]
    assert {one.done for one in found.values()} == {None}
