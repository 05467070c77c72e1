"""What an advocate earned, and where it stands."""

from __future__ import annotations

from datetime import timedelta

import pytest

from goodword import (
    Carried,
    Kind,
    Money,
    Referrals,
    Reward,
    RewardState,
    Standing,
    UnknownAdvocate,
    UsedCoupon,
    again,
    money,
    never,
    percent_off,
    unknown,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import (
    PLACED,
    RELEASE,
    Clock,
    Obedient,
    Saying,
    a_program,
    an_order,
    gbp,
    later,
    reward_of,
    used,
)

pytestmark = pytest.mark.usefixtures("code")


def test_an_advocate_without_an_order_has_nothing(referrals: Referrals) -> None:
    assert list(referrals.rewards.list("c-1")) == []
    assert list(referrals.rewards.balance("c-1")) == []


def test_nobodys_rewards_are_asked_for_in_vain(referrals: Referrals) -> None:
    for ask in (referrals.rewards.list, referrals.rewards.balance):
        with pytest.raises(UnknownAdvocate, match="'c-9'"):
            ask("c-9")


def test_a_reward_waits_until_its_hold_ends(referrals: Referrals) -> None:
    referrals.record_order(an_order())
    assert reward_of(referrals) == Reward(
        order="17",
        advocate="c-1",
        kind=Kind.AMOUNT_OFF,
        state=RewardState.WAITING,
        worth=gbp("7.20"),
        release=RELEASE,
    )


def test_a_later_payment_holds_it_longer(referrals: Referrals, clock: Clock) -> None:
    referrals.record_order(an_order())
    clock.on(days=2)
    referrals.record_order(later(an_order(), paid=PLACED + timedelta(days=2)))
    assert reward_of(referrals).release == RELEASE + timedelta(days=2)


def test_it_is_due_once_the_hold_is_over(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    referrals.record_order(an_order())
    clock.to(RELEASE - timedelta(microseconds=1))
    engine.work()
    assert reward_of(referrals).state is RewardState.WAITING
    clock.to(RELEASE)
    engine.work()
    assert reward_of(referrals).state is RewardState.DUE


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (None, RewardState.GRANTED),
        (again("later"), RewardState.GRANTING),
        (unknown("no answer"), RewardState.UNKNOWN),
        (never("no"), RewardState.REFUSED),
    ],
)
def test_it_stands_where_the_till_left_it(
    engine: Engine,
    referrals: Referrals,
    clock: Clock,
    answer: Carried | None,
    state: RewardState,
) -> None:
    referrals.record_order(an_order())
    clock.to(RELEASE)
    engine.work({"till": Saying(answers=[answer] if answer else [])})
    reward = reward_of(referrals)
    assert (reward.state, reward.worth) == (state, gbp("7.20"))
    assert (reward.text is not None) == (state is RewardState.GRANTED)


def test_it_is_redeemed_by_an_order_that_uses_its_coupon(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    referrals.record_order(an_order())
    clock.to(RELEASE)
    engine.work({"till": Obedient()})
    text = reward_of(referrals).text
    assert text is not None
    assert text.startswith("thanks-")
    referrals.record_order(an_order(id="40", coupons=used(text)))
    redeemed = reward_of(referrals)
    assert (redeemed.state, redeemed.worth) == (RewardState.REDEEMED, gbp("7.20"))


def test_a_reward_that_was_taken_back_is_reversed(referrals: Referrals) -> None:
    referrals.record_order(an_order())
    referrals.record_order(later(an_order(), cancelled=PLACED))
    reward = reward_of(referrals)
    assert (reward.state, reward.worth) == (RewardState.REVERSED, gbp("0"))


def test_what_is_earned_anew_waits_anew(engine: Engine, referrals: Referrals, clock: Clock) -> None:
    referrals.record_order(an_order())
    clock.to(RELEASE)
    engine.work({"till": Obedient()})
    referrals.record_order(later(an_order(), 1, cancelled=PLACED))
    engine.work({"till": Obedient()})
    assert reward_of(referrals).state is RewardState.REVERSED
    referrals.record_order(later(an_order(), 2))
    reward = reward_of(referrals)
    assert (reward.state, reward.worth) == (RewardState.WAITING, gbp("7.20"))


def test_rewards_are_listed_by_order(referrals: Referrals) -> None:
    for id in ("18", "17"):
        referrals.record_order(an_order(id=id))
    assert [reward.order for reward in referrals.rewards.list("c-1")] == ["17", "18"]


def test_a_reward_in_kind_is_a_piece(engine: Engine, referrals: Referrals, clock: Clock) -> None:
    referrals.programs.save(a_program(percent_off(15)))
    referrals.record_order(an_order())
    reward = reward_of(referrals)
    assert (reward.kind, reward.worth) == (Kind.PERCENT_OFF, Money(1, "piece:percent_off"))
    clock.to(RELEASE)
    till = Obedient()
    engine.work({"till": till})
    (deed,) = till.deeds
    assert deed.grant is not None
    assert deed.grant.worth == percent_off(15)
    assert referrals.rewards.balance("c-1") == [
        Standing(advocate="c-1", unit="piece:percent_off", given=1)
    ]


def test_units_stand_apart(referrals: Referrals) -> None:
    referrals.record_order(an_order())
    yen = money("7205", "JPY")
    coupon = UsedCoupon(text="ref-alice10", discount=money("800", "JPY"))
    referrals.record_order(an_order(id="18", net=yen, gross=yen, coupons=(coupon,)))
    assert referrals.rewards.balance("c-1") == [
        Standing(advocate="c-1", unit="GBP", waiting=720),
        Standing(advocate="c-1", unit="JPY", waiting=720),
    ]


def test_what_the_friend_saved_is_no_reward(referrals: Referrals) -> None:
    referrals.record_order(an_order(email="alice@shop.example"))
    assert list(referrals.rewards.list("c-1")) == []
    assert list(referrals.rewards.balance("c-1")) == []
