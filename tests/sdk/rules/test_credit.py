"""Who gets the credit: facts in, a verdict out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from goodword import Candidate, CodeVia, Landing, Lost, Reason, Rung, Terms
from goodword.model.credit import Decision, Evidence
from goodword.rules.credit import credit, traces
from tests.sdk.builders import DAY, INSTANT, PLACED, START, a_candidate, an_order, gbp, used
from tests.sdk.rules.candidates import PROGRAM, coupon, decided, landing, typed, visit

# What on an order may lead to somebody.


def test_an_order_is_read_strongest_first() -> None:
    order = an_order(
        coupons=(*used(" REF-Alice10 "), *used("Fix5")),
        code="alice-10",
        visit="v1",
        landing=Landing(code="al ice", at=START),
    )
    assert [(trace.rung, trace.source, trace.key, trace.at) for trace in traces(order)] == [
        (Rung.COUPON, "coupon:ref-alice10", "ref-alice10", None),
        (Rung.COUPON, "coupon:fix5", "fix5", None),
        (Rung.COUPON, "code:ALICE10", "ALICE10", None),
        (Rung.VISIT, "visit:v1", "v1", None),
        (Rung.LANDING, "landing:ALICE", "ALICE", START),
    ]


def test_a_code_that_the_link_left_was_never_typed() -> None:
    (trace,) = traces(an_order(coupons=(), code="alice10", code_via=CodeVia.LINK))
    assert (trace.rung, trace.source) == (Rung.LANDING, "code:ALICE10")


@pytest.mark.parametrize("empty", [{}, {"code": ""}, {"visit": ""}])
def test_an_order_may_lead_to_nobody(empty: dict[str, Any]) -> None:
    assert list(traces(an_order(coupons=(), **empty))) == []


# Who wins.


@pytest.mark.parametrize("candidate", [coupon(), typed(), visit(), landing(), landing(at=START)])
def test_each_rung_is_enough_alone(candidate: Candidate) -> None:
    decision = decided(candidate)
    assert decision == Decision(winner=candidate, program=PROGRAM, reward=PROGRAM.reward)


LADDER = [coupon(), visit(), landing(at=START)]


@pytest.mark.parametrize("stronger", range(2))
@pytest.mark.parametrize("weaker", range(1, 3))
def test_a_stronger_rung_beats_a_weaker_one(stronger: int, weaker: int) -> None:
    if stronger >= weaker:
        stronger, weaker = weaker - 1, weaker
    strong = replace(LADDER[stronger], advocate="c-2", code="CAROL")
    for pair in ([strong, LADDER[weaker]], [LADDER[weaker], strong]):
        decision = decided(*pair)
        assert decision.winner == strong
        assert [(lost.candidate, lost.why) for lost in decision.lost] == [
            (LADDER[weaker], Lost.WEAKER)
        ]


def test_within_a_rung_the_last_moment_counts() -> None:
    early = a_candidate(Rung.LANDING, "landing:ALICE10", at=START)
    late = a_candidate(Rung.LANDING, "code:ALICE10", at=START + INSTANT, advocate="c-2")
    order = an_order(
        coupons=(), code="ALICE10", code_via=CodeVia.LINK, landing=Landing(code="alice10")
    )
    for pair in ([early, late], [late, early]):
        decision = decided(*pair, order=order)
        assert decision.winner == late
        assert [lost.why for lost in decision.lost] == [Lost.EARLIER]


def test_what_has_a_moment_counts_before_what_has_none() -> None:
    dated = a_candidate(Rung.LANDING, "landing:ALICE10", at=START)
    undated = a_candidate(Rung.LANDING, "code:ALICE10", advocate="c-2")
    order = an_order(
        coupons=(), code="ALICE10", code_via=CodeVia.LINK, landing=Landing(code="alice10")
    )
    assert decided(undated, dated, order=order).winner == dated


def test_without_moments_the_last_on_the_order_counts() -> None:
    alice, carol = coupon(), coupon("ref-carol", advocate="c-2")
    assert decided(carol, alice).winner == alice
    assert decided(alice, carol).winner == carol


def test_a_typed_code_comes_after_the_coupons() -> None:
    assert decided(coupon(), typed(advocate="c-2")).winner == typed(advocate="c-2")


def test_what_names_the_winner_too_agrees() -> None:
    decision = decided(coupon(), typed(), visit(), landing(at=START))
    assert decision.winner == typed()
    assert [lost.why for lost in decision.lost] == [Lost.AGREES] * 3


def test_the_same_advocate_in_another_program_does_not_agree() -> None:
    other = replace(PROGRAM, name="partners")
    evidence = Evidence(candidates=(coupon(), visit(program="partners")), programs=(PROGRAM, other))
    decision = credit(an_order(visit="v1"), evidence)
    assert [lost.why for lost in decision.lost] == [Lost.WEAKER]


def test_what_the_order_no_longer_names_does_not_count() -> None:
    evidence = Evidence(
        candidates=(visit(advocate="c-2"),), set_aside=(coupon(),), programs=(PROGRAM,)
    )
    decision = credit(an_order(), evidence)
    assert decision.winner == visit(advocate="c-2")
    assert decision.lost == ()


def test_without_evidence_nobody_is_credited() -> None:
    assert decided() == Decision()


def test_the_winners_own_version_decides() -> None:
    second = replace(PROGRAM, version=2, terms=Terms(minimum=gbp("100.00")))
    evidence = Evidence(candidates=(coupon(version=2), visit()), programs=(PROGRAM, second))
    decision = credit(an_order(visit="v1"), evidence)
    assert decision.program == second
    assert decision.reasons == (Reason.BELOW_MINIMUM,)


# The window.


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        (PLACED, True),
        (PLACED - 30 * DAY, True),
        (PLACED - 30 * DAY - INSTANT, False),
        (PLACED + INSTANT, False),
    ],
)
@pytest.mark.parametrize("kind", [visit, landing])
def test_what_has_a_moment_counts_within_the_window(kind: Any, at: datetime, inside: bool) -> None:
    decision = decided(kind(at=at))
    if inside:
        assert decision.winner == kind(at=at)
        assert decision.reasons == ()
    else:
        assert decision.winner is None
        assert decision.reasons == (Reason.OUTSIDE_WINDOW,)
        assert [lost.why for lost in decision.lost] == [Lost.OUTSIDE_WINDOW]


def test_a_coupon_has_its_own_dates() -> None:
    assert decided(coupon(), visit(at=PLACED - 60 * DAY)).winner == coupon()


def test_outside_the_window_is_no_reason_where_somebody_is_inside() -> None:
    decision = decided(visit(at=PLACED - 60 * DAY), landing(at=START))
    assert decision.winner == landing(at=START)
    assert decision.reasons == ()
    assert [lost.why for lost in decision.lost] == [Lost.OUTSIDE_WINDOW]


def test_each_program_has_its_own_window() -> None:
    short = replace(PROGRAM, terms=Terms(window_days=1))
    assert decided(visit(at=PLACED - DAY), program=short).winner is not None
    assert decided(visit(at=PLACED - DAY - INSTANT), program=short).winner is None
