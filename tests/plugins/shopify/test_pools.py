"""Friends' codes under one discount: added beside the shop's work, and taken out one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from goodword.errors import AnswerLost, TillDown, TillRefused
from goodword.model.followup import Grant, Granted
from goodword.model.ledger import Part
from goodword.model.money import Money
from goodword.model.worth import amount_off, percent_off
from goodword.platforms import Till
from goodword.watching import Differing, Promised, Watch
from goodword_shopify.granting import Counter
from goodword_shopify.notes import Notes
from goodword_shopify.pools import Pools
from goodword_shopify.standin import Fault, Shop, StandIn
from goodword_shopify.standin.orders import Bought
from goodword_shopify.standin.orders import order as an_order
from goodword_shopify.tokens import Pocket
from tests.plugins.shopify.conftest import TEA, a_platform, client_of, till_of

pytestmark = pytest.mark.slow

ENDS = datetime(2027, 1, 29, 23, 0, tzinfo=UTC)
# The Monday after that Friday.
POOL_ENDS = "2027-02-01T00:00:00+00:00"


def a_grant(number: int = 1, **changes: Any) -> Grant:
    grant = Grant(
        id=f"cl-{number}",
        subject=f"cl-{number}",
        person="f-1",
        worth=percent_off(10),
        text=f"friend-7q2k-{number:04}",
        part=Part.OFFER,
        email="friend@example.com",
        expires=ENDS,
    )
    return replace(grant, **changes)


@pytest.fixture
def till(standin: StandIn, tea: Shop) -> Till:
    return till_of(standin, friend_codes="pooled")


def a_pools(standin: StandIn) -> Pools:
    installation = standin.installation("tea-house", TEA)
    return Pools(
        Counter(
            client=client_of(standin),
            settings={"friend_codes": "pooled"},
            notes=Notes("tea-house", Pocket().of(installation)),
            now=standin.clock.now,
            currency=lambda: "EUR",
        )
    )


def watch_of(standin: StandIn) -> Watch:
    return a_platform(standin).watch(standin.installation("tea-house", TEA))


def codes(shop: Shop) -> list[str]:
    """Return every code of the shop's only discount but its own."""
    (node,) = shop.discounts.by_id.values()
    return [one["code"] for one in node["_codes"] if not one["code"].startswith("pool-")]


def test_codes_that_end_in_one_week_share_a_discount(till: Till, tea: Shop) -> None:
    first, second = (till.grant(a_grant(number)) for number in (1, 2))
    assert "/DiscountRedeemCode/" in first.remote
    assert first.remote != second.remote
    assert codes(tea) == ["friend-7q2k-0001", "friend-7q2k-0002"]
    (node,) = tea.discounts.by_id.values()
    assert node["_asked"]["endsAt"] == POOL_ENDS
    assert node["_asked"]["usageLimit"] == 1
    later = till.grant(a_grant(3, expires=ENDS + timedelta(days=7)))
    other = till.grant(a_grant(4, worth=amount_off("5.00", "EUR")))
    assert len(tea.discounts.by_id) == 3
    assert later.remote != other.remote


def test_a_reward_has_a_discount_of_its_own(till: Till, tea: Shop) -> None:
    made = till.grant(a_grant(part=Part.REWARD))
    assert "/DiscountCodeNode/" in made.remote
    assert codes(tea) == ["friend-7q2k-0001"]


def test_a_shop_that_did_not_ask_for_it_has_a_discount_for_each(
    standin: StandIn, tea: Shop
) -> None:
    till = till_of(standin)
    for number in (1, 2):
        till.grant(a_grant(number))
    assert len(tea.discounts.by_id) == 2


@pytest.mark.parametrize("operation", ["AmountCodeCreate", "PoolFill"])
@pytest.mark.parametrize("fault", [Fault.GATEWAY_AFTER, Fault.DROP, Fault.PARTIAL])
def test_a_code_is_added_once_however_its_answer_was_lost(
    standin: StandIn, tea: Shop, till: Till, operation: str, fault: Fault
) -> None:
    standin.fail(fault, at=operation)
    with pytest.raises(AnswerLost):
        till.grant(a_grant())
    found = till.look(a_grant())
    assert (found is not None) == (operation == "PoolFill")
    made = till.grant(a_grant())
    assert found in (None, made)
    assert codes(tea) == ["friend-7q2k-0001"]


@pytest.mark.parametrize("fault", [Fault.GATEWAY, Fault.RESET])
def test_what_was_never_added_is_added_at_the_second_try(
    standin: StandIn, tea: Shop, till: Till, fault: Fault
) -> None:
    standin.fail(fault, at="PoolFill")
    with pytest.raises((AnswerLost, TillDown)):
        till.grant(a_grant())
    assert till.look(a_grant()) is None
    till.grant(a_grant())
    assert codes(tea) == ["friend-7q2k-0001"]


def test_a_job_that_takes_its_time_is_asked_for_again_later(
    standin: StandIn, tea: Shop, till: Till
) -> None:
    began = standin.clock.now()
    tea.discounts.patience = 9
    with pytest.raises(TillDown, match="still adding"):
        till.grant(a_grant())
    assert standin.clock.now() - began == timedelta(seconds=15)
    assert till.look(a_grant()) is not None


def test_somebody_elses_code_is_not_taken_for_ours(standin: StandIn, tea: Shop, till: Till) -> None:
    till_of(standin).grant(a_grant(9, text="friend-7q2k-0001"))
    with pytest.raises(TillRefused) as refused:
        till.grant(a_grant())
    assert refused.value.facts["code"] == "TAKEN"


def test_many_are_added_a_few_hundred_at_a_time(standin: StandIn, tea: Shop) -> None:
    pools = a_pools(standin)
    grants = [a_grant(number) for number in range(600)]
    standin.fail(Fault.NONE, Fault.GATEWAY_AFTER, at="PoolFill")
    with pytest.raises(AnswerLost):
        pools.fill(grants)
    assert len(codes(tea)) == 500
    made = pools.fill(grants)
    assert len(codes(tea)) == 600
    assert all(isinstance(one, Granted) for one in made.values())
    assert len({one.remote for one in made.values() if isinstance(one, Granted)}) == 600


def test_one_that_is_refused_holds_up_no_other(standin: StandIn, tea: Shop) -> None:
    till_of(standin).grant(a_grant(9, text="friend-7q2k-0002"))
    made = a_pools(standin).fill([a_grant(1), a_grant(2), a_grant(3)])
    assert [type(one) for one in made.values()] == [Granted, TillRefused, Granted]


def test_one_is_taken_out_and_the_others_stay(standin: StandIn, tea: Shop, till: Till) -> None:
    first, second = (till.grant(a_grant(number)) for number in (1, 2))
    assert till.take_back(first, None).done
    assert codes(tea) == ["friend-7q2k-0002"]
    # Once more, as after an answer that was lost.
    asked_again = replace(first, made=standin.clock.now())
    assert till.take_back(asked_again, None).done
    at, lines = standin.clock.now().isoformat(), [Bought(price="9.00", off=((first.text, "1.00"),))]
    tea.place(an_order(tea.new_id("Order"), tea.till, lines, at=at))
    assert not till.take_back(asked_again, None).done
    tea.discounts.use("FRIEND-7Q2K-0002")
    assert not till.take_back(second, None).done
    assert codes(tea) == ["friend-7q2k-0002"]
    found = till.look(a_grant(2))
    assert found is not None
    assert found.used


def test_a_pool_that_its_owner_named_otherwise_is_never_ended_for_one_code(
    standin: StandIn, tea: Shop, till: Till
) -> None:
    till.grant(a_grant(1))
    standin.fail(Fault.GATEWAY_AFTER, at="PoolFill")
    with pytest.raises(AnswerLost):
        till.grant(a_grant(2))
    (node,) = tea.discounts.by_id.values()
    node["codeDiscount"]["title"] = "For friends"
    found = till.look(a_grant(2))
    assert found is not None
    assert till.take_back(found, None).done
    assert codes(tea) == ["friend-7q2k-0001"]
    assert node["codeDiscount"]["status"]() == "ACTIVE"


def test_one_of_many_cannot_become_smaller(till: Till) -> None:
    made = till.grant(a_grant(worth=amount_off("5.00", "EUR")))
    with pytest.raises(TillRefused, match="smaller"):
        till.take_back(made, Money(100, "EUR"))


def test_what_they_are_worth_is_looked_at_daily(standin: StandIn, tea: Shop, till: Till) -> None:
    promised = [
        Promised(grant=a_grant(number), remote=till.grant(a_grant(number)).remote)
        for number in (1, 2)
    ]
    watch = watch_of(standin)
    assert watch.differing(promised) == []
    (node,) = tea.discounts.by_id.values()
    node["codeDiscount"]["endsAt"] = "2027-01-01T00:00:00Z"
    assert [one.what for one in watch.differing(promised)] == [("expires",), ("expires",)]
    node["_codes"].pop(1)
    assert watch.differing(promised)[0] == Differing(text="friend-7q2k-0001", what=("gone",))
