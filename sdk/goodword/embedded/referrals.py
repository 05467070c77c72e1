"""One shop's referrals on a database of this process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from goodword.embedded import invitations, orders
from goodword.embedded.explaining import explain
from goodword.embedded.rewards import balance, rewards
from goodword.errors import (
    Invalid,
    UnknownAdvocate,
    UnknownCode,
    UnknownProgram,
    UnknownThanks,
    VisitInvalid,
)
from goodword.interface.referrals import Referrals
from goodword.interface.wings import Advocates, Credit, Programs, Rewards, ThanksGiving
from goodword.model.credit import Visit, Visiting
from goodword.model.followup import Thanks
from goodword.model.order import Order, Refund
from goodword.model.outcome import Explanation, Outcome, Reward, Standing
from goodword.model.people import Advocate, Code
from goodword.model.program import Program
from goodword.rules import codes
from goodword.rules import orders as order_rules
from goodword.rules import programs as program_rules
from goodword.storage import deeds, people, programs, visits
from goodword.storage.desk import Desk
from goodword.storage.sql import Book

_WORD_LONGEST = 64
_LANDING_LONGEST = 2000


class EmbeddedReferrals(Referrals):
    """`Referrals` on a database of this process."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.programs = _Programs(desk)
        self.advocates = _Advocates(desk)
        self.credit = _Credit(desk)
        self.rewards = _Rewards(desk)
        self.thanks = _Thanks(desk)

    def find_code(self, text: str) -> Code:
        code = self._desk.read(lambda book: people.code(book, codes.folded(text)))
        if code is None:
            raise UnknownCode(text=text)
        return code

    def record_visit(self, visiting: Visiting) -> Visit:
        _check_visiting(visiting)
        code, now = codes.folded(visiting.code), self._desk.now()
        visit = visits.record(self._desk, visiting, code, now)
        if visit is None:
            raise UnknownCode(text=visiting.code)
        return visit

    def record_order(self, order: Order, *, confirmed: bool = False) -> Outcome:
        order_rules.check(order)
        now = self._desk.now()
        return self._desk.write(
            lambda book: orders.record_order(book, order, now, confirmed=confirmed)
        )

    def record_refund(self, order: str, refund: Refund) -> Outcome:
        order_rules.check_id("order", order)
        now = self._desk.now()
        return self._desk.write(lambda book: orders.record_refund(book, order, refund, now))


class _Programs(Programs):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def save(self, program: Program) -> Program:
        now = self._desk.now()

        def work(book: Book) -> Program:
            program_rules.check(program, programs.grants(book))
            newest = programs.newest(book, program.name)
            if newest is not None and replace(program, version=0, saved=None) == replace(
                newest, version=0, saved=None
            ):
                return newest
            version = newest.version + 1 if newest else 1
            saved = replace(program, version=version, saved=now)
            programs.add(book, saved)
            return saved

        return self._desk.write(work)

    def find(self, name: str) -> Program:
        program = self._desk.read(lambda book: programs.newest(book, name))
        if program is None:
            raise UnknownProgram(name=name)
        return program

    def list(self) -> Sequence[Program]:
        return self._desk.read(programs.every)


class _Advocates(Advocates):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def invite(
        self,
        program: str,
        advocate: Advocate,
        *,
        code: str | None = None,
        coupon: str | None = None,
    ) -> Code:
        now = self._desk.now()
        return self._desk.write(
            lambda book: invitations.invite(book, program, advocate, code, coupon, now)
        )

    def draw(self, program: str, advocate: str, many: int) -> Sequence[str]:
        now = self._desk.now()
        return self._desk.write(lambda book: invitations.draw(book, program, advocate, many, now))

    def find(self, id: str) -> Advocate:
        return self._desk.read(lambda book: _advocate(book, id))


class _Credit(Credit):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def explain(self, order: str, *, language: str = "en") -> Explanation:
        return self._desk.read(lambda book: explain(book, order, language))


class _Rewards(Rewards):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def list(self, advocate: str) -> Sequence[Reward]:
        return self._desk.read(lambda book: rewards(book, _advocate(book, advocate).id))

    def balance(self, advocate: str) -> Sequence[Standing]:
        return self._desk.read(lambda book: balance(book, _advocate(book, advocate).id))


class _Thanks(ThanksGiving):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def owed(self) -> Sequence[Thanks]:
        return self._desk.read(deeds.owed_thanks)

    def keep(self, id: str, *, channel: str = "in_person") -> Thanks:
        if not 0 < len(channel) <= _WORD_LONGEST:
            raise Invalid(field="channel", mend=f"name it in 1 to {_WORD_LONGEST} characters")
        now = self._desk.now()

        def work(book: Book) -> Thanks:
            deeds.keep_thanks(book, id, channel, now)
            thanks = deeds.find_thanks(book, id)
            if thanks is None:
                raise UnknownThanks(id=id)
            return thanks

        return self._desk.write(work)


def _advocate(book: Book, id: str) -> Advocate:
    advocate = people.advocate(book, id)
    if advocate is None:
        raise UnknownAdvocate(id=id)
    return advocate


def _check_visiting(visiting: Visiting) -> None:
    for field, text, longest in (
        ("via", visiting.via, _WORD_LONGEST),
        ("visitor", visiting.visitor, _WORD_LONGEST),
        ("landing", visiting.landing, _LANDING_LONGEST),
    ):
        if text is not None and len(text) > longest:
            raise VisitInvalid(field=field, mend=f"use at most {longest} characters")
