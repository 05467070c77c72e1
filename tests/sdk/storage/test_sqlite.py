"""SQLite: one writer for each durability, commits that threads share, readers that never wait."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from functools import partial
from threading import Event
from typing import TypeVar
from unittest.mock import Mock

import pytest

from goodword import Referrals, UnknownCode, Visiting
from goodword.embedded.engine import Engine
from goodword.storage.database import Durability, Work, in_transaction
from goodword.storage.sql import Session
from goodword.storage.sqlite import SQLite
from tests.sdk.builders import a_shop_with, an_order, at_once, standing

T = TypeVar("T")


@pytest.fixture
def url(on_sqlite: str) -> str:
    return on_sqlite


@pytest.fixture
def database(engine: Engine) -> SQLite:
    assert isinstance(engine.database, SQLite)
    return engine.database


def pragma(session: Session, name: str) -> str | int:
    found: str | int = session.driver.execute(f"PRAGMA {name}").fetchone()[0]
    return found


@pytest.mark.parametrize("durability", Durability)
def test_a_journal_is_written_ahead(database: SQLite, durability: Durability) -> None:
    assert database.write(partial(pragma, name="journal_mode"), durability) == "wal"
    assert database.read(partial(pragma, name="journal_mode")) == "wal"


def test_a_visit_need_not_reach_the_disk_and_all_else_must(database: SQLite) -> None:
    normal, full = 1, 2
    levels = {
        durability: database.write(partial(pragma, name="synchronous"), durability)
        for durability in Durability
    }
    assert levels == {Durability.PROCESS: normal, Durability.DISK: full}


def test_who_reads_cannot_write(database: SQLite) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        database.read(lambda session: session.driver.execute("DELETE FROM goodword_visits"))


def test_reading_may_be_nested(database: SQLite) -> None:
    assert database.read(lambda _: database.read(lambda _: "tea")) == "tea"


def test_threads_that_end_leave_no_connection_behind(
    referrals: Referrals, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look() -> None:
        with pytest.raises(UnknownCode):
            referrals.find_code("ALICE10")

    opened = Mock(wraps=sqlite3.connect)
    monkeypatch.setattr(sqlite3, "connect", opened)
    for _ in range(50):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert opened.call_count <= 1


# Threads share a commit.


class Held:
    """A writer that is kept busy until a crowd waits for it, and what it then said."""

    def __init__(self, database: SQLite, durability: Durability) -> None:
        self.database = database
        self.durability = durability
        self.said: list[str] = []
        self._busy, self._go = Event(), Event()

    def let(self, *calls: Callable[[], object]) -> list[object]:
        """Make the calls while the writer is busy; return what each gave or raised."""
        first, *answers = at_once(self._hold, *map(self._wait, calls), self._watch(len(calls)))
        assert first is None
        return list(answers[:-1])

    def write(self, work: Work[T]) -> Callable[[], object]:
        return partial(self.database.write, work, self.durability)

    def _hold(self) -> None:
        def work(session: Session) -> None:
            session.driver.set_trace_callback(self.said.append)  # type: ignore[attr-defined]
            self._busy.set()
            self._go.wait(30)

        self.database.write(work, self.durability)

    def _wait(self, call: Callable[[], object]) -> Callable[[], object]:
        def waiting() -> object:
            self._busy.wait(30)
            return call()

        return waiting

    def _watch(self, crowd: int) -> Callable[[], object]:
        def watching() -> None:
            self._busy.wait(30)
            until = time.monotonic() + 30
            while (
                len(self.database._writers[self.durability]._waiting) < crowd
                and time.monotonic() < until
            ):
                time.sleep(0.001)
            self._go.set()

        return watching

    def commits(self) -> int:
        return sum(statement == "COMMIT" for statement in self.said)


@pytest.fixture(params=Durability)
def held(database: SQLite, request: pytest.FixtureRequest) -> Held:
    return Held(database, request.param)


def insert(session: Session, shop: str) -> str:
    session.driver.execute("INSERT INTO goodword_shops (shop) VALUES (?)", (shop,))
    return shop


def shops(database: SQLite) -> set[str]:
    rows = database.read(
        lambda session: session.driver.execute("SELECT shop FROM goodword_shops").fetchall()
    )
    return {shop for (shop,) in rows}


def test_threads_that_wait_share_one_commit(held: Held) -> None:
    names = [f"shop-{number}" for number in range(12)]
    assert held.let(*(held.write(partial(insert, shop=name)) for name in names)) == names
    assert shops(held.database) == set(names)
    # The one that kept it busy, and all the others.
    assert held.commits() == 2


def test_one_jobs_error_does_not_harm_its_neighbours(held: Held) -> None:
    def fail(session: Session) -> str:
        insert(session, "half-done")
        raise ZeroDivisionError

    def twice(session: Session) -> str:
        insert(session, "shop-0")
        return insert(session, "shop-0")

    works: list[Work[str]]
    works = [partial(insert, shop="shop-1"), fail, partial(insert, shop="shop-2"), twice]
    first, failed, second, doubled = held.let(*map(held.write, works))
    assert (first, second) == ("shop-1", "shop-2")
    assert isinstance(failed, ZeroDivisionError)
    assert isinstance(doubled, sqlite3.IntegrityError)
    assert shops(held.database) == {"shop-1", "shop-2"}
    assert held.commits() == 2


def test_a_thread_that_works_for_others_is_inside_their_transaction(held: Held) -> None:
    leaders = set()

    def work(session: Session) -> bool:
        leaders.add(threading.get_ident())
        return in_transaction()

    assert held.let(*[held.write(work)] * 12) == [True] * 12
    assert len(leaders) == 1


def test_nobody_is_answered_when_the_commit_fails(held: Held) -> None:
    def spoil(session: Session) -> None:
        session.driver.execute("ROLLBACK")

    works: list[Work[object]]
    works = [partial(insert, shop="shop-1"), spoil, partial(insert, shop="shop-2")]
    answers = held.let(*map(held.write, works))
    assert all(isinstance(answer, sqlite3.Error) for answer in answers)
    assert shops(held.database) == set()
    assert held.database.write(partial(insert, shop="next"), held.durability) == "next"
    assert shops(held.database) == {"next"}


def test_who_is_alone_commits_alone(database: SQLite) -> None:
    said: list[str] = []
    database.write(lambda session: session.driver.set_trace_callback(said.append))  # type: ignore[attr-defined]
    said.clear()
    database.write(partial(insert, shop="tea-house"))
    assert [statement.split()[0] for statement in said] == ["BEGIN", "INSERT", "COMMIT"]


def test_clicks_and_orders_do_not_wait_for_each_others_disk(referrals: Referrals) -> None:
    a_shop_with(referrals)
    clicks = [partial(referrals.record_visit, Visiting(code="ALICE10")) for _ in range(20)]
    orders = [partial(referrals.record_order, an_order(id=str(number))) for number in range(20)]
    answers = at_once(*clicks, *orders)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert standing(referrals).waiting == 20 * 720
