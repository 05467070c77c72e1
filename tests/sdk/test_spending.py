"""One's own reward, spent at the checkout."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from goodword import (
    Order,
    Referrals,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import (
    PLACED,
    Clock,
    Obedient,
    an_order,
    carol,
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
