"""The worker: reads, does what is due, tidies up, and is not easily put off."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from goodword_server import reading, worker
from goodword_server.house import House
from goodword_server.worker import Worker, carriers
from tests.sdk.builders import Clock
from tests.server.builders import PAID, Place, a_house, a_place

pytestmark = pytest.mark.slow


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    return tmp_path / "mails"


@pytest.fixture
def thanking(url: str, clock: Clock, mails: Path) -> Iterator[Place]:
    """A shop whose advocates are thanked by mail."""
    with a_house(url, clock, mail=f"folder:{mails}") as house:
        yield a_place(house)


def owed(place: Place) -> int:
    return len(place.referrals.thanks.owed())


def test_it_reads_and_does_what_that_makes_due(thanking: Place, mails: Path) -> None:
    thanking.deliver(PAID)
    # One delivery, and the thanks for it.
    assert Worker(thanking.house).once() == 2
    assert thanking.verdicts() == ["order 17: created"]
    assert len(list(mails.iterdir())) == 1
    assert Worker(thanking.house).once() == 0


def test_thanks_that_were_said_are_kept_by_mail(thanking: Place) -> None:
    thanking.deliver(PAID)
    Worker(thanking.house).once()
    assert owed(thanking) == 0


def test_thanks_that_could_not_be_said_are_said_once_later(
    thanking: Place, mails: Path, clock: Clock
) -> None:
    mails.write_text("in the way")
    thanking.deliver(PAID)
    work = Worker(thanking.house)
    work.once()
    assert owed(thanking) == 1
    mails.unlink()
    for _ in range(3):
        clock.on(minutes=1)
        work.once()
    assert owed(thanking) == 0
    assert len(list(mails.iterdir())) == 1


def test_without_mail_thanks_stay_owed_to_a_person(place: Place) -> None:
    place.deliver(PAID)
    Worker(place.house).once()
    assert owed(place) == 1
    assert set(carriers(place.house)) == {"till", "webhook"}


def test_it_sweeps_at_first_and_then_once_an_hour(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept: list[House] = []
    passed = 100.0
    monkeypatch.setattr(reading, "sweep", swept.append)
    monkeypatch.setattr(worker, "monotonic", lambda: passed)
    work = Worker(place.house)
    for seconds in (0, 3599, 3600, 3601, 7200):
        passed = 100.0 + seconds
        work.once()
    assert len(swept) == 3


# Running.


def test_it_works_beside_a_server_until_it_is_stopped(
    thanking: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_IDLE_SECONDS", 0.01)
    done = watched(thanking.house, monkeypatch)
    work = Worker(thanking.house)
    work.start()
    thanking.deliver(PAID)
    assert done.wait(20)
    work.stop()
    assert thanking.verdicts() == ["order 17: created"]
    thanking.deliver(PAID)
    assert thanking.verdicts()[1] is None


def watched(house: House, monkeypatch: pytest.MonkeyPatch) -> Event:
    """An event that is set once the thanks were said."""
    said = Event()
    work = house.engine.work

    def watch(*told: Any, **how: Any) -> int:
        done = work(*told, **how)
        if done:
            said.set()
        return done

    monkeypatch.setattr(house.engine, "work", watch)
    return said


@pytest.mark.slow
def test_trouble_is_logged_and_does_not_end_it(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried = 0
    through = Event()

    def fail_twice(*_: object) -> int:
        nonlocal tried
        tried += 1
        if tried <= 2:
            raise OSError("the disk is full")
        through.set()
        return 0

    monkeypatch.setattr(worker, "_IDLE_SECONDS", 0.01)
    monkeypatch.setattr(reading, "read_all", fail_twice)
    work = Worker(place.house)
    with caplog.at_level(logging.ERROR, "goodword_server"):
        work.start()
        assert through.wait(20)
        work.stop()
    assert caplog.messages.count("the worker failed and will try again") == 2


def test_one_that_never_started_may_be_stopped(place: Place) -> None:
    work = Worker(place.house)
    work.stop()
    work.run()
    assert place.inbox() == []
