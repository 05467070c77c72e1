"""Terms that are about time: holds, rewards that expire, campaigns of some days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from goodword import (
    Campaign,
    Carried,
    Claiming,
    Duty,
    FollowUp,
    Grant,
    Granted,
    HoldFrom,
    Order,
    Referrals,
    RewardState,
    State,
    Terms,
    amount_off,
    done,
    never,
    percent_off,
    share_of_order,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import (
    DAY,
    PLACED,
    RELEASE,
    START,
    Clock,
    Obedient,
    Saying,
    a_program,
    a_shop_with,
    an_order,
    gbp,
    later,
    standing,
    state_of,
    the_reward,
    totals,
    used,
)

FROM_FULFILLED = a_program(terms=Terms(hold_days=14, hold_from=HoldFrom.FULFILLED))


@dataclass
class Asked(Obedient):
    """A till that tells of a coupon, when asked, whether it was used."""

    was_used: bool = False

    def carry(self, deed: FollowUp) -> Carried:
        obeyed = super().carry(deed)
        if deed.duty is Duty.EXPIRE and obeyed.granted is not None:
            return done(granted=replace(obeyed.granted, used=self.was_used))
        return obeyed


def grants(till: Obedient) -> list[Grant]:
    return [deed.grant for deed in till.deeds if deed.grant and deed.duty is Duty.GRANT]


def stands_at(engine: Engine, clock: Clock, referrals: Referrals, at: Any) -> RewardState:
    clock.to(at)
    engine.work()
    return the_reward(referrals)[0]


# The hold.


def test_a_hold_from_fulfilment_begins_when_all_was_handed_over(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    a_shop_with(referrals, FROM_FULFILLED)
    referrals.record_order(an_order())
    assert stands_at(engine, clock, referrals, PLACED + 40 * DAY) is RewardState.WAITING
    assert referrals.rewards.list("c-1")[0].release is None
    sent = PLACED + 40 * DAY
    referrals.record_order(later(an_order(), fulfilled=sent))
    just_before = sent + 14 * DAY - timedelta(microseconds=1)
    assert stands_at(engine, clock, referrals, just_before) is RewardState.WAITING
    assert stands_at(engine, clock, referrals, sent + 14 * DAY) is RewardState.DUE


def test_what_was_handed_over_before_it_was_paid_waits_for_its_payment(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    a_shop_with(referrals, FROM_FULFILLED)
    referrals.record_order(an_order(fulfilled=PLACED, paid=None))
    clock.on(days=5)
    paid = PLACED + 5 * DAY
    referrals.record_order(later(an_order(), fulfilled=PLACED, paid=paid))
    assert stands_at(engine, clock, referrals, PLACED + 18 * DAY) is RewardState.WAITING
    assert stands_at(engine, clock, referrals, paid + 14 * DAY) is RewardState.DUE


@pytest.mark.parametrize("moved", [-2, 3])
def test_a_hold_moves_with_what_it_is_counted_from(
    engine: Engine, referrals: Referrals, clock: Clock, moved: int
) -> None:
    a_shop_with(referrals, FROM_FULFILLED)
    clock.on(days=9)
    sent = PLACED + 5 * DAY
    referrals.record_order(an_order(fulfilled=sent))
    referrals.record_order(later(an_order(), fulfilled=sent + moved * DAY))
    ends = sent + (14 + moved) * DAY
    assert stands_at(engine, clock, referrals, ends - timedelta(seconds=1)) is RewardState.WAITING
    assert stands_at(engine, clock, referrals, ends) is RewardState.DUE


def test_what_was_sent_by_mistake_waits_again(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    a_shop_with(referrals, FROM_FULFILLED)
    referrals.record_order(an_order(fulfilled=PLACED))
    referrals.record_order(later(an_order(), 1, fulfilled=None))
    assert stands_at(engine, clock, referrals, PLACED + 30 * DAY) is RewardState.WAITING
    sent = PLACED + 30 * DAY
    referrals.record_order(later(an_order(), 2, fulfilled=sent))
    assert stands_at(engine, clock, referrals, sent + 14 * DAY) is RewardState.DUE


def test_without_a_hold_it_is_due_once_it_is_paid(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    a_shop_with(referrals, a_program(terms=Terms(hold_days=0)))
    referrals.record_order(an_order(paid=None))
    referrals.record_order(later(an_order()))
    assert stands_at(engine, clock, referrals, PLACED) is RewardState.DUE


# Rewards that expire.


@pytest.fixture
def till() -> Asked:
    return Asked()


@pytest.fixture
def granted(engine: Engine, referrals: Referrals, clock: Clock, till: Asked) -> str:
    """Order 17's reward was granted for thirty days; its coupon's text."""
    a_shop_with(referrals, a_program(terms=Terms(reward_days=30)))
    referrals.record_order(an_order())
    clock.to(RELEASE)
    engine.work({"till": till})
    (grant,) = grants(till)
    assert grant.expires == RELEASE + 30 * DAY
    return grant.text


def expire(engine: Engine, clock: Clock, till: Asked, days: float = 30) -> list[Duty]:
    clock.to(RELEASE + days * DAY)
    before = len(till.deeds)
    engine.work({"till": till})
    return [deed.duty for deed in till.deeds[before:]]


@pytest.mark.usefixtures("granted")
def test_what_is_not_used_in_time_expires(
    engine: Engine, referrals: Referrals, clock: Clock, till: Asked
) -> None:
    assert expire(engine, clock, till, 29.999) == []
    assert expire(engine, clock, till) == [Duty.EXPIRE]
    assert the_reward(referrals) == (RewardState.EXPIRED, gbp("7.20"))
    assert state_of(referrals) is State.EXPIRED
    assert (standing(referrals).given, standing(referrals).expired) == (0, 720)
    assert expire(engine, clock, till, 300) == []


@pytest.mark.usefixtures("granted")
def test_what_the_shop_says_was_used_is_redeemed(
    engine: Engine, referrals: Referrals, clock: Clock, till: Asked
) -> None:
    till.was_used = True
    expire(engine, clock, till)
    assert the_reward(referrals)[0] is RewardState.REDEEMED
    assert state_of(referrals) is State.REWARDED
    assert (standing(referrals).given, standing(referrals).spent) == (0, 720)


@pytest.mark.parametrize(
    ("was_used", "state"), [(True, RewardState.REDEEMED), (False, RewardState.EXPIRED)]
)
@pytest.mark.usefixtures("granted")
def test_where_the_shop_cannot_say_whether_it_was_used_a_person_does(
    engine: Engine, referrals: Referrals, clock: Clock, was_used: bool, state: RewardState
) -> None:
    clock.to(RELEASE + 30 * DAY)
    engine.work({"till": Saying(answers=[never("nobody can say")])})
    (stuck,) = engine.stuck("tea-house")
    assert stuck.duty is Duty.EXPIRE
    assert engine.answer(stuck.id, "tea-house", used=was_used)
    assert the_reward(referrals) == (state, gbp("7.20"))
    assert engine.stuck("tea-house") == []


def spending(text: str, **changes: Any) -> Order:
    return an_order(id="40", email="alice@shop.example", coupons=used(text), **changes)


def test_a_use_that_we_hear_of_late_counts(
    engine: Engine, referrals: Referrals, clock: Clock, till: Asked, granted: str
) -> None:
    expire(engine, clock, till)
    referrals.record_order(spending(granted))
    assert the_reward(referrals)[0] is RewardState.REDEEMED
    assert state_of(referrals) is State.REWARDED
    assert (standing(referrals).expired, standing(referrals).spent) == (0, 720)


def test_a_coupon_that_was_used_is_not_asked_about(
    engine: Engine, referrals: Referrals, clock: Clock, till: Asked, granted: str
) -> None:
    referrals.record_order(spending(granted))
    assert expire(engine, clock, till) == []
    assert the_reward(referrals)[0] is RewardState.REDEEMED


@pytest.mark.parametrize("freed_after", [10, 60])
def test_a_coupon_whose_order_was_cancelled_expires_after_all(
    engine: Engine,
    referrals: Referrals,
    clock: Clock,
    till: Asked,
    granted: str,
    freed_after: int,
) -> None:
    referrals.record_order(spending(granted))
    expire(engine, clock, till, freed_after)
    referrals.record_order(later(spending(granted), cancelled=PLACED))
    assert the_reward(referrals)[0] is RewardState.GRANTED
    assert expire(engine, clock, till, max(30, freed_after)) == [Duty.EXPIRE]
    assert the_reward(referrals)[0] is RewardState.EXPIRED


@pytest.mark.usefixtures("granted")
def test_nobody_owes_back_what_they_never_used(
    engine: Engine, referrals: Referrals, clock: Clock, till: Asked
) -> None:
    expire(engine, clock, till)
    referrals.record_order(later(an_order(), cancelled=PLACED))
    assert expire(engine, clock, till, 31) == []
    stands = standing(referrals)
    assert (stands.expired, stands.owed_back, stands.given) == (0, 0, 0)
    assert (the_reward(referrals)[0], state_of(referrals)) == (RewardState.REVERSED, State.REVERSED)


@pytest.mark.usefixtures("granted")
def test_each_of_an_orders_coupons_expires_in_its_own_time(
    engine: Engine, referrals: Referrals, clock: Clock, till: Asked
) -> None:
    expire(engine, clock, till, 10)
    referrals.record_order(later(an_order(), net=gbp("82.00"), gross=gbp("82.00")))
    assert expire(engine, clock, till, 10) == [Duty.GRANT]
    assert expire(engine, clock, till, 30) == [Duty.EXPIRE]
    assert (standing(referrals).given, standing(referrals).expired) == (100, 720)
    assert expire(engine, clock, till, 40) == [Duty.EXPIRE]
    assert (standing(referrals).given, standing(referrals).expired) == (0, 820)


def test_without_a_term_a_reward_is_good_for_good(
    engine: Engine, referrals: Referrals, clock: Clock, till: Asked
) -> None:
    a_shop_with(referrals)
    referrals.record_order(an_order())
    clock.to(RELEASE)
    engine.work({"till": till})
    assert expire(engine, clock, till, 3000) == []
    assert the_reward(referrals)[0] is RewardState.GRANTED


# Campaigns.

WEEK = Campaign(
    name="double-week",
    starts=START + DAY,
    ends=START + 8 * DAY,
    offer=percent_off(20),
    reward=share_of_order(20),
)


@pytest.mark.parametrize(
    ("at", "share"),
    [
        (START + DAY - timedelta(microseconds=1), 720),
        (START + DAY, 1440),
        (START + 8 * DAY - timedelta(microseconds=1), 1440),
        (START + 8 * DAY, 720),
    ],
)
def test_a_campaign_counts_by_the_orders_placing(
    referrals: Referrals, clock: Clock, at: Any, share: int
) -> None:
    a_shop_with(referrals, a_program(campaigns=(WEEK,)))
    clock.on(days=20)
    referrals.record_order(an_order(placed=at, modified=at, paid=START + 9 * DAY))
    assert totals(referrals)[1] == share


@pytest.mark.parametrize(
    ("days", "worth"), [(0, percent_off(10)), (1, percent_off(20)), (8, percent_off(10))]
)
def test_a_claims_coupon_is_worth_what_the_campaign_of_its_day_offers(
    engine: Engine, referrals: Referrals, clock: Clock, till: Asked, days: int, worth: Any
) -> None:
    a_shop_with(referrals, a_program(campaigns=(WEEK,)))
    clock.on(days=days)
    referrals.claim(Claiming(code="ALICE10", email="bob@friend.example"))
    clock.on(days=10)
    engine.work({"till": till})
    (made,) = [deed.grant for deed in till.deeds if deed.duty is Duty.OFFER]
    assert made is not None
    assert made.worth == worth


def test_a_campaign_may_change_the_offer_alone(referrals: Referrals, clock: Clock) -> None:
    only_offer = replace(WEEK, reward=None)
    a_shop_with(referrals, a_program(campaigns=(only_offer,)))
    clock.on(days=2)
    referrals.record_order(an_order(placed=START + 2 * DAY))
    assert totals(referrals)[1] == 720


def test_two_campaigns_may_follow_one_another(referrals: Referrals, clock: Clock) -> None:
    second = replace(
        WEEK, name="fixed", starts=WEEK.ends, ends=WEEK.ends + DAY, reward=amount_off("1", "GBP")
    )
    a_shop_with(referrals, a_program(campaigns=(WEEK, second)))
    clock.on(days=9)
    referrals.record_order(an_order(placed=WEEK.ends))
    assert totals(referrals)[1] == 100


def test_a_granted_coupon_stands_as_the_shop_tells(
    engine: Engine, clock: Clock, till: Asked, granted: str
) -> None:
    """The till is asked about the very coupon it made."""
    expire(engine, clock, till)
    asked = till.deeds[-1].grant
    assert asked is not None
    assert Granted(grant=asked.id, text=granted, remote="40").text == asked.text
