"""A code asked for over the API, beside bare Flask's hello on the same server."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack

from benchmarks import asking
from benchmarks.pace import Pace
from benchmarks.serving import hello_server, our_server
from benchmarks.shop import Furnished, new_key
from benchmarks.table import RATES, Rate, rates, show

_LEAST = {"SQLite": 0.40, "PostgreSQL": 0.40}


def run(databases: Mapping[str, Furnished], pace: Pace) -> None:
    """Measure hello and `find_code` on each database in turns."""
    limit: list[Rate] = []
    ours: dict[str, list[Rate]] = {name: [] for name in databases}
    with ExitStack() as stack:
        hello = stack.enter_context(hello_server())
        asked, servers = {}, {}
        for name, furnished in databases.items():
            url = stack.enter_context(furnished.copy())
            asked[name] = asking.codes(new_key(url))
            servers[name] = stack.enter_context(our_server(url))
        for _ in range(pace.rounds):
            limit.append(hello.measure(asking.hello(), pace.seconds))
            for name, server in servers.items():
                ours[name].append(server.measure(asked[name], pace.seconds))
    show(
        "`find_code` over the API, beside Flask's hello",
        RATES,
        [rates(name, found, limit, least=_LEAST[name]) for name, found in ours.items()],
    )
