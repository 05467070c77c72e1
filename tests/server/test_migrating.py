"""All tables of a server, made at once by many processes, or left as they are."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

import pytest
from sqlalchemy import inspect, text

from goodword import NewerTables
from goodword.storage.migrating import SDK, upgrade, version
from goodword_server.house import House
from goodword_server.storage.tables import BRANCH
from tests.sdk.builders import Clock
from tests.server.builders import FIRST_SECRET, a_house
from tests.server.processes import Running, Served

# Of the first releases: everything that came later is still to be made.
OLD = ((SDK, "0002"), (BRANCH, "0002"))
MISSING = "the tables are missing or of another release"


@pytest.fixture(params=["sqlite_url", "postgresql_url"])
def empty(request: pytest.FixtureRequest) -> str:
    """A database with nothing in it."""
    found: str = request.getfixturevalue(request.param)
    return found


def versions(house: House) -> list[str | None]:
    return [version(house.database, branch) for branch in (SDK, BRANCH)]


def make_newer(house: House, table: str) -> None:
    with house.database.connect() as connection:
        connection.execute(text(f"UPDATE {table} SET version_num = '9999'"))
        connection.commit()


def test_the_library_alone_is_brought_up_to_a_server(empty: str, clock: Clock) -> None:
    with a_house(empty, clock) as house:
        house.engine.migrate()
        house.migrate()
        assert versions(house) == [SDK.head(), BRANCH.head()]


def old(house: House) -> None:
    """Make the tables of an older release, with a key in them."""
    with house.database.connect() as connection:
        for branch, to in OLD:
            upgrade(connection, branch, to)
        row = "('h', 'tea-house', '…', 1, 'k')"
        into = "goodword_server_keys (hash, shop, hint, made, id)"
        connection.execute(text(f"INSERT INTO {into} VALUES {row}"))
        connection.commit()


@pytest.mark.parametrize("table", ["goodword_version", "goodword_server_version"])
def test_where_either_is_of_a_newer_release_nothing_is_changed(
    empty: str, clock: Clock, table: str
) -> None:
    with a_house(empty, clock) as house:
        old(house)
        make_newer(house, table)
        with house.database.connect() as connection:
            before = set(inspect(connection).get_table_names())
        with pytest.raises(NewerTables, match="is at 9999"):
            house.migrate()
        assert sorted(filter(None, versions(house))) == ["0002", "9999"]
        with house.database.connect() as connection:
            assert set(inspect(connection).get_table_names()) == before


def test_a_release_that_was_newer_a_moment_later_is_left_alone(
    empty: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It migrates while this one waits for its turn."""
    with a_house(empty, clock) as house:
        old(house)
        queue = house.database.queue

        def slow_queue() -> object:
            make_newer(house, "goodword_server_version")
            return queue()

        monkeypatch.setattr(house.database, "queue", slow_queue)
        with pytest.raises(NewerTables, match="is at 9999"):
            house.migrate()
        assert versions(house) == ["0002", "9999"]


def test_what_fails_at_the_servers_tables_leaves_the_librarys(empty: str, clock: Clock) -> None:
    with a_house(empty, clock) as house:
        with house.database.connect() as connection:
            connection.execute(text("CREATE TABLE goodword_server_looks (name TEXT)"))
            connection.commit()
        with pytest.raises(Exception, match="goodword_server_looks"):
            house.migrate()
        assert versions(house) == [None, None]


# Real processes.


def command(url: str, *words: str) -> Running:
    return Running(
        *words,
        GOODWORD_DATABASE_URL=url,
        GOODWORD_SECRETS=FIRST_SECRET,
        GOODWORD_PUBLIC_URL="https://thanks.example",
    )


def nothing(_: House) -> None: ...


@pytest.mark.slow
@pytest.mark.parametrize("before", [nothing, old])
def test_five_processes_that_migrate_at_once_all_succeed(
    empty: str, clock: Clock, before: Callable[[House], None]
) -> None:
    with a_house(empty, clock) as house:
        before(house)
        with ExitStack() as ending:
            five = [command(empty, "migrate") for _ in range(5)]
            for one in five:
                ending.callback(one.kill)
            told = [one.wait() for one in five]
        assert told == [(0, "The tables are up to date.\n")] * 5
        house.check()
        if before is old:
            assert [key.id for key in house.keyring.of("tea-house")] == ["k"]
        assert house.new_key("tea-house")


@pytest.mark.slow
def test_a_server_that_starts_meanwhile_serves_or_says_what_to_do(empty: str, clock: Clock) -> None:
    with ExitStack() as ending:
        makers = [command(empty, "migrate") for _ in range(5)]
        early = [command(empty, "serve", "--port", "0") for _ in range(2)]
        for one in (*makers, *early):
            ending.callback(one.kill)
        assert [one.wait() for one in makers] == [(0, "The tables are up to date.\n")] * 5
        # As a service manager does with one that came too early.
        served = Served(empty)
        ending.callback(served.running.kill)
        assert served.ask("GET", "/readyz")[0] == 200
        for one in early:
            code, said = one.end() if one.alive else one.wait()
            assert code == 0 or (code == 1 and MISSING in said), said
            assert "Traceback" not in said
    with a_house(empty, clock) as house:
        house.check()
