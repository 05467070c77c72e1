"""What stands in our tables, read whole, and what the rules make of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, select

from goodword import Account, Order, Part, Program, Refund, wire
from goodword.model.credit import Decision, Evidence
from goodword.rules.credit import credit
from goodword.rules.orders import with_refunds
from goodword.storage import programs as program_rows
from goodword.storage.tables import metadata

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]
PREFIX: Final = "goodword_"
_SELECTS: Final = {
    table.name.removeprefix(PREFIX): (
        table.columns.keys(),
        str(select(table).order_by(*table.primary_key).compile()),
    )
    for table in metadata.sorted_tables
}


@dataclass(frozen=True)
class Whole:
    """One order with its refunds, its evidence, and what they come to now."""

    order: Order
    evidence: Evidence
    decision: Decision
    friend: str | None


@dataclass(frozen=True)
class Books:
    """The rows of our tables at one moment, by the table's short name."""

    tables: Tables

    def __getitem__(self, table: str) -> Sequence[Row]:
        return self.tables[table]

    def of(self, *shops: str) -> Books:
        """Return the rows of some shops alone."""
        return Books(
            {name: [r for r in rows if r["shop"] in shops] for name, rows in self.tables.items()}
        )

    def without(self, *shops: str) -> Books:
        """Return the rows of all other shops."""
        return Books(
            {
                name: [r for r in rows if r["shop"] not in shops]
                for name, rows in self.tables.items()
            }
        )

    def by(self, table: str, *keys: str) -> dict[tuple[Any, ...], list[Row]]:
        """Return a table's rows by some of their columns."""
        found: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for row in self[table]:
            found[tuple(row[key] for key in keys)].append(row)
        return found


def read(connection: Connection) -> Books:
    """Return every row of our tables, by key."""
    return Books(
        {
            name: [
                dict(zip(keys, row, strict=True)) for row in connection.exec_driver_sql(statement)
            ]
            for name, (keys, statement) in _SELECTS.items()
        }
    )


# What rows mean.


@lru_cache(maxsize=20_000)
def unpacked(kind: type[Any], text: str) -> Any:
    return wire.unpack(kind, text)


@lru_cache(maxsize=2_000)
def _program(name: str, version: int, saved: int, body: str) -> Program:
    return program_rows.read(name, version, saved, body)


def programs_of(books: Books) -> dict[tuple[str, str, int], Program]:
    """Return every version of every program, by shop, name and version."""
    return {
        (row["shop"], row["name"], row["version"]): _program(
            row["name"], row["version"], row["saved"], row["body"]
        )
        for row in books["programs"]
    }


@lru_cache(maxsize=20_000)
def _whole(
    state: str, evidence: str, refunds: tuple[str, ...], programs: tuple[Program, ...]
) -> tuple[Order, Evidence, Decision]:
    alone = [unpacked(Refund, body) for body in refunds]
    order = with_refunds(unpacked(Order, state), alone)
    seen = replace(unpacked(Evidence, evidence), programs=programs)
    return order, seen, credit(order, seen)


def orders_of(books: Books) -> dict[tuple[str, str], Whole]:
    """Return every order that was reported, with what it comes to by the rules, now."""
    versions, alone = programs_of(books), books.by("refunds", "shop", "order_id")
    found = {}
    for row in books["orders"]:
        if row["state"] is None:
            continue
        shop, id = row["shop"], row["id"]
        seen = unpacked(Evidence, row["evidence"])
        named = {(one.program, one.version) for one in (*seen.candidates, *seen.set_aside)}
        programs = tuple(versions[shop, *one] for one in sorted(named) if (shop, *one) in versions)
        refunds = sorted(alone.get((shop, id), []), key=lambda one: one["id"])
        bodies = tuple(one["body"] for one in refunds)
        found[shop, id] = Whole(
            *_whole(row["state"], row["evidence"], bodies, programs), friend=row["friend"]
        )
    return found


Key = tuple[str, str, str, str, str]
"""Shop, order, part, advocate, unit."""


def key_of(row: Row) -> Key:
    return row["shop"], row["order_id"], row["part"], row["advocate"], row["unit"]


def held(books: Books) -> dict[Key, Counter[str]]:
    """Return what stands on each account: what came in minus what went out."""
    found: dict[Key, Counter[str]] = defaultdict(Counter)
    for row in books["entries"]:
        found[key_of(row)][row["target"]] += row["amount"]
        found[key_of(row)][row["source"]] -= row["amount"]
    return found


def booked(books: Books) -> dict[Key, int]:
    """Return the net outflow of the shop's promise, where there is any."""
    return {
        key: -accounts[Account.GRANTED]
        for key, accounts in held(books).items()
        if accounts[Account.GRANTED]
    }


def rewards(books: Books) -> Iterator[tuple[Key, int]]:
    """Yield what is booked as rewards."""
    return ((key, amount) for key, amount in booked(books).items() if key[2] == Part.REWARD)


def group_of(books: Books) -> dict[tuple[str, str], str]:
    """Return the advocate that each one was made one with, or themself."""
    return {(row["shop"], row["id"]): row["merged_into"] or row["id"] for row in books["advocates"]}


def stretch_of(at: Any, every: str) -> str:
    """Return a moment's stretch of time, by the calendar of Python's own."""
    spelled = {"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m", "year": "%Y"}
    return str(at.strftime(spelled[every])) if every in spelled else "ever"


Earning = tuple[Key, int, Whole, Program]


def earning(books: Books) -> Iterator[Earning]:
    """Yield each reward with its order and program."""
    orders = orders_of(books)
    for key, amount in rewards(books):
        one = orders.get(key[:2])
        if one is not None and one.decision.program is not None:
            yield key, amount, one, one.decision.program
