"""Who the friend turned out to be, and whether an order counts, is read from its newest state."""

from __future__ import annotations

from datetime import timedelta

import pytest

from goodword import Cap, Order, Per, Reason, Referrals, Repeats, Terms, amount_off
from tests.sdk.builders import PLACED, a_program, a_shop_with, an_order, gbp, later

BOB, EVE = "bob@friend.example", "eve@friend.example"


def next_order(email: str, **changes: object) -> Order:
    at = PLACED + timedelta(hours=1)
    return an_order(**{"id": "18", "email": email, "placed": at, "modified": at, **changes})


@pytest.fixture
def capped(referrals: Referrals) -> Referrals:
    """One order a friend earns, and Bob has placed it."""
    a_shop_with(referrals, a_program(terms=Terms(caps=(Cap(most=1, per=Per.FRIEND),))))
    referrals.record_order(an_order(email=BOB))
    return referrals


def test_an_order_is_counted_of_whoever_placed_it(capped: Referrals) -> None:
    assert capped.record_order(next_order(EVE)).reasons == ()
    order = later(next_order(BOB))
    assert capped.record_order(order).reasons == (Reason.CAP_REACHED,)
    # Eve's place is free again.
    assert capped.record_order(next_order(EVE, id="19")).reasons == ()


def test_who_was_refused_as_another_is_asked_again(capped: Referrals) -> None:
    assert capped.record_order(next_order(BOB)).reasons == (Reason.CAP_REACHED,)
    assert capped.record_order(later(next_order(EVE))).reasons == ()


def test_a_first_order_is_asked_of_whoever_placed_it(referrals: Referrals) -> None:
    a_shop_with(referrals, a_program(terms=Terms(first_order_only=True)))
    referrals.record_order(an_order(email=BOB))
    assert referrals.record_order(next_order(EVE)).reasons == ()
    assert referrals.record_order(later(next_order(BOB))).reasons == (Reason.NOT_FIRST_ORDER,)


def test_an_order_that_counts_no_more_does_not_speak_for_the_next(referrals: Referrals) -> None:
    terms = Terms(minimum=gbp("40.00"), repeats=Repeats())
    a_shop_with(referrals, a_program(reward=amount_off("5.00", "GBP"), terms=terms))
    referrals.record_order(an_order())
    referrals.record_order(later(an_order(), net=gbp("30.00")))
    assert referrals.record_order(next_order(BOB, coupons=())).result == "unattributed"
