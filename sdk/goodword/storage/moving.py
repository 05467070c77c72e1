"""What is looked up, and written, when many move in at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, select, update

from goodword.storage import bulk
from goodword.storage.among import among, each_word, found
from goodword.storage.forgotten import all_hashed
from goodword.storage.invited_tables import declined
from goodword.storage.sql import Book, Statement, micros
from goodword.storage.tables import advocates, codes, coupons, forgotten, people

_PEOPLE: Final = Statement(
    among(
        people,
        "id",
        people.c.name,
        people.c.email,
        people.c.phone,
        people.c.account,
        people.c.met_as,
        advocates.c.relation,
        advocates.c.ended,
        advocates.c.merged_into,
    ).outerjoin(advocates, (advocates.c.shop == people.c.shop) & (advocates.c.id == people.c.id))
)
_CODES: Final = Statement(
    among(codes, "text", codes.c.advocate, codes.c.program, codes.c.coupon, codes.c.ended)
)
_COUPONS: Final = Statement(among(coupons, "text", coupons.c.code))
_words: Final = each_word()
_theirs = (
    select(codes.c.text)
    .where(codes.c.shop == bindparam("shop"), codes.c.advocate == _words.c.value)
    .order_by(codes.c.made, codes.c.text)
    .limit(1)
)
_ANY_CODE: Final = Statement(select(_words.c.value, _theirs.scalar_subquery()))
_FIRST_CODE: Final = Statement(
    select(_words.c.value, _theirs.where(codes.c.program == bindparam("program")).scalar_subquery())
)
_DECLINED: Final = Statement(among(declined, "hash"))
_FORGOTTEN: Final = Statement(among(forgotten, "hash", forgotten.c.until))
_END_CODE: Final = Statement(
    update(codes)
    .where(codes.c.shop == bindparam("shop"), codes.c.text == bindparam("code"))
    .values(ended=bindparam("ends"), rotated=bindparam("rotates"))
)
_SET_ACCOUNT: Final = Statement(
    update(people)
    .where(people.c.shop == bindparam("shop"), people.c.id == bindparam("key"))
    .values(account=bindparam("told"))
)
PERSON: Final = (
    *("shop", "id", "name", "email", "mailbox", "met_as", "phone", "account", "name_key"),
)
ADVOCATE: Final = ("shop", "id", "relation", "since", "ended", "merged_into")
CODE: Final = ("shop", "text", "advocate", "program", "coupon", "made", "ended", "rotated")
COUPON: Final = ("shop", "text", "use", "code", "order_id", "advocate")


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody who is here already."""

    id: str
    name: str | None
    email: str | None
    phone: str | None
    account: str | None
    met_as: str
    relation: str | None
    """None: no advocate."""
    ended: int | None
    merged_into: str | None


@dataclass(frozen=True, slots=True)
class KnownCode:
    """A code that is here already."""

    text: str
    advocate: str
    program: str
    coupon: str | None
    ended: int | None


def people_of(book: Book, ids: Sequence[str]) -> dict[str, KnownPerson]:
    """Return who is here already, by id."""
    return {row[0]: KnownPerson(*row) for row in found(book, _PEOPLE, ids)}


def codes_named(book: Book, texts: Sequence[str]) -> dict[str, KnownCode]:
    """Return the codes that are here already, by text."""
    return {row[0]: KnownCode(*row) for row in found(book, _CODES, texts)}


def coupons_named(book: Book, texts: Sequence[str]) -> dict[str, str | None]:
    """Return for which code each coupon stands that is here already."""
    return dict(map(tuple, found(book, _COUPONS, texts)))


def first_codes(book: Book, ids: Sequence[str], program: str | None = None) -> dict[str, str]:
    """Return the oldest code of each advocate who has any, in a program or at all."""
    if program is None:
        rows = found(book, _ANY_CODE, ids)
    else:
        rows = found(book, _FIRST_CODE, ids, program=program)
    return {id: text for id, text in rows if text is not None}


def said_no(book: Book, mailboxes: Iterable[str], now: datetime) -> set[str]:
    """Return which of these mailboxes asked not to be invited, or to be forgotten."""
    told = all_hashed(book, mailboxes)
    hashes = list(told)
    declining = {row[0] for row in found(book, _DECLINED, hashes)}
    asked = {one for one, until in found(book, _FORGOTTEN, hashes) if until > (micros(now) or 0)}
    return {told[one] for one in declining | asked}


def add_people(book: Book, rows: Iterable[tuple[Any, ...]]) -> None:
    bulk.load(book.session, people, PERSON, rows)


def add_advocates(book: Book, rows: Iterable[tuple[Any, ...]]) -> None:
    bulk.load(book.session, advocates, ADVOCATE, rows)


def add_codes(book: Book, rows: Iterable[tuple[Any, ...]]) -> None:
    bulk.load(book.session, codes, CODE, rows)


def add_coupons(book: Book, rows: Iterable[tuple[Any, ...]]) -> None:
    bulk.load(book.session, coupons, COUPON, rows)


def end_code(book: Book, text: str, ended: datetime | None, rotated: datetime | None) -> None:
    """Let a code count no more, as it did over there."""
    book.run(_END_CODE, code=text, ends=micros(ended), rotates=micros(rotated))


def set_account(book: Book, id: str, account: str) -> None:
    """Let an advocate be told by their account, too."""
    book.run(_SET_ACCOUNT, key=id, told=account)
