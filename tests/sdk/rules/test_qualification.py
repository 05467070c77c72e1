"""Whether a credit counts, why not, and where its referral stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from goodword import Program, Reason, Refund, State, Terms, amount_off, money
from goodword.model.credit import Decision, Evidence, Place, Reviewed, Verdict
from goodword.rules.booking import should_be
from goodword.rules.credit import against, state
from goodword.rules.items import nothing_left
from goodword.rules.qualification import settled
from tests.sdk.builders import DAY, INSTANT, PLACED, START, an_order, gbp
from tests.sdk.rules.candidates import PROGRAM, coupon, decided, visit

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


def test_an_order_that_its_platform_doubts_is_looked_at_by_a_person() -> None:
    doubted = an_order(doubted=True)
    decision = decided(coupon(), order=doubted)
    assert decision.reasons == (Reason.RISK_REVIEW,)
    assert state(decision, doubted) is State.IN_REVIEW
    for verdict, left in ((Verdict.APPROVED, ()), (Verdict.REFUSED, (Reason.RISK_REFUSED,))):
        looked = Reviewed(advocate=coupon().advocate, verdict=verdict)
        assert decided(coupon(), order=doubted, reviews=(looked,)).reasons == left


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


def test_what_was_settled_elsewhere_is_judged_by_the_life_of_its_order_alone() -> None:
    strict = replace(PROGRAM, terms=Terms(first_order_only=True, countries=("TW",)))
    candidate = settled(coupon(against=(Reason.PROGRAM_NOT_LIVE, Reason.SELF_REFERRAL)))
    told = decided(candidate, program=strict, first=False)
    assert told.reasons == (Reason.SETTLED_ELSEWHERE,)
    order = an_order(refunded=True)
    again = decided(candidate, order=order, program=strict, first=False)
    assert again.reasons == (Reason.REFUNDED, Reason.SETTLED_ELSEWHERE)
    assert should_be(told, an_order(), Evidence(offers=("ref-alice10",))) == ()


def test_every_reason_is_given_somewhere() -> None:
    everything = decided(
        coupon(against=(Reason.SELF_REFERRAL, Reason.CODE_ENDED, Reason.ADVOCATE_INACTIVE)),
        order=an_order(test=True, cancelled=PLACED, refunded=True),
        program=replace(PROGRAM, reward=amount_off("5", "EUR"), terms=Terms(first_order_only=True)),
        first=False,
    )
    told = {*everything.reasons, *reasons(MINIMUM, net=gbp("1")), *reasons(paid=None)}
    told |= {
        Reason.PROGRAM_NOT_LIVE,
        Reason.PROGRAM_PAUSED,
        *decided(visit(at=PLACED - 99 * DAY)).reasons,
    }
    strict = Terms(
        new_customer_only=True, countries=("TW",), order_kinds=("pos",), products=("tea",)
    )
    told |= set(
        reasons(replace(PROGRAM, terms=strict), disputed=PLACED, customer_since=PLACED - 99 * DAY)
    )
    looked_at = coupon(against=(Reason.RISK_REVIEW,))
    told |= set(decided(looked_at).reasons)
    refused = Reviewed(advocate=looked_at.advocate, verdict=Verdict.REFUSED)
    told |= set(decided(looked_at, reviews=(refused,)).reasons)
    full = Place(
        advocate="c-1",
        program="friends",
        version=1,
        refused=(Reason.CAP_REACHED, Reason.BUDGET_SPENT),
    )
    told |= set(decided(coupon(), place=full).reasons)
    told |= set(decided(settled(coupon())).reasons)
    assert told == set(Reason)


# Where the referral stands.


@pytest.mark.parametrize(
    ("reasons", "paid", "expected"),
    [
        ((), True, State.QUALIFIED),
        ((Reason.NOT_PAID,), False, State.PENDING),
        ((Reason.NOT_PAID, Reason.SELF_REFERRAL), False, State.REJECTED),
        ((Reason.SELF_REFERRAL,), True, State.REJECTED),
        ((Reason.SETTLED_ELSEWHERE,), True, State.REWARDED),
        ((Reason.SETTLED_ELSEWHERE, Reason.NOT_PAID), False, State.PENDING),
        ((Reason.SETTLED_ELSEWHERE, Reason.REFUNDED), True, State.REVERSED),
        ((Reason.SETTLED_ELSEWHERE, Reason.TEST_ORDER), True, State.REJECTED),
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
