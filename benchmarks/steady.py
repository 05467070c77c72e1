"""Deliveries at the pace of a busy shop: how long each waits for its answer, in milliseconds.

Fifty a second, each on a connection of its own, as WordPress sends them: it waits for the answer
before it sends the next of its queue.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from statistics import median, quantiles
from typing import Final

from benchmarks import asking
from benchmarks.asking import Asked
from benchmarks.pace import Pace
from benchmarks.serving import our_server
from benchmarks.shop import Furnished
from benchmarks.table import show

PER_SECOND: Final = 50
_GOAL: Final = 50.0
_HEADER: Final = ("", "median ms", "95 of 100 ms", "slowest ms", "goal", "")
_AT_ONCE: Final = 16
_PATIENCE: Final = 30.0


def run(databases: Mapping[str, Furnished], pace: Pace) -> None:
    """Measure each database."""
    lines = [_measured(name, furnished, pace) for name, furnished in databases.items()]
    show(f"A delivery answered while {PER_SECOND} a second arrive", _HEADER, lines)


def _measured(name: str, furnished: Furnished, pace: Pace) -> list[str]:
    with furnished.copy() as url, our_server(url) as server:
        many = int(PER_SECOND * pace.seconds * pace.rounds)
        waited = list(_paced(server.port, asking.delivery(), many))
    half = median(waited)
    slow = quantiles(waited, n=20)[-1]
    reached = "reached" if half < _GOAL else "missed"
    return [name, *(f"{ms:,.1f}" for ms in (half, slow, max(waited))), f"< {_GOAL:.0f}", reached]


def _paced(port: int, asked: Sequence[Asked], many: int) -> Iterator[float]:
    """Yield how long each of so many waited, whatever became of the one before."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        moments = (begun + place / PER_SECOND for place in range(many))
        sent = zip(moments, islice(cycle(asked), many), strict=True)
        yield from pool.map(lambda one: _sent(port, *one), sent)


def _sent(port: int, moment: float, asked: Asked) -> float:
    time.sleep(max(0.0, moment - time.perf_counter()))
    started = time.perf_counter()
    wire = asked.wire().replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1)
    with socket.create_connection(("127.0.0.1", port), _PATIENCE) as line:
        line.sendall(wire)
        answer = line.recv(4096)
    if not answer.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(answer[:100].decode(errors="replace"))
    return (time.perf_counter() - started) * 1000
