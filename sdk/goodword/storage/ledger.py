"""The book of entries: rows are added and summed, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import (
    BigInteger,
    Select,
    bindparam,
    cast,
    func,
    insert,
    select,
    union,
    union_all,
)
from sqlalchemy.sql.elements import ColumnElement

from goodword.model.ledger import Account, Balance, Entry, Movement, Part
from goodword.model.money import Money
from goodword.storage import people
from goodword.storage.sql import Book, Statement, first_id, micros, moment, new_id, spelled, through
from goodword.storage.tables import advocates, entries, followups

_ADD: Final = Statement(insert(entries))


def _balances(*where: ColumnElement[bool], by: tuple[str, ...]) -> Select[tuple[object, ...]]:
    """Return what came in minus what went out, by order, part, advocate, unit and account."""
    here = (entries.c.shop == bindparam("shop"), *where)
    keys = (entries.c.order_id, entries.c.part, entries.c.advocate, entries.c.unit)
    came = select(*keys, entries.c.target.label("account"), entries.c.amount).where(*here)
    went = select(*keys, entries.c.source.label("account"), (-entries.c.amount)).where(*here)
    sides = union_all(*(through(side, entries, *by) for side in (came, went))).subquery()
    columns = [sides.c[name] for name in ("order_id", "part", "advocate", "unit", "account")]
    total = cast(func.sum(sides.c.amount), BigInteger).label("total")
    return select(*columns, total).group_by(*columns)


_BY_ORDER: Final = ("shop", "order_id")
_OF_ORDER: Final = Statement(_balances(entries.c.order_id == bindparam("order_id"), by=_BY_ORDER))
_BY_ADVOCATE: Final = ("shop", "advocate", "order_id")
_theirs = entries.c.advocate == bindparam("advocate")
_OF_ADVOCATE: Final = Statement(_balances(_theirs, by=_BY_ADVOCATE))
_OF_ADVOCATE_AMONG: Final = Statement(
    _balances(
        _theirs,
        entries.c.order_id >= bindparam("first"),
        entries.c.order_id <= bindparam("last"),
        by=_BY_ADVOCATE,
    )
)
_merged = select(advocates.c.id).where(
    advocates.c.shop == bindparam("shop"), advocates.c.merged_into == bindparam("advocate")
)


def _orders(whose: ColumnElement[bool]) -> Select[tuple[str]]:
    """Return the first orders, from one on, that earned somebody something."""
    found = (
        select(entries.c.order_id)
        .where(
            entries.c.shop == bindparam("shop"),
            whose,
            entries.c.part == Part.REWARD,
            entries.c.order_id >= bindparam("first"),
        )
        .distinct()
        .order_by(entries.c.order_id)
        .limit(bindparam("most"))
    )
    return through(found, entries, *_BY_ADVOCATE)


# Apart: of several ids at once a database would sort all that they ever earned.  Those that were
# merged are few, and earn no more.
_either = union(
    *(
        select(_orders(whose).subquery().c.order_id)
        for whose in (_theirs, entries.c.advocate.in_(_merged))
    )
)
_ORDERS: Final = Statement(_either.order_by("order_id").limit(bindparam("most")))
_owed_back = spelled(Account.OWED_BACK)
# A debt whose coupon is being taken back is settled there first, or it would be paid off twice.
# What such an order itself has paid off of others' debts stays paid.
_owed = _balances(
    _theirs,
    (entries.c.source == _owed_back) | (entries.c.target == _owed_back),
    by=("shop", "advocate"),
)
_settling = (
    select(followups.c.id)
    .where(
        followups.c.shop == bindparam("shop"),
        followups.c.subject == _owed.selected_columns["order_id"],
        followups.c.duty == "take_back",
        followups.c.state == "open",
    )
    .exists()
)
_DEBT: Final = Statement(
    _owed.having(
        (_owed.selected_columns["total"] > 0)
        | (_owed.selected_columns["order_id"] == bindparam("settling"))
        | ~_settling
    )
)
_entries = select(
    entries.c.id,
    entries.c.order_id,
    entries.c.part,
    entries.c.advocate,
    entries.c.source,
    entries.c.target,
    entries.c.unit,
    entries.c.amount,
    entries.c.cause,
    entries.c.at,
).where(entries.c.shop == bindparam("shop"))
_ENTRIES: Final = Statement(
    through(_entries.where(entries.c.order_id == bindparam("order_id")), entries, *_BY_ORDER)
)
_BY_CAUSE: Final = Statement(
    through(_entries.where(_theirs, entries.c.cause == bindparam("cause")), entries, *_BY_ADVOCATE)
)
# Ids sort by time, so that the key finds where a period begins.
_BETWEEN: Final = Statement(
    _entries.where(
        entries.c.id >= bindparam("first"),
        entries.c.id < bindparam("end"),
        entries.c.part == Part.REWARD,
    ).order_by(entries.c.id)
)


def post(book: Book, order: str, moves: Iterable[Movement], cause: str, now: datetime) -> None:
    """Write movements into the book."""
    at = micros(now)
    rows = [
        {
            "id": new_id(now),
            "order_id": order,
            "part": move.part,
            "advocate": move.advocate,
            "source": move.source,
            "target": move.target,
            "unit": move.worth.unit,
            "amount": move.worth.minor,
            "cause": cause,
            "at": at,
        }
        for move in moves
    ]
    if rows:
        book.run_many(_ADD, rows)


def of_order(book: Book, order: str) -> list[Balance]:
    """Return what stands on each account for one order."""
    return [_balance(*row[1:]) for row in book.all(_OF_ORDER, order_id=order)]


def of_advocate(
    book: Book, advocate: str, among: tuple[str, str] | None = None
) -> list[tuple[str, Balance]]:
    """Return what stands on each account for one advocate, by order.

    ``among``: the first order, and the last.
    """
    if among is None:
        rows = book.all(_OF_ADVOCATE, advocate=advocate)
    else:
        first, last = among
        rows = book.all(_OF_ADVOCATE_AMONG, advocate=advocate, first=first, last=last)
    return [(row[0], _balance(*row[1:])) for row in rows]


def orders_of(book: Book, advocate: str, first: str, most: int) -> list[str]:
    """Return the orders that earned an advocate something, under whatever id, from one on."""
    return [row[0] for row in book.all(_ORDERS, advocate=advocate, first=first, most=most)]


def debts(book: Book, advocates: Sequence[str], settling: str = "") -> dict[tuple[str, str], int]:
    """Return what advocates owe back, by advocate and unit, as positive numbers.

    Whoever was merged owes together with the one they were merged into.  Until the transaction
    ends nobody else may settle these debts.  ``settling`` is the order that does so now.
    """
    owed: dict[tuple[str, str], int] = {}
    for advocate in advocates:
        one = people.merged_into(book, advocate) or advocate
        people.lock_advocate(book, one)
        for id in people.ids_of(book, one):
            for _order, _part, _who, unit, account, amount in book.all(
                _DEBT, advocate=id, settling=settling
            ):
                if account == Account.OWED_BACK:
                    owed[advocate, unit] = owed.get((advocate, unit), 0) - amount
    return {key: amount for key, amount in owed.items() if amount > 0}


def entries_of(book: Book, order: str) -> list[Entry]:
    """Return the entries of one order, in the order of their writing."""
    # Sorted here: asked for an order of ids, SQLite would read the whole shop by its key.
    return [_entry(*row) for row in sorted(book.all(_ENTRIES, order_id=order))]


def entries_by_cause(book: Book, advocate: str, cause: str) -> list[Entry]:
    """Return an advocate's entries of one cause, in the order of their writing."""
    found = book.all(_BY_CAUSE, advocate=advocate, cause=cause)
    return [_entry(*row) for row in sorted(found)]


def rewards_between(book: Book, since: datetime, until: datetime) -> list[Entry]:
    """Return the movements of rewards that were written in a period, in that order."""
    # An id tells the millisecond alone.
    bounds = {"first": first_id(since), "end": first_id(until, later=1)}
    found = [_entry(*row) for row in book.all(_BETWEEN, **bounds)]
    return [entry for entry in found if since <= entry.at < until]


def _entry(
    id: str,
    order: str,
    part: str,
    advocate: str,
    source: str,
    target: str,
    unit: str,
    amount: int,
    cause: str,
    at: int,
) -> Entry:
    return Entry(
        id=id,
        order=order,
        part=Part(part),
        advocate=advocate,
        source=Account(source),
        target=Account(target),
        worth=Money(amount, unit),
        cause=cause,
        at=_at(at),
    )


def _balance(part: str, advocate: str, unit: str, account: str, amount: int) -> Balance:
    return Balance(
        account=Account(account), part=Part(part), advocate=advocate, worth=Money(amount, unit)
    )


def _at(at: int) -> datetime:
    found = moment(at)
    assert found is not None
    return found
