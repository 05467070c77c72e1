"""Making our tables, and leaving the host's alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

import goodword
from goodword import NewerTables, NotMigrated
from goodword.embedded.engine import Engine
from goodword.storage.migrating import SDK, upgrade, version
from goodword.storage.tables import metadata
from tests.sdk.builders import Clock, a_program, a_shop_with, an_order, bare, every_row

OURS = {*metadata.tables, "goodword_version"}


@pytest.fixture(params=["sqlite_url", "postgresql_url"])
def url(request: pytest.FixtureRequest) -> str:
    """A database with nothing in it."""
    found: str = request.getfixturevalue(request.param)
    return found


@contextmanager
def host(url: str) -> Iterator[Connection]:
    """A transaction of the host's own."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    engine = create_engine(parsed)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def tables(url: str) -> set[str]:
    with host(url) as connection:
        return set(inspect(connection).get_table_names())


def test_migrating_makes_our_tables(engine: Engine, url: str) -> None:
    engine.migrate()
    assert tables(url) == OURS
    assert version(engine.database) == SDK.head() == "0013"


def test_migrating_twice_is_harmless(engine: Engine) -> None:
    engine.migrate()
    engine.of("tea-house").programs.save(a_program())
    before = every_row(engine)
    engine.migrate()
    assert every_row(engine) == before


MIGRATE = "import sys, goodword; e = goodword.embed(sys.argv[1]); e.migrate(); e.of(); e.close()"


@pytest.mark.slow
def test_processes_that_migrate_at_once_queue_up(engine: Engine, url: str) -> None:
    command = [sys.executable, "-W", "error", "-c", MIGRATE, url]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(5)]
    troubles = [process.communicate(timeout=60)[1] for process in processes]
    assert troubles == [""] * 5
    assert [process.returncode for process in processes] == [0] * 5
    assert tables(url) == OURS
    assert engine.of("tea-house").programs.save(a_program()).version == 1


def test_people_of_before_stay_and_are_told_by_their_home_from_their_next_order_on(
    engine: Engine, url: str
) -> None:
    with engine.database.connect() as connection:
        upgrade(connection, SDK, "0012")
        row = (
            "('tea-house', 'c-1', 'Alice', 'alice@shop.example', 'alice@shop.example', 'advocate')"
        )
        into = "goodword_people (shop, id, name, email, mailbox, met_as)"
        connection.execute(text(f"INSERT INTO {into} VALUES {row}"))
        connection.commit()
    engine.migrate()
    referrals, home = engine.of("tea-house"), "TW\n106\n和平東路二段12號"
    a_shop_with(referrals)
    referrals.record_order(bare(id="1", email="alice@shop.example", home=home))
    (row_of_alice,) = referrals.people.export("c-1")["people"]
    assert (row_of_alice["name"], len(row_of_alice["home"])) == ("Alice", 64)
    assert referrals.record_order(an_order(home=home)).reasons == ("risk_review",)


# A database that is not ready.


@pytest.mark.parametrize("ask", [Engine.of, Engine.work])
def test_a_database_without_our_tables_says_what_to_do(
    engine: Engine, ask: Callable[[Engine], object]
) -> None:
    with pytest.raises(NotMigrated) as caught:
        ask(engine)
    assert str(caught.value) == (
        "the database is at no version, this release needs 0013: run `engine.migrate()`"
    )
    assert caught.value.facts == {"found": "no version", "wanted": "0013"}


def test_an_older_database_says_so(engine: Engine, url: str, clock: Clock) -> None:
    engine.migrate()
    with host(url) as connection:
        connection.execute(text("UPDATE goodword_version SET version_num = '0000'"))
    fresh = goodword.embed(url, clock=clock)
    with pytest.raises(NotMigrated, match="the database is at 0000"):
        fresh.of()
    fresh.close()


def test_a_newer_database_is_left_alone_and_says_so(engine: Engine, url: str, clock: Clock) -> None:
    engine.migrate()
    with host(url) as connection:
        connection.execute(text("UPDATE goodword_version SET version_num = '9999'"))
    fresh = goodword.embed(url, clock=clock)
    for verb in (fresh.of, fresh.migrate):
        with pytest.raises(NewerTables, match="is at 9999, and this release knows it up to 0"):
            verb()
    assert version(fresh.database) == "9999"
    fresh.close()


def test_asking_makes_nothing(engine: Engine, url: str) -> None:
    with pytest.raises(NotMigrated):
        engine.of()
    assert tables(url) == set()


def test_a_database_that_was_migrated_by_another_process_is_ready(engine: Engine, url: str) -> None:
    with pytest.raises(NotMigrated):
        engine.of()
    other = goodword.embed(url)
    other.migrate()
    other.close()
    assert engine.of("tea-house").programs.save(a_program()).version == 1


# The host's own.


def test_the_hosts_own_tables_are_left_alone(engine: Engine, url: str) -> None:
    with host(url) as connection:
        for table in ("orders", "codes", "visits", "people"):
            connection.execute(text(f"CREATE TABLE {table} (name TEXT)"))
        connection.execute(text("CREATE INDEX ix_orders ON orders (name)"))
        connection.execute(text("INSERT INTO orders VALUES ('the host''s own')"))
    engine.migrate()
    engine.of("tea-house").programs.save(a_program())
    with host(url) as connection:
        assert connection.scalar(text("SELECT name FROM orders")) == "the host's own"
        assert [index["name"] for index in inspect(connection).get_indexes("orders")] == [
            "ix_orders"
        ]
    assert tables(url) == {*OURS, "orders", "codes", "visits", "people"}


def test_the_hosts_own_migrations_are_left_alone(engine: Engine, url: str) -> None:
    with host(url) as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('the-hosts')"))
    for _ in range(2):
        engine.migrate()
        with host(url) as connection:
            found = connection.scalars(text("SELECT version_num FROM alembic_version")).all()
        assert found == ["the-hosts"]


def test_a_migration_that_fails_leaves_nothing(engine: Engine, url: str) -> None:
    with host(url) as connection:
        connection.execute(text("CREATE TABLE goodword_thanks (name TEXT)"))
    with pytest.raises(DatabaseError, match="goodword_thanks"):
        engine.migrate()
    assert tables(url) == {"goodword_thanks"}
    with host(url) as connection:
        connection.execute(text("DROP TABLE goodword_thanks"))
    engine.migrate()
    assert tables(url) == OURS
