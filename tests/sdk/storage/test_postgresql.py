"""PostgreSQL: pooled connections through psycopg 3, clashes tried again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Event
from typing import Any

import psycopg
import pytest

import goodword
from goodword import Referrals
from goodword.embedded.engine import Engine
from goodword.storage import people
from goodword.storage.database import Durability
from goodword.storage.postgresql import PostgreSQL
from goodword.storage.sql import Book, Session
from tests.postgres import Server, name_in
from tests.sdk.builders import RELEASE, Clock, a_shop_with, an_order, at_once, standing


@pytest.fixture
def url(on_postgresql: str) -> str:
    return on_postgresql


def ask(session: Session, question: str) -> Any:
    return session.driver.execute(question).fetchone()[0]


def test_psycopg_3_speaks(database: PostgreSQL) -> None:
    drivers = [work(lambda session: session.driver) for work in (database.read, database.write)]
    assert all(isinstance(driver, psycopg.Connection) for driver in drivers)


# How long it takes.


def test_a_visit_need_not_reach_the_disk_and_all_else_must(
    database: PostgreSQL, set_for_all: Callable[[str, str], None]
) -> None:
    set_for_all("synchronous_commit", "on")
    show = partial(ask, question="SHOW synchronous_commit")
    told = [database.write(show, durability) for durability in (*Durability, *Durability)]
    assert told == ["off", "on", "off", "on"]


def repeat(session: Session) -> int:
    for _ in range(10):
        session.driver.execute("SELECT 1 FROM goodword_shops WHERE shop = %s", ("tea-house",))
    return int(ask(session, "SELECT count(*) FROM pg_prepared_statements"))


def test_nothing_is_prepared_unless_it_is_wanted(database: PostgreSQL, url: str) -> None:
    assert database.write(repeat) == 0
    assert database.read(repeat) == 0
    with database.connect() as connection:
        driver: Any = connection.connection.driver_connection
        assert repeat(Session(driver, "postgresql")) == 0
    engine = goodword.embed(url, prepared=True)
    assert engine.database.write(repeat) > 0
    engine.close()


# Locks.


def test_who_settles_an_advocates_debts_does_it_alone(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    a_shop_with(referrals)
    referrals.record_order(an_order())
    clock.to(RELEASE)
    settling, waited = Event(), Event()

    def settle(session: Session) -> int:
        people.lock_advocate(Book(session, "tea-house"), "c-1")
        settling.set()
        waited.wait(0.3)
        return standing(referrals).due

    def release() -> int:
        settling.wait(10)
        done = engine.work()
        waited.set()
        return done

    # Whoever comes meanwhile must see what the first one paid off, so nothing was released yet.
    assert at_once(partial(engine.database.write, settle), release) == [0, 1]
    assert standing(referrals).due == 720


# Connections.


def test_more_threads_than_connections_wait_their_turn(database: PostgreSQL) -> None:
    pause = partial(ask, question="SELECT 1 FROM pg_sleep(0.05)")
    assert at_once(*[partial(database.read, pause)] * 40) == [1] * 40


def test_closing_ends_every_connection(
    engine: Engine, referrals: Referrals, postgresql: Server, url: str
) -> None:
    a_shop_with(referrals)
    engine.close()
    with psycopg.connect(postgresql.url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s", (name_in(url),)
        ).fetchone()
    assert row == (0,)
