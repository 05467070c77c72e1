"""Thanks: promises to thank, and how each was kept."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword.model.followup import Thanks
from goodword.storage.forgotten import FORGOTTEN
from goodword.storage.sql import Book, Statement, micros, moment, new_id, through
from goodword.storage.tables import people, referrals, thanks

_ADD_THANKS: Final = Statement(
    upsert(thanks).on_conflict_do_nothing(index_elements=["shop", "order_id"])
)
_thanks = (
    select(
        thanks.c.id,
        thanks.c.order_id,
        thanks.c.advocate,
        people.c.name,
        people.c.email,
        referrals.c.code,
        referrals.c.program,
        thanks.c.owed,
        thanks.c.by,
        thanks.c.kept,
        thanks.c.channel,
    )
    .join(people, (people.c.shop == thanks.c.shop) & (people.c.id == thanks.c.advocate))
    .outerjoin(
        referrals,
        (referrals.c.shop == thanks.c.shop) & (referrals.c.order_id == thanks.c.order_id),
    )
    .where(thanks.c.shop == bindparam("shop"))
)
# Who was forgotten is not thanked.
_known = _thanks.where(people.c.met_as != FORGOTTEN)
_OWED: Final = Statement(
    _known.where(
        thanks.c.kept.is_(None),
        tuple_(thanks.c.by, thanks.c.id) > tuple_(bindparam("by"), bindparam("id")),
    )
    .order_by(thanks.c.by, thanks.c.id)
    .limit(bindparam("most"))
)
# Before all thanks.
_START: Final = (-(2**62), "")
_THANKS_OF: Final = Statement(_known.where(thanks.c.order_id == bindparam("order_id")))
_PROMISED: Final = Statement(_thanks.where(thanks.c.order_id == bindparam("order_id")))
_THANKS: Final = Statement(_thanks.where(thanks.c.id == bindparam("id")))
_TO: Final = Statement(
    through(_known.where(thanks.c.advocate == bindparam("advocate")), thanks, "shop", "advocate")
)
_KEEP: Final = Statement(
    update(thanks)
    .where(
        thanks.c.shop == bindparam("shop"), thanks.c.id == bindparam("key"), thanks.c.kept.is_(None)
    )
    .values(kept=bindparam("now"), channel=bindparam("how"))
)


def owe(book: Book, order: str, advocate: str, by: datetime, now: datetime) -> None:
    """Promise to thank an advocate for an order; what was promised before stays as it is."""
    row = {
        "id": new_id(now),
        "order_id": order,
        "advocate": advocate,
        "owed": micros(now),
        "by": micros(by),
    }
    book.send(_ADD_THANKS, kept=None, channel=None, **row)


def owed(book: Book, after: tuple[int, str] | None, most: int) -> list[Thanks]:
    """Return the thanks that are still owed, the most urgent first, after those of a key."""
    by, id = after or _START
    return [_to_thanks(*row) for row in book.all(_OWED, by=by, id=id, most=most)]


def to(book: Book, advocate: str) -> list[Thanks]:
    """Return the thanks that are owed to an advocate, or were said."""
    return [_to_thanks(*row) for row in book.all(_TO, advocate=advocate)]


def of(book: Book, order: str) -> Thanks | None:
    """Return the thanks for an order."""
    row = book.one(_THANKS_OF, order_id=order)
    return _to_thanks(*row) if row else None


def promised(book: Book, order: str) -> Thanks | None:
    """Return the thanks for an order, also of an advocate who was forgotten."""
    row = book.one(_PROMISED, order_id=order)
    return _to_thanks(*row) if row else None


def find(book: Book, id: str) -> Thanks | None:
    """Return thanks by their id."""
    row = book.one(_THANKS, id=id)
    return _to_thanks(*row) if row else None


def keep(book: Book, id: str, channel: str, now: datetime) -> bool:
    """Mark thanks as kept; False if they were kept before."""
    return book.run(_KEEP, key=id, how=channel, now=micros(now)) == 1


def _to_thanks(
    id: str,
    order: str,
    advocate: str,
    name: str | None,
    email: str | None,
    code: str | None,
    program: str | None,
    owed: int,
    by: int,
    kept: int | None,
    channel: str | None,
) -> Thanks:
    start, end = moment(owed), moment(by)
    assert start is not None
    assert end is not None
    return Thanks(
        id=id,
        order=order,
        advocate=advocate,
        name=name or "",
        email=email,
        code=code or "",
        program=program or "",
        owed=start,
        by=end,
        kept=moment(kept),
        channel=channel,
    )
