"""What an order names, looked up once and kept."""

from __future__ import annotations

from dataclasses import dataclass, replace

from goodword.model.credit import Candidate, Evidence, Reason, Rung
from goodword.model.order import Order
from goodword.model.people import CouponUse
from goodword.model.program import Program
from goodword.rules import codes
from goodword.rules.credit import Trace, traces
from goodword.signals import canonical_email
from goodword.storage import orders, people, visits
from goodword.storage.orders import Kept
from goodword.storage.sql import Book


@dataclass(frozen=True, slots=True, order=True)
class SpentReward:
    """A reward's coupon, and the order that earned it."""

    order: str
    text: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """The evidence for an order, and what it means for rewards spent in it."""

    evidence: Evidence
    spends: frozenset[SpentReward]
    """The reward coupons that it spends, and did not before."""
    frees: frozenset[SpentReward]
    """Those that it spent before, and spends no more."""


def gather(book: Book, order: Order, friend: str | None, kept: Kept | None) -> Gathered:
    """Look up what the order names.

    What was found before stays as it was found; what was not is looked for again.
    """
    before = kept.evidence if kept else Evidence()
    who = _Friend.of(book, order, friend, kept)
    found = {one.source: who.checked(book, one) for one in before.candidates}
    programs = {(one.name, one.version): one for one in before.programs}
    offers = set(before.offers)
    spends = set()
    for trace in traces(order):
        if trace.source in found:
            known = found[trace.source]
            # A visit keeps its own moment; all else has the moment that this state tells.
            at = known.at if trace.rung is Rung.VISIT else trace.at
            found[trace.source] = replace(known, rung=trace.rung, at=at)
            continue
        code = trace.key
        if trace.source.startswith("coupon:"):
            coupon = people.coupon(book, trace.key)
            if coupon is None:
                continue
            use, named, earned_by = coupon
            if use is CouponUse.REWARD and earned_by is not None:
                # One's own reward spent at the checkout is no referral.
                spends.add(SpentReward(earned_by, trace.key))
                continue
            offers.add(trace.key)
            code = named or ""
        measured = _measured(book, order, trace, code, who)
        if measured is not None:
            found[trace.source], program = measured
            programs[program.name, program.version] = program
    evidence = Evidence(
        candidates=tuple(found.values()),
        programs=tuple(programs.values()),
        offers=tuple(sorted(offers)),
    )
    first = _first_order(book, order, friend, before, evidence)
    after = frozenset() if order.cancelled else frozenset(spends)
    held = _spent(book, kept) if kept else frozenset()
    return Gathered(replace(evidence, first_order=first), after - held, held - after)


@dataclass(frozen=True, slots=True)
class _Friend:
    """Who placed the order, and whether that is news."""

    customer: str | None
    mailbox: str | None
    changed: bool

    @classmethod
    def of(cls, book: Book, order: Order, friend: str | None, kept: Kept | None) -> _Friend:
        customer, mailbox = order.customer, canonical_email(order.email)
        before = kept.order.customer if kept else None
        if mailbox is None:
            # An order that was erased still was placed by whoever placed it.
            customer = customer or before
            mailbox = people.mailbox_of(book, friend) if friend else None
        changed = kept is not None and (kept.friend, before) != (friend, order.customer)
        return cls(customer, mailbox, changed)

    def checked(self, book: Book, candidate: Candidate) -> Candidate:
        """Return the candidate, its self-referral decided anew if the friend is another."""
        if not self.changed:
            return candidate
        others = tuple(why for why in candidate.against if why is not Reason.SELF_REFERRAL)
        mailbox = people.mailbox_of(book, candidate.advocate)
        return replace(candidate, against=self.against(candidate.advocate, mailbox) + others)

    def against(self, advocate: str, mailbox: str | None) -> tuple[Reason, ...]:
        oneself = advocate == self.customer or (mailbox is not None and mailbox == self.mailbox)
        return (Reason.SELF_REFERRAL,) if oneself else ()


def _measured(
    book: Book, order: Order, trace: Trace, code: str, who: _Friend
) -> tuple[Candidate, Program] | None:
    """Return the candidate that a trace leads to, and its program as of the order's placing."""
    at = trace.at
    if trace.rung is Rung.VISIT:
        visit = visits.find(book, trace.key)
        if visit is None:
            return None
        code, at = visit.code, visit.at
    measured = orders.measure(book, code, order.placed)
    if measured is None:
        return None
    candidate = Candidate(
        rung=trace.rung,
        source=trace.source,
        code=measured.code,
        advocate=measured.advocate,
        program=measured.program.name,
        version=measured.program.version,
        at=at,
        against=who.against(measured.advocate, measured.mailbox) + measured.against,
    )
    return candidate, measured.program


def _spent(book: Book, kept: Kept) -> frozenset[SpentReward]:
    """Return the reward coupons that the kept state spends."""
    if kept.order.cancelled:
        return frozenset()
    texts = {codes.coupon(used.text) for used in kept.order.coupons}
    found = {text: people.coupon(book, text) for text in texts - set(kept.evidence.offers)}
    return frozenset(
        SpentReward(coupon[2], text)
        for text, coupon in found.items()
        if coupon is not None and coupon[2] is not None
    )


def _first_order(
    book: Book, order: Order, friend: str | None, before: Evidence, evidence: Evidence
) -> bool | None:
    """Whether it is the friend's first order: asked once, and only where a program minds."""
    if before.first_order is not None:
        return before.first_order
    if order.first_order is not None:
        return order.first_order
    minds = any(program.terms.first_order_only for program in evidence.programs)
    if not minds or friend is None:
        return None
    return orders.is_first(book, order.id, friend, order.placed)
