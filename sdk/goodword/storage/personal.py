"""All that is kept of a person, and what is done to forget them.  The book is left as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Table,
    bindparam,
    case,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword import wire
from goodword.mentions import Mentions
from goodword.model.followup import Duty
from goodword.model.order import Order
from goodword.model.worth import Worth
from goodword.storage import tables
from goodword.storage.forgotten import FORGOTTEN
from goodword.storage.invited_tables import invitations
from goodword.storage.page_tables import proofs
from goodword.storage.sql import Book, Statement, micros, moment, through
from goodword.storage.tables import (
    advocates,
    claims,
    codes,
    followups,
    orders,
    people,
    referrals,
    rulings,
)

GONE: Final = "(forgotten)"
"""What stands in a text that mentioned somebody."""
CONTACT_FREE: Final = 32
"""How much of an order's fingerprint holds nothing that tells its friend."""

_COLUMNS: Final = tuple(column for column in people.c if column.name != "shop")


def _found_by(where: ColumnElement[bool], *index: str) -> Statement:
    found = select(*_COLUMNS).where(people.c.shop == bindparam("shop"), where)
    return Statement(through(found, people, *index) if index else found)


_BY_ID: Final = _found_by(people.c.id == bindparam("told"))
_BY_ACCOUNT: Final = _found_by(people.c.account == bindparam("told"), "shop", "account")
_BY_MAILBOX: Final = _found_by(people.c.mailbox == bindparam("told"), "shop", "mailbox", "id")
_BY_PHONE: Final = _found_by(people.c.phone == bindparam("told"), "shop", "phone")
_MERGED: Final = Statement(
    select(advocates.c.id, advocates.c.merged_into).where(
        advocates.c.shop == bindparam("shop"),
        advocates.c.merged_into.is_not(None),
        or_(advocates.c.id == bindparam("told"), advocates.c.merged_into == bindparam("told")),
    )
)
_HAS_ORDERS: Final = Statement(
    select(orders.c.id)
    .where(orders.c.shop == bindparam("shop"), orders.c.friend == bindparam("told"))
    .limit(1)
)
_IS_FORGOTTEN: Final = Statement(
    select(people.c.id).where(
        people.c.shop == bindparam("shop"),
        people.c.id == bindparam("id"),
        people.c.met_as == FORGOTTEN,
    )
)
_FORGET: Final = Statement(
    upsert(people).on_conflict_do_update(
        index_elements=["shop", "id"],
        set_={
            "met_as": FORGOTTEN,
            **dict.fromkeys(("name", "email", "mailbox", "phone", "account", "name_key", "home")),
        },
    )
)


def _end(table: Table, whose: ColumnElement[str]) -> Statement:
    now = bindparam("now", type_=BigInteger)
    ended = table.c.ended
    return Statement(
        update(table)
        .where(table.c.shop == bindparam("shop"), whose == bindparam("told"))
        .values(ended=case((or_(ended.is_(None), ended > now), now), else_=ended))
    )


# Their words are theirs, and so is the leave to show them.
_UNPROVE: Final = Statement(
    delete(proofs).where(proofs.c.shop == bindparam("shop"), proofs.c.person == bindparam("told"))
)
_END: Final = (_end(advocates, advocates.c.id), _end(codes, codes.c.advocate))
_earned = select(referrals.c.order_id).where(
    referrals.c.shop == bindparam("shop"), referrals.c.advocate == bindparam("told")
)
_placed = select(orders.c.id).where(
    orders.c.shop == bindparam("shop"), orders.c.friend == bindparam("told")
)
_claimed = select(claims.c.id).where(
    claims.c.shop == bindparam("shop"), claims.c.person == bindparam("told")
)
_blur = (
    update(orders)
    .where(orders.c.shop == bindparam("shop"))
    .values(facts=func.substr(orders.c.facts, 1, CONTACT_FREE))
)
_BLUR: Final = (
    Statement(_blur.where(orders.c.friend == bindparam("told"))),
    # Their name may have been given on it.
    Statement(_blur.where(orders.c.id.in_(_earned))),
)
_said = select(rulings.c.order_id, rulings.c.id, rulings.c.reason).where(
    rulings.c.shop == bindparam("shop")
)
_SAID: Final = (
    Statement(_said.where(rulings.c.order_id.in_(_placed))),
    Statement(_said.where(rulings.c.order_id.in_(_earned))),
)
_UNSAY: Final = Statement(
    update(rulings)
    .where(
        rulings.c.shop == bindparam("shop"),
        rulings.c.order_id == bindparam("order"),
        rulings.c.id == bindparam("key"),
    )
    .values(reason=GONE)
)
# Each duty by its name: the key of the table begins with it.
_trouble = select(followups.c.id, followups.c.trouble).where(
    followups.c.shop == bindparam("shop"),
    or_(*(followups.c.duty == str(duty) for duty in Duty)),
    followups.c.trouble.is_not(None),
)
_TROUBLE: Final = tuple(
    Statement(_trouble.where(followups.c.subject.in_(theirs)))
    for theirs in (_placed, _earned, _claimed)
)
_UNTROUBLE: Final = Statement(
    update(followups)
    .where(followups.c.shop == bindparam("shop"), followups.c.id == bindparam("key"))
    .values(trouble=GONE)
)


@dataclass(frozen=True, slots=True)
class Known:
    """One row of personal data."""

    id: str
    name: str | None
    email: str | None
    mailbox: str | None
    met_as: str
    phone: str | None
    account: str | None
    name_key: str | None
    home: str | None


def by_id(book: Book, id: str) -> list[Known]:
    """Return the person of this id."""
    return _known(book, _BY_ID, id)


def by_account(book: Book, account: str) -> list[Known]:
    """Return who signs in with this account."""
    return _known(book, _BY_ACCOUNT, account)


def by_mailbox(book: Book, mailbox: str) -> list[Known]:
    """Return who is written to there."""
    return _known(book, _BY_MAILBOX, mailbox)


def by_phone(book: Book, phone: str) -> list[Known]:
    """Return who is called there; it may be a whole household."""
    return _known(book, _BY_PHONE, phone)


def merged_with(book: Book, id: str) -> set[str]:
    """Return the ids of an advocate who was merged, on either side."""
    return {one for row in book.all(_MERGED, told=id) for one in row}


def has_orders(book: Book, id: str) -> bool:
    """Whether orders are kept of somebody who goes by their account alone."""
    return book.one(_HAS_ORDERS, told=id) is not None


def is_forgotten(book: Book, id: str) -> bool:
    """Whether whoever had this id asked to be forgotten."""
    return book.one(_IS_FORGOTTEN, id=id) is not None


def forget(book: Book, id: str, now: datetime) -> None:
    """Take a person's data off their row, and end what they pass on."""
    blank = dict.fromkeys(column.name for column in _COLUMNS)
    book.run(_FORGET, **{**blank, "id": id, "met_as": FORGOTTEN})
    for statement in _END:
        book.run(statement, told=id, now=micros(now))
    book.run(_UNPROVE, told=id)


def blur(book: Book, id: str) -> None:
    """Leave nothing in the fingerprints of their orders that a guess could be held against."""
    for statement in _BLUR:
        book.run(statement, told=id)


def unsay(book: Book, id: str, mentions: Mentions) -> None:
    """Take the person out of what was written about their orders and claims."""
    for statement, is_friend in zip(_SAID, (True, False), strict=True):
        for order, ruling, reason in book.all(statement, told=id):
            # A friend's name was never kept, so there is nothing to look for: all of it goes.
            if is_friend or mentions.within(reason):
                book.run(_UNSAY, order=order, key=ruling)
    for statement in _TROUBLE:
        for key, trouble in book.all(statement, told=id):
            if mentions.within(trouble):
                book.run(_UNTROUBLE, key=key)


def _known(book: Book, statement: Statement, told: str) -> list[Known]:
    return [Known(*row) for row in book.all(statement, told=told)]


# What `kept` gives, and by which ids it is theirs.
_SECTIONS: Final[Mapping[str, tuple[Table, ColumnElement[bool]]]] = {
    "people": (people, people.c.id == bindparam("told")),
    "advocates": (advocates, advocates.c.id == bindparam("told")),
    "codes": (codes, codes.c.advocate == bindparam("told")),
    "claims": (claims, claims.c.person == bindparam("told")),
    "orders": (orders, orders.c.friend == bindparam("told")),
    "referrals": (referrals, referrals.c.advocate == bindparam("told")),
    "entries": (tables.entries, tables.entries.c.advocate == bindparam("told")),
    "grants": (tables.grants, tables.grants.c.advocate == bindparam("told")),
    "proofs": (proofs, proofs.c.person == bindparam("told")),
    "thanks": (tables.thanks, tables.thanks.c.advocate == bindparam("told")),
    "invitations": (invitations, invitations.c.advocate == bindparam("told")),
    "rulings": (
        rulings,
        or_(rulings.c.order_id.in_(_placed), rulings.c.order_id.in_(_earned)),
    ),
    "forgotten": (tables.forgotten, tables.forgotten.c.person == bindparam("told")),
}
_LEFT_OUT: Final = frozenset({"shop", "facts", "evidence", "bought", "number", "hash"})
_KEPT: Final = {
    section: (
        tuple(column for column in table.c if column.name not in _LEFT_OUT),
        Statement(
            select(*(column for column in table.c if column.name not in _LEFT_OUT)).where(
                table.c.shop == bindparam("shop"), theirs
            )
        ),
    )
    for section, (table, theirs) in _SECTIONS.items()
}


def kept(book: Book, ids: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Return every row that is kept of a person, by table, as plain JSON data."""
    every = sorted(ids)
    found = {}
    for section, (columns, statement) in _KEPT.items():
        # A ruling may be theirs twice: on their order, by their code.
        rows = {row: None for id in every for row in book.all(statement, told=id)}
        names = [column.name for column in columns]
        moments = {
            column.name
            for column in columns
            if isinstance(column.type, BigInteger) and column.name != "amount"
        }
        found[section] = [
            {name: _plain(name, value, moments) for name, value in zip(names, row, strict=True)}
            for row in sorted(rows, key=repr)
        ]
    return found


def _plain(name: str, value: Any, moments: set[str]) -> Any:
    if value is None:
        return None
    if name in moments:
        at = moment(value)
        return at.isoformat() if at else None
    if name == "worth":
        return wire.plain(wire.unpack(Worth, value))
    if name == "state" and value.startswith("{"):
        return wire.plain(wire.unpack(Order, value))
    return value
