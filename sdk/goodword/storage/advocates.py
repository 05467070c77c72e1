"""What advocates are shown of the friends they brought, and who is reached at an address."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import bindparam, select

from goodword.model.credit import State
from goodword.model.people import Advocate
from goodword.storage.people import to_advocate
from goodword.storage.sql import Book, Statement, moment, through
from goodword.storage.tables import advocates, orders, people, referrals

_REACHED: Final = Statement(
    through(
        select(
            people.c.id,
            people.c.name,
            people.c.email,
            people.c.phone,
            advocates.c.relation,
            advocates.c.ended,
        )
        .join(advocates, (advocates.c.shop == people.c.shop) & (advocates.c.id == people.c.id))
        .where(
            people.c.shop == bindparam("shop"),
            people.c.mailbox == bindparam("mailbox"),
            advocates.c.ended.is_(None),
            advocates.c.merged_into.is_(None),
        ),
        people,
        *("shop", "mailbox", "id"),
    )
)
_BROUGHT: Final = Statement(
    through(
        select(
            orders.c.placed,
            referrals.c.order_id,
            referrals.c.state,
            referrals.c.code,
            referrals.c.program,
            people.c.name,
            people.c.mailbox,
        )
        .join(orders, (orders.c.shop == referrals.c.shop) & (orders.c.id == referrals.c.order_id))
        .outerjoin(people, (people.c.shop == orders.c.shop) & (people.c.id == orders.c.friend))
        .where(
            referrals.c.shop == bindparam("shop"), referrals.c.advocate == bindparam("advocate")
        ),
        referrals,
        *("shop", "advocate"),
    )
)


class Row(NamedTuple):
    """One order that is credited to an advocate."""

    placed: datetime
    order: str
    state: State
    code: str
    program: str
    name: str | None
    mailbox: str | None


def reached_at(book: Book, mailbox: str) -> list[Advocate]:
    """Return the advocates who take part and are written to there, by id."""
    found = [to_advocate(*row) for row in book.all(_REACHED, mailbox=mailbox)]
    return sorted(found, key=lambda one: one.id)


def brought(book: Book, advocate: str) -> list[Row]:
    """Return the orders that are credited to an advocate."""
    return [
        Row(at, order, State(state), *rest)
        for placed, order, state, *rest in book.all(_BROUGHT, advocate=advocate)
        if (at := moment(placed)) is not None
    ]
