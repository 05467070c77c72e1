"""Clicks on links, beside bare Flask's hello on the same server."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack

from benchmarks import asking
from benchmarks.pace import Pace
from benchmarks.serving import hello_server, our_server
from benchmarks.shop import Furnished
from benchmarks.table import RATES, Rate, rates, show

_LEAST = {"SQLite": 0.22, "PostgreSQL": 0.20}


def run(databases: Mapping[str, Furnished], pace: Pace) -> None:
    """Measure hello and a click on each database in turns."""
    limit: list[Rate] = []
    ours: dict[str, list[Rate]] = {name: [] for name in databases}
    with ExitStack() as stack:
        hello = stack.enter_context(hello_server())
        servers = {
            name: stack.enter_context(our_server(stack.enter_context(furnished.copy())))
            for name, furnished in databases.items()
        }
        for _ in range(pace.rounds):
            limit.append(hello.measure(asking.hello(), pace.seconds))
            for name, server in servers.items():
                ours[name].append(server.measure(asking.clicks(), pace.seconds))
    show(
        "A click, beside Flask's hello",
        RATES,
        [rates(name, found, limit, least=_LEAST[name]) for name, found in ours.items()],
    )
