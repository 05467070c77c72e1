"""Whom a shop invited because it vouched for them, and who declined."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword.model.invitation import Invitation
from goodword.model.people import Relation
from goodword.rules import codes as spelling
from goodword.storage import forgotten
from goodword.storage.invited_tables import declined, invitations
from goodword.storage.sql import Book, Statement, micros, new_id, through
from goodword.storage.tables import advocates, entries, people, referrals

_BY_ADVOCATE: Final = ("shop", "advocate", "program")
_ADD: Final = Statement(insert(invitations))
# Who has no address any more is invited nowhere.
_FIND: Final = Statement(
    select(
        invitations.c.advocate,
        people.c.name,
        people.c.email,
        advocates.c.relation,
        invitations.c.code,
        invitations.c.program,
        invitations.c.by,
        invitations.c.language,
    )
    .join(people, (people.c.shop == invitations.c.shop) & (people.c.id == invitations.c.advocate))
    .join(
        advocates,
        (advocates.c.shop == invitations.c.shop) & (advocates.c.id == invitations.c.advocate),
    )
    .where(
        invitations.c.shop == bindparam("shop"),
        invitations.c.id == bindparam("id"),
        invitations.c.mailed.is_(None),
        people.c.email.is_not(None),
        advocates.c.ended.is_(None),
    )
)
_IS_INVITED: Final = Statement(
    select(invitations.c.id).where(
        invitations.c.shop == bindparam("shop"),
        invitations.c.advocate == bindparam("advocate"),
        invitations.c.program == bindparam("program"),
    )
)
_CODES_OF_NEW: Final = Statement(
    through(
        select(invitations.c.code, invitations.c.met).where(
            invitations.c.shop == bindparam("shop"),
            invitations.c.advocate == bindparam("advocate"),
        ),
        invitations,
        *_BY_ADVOCATE,
    )
)
_MAILED: Final = Statement(
    update(invitations)
    .where(invitations.c.shop == bindparam("shop"), invitations.c.id == bindparam("key"))
    .values(mailed=bindparam("now"), by="")
)
_DECLINE: Final = Statement(
    upsert(declined).on_conflict_do_nothing(index_elements=["shop", "hash"])
)
_DECLINED: Final = Statement(
    select(declined.c.at).where(
        declined.c.shop == bindparam("shop"), declined.c.hash == bindparam("hash")
    )
)
_FORGET_ADDRESS: Final = Statement(
    update(people)
    .where(people.c.shop == bindparam("shop"), people.c.id == bindparam("key"))
    .values(email=None, mailbox=None)
)
_REFERRED: Final = Statement(
    through(
        select(referrals.c.order_id)
        .where(referrals.c.shop == bindparam("shop"), referrals.c.advocate == bindparam("advocate"))
        .limit(1),
        referrals,
        "shop",
        "advocate",
    )
)
_EARNED: Final = Statement(
    through(
        select(entries.c.id)
        .where(entries.c.shop == bindparam("shop"), entries.c.advocate == bindparam("advocate"))
        .limit(1),
        entries,
        *("shop", "advocate", "order_id"),
    )
)


def add(
    book: Book,
    advocate: str,
    program: str,
    code: str,
    *,
    by: str,
    language: str,
    met: bool,
    now: datetime,
) -> str:
    """Keep an invitation that is to be mailed; return its id."""
    id = new_id(now)
    row = {"advocate": advocate, "program": program, "code": code, "by": by, "language": language}
    book.send(_ADD, id=id, made=micros(now), mailed=None, met=int(met), **row)
    return id


def find(book: Book, id: str) -> Invitation | None:
    """Return an invitation that is still to be mailed, and can be; its title is the program's."""
    row = book.one(_FIND, id=id)
    if row is None:
        return None
    return Invitation(
        id=id,
        advocate=row[0],
        name=row[1] or "",
        email=row[2],
        relation=Relation(row[3]),
        code=spelling.shown(row[4]),
        program=row[5],
        title="",
        by=row[6],
        language=row[7],
    )


def is_invited(book: Book, advocate: str, program: str) -> bool:
    """Whether an advocate was invited to a program before."""
    return book.one(_IS_INVITED, advocate=advocate, program=program) is not None


def came_by_it(book: Book, advocate: str, codes: Collection[str]) -> bool:
    """Whether nobody knew an advocate before an invitation, and these are no other codes."""
    rows = book.all(_CODES_OF_NEW, advocate=advocate)
    return any(row[1] for row in rows) and {*codes} <= {row[0] for row in rows}


def mailed(book: Book, id: str, now: datetime) -> None:
    """Keep that an invitation was mailed, and forget who gave the address."""
    book.run(_MAILED, key=id, now=micros(now))


def decline(book: Book, mailbox: str, now: datetime) -> None:
    """Keep by a keyed hash that nobody there wants to be invited."""
    book.run(_DECLINE, hash=forgotten.hashed(book, mailbox), at=micros(now))


def has_declined(book: Book, mailbox: str) -> bool:
    """Whether somebody there declined."""
    return book.one(_DECLINED, hash=forgotten.hashed(book, mailbox)) is not None


def forget_address(book: Book, advocate: str) -> None:
    """Leave nothing to write to."""
    book.run(_FORGET_ADDRESS, key=advocate)


def has_brought(book: Book, advocate: str) -> bool:
    """Whether an order was ever credited to an advocate, or stands in the book for them."""
    return any(book.one(one, advocate=advocate) is not None for one in (_REFERRED, _EARNED))
