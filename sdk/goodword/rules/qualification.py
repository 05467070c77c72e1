"""The program's verdict on an order: what stands in the way of a reward."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import timedelta

from goodword.model.credit import Candidate, Evidence, Reason, Verdict
from goodword.model.money import DECIMALS
from goodword.model.order import Order
from goodword.model.program import Program
from goodword.model.terms import Terms
from goodword.model.worth import Worth
from goodword.rules.items import base, nothing_left, remaining


def obstacles(
    order: Order, program: Program, reward: Worth, winner: Candidate, evidence: Evidence
) -> Iterator[Reason]:
    """Yield every reason why the order does not earn (yet)."""
    yield from _of_life(order, program)
    if is_settled(winner):
        # It was judged elsewhere, by other terms: only what becomes of the order is left to tell.
        yield Reason.SETTLED_ELSEWHERE
        return
    yield from _of_terms(order, program, reward)
    yield from _of_friend(order, program.terms, evidence)
    yield from (why for why in winner.against if why is not Reason.RISK_REVIEW)
    said = verdict_on(winner.advocate, evidence)
    if said is Verdict.REFUSED:
        yield Reason.RISK_REFUSED
    elif said is None and (order.doubted or Reason.RISK_REVIEW in winner.against):
        yield Reason.RISK_REVIEW


def settled(candidate: Candidate) -> Candidate:
    """Return a candidate that was rewarded elsewhere: nothing else speaks against it."""
    return replace(candidate, against=(Reason.SETTLED_ELSEWHERE,), shared=())


def is_settled(candidate: Candidate) -> bool:
    """Whether a candidate was rewarded elsewhere."""
    return Reason.SETTLED_ELSEWHERE in candidate.against


def verdict_on(advocate: str, evidence: Evidence) -> Verdict | None:
    """Return the last word on an advocate's referral of this order."""
    said = [one.verdict for one in evidence.reviews if one.advocate == advocate]
    return said[-1] if said else None


def _of_life(order: Order, program: Program) -> Iterator[Reason]:
    if order.test:
        yield Reason.TEST_ORDER
    if order.cancelled is not None:
        yield Reason.CANCELLED
    if order.disputed is not None:
        yield Reason.DISPUTED
    if nothing_left(order, program.terms):
        yield Reason.REFUNDED
    elif order.paid is None and order.cancelled is None:
        yield Reason.NOT_PAID


def _of_terms(order: Order, program: Program, reward: Worth) -> Iterator[Reason]:
    terms = program.terms
    if _units_differ(order, program, reward):
        yield Reason.CURRENCY_DIFFERS
    elif base(order, terms) == 0 < order.net.minor:
        yield Reason.EXCLUDED_ITEMS
    elif _below_minimum(order, program, reward) and not nothing_left(order, terms):
        yield Reason.BELOW_MINIMUM
    if not _allowed(order.country, terms.countries, terms.without_countries):
        yield Reason.COUNTRY
    if not _allowed(order.kind, terms.order_kinds, terms.without_order_kinds):
        yield Reason.ORDER_KIND


def _of_friend(order: Order, terms: Terms, evidence: Evidence) -> Iterator[Reason]:
    if terms.first_order_only and evidence.first_order is False:
        yield Reason.NOT_FIRST_ORDER
    if terms.new_customer_only and _was_known(order, terms, evidence):
        yield Reason.NOT_NEW_CUSTOMER


def _was_known(order: Order, terms: Terms, evidence: Evidence) -> bool:
    """Whether the friend had ordered before, or had an account before the window opened."""
    if evidence.first_order is False:
        return True
    since = order.customer_since
    return since is not None and since < order.placed - timedelta(days=terms.window_days)


def _allowed(found: str | None, only: Collection[str], without: Collection[str]) -> bool:
    """Whether a word is among those allowed; what nobody told is in none of them."""
    return (not only or found in only) and found not in without


def _units_differ(order: Order, program: Program, reward: Worth) -> bool:
    promised = [reward.amount, program.terms.minimum]
    if reward.of_order and program.terms.budget is not None:
        promised.append(program.terms.budget.most)
    return any(
        amount is not None and amount.unit in DECIMALS and amount.unit != order.net.unit
        for amount in promised
    )


def _below_minimum(order: Order, program: Program, reward: Worth) -> bool:
    minimum = program.terms.minimum
    if minimum is None:
        return False
    # A share shrinks with the order; what is fixed stands or falls with the terms as a whole.
    shrinks = reward.of_order or (program.terms.proportional and not reward.in_kind)
    counting = base(order, program.terms) if shrinks else remaining(order, program.terms)
    return counting < minimum.minor
