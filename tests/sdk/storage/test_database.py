"""Promises that both databases keep: what is answered stands, and nothing else does."""

from __future__ import annotations

import re
import signal
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import AbstractContextManager
from functools import partial
from threading import Event
from typing import TypeVar

import psycopg
import pytest
from sqlalchemy import Connection, func, insert, select

import goodword
from goodword import Code, Invalid, Referrals, Refund, UnknownOrder, Visiting
from goodword.embedded.engine import Engine
from goodword.storage.database import Database, Durability, Joined, Work
from goodword.storage.sql import Book, Session, Statement
from goodword.storage.tables import entries, visits
from tests.sdk.builders import Clock, a_shop_with, alice, an_order, at_once, every_row, gbp, totals

T = TypeVar("T")


class Watched(Database):
    """A database that remembers what it promised."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.dialect = database.dialect
        self.promised: list[Durability] = []

    def read(self, work: Work[T]) -> T:
        return self._database.read(work)

    def write(self, work: Work[T], durability: Durability = Durability.DISK) -> T:
        self.promised.append(durability)
        return self._database.write(work, durability)

    def connect(self) -> AbstractContextManager[Connection]:
        return self._database.connect()

    def close(self) -> None:
        """Leave it to its opener."""


@pytest.fixture
def watched(engine: Engine) -> Watched:
    return Watched(engine.database)


def test_a_click_survives_our_end_and_all_else_a_power_cut(watched: Watched, clock: Clock) -> None:
    referrals = Engine(watched, clock).of("tea-house")
    a_shop_with(referrals)
    referrals.record_order(an_order())
    referrals.record_refund("17", Refund(id="18", gross=gbp("1.00")))
    assert set(watched.promised) == {Durability.DISK}
    referrals.record_visit(Visiting(code="ALICE10"))
    assert watched.promised[-1] is Durability.PROCESS


def test_who_only_reads_never_writes(engine: Engine, watched: Watched, clock: Clock) -> None:
    a_shop_with(engine.of("tea-house"))
    engine.of("tea-house").record_order(an_order())
    referrals = Engine(watched, clock).of("tea-house")
    referrals.find_code("ALICE10")
    referrals.programs.find("friends")
    referrals.advocates.find("c-1")
    referrals.credit.explain("17")
    referrals.rewards.list("c-1")
    referrals.rewards.balance("c-1")
    referrals.thanks.owed()
    assert watched.promised == []


def count_visits(engine: Engine) -> int:
    with engine.database.connect() as connection:
        return connection.execute(select(func.count()).select_from(visits)).scalar_one()


def test_many_threads_write_visits_and_orders_at_once(
    engine: Engine, referrals: Referrals, code: Code
) -> None:
    def work(thread: int) -> None:
        for number in range(10):
            referrals.record_visit(Visiting(code="ALICE10"))
            referrals.record_order(an_order(id=f"{thread}-{number}"))

    answers = at_once(*(partial(work, thread) for thread in range(8)))
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert count_visits(engine) == 80
    (standing,) = referrals.rewards.balance("c-1")
    assert standing.waiting == 80 * 720


WORKER = textwrap.dedent(
    """
    import sys, goodword
    from goodword import Visiting
    from tests.sdk.builders import Clock, an_order
    engine = goodword.embed(sys.argv[1], clock=Clock())
    referrals = engine.of("tea-house")
    for number in range(int(sys.argv[3])):
        visit = referrals.record_visit(Visiting(code="ALICE10"))
        print("visit", visit.id, flush=True)
        order = an_order(id=f"{sys.argv[2]}-{number}")
        referrals.record_order(order)
        print("order", order.id, flush=True)
    engine.close()
    """
)


def worker(url: str, name: str, rounds: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", WORKER, url, name, str(rounds)],
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_two_processes_write_at_once(
    engine: Engine, referrals: Referrals, code: Code, url: str
) -> None:
    workers = [worker(url, name, 20) for name in "ab"]
    said = [one.communicate(timeout=60)[0].split() for one in workers]
    assert [one.returncode for one in workers] == [0, 0]
    assert count_visits(engine) == sum(words.count("visit") for words in said) == 40
    (standing,) = referrals.rewards.balance("c-1")
    assert standing.waiting == 40 * 720


@pytest.mark.slow
def test_a_killed_process_loses_nothing_that_it_answered(
    engine: Engine, referrals: Referrals, code: Code, url: str
) -> None:
    with worker(url, "a", 100_000) as dying:
        assert dying.stdout is not None
        answered = [dying.stdout.readline() for _ in range(30)]
        dying.send_signal(signal.SIGKILL)
        answered += dying.stdout.readlines()
    assert dying.returncode == -signal.SIGKILL
    words = [line.split() for line in answered if line.endswith("\n")]
    kept = {id for (id,) in ids_of_visits(engine)}
    assert {id for kind, id in words if kind == "visit"} <= kept
    for kind, id in words:
        if kind == "order":
            assert totals(referrals, id) == (800, 720)
    # Whoever comes after it goes on where it ended.
    assert referrals.record_order(an_order(id="next")).result == "created"


def ids_of_visits(engine: Engine) -> list[tuple[str]]:
    with engine.database.connect() as connection:
        return [(row.id,) for row in connection.execute(select(visits.c.id))]


# Reading beside writing.


def test_what_is_written_is_seen_at_once(url: str, referrals: Referrals, code: Code) -> None:
    other = goodword.embed(url)
    shop = other.of("tea-house")
    for id in ("17", "18"):
        referrals.record_order(an_order(id=id))
        assert totals(shop, id) == (800, 720)
    other.close()


def test_who_reads_does_not_wait_for_who_writes(
    engine: Engine, referrals: Referrals, code: Code
) -> None:
    writing, read = Event(), Event()

    def slow(session: Session) -> bool:
        writing.set()
        return read.wait(10)

    def look() -> str:
        writing.wait(10)
        found = referrals.find_code("ALICE10")
        read.set()
        return found.text

    waited, found = at_once(partial(engine.database.write, slow), look)
    assert (waited, found) == (True, "ALICE10")


def test_what_is_not_committed_is_not_seen(
    engine: Engine, referrals: Referrals, code: Code
) -> None:
    written, looked = Event(), Event()

    def write(session: Session) -> None:
        within = engine.within(session).of("tea-house")
        within.record_order(an_order())
        written.set()
        looked.wait(10)

    def look() -> bool:
        written.wait(10)
        try:
            referrals.credit.explain("17")
        except UnknownOrder:
            return False
        finally:
            looked.set()
        return True

    _, seen = at_once(partial(engine.database.write, write), look)
    assert seen is False
    assert totals(referrals) == (800, 720)


# All or nothing.


def test_work_that_fails_leaves_nothing(engine: Engine, code: Code) -> None:
    before = every_row(engine)

    def work(session: Session) -> None:
        engine.within(session).of("tea-house").record_order(an_order())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        engine.database.write(work)
    assert every_row(engine) == before


def test_a_savepoint_stands_or_falls_alone(
    engine: Engine, referrals: Referrals, code: Code
) -> None:
    def work(session: Session) -> None:
        shop = engine.within(session).of("tea-house")
        shop.record_order(an_order(id="17"))
        try:
            with session.savepoint():
                shop.record_order(an_order(id="18"))
                raise ZeroDivisionError
        except ZeroDivisionError:
            shop.record_order(an_order(id="19"))

    engine.database.write(work)
    assert totals(referrals, "17") == totals(referrals, "19") == (800, 720)
    with pytest.raises(UnknownOrder):
        referrals.credit.explain("18")


def nothing(session: Session) -> None:
    """Send what the book refuses: a movement of nothing."""
    names = ("id", "order_id", "part", "advocate", "source", "target", "unit", "cause")
    row = {"amount": 0, "at": 0, **dict.fromkeys(names, "x")}
    Book(session, "tea-house").run_many(ADD, [row])


ADD = Statement(insert(entries))
REFUSED = (sqlite3.IntegrityError, psycopg.errors.CheckViolation)


def test_what_nobody_waited_for_is_wrong_by_the_commit(engine: Engine, code: Code) -> None:
    before = every_row(engine)

    def work(session: Session) -> None:
        engine.within(session).of("tea-house").record_order(an_order())
        nothing(session)

    with pytest.raises(REFUSED):
        engine.database.write(work)
    assert every_row(engine) == before


def test_what_nobody_waited_for_falls_with_its_own_savepoint(
    engine: Engine, referrals: Referrals, code: Code
) -> None:
    def spoilt(session: Session, shop: Referrals) -> None:
        with session.savepoint():
            shop.record_order(an_order(id="18"))
            nothing(session)

    def work(session: Session) -> None:
        shop = engine.within(session).of("tea-house")
        shop.record_order(an_order(id="17"))
        with pytest.raises(REFUSED):
            spoilt(session, shop)
        shop.record_order(an_order(id="19"))

    engine.database.write(work)
    assert totals(referrals, "17") == totals(referrals, "19") == (800, 720)
    with pytest.raises(UnknownOrder):
        referrals.credit.explain("18")


def test_a_session_under_way_cannot_migrate(engine: Engine) -> None:
    def work(session: Session) -> None:
        with pytest.raises(AssertionError, match="cannot migrate"):
            Joined(session).connect()

    engine.database.write(work)


# Opening.


MEND = "use sqlite:///file.db or postgresql://…"


@pytest.mark.parametrize("url", ["mysql://localhost/x", "tea.db", "", "://", "http://x"])
def test_another_address_is_refused_with_its_mend(url: str) -> None:
    with pytest.raises(Invalid, match=re.escape(MEND)) as caught:
        goodword.embed(url)
    assert caught.value.facts["field"] == "url"


def test_closing_twice_is_harmless(url: str) -> None:
    engine = goodword.embed(url)
    engine.of("tea-house").programs.list()
    engine.close()
    engine.close()


def test_a_closed_engine_opens_again(url: str) -> None:
    engine = goodword.embed(url)
    for _ in range(2):
        a_shop_with(engine.of("tea-house"))
        assert engine.of("tea-house").advocates.find("c-1") == alice()
        engine.close()


def test_a_database_in_memory_is_this_processes_alone() -> None:
    engine, other = goodword.embed("sqlite://", clock=Clock()), goodword.embed("sqlite://")
    for one in (engine, other):
        one.migrate()
    a_shop_with(engine.of("tea-house"))
    answers = at_once(
        *(partial(engine.of("tea-house").record_order, an_order(id=id)) for id in "123456")
    )
    assert {answer.result for answer in answers if not isinstance(answer, Exception)} == {"created"}
    assert list(other.of("tea-house").programs.list()) == []
    engine.close()
    other.close()


def test_two_who_meet_the_same_person_for_the_first_time_make_one(
    engine: Engine, referrals: Referrals, code: Code
) -> None:
    orders = [an_order(id=str(id), email="new@friend.example") for id in range(6)]
    answers = at_once(*(partial(referrals.record_order, order) for order in orders))
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    people = [row for row in every_row(engine)["goodword_people"] if "new@friend" in row]
    assert len(people) == 1
