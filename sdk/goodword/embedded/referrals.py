"""One shop's referrals on a database of this process."""

from __future__ import annotations

from functools import cached_property

from goodword.embedded import claiming as claims
from goodword.embedded import offering, orders, wings
from goodword.errors import Invalid, ProgramPaused, UnknownCode, VisitInvalid
from goodword.interface.referrals import Referrals
from goodword.interface.words import Messages
from goodword.model.credit import Visit, Visiting
from goodword.model.offer import Offered, OfferState
from goodword.model.order import Order, Refund
from goodword.model.outcome import Outcome
from goodword.model.people import Asked, Claim, Claiming, Code
from goodword.rules import codes, texts
from goodword.rules import orders as order_rules
from goodword.signals import name_key
from goodword.storage import people, visits
from goodword.storage.desk import Desk

_WORD_LONGEST = 64
_LANDING_LONGEST = 2000


class EmbeddedReferrals(Referrals):
    """`Referrals` on a database of this process."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.programs = wings.Programs(desk)
        self.advocates = wings.Advocates(desk)
        self.credit = wings.Credit(desk)
        self.reviews = wings.Reviews(desk)
        self.rewards = wings.Rewards(desk)
        self.thanks = wings.ThanksGiving(desk)
        self.proofs = wings.Proofs(desk)
        self.people = wings.People(desk)

    @cached_property
    def messages(self) -> Messages:  # type: ignore[override]  # Set once, as any other wing.
        # Jinja takes 50 ms to import; only a process that says something pays for it.
        from goodword.embedded.messages import Messages

        return Messages(self._desk)

    def find_code(self, text: str) -> Code:
        code = people.look_up(self._desk, codes.folded(text))
        if code is None:
            raise UnknownCode(text=text)
        return code

    def find_offer(self, text: str) -> Offered:
        now = self._desk.now()
        found = self._desk.read(lambda book: offering.offered(book, codes.folded(text), now))
        if found is None:
            raise UnknownCode(text=text)
        return found

    def ask_name(self, name: str, hint: str | None = None) -> Asked:
        if name_key(name) is None or not texts.can_be_kept(name):
            raise Invalid(field="name", mend="is no name; write it as they call themself")
        if hint is not None and (len(hint) > texts.LONGEST or not texts.can_be_kept(hint)):
            raise Invalid(field="hint", mend="give their code, e-mail address or phone")
        return Asked()

    def record_visit(self, visiting: Visiting) -> Visit:
        _check_visiting(visiting)
        code, now = codes.folded(visiting.code), self._desk.now()
        visit = visits.record(self._desk, visiting, code, now)
        if visit is None:
            offer = self._desk.read(lambda book: offering.offered(book, code, now))
            if offer is not None and offer.state is OfferState.PAUSED:
                raise ProgramPaused(text=code)
            raise UnknownCode(text=visiting.code)
        return visit

    def claim(self, claiming: Claiming) -> Claim:
        now = self._desk.now()
        return self._desk.write(lambda book: claims.claim(book, claiming, now))

    def find_claim(self, id: str) -> Claim:
        return self._desk.read(lambda book: claims.find(book, id))

    def confirm(self, claim: str, *, account: str | None = None) -> Claim:
        now = self._desk.now()
        return self._desk.write(lambda book: claims.confirm(book, claim, account, now))

    def record_order(self, order: Order, *, confirmed: bool = False) -> Outcome:
        now = self._desk.now()
        order_rules.check(order, now)
        return self._desk.write(
            lambda book: orders.record_order(book, order, now, confirmed=confirmed)
        )

    def record_refund(self, order: str, refund: Refund) -> Outcome:
        order_rules.check_id("order", order)
        now = self._desk.now()
        return self._desk.write(lambda book: orders.record_refund(book, order, refund, now))


def _check_visiting(visiting: Visiting) -> None:
    for field, text, longest in (
        ("via", visiting.via, _WORD_LONGEST),
        ("visitor", visiting.visitor, _WORD_LONGEST),
        ("landing", visiting.landing, _LANDING_LONGEST),
    ):
        if text is not None and len(text) > longest:
            raise VisitInvalid(field=field, mend=f"use at most {longest} characters")
