"""Each kind that the platform grants, as a coupon: made once, found again, taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from goodword.errors import AnswerLost, TillRefused
from goodword.model.followup import Grant, TakenBack
from goodword.model.ledger import Part
from goodword.model.worth import (
    Kind,
    Worth,
    amount_off,
    free_product,
    free_shipping,
    percent_off,
    points,
    share_of_order,
    store_credit,
)
from goodword_woocommerce import WooCommerce
from goodword_woocommerce.standin import CouponRefused, Fault, StandIn
from goodword_woocommerce.till import WooTill
from tests.plugins.woocommerce.conftest import gbp, till_of

pytestmark = pytest.mark.slow

EXPIRES = datetime(2027, 1, 31, 23, 0, tzinfo=UTC)
KINDS: dict[Kind, tuple[Worth, dict[str, Any]]] = {
    Kind.AMOUNT_OFF: (
        amount_off("3.60", "GBP"),
        {"discount_type": "fixed_cart", "amount": "3.60", "free_shipping": False},
    ),
    Kind.PERCENT_OFF: (
        percent_off("12.5"),
        {"discount_type": "percent", "amount": "12.5", "free_shipping": False},
    ),
    Kind.FREE_SHIPPING: (
        free_shipping(),
        {"discount_type": "fixed_cart", "amount": "0", "free_shipping": True},
    ),
    Kind.FREE_PRODUCT: (
        free_product("73"),
        {
            "discount_type": "percent",
            "amount": "100",
            "product_ids": [73],
            "limit_usage_to_x_items": 1,
        },
    ),
}


def of(grant: Grant, kind: Kind, part: Part = Part.REWARD) -> Grant:
    return replace(grant, worth=KINDS[kind][0], part=part, expires=EXPIRES)


def test_what_is_granted_is_what_is_tried_here() -> None:
    assert set(KINDS) == WooCommerce.grants


@pytest.mark.parametrize("part", Part)
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_one_coupon_for_one_person_until_a_day(
    standin: StandIn, till: WooTill, grant: Grant, kind: Kind, part: Part
) -> None:
    granted = till.grant(of(grant, kind, part))
    made = standin.shop.coupons.by_id[int(granted.remote)]
    assert {name: made[name] for name in KINDS[kind][1]} == KINDS[kind][1]
    assert (made["usage_limit"], made["usage_limit_per_user"]) == (1, 1)
    assert made["email_restrictions"] == [grant.email]
    assert made["date_expires_gmt"] == "2027-01-31T23:00:00"
    assert made["code"] == grant.text.lower()


@pytest.mark.parametrize("part", Part)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", [Fault.HANG, Fault.DROP])
def test_each_kind_is_adopted_after_its_answer_was_lost(
    standin: StandIn, grant: Grant, kind: Kind, part: Part, fault: Fault
) -> None:
    impatient = till_of(standin.installation("bean"), timeout=0.3)
    standin.fail(fault)
    with pytest.raises(AnswerLost):
        impatient.grant(of(grant, kind, part))
    # With and without a look before: there is one coupon, and it is ours.
    looked = impatient.look(of(grant, kind, part))
    assert looked == impatient.grant(of(grant, kind, part))
    assert looked is not None
    assert not looked.used
    assert len(standin.shop.coupons.by_id) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_disabled_when_it_was_not_used(
    standin: StandIn, till: WooTill, grant: Grant, kind: Kind
) -> None:
    granted = till.grant(of(grant, kind))
    assert till.take_back(granted, None) == TakenBack(done=True)
    assert till.take_back(granted, None) == TakenBack(done=True)
    with pytest.raises(CouponRefused, match="expired"):
        standin.shop.use_coupon(granted.text, str(grant.email))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_stays_as_it_is_once_it_was_used(
    standin: StandIn, till: WooTill, grant: Grant, kind: Kind
) -> None:
    granted = till.grant(of(grant, kind))
    standin.shop.use_coupon(granted.text, str(grant.email))
    assert till.take_back(granted, None) == TakenBack(done=False)
    found = till.look(of(grant, kind))
    assert found is not None
    assert found.used


def test_a_smaller_one_in_its_place_keeps_its_text_and_its_owner(
    standin: StandIn, till: WooTill, grant: Grant
) -> None:
    granted = till.grant(of(grant, Kind.AMOUNT_OFF))
    assert till.take_back(granted, gbp(120)).done
    made = standin.shop.coupons.by_id[int(granted.remote)]
    assert (made["code"], made["amount"]) == (granted.text, "1.20")
    assert made["email_restrictions"] == [grant.email]
    assert made["date_expires_gmt"] == "2027-01-31T23:00:00"


@pytest.mark.parametrize(
    "worth",
    [
        share_of_order(10),
        store_credit("5", "GBP"),
        points(50),
        Worth(Kind.AMOUNT_OFF),
        Worth(Kind.PERCENT_OFF),
        Worth(Kind.FREE_PRODUCT),
        free_product("tea-tin"),
        free_product("0"),
        free_product("１２"),
        Worth(Kind.GIFT_CARD, amount=gbp(500)),
    ],
    ids=repr,
)
def test_what_no_coupon_can_be_is_refused_before_the_shop_is_asked(
    standin: StandIn, till: WooTill, grant: Grant, worth: Worth
) -> None:
    with pytest.raises(TillRefused, match="no coupon can be worth this"):
        till.grant(replace(grant, worth=worth))
    assert standin.calls == []
