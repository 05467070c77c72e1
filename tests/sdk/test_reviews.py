"""A person's verdict is on one advocate's referral, and on no other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from goodword import NotInReview, Referrals, RulingInvalid, Verdict
from goodword.embedded.engine import Engine
from tests.sdk.builders import (
    PLACED,
    Clock,
    alice,
    an_order,
    carol,
    every_row,
    later,
    reported,
    totals,
    used,
)

PHONE = "+886912345678"
WHY = "they live together"


@pytest.fixture(autouse=True)
def shared(referrals: Referrals, code: object, clock: Clock) -> None:
    """Order 17 is by somebody who shares Alice's phone."""
    referrals.advocates.invite("friends", replace(alice(), phone=PHONE))
    carol(referrals)
    clock.to(PLACED)
    referrals.record_order(an_order(phone=PHONE))


def test_the_last_word_stands(referrals: Referrals) -> None:
    for verdict, reward in ((Verdict.REFUSED, 0), (Verdict.APPROVED, 720), (Verdict.REFUSED, 0)):
        referrals.reviews.decide("17", verdict, reason=WHY)
        assert totals(referrals) == (800, reward)
    assert referrals.reviews.open() == []


def test_a_refusal_of_one_advocate_is_none_of_another(referrals: Referrals) -> None:
    referrals.reviews.decide("17", Verdict.REFUSED, reason=WHY)
    assert referrals.credit.assign("17", "CAROL", reason="she sent him").reasons == ()
    assert totals(referrals, advocate="c-2") == (800, 720)
    # And hers stays refused.
    back = referrals.credit.assign("17", "ALICE10", reason="she did not")
    assert back.reasons == ("risk_refused",)


def test_what_was_approved_for_one_advocate_is_looked_at_for_another(
    referrals: Referrals,
) -> None:
    referrals.reviews.decide("17", Verdict.APPROVED, reason=WHY)
    dan = replace(alice(), id="c-9", name="Dan", email="dan@shop.example", phone=PHONE)
    referrals.advocates.invite("friends", dan, coupon="ref-dan")
    swapped = later(an_order(phone=PHONE), coupons=used("ref-dan"))
    assert referrals.record_order(swapped).reasons == ("risk_review",)
    (waiting,) = referrals.reviews.open()
    assert waiting == reported(referrals.record_order(swapped))


def test_nobody_asked_about_an_order_of_nobody(engine: Engine, referrals: Referrals) -> None:
    referrals.record_order(an_order(id="18", coupons=()))
    before = every_row(engine)
    with pytest.raises(NotInReview, match="not a referral"):
        referrals.reviews.decide("18", Verdict.REFUSED, reason=WHY)
    assert every_row(engine) == before


def test_a_verdict_that_is_none_is_named(engine: Engine, referrals: Referrals) -> None:
    before, perhaps = every_row(engine), "perhaps"
    with pytest.raises(RulingInvalid, match="approved or refused") as caught:
        referrals.reviews.decide("17", perhaps, reason=WHY)  # type: ignore[arg-type]
    assert caught.value.facts["field"] == "verdict"
    assert every_row(engine) == before
