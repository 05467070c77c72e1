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
from goodword.storage.sql import Book, Statement, micros, moment, spelled, through
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
    )
    .join(people, (people.c.shop == grants.c.shop) & (people.c.id == grants.c.advocate))
    .where(
        grants.c.shop == bindparam("shop"),
        grants.c.id > bindparam("after"),
        grants.c.state == spelled("granted"),
        or_(grants.c.expires.is_(None), grants.c.expires > bindparam("now")),
    )
    .order_by(grants.c.id)
    .limit(bindparam("most"))
)
# Few of all that ever were granted still stand, and an index holds those.
_GRANTS: Final = Statement(through(_granted, grants, "shop", "id"))
_CLAIMS: Final = Statement(
    select(*CLAIM_COLUMNS, claims.c.version, claims.c.remote)
    .where(
        claims.c.shop == bindparam("shop"),
        claims.c.id > bindparam("after"),
        claims.c.state == "made",
        claims.c.expires > bindparam("now"),
    )
    .order_by(claims.c.id)
    .limit(bindparam("most"))
)


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
    return [
        (
            Grant(
                id=id,
                subject=order,
                person=advocate,
                worth=wire.unpack(Worth, worth),
                text=text,
                email=email,
                phone=phone,
                expires=moment(expires),
                made=moment(made),
            ),
            remote or "",
        )
        for id, order, advocate, text, worth, remote, expires, made, email, phone in book.all(
            _GRANTS, now=micros(now), after=after, most=most
        )
    ]


def gifts(book: Book, now: datetime, after: str, most: int) -> list[tuple[Claim, int, str]]:
    """Return claims whose coupon can be used, with the program's version and the shop's own id."""
    return [
        (claim_of(*row[:-2]), row[-2], row[-1] or "")
        for row in book.all(_CLAIMS, now=micros(now), after=after, most=most)
    ]
