"""Every kind of reward and offer, from the promise to the till and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from goodword import (
    Claiming,
    Duty,
    Grant,
    Kind,
    Money,
    Referrals,
    Refund,
    RewardState,
    TakingBack,
    Terms,
    Worth,
    amount_off,
    commission,
    free_product,
    free_shipping,
    gift_card,
    money,
    percent_off,
    points,
    share_of_order,
    store_credit,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import (
    RELEASE,
    Clock,
    Obedient,
    a_program,
    a_shop_with,
    an_order,
    gbp,
    later,
    standing,
    the_reward,
)

pytestmark = pytest.mark.slow

SHARES = [
    share_of_order(10, as_=kind) for kind in (Kind.AMOUNT_OFF, Kind.STORE_CREDIT, Kind.GIFT_CARD)
]
FIXED = [
    amount_off("5.00", "GBP"),
    store_credit("5.00", "GBP"),
    gift_card("5.00", "GBP"),
    points(50),
]
PIECES = [percent_off(15), free_shipping(), free_product("tea-1")]
MINIMUM = gbp("40.00")


def of_kind(worth: Worth) -> str:
    return f"{'share as ' if worth.of_order else ''}{worth.kind}"


@pytest.fixture
def till() -> Obedient:
    return Obedient()


def granted(engine: Engine, referrals: Referrals, clock: Clock, till: Obedient) -> Grant:
    """Let order 17 earn, and its reward be granted."""
    referrals.record_order(an_order())
    clock.to(RELEASE)
    engine.work({"till": till})
    (grant,) = [deed.grant for deed in till.deeds if deed.duty is Duty.GRANT]
    assert grant is not None
    return grant


def taken(till: Obedient) -> list[TakingBack]:
    return [deed.taking_back for deed in till.deeds if deed.taking_back is not None]


def refunded(referrals: Referrals, amount: str, seconds: float = 1) -> None:
    back = Refund(id="r", gross=gbp(amount))
    referrals.record_order(later(an_order(), seconds, refunds=(back,)))


@pytest.mark.parametrize("reward", SHARES, ids=of_kind)
def test_a_share_is_granted_as_its_kind_and_made_smaller_by_a_refund(
    engine: Engine, referrals: Referrals, clock: Clock, till: Obedient, reward: Worth
) -> None:
    a_shop_with(referrals, a_program(reward))
    grant = granted(engine, referrals, clock, till)
    assert grant.worth == Worth(reward.kind, amount=gbp("7.20"))
    assert referrals.rewards.list("c-1")[0].kind is reward.kind
    refunded(referrals, "36.00")
    engine.work({"till": till})
    assert [one.left for one in taken(till)] == [gbp("3.60")]
    assert the_reward(referrals) == (RewardState.GRANTED, gbp("3.60"))
    refunded(referrals, "72.00", 2)
    engine.work({"till": till})
    assert [one.left for one in taken(till)] == [gbp("3.60"), None]
    assert (standing(referrals).given, standing(referrals).owed_back) == (0, 0)


@pytest.mark.parametrize("reward", FIXED, ids=of_kind)
def test_a_fixed_reward_stands_or_falls_whole(
    engine: Engine, referrals: Referrals, clock: Clock, till: Obedient, reward: Worth
) -> None:
    a_shop_with(referrals, a_program(reward, terms=Terms(minimum=MINIMUM)))
    grant = granted(engine, referrals, clock, till)
    assert grant.worth == reward
    refunded(referrals, "32.00")
    engine.work({"till": till})
    assert (taken(till), the_reward(referrals)[0]) == ([], RewardState.GRANTED)
    refunded(referrals, "32.01", 2)
    engine.work({"till": till})
    assert [one.left for one in taken(till)] == [None]
    assert the_reward(referrals) == (RewardState.REVERSED, Money(0, grant_unit(reward)))


def grant_unit(reward: Worth) -> str:
    return reward.amount.unit if reward.amount else f"piece:{reward.kind}"


@pytest.mark.parametrize("reward", FIXED, ids=of_kind)
def test_by_choice_a_fixed_reward_is_made_smaller(
    engine: Engine, referrals: Referrals, clock: Clock, till: Obedient, reward: Worth
) -> None:
    a_shop_with(referrals, a_program(reward, terms=Terms(proportional=True)))
    granted(engine, referrals, clock, till)
    refunded(referrals, "18.00")
    engine.work({"till": till})
    assert reward.amount is not None
    left = Money(reward.amount.minor * 3 // 4, reward.amount.unit)
    assert [one.left for one in taken(till)] == [left]
    assert the_reward(referrals) == (RewardState.GRANTED, left)


@pytest.mark.parametrize("reward", PIECES, ids=of_kind)
def test_a_piece_is_granted_as_it_was_promised_and_taken_back_whole(
    engine: Engine, referrals: Referrals, clock: Clock, till: Obedient, reward: Worth
) -> None:
    a_shop_with(referrals, a_program(reward, terms=Terms(minimum=MINIMUM)))
    grant = granted(engine, referrals, clock, till)
    assert grant.worth == reward
    piece = Money(1, f"piece:{reward.kind}")
    assert the_reward(referrals) == (RewardState.GRANTED, piece)
    refunded(referrals, "32.00")
    engine.work({"till": till})
    assert taken(till) == []
    refunded(referrals, "40.00", 2)
    engine.work({"till": till})
    assert [one.left for one in taken(till)] == [None]
    assert the_reward(referrals)[0] is RewardState.REVERSED


def test_a_product_is_granted_as_it_was_promised_then(
    engine: Engine, referrals: Referrals, clock: Clock, till: Obedient
) -> None:
    """The order keeps the version of its placing, also for what is given in kind."""
    a_shop_with(referrals, a_program(free_product("tea-1")))
    referrals.record_order(an_order())
    clock.on(days=1)
    referrals.programs.save(a_program(free_product("cup-9")))
    clock.to(RELEASE)
    engine.work({"till": till})
    (grant,) = [deed.grant for deed in till.deeds if deed.grant]
    assert grant.worth.product == "tea-1"


def test_points_have_a_unit_of_their_own(referrals: Referrals) -> None:
    a_shop_with(referrals, a_program(points(50)))
    referrals.record_order(an_order())
    euro = money("72.00", "EUR")
    referrals.record_order(an_order(id="18", net=euro, gross=euro, coupons=(), code="ALICE10"))
    assert (standing(referrals).unit, standing(referrals).waiting) == ("points", 100)


def test_what_is_granted_in_taiwan_is_whole_dollars(
    engine: Engine, referrals: Referrals, clock: Clock, till: Obedient
) -> None:
    a_shop_with(referrals, a_program(share_of_order("7.5", as_=Kind.STORE_CREDIT)))
    whole = money("999", "TWD")
    referrals.record_order(an_order(net=whole, gross=whole, coupons=(), code="ALICE10"))
    clock.to(RELEASE)
    engine.work({"till": till})
    (grant,) = [deed.grant for deed in till.deeds if deed.grant]
    assert grant.worth == store_credit("74", "TWD")


@pytest.mark.parametrize(
    "offer",
    [amount_off("5.00", "GBP"), percent_off(10), free_shipping(), free_product("cup-1")],
    ids=of_kind,
)
def test_an_offer_of_each_kind_is_made_for_a_claim(
    engine: Engine, referrals: Referrals, till: Obedient, offer: Worth
) -> None:
    a_shop_with(referrals, replace(a_program(), offer=offer))
    claim = referrals.claim(Claiming(code="ALICE10", email="bob@friend.example"))
    engine.work({"till": till})
    (deed,) = till.deeds
    assert deed.grant is not None
    assert (deed.duty, deed.grant.worth, deed.grant.text) == (Duty.OFFER, offer, claim.coupon)
    assert deed.grant.expires == claim.at + timedelta(days=30)


def test_a_commission_is_never_granted_by_a_till(
    engine: Engine, referrals: Referrals, clock: Clock, till: Obedient
) -> None:
    a_shop_with(referrals, a_program(commission("5.00", "GBP")))
    referrals.record_order(an_order())
    clock.to(RELEASE)
    engine.work({"till": till})
    assert till.deeds == []
    assert the_reward(referrals) == (RewardState.DUE, gbp("5.00"))
    assert referrals.rewards.list("c-1")[0].kind is Kind.COMMISSION
