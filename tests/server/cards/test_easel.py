"""One draws at a time, few wait, and nobody for long."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Lock

import pytest

from goodword_server.cards.easel import Busy, Easel


def test_one_draws_one_waits_and_more_are_sent_away() -> None:
    easel, drawing, done = Easel(), Event(), Event()
    turns: list[str] = []

    def draw(name: str) -> None:
        with easel.turn():
            turns.append(name)
            drawing.set()
            done.wait(10)

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(draw, "first")
        assert drawing.wait(10)
        second = threads.submit(draw, "second")
        # Once the second waits, there is no place left.
        while easel.free:
            pass
        with pytest.raises(Busy) as busy, easel.turn():
            turns.append("third")
        assert busy.value.code == 503
        assert dict(busy.value.get_headers())["Retry-After"] == "2"
        assert turns == ["first"]
        done.set()
        first.result(10)
        second.result(10)
    assert turns == ["first", "second"]


def test_nobody_waits_for_ever() -> None:
    easel, drawing, done = Easel(seconds=0.01), Event(), Event()

    def draw() -> None:
        with easel.turn():
            drawing.set()
            done.wait(10)

    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(draw)
        assert drawing.wait(10)
        with pytest.raises(Busy), easel.turn():
            pass
        done.set()
        first.result(10)
    with easel.turn():
        assert easel.free == 1


def test_a_card_that_fails_gives_its_place_back() -> None:
    easel = Easel()
    for _ in range(5):
        with pytest.raises(ZeroDivisionError), easel.turn():
            1 / 0  # noqa: B018
    assert easel.free == 2


def test_never_do_two_draw_at_once() -> None:
    easel, at_once, most, lock = Easel(places=8), 0, 0, Lock()
    start = Barrier(8)

    def draw() -> None:
        nonlocal at_once, most
        start.wait(10)
        with easel.turn():
            with lock:
                at_once += 1
                most = max(most, at_once)
            with lock:
                at_once -= 1

    with ThreadPoolExecutor(8) as threads:
        for one in [threads.submit(draw) for _ in range(8)]:
            one.result(10)
    assert most == 1
