"""What is looked up, and written, when past referrals move in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, select

from goodword import wire
from goodword.model.outcome import Referral
from goodword.storage import bulk, rulings
from goodword.storage.among import among, each_word, found
from goodword.storage.friends import Contact
from goodword.storage.orders import PERSONAL, Kept
from goodword.storage.sql import Book, Statement, micros, new_id
from goodword.storage.tables import orders, people, referrals, refunds
from goodword.storage.tables import rulings as said

_HERE: Final = Statement(
    among(orders, "id", referrals.c.advocate).outerjoin(
        referrals, (referrals.c.shop == orders.c.shop) & (referrals.c.order_id == orders.c.id)
    )
)
_REFUNDED: Final = Statement(among(refunds, "order_id"))
_words: Final = each_word()
_settled = (
    select(said.c.code)
    .where(
        said.c.shop == bindparam("shop"),
        said.c.order_id == _words.c.value,
        said.c.says == rulings.SETTLED,
    )
    .order_by(said.c.id.desc())
    .limit(1)
)
_SETTLED: Final = Statement(select(_words.c.value, _settled.scalar_subquery()))
_TOLD: Final = tuple(
    Statement(among(people, column)) for column in ("mailbox", "phone", "account", "id")
)
_ORDER: Final = ("shop", "id", "placed", "friend", "facts", "state", "evidence", "bought")
_REFERRAL: Final = (
    *("shop", "order_id", "code", "advocate", "program", "version", "rung", "state"),
    *("reasons", "qualified"),
)
_RULING: Final = ("shop", "order_id", "id", "says", "code", "reason", "by", "at")
_FRIEND: Final = ("shop", "id", "email", "mailbox", "met_as", "phone", "account")


@dataclass(frozen=True, slots=True)
class Said:
    """The word by which a past referral is credited."""

    id: str
    code: str
    reason: str
    by: str


def orders_here(book: Book, ids: Sequence[str]) -> dict[str, str | None]:
    """Return the orders that are here already, with whom each is credited to."""
    here: dict[str, str | None] = dict.fromkeys(row[0] for row in found(book, _REFUNDED, ids))
    here.update((row[0], row[1]) for row in found(book, _HERE, ids))
    return here


def settled_by(book: Book, ids: Sequence[str]) -> dict[str, str]:
    """Return by which code orders came along before."""
    return {id: code for id, code in found(book, _SETTLED, ids) if code is not None}


def is_told(book: Book, contacts: Iterable[Contact]) -> set[str]:
    """Return which parts of contacts lead to somebody who is here already."""
    many = list(contacts)
    parts = (
        [one.mailbox for one in many],
        [one.phone for one in many],
        [one.account for one in many],
        [one.account for one in many],
    )
    return {
        row[0]
        for statement, told in zip(_TOLD, parts, strict=True)
        for row in found(book, statement, sorted({one for one in told if one}))
    }


def add_friends(book: Book, friends: Collection[tuple[str, Contact]]) -> None:
    """Keep friends whom nobody knew."""
    rows = [
        (book.shop, id, one.email, one.mailbox, "friend", one.phone, one.account)
        for id, one in friends
    ]
    bulk.load(book.session, people, _FRIEND, rows)


def add_orders(book: Book, many: Collection[Kept]) -> None:
    """Keep orders that are new, with the referral of each."""
    bulk.load(book.session, orders, _ORDER, [_order(book.shop, one) for one in many])
    credited = [one.referral for one in many if one.referral is not None]
    bulk.load(book.session, referrals, _REFERRAL, [_row(book.shop, one) for one in credited])


def add_words(book: Book, words: Collection[tuple[str, Said]], now: datetime) -> None:
    """Keep by whose word orders are credited."""
    rows = [
        (book.shop, order, one.id, rulings.SETTLED, one.code, one.reason, one.by, micros(now))
        for order, one in words
    ]
    bulk.load(book.session, said, _RULING, rows)


def a_word(code: str, reason: str, by: str, now: datetime) -> Said:
    """Return a new word."""
    return Said(new_id(now), code, reason, by)


def _order(shop: str, kept: Kept) -> tuple[Any, ...]:
    order = kept.order
    return (
        *(shop, order.id, micros(order.placed), kept.friend, kept.facts),
        wire.pack(order, leave_out=PERSONAL),
        wire.pack(kept.evidence, leave_out=("programs",)),
        1,
    )


def _row(shop: str, one: Referral) -> tuple[Any, ...]:
    return (
        *(shop, one.order, one.code, one.advocate, one.program, one.version, int(one.rung)),
        *(str(one.state), ",".join(one.reasons), micros(one.qualified)),
    )
