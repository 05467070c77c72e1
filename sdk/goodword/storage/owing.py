"""Who owes something back: given too much, spent by then, and not paid off by later rewards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import BigInteger, Select, bindparam, case, cast, func, select
from sqlalchemy.sql.elements import ColumnElement

from goodword.model.ledger import Account
from goodword.model.money import Money
from goodword.storage.sql import Book, Statement, spelled, through
from goodword.storage.tables import advocates, entries, people

_account = spelled(Account.OWED_BACK)
_of_debts = (entries.c.source == _account) | (entries.c.target == _account)
# Whoever was merged owes together with the one they were merged into.
_who: Final[ColumnElement[str]] = func.coalesce(advocates.c.merged_into, entries.c.advocate)
_total: Final[ColumnElement[int]] = cast(
    func.sum(case((entries.c.target == _account, entries.c.amount), else_=-entries.c.amount)),
    BigInteger,
)


def _owed(by: ColumnElement[str]) -> Select[tuple[str, str, int]]:
    """Return what is owed back, as negative numbers, by this column and the unit."""
    found = (
        select(by, entries.c.unit, _total.label("total"))
        .join(
            advocates,
            (advocates.c.shop == entries.c.shop) & (advocates.c.id == entries.c.advocate),
        )
        .where(entries.c.shop == bindparam("shop"), _of_debts)
        .group_by(by, entries.c.unit)
        .having(_total < 0)
    )
    return through(found, entries, "shop", "advocate")


_DEBTORS: Final = Statement(
    _owed(_who.label("who")).order_by("who", entries.c.unit).limit(bindparam("most"))
)
_ORDERS: Final = Statement(
    _owed(entries.c.order_id)
    .where(_who == bindparam("who"), entries.c.unit == bindparam("unit"))
    .order_by(entries.c.order_id)
    .limit(bindparam("most"))
)
_NAME: Final = Statement(
    select(people.c.name).where(people.c.shop == bindparam("shop"), people.c.id == bindparam("who"))
)


@dataclass(frozen=True, slots=True)
class Debt:
    """What one advocate owes back in one unit."""

    advocate: str
    name: str
    worth: Money
    orders: tuple[str, ...]
    """The orders that earned it, and came to less."""


def debts(book: Book, most: int) -> list[Debt]:
    """Return who owes something back, as far as later rewards have not paid it off."""
    return [
        Debt(who, _name(book, who), Money(-total, unit), _orders(book, who, unit, most))
        for who, unit, total in book.all(_DEBTORS, most=most)
    ]


def _orders(book: Book, who: str, unit: str, most: int) -> tuple[str, ...]:
    return tuple(row[0] for row in book.all(_ORDERS, who=who, unit=unit, most=most))


def _name(book: Book, who: str) -> str:
    row = book.one(_NAME, who=who)
    return (row[0] if row else None) or ""
