"""Codes drawn in bulk, beside one bare connection that writes the same rows.

Bare means the driver alone, in one transaction on a copy of the same database, so with the same
table, indexes and durability: ``executemany`` on SQLite, COPY row by row on PostgreSQL.  It gets
the rows ready made, and in the order of their key, in which we write them.  What it need not do,
and we do, is to draw the codes, to sort them, and to keep apart those that are taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from benchmarks.bare import bare
from benchmarks.pace import Pace
from benchmarks.shop import SHOP, Furnished, open_house
from benchmarks.table import RATES, Rate, rates, show
from benchmarks.timing import timed
from goodword.embedded.engine import utc_now
from goodword.storage.sql import micros
from goodword.storage.tables import codes

_LEAST: Final = 0.6
_ADVOCATE: Final = "c-0"
_COLUMNS: Final = ("shop", "text", "advocate", "program", "made")
_BARE: Final = (
    "  Bare: executemany on SQLite, COPY on PostgreSQL, of the same rows, ready made and sorted,\n"
    "  in one transaction, the same table, indexes and durability.  It draws and checks nothing."
)


def run(databases: Mapping[str, Furnished], pace: Pace) -> None:
    """Measure each database beside its own limit."""
    lines = [_compared(name, furnished, pace) for name, furnished in databases.items()]
    title = f"{pace.codes:,} codes drawn, beside the same rows written by one bare connection"
    show(title, RATES, lines, _BARE)


def _compared(name: str, furnished: Furnished, pace: Pace) -> list[str]:
    ours, limit = [], []
    for _ in range(pace.rounds):
        with furnished.copy() as drawn, furnished.copy() as other:
            rate, texts = _drawn(drawn, pace.codes)
            ours.append(rate)
            limit.append(_written(other, texts))
    return rates(name, ours, limit, least=_LEAST)


def _drawn(url: str, many: int) -> tuple[Rate, Sequence[str]]:
    """Draw them by the library."""
    house = open_house(url)
    referrals = house.engine.of(SHOP)
    texts: list[str] = []

    def draw() -> int:
        texts.extend(referrals.advocates.draw("friends", _ADVOCATE, many))
        return many

    referrals.advocates.draw("friends", _ADVOCATE, 1)
    rate = timed(url, draw)
    house.close()
    return rate, texts


def _written(url: str, texts: Sequence[str]) -> Rate:
    """Let one bare connection write them."""
    made = micros(utc_now())
    rows = [(SHOP, text, _ADVOCATE, "friends", made) for text in texts]
    with bare(url) as driver:
        return timed(url, lambda: driver.write_rows(codes.name, _COLUMNS, rows))
