"""Who the friend is, from all that is known of them, whatever came first."""

from __future__ import annotations

import pytest

from goodword import Advocate, Claiming, Referrals, Refund, State
from tests.sdk.builders import a_shop_with, an_order, carol, gbp, reported

AT_HOME = "+886912345678"
REFUND = Refund(id="18", gross=gbp("1.00"))


@pytest.fixture(autouse=True)
def advocates(referrals: Referrals) -> None:
    """Alice with a phone at home, and Carol."""
    a_shop_with(referrals)
    alice = Advocate(id="c-1", name="Alice", email="alice@shop.example", phone=AT_HOME)
    referrals.advocates.invite("friends", alice)
    carol(referrals)


def test_a_phone_that_is_known_tells_the_household_of_an_order_without_one(
    referrals: Referrals,
) -> None:
    referrals.claim(Claiming(code="CAROL", email="bob@friend.example", phone=AT_HOME))
    assert reported(referrals.record_order(an_order())).state is State.IN_REVIEW
    # A refund that comes alone decides anew, and comes to the same.
    assert reported(referrals.record_refund("17", REFUND)).state is State.IN_REVIEW


def test_a_guest_is_told_by_the_account_that_is_known(referrals: Referrals) -> None:
    referrals.claim(Claiming(code="CAROL", email="bob@friend.example", account="c-1"))
    assert referrals.record_order(an_order()).reasons == ("self_referral",)
    assert referrals.record_refund("17", REFUND).reasons == ("self_referral",)


def test_what_an_orders_own_phone_told_stays_found(referrals: Referrals) -> None:
    referrals.record_order(an_order(id="16", phone="+886933333333"))
    ordered = referrals.record_order(an_order(phone=AT_HOME))
    assert reported(ordered).state is State.IN_REVIEW
    assert reported(referrals.record_refund("17", REFUND)).state is State.IN_REVIEW
