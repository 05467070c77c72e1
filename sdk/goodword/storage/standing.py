"""What stands at a shop because of referrals: orders and coupons, a page at a time."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, String, bindparam, or_, select, tuple_

from goodword import wire
from goodword.model.followup import Grant
from goodword.model.people import Claim
from goodword.model.worth import Worth
from goodword.storage.claims import CLAIM_COLUMNS, claim_of
from goodword.storage.sql import Book, Row, Statement, micros, moment, spelled, through
from goodword.storage.tables import claims, grants, orders, people, referrals

# Bounded on both sides: a shop's orders of some weeks, and not all that it ever had.
_REFERRED: Final = Statement(
    select(orders.c.placed, orders.c.id)
    .join(referrals, (referrals.c.shop == orders.c.shop) & (referrals.c.order_id == orders.c.id))
    .where(
        orders.c.shop == bindparam("shop"),
        orders.c.placed >= bindparam("since"),
        orders.c.placed < bindparam("until"),
        tuple_(orders.c.placed, orders.c.id)
        > tuple_(bindparam("after_placed", type_=BigInteger), bindparam("after_id", type_=String)),
        orders.c.bought == 1,
    )
    .order_by(orders.c.placed, orders.c.id)
    .limit(bindparam("most"))
)
_granted = (
    select(
        grants.c.id,
        grants.c.order_id,
        grants.c.advocate,
        grants.c.text,
        grants.c.worth,
        grants.c.remote,
        grants.c.expires,
        grants.c.made,
        people.c.email,
        people.c.phone,
        referrals.c.program,
    )
    .join(people, (people.c.shop == grants.c.shop) & (people.c.id == grants.c.advocate))
    .outerjoin(
        referrals,
        (referrals.c.shop == grants.c.shop) & (referrals.c.order_id == grants.c.order_id),
    )
    .where(
        grants.c.shop == bindparam("shop"),
        grants.c.state == spelled("granted"),
        or_(grants.c.expires.is_(None), grants.c.expires > bindparam("now")),
    )
)
# Few of all that ever were granted still stand, and an index holds those.
_GRANTS: Final = Statement(
    through(
        _granted.where(grants.c.id > bindparam("after"))
        .order_by(grants.c.id)
        .limit(bindparam("most")),
        grants,
        "shop",
        "id",
    )
)
_GRANT: Final = Statement(_granted.where(grants.c.id == bindparam("id")))
_made = select(*CLAIM_COLUMNS, claims.c.version, claims.c.remote).where(
    claims.c.shop == bindparam("shop"),
    claims.c.state == "made",
    claims.c.expires > bindparam("now"),
)
_CLAIMS: Final = Statement(
    _made.where(claims.c.id > bindparam("after")).order_by(claims.c.id).limit(bindparam("most"))
)
_CLAIM: Final = Statement(_made.where(claims.c.id == bindparam("id")))


def referred(
    book: Book, since: datetime, until: datetime, after: tuple[int, str], most: int
) -> list[tuple[int, str]]:
    """Return a page of orders that stand as bought and led to somebody, by their placing.

    ``after`` is where the last page ended.
    """
    found = book.all(
        _REFERRED,
        since=micros(since),
        until=micros(until),
        after_placed=after[0],
        after_id=after[1],
        most=most,
    )
    return [(placed, id) for placed, id in found]


def rewards(book: Book, now: datetime, after: str, most: int) -> list[tuple[Grant, str]]:
    """Return rewards that can be used, each with the shop's own id of its coupon."""
    return [_reward(*row) for row in book.all(_GRANTS, now=micros(now), after=after, most=most)]


def reward(book: Book, id: str, now: datetime) -> tuple[Grant, str] | None:
    """Return a reward as `rewards` does; None if it can be used no more."""
    row = book.one(_GRANT, now=micros(now), id=id)
    return _reward(*row) if row else None


def _reward(
    id: str,
    order: str,
    advocate: str,
    text: str,
    worth: str,
    remote: str | None,
    expires: int | None,
    made: int | None,
    email: str | None,
    phone: str | None,
    program: str | None,
) -> tuple[Grant, str]:
    grant = Grant(
        id=id,
        subject=order,
        person=advocate,
        worth=wire.unpack(Worth, worth),
        text=text,
        email=email,
        phone=phone,
        expires=moment(expires),
        made=moment(made),
        program=program or "",
    )
    return grant, remote or ""


def gifts(book: Book, now: datetime, after: str, most: int) -> list[tuple[Claim, int, str]]:
    """Return claims whose coupon can be used, with the program's version and the shop's own id."""
    return [_gift(row) for row in book.all(_CLAIMS, now=micros(now), after=after, most=most)]


def gift(book: Book, id: str, now: datetime) -> tuple[Claim, int, str] | None:
    """Return a claim as `gifts` does; None if its coupon can be used no more."""
    row = book.one(_CLAIM, now=micros(now), id=id)
    return _gift(row) if row else None


def _gift(row: Row) -> tuple[Claim, int, str]:
    return claim_of(*row[:-2]), row[-2], row[-1] or ""
