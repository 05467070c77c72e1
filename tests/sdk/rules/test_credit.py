"""Who gets the credit, and whether it counts: facts in, a verdict out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from goodword import (
    Candidate,
    CodeVia,
    Landing,
    Lost,
    Order,
    Program,
    Reason,
    Refund,
    Rung,
    State,
    Terms,
    amount_off,
    money,
)
from goodword.model.credit import Decision, Evidence, Place, Verdict
from goodword.rules.credit import against, credit, state, traces
from goodword.rules.items import nothing_left
from tests.sdk.builders import (
    DAY,
    INSTANT,
    PLACED,
    START,
    a_candidate,
    a_program,
    an_order,
    gbp,
    used,
)

PROGRAM = a_program(version=1)


def coupon(text: str = "ref-alice10", **changes: Any) -> Candidate:
    return a_candidate(Rung.COUPON, f"coupon:{text}", **changes)


def typed(text: str = "ALICE10", **changes: Any) -> Candidate:
    return a_candidate(Rung.COUPON, f"code:{text}", **changes)


def visit(id: str = "v1", **changes: Any) -> Candidate:
    return a_candidate(Rung.VISIT, f"visit:{id}", **{"at": START, **changes})


def landing(text: str = "ALICE10", **changes: Any) -> Candidate:
    return a_candidate(Rung.LANDING, f"landing:{text}", **changes)


def decided(
    *candidates: Candidate,
    order: Order | None = None,
    program: Program = PROGRAM,
    first: bool | None = None,
    **further: Any,
) -> Decision:
    everything = an_order(
        code="ALICE10", visit="v1", landing=Landing(code="alice10", at=START), coupons=BOTH
    )
    evidence = Evidence(candidates=candidates, programs=(program,), first_order=first, **further)
    return credit(order or everything, evidence)


BOTH = (*used("ref-carol"), *used("ref-alice10"))


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


# What speaks against a code when the order is placed.


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        ({}, ()),
        ({"code_ended": PLACED + INSTANT}, ()),
        ({"code_ended": PLACED}, (Reason.CODE_ENDED,)),
        ({"advocate_ended": PLACED + INSTANT}, ()),
        ({"advocate_ended": PLACED}, (Reason.ADVOCATE_INACTIVE,)),
        ({"live_from": PLACED}, ()),
        ({"live_from": PLACED + INSTANT}, (Reason.PROGRAM_NOT_LIVE,)),
        ({"live_until": PLACED + INSTANT}, ()),
        ({"live_until": PLACED}, (Reason.PROGRAM_NOT_LIVE,)),
        (
            {"code_ended": START, "advocate_ended": START, "live_until": START},
            (Reason.CODE_ENDED, Reason.ADVOCATE_INACTIVE, Reason.PROGRAM_NOT_LIVE),
        ),
    ],
)
def test_what_speaks_against_a_code(facts: dict[str, Any], reasons: tuple[Reason, ...]) -> None:
    live = {"code_ended": None, "advocate_ended": None, "live_from": START, "live_until": None}
    assert against(PLACED, **{**live, **facts}) == reasons


def test_what_spoke_against_the_winner_is_told_last() -> None:
    winner = coupon(against=(Reason.SELF_REFERRAL, Reason.CODE_ENDED))
    decision = decided(winner, order=an_order(paid=None))
    assert decision.reasons == (Reason.NOT_PAID, Reason.SELF_REFERRAL, Reason.CODE_ENDED)


def test_what_spoke_against_a_loser_matters_not() -> None:
    assert decided(coupon(), visit(against=(Reason.CODE_ENDED,))).reasons == ()


# Whether it counts.


def reasons(program: Program = PROGRAM, first: bool | None = None, **order: Any) -> Sequence[str]:
    return decided(coupon(), order=an_order(**order), program=program, first=first).reasons


FULL, SHIPPING = Refund(id="18", gross=gbp("72.00")), Refund(id="19", gross=gbp("5"), lines=())


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"paid": None}, [Reason.NOT_PAID]),
        ({"test": True}, [Reason.TEST_ORDER]),
        ({"cancelled": PLACED}, [Reason.CANCELLED]),
        ({"cancelled": PLACED, "paid": None}, [Reason.CANCELLED]),
        ({"refunded": True}, [Reason.REFUNDED]),
        ({"refunded": True, "paid": None}, [Reason.REFUNDED]),
        ({"refunds": (FULL,)}, [Reason.REFUNDED]),
        ({"refunds": (SHIPPING,)}, []),
        ({"net": gbp("0"), "refunds": (SHIPPING,)}, []),
        ({"cancelled": PLACED, "refunds": (FULL,)}, [Reason.CANCELLED, Reason.REFUNDED]),
        ({"test": True, "paid": None}, [Reason.TEST_ORDER, Reason.NOT_PAID]),
        ({"net": gbp("0")}, []),
    ],
)
def test_the_state_of_the_order_may_stand_in_the_way(
    change: dict[str, Any], expected: list[Reason]
) -> None:
    assert list(reasons(**change)) == expected


MINIMUM = replace(PROGRAM, terms=Terms(minimum=gbp("20.00")))
FIXED = replace(MINIMUM, reward=amount_off("5.00", "GBP"))
HALF = (Refund(id="18", gross=gbp("36.00")),)


@pytest.mark.parametrize(
    ("program", "net", "refunds", "expected"),
    [
        (MINIMUM, "20.00", (), []),
        (MINIMUM, "19.99", (), [Reason.BELOW_MINIMUM]),
        # A share shrinks by itself; what is fixed falls as a whole.
        (MINIMUM, "30.00", HALF, []),
        (FIXED, "40.00", HALF, []),
        (FIXED, "39.98", HALF, [Reason.BELOW_MINIMUM]),
        (FIXED, "40.00", (FULL,), [Reason.REFUNDED]),
    ],
)
def test_the_goods_are_held_against_the_minimum(
    program: Program, net: str, refunds: tuple[Refund, ...], expected: list[Reason]
) -> None:
    assert list(reasons(program, net=gbp(net), refunds=refunds)) == expected


@pytest.mark.parametrize(
    "program",
    [
        replace(PROGRAM, reward=amount_off("5", "EUR")),
        replace(PROGRAM, terms=Terms(minimum=money("5", "EUR"))),
        replace(PROGRAM, reward=amount_off("5", "GBP"), terms=Terms(minimum=money("500", "JPY"))),
    ],
)
def test_a_promise_in_another_currency_does_not_count(program: Program) -> None:
    assert list(reasons(program)) == [Reason.CURRENCY_DIFFERS]


@pytest.mark.parametrize(
    ("first", "expected"), [(True, []), (None, []), (False, [Reason.NOT_FIRST_ORDER])]
)
def test_a_program_may_want_first_orders(first: bool | None, expected: list[Reason]) -> None:
    wants = replace(PROGRAM, terms=Terms(first_order_only=True))
    assert list(reasons(wants, first)) == expected
    assert list(reasons(PROGRAM, first)) == []


def test_every_reason_is_given_somewhere() -> None:
    everything = decided(
        coupon(against=(Reason.SELF_REFERRAL, Reason.CODE_ENDED, Reason.ADVOCATE_INACTIVE)),
        order=an_order(test=True, cancelled=PLACED, refunded=True),
        program=replace(PROGRAM, reward=amount_off("5", "EUR"), terms=Terms(first_order_only=True)),
        first=False,
    )
    told = {*everything.reasons, *reasons(MINIMUM, net=gbp("1")), *reasons(paid=None)}
    told |= {Reason.PROGRAM_NOT_LIVE, *decided(visit(at=PLACED - 99 * DAY)).reasons}
    strict = Terms(
        new_customer_only=True, countries=("TW",), order_kinds=("pos",), products=("tea",)
    )
    told |= set(
        reasons(replace(PROGRAM, terms=strict), disputed=PLACED, customer_since=PLACED - 99 * DAY)
    )
    looked_at = coupon(against=(Reason.RISK_REVIEW,))
    told |= set(decided(looked_at).reasons)
    told |= set(decided(looked_at, verdict=Verdict.REFUSED).reasons)
    full = Place(
        advocate="c-1",
        program="friends",
        version=1,
        refused=(Reason.CAP_REACHED, Reason.BUDGET_SPENT),
    )
    told |= set(decided(coupon(), place=full).reasons)
    assert told == set(Reason)


# Where the referral stands.


@pytest.mark.parametrize(
    ("reasons", "paid", "expected"),
    [
        ((), True, State.QUALIFIED),
        ((Reason.NOT_PAID,), False, State.PENDING),
        ((Reason.NOT_PAID, Reason.SELF_REFERRAL), False, State.REJECTED),
        ((Reason.SELF_REFERRAL,), True, State.REJECTED),
        ((Reason.TEST_ORDER,), True, State.REJECTED),
        ((Reason.CANCELLED,), True, State.REVERSED),
        ((Reason.CANCELLED,), False, State.REJECTED),
        ((Reason.REFUNDED, Reason.SELF_REFERRAL), True, State.REVERSED),
        ((Reason.REFUNDED,), False, State.REJECTED),
    ],
)
def test_state(reasons: tuple[Reason, ...], paid: bool, expected: State) -> None:
    decision = Decision(winner=coupon(), program=PROGRAM, reasons=reasons)
    assert state(decision, an_order(paid=PLACED if paid else None)) is expected


@pytest.mark.parametrize(
    ("change", "nothing"),
    [
        ({}, False),
        ({"refunded": True}, True),
        ({"refunds": (FULL,)}, True),
        ({"refunds": (SHIPPING,)}, False),
        ({"net": gbp("0")}, False),
        ({"net": gbp("0"), "gross": gbp("5")}, False),
        ({"net": gbp("0"), "gross": gbp("5"), "refunds": (SHIPPING,)}, True),
        ({"gross": gbp("90"), "refunds": (replace(FULL, gross=gbp("89.99")),)}, False),
    ],
)
def test_nothing_is_left_once_all_was_given_back(change: dict[str, Any], nothing: bool) -> None:
    assert nothing_left(an_order(**change)) is nothing
