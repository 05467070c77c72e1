"""CPU of one call in one process, without any server: raw WSGI calls, beside Flask's hello."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from itertools import cycle, islice
from typing import Any, Final

from flask import Flask

from benchmarks import asking
from benchmarks.asking import Asked
from benchmarks.hello import hello
from benchmarks.pace import Pace
from benchmarks.shop import SHOP, Furnished, keep, open_house
from benchmarks.table import COSTS, costs, show
from goodword_server import reading
from goodword_server.app import create_app

_MOST: Final = {("SQLite", "click"): 4.0}
_ORDERS: Final = 512


def run(databases: Mapping[str, Furnished], pace: Pace) -> None:
    """Measure a click, a delivery and a drained order on each database."""
    lines = [
        costs(f"{what} on {name}", ours, limit, most=_MOST.get((name, what)))
        for name, furnished in databases.items()
        for what, ours, limit in _measured(furnished, pace.rounds)
    ]
    show("CPU µs of one call in one process, beside Flask's hello", COSTS, lines)


def _measured(
    furnished: Furnished, rounds: int
) -> Iterator[tuple[str, Sequence[float], Sequence[float]]]:
    ours: dict[str, list[float]] = defaultdict(list)
    limit = []
    for _ in range(rounds):
        with furnished.copy() as url:
            for what, cost in _round(url):
                ours[what].append(cost)
        limit.append(_calls(hello(), asking.hello(), 2000))
    for what, found in ours.items():
        yield what, found, limit


def _round(url: str) -> Iterator[tuple[str, float]]:
    keep(url, _ORDERS)
    house = open_house(url)
    app = create_app(house=house)
    reading.Reader(house, SHOP).read_some()
    yield "order", _each(lambda: reading.read_all(house))
    yield "click", _calls(app, asking.clicks(), 1000)
    yield "delivery", _calls(app, asking.delivery(), 500)
    house.close()


def _calls(app: Flask, asked: Sequence[Asked], times: int) -> float:
    """Return the microseconds of one call, after some that warm it up."""
    turns = cycle([(one.environ(), one.body) for one in asked])
    _call(app, islice(turns, 100))
    return _each(lambda: _call(app, islice(turns, times)))


def _call(app: Flask, turns: Iterator[tuple[Mapping[str, Any], bytes]]) -> int:
    times = 0
    for environ, body in turns:
        # A copy, since Werkzeug writes into it; and a body can be read once.
        b"".join(app.wsgi_app({**environ, "wsgi.input": BytesIO(body)}, _start))
        times += 1
    return times


def _start(status: str, headers: Any, info: Any = None) -> Callable[[bytes], object]:
    return bytes


def _each(work: Callable[[], int]) -> float:
    """Return the microseconds of CPU that this process needs each time."""
    began = time.process_time()
    times = work()
    return (time.process_time() - began) / times * 1e6
