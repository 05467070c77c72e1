"""Coupons that stand follow their program: what they go together with, and whether they rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from goodword import (
    Adjusting,
    Claim,
    Claiming,
    Code,
    Discount,
    Duty,
    Part,
    Referrals,
    Rung,
    Terms,
    UsedCoupon,
    Visiting,
    again,
    unknown,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import (
    PLACED,
    Clock,
    Obedient,
    Saying,
    a_program,
    a_shop_with,
    an_order,
    bare,
    carol,
    gbp,
    reported,
    totals,
)

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.usefixtures("code")


@pytest.fixture
def till() -> Obedient:
    return Obedient()


def claim(referrals: Referrals, email: str = "bob@friend.example") -> Claim:
    return referrals.claim(Claiming(code="ALICE10", email=email))


def adjusted(till: Obedient) -> list[Adjusting]:
    """What the till was asked to adjust since it was last looked at."""
    found = [deed.adjusting for deed in till.deeds if deed.adjusting is not None]
    till.deeds.clear()
    return found


def rests(till: Obedient) -> list[tuple[bool, bool]]:
    return [(one.grant.paused, one.grant.rests) for one in adjusted(till)]


# What coupons go together with.


def test_friends_coupons_and_rewards_follow_the_newest_version(
    referrals: Referrals, engine: Engine, till: Obedient, clock: Clock
) -> None:
    now = replace(a_program(), terms=Terms(hold_days=0))
    clock.to(PLACED)
    referrals.programs.save(now)
    made = claim(referrals)
    referrals.record_order(an_order())
    for _ in range(3):
        engine.work({"till": till})
    assert adjusted(till) == []
    referrals.programs.save(replace(now, combines_with=(Discount.ORDER,)))
    engine.work({"till": till})
    found = {one.grant.part: one for one in adjusted(till)}
    assert found.keys() == {Part.OFFER, Part.REWARD}
    assert {one.grant.combines_with for one in found.values()} == {(Discount.ORDER,)}
    # What its own version promised stays.
    gift = found[Part.OFFER].grant
    assert (gift.id, gift.expires, gift.worth) == (made.id, made.expires, now.offer)
    # A version that says the same of it leaves them alone.
    referrals.programs.save(replace(now, combines_with=(Discount.ORDER,), title="Tea for friends"))
    engine.work({"till": till})
    assert adjusted(till) == []


def test_another_programs_coupons_are_left_alone(
    referrals: Referrals, engine: Engine, till: Obedient
) -> None:
    claim(referrals)
    engine.work({"till": till})
    referrals.programs.save(a_program(name="partners"))
    referrals.programs.save(a_program(name="partners", combines_with=()))
    referrals.programs.pause("partners")
    engine.work({"till": till})
    assert adjusted(till) == []


def test_what_changed_while_a_coupon_was_made_is_told_afterwards(
    referrals: Referrals, engine: Engine
) -> None:
    class Slow(Obedient):
        def carry(self, deed):  # type: ignore[no-untyped-def]
            if deed.duty is Duty.OFFER:
                referrals.programs.save(a_program(combines_with=()))
            return super().carry(deed)

    claim(referrals)
    till = Slow()
    engine.work({"till": till})
    engine.work({"till": till})
    (one,) = adjusted(till)
    assert one.grant.combines_with == ()


def test_it_is_tried_until_the_shop_has_heard_of_it(
    referrals: Referrals, engine: Engine, clock: Clock
) -> None:
    claim(referrals)
    engine.work({"till": Obedient()})
    referrals.programs.save(a_program(combines_with=()))
    till = Saying(answers=[again("busy"), unknown("no answer"), RuntimeError("broken")])
    for _ in range(5):
        engine.work({"till": till})
        clock.on(hours=1)
    assert len(adjusted(till)) == 4


def test_many_coupons_to_be_adjusted_hold_up_no_friend(
    referrals: Referrals, engine: Engine, till: Obedient, clock: Clock
) -> None:
    for number in range(40):
        claim(referrals, f"friend{number}@friend.example")
    for _ in range(2):
        engine.work({"till": till})
    till.deeds.clear()
    referrals.programs.save(a_program(combines_with=()))
    clock.on(hours=1)
    claim(referrals, "late@friend.example")
    engine.work({"till": till}, until=lambda: len(till.deeds) > 0)
    assert [deed.duty for deed in till.deeds] == [Duty.OFFER]
    engine.work({"till": till})
    assert len(adjusted(till)) == 40


# A program that rests.


def test_friends_coupons_are_switched_off_and_on_again(
    referrals: Referrals, engine: Engine, till: Obedient, clock: Clock
) -> None:
    made = claim(referrals)
    engine.work({"till": till})
    till.deeds.clear()
    referrals.programs.pause("friends")
    referrals.programs.pause("friends")
    engine.work({"till": till})
    assert rests(till) == [(True, False)]
    clock.on(days=2)
    referrals.programs.resume("friends")
    referrals.programs.resume("friends")
    engine.work({"till": till})
    (one,) = adjusted(till)
    assert (one.grant.paused, one.grant.rests, one.grant.expires) == (False, True, made.expires)
    # Once it is on again a later change leaves its end alone.
    referrals.programs.save(a_program(combines_with=()))
    engine.work({"till": till})
    assert rests(till) == [(False, False)]


def test_a_pause_that_was_over_before_the_shop_heard_of_it_comes_to_nothing(
    referrals: Referrals, engine: Engine, till: Obedient
) -> None:
    claim(referrals)
    engine.work({"till": till})
    till.deeds.clear()
    referrals.programs.pause("friends")
    referrals.programs.resume("friends")
    referrals.programs.pause("friends")
    referrals.programs.resume("friends")
    engine.work({"till": till})
    assert rests(till) == [(False, False)]


def test_an_off_of_which_nobody_heard_the_end_is_on_again_after_the_pause(
    referrals: Referrals, engine: Engine, clock: Clock
) -> None:
    claim(referrals)
    till = Saying()
    engine.work({"till": till})
    till.deeds.clear()
    referrals.programs.pause("friends")
    till.answers.append(unknown("no answer"))
    engine.work({"till": till})
    referrals.programs.resume("friends")
    clock.on(hours=1)
    engine.work({"till": till})
    assert rests(till) == [(True, False), (False, True)]


def test_pause_while_a_change_is_on_its_way(
    referrals: Referrals, engine: Engine, till: Obedient
) -> None:
    claim(referrals)
    engine.work({"till": till})
    till.deeds.clear()
    referrals.programs.save(a_program(combines_with=(Discount.ORDER,)))
    referrals.programs.pause("friends")
    engine.work({"till": till})
    (one,) = adjusted(till)
    assert (one.grant.combines_with, one.grant.paused) == ((Discount.ORDER,), True)


def test_a_coupon_that_was_claimed_just_before_is_made_and_rests(
    referrals: Referrals, engine: Engine, till: Obedient
) -> None:
    claim(referrals)
    referrals.programs.pause("friends")
    engine.work({"till": till})
    assert [deed.grant.paused for deed in till.deeds if deed.grant] == [True]
    till.deeds.clear()
    referrals.programs.resume("friends")
    engine.work({"till": till})
    assert rests(till) == [(False, True)]


def test_rewards_stay_as_they_were_earned(
    referrals: Referrals, engine: Engine, till: Obedient, clock: Clock
) -> None:
    referrals.programs.save(replace(a_program(), terms=Terms(hold_days=0)))
    clock.to(PLACED)
    referrals.record_order(an_order())
    referrals.programs.pause("friends")
    for _ in range(3):
        engine.work({"till": till})
    (reward,) = [deed.grant for deed in till.deeds if deed.grant is not None]
    assert (reward.part, reward.paused) == (Part.REWARD, False)
    assert adjusted(till) == []


def test_a_coupon_whose_time_is_over_is_left_alone(
    referrals: Referrals, engine: Engine, till: Obedient, clock: Clock
) -> None:
    claim(referrals)
    engine.work({"till": till})
    referrals.programs.pause("friends")
    engine.work({"till": till})
    clock.on(days=31)
    till.deeds.clear()
    referrals.programs.resume("friends")
    engine.work({"till": till})
    assert adjusted(till) == []


def test_a_pause_outlives_new_versions_and_forgetting(
    referrals: Referrals, engine: Engine, till: Obedient
) -> None:
    claim(referrals)
    engine.work({"till": till})
    till.deeds.clear()
    referrals.programs.pause("friends")
    referrals.programs.save(a_program(title="Tea for friends"))
    referrals.people.forget("bob@friend.example")
    engine.work({"till": till})
    assert referrals.programs.find("friends").paused is not None
    (one,) = adjusted(till)
    assert (one.grant.paused, one.grant.email) == (True, None)


# What counts meanwhile.


def test_a_coupon_from_before_counts_whoever_uses_it(
    referrals: Referrals, engine: Engine, till: Obedient, clock: Clock
) -> None:
    made = claim(referrals)
    clock.to(PLACED)
    referrals.programs.pause("friends")
    late = {"placed": PLACED + HOUR, "modified": PLACED + HOUR, "paid": PLACED + HOUR}
    spent = (UsedCoupon(text=made.coupon, discount=gbp("8.00")),)
    told = an_order(email="eve@friend.example", coupons=spent, **late)
    assert reported(referrals.record_order(told)).rung is Rung.COUPON
    assert totals(referrals) == (800, 720)


def test_a_code_that_is_typed_meanwhile_does_not_count(referrals: Referrals, clock: Clock) -> None:
    referrals.programs.pause("friends")
    clock.to(PLACED)
    assert referrals.record_order(an_order()).reasons == ("program_paused",)
    # Nor does it once the program goes on: the order was placed when it was.
    referrals.programs.resume("friends")
    assert referrals.credit.replay(PLACED - HOUR, PLACED + HOUR).differences == ()
    after = {"placed": PLACED + HOUR, "modified": PLACED + HOUR, "paid": PLACED + HOUR}
    assert reported(referrals.record_order(an_order(id="18", **after))).state == "qualified"


def test_an_order_that_comes_again_after_a_pause_is_not_asked_anew(
    referrals: Referrals, clock: Clock
) -> None:
    assert reported(referrals.record_order(an_order())).state == "qualified"
    clock.to(PLACED + HOUR)
    referrals.programs.pause("friends")
    told = referrals.record_order(an_order(modified=PLACED + 2 * HOUR))
    assert reported(told).state == "qualified"


def test_what_stands_wins_over_what_rests(referrals: Referrals, clock: Clock) -> None:
    referrals.programs.save(a_program(name="partners"))
    visit = referrals.record_visit(Visiting(code="ALICE10"))
    clock.on(minutes=1)
    referrals.programs.pause("friends")
    # The coupon is typed while the program rests; the visit is from before.
    told = reported(referrals.record_order(an_order(visit=visit.id)))
    assert (told.rung, told.state) == (Rung.VISIT, "qualified")


def test_an_owners_word_counts_by_when_the_order_was_placed(
    referrals: Referrals, clock: Clock
) -> None:
    carol(referrals)
    referrals.record_order(bare())
    clock.to(PLACED + HOUR)
    referrals.programs.pause("friends")
    told = referrals.credit.assign("17", "CAROL", reason="she said so on the phone")
    assert reported(told).state == "qualified"


def test_why_is_told_to_the_advocate_too(referrals: Referrals) -> None:
    referrals.programs.pause("friends")
    referrals.record_order(an_order())
    assert any("resting" in one for one in referrals.advocates.why("c-1", "17").words)


@pytest.fixture
def code(referrals: Referrals) -> Code:
    return a_shop_with(referrals)
