"""People, advocates, and the codes and coupons that they pass on."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword.model.people import Advocate, Code, CouponUse, Relation
from goodword.rules import codes as spelling
from goodword.signals import canonical_email
from goodword.storage.sql import Book, Statement, micros, moment, new_id
from goodword.storage.tables import advocates, codes, coupons, people

_put_person = upsert(people)
_PUT_PERSON: Final = Statement(
    _put_person.on_conflict_do_update(
        index_elements=["shop", "id"],
        set_={name: _put_person.excluded[name] for name in ("name", "email", "mailbox", "met_as")},
    )
)
_put_advocate = upsert(advocates)
_PUT_ADVOCATE: Final = Statement(
    _put_advocate.on_conflict_do_update(
        index_elements=["shop", "id"],
        set_={name: _put_advocate.excluded[name] for name in ("relation", "ended")},
    )
)
_BY_MAILBOX: Final = Statement(
    select(people.c.id)
    .where(people.c.shop == bindparam("shop"), people.c.mailbox == bindparam("mailbox"))
    .order_by(people.c.id)
)
_MAILBOX_OF: Final = Statement(
    select(people.c.mailbox).where(
        people.c.shop == bindparam("shop"), people.c.id == bindparam("id")
    )
)
_ADVOCATE: Final = Statement(
    select(advocates.c.id, people.c.name, people.c.email, advocates.c.relation, advocates.c.ended)
    .join(people, (people.c.shop == advocates.c.shop) & (people.c.id == advocates.c.id))
    .where(advocates.c.shop == bindparam("shop"), advocates.c.id == bindparam("id"))
)
_LOCK_ADVOCATE: Final = Statement(
    select(advocates.c.id)
    .where(advocates.c.shop == bindparam("shop"), advocates.c.id == bindparam("id"))
    .with_for_update()
)
_CODE_COLUMNS: Final = (
    codes.c.text,
    codes.c.advocate,
    codes.c.program,
    codes.c.coupon,
    codes.c.ended,
)
_CODE: Final = Statement(
    select(*_CODE_COLUMNS).where(
        codes.c.shop == bindparam("shop"), codes.c.text == bindparam("text")
    )
)
_FIRST_CODE: Final = Statement(
    select(codes.c.text)
    .where(
        codes.c.shop == bindparam("shop"),
        codes.c.advocate == bindparam("advocate"),
        codes.c.program == bindparam("program"),
    )
    .order_by(codes.c.made, codes.c.text)
    .limit(1)
)
_ADD_CODE: Final = Statement(upsert(codes).on_conflict_do_nothing(index_elements=["shop", "text"]))
_SET_CODE_COUPON: Final = Statement(
    update(codes)
    .where(codes.c.shop == bindparam("shop"), codes.c.text == bindparam("code"))
    .values(coupon=bindparam("text"))
)
_ADD_COUPON: Final = Statement(
    upsert(coupons).on_conflict_do_nothing(index_elements=["shop", "text"])
)
_COUPON: Final = Statement(
    select(coupons.c.use, coupons.c.code, coupons.c.order_id, coupons.c.advocate).where(
        coupons.c.shop == bindparam("shop"), coupons.c.text == bindparam("text")
    )
)
_ADD_FRIEND: Final = Statement(
    upsert(people).on_conflict_do_nothing(
        index_elements=["shop", "mailbox"], index_where=text("met_as = 'friend'")
    )
)


def put_advocate(book: Book, advocate: Advocate, now: datetime) -> None:
    """Keep an advocate, and the person behind them."""
    book.run(
        _PUT_PERSON,
        id=advocate.id,
        name=advocate.name,
        email=advocate.email,
        mailbox=canonical_email(advocate.email),
        met_as="advocate",
    )
    book.run(
        _PUT_ADVOCATE,
        id=advocate.id,
        relation=advocate.relation,
        since=micros(now),
        ended=micros(advocate.ended),
    )


def advocate(book: Book, id: str) -> Advocate | None:
    """Return an advocate with their name and address."""
    row = book.one(_ADVOCATE, id=id)
    if row is None:
        return None
    return Advocate(
        id=row[0], name=row[1] or "", email=row[2], relation=Relation(row[3]), ended=moment(row[4])
    )


def lock_advocate(book: Book, id: str) -> None:
    """Let one transaction at a time settle this advocate's debts."""
    if book.session.dialect == "postgresql":
        book.one(_LOCK_ADVOCATE, id=id)


def friend(book: Book, email: str | None, now: datetime) -> str | None:
    """Return the id of the person behind the address, kept from now on; None for nobody's."""
    mailbox = canonical_email(email)
    if mailbox is None:
        return None
    row = book.one(_BY_MAILBOX, mailbox=mailbox)
    if row is not None:
        return str(row[0])
    id = new_id(now)
    if book.run(_ADD_FRIEND, id=id, name=None, email=email, mailbox=mailbox, met_as="friend") == 1:
        return id
    # Somebody met them at the same moment, and was first.
    row = book.one(_BY_MAILBOX, mailbox=mailbox)
    assert row is not None
    return str(row[0])


def mailbox_of(book: Book, id: str) -> str | None:
    """Return the one spelling of a person's address."""
    row = book.one(_MAILBOX_OF, id=id)
    return row[0] if row else None


def code(book: Book, text: str) -> Code | None:
    """Return a code by its stored text."""
    row = book.one(_CODE, text=text)
    return _code(*row) if row else None


def first_code(book: Book, advocate: str, program: str) -> str | None:
    """Return the text of an advocate's oldest code in a program."""
    row = book.one(_FIRST_CODE, advocate=advocate, program=program)
    return row[0] if row else None


def add_code(book: Book, text: str, advocate: str, program: str, now: datetime) -> bool:
    """Keep a new code; False if its text is taken."""
    row = {"text": text, "advocate": advocate, "program": program, "made": micros(now)}
    return book.run(_ADD_CODE, coupon=None, ended=None, **row) == 1


def add_offer(book: Book, text: str, code: str, advocate: str) -> bool:
    """Keep the shared coupon of a code; False if its text is taken."""
    added = book.run(
        _ADD_COUPON, text=text, use=CouponUse.OFFER, code=code, order_id=None, advocate=advocate
    )
    if added == 1:
        book.run(_SET_CODE_COUPON, text=text, code=code)
    return added == 1


def add_reward(book: Book, text: str, order: str, advocate: str) -> bool:
    """Keep a reward's coupon; False if its text is taken."""
    return (
        book.run(
            _ADD_COUPON,
            text=text,
            use=CouponUse.REWARD,
            code=None,
            order_id=order,
            advocate=advocate,
        )
        == 1
    )


def coupon(book: Book, text: str) -> tuple[CouponUse, str | None, str | None] | None:
    """Return what a coupon of ours is for, its code, and the order that earned it."""
    row = book.one(_COUPON, text=text)
    return (CouponUse(row[0]), row[1], row[2]) if row else None


def _code(text: str, advocate: str, program: str, coupon: str | None, ended: int | None) -> Code:
    return Code(
        text=text,
        shown=spelling.shown(text),
        advocate=advocate,
        program=program,
        coupon=coupon,
        ended=moment(ended),
    )
