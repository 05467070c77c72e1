"""PostgreSQL: pooled connections through psycopg 3, clashes tried again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Barrier, BrokenBarrierError, Event
from typing import Any

import psycopg
import pytest
from psycopg.errors import DeadlockDetected, SerializationFailure

import goodword
from goodword import Referrals
from goodword.embedded.engine import Engine
from goodword.storage import people
from goodword.storage.database import Durability
from goodword.storage.postgresql import PostgreSQL
from goodword.storage.sql import Book, Session
from tests.postgres import Server, name_in
from tests.sdk.builders import RELEASE, Clock, a_shop_with, an_order, at_once, standing, totals


@pytest.fixture
def url(on_postgresql: str) -> str:
    return on_postgresql


@pytest.fixture
def database(engine: Engine) -> PostgreSQL:
    assert isinstance(engine.database, PostgreSQL)
    return engine.database


@pytest.fixture
def set_for_all(postgresql: Server, url: str) -> Callable[[str, str], None]:
    """Set an option of the database, as its administrator would."""

    def set_option(name: str, value: str) -> None:
        with psycopg.connect(postgresql.url, autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {name_in(url)} SET {name} = '{value}'")

    return set_option


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
    engine = goodword.embed(url, prepared=True)
    assert engine.database.write(repeat) > 0
    engine.close()


# Clashes.


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody pause between two tries."""
    monkeypatch.setattr("random.uniform", lambda *_: 0.0)


def lock(session: Session, shop: str) -> None:
    session.driver.execute("SELECT 1 FROM goodword_shops WHERE shop = %s FOR UPDATE", (shop,))


def meet(together: Barrier) -> None:
    """Wait for the other once; who tries again finds nobody."""
    try:
        together.wait(5)
    except BrokenBarrierError:
        return
    together.abort()


def test_a_deadlock_is_tried_again(
    database: PostgreSQL, set_for_all: Callable[[str, str], None]
) -> None:
    set_for_all("deadlock_timeout", "20ms")
    database.write(
        lambda session: session.driver.execute("INSERT INTO goodword_shops VALUES ('a'), ('b')")
    )
    together, tries = Barrier(2), []

    def cross(first: str, second: str) -> str:
        def work(session: Session) -> str:
            tries.append(first)
            lock(session, first)
            meet(together)
            lock(session, second)
            return first

        return database.write(work)

    assert at_once(partial(cross, "a", "b"), partial(cross, "b", "a")) == ["a", "b"]
    assert len(tries) > 2


def test_a_serialization_failure_is_tried_again(
    database: PostgreSQL, set_for_all: Callable[[str, str], None]
) -> None:
    set_for_all("default_transaction_isolation", "serializable")
    together, seen = Barrier(2), []

    def add(shop: str) -> int:
        def work(session: Session) -> int:
            count = int(ask(session, "SELECT count(*) FROM goodword_shops"))
            seen.append(count)
            meet(together)
            session.driver.execute("INSERT INTO goodword_shops VALUES (%s)", (shop,))
            return count

        return database.write(work)

    # Each counted as if the other had been alone before it, so one had to count again.
    assert sorted(at_once(partial(add, "a"), partial(add, "b")), key=str) == [0, 1]
    assert sorted(seen) == [0, 0, 1]


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize("clash", [SerializationFailure, DeadlockDetected])
def test_after_eight_tries_it_is_an_error(database: PostgreSQL, clash: type[psycopg.Error]) -> None:
    tries = []

    def work(session: Session) -> None:
        tries.append(1)
        raise clash

    with pytest.raises(clash):
        database.write(work)
    assert len(tries) == 8


def test_an_error_that_would_come_again_is_not_tried_again(database: PostgreSQL) -> None:
    tries = []

    def work(session: Session) -> None:
        tries.append(1)
        session.driver.execute("SELECT nonsense")

    with pytest.raises(psycopg.errors.UndefinedColumn):
        database.write(work)
    assert tries == [1]


def test_the_library_works_at_the_strictest_isolation(
    engine: Engine, referrals: Referrals, set_for_all: Callable[[str, str], None]
) -> None:
    a_shop_with(referrals)
    engine.close()
    set_for_all("default_transaction_isolation", "serializable")
    states = [an_order(id=str(number % 2)) for number in range(6)]
    answers = at_once(*(partial(engine.of("tea-house").record_order, one) for one in states))
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert totals(referrals, "0") == totals(referrals, "1") == (800, 720)


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


@pytest.fixture
def cut(postgresql: Server, url: str) -> Callable[[], None]:
    """End every connection to the database, as a restart of the server does."""

    def cut_all() -> None:
        with psycopg.connect(postgresql.url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                (name_in(url),),
            )

    return cut_all


def test_a_connection_that_was_lost_in_the_pool_is_replaced(
    engine: Engine, referrals: Referrals, cut: Callable[[], None]
) -> None:
    code = a_shop_with(referrals)
    cut()
    assert referrals.find_code("ALICE10") == code
    cut()
    assert referrals.record_order(an_order()).result == "created"


def test_what_was_cut_off_under_way_is_not_done_twice(
    database: PostgreSQL, cut: Callable[[], None]
) -> None:
    tries = []

    def work(session: Session) -> None:
        tries.append(1)
        session.driver.execute("INSERT INTO goodword_shops VALUES ('tea-house')")
        cut()
        session.driver.execute("SELECT 1")

    with pytest.raises(psycopg.OperationalError):
        database.write(work)
    assert tries == [1]
    assert database.read(partial(ask, question="SELECT count(*) FROM goodword_shops")) == 0


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
