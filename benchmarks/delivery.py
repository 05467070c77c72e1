"""Deliveries answered, beside one bare connection that commits the same inbox row one by one."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import select

from benchmarks import asking
from benchmarks.asking import Asked
from benchmarks.bare import bare
from benchmarks.pace import Pace
from benchmarks.serving import our_server
from benchmarks.shop import Furnished, open_house
from benchmarks.slowly import slow_worker
from benchmarks.table import RATES, WAITS, Rate, p99, rates, show, waits
from benchmarks.timing import timed
from goodword.embedded.engine import utc_now
from goodword.storage.sql import new_id
from goodword_server.storage.tables import inbox

_LEAST: Final = 0.35
_FIRST_SECONDS: Final = 0.2
_BARE: Final = (
    "  Bare: one INSERT after another, each flushed; many connections can share a flush.\n"
    "  p99: within so long each of 99 in a hundred was answered, of 32 that ask at once, so that\n"
    "  each waits behind the others; the bare connection's commits wait for nobody.\n"
    "  Slow worker: one that needs half a second for each delivery reads them meanwhile."
)
_PLATFORMS: Final = {"WooCommerce": asking.delivery, "Shopify": asking.shopify_delivery}


def run(databases: Mapping[str, Furnished], pace: Pace) -> None:
    """Measure each database and platform beside its own limit, with a slow worker and without."""
    lines = [
        _compared(f"{name}, {platform}{beside}", furnished, asked(), worker, pace)
        for name, furnished in databases.items()
        for platform, asked in _PLATFORMS.items()
        for beside, worker in (("", _no_worker), (", slow worker", slow_worker))
    ]
    show(
        "A delivery answered, beside its row committed by one bare connection",
        (*RATES, *WAITS),
        lines,
        _BARE,
    )


def _compared(
    name: str,
    furnished: Furnished,
    asked: Sequence[Asked],
    worker: Callable[[str], AbstractContextManager[None]],
    pace: Pace,
) -> list[str]:
    ours, limit = [], []
    with furnished.copy() as url, furnished.copy() as other, our_server(url) as server:
        server.measure(asked, _FIRST_SECONDS)
        row = _a_row(url)
        with worker(url):
            for _ in range(pace.rounds):
                ours.append(server.measure(asked, pace.seconds))
                limit.append(_committed(other, row, pace.seconds))
    return [*rates(name, ours, limit, least=_LEAST), *waits(ours, limit)]


def _no_worker(url: str) -> AbstractContextManager[None]:
    return nullcontext()


def _a_row(url: str) -> Mapping[str, Any]:
    """Return an inbox row as the server wrote it."""
    house = open_house(url)
    with house.database.connect() as connection:
        kept = select(inbox).where(inbox.c.state == "new").limit(1)
        row = connection.execute(kept).mappings().one()
    house.close()
    return dict(row)


def _committed(url: str, row: Mapping[str, Any], seconds: float) -> Rate:
    """Commit the row for some seconds, each time with another id."""
    end, marks = time.perf_counter() + seconds, [time.perf_counter()]

    def commit() -> int:
        while marks[-1] < end:
            driver.write(driver.insert(inbox.name, {**row, "id": new_id(utc_now())}))
            marks.append(time.perf_counter())
        return len(marks) - 1

    with bare(url) as driver:
        marks[:] = [time.perf_counter()]
        rate = timed(url, commit)
    return replace(rate, p99=p99([after - before for before, after in pairwise(marks)]))
