"""Orders: the worker drains an inbox; beside it one bare connection writes the very same rows.

Bare means the driver alone: ``execute`` for each row, one after another in the order in which the
worker writes them, into the same tables with the same indexes and the same durability, 64 orders a
transaction, and for each order the UPDATE that marks its delivery as read.  It reads and decides
nothing, and psycopg prepares its statements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Table, select

from benchmarks.bare import Bare, Statement, bare
from benchmarks.pace import Pace
from benchmarks.shop import FIRST, SHOP, Furnished, keep, open_house
from benchmarks.table import RATES, Rate, rates, show
from benchmarks.timing import timed
from goodword.storage import tables
from goodword_server import reading
from goodword_server.storage.tables import inbox

_LEAST: Final = 0.4
_BARE: Final = (
    "  Bare: the driver's execute for each row, one after another as the worker writes them,\n"
    "  64 orders a transaction, the same tables, indexes and durability.  It reads nothing."
)
_AT_ONCE: Final = 64
Row = tuple[Table, Mapping[str, Any]]


def run(databases: Mapping[str, Furnished], pace: Pace) -> None:
    """Measure each database beside its own limit."""
    lines = [_compared(name, furnished, pace) for name, furnished in databases.items()]
    show("An order drained, beside its rows written by one bare connection", RATES, lines, _BARE)


def _compared(name: str, furnished: Furnished, pace: Pace) -> list[str]:
    ours, limit = [], []
    with furnished.copy() as url:
        # One batch more: each side writes its first unmeasured, to have everything open.
        keep(url, pace.orders + _AT_ONCE)
        full = Furnished(furnished.place, url)
        for _ in range(pace.rounds):
            with full.copy() as drained, full.copy() as other:
                ours.append(_drained(drained))
                limit.append(_written(other, _orders(drained)))
    return rates(name, ours, limit, least=_LEAST)


def _drained(url: str) -> Rate:
    """Let the worker read the inbox."""
    house = open_house(url)
    reading.Reader(house, SHOP).read_some()
    rate = timed(url, lambda: reading.read_all(house))
    house.close()
    return rate


def _orders(url: str) -> list[list[Row]]:
    """Return what the worker wrote for each order, the update of its delivery last."""
    house = open_house(url)
    with house.database.connect() as connection:
        friends = _by(connection, tables.people, "id")
        others = [
            _by(connection, tables.followups, "subject"),
            *(
                _by(connection, table, "order_id")
                for table in (tables.entries, tables.referrals, tables.thanks)
            ),
        ]
        deliveries = {row["verdict"]: row for row in _all(connection, inbox)}
        orders = [row for row in _all(connection, tables.orders) if int(row["id"]) >= FIRST]
    house.close()
    return [
        [
            *friends[order["friend"]],
            (tables.orders, order),
            *(row for found in others for row in found[order["id"]]),
            (inbox, deliveries[f"order {order['id']}: created"]),
        ]
        for order in orders
    ]


def _written(url: str, orders: Sequence[Sequence[Row]]) -> Rate:
    """Let one bare connection write these rows."""
    with bare(url) as driver:
        batches = [orders[at : at + _AT_ONCE] for at in range(0, len(orders), _AT_ONCE)]
        first, *others = (
            [_told(driver, *row) for order in batch for row in order] for batch in batches
        )

        def write() -> int:
            for batch in others:
                driver.write_all(batch)
            return len(orders) - _AT_ONCE

        driver.write_all(first)
        return timed(url, write)


def _told(driver: Bare, table: Table, row: Mapping[str, Any]) -> Statement:
    if table is not inbox:
        return driver.insert(table.name, row)
    changed = ("state", "headers", "body", "fence", "verdict")
    key = {"shop": row["shop"], "id": row["id"]}
    return driver.update(table.name, {name: row[name] for name in changed}, key)


def _all(connection: Connection, table: Table) -> Iterable[Mapping[str, Any]]:
    found = connection.execute(select(table).order_by(*table.primary_key))
    return [dict(row) for row in found.mappings()]


def _by(connection: Connection, table: Table, key: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in _all(connection, table):
        found[row[key]].append((table, row))
    return found
