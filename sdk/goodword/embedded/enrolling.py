"""Inviting whom a shop vouches for, many at once; and those who decline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from goodword import words
from goodword.embedded import invitations as single
from goodword.errors import Invalid, PersonInvalid, UnknownPerson, UnknownProgram
from goodword.model.followup import Duty
from goodword.model.invitation import Enrolled, Invited, Vouched
from goodword.model.people import Advocate
from goodword.model.program import Program
from goodword.rules import codes, texts
from goodword.rules.advocates import check as check_advocate
from goodword.signals import canonical_email
from goodword.storage import (
    advocates,
    deeds,
    forgotten,
    invitations,
    people,
    personal,
    programs,
)
from goodword.storage.locks import alone
from goodword.storage.sql import Book, new_id

MOST: Final = 1_000
_BY_LONGEST: Final = 120
_NAME_LONGEST: Final = 200
_SENT: Final = (Invited.NEW, Invited.JOINS)


def look(book: Book, program: str, given: Sequence[Vouched], now: datetime) -> list[Enrolled]:
    """Say of each what would be done, and what is wrong."""
    newest = programs.newest(book, program)
    if newest is None:
        raise UnknownProgram(name=program)
    return list(_looked(book, newest, given, now))


def enroll(
    book: Book, program: str, given: Sequence[Vouched], by: str, language: str, now: datetime
) -> list[Enrolled]:
    """Invite all of them, or nobody."""
    # Two that send the same list at once do not invite anybody twice.
    alone(book, f"enroll {program}")
    looked = look(book, program, given, now)
    for one in looked:
        if one.result is Invited.WRONG:
            raise PersonInvalid(field=f"people.{one.number - 1}.{one.field}", mend=str(one.mend))
    return [
        _invite(book, program, given[one.number - 1], one, by, language, now)
        if one.result in _SENT
        else one
        for one in looked
    ]


def check(given: Sequence[Vouched], by: str, language: str) -> None:
    """Raise `Invalid` for what is wrong with the list as a whole."""
    if not 1 <= len(given) <= MOST:
        raise Invalid(field="people", mend=f"invite 1 to {MOST:,} at a time", many=len(given))
    if not 0 < len(by.strip()) <= _BY_LONGEST or not by.isprintable():
        raise Invalid(
            field="by",
            mend=f"say in one line of at most {_BY_LONGEST} characters who gives the addresses",
        )
    if language not in words.LANGUAGES:
        raise Invalid(field="language", mend=f"use {' or '.join(words.LANGUAGES)}")


def decline(book: Book, id: str, now: datetime) -> None:
    """Keep that somebody declined, and forget where they are written to."""
    mailbox, known = _meant(book, id)
    if mailbox is not None:
        invitations.decline(book, mailbox, now)
    for one in known:
        mine = [code.text for code in people.codes_of(book, one)]
        if invitations.came_by_it(book, one, mine) and not invitations.has_brought(book, one):
            personal.forget(book, one, now)
        else:
            invitations.forget_address(book, one)


def _meant(book: Book, id: str) -> tuple[str | None, list[str]]:
    """Return the mailbox that is meant, and the advocates who are written to there."""
    if "@" not in id:
        if people.advocate(book, id) is None:
            raise UnknownPerson()
        return canonical_email(people.contact(book, id)[0]), [id]
    mailbox = canonical_email(id)
    if mailbox is None:
        raise Invalid(field="id", mend="is no e-mail address; give one, or an advocate's id")
    return mailbox, [one.id for one in advocates.reached_at(book, mailbox)]


def _looked(
    book: Book, program: Program, given: Sequence[Vouched], now: datetime
) -> Iterator[Enrolled]:
    seen: dict[str, int] = {}
    for number, one in enumerate(given, start=1):
        mailbox = canonical_email(one.email)
        wrong = _wrong(book, program, one, mailbox)
        for told in (f"id {one.id}" if one.id else None, f"{mailbox} {one.relation}"):
            before = seen.setdefault(told, number) if told else number
            if before != number and wrong is None:
                field = "id" if told == f"id {one.id}" else "email"
                wrong = (field, f"is the same as that of number {before}; give each person once")
        if wrong is not None or mailbox is None:
            field, mend = wrong or _NO_ADDRESS
            yield Enrolled(number=number, result=Invited.WRONG, field=field, mend=mend)
        else:
            yield _found(book, program.name, one, mailbox, number, now)


_NO_ADDRESS: Final = ("email", "is no e-mail address; mend it, or leave the person out")


def _wrong(
    book: Book, program: Program, one: Vouched, mailbox: str | None
) -> tuple[str, str] | None:
    """Return the field that is wrong and how to mend it; None where nothing is."""
    if not 0 < len(one.name.strip()) <= _NAME_LONGEST or not one.name.isprintable():
        return "name", f"say in one line of 1 to {_NAME_LONGEST} characters what they are called"
    if mailbox is None or len(one.email) > texts.LONGEST or not one.email.isprintable():
        return _NO_ADDRESS
    if not all(map(texts.can_be_kept, (one.name, one.email, one.id or "", one.phone or ""))):
        return "name", texts.MEND
    try:
        check_advocate(_advocate(one, one.id or "new"), program)
    except PersonInvalid as error:
        return str(error.facts["field"]), str(error.facts["mend"])
    if one.id is not None and people.merged_into(book, one.id) is not None:
        return "id", "was merged into another; give that one's id"
    known = people.advocate(book, one.id) if one.id is not None else None
    if known is not None and known.ended is not None:
        return "id", "does not take part any more; leave them out"
    return None


def _found(
    book: Book, program: str, one: Vouched, mailbox: str, number: int, now: datetime
) -> Enrolled:
    """Say what is to be done with somebody who can be invited."""
    if _said_no(book, mailbox, now):
        return Enrolled(number=number, result=Invited.DECLINED)
    known = _known(book, one, mailbox)
    if known is None:
        return Enrolled(number=number, result=Invited.NEW, advocate=one.id)
    code = people.first_code(book, known, program)
    if code is not None or invitations.is_invited(book, known, program):
        shown = codes.shown(code) if code else None
        return Enrolled(number=number, result=Invited.STANDS, advocate=known, code=shown)
    return Enrolled(number=number, result=Invited.JOINS, advocate=known)


def _said_no(book: Book, mailbox: str, now: datetime) -> bool:
    """Whether somebody declined; who asked to be forgotten did not ask for mail either."""
    # A dry run writes nothing, not even the key of the hashes.
    if not forgotten.remembers(book):
        return False
    return invitations.has_declined(book, mailbox) or bool(forgotten.person(book, [mailbox], now))


def _known(book: Book, one: Vouched, mailbox: str) -> str | None:
    if one.id is not None:
        return one.id if people.advocate(book, one.id) else None
    # Who is known as a customer may be an employee, too: that is another advocate.
    same = [x for x in advocates.reached_at(book, mailbox) if x.relation is one.relation]
    return same[0].id if same else None


def _invite(
    book: Book,
    program: str,
    one: Vouched,
    found: Enrolled,
    by: str,
    language: str,
    now: datetime,
) -> Enrolled:
    id = found.advocate or new_id(now)
    known = people.advocate(book, id)
    if known is None:
        people.put_advocate(book, _advocate(one, id), now)
    elif known.email is None:
        # Whatever else is known of them, the shop's own pages know better than a list.
        people.put_advocate(book, replace(known, email=one.email), now)
    code = single.drawn(book, id, program, now)
    invitation = invitations.add(
        book, id, program, code, by=by.strip(), language=language, met=known is None, now=now
    )
    deeds.plan(book, Duty.INVITE, invitation, now, now)
    return replace(found, advocate=id, code=codes.shown(code))


def _advocate(one: Vouched, id: str) -> Advocate:
    return Advocate(
        id=id, name=one.name.strip(), email=one.email, phone=one.phone, relation=one.relation
    )
