"""Advocates who move in: many looked up, decided on and written at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from goodword.embedded.moving.codes import Codes
from goodword.embedded.moving.report import Report, some
from goodword.model.moving import MovedAdvocate, MovedCode, Wrong
from goodword.model.people import Advocate, Relation
from goodword.model.program import Program
from goodword.rules import moving as rules
from goodword.rules.moving import Fate, Fault, Here
from goodword.signals import canonical_email, canonical_phone, name_key
from goodword.storage import forgotten, moving, people
from goodword.storage.forgotten import FORGOTTEN
from goodword.storage.moving import KnownPerson
from goodword.storage.sql import Book, micros, moment

_KIND: Final = "advocates"


class Advocates:
    """One moving in of advocates."""

    def __init__(
        self, book: Book, program: Program, codes: Codes, report: Report, now: datetime
    ) -> None:
        self._book = book
        self._program = program
        self._codes = codes
        self._report = report
        self._now = now
        self._remembers = forgotten.remembers(book)
        self._seen: dict[str, int] = {}
        self._merged: dict[str, tuple[str, int]] = {}

    def bring(self, rows: Iterable[MovedAdvocate | Wrong]) -> None:
        """Bring in advocates, and the codes that stand beside them."""
        for many in some(self._report.readable(rows)):
            self._bring(many)
        self._check_merged()

    def _bring(self, many: Sequence[MovedAdvocate]) -> None:
        fine: list[MovedAdvocate] = []
        mailboxes: dict[str, str | None] = {}
        for one in many:
            mailbox = canonical_email(one.advocate.email)
            if self._is_fine(one, mailbox):
                fine.append(one)
                mailboxes[one.advocate.id] = mailbox
        known = moving.people_of(self._book, list(mailboxes))
        no = self._said_no(mailboxes.values())
        new: list[MovedAdvocate] = []
        codes: list[MovedCode] = []
        fates: list[Fate] = []
        for one in fine:
            before = known.get(one.advocate.id)
            fate = self._fate(one, before, said_no=mailboxes[one.advocate.id] in no)
            if isinstance(fate, Fault):
                self._blame(one, fate)
                continue
            fates.append(fate)
            if fate is Fate.NEW and before is None:
                new.append(one)
            elif fate in (Fate.NEW, Fate.CHANGED):
                self._change(one, before)
            if fate is Fate.LEFT_OUT or one.forgotten:
                self._codes.leave_out(one.advocate.id, forgotten=one.forgotten)
            elif before is None or before.merged_into is None:
                code = self._code(one)
                if code is not None:
                    codes.append(code)
        self._report.count_each(_KIND, fates)
        self._add(new, mailboxes)
        self._codes.bring(_KIND, codes)

    def _is_fine(self, one: MovedAdvocate, mailbox: str | None) -> bool:
        before = self._seen.get(one.advocate.id)
        if before is not None:
            fault = Fault("id", f"stands in line {before}, too; give each advocate once")
            self._report.blame(_KIND, one.line, fault)
            return False
        wrong = rules.fault_of_advocate(one, mailbox, self._now)
        if wrong is not None:
            self._blame(one, wrong)
            return False
        self._seen[one.advocate.id] = one.line
        if one.merged_into is not None:
            self._merged[one.advocate.id] = (one.merged_into, one.line)
        return True

    def _blame(self, one: MovedAdvocate, fault: Fault) -> None:
        self._report.blame(_KIND, one.line, fault)
        self._codes.blamed.add(one.advocate.id)

    def _said_no(self, mailboxes: Iterable[str | None]) -> set[str | None]:
        if not self._remembers:
            return set()
        told = [one for one in mailboxes if one is not None]
        return {*moving.said_no(self._book, told, self._now)}

    def _fate(
        self, one: MovedAdvocate, before: KnownPerson | None, *, said_no: bool
    ) -> Fate | Fault:
        if one.code is not None:
            fault = rules.fault_of_relation(one.advocate.relation, self._program)
            if fault is not None:
                return fault
        here = None if before is None else _here(before)
        return rules.fate_of_advocate(one, _phone(one), here, said_no=said_no)

    def _code(self, one: MovedAdvocate) -> MovedCode | None:
        """Return the code beside an advocate; who takes part and has none is drawn one later."""
        if one.code is not None:
            return MovedCode(
                text=one.code,
                advocate=one.advocate.id,
                coupon=one.coupon,
                made=one.since,
                line=one.line,
            )
        if one.advocate.ended is None and one.merged_into is None:
            self._codes.expect(one)
        return None

    def _change(self, one: MovedAdvocate, before: KnownPerson | None) -> None:
        here = None if before is None else _here(before)
        who = replace(one.advocate, ended=rules.ended(one, here))
        people.put_advocate(self._book, who, one.since or self._now)
        if one.account is not None:
            moving.set_account(self._book, who.id, one.account)

    def _add(self, new: Sequence[MovedAdvocate], mailboxes: Mapping[str, str | None]) -> None:
        # Each row is made as it is written: kept, the garbage collector would look through them.
        shop, now = self._book.shop, micros(self._now)
        persons = (_person(shop, one, mailboxes[one.advocate.id]) for one in new)
        moving.add_people(self._book, persons)
        moving.add_advocates(self._book, (_advocate(shop, one, now) for one in new))

    def _check_merged(self) -> None:
        """Look whether those whom others were merged into are here, too."""
        into = sorted({kept for kept, _line in self._merged.values()})
        known = moving.people_of(self._book, into)
        for kept, line in self._merged.values():
            one = known.get(kept)
            if (one is None or one.relation is None) and kept not in self._seen:
                fault = Fault("merged_into", f"nobody goes by {kept!r}; bring them along, too")
                self._report.blame(_KIND, line, fault)
            elif kept in self._merged or (one is not None and one.merged_into is not None):
                fault = Fault("merged_into", f"{kept!r} was merged, too; name who goes on for both")
                self._report.blame(_KIND, line, fault)


def _person(shop: str, one: MovedAdvocate, mailbox: str | None) -> tuple[Any, ...]:
    who = one.advocate
    if one.forgotten:
        return (shop, who.id, None, None, None, FORGOTTEN, None, None, None)
    reached = (_phone(one), one.account, name_key(who.name))
    return (shop, who.id, who.name, who.email or None, mailbox, "advocate", *reached)


def _advocate(shop: str, one: MovedAdvocate, now: int | None) -> tuple[Any, ...]:
    who = one.advocate
    since = micros(one.since) if one.since else now
    ends = now if one.forgotten and who.ended is None else micros(who.ended)
    return (shop, who.id, who.relation.value, since, ends, one.merged_into)


def _phone(one: MovedAdvocate) -> str | None:
    return canonical_phone(one.advocate.phone) if one.advocate.phone else None


def _here(before: KnownPerson) -> Here:
    who = None
    if before.relation is not None:
        who = Advocate(
            id=before.id,
            name=before.name or "",
            email=before.email,
            phone=before.phone,
            relation=Relation(before.relation),
            ended=moment(before.ended),
        )
    merged, gone = before.merged_into is not None, before.met_as == FORGOTTEN
    return Here(who, before.account, merged, gone)
