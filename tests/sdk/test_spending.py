"""One's own reward, spent at the checkout."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from goodword import Order, Referrals, Refund, Terms
from goodword.embedded.engine import Engine
from tests.sdk.builders import (
    HALVED,
    PLACED,
    Clock,
    Obedient,
    a_program,
    an_order,
    carol,
    gbp,
    later,
    reported,
    standing,
    totals,
    used,
)

pytestmark = pytest.mark.usefixtures("code")


@pytest.fixture
def reward(engine: Engine, referrals: Referrals, clock: Clock) -> str:
    """The coupon that Alice was given for order 17."""
    referrals.record_order(an_order())
    clock.to(PLACED + timedelta(days=14))
    engine.work({"till": Obedient()})
    (reward,) = referrals.rewards.list("c-1")
    assert reward.text is not None
    return reward.text


def spending(reward: str, **changes: Any) -> Order:
    return an_order(**{"id": "40", "coupons": used(reward, "7.20"), **changes})


def given_and_spent(referrals: Referrals) -> tuple[int, int]:
    stands = standing(referrals)
    return stands.given, stands.spent


def test_spending_a_reward_is_no_referral(referrals: Referrals, reward: str) -> None:
    outcome = referrals.record_order(spending(reward))
    assert (outcome.result, outcome.reasons) == ("unattributed", ())
    assert given_and_spent(referrals) == (0, 720)
    assert referrals.credit.explain("40").entries == ()
    assert totals(referrals) == (800, 720)


def test_a_reward_is_free_again_when_its_order_is_cancelled(
    referrals: Referrals, reward: str
) -> None:
    referrals.record_order(spending(reward))
    referrals.record_order(later(spending(reward), cancelled=PLACED))
    assert given_and_spent(referrals) == (720, 0)
    referrals.record_order(later(spending(reward), 2))
    assert given_and_spent(referrals) == (0, 720)


def test_a_reward_is_free_again_when_it_is_taken_off_the_order(
    referrals: Referrals, reward: str
) -> None:
    referrals.record_order(spending(reward))
    referrals.record_order(later(spending(reward), coupons=()))
    assert given_and_spent(referrals) == (720, 0)


def test_a_cancelled_order_frees_only_what_it_spent(referrals: Referrals, reward: str) -> None:
    cancelled = later(spending(reward), cancelled=PLACED)
    referrals.record_order(spending(reward))
    referrals.record_order(cancelled)
    referrals.record_order(spending(reward, id="41"))
    referrals.record_order(later(cancelled, 1, email="alice@shop.example"))
    referrals.record_order(spending(reward, id="42", cancelled=PLACED))
    assert given_and_spent(referrals) == (0, 720)


def test_spending_a_reward_does_not_stop_a_referral(referrals: Referrals, reward: str) -> None:
    carol(referrals)
    both = spending(reward, coupons=(*used(reward), *used("ref-carol")))
    assert reported(referrals.record_order(both)).advocate == "c-2"
    assert given_and_spent(referrals) == (0, 720)


# What became of its reward meanwhile.


def reverse(referrals: Referrals) -> None:
    referrals.record_order(later(an_order(), cancelled=PLACED))


def free(referrals: Referrals, reward: str) -> None:
    referrals.record_order(later(spending(reward), cancelled=PLACED))


def test_what_is_owed_back_is_taken_from_a_coupon_that_is_free_again(
    engine: Engine, referrals: Referrals, reward: str
) -> None:
    referrals.record_order(spending(reward))
    reverse(referrals)
    engine.work({"till": Obedient()})
    assert (standing(referrals).spent, standing(referrals).owed_back) == (720, -720)
    free(referrals, reward)
    engine.work({"till": Obedient()})
    assert (standing(referrals).given, standing(referrals).owed_back) == (0, 0)


def test_what_another_reward_paid_off_is_not_taken_back_as_well(
    engine: Engine, referrals: Referrals, reward: str, clock: Clock
) -> None:
    referrals.record_order(spending(reward))
    reverse(referrals)
    referrals.record_order(an_order(id="18"))
    clock.on(days=14)
    engine.work({"till": Obedient()})
    free(referrals, reward)
    engine.work({"till": Obedient()})
    assert (standing(referrals).given, standing(referrals).owed_back) == (720, 0)


def test_a_debt_is_not_paid_again_while_the_order_that_paid_it_is_settled(
    engine: Engine, referrals: Referrals, reward: str
) -> None:
    referrals.record_order(spending(reward))
    reverse(referrals)
    referrals.record_order(an_order(id="18"))
    engine.work({"till": Obedient()})
    # Half of what paid off the debt is reversed; until a till comes that is about to be settled.
    referrals.record_order(later(an_order(id="18"), net=HALVED.net))
    referrals.record_order(an_order(id="19"))
    engine.work({})
    assert (standing(referrals).due, standing(referrals).owed_back) == (360, 0)


def test_what_an_order_paid_off_stays_paid_while_its_own_coupon_is_made_smaller(
    engine: Engine, referrals: Referrals, reward: str
) -> None:
    referrals.record_order(spending(reward))
    referrals.record_order(later(an_order(), net=HALVED.net))
    bigger = an_order(id="18", net=gbp("100.00"), gross=gbp("100.00"))
    referrals.record_order(bigger)
    engine.work({"till": Obedient()})
    assert (standing(referrals).given, standing(referrals).owed_back) == (640, 0)
    # A little comes back of the order that paid the debt; until a till comes its coupon waits.
    back = Refund(id="r-1", gross=gbp("10.00"))
    referrals.record_order(later(bigger, refunds=(back,)))
    referrals.record_order(an_order(id="19"))
    engine.work({})
    assert (standing(referrals).due, standing(referrals).owed_back) == (620, 0)


@pytest.fixture
def fleeting(engine: Engine, referrals: Referrals, clock: Clock) -> str:
    """The coupon that Alice was given for order 17, and may spend within five days."""
    referrals.programs.save(a_program(terms=Terms(hold_days=14, reward_days=5)))
    clock.on(days=1)
    referrals.record_order(an_order(placed=clock.at, paid=clock.at, modified=clock.at))
    clock.on(days=14)
    engine.work({"till": Obedient()})
    (reward,) = referrals.rewards.list("c-1")
    assert reward.text is not None
    return reward.text


def test_a_coupon_that_is_free_again_after_its_time_expires(
    engine: Engine, referrals: Referrals, clock: Clock, fleeting: str
) -> None:
    referrals.record_order(spending(fleeting))
    clock.on(days=6)
    engine.work({"till": Obedient()})
    free(referrals, fleeting)
    engine.work({"till": Obedient()})
    assert (standing(referrals).given, standing(referrals).expired) == (0, 720)


def test_what_another_reward_paid_off_is_not_paid_once_more_by_an_expiry(
    engine: Engine, referrals: Referrals, clock: Clock, fleeting: str
) -> None:
    referrals.record_order(spending(fleeting))
    now = clock.at
    referrals.record_order(an_order(placed=now, paid=now, modified=now, cancelled=now))
    referrals.record_order(an_order(id="18", placed=now, paid=now))
    clock.on(days=14)
    engine.work({"till": Obedient()})
    free(referrals, fleeting)
    engine.work({"till": Obedient()})
    assert (standing(referrals).expired, standing(referrals).owed_back) == (720, 0)


# Two orders name one reward: news of them comes in either sequence.


def told(referrals: Referrals, reward: str, *news: tuple[str, bool]) -> None:
    """Tell of orders that spend the reward: their ids, and whether they were cancelled."""
    for n, (id, cancelled) in enumerate(news):
        state = spending(reward, id=id, cancelled=PLACED if cancelled else None)
        referrals.record_order(later(state, n))


def test_a_reward_that_another_order_spends_is_not_free(referrals: Referrals, reward: str) -> None:
    told(referrals, reward, ("40", False), ("41", False), ("40", True))
    assert given_and_spent(referrals) == (0, 720)


@pytest.mark.parametrize("last", ["40", "41"])
def test_it_is_free_once_neither_spends_it(referrals: Referrals, reward: str, last: str) -> None:
    first = "41" if last == "40" else "40"
    told(referrals, reward, ("40", False), ("41", False), (first, True), (last, True))
    assert given_and_spent(referrals) == (720, 0)


def test_an_orders_other_coupon_is_not_spent_along(
    engine: Engine, referrals: Referrals, reward: str, clock: Clock
) -> None:
    referrals.record_order(later(an_order(), net=gbp("82.00"), gross=gbp("82.00")))
    clock.on(days=14)
    engine.work({"till": Obedient()})
    told(referrals, reward, ("40", False), ("41", False))
    assert given_and_spent(referrals) == (100, 720)


def test_a_reward_that_was_used_before_it_was_taken_back_is_owed(
    engine: Engine, referrals: Referrals, reward: str
) -> None:
    reverse(referrals)
    engine.work({"till": Obedient()})
    assert (standing(referrals).given, standing(referrals).owed_back) == (0, 0)
    told(referrals, reward, ("40", False))
    assert (standing(referrals).spent, standing(referrals).owed_back) == (720, -720)
