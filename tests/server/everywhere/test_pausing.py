"""A program rests and goes on the same in every mode, and says what its coupons go with."""

from __future__ import annotations

from datetime import timedelta

import pytest

from goodword import (
    Claiming,
    Code,
    Discount,
    OfferState,
    ProgramInvalid,
    ProgramPaused,
    Referrals,
    UnknownProgram,
    Visiting,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import PLACED, Clock, Obedient, a_program, a_shop_with, an_order, reported

pytestmark = pytest.mark.slow

LATER = timedelta(hours=1)


@pytest.fixture
def code(referrals: Referrals) -> Code:
    return a_shop_with(referrals)


@pytest.mark.usefixtures("code")
def test_a_program_rests_and_goes_on(referrals: Referrals, clock: Clock) -> None:
    before = referrals.programs.find("friends")
    paused = referrals.programs.pause("friends")
    assert paused.paused == clock.at
    assert referrals.programs.find("friends") == paused
    clock.on(hours=1)
    assert referrals.programs.pause("friends") == paused
    assert list(referrals.programs.list()) == [paused]
    # What is saved meanwhile neither begins nor ends it.
    assert referrals.programs.save(a_program()) == paused
    assert referrals.programs.resume("friends") == before
    assert referrals.programs.resume("friends") == before


def test_a_program_that_nobody_saved_cannot_rest(referrals: Referrals) -> None:
    for verb in (referrals.programs.pause, referrals.programs.resume):
        with pytest.raises(UnknownProgram):
            verb("friends")


@pytest.mark.usefixtures("code")
def test_while_it_rests_nothing_new_is_promised(referrals: Referrals) -> None:
    referrals.programs.pause("friends")
    assert referrals.find_offer("ALICE10").state is OfferState.PAUSED
    with pytest.raises(ProgramPaused) as caught:
        referrals.claim(Claiming(code="ALICE10", email="bob@friend.example"))
    assert caught.value.facts == {"text": "ALICE10"}
    with pytest.raises(ProgramPaused):
        referrals.record_visit(Visiting(code="ALICE10"))
    outcome = referrals.record_order(an_order(placed=PLACED + LATER, modified=PLACED + LATER))
    assert outcome.reasons == ("program_paused",)
    told = referrals.credit.explain("17").words
    assert any("the program was paused" in one for one in told)
    referrals.programs.resume("friends")
    assert referrals.find_offer("ALICE10").state is OfferState.LIVE
    assert referrals.claim(Claiming(code="ALICE10", email="bob@friend.example")).code == "ALICE10"


@pytest.mark.usefixtures("code")
def test_what_came_before_the_rest_keeps_its_promise(referrals: Referrals, clock: Clock) -> None:
    visit = referrals.record_visit(Visiting(code="ALICE10"))
    clock.to(PLACED + LATER)
    referrals.programs.pause("friends")
    # Placed before, told after.
    assert reported(referrals.record_order(an_order())).state == "qualified"
    later = an_order(
        id="18", placed=PLACED + 2 * LATER, modified=PLACED + 2 * LATER, coupons=(), visit=visit.id
    )
    assert reported(referrals.record_order(later)).state == "qualified"


def test_flags_are_kept_and_checked(referrals: Referrals, engine: Engine, clock: Clock) -> None:
    with pytest.raises(ProgramInvalid) as caught:
        referrals.programs.save(a_program(combines_with=(Discount.ORDER, Discount.ORDER)))
    assert caught.value.facts["field"] == "combines_with"
    for beside in ((), (Discount.SHIPPING, Discount.ORDER), None):
        referrals.programs.save(a_program(combines_with=beside))
        assert referrals.programs.find("friends").combines_with == beside
    a_shop_with(referrals, a_program(combines_with=(Discount.PRODUCT,)))
    referrals.claim(Claiming(code="ALICE10", email="bob@friend.example"))
    till = Obedient()
    engine.work({"till": till})
    referrals.programs.save(a_program(combines_with=()))
    engine.work({"till": till})
    made, adjusted = till.deeds
    assert made.grant is not None
    assert adjusted.adjusting is not None
    assert made.grant.combines_with == (Discount.PRODUCT,)
    assert adjusted.adjusting.grant.combines_with == ()
