"""The book of entries: rows are added and summed, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, Select, bindparam, cast, func, insert, select, union_all
from sqlalchemy.sql.elements import ColumnElement

from goodword.model.ledger import Account, Balance, Entry, Movement, Part
from goodword.model.money import Money
from goodword.storage.sql import Book, Statement, micros, moment, new_id, spelled, through
from goodword.storage.tables import entries, followups

_ADD: Final = Statement(insert(entries))


def _balances(*where: ColumnElement[bool], by: tuple[str, ...]) -> Select[tuple[object, ...]]:
    """Return what came in minus what went out, by order, part, advocate, unit and account."""
    here = (entries.c.shop == bindparam("shop"), *where)
    keys = (entries.c.order_id, entries.c.part, entries.c.advocate, entries.c.unit)
    came = select(*keys, entries.c.target.label("account"), entries.c.amount).where(*here)
    went = select(*keys, entries.c.source.label("account"), (-entries.c.amount)).where(*here)
    sides = union_all(*(through(side, entries, *by) for side in (came, went))).subquery()
    columns = [sides.c[name] for name in ("order_id", "part", "advocate", "unit", "account")]
    total = cast(func.sum(sides.c.amount), BigInteger)
    return select(*columns, total).group_by(*columns)


_BY_ORDER: Final = ("shop", "order_id")
_OF_ORDER: Final = Statement(_balances(entries.c.order_id == bindparam("order_id"), by=_BY_ORDER))
_OF_ADVOCATE: Final = Statement(
    _balances(entries.c.advocate == bindparam("advocate"), by=("shop", "advocate", "unit"))
)
# A debt whose coupon is being taken back is settled there first, or it would be paid off twice.
_settling = (
    select(followups.c.id)
    .where(
        followups.c.shop == entries.c.shop,
        followups.c.order_id == entries.c.order_id,
        followups.c.duty == "take_back",
        followups.c.state == "open",
    )
    .exists()
)
_owed_back = spelled(Account.OWED_BACK)
_DEBT: Final = Statement(
    _balances(
        entries.c.advocate == bindparam("advocate"),
        (entries.c.source == _owed_back) | (entries.c.target == _owed_back),
        ~_settling,
        by=("shop", "advocate"),
    )
)
_entries = (
    select(
        entries.c.id,
        entries.c.part,
        entries.c.advocate,
        entries.c.source,
        entries.c.target,
        entries.c.unit,
        entries.c.amount,
        entries.c.cause,
        entries.c.at,
    )
    .where(entries.c.shop == bindparam("shop"), entries.c.order_id == bindparam("order_id"))
    .order_by(entries.c.id)
)
_ENTRIES: Final = Statement(through(_entries, entries, *_BY_ORDER))


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


def of_advocate(book: Book, advocate: str) -> list[tuple[str, Balance]]:
    """Return what stands on each account for one advocate, by order."""
    return [(row[0], _balance(*row[1:])) for row in book.all(_OF_ADVOCATE, advocate=advocate)]


def debts(book: Book, advocates: Sequence[str]) -> dict[tuple[str, str], int]:
    """Return what advocates owe back, by advocate and unit, as positive numbers."""
    owed: dict[tuple[str, str], int] = {}
    for advocate in advocates:
        for _order, _part, _who, unit, account, amount in book.all(_DEBT, advocate=advocate):
            if account == Account.OWED_BACK:
                owed[advocate, unit] = owed.get((advocate, unit), 0) - amount
    return {key: amount for key, amount in owed.items() if amount > 0}


def entries_of(book: Book, order: str) -> list[Entry]:
    """Return the entries of one order, in the order of their writing."""
    return [
        Entry(
            id=row[0],
            order=order,
            part=Part(row[1]),
            advocate=row[2],
            source=Account(row[3]),
            target=Account(row[4]),
            worth=Money(row[6], row[5]),
            cause=row[7],
            at=_at(row[8]),
        )
        for row in book.all(_ENTRIES, order_id=order)
    ]


def _balance(part: str, advocate: str, unit: str, account: str, amount: int) -> Balance:
    return Balance(
        account=Account(account), part=Part(part), advocate=advocate, worth=Money(amount, unit)
    )


def _at(at: int) -> datetime:
    found = moment(at)
    assert found is not None
    return found
