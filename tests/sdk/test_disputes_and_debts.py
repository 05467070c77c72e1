"""What is owed back is paid once: by the coupon while it can be, else by what is earned later."""

from __future__ import annotations

from datetime import timedelta

import pytest

from goodword import (
    Account,
    Kind,
    Referrals,
    RewardState,
    State,
    Terms,
    TillCarrier,
    Worth,
    commission,
    never,
    share_of_order,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import (
    HALVED,
    PLACED,
    RELEASE,
    Clock,
    Saying,
    a_program,
    a_shop_with,
    an_order,
    gbp,
    later,
    reported,
    standing,
    the_reward,
    totals,
    used,
)
from tests.sdk.tills import Coupons, at_the

LOST = later(an_order(), disputed=PLACED + timedelta(hours=1))


@pytest.fixture
def coupons() -> Coupons:
    return Coupons()


@pytest.fixture
def till(coupons: Coupons) -> dict[str, TillCarrier]:
    return at_the(coupons)


def stands(referrals: Referrals) -> tuple[int, int, int, int, int, int]:
    """Waiting, due, given, spent, expired, owed back."""
    one = standing(referrals)
    return one.waiting, one.due, one.given, one.spent, one.expired, one.owed_back


# Disputes.


@pytest.mark.usefixtures("code")
def test_a_disputed_order_earns_nothing_and_says_why(referrals: Referrals) -> None:
    outcome = referrals.record_order(LOST)
    assert outcome.reasons == ("disputed",)
    assert reported(outcome).state is State.REVERSED
    assert totals(referrals) == (0, 0)


@pytest.mark.usefixtures("code")
def test_a_dispute_inside_the_hold_delays_nothing_once_it_is_won(
    engine: Engine, referrals: Referrals, clock: Clock, till: dict[str, TillCarrier]
) -> None:
    referrals.record_order(an_order())
    referrals.record_order(LOST)
    clock.to(RELEASE)
    engine.work(till)
    assert stands(referrals) == (0, 0, 0, 0, 0, 0)
    referrals.record_order(later(LOST, disputed=None))
    engine.work(till)
    assert stands(referrals) == (0, 0, 720, 0, 0, 0)


@pytest.mark.usefixtures("earned")
def test_a_dispute_disables_the_coupon_and_one_won_brings_another(
    engine: Engine, referrals: Referrals, coupons: Coupons, till: dict[str, TillCarrier]
) -> None:
    engine.work(till)
    referrals.record_order(LOST)
    engine.work(till)
    assert coupons.asked == [(720, None)]
    assert coupons.spendable() == 0
    referrals.record_order(later(LOST, disputed=None))
    engine.work(till)
    assert len(coupons.worth) == 2
    assert coupons.spendable() == 720
    assert totals(referrals) == (800, 720)


@pytest.mark.usefixtures("earned")
def test_a_disputed_order_gives_what_it_spent_no_second_life(
    engine: Engine, referrals: Referrals, coupons: Coupons, till: dict[str, TillCarrier]
) -> None:
    engine.work(till)
    (text,) = coupons.worth
    referrals.record_order(an_order(id="40", coupons=used(text)))
    referrals.record_order(later(an_order(id="40", coupons=used(text)), disputed=PLACED))
    assert stands(referrals) == (0, 0, 0, 720, 0, 0)


# Debts.


@pytest.mark.usefixtures("earned")
def test_later_earnings_pay_a_debt_first_and_never_more_than_it(
    engine: Engine, referrals: Referrals, coupons: Coupons, till: dict[str, TillCarrier]
) -> None:
    engine.work(till)
    coupons.used |= coupons.worth.keys()
    referrals.record_order(later(an_order(), cancelled=PLACED))
    engine.work(till)
    assert stands(referrals) == (0, 0, 0, 720, 0, -720)
    for id, owed, given in (("18", -360, 0), ("19", 0, 0), ("20", 0, 360), ("21", 0, 720)):
        referrals.record_order(an_order(id=id, net=gbp("36.00")))
        engine.work(till)
        assert standing(referrals).owed_back == owed
        assert coupons.spendable() == given
    paid = [one for one in referrals.rewards.list("c-1") if one.state is RewardState.OFFSET]
    assert [(one.order, one.worth) for one in paid] == [("18", gbp("3.60")), ("19", gbp("3.60"))]


@pytest.mark.usefixtures("earned")
def test_what_another_order_paid_off_is_not_taken_from_a_later_reward_too(
    engine: Engine, referrals: Referrals, coupons: Coupons, till: dict[str, TillCarrier]
) -> None:
    engine.work(till)
    coupons.used |= coupons.worth.keys()
    referrals.record_order(HALVED)
    engine.work(till)
    referrals.record_order(an_order(id="18"))
    engine.work(till)
    assert stands(referrals) == (0, 0, 360, 720, 0, 0)
    # The refund was a mistake, and another follows before anybody has worked.
    referrals.record_order(later(an_order(), 2))
    engine.work()
    referrals.record_order(later(an_order(), 3, cancelled=PLACED))
    referrals.record_order(later(an_order(), 4))
    engine.work(till)
    assert stands(referrals) == (0, 0, 720, 720, 0, 0)
    assert coupons.spendable() == 720


@pytest.mark.usefixtures("earned")
def test_a_coupon_that_is_free_again_is_taken_back_as_far_as_it_is_owed(
    engine: Engine, referrals: Referrals, coupons: Coupons, till: dict[str, TillCarrier]
) -> None:
    engine.work(till)
    (text,) = coupons.worth
    spending = an_order(id="40", coupons=used(text))
    referrals.record_order(spending)
    referrals.record_order(HALVED)
    engine.work(till)
    assert stands(referrals) == (0, 0, 0, 720, 0, -360)
    referrals.record_order(later(spending, cancelled=PLACED))
    engine.work(till)
    assert stands(referrals) == (0, 0, 360, 0, 0, 0)
    assert coupons.spendable() == 360


@pytest.mark.usefixtures("earned")
def test_a_coupon_that_is_free_again_stays_whole_where_its_debt_was_paid(
    engine: Engine, referrals: Referrals, coupons: Coupons, till: dict[str, TillCarrier]
) -> None:
    engine.work(till)
    (text,) = coupons.worth
    spending = an_order(id="40", coupons=used(text))
    referrals.record_order(spending)
    referrals.record_order(HALVED)
    referrals.record_order(an_order(id="18"))
    engine.work(till)
    referrals.record_order(later(spending, cancelled=PLACED))
    engine.work(till)
    assert stands(referrals) == (0, 0, 1080, 0, 0, 0)
    assert coupons.spendable() == 1080


# Expiry.

SHORT = Terms(hold_days=14, reward_days=30)


@pytest.fixture
def expired(
    engine: Engine,
    referrals: Referrals,
    clock: Clock,
    coupons: Coupons,
    till: dict[str, TillCarrier],
) -> str:
    """Alice's coupon of 7.20, whose time is over and which nobody told us was used."""
    a_shop_with(referrals, a_program(terms=SHORT))
    referrals.record_order(an_order())
    clock.to(RELEASE)
    engine.work(till)
    clock.on(days=30)
    engine.work(till)
    assert stands(referrals) == (0, 0, 0, 0, 720, 0)
    (text,) = coupons.worth
    return text


@pytest.mark.usefixtures("expired")
def test_a_coupon_that_expired_unused_is_no_debt(engine: Engine, referrals: Referrals) -> None:
    referrals.record_order(HALVED)
    engine.work()
    assert stands(referrals) == (0, 0, 0, 0, 360, 0)
    referrals.record_order(later(an_order(), 2, cancelled=PLACED))
    assert stands(referrals) == (0, 0, 0, 0, 0, 0)


def test_a_coupon_that_was_used_before_it_expired_is_a_debt_after_all(
    referrals: Referrals, expired: str
) -> None:
    referrals.record_order(HALVED)
    referrals.record_order(an_order(id="40", coupons=used(expired)))
    assert stands(referrals) == (0, 0, 0, 720, 0, -360)
    assert totals(referrals) == (800, 360)


def test_a_coupon_that_expires_while_it_is_owed_back_pays_what_it_owes(
    engine: Engine,
    referrals: Referrals,
    clock: Clock,
    coupons: Coupons,
    till: dict[str, TillCarrier],
) -> None:
    a_shop_with(referrals, a_program(terms=SHORT))
    referrals.record_order(an_order())
    clock.to(RELEASE)
    engine.work(till)
    clock.on(days=30)
    referrals.record_order(HALVED)
    engine.work(till)
    engine.work(till)
    assert stands(referrals) == (0, 0, 0, 0, 360, 0)


def test_a_coupon_that_the_shop_refused_to_take_back_still_expires(
    engine: Engine, referrals: Referrals, clock: Clock, till: dict[str, TillCarrier]
) -> None:
    a_shop_with(referrals, a_program(terms=SHORT))
    referrals.record_order(an_order())
    clock.to(RELEASE)
    engine.work(till)
    referrals.record_order(HALVED)
    engine.work({"till": Saying(answers=[never("no")])})
    assert stands(referrals) == (0, 0, 720, 0, 0, -360)
    clock.on(days=30)
    engine.work(till)
    assert stands(referrals) == (0, 0, 0, 0, 360, 0)


def test_a_coupon_that_is_free_again_expires_when_its_time_is_over(
    engine: Engine, referrals: Referrals, till: dict[str, TillCarrier], expired: str
) -> None:
    spending = an_order(id="40", coupons=used(expired))
    referrals.record_order(spending)
    assert stands(referrals) == (0, 0, 0, 720, 0, 0)
    referrals.record_order(later(spending, cancelled=PLACED))
    engine.work(till)
    assert stands(referrals) == (0, 0, 0, 0, 720, 0)


# Commissions.


@pytest.mark.parametrize(
    "reward", [share_of_order(10, as_=Kind.COMMISSION), commission("7.20", "GBP")]
)
def test_a_commission_that_was_paid_too_much_is_kept_from_the_next_payment(
    engine: Engine, referrals: Referrals, clock: Clock, reward: Worth
) -> None:
    a_shop_with(referrals, a_program(reward))
    referrals.record_order(an_order())
    clock.to(RELEASE)
    engine.work()
    referrals.rewards.mark_paid("c-1", reference="november")
    assert the_reward(referrals) == (RewardState.PAID, gbp("7.20"))
    referrals.record_order(later(an_order(), cancelled=PLACED))
    engine.work()
    assert stands(referrals) == (0, 0, 720, 0, 0, -720)
    for id in ("18", "19"):
        referrals.record_order(an_order(id=id))
    engine.work()
    assert stands(referrals) == (0, 720, 720, 0, 0, 0)
    (paid,) = referrals.rewards.mark_paid("c-1", reference="december")
    assert paid.worth == gbp("7.20")
    kept = [
        entry
        for id in ("18", "19")
        for entry in referrals.credit.explain(id).entries
        if entry.target is Account.OWED_BACK
    ]
    assert [entry.worth for entry in kept] == [gbp("7.20")]
