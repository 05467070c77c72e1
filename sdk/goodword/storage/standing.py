"""What stands at a shop because of referrals: orders and coupons, a page at a time."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, or_, select

from goodword import wire
from goodword.model.followup import Grant
from goodword.model.people import Claim
from goodword.model.worth import Worth
from goodword.storage.claims import CLAIM_COLUMNS, claim_of
from goodword.storage.sql import Book, Statement, micros, moment
from goodword.storage.tables import claims, grants, orders, people, referrals

# By the referrals' key: orders that nobody referred are many more.
_REFERRED: Final = Statement(
    select(referrals.c.order_id)
    .join(orders, (orders.c.shop == referrals.c.shop) & (orders.c.id == referrals.c.order_id))
    .where(
        referrals.c.shop == bindparam("shop"),
        referrals.c.order_id > bindparam("after"),
        orders.c.placed >= bindparam("since"),
        orders.c.bought == 1,
    )
    .order_by(referrals.c.order_id)
    .limit(bindparam("most"))
)
_GRANTS: Final = Statement(
    select(
        grants.c.id,
        grants.c.order_id,
        grants.c.advocate,
        grants.c.text,
        grants.c.worth,
        grants.c.remote,
        grants.c.expires,
        people.c.email,
        people.c.phone,
    )
    .join(people, (people.c.shop == grants.c.shop) & (people.c.id == grants.c.advocate))
    .where(
        grants.c.shop == bindparam("shop"),
        grants.c.id > bindparam("after"),
        grants.c.state == "granted",
        or_(grants.c.expires.is_(None), grants.c.expires > bindparam("now")),
    )
    .order_by(grants.c.id)
    .limit(bindparam("most"))
)
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


def referred(book: Book, since: datetime, after: str, most: int) -> list[str]:
    """Return orders that stand as bought, led to somebody, and were placed since a moment."""
    found = book.all(_REFERRED, since=micros(since), after=after, most=most)
    return [row[0] for row in found]


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
            ),
            remote or "",
        )
        for id, order, advocate, text, worth, remote, expires, email, phone in book.all(
            _GRANTS, now=micros(now), after=after, most=most
        )
    ]


def gifts(book: Book, now: datetime, after: str, most: int) -> list[tuple[Claim, int, str]]:
    """Return claims whose coupon can be used, with the program's version and the shop's own id."""
    return [
        (claim_of(*row[:-2]), row[-2], row[-1] or "")
        for row in book.all(_CLAIMS, now=micros(now), after=after, most=most)
    ]
