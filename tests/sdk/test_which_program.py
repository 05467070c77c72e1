"""Which of several live programs counts, and what had ended yields to what stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from goodword import Code, Lost, Referrals, Rung, Terms, Visiting, Within
from tests.sdk.builders import (
    PLACED,
    START,
    Clock,
    Street,
    a_program,
    alice,
    an_order,
    reported,
    totals,
    used,
)

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("codes")]


@pytest.fixture
def referrals(street: Street) -> Referrals:
    return street.open_shop()


@pytest.fixture
def clock(street: Street, referrals: Referrals) -> Clock:
    return street.clock


def partners(referrals: Referrals, **changes: Any) -> Code:
    """Let a second program run beside the first, with a code and coupon for Alice."""
    referrals.programs.save(a_program(name="partners", **changes))
    return referrals.advocates.invite("partners", alice(), code="PARTNER", coupon="ref-partner")


def why_lost(referrals: Referrals) -> dict[str, Lost]:
    """Why each loser lost, by what was seen; each lost to the winner."""
    explained = referrals.credit.explain("17")
    assert all(one.to == explained.winner for one in explained.lost)
    return {one.candidate.source: one.why for one in explained.lost}


# Several live programs.


@pytest.mark.parametrize(("friends", "others"), [(1, 0), (0, -1), (7, 3)])
@pytest.mark.parametrize("turned", [False, True])
def test_on_one_rung_the_program_of_greater_priority_counts(
    referrals: Referrals, friends: int, others: int, turned: bool
) -> None:
    partners(referrals, priority=others)
    referrals.programs.save(a_program(priority=friends))
    coupons = (*used("ref-alice10"), *used("ref-partner"))
    outcome = referrals.record_order(an_order(coupons=coupons[::-1] if turned else coupons))
    assert reported(outcome).program == "friends"
    assert why_lost(referrals) == {"coupon:ref-partner": Lost.PRIORITY}


def test_of_two_programs_alike_the_last_counts(referrals: Referrals) -> None:
    partners(referrals)
    coupons = (*used("ref-alice10"), *used("ref-partner"))
    assert reported(referrals.record_order(an_order(coupons=coupons))).program == "partners"
    assert why_lost(referrals) == {"coupon:ref-alice10": Lost.EARLIER}


@pytest.mark.parametrize(("both", "counts"), [(True, "friends"), (False, "partners")])
def test_the_first_of_two_programs_counts_where_both_say_so(
    referrals: Referrals, both: bool, counts: str
) -> None:
    first = Terms(within_rung=Within.FIRST)
    partners(referrals, terms=first)
    if both:
        referrals.programs.save(a_program(terms=first))
    coupons = (*used("ref-alice10"), *used("ref-partner"))
    assert reported(referrals.record_order(an_order(coupons=coupons))).program == counts


def test_a_stronger_rung_counts_before_a_greater_priority(referrals: Referrals) -> None:
    code = partners(referrals, priority=9)
    visit = referrals.record_visit(Visiting(code=code.text))
    assert reported(referrals.record_order(an_order(visit=visit.id))).program == "friends"
    assert why_lost(referrals) == {f"visit:{visit.id}": Lost.WEAKER}


def test_only_the_program_that_counts_is_booked(referrals: Referrals) -> None:
    partners(referrals)
    referrals.programs.save(a_program(priority=1))
    coupons = (*used("ref-alice10", "7.20"), *used("ref-partner", "0.80"))
    referrals.record_order(an_order(coupons=coupons))
    assert totals(referrals) == (800, 720)


# What had ended yields.


@pytest.mark.parametrize(
    "dates", [{"ends": PLACED}, {"starts": PLACED + timedelta(microseconds=1)}]
)
def test_a_program_that_is_not_live_yields_whatever_its_rung_and_priority(
    referrals: Referrals, dates: dict[str, Any]
) -> None:
    partners(referrals, priority=9, **dates)
    visit = referrals.record_visit(Visiting(code="ALICE10"))
    outcome = referrals.record_order(an_order(coupons=used("ref-partner"), visit=visit.id))
    assert (reported(outcome).program, outcome.reasons) == ("friends", ())
    assert why_lost(referrals) == {"coupon:ref-partner": Lost.ENDED}


def test_a_program_that_is_not_live_is_told_where_it_is_all_there_is(
    referrals: Referrals,
) -> None:
    partners(referrals, ends=PLACED)
    outcome = referrals.record_order(an_order(coupons=used("ref-partner")))
    assert outcome.reasons == ("program_not_live",)
    assert reported(outcome).program == "partners"


def test_an_inactive_advocate_yields_to_one_who_stands(referrals: Referrals) -> None:
    referrals.advocates.invite("friends", replace(alice(), ended=START))
    visit = referrals.record_visit(Visiting(code="CAROL"))
    outcome = referrals.record_order(an_order(visit=visit.id))
    assert (reported(outcome).advocate, outcome.reasons) == ("c-2", ())
    assert why_lost(referrals) == {"coupon:ref-alice10": Lost.ENDED}


def test_a_rotated_code_that_was_typed_yields_to_a_visit(
    referrals: Referrals, clock: Clock
) -> None:
    visit = referrals.record_visit(Visiting(code="CAROL"))
    referrals.advocates.rotate("friends", "c-1")
    clock.to(PLACED)
    outcome = referrals.record_order(an_order(coupons=(), code="ALICE10", visit=visit.id))
    assert (reported(outcome).advocate, outcome.reasons) == ("c-2", ())
    assert why_lost(referrals) == {"code:ALICE10": Lost.ENDED}


def test_of_two_that_had_ended_the_stronger_is_told(referrals: Referrals) -> None:
    for advocate in (alice(), referrals.advocates.find("c-2")):
        referrals.advocates.invite("friends", replace(advocate, ended=START))
    visit = referrals.record_visit(Visiting(code="CAROL"))
    outcome = referrals.record_order(an_order(visit=visit.id))
    assert (reported(outcome).advocate, outcome.reasons) == ("c-1", ("advocate_inactive",))
    assert reported(outcome).rung is Rung.COUPON
    assert why_lost(referrals) == {f"visit:{visit.id}": Lost.WEAKER}


def test_who_ends_after_the_order_was_placed_yields_to_nobody(
    referrals: Referrals, clock: Clock
) -> None:
    ended = replace(alice(), ended=PLACED + timedelta(microseconds=1))
    referrals.advocates.invite("friends", ended)
    visit = referrals.record_visit(Visiting(code="CAROL"))
    clock.on(days=1)
    assert reported(referrals.record_order(an_order(visit=visit.id))).advocate == "c-1"


def test_two_programs_of_one_person_are_two_candidates(referrals: Referrals) -> None:
    partners(referrals, priority=1)
    order = an_order(coupons=(), named="Alice")
    assert reported(referrals.record_order(order)).program == "partners"
    assert why_lost(referrals) == {"name:c-1:friends": Lost.PRIORITY}
