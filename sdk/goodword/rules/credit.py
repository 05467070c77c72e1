"""Who gets the credit, and whether it counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from goodword.model.credit import Candidate, Decision, Evidence, Loser, Lost, Reason, Rung, State
from goodword.model.order import CodeVia, Order
from goodword.model.program import Program, Worth
from goodword.rules import codes
from goodword.rules.orders import is_refunded, remaining


@dataclass(frozen=True, slots=True)
class Trace:
    """Something on an order that may lead to a candidate."""

    rung: Rung
    source: str
    key: str
    at: datetime | None = None


def traces(order: Order) -> Iterator[Trace]:
    """Yield what on the order may lead to somebody, strongest first."""
    for used in order.coupons:
        text = codes.coupon(used.text)
        yield Trace(Rung.COUPON, f"coupon:{text}", text)
    if order.code:
        text = codes.folded(order.code)
        # A code that the link left behind was never typed: it is only the platform's own note.
        rung = Rung.COUPON if order.code_via is CodeVia.TYPED else Rung.LANDING
        yield Trace(rung, f"code:{text}", text)
    if order.visit:
        yield Trace(Rung.VISIT, f"visit:{order.visit}", order.visit)
    if order.landing:
        text = codes.folded(order.landing.code)
        yield Trace(Rung.LANDING, f"landing:{text}", text, order.landing.at)


def against(
    placed: datetime,
    *,
    code_ended: datetime | None,
    advocate_ended: datetime | None,
    live_from: datetime,
    live_until: datetime | None,
) -> tuple[Reason, ...]:
    """Say what spoke against a code when the order was placed."""
    measured = (
        (Reason.CODE_ENDED, code_ended is not None and code_ended <= placed),
        (Reason.ADVOCATE_INACTIVE, advocate_ended is not None and advocate_ended <= placed),
        (
            Reason.PROGRAM_NOT_LIVE,
            placed < live_from or (live_until is not None and live_until <= placed),
        ),
    )
    return tuple(reason for reason, holds in measured if holds)


def credit(order: Order, evidence: Evidence) -> Decision:
    """Decide who gets the credit for the order, and what stands in the way of a reward.

    Only what the order still names counts, so the same state gives the same decision however
    it came about.
    """
    programs = {(program.name, program.version): program for program in evidence.programs}
    inside: list[Candidate] = []
    lost: list[Loser] = []
    for candidate in _named(order, evidence):
        program = programs[candidate.program, candidate.version]
        if _in_window(candidate, program, order.placed):
            inside.append(candidate)
        else:
            lost.append(Loser(candidate=candidate, why=Lost.OUTSIDE_WINDOW))
    if not inside:
        return Decision(lost=tuple(lost), reasons=(Reason.OUTSIDE_WINDOW,) if lost else ())
    winner = _strongest(inside)
    program = programs[winner.program, winner.version]
    return Decision(
        winner=winner,
        program=program,
        lost=(*_losers(inside, winner), *lost),
        reasons=(*_obstacles(order, program, evidence), *winner.against),
    )


def state(decision: Decision, order: Order) -> State:
    """Where the referral stands, by the decision alone."""
    reasons = set(decision.reasons)
    if not reasons:
        return State.QUALIFIED
    if reasons & {Reason.CANCELLED, Reason.REFUNDED} and order.paid is not None:
        return State.REVERSED
    return State.PENDING if reasons == {Reason.NOT_PAID} else State.REJECTED


def _named(order: Order, evidence: Evidence) -> Iterator[Candidate]:
    """Yield the candidates in the order's own sequence, not in that of their discovery."""
    found = {candidate.source: candidate for candidate in evidence.candidates}
    for source in dict.fromkeys(trace.source for trace in traces(order)):
        if source in found:
            yield found[source]


def _in_window(candidate: Candidate, program: Program, placed: datetime) -> bool:
    if candidate.at is None:
        return True
    return timedelta(0) <= placed - candidate.at <= timedelta(days=program.terms.window_days)


def _strongest(candidates: Sequence[Candidate]) -> Candidate:
    rung = min(candidate.rung for candidate in candidates)
    level = [candidate for candidate in candidates if candidate.rung == rung]
    dated = [candidate for candidate in level if candidate.at is not None]
    # The last counts: by moment where there is one, else by place on the order.
    return max(dated, key=lambda one: (one.at, one.source)) if dated else level[-1]


def _losers(candidates: Iterable[Candidate], winner: Candidate) -> Iterator[Loser]:
    for candidate in candidates:
        if candidate is winner:
            continue
        if (candidate.advocate, candidate.program) == (winner.advocate, winner.program):
            why = Lost.AGREES
        elif candidate.rung == winner.rung:
            why = Lost.EARLIER
        else:
            why = Lost.WEAKER
        yield Loser(candidate=candidate, why=why)


def _obstacles(order: Order, program: Program, evidence: Evidence) -> Iterator[Reason]:
    if order.test:
        yield Reason.TEST_ORDER
    if order.cancelled is not None:
        yield Reason.CANCELLED
    if nothing_left(order):
        yield Reason.REFUNDED
    elif order.paid is None and order.cancelled is None:
        yield Reason.NOT_PAID
    if _units_differ(order, program):
        yield Reason.CURRENCY_DIFFERS
    elif _below_minimum(order, program) and not nothing_left(order):
        yield Reason.BELOW_MINIMUM
    if program.terms.first_order_only and evidence.first_order is False:
        yield Reason.NOT_FIRST_ORDER


def nothing_left(order: Order) -> bool:
    """Whether refunds leave nothing of the base to reward."""
    return is_refunded(order) or (bool(order.refunds) and order.net.minor > 0 == remaining(order))


def _units_differ(order: Order, program: Program) -> bool:
    promised = (program.reward.amount, program.terms.minimum)
    return any(amount is not None and amount.unit != order.net.unit for amount in promised)


def _below_minimum(order: Order, program: Program) -> bool:
    minimum = program.terms.minimum
    if minimum is None:
        return False
    # A share shrinks with the order; what is fixed stands or falls with the terms as a whole.
    base = order.net.minor if _shrinks(program.reward) else remaining(order)
    return base < minimum.minor


def _shrinks(reward: Worth) -> bool:
    return reward.of_order
