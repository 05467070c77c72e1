"""The wings of one shop's referrals, on a database of this process."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from goodword import paging
from goodword.embedded import (
    enrolling,
    imagining,
    invitations,
    mine,
    pausing,
    paying,
    personal,
    proving,
    ruling,
)
from goodword.embedded.explaining import explain
from goodword.embedded.placing import CountsOf
from goodword.embedded.rewards import balance, rewards
from goodword.errors import Invalid, ProgramChanged, UnknownThanks
from goodword.interface import wings
from goodword.model.credit import Verdict
from goodword.model.followup import Thanks
from goodword.model.invitation import Answer, Brought, Enrolled, Vouched
from goodword.model.order import Order
from goodword.model.outcome import (
    Difference,
    Explanation,
    Outcome,
    Paid,
    Referral,
    Replay,
    Reward,
    Standing,
    Trial,
)
from goodword.model.people import Advocate, Code
from goodword.model.program import Program
from goodword.model.proof import Proof
from goodword.rules import orders as order_rules
from goodword.rules import programs as program_rules
from goodword.signals import canonical_email
from goodword.storage import advocates, deeds, ledger, orders, pauses, people, programs, thanks
from goodword.storage.desk import Desk
from goodword.storage.locks import alone
from goodword.storage.sql import Book
from goodword.zones import zone_of

_CHANNEL_LONGEST = 64


class Programs(wings.Programs):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def save(self, program: Program, *, over: int | None = None) -> Program:
        now = self._desk.now()

        def work(book: Book) -> Program:
            program_rules.check(program, programs.grants(book))
            # Two that save at once become two versions, one after the other.
            alone(book, f"program {program.name}")
            newest = programs.newest(book, program.name)
            stands = newest.version if newest else 0
            if over not in (None, stands):
                raise ProgramChanged(name=program.name, version=stands)
            since = pauses.since(book, program.name)
            if newest is not None and _as_said(program) == _as_said(newest):
                return replace(newest, paused=since)
            saved = replace(program, version=stands + 1, saved=now, paused=since)
            programs.add(book, saved)
            if newest is not None and newest.combines_with != saved.combines_with:
                deeds.adjust_gifts(book, saved.name, now)
                deeds.adjust_rewards(book, saved.name, now)
            return saved

        return self._desk.write(work)

    def find(self, name: str) -> Program:
        return self._desk.read(lambda book: pausing.found(book, name))

    def list(self) -> Sequence[Program]:
        return self._desk.read(pausing.every)

    def pause(self, name: str) -> Program:
        now = self._desk.now()
        return self._desk.write(lambda book: pausing.pause(book, name, now))

    def resume(self, name: str) -> Program:
        now = self._desk.now()
        return self._desk.write(lambda book: pausing.resume(book, name, now))

    def try_out(
        self, order: Order, *, program: Program | None = None, language: str = "en"
    ) -> Trial:
        order_rules.check(order, self._desk.now())

        def work(book: Book) -> Trial:
            if program is not None:
                program_rules.check(program, programs.grants(book))
            return imagining.try_out(book, order, program, language)

        return self._desk.read(work)


def _as_said(program: Program) -> Program:
    """Return a program without what is given on saving."""
    return replace(program, version=0, saved=None, paused=None)


class Advocates(wings.Advocates):
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

    def enroll(
        self,
        program: str,
        people: Sequence[Vouched],
        *,
        by: str,
        language: str = "en",
        dry_run: bool = False,
    ) -> Sequence[Enrolled]:
        enrolling.check(people, by, language)
        now = self._desk.now()
        if dry_run:
            return self._desk.read(lambda book: enrolling.look(book, program, people, now))
        return self._desk.write(
            lambda book: enrolling.enroll(book, program, people, by, language, now)
        )

    def reached_at(self, email: str) -> Sequence[Advocate]:
        mailbox = canonical_email(email)
        if mailbox is None:
            return ()
        return self._desk.read(lambda book: advocates.reached_at(book, mailbox))

    def codes(self, id: str) -> Sequence[Code]:
        return self._desk.read(lambda book: mine.codes_of(book, invitations.known(book, id).id))

    def brought(self, id: str) -> Sequence[Brought]:
        return self._desk.read(lambda book: mine.brought(book, invitations.known(book, id).id))

    def why(self, id: str, order: str, *, language: str = "en", zone: str | None = None) -> Answer:
        here = zone_of(zone)

        def work(book: Book) -> Answer:
            return mine.why(book, invitations.known(book, id).id, order, language, here)

        return self._desk.read(work)

    def find(self, id: str) -> Advocate:
        return self._desk.read(lambda book: invitations.known(book, id))

    def rotate(self, program: str, advocate: str, *, code: str | None = None) -> Code:
        now = self._desk.now()
        return self._desk.write(lambda book: invitations.rotate(book, program, advocate, code, now))

    def merge(self, gone: str, into: str) -> Advocate:
        now = self._desk.now()
        return self._desk.write(lambda book: invitations.merge(book, gone, into, now))


class Credit(wings.Credit):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def explain(self, order: str, *, language: str = "en") -> Explanation:
        return self._desk.read(lambda book: explain(book, order, language))

    def assign(self, order: str, code: str, *, reason: str, by: str = "owner") -> Outcome:
        now = self._desk.now()
        return self._desk.write(lambda book: ruling.assign(book, order, code, reason, by, now))

    def replay(self, since: datetime, until: datetime, *, as_placed: bool = False) -> Replay:
        def look(order: str, counts: CountsOf | None) -> Sequence[Difference]:
            return self._desk.read(lambda book: imagining.differences_of(book, order, counts))

        return imagining.replay(self._desk.read, look, since, until, as_placed=as_placed)


class Reviews(wings.Reviews):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def open(self, *, after: str | None = None, limit: int | None = None) -> Sequence[Referral]:
        (order,) = paging.key_after(Referral, after) or ("",)
        most = paging.most(limit)
        return self._desk.read(lambda book: ruling.in_review(book, order, most))

    def decide(self, order: str, verdict: Verdict, *, reason: str, by: str = "owner") -> Outcome:
        said, now = ruling.verdict(verdict), self._desk.now()
        return self._desk.write(lambda book: ruling.decide(book, order, said, reason, by, now))


class Rewards(wings.Rewards):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def list(
        self, advocate: str, *, after: str | None = None, limit: int | None = None
    ) -> Sequence[Reward]:
        key, most = paging.key_after(Reward, after), paging.most(limit)
        return self._desk.read(
            lambda book: rewards(book, invitations.known(book, advocate).id, key, most)
        )

    def balance(self, advocate: str) -> Sequence[Standing]:
        return self._desk.read(lambda book: balance(book, invitations.known(book, advocate).id))

    def mark_paid(
        self, advocate: str, *, reference: str, orders: Collection[str] | None = None
    ) -> Sequence[Paid]:
        now = self._desk.now()

        def work(book: Book) -> tuple[Paid, ...]:
            known = invitations.known(book, advocate)
            return paying.mark_paid(book, known.id, reference, orders, now)

        return self._desk.write(work)

    def statement(self, since: datetime, until: datetime, *, advocate: str | None = None) -> str:
        imagining.check_period(since, until)

        def work(book: Book) -> str:
            ids = (
                []
                if advocate is None
                else people.ids_of(book, invitations.known(book, advocate).id)
            )
            found = ledger.rewards_between(book, since, until)
            commissions = paying.commissions_among(book, found)
            return paying.statement(found, commissions, ids)

        return self._desk.read(work)


class ThanksGiving(wings.ThanksGiving):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def owed(self, *, after: str | None = None, limit: int | None = None) -> Sequence[Thanks]:
        key, most = paging.key_after(Thanks, after), paging.most(limit)
        return self._desk.read(lambda book: thanks.owed(book, key, most))

    def of(self, advocate: str) -> Sequence[Thanks]:
        def work(book: Book) -> Sequence[Thanks]:
            ids = people.ids_of(book, invitations.known(book, advocate).id)
            found = [one for id in ids for one in thanks.to(book, id)]
            return sorted(found, key=lambda one: (one.by, one.id))

        return self._desk.read(work)

    def keep(self, id: str, *, channel: str = "in_person") -> Thanks:
        if not 0 < len(channel) <= _CHANNEL_LONGEST:
            raise Invalid(field="channel", mend=f"name it in 1 to {_CHANNEL_LONGEST} characters")
        now = self._desk.now()

        def work(book: Book) -> Thanks:
            promised = thanks.find(book, id)
            if promised is None:
                raise UnknownThanks(id=id)
            orders.find(book, promised.order, lock=True)
            thanks.keep(book, id, channel, now)
            return thanks.find(book, id) or promised

        return self._desk.write(work)


class Proofs(wings.Proofs):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def save(self, proof: Proof) -> Proof:
        now = self._desk.now()
        return self._desk.write(lambda book: proving.save(book, proof, now))

    def list(self) -> Sequence[Proof]:
        return self._desk.read(proving.every)

    def remove(self, id: str) -> None:
        self._desk.write(lambda book: proving.remove(book, id))


class People(wings.People):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def export(self, id: str) -> Mapping[str, Any]:
        return self._desk.read(lambda book: personal.export(book, id))

    def forget(self, id: str) -> None:
        now = self._desk.now()
        self._desk.write(lambda book: personal.forget(book, id, now))

    def decline(self, id: str) -> None:
        now = self._desk.now()
        self._desk.write(lambda book: enrolling.decline(book, id, now))
