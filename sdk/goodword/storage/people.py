"""People, advocates, and the codes and coupons that they pass on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword.model.people import Advocate, Code, CouponUse, Relation
from goodword.rules import codes as spelling
from goodword.signals import canonical_email, canonical_phone, name_key
from goodword.storage.desk import Desk
from goodword.storage.sql import Book, Row, Statement, micros, moment, through
from goodword.storage.tables import advocates, codes, coupons, people

_put_person = upsert(people)
_PUT_PERSON: Final = Statement(
    _put_person.on_conflict_do_update(
        index_elements=["shop", "id"],
        set_={
            name: _put_person.excluded[name]
            for name in ("name", "email", "mailbox", "met_as", "phone", "name_key")
        },
    )
)
_put_advocate = upsert(advocates)
_PUT_ADVOCATE: Final = Statement(
    _put_advocate.on_conflict_do_update(
        index_elements=["shop", "id"],
        set_={name: _put_advocate.excluded[name] for name in ("relation", "ended")},
    )
)
_CONTACT: Final = Statement(
    select(people.c.email, people.c.phone).where(
        people.c.shop == bindparam("shop"), people.c.id == bindparam("id")
    )
)
_ADVOCATE: Final = Statement(
    select(
        advocates.c.id,
        people.c.name,
        people.c.email,
        people.c.phone,
        advocates.c.relation,
        advocates.c.ended,
    )
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
    codes.c.rotated,
)
_CODE: Final = Statement(
    select(*_CODE_COLUMNS).where(
        codes.c.shop == bindparam("shop"), codes.c.text == bindparam("text")
    )
)
_BY_ADVOCATE: Final = ("shop", "advocate", "program", "made")
_CODES_OF: Final = Statement(
    through(
        select(*_CODE_COLUMNS, codes.c.made)
        .where(codes.c.shop == bindparam("shop"), codes.c.advocate == bindparam("advocate"))
        .order_by(codes.c.made, codes.c.text),
        codes,
        *_BY_ADVOCATE,
    )
)
_FIRST_CODE: Final = Statement(
    select(codes.c.text)
    .where(
        codes.c.shop == bindparam("shop"),
        codes.c.advocate == bindparam("advocate"),
        codes.c.program == bindparam("program"),
        codes.c.rotated.is_(None),
        codes.c.ended.is_(None),
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
_BY_NAME: Final = Statement(
    through(
        select(people.c.id, people.c.mailbox, people.c.phone).where(
            people.c.shop == bindparam("shop"),
            people.c.name_key == bindparam("name_key"),
            people.c.met_as == "advocate",
        ),
        people,
        "shop",
        "name_key",
    )
)
_ROTATE: Final = Statement(
    update(codes)
    .where(
        codes.c.shop == bindparam("shop"),
        codes.c.text == bindparam("code"),
        codes.c.rotated.is_(None),
    )
    .values(rotated=bindparam("now"))
)
_MERGE: Final = Statement(
    update(advocates)
    .where(advocates.c.shop == bindparam("shop"), advocates.c.id == bindparam("gone"))
    .values(
        merged_into=bindparam("kept"),
        ended=func.coalesce(advocates.c.ended, bindparam("now", type_=BigInteger)),
    )
)
_HAND_ON: Final = (
    Statement(
        update(codes)
        .where(codes.c.shop == bindparam("shop"), codes.c.advocate == bindparam("gone"))
        .values(advocate=bindparam("kept"))
    ),
    Statement(
        update(coupons)
        .where(
            coupons.c.shop == bindparam("shop"),
            coupons.c.advocate == bindparam("gone"),
            coupons.c.use != CouponUse.REWARD,
        )
        .values(advocate=bindparam("kept"))
    ),
    Statement(
        update(advocates)
        .where(advocates.c.shop == bindparam("shop"), advocates.c.merged_into == bindparam("gone"))
        .values(merged_into=bindparam("kept"))
    ),
)
_MERGED: Final = Statement(
    select(advocates.c.id).where(
        advocates.c.shop == bindparam("shop"), advocates.c.merged_into == bindparam("id")
    )
)
_MERGED_INTO: Final = Statement(
    select(advocates.c.merged_into).where(
        advocates.c.shop == bindparam("shop"), advocates.c.id == bindparam("id")
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
        phone=canonical_phone(advocate.phone) if advocate.phone else None,
        account=None,
        name_key=name_key(advocate.name),
        # Their own orders tell it; an invitation leaves it as it is.
        home=None,
    )
    book.run(
        _PUT_ADVOCATE,
        id=advocate.id,
        relation=advocate.relation,
        since=micros(now),
        ended=micros(advocate.ended),
        merged_into=None,
    )


def advocate(book: Book, id: str) -> Advocate | None:
    """Return an advocate with their name and address."""
    row = book.one(_ADVOCATE, id=id)
    return to_advocate(*row) if row else None


def lock_advocate(book: Book, id: str) -> None:
    """Let one transaction at a time settle this advocate's debts."""
    if book.session.dialect == "postgresql":
        book.one(_LOCK_ADVOCATE, id=id)


def merge(book: Book, gone: str, kept: str, now: datetime) -> None:
    """Hand an advocate's codes on to another, who is the same person."""
    for statement in _HAND_ON:
        book.run(statement, gone=gone, kept=kept)
    book.run(_MERGE, gone=gone, kept=kept, now=micros(now))


def merged_into(book: Book, id: str) -> str | None:
    """Return the advocate that this one was merged into."""
    row = book.one(_MERGED_INTO, id=id)
    return row[0] if row else None


def counted_as(book: Book, id: str) -> str:
    """Return as whom an advocate is counted: whoever they were merged into, or themself."""
    return merged_into(book, id) or id


def ids_of(book: Book, id: str) -> list[str]:
    """Return every id that an advocate earned under: their own, and those merged into it."""
    return [id, *sorted(row[0] for row in book.all(_MERGED, id=id))]


def codes_by_name(book: Book, name: str, hint: str | None, placed: datetime) -> list[Code]:
    """Return the codes of all advocates of this name; a hint tells two of one name apart.

    Whoever got their code after the order was placed was not meant: a namesake who is invited
    later takes no credit away.
    """
    key = name_key(name)
    named = book.all(_BY_NAME, name_key=key) if key is not None else []
    found = {row: _got_before(book, row[0], placed) for row in sorted(named)}
    found = {row: codes for row, codes in found.items() if codes}
    if hint and len(found) > 1:
        meant = {row: codes for row, codes in found.items() if _is_meant(row, codes, hint)}
        found = meant or found
    # Of several codes in one program the newest speaks.
    newest = {(one.advocate, one.program): one for codes in found.values() for one in codes}
    return list(newest.values())


def _got_before(book: Book, advocate: str, placed: datetime) -> list[Code]:
    at = micros(placed) or 0
    return [_code(*row[:-1]) for row in book.all(_CODES_OF, advocate=advocate) if row[-1] <= at]


def _is_meant(row: Row, codes: Iterable[Code], hint: str) -> bool:
    if spelling.folded(hint) in {code.text for code in codes}:
        return True
    told = (canonical_email(hint), canonical_phone(hint))
    return any(one is not None and one == known for one, known in zip(told, row[1:], strict=True))


def contact(book: Book, id: str) -> tuple[str | None, str | None]:
    """Return a person's e-mail address and phone, as far as they are known."""
    row = book.one(_CONTACT, id=id)
    return (row[0], row[1]) if row else (None, None)


def code(book: Book, text: str) -> Code | None:
    """Return a code by its stored text."""
    row = book.one(_CODE, text=text)
    return _code(*row) if row else None


def look_up(desk: Desk, text: str) -> Code | None:
    """Return a code by its stored text, in a read of its own."""
    row = desk.read_one(_CODE, text=text)
    return _code(*row) if row else None


def codes_of(book: Book, advocate: str) -> list[Code]:
    """Return an advocate's codes, oldest first."""
    return [_code(*row[:-1]) for row in book.all(_CODES_OF, advocate=advocate)]


def first_code(book: Book, advocate: str, program: str) -> str | None:
    """Return the text of an advocate's oldest code in a program that counts when typed."""
    row = book.one(_FIRST_CODE, advocate=advocate, program=program)
    return row[0] if row else None


def add_code(book: Book, text: str, advocate: str, program: str, now: datetime) -> bool:
    """Keep a new code; False if its text is taken."""
    row = {"text": text, "advocate": advocate, "program": program, "made": micros(now)}
    return book.run(_ADD_CODE, coupon=None, ended=None, rotated=None, **row) == 1


def rotate(book: Book, code: str, now: datetime) -> None:
    """Let a code count in links alone from now on."""
    book.run(_ROTATE, code=code, now=micros(now))


def add_offer(book: Book, text: str, code: str, advocate: str) -> bool:
    """Keep the shared coupon of a code; False if its text is taken."""
    added = book.run(
        _ADD_COUPON, text=text, use=CouponUse.OFFER, code=code, order_id=None, advocate=advocate
    )
    if added == 1:
        book.run(_SET_CODE_COUPON, text=text, code=code)
    return added == 1


def add_gift(book: Book, text: str, code: str, advocate: str) -> bool:
    """Keep the coupon of a friend's claim; False if its text is taken."""
    row = {"text": text, "code": code, "advocate": advocate, "order_id": None}
    return book.run(_ADD_COUPON, use=CouponUse.GIFT, **row) == 1


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


def to_advocate(
    id: str,
    name: str | None,
    email: str | None,
    phone: str | None,
    relation: str,
    ended: int | None,
) -> Advocate:
    """Return an advocate as a row tells of them."""
    return Advocate(
        id=id,
        name=name or "",
        email=email,
        phone=phone,
        relation=Relation(relation),
        ended=moment(ended),
    )


def _code(
    text: str,
    advocate: str,
    program: str,
    coupon: str | None,
    ended: int | None,
    rotated: int | None,
) -> Code:
    return Code(
        text=text,
        shown=spelling.shown(text),
        advocate=advocate,
        program=program,
        coupon=coupon,
        ended=moment(ended),
        rotated=moment(rotated),
    )
