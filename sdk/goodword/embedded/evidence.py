"""What an order names, looked up once and kept."""

from __future__ import annotations

from dataclasses import dataclass, replace

from goodword.model.credit import Candidate, Evidence, Reason, Rung
from goodword.model.order import Order
from goodword.model.people import CouponUse
from goodword.rules.credit import Trace, traces
from goodword.signals import canonical_email
from goodword.storage import orders, people, visits
from goodword.storage.orders import Kept
from goodword.storage.sql import Book


@dataclass(frozen=True, slots=True)
class Gathered:
    """The evidence for an order, and the earning orders whose reward coupons it spends."""

    evidence: Evidence
    spends: tuple[str, ...]


def gather(book: Book, order: Order, friend: str | None, kept: Kept | None) -> Gathered:
    """Look up what the order names.

    What was found before stays as it was found; what was not is looked for again.
    """
    before = kept.evidence if kept else Evidence()
    found = {candidate.source: candidate for candidate in before.candidates}
    offers = set(before.offers)
    spends = []
    mailbox = _mailbox(book, order, friend)
    for trace in traces(order):
        if trace.source in found:
            known = found[trace.source]
            found[trace.source] = replace(known, rung=trace.rung, at=trace.at or known.at)
            continue
        code = trace.key
        if trace.source.startswith("coupon:"):
            coupon = people.coupon(book, trace.key)
            if coupon is None:
                continue
            use, named, earned_by = coupon
            if use is CouponUse.REWARD and earned_by is not None:
                # One's own reward spent at the checkout is no referral.
                spends.append(earned_by)
                continue
            offers.add(trace.key)
            code = named or ""
        candidate = _candidate(book, order, trace, code, mailbox)
        if candidate is not None:
            found[trace.source] = candidate
    candidates = tuple(found.values())
    evidence = Evidence(
        candidates=candidates,
        programs=orders.programs_of(book, candidates),
        offers=tuple(sorted(offers)),
    )
    first = _first_order(book, order, friend, before, evidence)
    return Gathered(replace(evidence, first_order=first), tuple(spends))


def _candidate(
    book: Book, order: Order, trace: Trace, code: str, mailbox: str | None
) -> Candidate | None:
    at = trace.at
    if trace.rung is Rung.VISIT:
        visit = visits.find(book, trace.key)
        if visit is None:
            return None
        code, at = visit.code, visit.at
    measured = orders.measure(book, code, order.placed)
    if measured is None:
        return None
    oneself = measured.advocate == order.customer or (
        mailbox is not None and mailbox == measured.mailbox
    )
    return Candidate(
        rung=trace.rung,
        source=trace.source,
        code=measured.code,
        advocate=measured.advocate,
        program=measured.program,
        version=measured.version,
        at=at,
        against=(Reason.SELF_REFERRAL, *measured.against) if oneself else measured.against,
    )


def _mailbox(book: Book, order: Order, friend: str | None) -> str | None:
    if order.email is not None:
        return canonical_email(order.email)
    return people.mailbox_of(book, friend) if friend else None


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
