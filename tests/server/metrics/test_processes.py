"""Metrics of real processes: read as one, whoever answers, and whoever died."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from goodword import Terms
from goodword_woocommerce.standin import StandIn
from tests.sdk.builders import Clock, a_program
from tests.server.builders import FIRST_SECRET, PAID, PHONE, Place, a_house, a_place
from tests.server.metrics.reading import BEARER, TOKEN, read, value
from tests.server.processes import Running, Served, free_port, until

pytestmark = pytest.mark.slow
FRIEND = {"User-Agent": PHONE}
CLICKS = 60


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """Where a server makes its folder."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


@pytest.fixture
def place(on_sqlite: str, standin: StandIn, clock: Clock) -> Iterator[Place]:
    with a_house(on_sqlite, clock) as house:
        yield a_place(house, url=standin.url)


@pytest.fixture
def served(place: Place, temporary: Path) -> Iterator[Served]:
    url = place.house.settings.database_url
    served = Served(url, "--workers", "2", GOODWORD_METRICS=TOKEN, TMPDIR=str(temporary))
    until(lambda: len(workers(temporary)) == 2)
    yield served
    served.running.kill()


def workers(temporary: Path) -> set[int]:
    """The processes that hold a place in the folder now."""
    files = temporary.glob("goodword-metrics-*/gauge_livesum_*.db")
    return {int(file.stem.rpartition("_")[2]) for file in files}


def counting(temporary: Path) -> set[int]:
    """The processes that ever counted an answer."""
    files = temporary.glob("goodword-metrics-*/histogram_*.db")
    return {int(file.stem.rpartition("_")[2]) for file in files}


def told(served: Served) -> str:
    status, _, body = served.ask("GET", "/metrics", BEARER)
    assert status == 200
    return body.decode()


def click(served: Served) -> int:
    status, _, _ = served.ask("GET", "/tea-house/r/ALICE10", FRIEND)
    assert status == 302
    return status


def clicks(said: str) -> float:
    return value(said, "goodword_requests_total", "/{shop}/r/{code}", "GET", "3xx")


def test_the_sum_over_all_processes_is_what_was_asked(served: Served, temporary: Path) -> None:
    for _ in range(CLICKS):
        click(served)
    until(lambda: click(served) == 302 and len(counting(temporary)) == 2)
    for _ in range(3):
        said = told(served)
        asked = clicks(said)
        assert asked > CLICKS
        assert value(said, "goodword_request_seconds_count", "/{shop}/r/{code}") == asked
        assert value(said, "goodword_processes") == 2
        # Of the database once, and not of each process.
        assert len(read(said)["goodword_inbox_waiting"]) == 1
    assert served.ask("GET", "/metrics")[0] == 401
    wrong = {"Authorization": f"Bearer {TOKEN[::-1]}"}
    assert served.ask("GET", "/metrics", wrong)[0] == 401


def test_who_dies_leaves_what_it_counted_and_is_replaced(served: Served, temporary: Path) -> None:
    for _ in range(CLICKS):
        click(served)
    victim, other = sorted(workers(temporary))
    os.kill(victim, signal.SIGKILL)
    until(lambda: answers(served) and other in workers(temporary) - {victim})
    # Whoever reads forgets the dead, once their parent has noticed, too.
    until(lambda: processes(served) == 2 and victim not in workers(temporary))
    assert clicks(told(served)) == CLICKS
    for _ in range(CLICKS):
        click(served)
    assert clicks(told(served)) == 2 * CLICKS
    _, said = served.running.end()
    assert "Traceback" not in said
    assert list(temporary.glob("goodword-metrics-*")) == []


def answers(served: Served) -> bool:
    return processes(served) > 0


def processes(served: Served) -> float:
    """How many the one that answers knows of; nothing if it does not answer."""
    try:
        return value(told(served), "goodword_processes")
    except OSError:
        # What was on its way to the one that died is lost.
        return 0


def test_a_worker_of_its_own_tells_what_it_did(place: Place) -> None:
    # Its reward is due at once.
    place.referrals.programs.save(replace(a_program(), terms=Terms(hold_days=0)))
    place.deliver(PAID)
    port = free_port()
    worker = Running(
        "work",
        *("--metrics-port", str(port)),
        GOODWORD_DATABASE_URL=place.house.settings.database_url,
        GOODWORD_SECRETS=FIRST_SECRET,
        GOODWORD_PUBLIC_URL="https://thanks.example",
        GOODWORD_METRICS=TOKEN,
    )
    with ExitStack() as ending:
        ending.callback(worker.kill)
        served = Served.__new__(Served)
        served.port = port
        until(lambda: place.verdicts() == ["order 17: created"] or not worker.alive)
        until(lambda: value(told(served), "goodword_deeds_carried_total", "till", "done") > 0)
        said = told(served)
        assert value(said, "goodword_processes") == 1
        assert value(said, "goodword_till_answers_total", "woocommerce", "answered") > 0
        # How things stand is told by servers.
        assert "goodword_database_up" not in read(said)
        assert served.ask("GET", "/metrics")[0] == 401
        assert worker.end() == (0, "At work.\nStopped.\n")


def test_a_worker_without_a_token_tells_nobody(on_sqlite: str) -> None:
    refused = Running(
        "work",
        *("--metrics-port", str(free_port())),
        GOODWORD_DATABASE_URL=on_sqlite,
        GOODWORD_SECRETS=FIRST_SECRET,
        GOODWORD_PUBLIC_URL="https://thanks.example",
    )
    code, said = refused.wait()
    assert code == 2
    assert "Set GOODWORD_METRICS" in said
