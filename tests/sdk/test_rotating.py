"""A code is replaced without breaking the links that were shared."""

from __future__ import annotations

from datetime import timedelta

import pytest

from goodword import (
    Claiming,
    Code,
    CodeInvalid,
    CodeTaken,
    Referrals,
    Rung,
    UnknownAdvocate,
    UnknownProgram,
    Visiting,
)
from tests.sdk.builders import (
    PLACED,
    START,
    Clock,
    Street,
    a_shop_with,
    alice,
    an_order,
    bare,
    carol,
    reported,
    used,
)


@pytest.fixture
def referrals(street: Street) -> Referrals:
    referrals = street.open_shop()
    a_shop_with(referrals)
    return referrals


@pytest.fixture
def clock(street: Street, referrals: Referrals) -> Clock:
    return street.clock


@pytest.fixture
def new(referrals: Referrals, clock: Clock) -> Code:
    """Alice's new code, after ALICE10 leaked."""
    code = referrals.advocates.rotate("friends", "c-1")
    clock.to(PLACED)
    return code


def test_the_new_code_is_drawn_and_the_old_one_says_since_when(
    referrals: Referrals, new: Code
) -> None:
    assert new.text != "ALICE10"
    assert (new.advocate, new.program, new.rotated, new.coupon) == ("c-1", "friends", None, None)
    assert referrals.find_code("ALICE10").rotated == START


def test_a_link_shared_before_goes_on(referrals: Referrals, clock: Clock) -> None:
    before = referrals.record_visit(Visiting(code="ALICE10"))
    referrals.advocates.rotate("friends", "c-1")
    after = referrals.record_visit(Visiting(code="ALICE10"))
    clock.to(PLACED)
    for id, visit in (("17", before), ("18", after)):
        outcome = referrals.record_order(bare(id=id, visit=visit.id))
        assert (reported(outcome).advocate, outcome.reasons) == ("c-1", ())
        assert reported(outcome).rung is Rung.VISIT


@pytest.mark.usefixtures("new")
def test_the_old_code_and_its_coupon_count_no_more_at_the_checkout(referrals: Referrals) -> None:
    for order in (bare(id="17", code="ALICE10"), an_order(id="18")):
        assert referrals.record_order(order).reasons == ("code_ended",)


@pytest.mark.usefixtures("new")
def test_the_old_code_typed_yields_to_the_visit_by_the_old_link(referrals: Referrals) -> None:
    visit = referrals.record_visit(Visiting(code="ALICE10"))
    outcome = referrals.record_order(bare(code="ALICE10", visit=visit.id))
    assert (reported(outcome).rung, outcome.reasons) == (Rung.VISIT, ())


@pytest.mark.usefixtures("new")
def test_an_order_placed_before_the_rotation_still_counts(referrals: Referrals) -> None:
    placed = START - timedelta(microseconds=1)
    assert "code_ended" not in referrals.record_order(an_order(placed=placed)).reasons


def test_the_old_code_can_still_be_claimed_by_its_link(referrals: Referrals, new: Code) -> None:
    claim = referrals.claim(Claiming(code="ALICE10", email="bob@friend.example"))
    assert claim.advocate == "c-1"
    outcome = referrals.record_order(bare(coupons=used(claim.coupon), email=None))
    assert reported(outcome).advocate == "c-1"


def test_the_new_code_works_when_typed_and_inviting_returns_it(
    referrals: Referrals, new: Code
) -> None:
    assert referrals.record_order(bare(code=new.shown)).reasons == ()
    assert referrals.advocates.invite("friends", alice()) == new
    tied = referrals.advocates.invite("friends", alice(), coupon="ref-new")
    assert (tied.text, tied.coupon) == (new.text, "ref-new")
    assert referrals.record_order(an_order(id="18", coupons=used("ref-new"))).reasons == ()


def test_it_may_be_rotated_twice_and_every_link_goes_on(
    referrals: Referrals, new: Code, clock: Clock
) -> None:
    newest = referrals.advocates.rotate("friends", "c-1", code="ali-tea")
    assert (newest.text, newest.rotated) == ("ALITEA", None)
    assert referrals.find_code("ALICE10").rotated == START
    assert referrals.find_code(new.text).rotated == PLACED
    clock.on(hours=1)
    for number, code in enumerate(("ALICE10", new.text, "ALITEA")):
        visit = referrals.record_visit(Visiting(code=code))
        order = bare(id=f"v{number}", visit=visit.id, placed=clock.at)
        assert referrals.record_order(order).reasons == ()
    typed = bare(id="t", code=new.text, placed=clock.at)
    assert referrals.record_order(typed).reasons == ("code_ended",)


def test_rotating_to_the_code_that_stands_changes_nothing(referrals: Referrals) -> None:
    assert referrals.advocates.rotate("friends", "c-1", code="ALICE10").rotated is None
    assert referrals.record_order(an_order()).reasons == ()


@pytest.mark.parametrize("taken", ["CAROL", "alice-10"])
@pytest.mark.usefixtures("new")
def test_a_code_that_is_taken_or_was_rotated_away_is_refused(
    referrals: Referrals, new: Code, taken: str
) -> None:
    carol(referrals)
    with pytest.raises(CodeTaken):
        referrals.advocates.rotate("friends", "c-1", code=taken)
    assert referrals.find_code(new.text) == new
    with pytest.raises(CodeInvalid):
        referrals.advocates.rotate("friends", "c-1", code="a!")


def test_a_code_that_was_rotated_away_is_not_given_again(referrals: Referrals, new: Code) -> None:
    with pytest.raises(CodeTaken):
        referrals.advocates.invite("friends", alice(), code="ALICE10")
    assert referrals.find_code("ALICE10").rotated is not None


def test_whoever_or_whatever_is_unknown_is_said(referrals: Referrals) -> None:
    with pytest.raises(UnknownAdvocate):
        referrals.advocates.rotate("friends", "c-9")
    with pytest.raises(UnknownProgram):
        referrals.advocates.rotate("partners", "c-1")


def test_a_friends_own_coupon_counts_though_the_code_was_rotated_since(
    referrals: Referrals, clock: Clock
) -> None:
    gift = referrals.claim(Claiming(code="ALICE10", phone="+886912345678")).coupon
    referrals.advocates.rotate("friends", "c-1")
    clock.to(PLACED)
    # Bob claimed by phone, and tells the checkout his address alone.
    outcome = referrals.record_order(an_order(coupons=used(gift)))
    assert (reported(outcome).rung, outcome.reasons) == (Rung.COUPON, ())
