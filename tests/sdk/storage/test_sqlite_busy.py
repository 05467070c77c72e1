"""Whoever holds an SQLite database too long is an error for the others, and never half a write."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event

import pytest

import goodword
from goodword import Code, Referrals, Visiting
from goodword.embedded.engine import Engine
from goodword.storage.database import Durability
from goodword.storage.sql import Session
from goodword.storage.sqlite import SQLite, _Job
from tests.sdk.builders import Clock, an_order, at_once, every_row, totals

pytestmark = pytest.mark.usefixtures("code", "impatient")

# A backup, or somebody with SQLite's own shell: it knows nothing of our queue.
STRANGER = textwrap.dedent(
    """
    import sqlite3, sys
    connection = sqlite3.connect(sys.argv[1], isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    print("held", flush=True)
    sys.stdin.read()
    connection.execute("ROLLBACK")
    connection.close()
    """
)


@pytest.fixture
def url(on_sqlite: str) -> str:
    return on_sqlite


@pytest.fixture
def impatient(engine: Engine, code: Code, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is opened from now on wait for a tenth of a second."""
    engine.close()
    monkeypatch.setattr("goodword.storage.sqlite._BUSY_SECONDS", 0.1)


@contextmanager
def held_by_a_stranger(url: str) -> Iterator[None]:
    """Let another process hold the database as long as the context lasts."""
    command = [sys.executable, "-c", STRANGER, url.removeprefix("sqlite:///")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as stranger:
        assert stranger.stdout is not None
        assert stranger.stdout.readline() == "held\n"
        yield
        stranger.communicate()
    assert stranger.returncode == 0


VERBS: dict[str, Callable[[Referrals], object]] = {
    "an order": lambda shop: shop.record_order(an_order()),
    "a click": lambda shop: shop.record_visit(Visiting(code="ALICE10")),
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_stranger_who_holds_it_too_long_is_an_error(
    engine: Engine, referrals: Referrals, url: str, verb: str
) -> None:
    before = every_row(engine)
    with held_by_a_stranger(url):
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            VERBS[verb](referrals)
        # Who only reads goes on.
        assert referrals.find_code("ALICE10").advocate == "c-1"
    assert every_row(engine) == before
    VERBS[verb](referrals)
    assert every_row(engine) != before


def test_all_who_wait_are_told_and_nothing_of_them_is_kept(
    engine: Engine, referrals: Referrals, url: str
) -> None:
    before = every_row(engine)
    with held_by_a_stranger(url):
        answers = at_once(
            *(partial(referrals.record_order, an_order(id=str(number))) for number in range(8))
        )
    assert all(isinstance(answer, sqlite3.OperationalError) for answer in answers)
    assert every_row(engine) == before
    assert referrals.record_order(an_order()).result == "created"


def test_those_who_share_a_commit_wait_once(engine: Engine, url: str) -> None:
    assert isinstance(engine.database, SQLite)
    said: list[str] = []
    writer = engine.database._writers[Durability.DISK]
    writer.driver().set_trace_callback(said.append)
    jobs = [_Job(lambda session: None) for _ in range(3)]
    with held_by_a_stranger(url), pytest.raises(sqlite3.OperationalError, match="locked"):
        writer._commit(jobs)
    assert said == ["BEGIN IMMEDIATE"]


def test_who_queues_up_waits_as_long_as_it_takes(
    referrals: Referrals, url: str, clock: Clock
) -> None:
    other, writing = goodword.embed(url, clock=clock), Event()

    def hold(session: Session) -> str:
        writing.set()
        # Longer than SQLite itself would let anybody wait.
        Event().wait(0.4)
        return "held"

    def record() -> str:
        assert writing.wait(10)
        return referrals.record_order(an_order()).result

    assert at_once(partial(other.database.write, hold), record) == ["held", "created"]
    assert totals(referrals) == (800, 720)
    other.close()
