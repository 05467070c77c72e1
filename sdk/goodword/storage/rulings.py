"""What people said of orders: to whom one is owed, or whether it counts.  Never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, insert, select

from goodword.storage.sql import Book, Statement, micros, moment, new_id, spelled, through
from goodword.storage.tables import referrals, rulings

ASSIGNED: Final = "assigned"
SETTLED: Final = "settled"
"""Assigned, and rewarded already, elsewhere."""
_ADD: Final = Statement(insert(rulings))
_OF: Final = Statement(
    select(
        rulings.c.id,
        rulings.c.says,
        rulings.c.code,
        rulings.c.reason,
        rulings.c.by,
        rulings.c.at,
    ).where(rulings.c.shop == bindparam("shop"), rulings.c.order_id == bindparam("order_id"))
)
_IN_REVIEW: Final = Statement(
    through(
        select(referrals.c.order_id)
        .where(
            referrals.c.shop == bindparam("shop"),
            referrals.c.state == spelled("in_review"),
            referrals.c.order_id > bindparam("after"),
        )
        .order_by(referrals.c.order_id)
        .limit(bindparam("most")),
        referrals,
        "shop",
        "order_id",
    )
)


@dataclass(frozen=True, slots=True)
class Ruling:
    """One person's word on an order."""

    id: str
    says: str
    """``assigned``, ``settled``, ``approved`` or ``refused``."""
    code: str | None
    """To which it was assigned, or whose referral the verdict is on."""
    reason: str
    by: str
    at: datetime


def add(
    book: Book, order: str, says: str, code: str | None, reason: str, by: str, now: datetime
) -> None:
    """Keep a word on an order."""
    row = {"order_id": order, "id": new_id(now), "says": says, "code": code}
    book.run(_ADD, reason=reason, by=by, at=micros(now), **row)


def of(book: Book, order: str) -> list[Ruling]:
    """Return all that was said of an order, oldest first."""
    return [_ruling(*row) for row in sorted(book.all(_OF, order_id=order))]


def in_review(book: Book, after: str, most: int) -> list[str]:
    """Return the orders that a person should look at, after one."""
    return [row[0] for row in book.all(_IN_REVIEW, after=after, most=most)]


def _ruling(id: str, says: str, code: str | None, reason: str, by: str, at: int) -> Ruling:
    said = moment(at)
    assert said is not None
    return Ruling(id, says, code, reason, by, said)
