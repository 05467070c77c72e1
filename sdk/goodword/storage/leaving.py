"""All that is known of a shop, a page at a time, each kind by its key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import bindparam, select

from goodword.storage import rulings
from goodword.storage.claims import CLAIM_COLUMNS
from goodword.storage.sql import Book, Row, Statement, through
from goodword.storage.tables import advocates, claims, codes, entries, orders, people, referrals
from goodword.storage.tables import rulings as said

MOST: Final = 1_000

_who = (people.c.shop == advocates.c.shop) & (people.c.id == advocates.c.id)
_ADVOCATES: Final = Statement(
    select(
        advocates.c.id,
        people.c.name,
        people.c.email,
        people.c.phone,
        advocates.c.relation,
        advocates.c.ended,
        people.c.account,
        advocates.c.since,
        advocates.c.merged_into,
        people.c.met_as,
    )
    .join(people, _who)
    .where(advocates.c.shop == bindparam("shop"), advocates.c.id > bindparam("after"))
    .order_by(advocates.c.id)
    .limit(bindparam("most"))
)
_CODES: Final = Statement(
    select(
        codes.c.text,
        codes.c.advocate,
        codes.c.program,
        codes.c.coupon,
        codes.c.made,
        codes.c.ended,
        codes.c.rotated,
    )
    .where(codes.c.shop == bindparam("shop"), codes.c.text > bindparam("after"))
    .order_by(codes.c.text)
    .limit(bindparam("most"))
)
_reward = (
    select(said.c.reason)
    .where(
        said.c.shop == referrals.c.shop,
        said.c.order_id == referrals.c.order_id,
        said.c.says == rulings.SETTLED,
    )
    .order_by(said.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_friend = (people.c.shop == orders.c.shop) & (people.c.id == orders.c.friend)
_REFERRALS: Final = Statement(
    select(
        referrals.c.order_id,
        referrals.c.advocate,
        referrals.c.code,
        referrals.c.program,
        referrals.c.state,
        orders.c.state.label("order_state"),
        people.c.email,
        people.c.phone,
        people.c.met_as,
        _reward,
    )
    .join(orders, (orders.c.shop == referrals.c.shop) & (orders.c.id == referrals.c.order_id))
    .outerjoin(people, _friend)
    .where(referrals.c.shop == bindparam("shop"), referrals.c.order_id > bindparam("after"))
    .order_by(referrals.c.order_id)
    .limit(bindparam("most"))
)
_BOOKED: Final = Statement(
    through(
        select(entries.c.order_id)
        .where(entries.c.shop == bindparam("shop"), entries.c.order_id > bindparam("after"))
        .distinct()
        .order_by(entries.c.order_id)
        .limit(bindparam("most")),
        entries,
        *("shop", "order_id"),
    )
)
_claimed = (people.c.shop == claims.c.shop) & (people.c.id == claims.c.person)
_CLAIMS: Final = Statement(
    select(*CLAIM_COLUMNS, people.c.email, people.c.phone)
    .outerjoin(people, _claimed)
    .where(claims.c.shop == bindparam("shop"), claims.c.id > bindparam("after"))
    .order_by(claims.c.id)
    .limit(bindparam("most"))
)


def advocates_after(book: Book, after: str) -> Sequence[Row]:
    """Return a page of advocates, by id."""
    return _page(book, _ADVOCATES, after)


def codes_after(book: Book, after: str) -> Sequence[Row]:
    """Return a page of codes, by text."""
    return _page(book, _CODES, after)


def referrals_after(book: Book, after: str) -> Sequence[Row]:
    """Return a page of referrals, by order, each with its friend."""
    return _page(book, _REFERRALS, after)


def booked_after(book: Book, after: str) -> Sequence[Row]:
    """Return a page of orders that something is booked for."""
    return _page(book, _BOOKED, after)


def claims_after(book: Book, after: str) -> Sequence[Row]:
    """Return a page of claims, by id, each with its friend."""
    return _page(book, _CLAIMS, after)


def _page(book: Book, statement: Statement, after: str) -> list[Any]:
    return book.all(statement, after=after, most=MOST)
