"""Who gets the credit, and whether it counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from goodword.model.credit import Candidate, Decision, Evidence, Loser, Lost, Reason, State
from goodword.model.order import CodeVia, Order
from goodword.model.program import Program
from goodword.model.rung import Rung
from goodword.model.terms import Terms, Within
from goodword.rules import codes, places
from goodword.rules.items import base
from goodword.rules.promises import reward_of
from goodword.rules.qualification import obstacles


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
    paused: bool = False,
) -> tuple[Reason, ...]:
    """Say what spoke against a code when the order was placed."""
    measured = (
        (Reason.CODE_ENDED, code_ended is not None and code_ended <= placed),
        (Reason.ADVOCATE_INACTIVE, advocate_ended is not None and advocate_ended <= placed),
        (
            Reason.PROGRAM_NOT_LIVE,
            placed < live_from or (live_until is not None and live_until <= placed),
        ),
        (Reason.PROGRAM_PAUSED, paused),
    )
    return tuple(reason for reason, holds in measured if holds)


def credit(order: Order, evidence: Evidence) -> Decision:
    """Decide who gets the credit for the order, and what stands in the way of a reward.

    Of what the newest state names the strongest rung counts; on one rung the program with the
    greater priority; then the last, or the first by the program's choice.
    """
    programs = {(program.name, program.version): program for program in evidence.programs}
    able, lost = _parted(order, evidence.candidates, programs)
    if not able:
        outside = any(loser.why is Lost.OUTSIDE_WINDOW for loser in lost)
        return Decision(lost=tuple(lost), reasons=(Reason.OUTSIDE_WINDOW,) if outside else ())
    winner = _strongest(able, programs)
    program = programs[winner.program, winner.version]
    place = evidence.place if evidence.place and places.is_of(evidence.place, winner) else None
    reward = reward_of(program, order.placed, place.number if place else 0)
    reasons = obstacles(order, program, reward, winner, evidence)
    return Decision(
        winner=winner,
        program=program,
        reward=reward,
        lost=(*_losers(able, winner, programs), *lost),
        reasons=(*reasons, *(place.refused if place else ())),
    )


def earned_by(order: Order, evidence: Evidence, advocate: str) -> Program | None:
    """Return the program by which an advocate earned from an order, also where they no longer do.

    What was booked for somebody stays what it was, when the credit passes to somebody else.
    """
    decision = credit(order, evidence)
    if decision.winner is None or decision.winner.advocate != advocate:
        programs = {(program.name, program.version): program for program in evidence.programs}
        for one in (*evidence.candidates, *evidence.set_aside):
            if one.advocate == advocate:
                return programs[one.program, one.version]
    return decision.program


def state(decision: Decision, order: Order) -> State:
    """Where the referral stands, by the decision alone."""
    reasons = set(decision.reasons)
    if not reasons:
        return State.QUALIFIED
    if reasons <= places.EARNED:
        return State.REWARDED
    undone = reasons & {Reason.CANCELLED, Reason.REFUNDED, Reason.DISPUTED}
    if order.paid is not None and (undone or _missed_by_refunds(decision, order)):
        return State.REVERSED
    if reasons == {Reason.RISK_REVIEW}:
        return State.IN_REVIEW
    waits = {Reason.NOT_PAID, Reason.RISK_REVIEW, Reason.SETTLED_ELSEWHERE}
    return State.PENDING if reasons <= waits else State.REJECTED


def _missed_by_refunds(decision: Decision, order: Order) -> bool:
    """Whether only refunds brought the order below its minimum."""
    if set(decision.reasons) != {Reason.BELOW_MINIMUM} or decision.program is None:
        return False
    terms = decision.program.terms
    return terms.minimum is not None and base(order, terms) >= terms.minimum.minor


_Programs = Mapping[tuple[str, int], Program]


def _of(candidate: Candidate, programs: _Programs) -> Program:
    return programs[candidate.program, candidate.version]


def _parted(
    order: Order, candidates: Iterable[Candidate], programs: _Programs
) -> tuple[list[Candidate], list[Loser]]:
    """Part the candidates that can win from those that cannot."""
    able: list[Candidate] = []
    lost: list[Loser] = []
    for candidate in candidates:
        terms = _of(candidate, programs).terms
        if candidate.rung in terms.rungs_off:
            lost.append(Loser(candidate=candidate, why=Lost.RUNG_OFF))
        elif not _in_window(candidate, terms, order.placed):
            lost.append(Loser(candidate=candidate, why=Lost.OUTSIDE_WINDOW))
        else:
            able.append(candidate)
    named = {one.advocate for one in able if one.rung is Rung.NAME}
    if len(named) > 1:
        lost += [Loser(candidate=c, why=Lost.AMBIGUOUS) for c in able if c.rung is Rung.NAME]
        able = [candidate for candidate in able if candidate.rung is not Rung.NAME]
    return able, lost


def _in_window(candidate: Candidate, terms: Terms, placed: datetime) -> bool:
    if candidate.at is None or candidate.rung is Rung.ASSIGNMENT:
        return True
    days: int | None = terms.window_days
    grace = 0
    if candidate.rung in (Rung.BOND, Rung.CLAIM):
        grace = terms.grace_days
    if candidate.rung is Rung.BOND:
        days = terms.bond_days
        if candidate.source.startswith("earlier:"):
            days, grace = (terms.repeats.days if terms.repeats else 0), 0
    latest = timedelta(days=days) if days is not None else timedelta.max
    return timedelta(days=-grace) <= placed - candidate.at <= latest


def _strength(candidate: Candidate, programs: _Programs) -> float:
    yields = candidate.rung is Rung.BOND and _of(candidate, programs).terms.code_beats_bond
    return Rung.COUPON + 0.5 if yields else candidate.rung


def _strongest(candidates: Sequence[Candidate], programs: _Programs) -> Candidate:
    # What had ended yields to what stands, whatever the rung.
    standing = [one for one in candidates if not _has_ended(one)] or candidates
    strength = min(_strength(one, programs) for one in standing)
    level = [one for one in standing if _strength(one, programs) == strength]
    priority = max(_of(one, programs).priority for one in level)
    level = [one for one in level if _of(one, programs).priority == priority]
    dated = [one for one in level if one.at is not None]
    # By moment where there is one, else by place on the order.
    ranked = sorted(dated, key=lambda one: (one.at, one.source)) if dated else level
    return ranked[0 if _first_counts(level, programs) else -1]


def _has_ended(candidate: Candidate) -> bool:
    ended = {
        Reason.CODE_ENDED,
        Reason.ADVOCATE_INACTIVE,
        Reason.PROGRAM_NOT_LIVE,
        Reason.PROGRAM_PAUSED,
    }
    return bool(ended & set(candidate.against))


def _first_counts(level: Iterable[Candidate], programs: _Programs) -> bool:
    """Whether the first counts: where every program of them says so, but for an assignment."""
    return all(
        one.rung is not Rung.ASSIGNMENT and _of(one, programs).terms.within_rung is Within.FIRST
        for one in level
    )


def _losers(
    candidates: Sequence[Candidate], winner: Candidate, programs: _Programs
) -> Iterator[Loser]:
    for candidate in candidates:
        if candidate is not winner:
            why = _why_lost(candidate, winner, programs)
            yield Loser(candidate=candidate, why=why, to=winner)


def _why_lost(candidate: Candidate, winner: Candidate, programs: _Programs) -> Lost:
    if (candidate.advocate, candidate.program) == (winner.advocate, winner.program):
        return Lost.AGREES
    if _has_ended(candidate) and not _has_ended(winner):
        return Lost.ENDED
    if _strength(candidate, programs) != _strength(winner, programs):
        return Lost.WEAKER
    if _of(candidate, programs).priority != _of(winner, programs).priority:
        return Lost.PRIORITY
    return Lost.LATER if _first_counts([candidate, winner], programs) else Lost.EARLIER
