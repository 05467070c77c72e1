"""Inviting an advocate: the person, their code, and the coupon that stands for it."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Final

from goodword.errors import (
    CodeTaken,
    CouponTaken,
    Invalid,
    MergeRefused,
    PersonInvalid,
    UnknownAdvocate,
    UnknownProgram,
)
from goodword.model.people import Advocate, Code
from goodword.rules import codes
from goodword.rules.advocates import check, check_coupon
from goodword.rules.rude import is_rude
from goodword.storage import bulk, people, places, programs
from goodword.storage.sql import Book

_DRAWS: Final = 10
_ALL_TAKEN: Final = f"{_DRAWS} draws in a row were taken: is the source of chance sound?"
_MANY_MOST: Final = 1_000_000


def invite(
    book: Book,
    program: str,
    advocate: Advocate,
    code: str | None,
    coupon: str | None,
    now: datetime,
) -> Code:
    """Keep the advocate and give them their code in the program."""
    _check_not_merged(book, advocate.id)
    newest = programs.newest(book, program)
    if newest is None:
        raise UnknownProgram(name=program)
    check(advocate, newest)
    people.put_advocate(book, advocate, now)
    if code:
        text = _chosen(book, code, advocate.id, program, now)
    else:
        first = people.first_code(book, advocate.id, program)
        text = first or drawn(book, advocate.id, program, now)
    if coupon is not None:
        _tie(book, codes.coupon(coupon), text, advocate)
    found = people.code(book, text)
    assert found is not None
    return found


def draw(book: Book, program: str, advocate: str, many: int, now: datetime) -> list[str]:
    """Keep many random codes of an advocate."""
    if not 1 <= many <= _MANY_MOST:
        raise Invalid(field="many", mend=f"ask for 1 to {_MANY_MOST:,} codes at a time", many=many)
    if programs.newest(book, program) is None:
        raise UnknownProgram(name=program)
    known(book, advocate)
    _check_not_merged(book, advocate)
    drawn: list[str] = []
    for _ in range(_DRAWS):
        drawn += bulk.add_codes(book, _random(many - len(drawn)), advocate, program, now)
        if len(drawn) == many:
            return drawn
    raise AssertionError(_ALL_TAKEN)


def _random(many: int) -> list[str]:
    """Return at most so many codes, sorted: those drawn twice, or rude, are left out."""
    signs = codes.from_random(os.urandom(many * codes.LENGTH))
    found = {signs[at : at + codes.LENGTH] for at in range(0, len(signs), codes.LENGTH)}
    return sorted(one for one in found if not is_rude(one))


def known(book: Book, id: str) -> Advocate:
    """Return an advocate; raise `UnknownAdvocate`."""
    advocate = people.advocate(book, id)
    if advocate is None:
        raise UnknownAdvocate(id=id)
    return advocate


def rotate(book: Book, program: str, advocate: str, code: str | None, now: datetime) -> Code:
    """Give an advocate a new code; the old ones count in links alone."""
    known(book, advocate)
    _check_not_merged(book, advocate)
    if programs.newest(book, program) is None:
        raise UnknownProgram(name=program)
    text = _chosen(book, code, advocate, program, now) if code else None
    if text is None:
        text = drawn(book, advocate, program, now)
    for old in _standing(book, advocate, program):
        if old.text != text:
            people.rotate(book, old.text, now)
    found = people.code(book, text)
    assert found is not None
    return found


def merge(book: Book, gone: str, into: str, now: datetime) -> Advocate:
    """Make one advocate of two."""
    kept = known(book, into)
    known(book, gone)
    before = people.merged_into(book, gone)
    if before == into:
        return kept
    why = None
    if gone == into:
        why = "they are the same"
    elif before is not None:
        why = f"it was merged into {before!r}"
    elif people.merged_into(book, into) is not None:
        why = f"{into!r} was itself merged into another"
    if why is not None:
        raise MergeRefused(gone=gone, kept=into, why=why)
    people.merge(book, gone, into, now)
    places.hand_on(book, gone, into)
    return kept


def _standing(book: Book, advocate: str, program: str) -> list[Code]:
    """Return the advocate's codes that still count when typed, oldest first."""
    return [
        one
        for one in people.codes_of(book, advocate)
        if one.program == program and one.rotated is None and one.ended is None
    ]


def _chosen(book: Book, code: str, advocate: str, program: str, now: datetime) -> str:
    text = codes.vanity(code)
    if not people.add_code(book, text, advocate, program, now):
        holder = people.code(book, text)
        mine = holder is not None and (holder.advocate, holder.program) == (advocate, program)
        # What was rotated away had leaked: it is not given again, not even to its own advocate.
        gone = holder is None or holder.rotated is not None or holder.ended is not None
        if gone or not mine:
            raise CodeTaken(text=text)
    return text


def drawn(book: Book, advocate: str, program: str, now: datetime) -> str:
    """Give an advocate a random code; return it."""
    for _ in range(_DRAWS):
        text = codes.from_random(os.urandom(codes.LENGTH))
        if not is_rude(text) and people.add_code(book, text, advocate, program, now):
            return text
    raise AssertionError(_ALL_TAKEN)


def _tie(book: Book, coupon: str, code: str, advocate: Advocate) -> None:
    check_coupon(coupon)
    if people.add_offer(book, coupon, code, advocate.id):
        return
    standing = people.coupon(book, coupon)
    if standing is None or standing[1] != code:
        raise CouponTaken(text=coupon)


def _check_not_merged(book: Book, id: str) -> None:
    into = people.merged_into(book, id)
    if into is not None:
        raise PersonInvalid(field="id", mend=f"was merged into {into!r}; take that one")
