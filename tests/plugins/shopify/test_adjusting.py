"""A code that stands goes together with what its program says, and rests while that does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from goodword.model.followup import Adjusted, Grant
from goodword.model.worth import (
    Discount,
    Worth,
    amount_off,
    free_product,
    free_shipping,
    gift_card,
    percent_off,
)
from goodword.platforms import Adjusts
from goodword.watching import Differing, Promised, Watch
from goodword_shopify.standin import Shop, StandIn
from tests.plugins.shopify.conftest import TEA, a_platform
from tests.plugins.shopify.test_pools import ENDS, POOL_ENDS, a_grant

ORDER, PRODUCT, SHIPPING = Discount
WORTHS: dict[str, Worth] = {
    "amount": amount_off("5.00", "EUR"),
    "percent": percent_off(10),
    "shipping": free_shipping(),
    "product": free_product("77"),
}


@pytest.fixture
def gift() -> Grant:
    return a_grant(program="friends")


def a_till(standin: StandIn, **settings: str) -> Any:
    installation = standin.installation("tea-house", TEA, free_product_beside="8", **settings)
    till = a_platform(standin).open(installation)
    assert isinstance(till, Adjusts)
    return till


def watch_of(standin: StandIn, **settings: str) -> Watch:
    return a_platform(standin).watch(standin.installation("tea-house", TEA, **settings))


def told(tea: Shop) -> dict[str, Any]:
    (node,) = tea.discounts.by_id.values()
    found: dict[str, Any] = node["codeDiscount"]
    return found


def is_on(tea: Shop) -> bool:
    return bool(told(tea)["status"]() == "ACTIVE")


def flags(*beside: Discount) -> dict[str, bool]:
    return {f"{one}Discounts": one in beside for one in Discount}


def test_the_program_speaks_before_the_shops_setting(
    standin: StandIn, tea: Shop, gift: Grant
) -> None:
    a_till(standin, combines_with="order").grant(replace(gift, combines_with=(PRODUCT,)))
    assert told(tea)["combinesWith"] == flags(PRODUCT)


def test_a_program_may_say_that_it_goes_with_nothing(
    standin: StandIn, tea: Shop, gift: Grant
) -> None:
    a_till(standin).grant(replace(gift, combines_with=()))
    assert told(tea)["combinesWith"] == flags()


@pytest.mark.parametrize("kind", WORTHS)
def test_a_code_that_stands_is_brought_to_it_and_changed_once(
    standin: StandIn, tea: Shop, gift: Grant, kind: str
) -> None:
    till, gift = a_till(standin), replace(gift, worth=WORTHS[kind])
    made = till.grant(gift)
    ends = told(tea)["endsAt"]
    now = replace(gift, combines_with=(ORDER, SHIPPING))
    one = Promised(grant=now, remote=made.remote)
    assert watch_of(standin).differing([one]) == [Differing(text=gift.text, what=("combines",))]
    standin.calls.clear()
    for _ in range(2):
        assert till.adjust(now, made.remote) == Adjusted()
    assert sum(call.endswith("CodeUpdate") for call in standin.calls) == 1
    # Of discounts on shipping a cart takes one alone.
    assert told(tea)["combinesWith"] == (
        flags(ORDER) if kind == "shipping" else flags(ORDER, SHIPPING)
    )
    assert (told(tea)["endsAt"], is_on(tea)) == (ends, True)
    assert watch_of(standin).differing([one]) == []


def test_the_shops_setting_changed_is_a_difference_too(
    standin: StandIn, tea: Shop, gift: Grant
) -> None:
    made = a_till(standin).grant(gift)
    one = Promised(grant=gift, remote=made.remote)
    assert watch_of(standin).differing([one]) == []
    changed = {"combines_with": "order,shipping"}
    (found,) = watch_of(standin, **changed).differing([one])
    assert found.what == ("combines",)
    a_till(standin, **changed).adjust(gift, made.remote)
    assert watch_of(standin, **changed).differing([one]) == []


@pytest.mark.parametrize("kind", WORTHS)
def test_a_code_rests_and_is_on_again_until_its_day(
    standin: StandIn, tea: Shop, gift: Grant, kind: str
) -> None:
    till, gift = a_till(standin), replace(gift, worth=WORTHS[kind])
    made = till.grant(gift)
    paused = replace(gift, paused=True)
    assert till.adjust(paused, made.remote) == Adjusted(rests=True)
    assert not is_on(tea)
    standin.clock.sleep(60.0)
    standin.calls.clear()
    # Asked once more, as after an answer that was lost.
    assert till.adjust(replace(paused, rests=True), made.remote) == Adjusted(rests=True)
    assert standin.calls == [f"{TEA} CodeLookup"]
    assert watch_of(standin).differing([Promised(grant=paused, remote=made.remote)]) == []
    going = replace(gift, rests=True)
    behind = Differing(text=gift.text, what=("paused",))
    assert watch_of(standin).differing([Promised(grant=going, remote=made.remote)]) == [behind]
    for _ in range(2):
        assert till.adjust(going, made.remote) == Adjusted()
    assert is_on(tea)
    assert watch_of(standin).differing([Promised(grant=gift, remote=made.remote)]) == []
    assert watch_of(standin).differing([Promised(grant=paused, remote=made.remote)]) == [behind]


def test_what_its_owner_switched_off_before_stays_off(
    standin: StandIn, tea: Shop, gift: Grant
) -> None:
    till = a_till(standin)
    made = till.grant(gift)
    tea.discounts.deactivate(made.remote)
    assert till.adjust(replace(gift, paused=True), made.remote) == Adjusted(rests=False)
    assert till.adjust(gift, made.remote) == Adjusted(rests=False)
    assert not is_on(tea)
    (found,) = watch_of(standin).differing([Promised(grant=gift, remote=made.remote)])
    assert found.what == ("status", "expires")


def test_what_was_used_deleted_or_made_something_else_is_left_alone(
    standin: StandIn, tea: Shop, gift: Grant
) -> None:
    till = a_till(standin)
    made = till.grant(gift)
    now = replace(gift, paused=True, combines_with=())
    standin.calls.clear()
    told(tea)["__typename"] = "DiscountCodeApp"
    assert till.adjust(now, made.remote) == Adjusted()
    told(tea)["__typename"] = "DiscountCodeBasic"
    tea.discounts.use(gift.text)
    assert till.adjust(now, made.remote) == Adjusted()
    tea.discounts.by_id.clear()
    assert till.adjust(now, made.remote) == Adjusted()
    assert set(standin.calls) == {f"{TEA} CodeLookup"}


def test_a_gift_card_goes_with_any_discount(standin: StandIn, tea: Shop, gift: Grant) -> None:
    till, card = a_till(standin), replace(gift, worth=gift_card("5.00", "EUR"))
    made = till.grant(card)
    standin.calls.clear()
    assert till.adjust(replace(card, combines_with=()), made.remote) == Adjusted()
    assert standin.calls == []


# Many codes under one discount.


def test_a_pool_is_one_programs(standin: StandIn, tea: Shop, gift: Grant) -> None:
    till = a_till(standin, friend_codes="pooled")
    till.grant(gift)
    till.grant(a_grant(2, program="friends"))
    till.grant(a_grant(3, program="partners", combines_with=()))
    assert len(tea.discounts.by_id) == 2


def test_a_pool_is_changed_once_for_all_its_codes(standin: StandIn, tea: Shop, gift: Grant) -> None:
    till = a_till(standin, friend_codes="pooled")
    grants = [gift, a_grant(2, program="friends")]
    made = [till.grant(one) for one in grants]
    now = [replace(one, combines_with=(ORDER,)) for one in grants]
    every = [Promised(grant=g, remote=m.remote) for g, m in zip(now, made, strict=True)]
    assert [one.what for one in watch_of(standin).differing(every)] == [("combines",)] * 2
    standin.calls.clear()
    for grant, one in zip(now, made, strict=True):
        till.adjust(grant, one.remote)
    assert sum(call.endswith("CodeUpdate") for call in standin.calls) == 1
    assert told(tea)["combinesWith"] == flags(ORDER)
    # Whoever claims from now on shares it.
    till.grant(a_grant(3, program="friends", combines_with=(ORDER,)))
    assert len(tea.discounts.by_id) == 1


def test_a_pool_rests_as_one_and_is_on_again_for_all(
    standin: StandIn, tea: Shop, gift: Grant
) -> None:
    till = a_till(standin, friend_codes="pooled")
    grants = [gift, a_grant(2, program="friends")]
    made = [till.grant(one) for one in grants]
    for grant, one in zip(grants, made, strict=True):
        assert till.adjust(replace(grant, paused=True), one.remote) == Adjusted(rests=True)
    assert not is_on(tea)
    # Of the first nothing is left to be switched on: the second is enough.
    till.adjust(replace(grants[1], rests=True), made[1].remote)
    assert (is_on(tea), told(tea)["endsAt"]) == (True, POOL_ENDS)


def test_a_pool_that_rests_is_on_for_whoever_claims_after_the_pause(
    standin: StandIn, tea: Shop, gift: Grant
) -> None:
    till = a_till(standin, friend_codes="pooled")
    made = till.grant(gift)
    till.adjust(replace(gift, paused=True), made.remote)
    later = a_grant(2, program="friends", expires=ENDS + timedelta(hours=1))
    till.grant(later)
    assert (is_on(tea), len(tea.discounts.by_id)) == (True, 1)
