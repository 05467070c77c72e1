"""Whoever is asked to end finishes what is in hand, and leaves the rest to others at once."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from goodword import Terms
from goodword.storage.sql import micros
from goodword.storage.tables import followups
from goodword_server.storage.tables import inbox
from goodword_server.worker import Worker
from goodword_woocommerce.standin import StandIn, derived
from goodword_woocommerce.standin.shop import Answer, Shop
from tests.sdk.builders import Clock, a_program
from tests.server.builders import FIRST_SECRET, PAID, REFUND_18, Place, a_house, a_place, rows
from tests.server.processes import Running, Served, until

pytestmark = pytest.mark.slow
ORDERS = range(17, 25)


class Busy(Shop):
    """A shop that lets everybody wait, until it is quiet."""

    pause: float = 0.2

    def answer(self, method: str, path: str, query: Mapping[str, str], body: Any) -> Answer:
        time.sleep(self.pause)
        return super().answer(method, path, query, body)


@pytest.fixture
def busy(standin: StandIn) -> Busy:
    standin.shop = shop = Busy()
    return shop


@pytest.fixture
def place(on_sqlite: str, busy: Busy, standin: StandIn) -> Iterator[Place]:
    """A shop whose rewards are due at once."""
    with a_house(on_sqlite, Clock()) as house:
        place = a_place(house, url=standin.url)
        place.referrals.programs.save(replace(a_program(), terms=Terms(hold_days=0)))
        yield place


@pytest.fixture(params=["work", "work --once", "serve --workers 2"])
def started(request: pytest.FixtureRequest, place: Place) -> Iterator[Running]:
    """Somebody at work: a worker, or a server with one at its side."""
    url, words = place.house.settings.database_url, str(request.param).split()
    with ExitStack() as ending:
        if words[0] == "serve":
            running = Served(url, *words[1:]).running
        else:
            running = Running(
                *words,
                GOODWORD_DATABASE_URL=url,
                GOODWORD_SECRETS=FIRST_SECRET,
                GOODWORD_PUBLIC_URL="https://thanks.example",
            )
        ending.callback(running.kill)
        yield running


def now_waiting(place: Place) -> list[Mapping[str, Any]]:
    """What nobody may take up now."""
    now = micros(datetime.now(UTC)) or 0
    kept = rows(place.house, inbox) + rows(place.house, followups)
    return [row for row in kept if row["state"] in ("new", "open") and row["next"] > now]


def end_in_the_middle(running: Running, standin: StandIn, call: str) -> None:
    until(lambda: any(one.startswith(call) for one in standin.calls))
    code, said = running.end(signal.SIGTERM)
    assert code == 0, said
    assert "Traceback" not in said


def finish(place: Place, busy: Busy) -> None:
    busy.pause = 0
    with a_house(place.house.settings.database_url, Clock(datetime.now(UTC))) as house:
        Worker(house).once()


def test_coupons_that_were_not_begun_are_made_by_the_next(
    place: Place, busy: Busy, standin: StandIn, started: Running
) -> None:
    for id in ORDERS:
        place.deliver(derived(PAID, id=id))
    end_in_the_middle(started, standin, "POST coupons")
    assert 0 < len(busy.coupons.by_id) < len(ORDERS)
    assert now_waiting(place) == []
    finish(place, busy)
    assert len(busy.coupons.by_id) == len(ORDERS)


def test_deliveries_that_were_not_begun_are_read_by_the_next(
    place: Place, busy: Busy, standin: StandIn, started: Running
) -> None:
    for id in ORDERS:
        busy.show(derived(REFUND_18, id=id))
        place.deliver(derived(REFUND_18, id=id))
    end_in_the_middle(started, standin, "GET orders")
    assert None in place.verdicts()
    assert now_waiting(place) == []
    finish(place, busy)
    assert place.verdicts() == [f"order {id}: created" for id in ORDERS]


# What becomes of worker processes; they alone load this module.
STARTING = "import pathlib, time; pathlib.Path({marker!r}).touch(); time.sleep(600)"
DEAF = """
import pathlib, signal
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
pathlib.Path({marker!r}).touch()
class CrawlerDetect: ...
"""


class Hasty(Running):
    """A server that waits a second for the deaf, and not half a minute."""

    program = (
        sys.executable,
        "-c",
        "from goodword_server import cli; cli._DEAF_SECONDS = 1; cli.main()",
    )


@pytest.mark.parametrize(
    ("kind", "processes"), [(Running, STARTING), (Hasty, DEAF)], ids=["starting", "deaf"]
)
def test_a_server_ends_whatever_its_processes_are_at(
    on_sqlite: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: type[Running],
    processes: str,
) -> None:
    marker = tmp_path / "here"
    (tmp_path / "crawlerdetect.py").write_text(processes.format(marker=str(marker)))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    server = kind(
        "serve",
        "--port",
        "0",
        GOODWORD_DATABASE_URL=on_sqlite,
        GOODWORD_SECRETS=FIRST_SECRET,
        GOODWORD_PUBLIC_URL="https://thanks.example",
        GOODWORD_WORKER="none",
    )
    with ExitStack() as ending:
        ending.callback(server.kill)
        until(marker.exists)
        code, said = server.end()
        assert code == 0, said
        assert ("Killing worker-1" in said) is (processes is DEAF)
