"""A server behind PgBouncer in transaction mode: whatever belongs to a session is not ours.

A connection is lent for one transaction, so nothing may rest on what the one before left there,
and nothing may be left for a stranger who is lent it next.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial

import psycopg
import pytest

from goodword_server.storage.keys import KeyScope
from goodword_server.worker import Worker
from tests.pooler import Pooler, pooling
from tests.postgres import Server
from tests.sdk.builders import PLACED, Clock, an_order, at_once, totals
from tests.server.builders import (
    COMPLETED,
    FIRST_SECRET,
    ON_HOLD,
    PAID,
    PHONE,
    SHOP,
    Place,
    a_house,
    a_place,
)
from tests.server.processes import Running, Served, until
from tests.server.test_cli import Run, complained, runner

pytestmark = pytest.mark.slow
FRIEND = {"User-Agent": PHONE}
LIFE = (ON_HOLD, PAID, COMPLETED)


@pytest.fixture
def url(on_pgbouncer: str) -> str:
    return on_pgbouncer


@pytest.fixture
def run(url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    return runner(url, monkeypatch)


def started(*words: str, url: str, **further: str) -> Running:
    settings = {
        "GOODWORD_DATABASE_URL": url,
        "GOODWORD_SECRETS": FIRST_SECRET,
        "GOODWORD_PUBLIC_URL": "https://thanks.example",
    }
    return Running(*words, **settings, **further)


# Commands.


def test_five_processes_migrate_at_once(pgbouncer: Pooler, postgresql_url: str) -> None:
    url = pgbouncer.before(postgresql_url)
    five = [started("migrate", url=url) for _ in range(5)]
    assert [one.wait() for one in five] == [(0, "The tables are up to date.\n")] * 5
    with a_house(url, Clock()) as house:
        house.check()


def test_two_processes_serve_and_two_work(place: Place) -> None:
    key = place.house.new_key(SHOP)
    url = place.house.settings.database_url
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    with ExitStack() as ending:
        served = Served(url, "--workers", "2")
        ending.callback(served.running.kill)
        workers = [started("work", url=url) for _ in range(2)]
        for worker in workers:
            ending.callback(worker.kill)
            until(lambda worker=worker: "At work." in worker.said())  # type: ignore[misc]

        def order(number: int) -> int:
            # Told twice by one key: done once.
            body = json.dumps(ORDER | {"id": f"1{number:03}"}).encode()
            told = headers | {"Idempotency-Key": f"order-{number}"}
            return sum(served.ask("POST", "/v1/orders", told, body)[0] for _ in range(2))

        def click(_: int) -> int:
            return served.ask("GET", f"/{SHOP}/r/ALICE10", FRIEND)[0]

        with ThreadPoolExecutor(8) as friends:
            clicked = friends.map(click, range(40))
            ordered = friends.map(order, range(40))
            delivered = friends.map(place.deliver, LIFE * 2)
        assert Counter(clicked) == {302: 40}
        assert Counter(ordered) == {400: 40}
        assert set(delivered) == {200}
        until(lambda: None not in place.verdicts())
        assert [worker.end()[0] for worker in workers] == [0, 0]
        assert served.running.end()[0] == 0
    assert len(place.visits()) == 40
    assert [totals(place.referrals, f"1{number:03}") for number in range(40)] == [(0, 720)] * 40
    assert totals(place.referrals, "17") == (800, 720)


ORDER = {
    "code": "ALICE10",
    "placed": PLACED.isoformat(),
    "paid": PLACED.isoformat(),
    "net": {"minor": 7200, "unit": "GBP"},
    "gross": {"minor": 7200, "unit": "GBP"},
}


# What belongs to a session.


@pytest.fixture(scope="module")
def one_line(postgresql: Server) -> Iterator[Pooler]:
    """A pooler with a single connection: whoever needs a second one waits for themself."""
    with pooling(postgresql, size=1) as pooler:
        yield pooler


@pytest.fixture
def alone(one_line: Pooler, on_postgresql: str) -> str:
    return one_line.before(on_postgresql)


def test_nobody_needs_a_second_connection(alone: str, clock: Clock) -> None:
    with a_house(alone, clock) as house:
        place = a_place(house)
        house.new_key(SHOP, KeyScope.READ)
        said = at_once(*(partial(place.deliver, one) for one in LIFE))
        assert said == [200] * len(LIFE)
        assert place.click().status_code == 302
        Worker(house).once()
        assert None not in place.verdicts()
        assert totals(place.referrals, "17") == (800, 720)


def test_nothing_is_left_in_a_connection_for_who_is_lent_it_next(
    one_line: Pooler, postgresql_url: str, clock: Clock
) -> None:
    alone = one_line.before(postgresql_url)
    with a_house(alone, clock) as house:
        house.migrate()
        place = a_place(house)
        place.deliver(PAID)
        place.click()
        place.referrals.record_order(an_order(id="18"))
        place.referrals.people.export("c-1")
        house.new_key(SHOP)
        Worker(house).once()
    with psycopg.connect(alone, autocommit=True) as next_one:
        for question in (SET_BY_US, LOCKED, PREPARED):
            assert next_one.execute(question).fetchall() == []


# Beside what a driver tells of itself when it connects.
SET_BY_US = """
    SELECT name, setting FROM pg_settings
    WHERE source = 'session' AND setting <> reset_val
    AND name NOT IN ('application_name', 'client_encoding')
"""
LOCKED = "SELECT locktype FROM pg_locks WHERE locktype = 'advisory'"
PREPARED = "SELECT name FROM pg_prepared_statements"


# What the doctor says.


def test_it_is_well_behind_it(run: Run, place: Place) -> None:
    assert "the database is there" in run("doctor").output


def test_statements_that_are_prepared_need_another_pooler(run: Run, place: Place) -> None:
    told = run("doctor", GOODWORD_PREPARED="true")
    assert told.exit_code == 1
    assert (
        "a pooler stands before the database and does not keep prepared statements" in told.output
    )
    assert "→ set GOODWORD_PREPARED=false" in told.output


def test_options_that_it_refuses_are_named(run: Run, url: str) -> None:
    asked = f"{url}&options=-c%20statement_timeout%3D5s"
    told = run("doctor", GOODWORD_DATABASE_URL=asked)
    assert told.exit_code == 1
    assert "unsupported startup parameter: options" in told.output
    assert "→ take it out of GOODWORD_DATABASE_URL" in told.output
    assert "ALTER ROLE" in told.output
    assert "unsupported startup parameter" in complained(
        run("keys", SHOP, GOODWORD_DATABASE_URL=asked)
    )


def test_a_pooler_that_is_full_says_which_setting(
    postgresql: Server, on_postgresql: str, run: Run
) -> None:
    with pooling(postgresql, further="max_client_conn = 1\n") as full:
        url = full.before(on_postgresql)
        with psycopg.connect(url):
            told = run("doctor", GOODWORD_DATABASE_URL=url)
    assert told.exit_code == 1
    assert "no more connections allowed" in told.output
    assert "→ raise max_client_conn" in told.output
