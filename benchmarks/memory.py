"""Memory of one worker after a load: what would be free again if it ended."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks import asking
from benchmarks.pace import Pace
from benchmarks.processes import are_known
from benchmarks.serving import hello_server, our_server
from benchmarks.shop import Furnished
from benchmarks.table import COSTS, costs, show


def run(databases: Mapping[str, Furnished], pace: Pace) -> None:
    """Measure each database's server once, beside hello's: memory does not wander as time does."""
    if not are_known():
        return
    with hello_server() as server:
        server.measure(asking.hello(), pace.seconds)
        limit = [server.megabytes()]
    lines = []
    for name, furnished in databases.items():
        with furnished.copy() as url, our_server(url) as server:
            server.measure(asking.clicks(), pace.seconds)
            server.measure(asking.delivery(), pace.seconds)
            lines.append(costs(name, [server.megabytes()], limit, most=None))
    show("Megabytes of a worker under load (USS), beside Flask's hello", COSTS, lines)
