"""Deliveries answered, beside one bare connection that commits the same inbox row one by one."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select

from benchmarks import asking
from benchmarks.bare import bare
from benchmarks.pace import Pace
from benchmarks.serving import our_server
from benchmarks.shop import Furnished, keep, open_house
from benchmarks.table import RATES, Rate, rates, show
from benchmarks.timing import timed
from goodword.embedded.engine import utc_now
from goodword.storage.sql import new_id
from goodword_server.storage.tables import inbox

_LEAST: Final = 0.35
_BARE: Final = "  Bare: one INSERT after another, each flushed; many connections can share a flush."


def run(databases: Mapping[str, Furnished], pace: Pace) -> None:
    """Measure each database beside its own limit."""
    lines = [_compared(name, furnished, pace) for name, furnished in databases.items()]
    show(
        "A delivery answered, beside its row committed by one bare connection", RATES, lines, _BARE
    )


def _compared(name: str, furnished: Furnished, pace: Pace) -> list[str]:
    ours, limit = [], []
    with furnished.copy() as url, furnished.copy() as other, our_server(url) as server:
        row = _a_row(other)
        for _ in range(pace.rounds):
            ours.append(server.measure(asking.delivery(), pace.seconds))
            limit.append(_committed(other, row, pace.seconds))
    return rates(name, ours, limit, least=_LEAST)


def _a_row(url: str) -> Mapping[str, Any]:
    """Return an inbox row as the server wrote it."""
    keep(url, 1)
    house = open_house(url)
    with house.database.connect() as connection:
        row = connection.execute(select(inbox).where(inbox.c.state == "new")).mappings().one()
    house.close()
    return dict(row)


def _committed(url: str, row: Mapping[str, Any], seconds: float) -> Rate:
    """Commit the row for some seconds, each time with another id."""
    end = time.perf_counter() + seconds

    def commit() -> int:
        times = 0
        while time.perf_counter() < end:
            driver.write(driver.insert(inbox.name, {**row, "id": new_id(utc_now())}))
            times += 1
        return times

    with bare(url) as driver:
        return timed(url, commit)
