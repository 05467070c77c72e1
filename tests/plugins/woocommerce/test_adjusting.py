"""A coupon that stands goes together with what its program says, and rests while that does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from goodword.model.followup import Adjusted, Grant
from goodword.model.ledger import Part
from goodword.model.worth import Discount
from goodword.watching import Differing, Promised
from goodword_woocommerce.client import Client
from goodword_woocommerce.standin import CouponRefused, StandIn
from goodword_woocommerce.till import WooTill
from goodword_woocommerce.watch import WooWatch
from tests.plugins.woocommerce.conftest import till_of
from tests.plugins.woocommerce.test_watch import EXPIRES

ORDER, PRODUCT, SHIPPING = Discount
EMAIL = "alice.advocate@shop.example"


@pytest.fixture
def gift(grant: Grant) -> Grant:
    return replace(grant, part=Part.OFFER, expires=EXPIRES, program="friends")


def watch_of(standin: StandIn, **settings: str) -> WooWatch:
    return WooWatch(Client(standin.installation("bean")), standin.url, settings)


def coupon(standin: StandIn, remote: str) -> dict[str, object]:
    found: dict[str, object] = standin.shop.coupons.by_id[int(remote)]
    return found


@pytest.mark.parametrize(
    ("says", "setting", "alone"),
    [
        (None, None, False),
        (None, "shipping", True),
        (None, "order, shipping", False),
        (None, "", True),
        ((), "order", True),
        ((SHIPPING,), None, True),
        ((ORDER,), "shipping", False),
        ((PRODUCT, SHIPPING), None, False),
        ((ORDER, PRODUCT, SHIPPING), None, False),
    ],
)
def test_the_program_speaks_first_then_the_shops_setting(
    standin: StandIn,
    gift: Grant,
    says: tuple[Discount, ...] | None,
    setting: str | None,
    alone: bool,
) -> None:
    settings = {} if setting is None else {"combines_with": setting}
    till = till_of(standin.installation("bean", **settings))
    made = till.grant(replace(gift, combines_with=says))
    assert coupon(standin, made.remote)["individual_use"] is alone
    one = Promised(grant=replace(gift, combines_with=says), remote=made.remote)
    assert watch_of(standin, **settings).differing([one]) == []


def test_one_that_stands_is_brought_to_it_and_changed_once(
    standin: StandIn, till: WooTill, gift: Grant
) -> None:
    made = till.grant(gift)
    now = replace(gift, combines_with=())
    one = Promised(grant=now, remote=made.remote)
    coupon(standin, made.remote)["amount"] = "9.99"
    assert watch_of(standin).differing([one])[0].what == ("amount", "combines")
    standin.calls.clear()
    for _ in range(2):
        assert till.adjust(now, made.remote) == Adjusted()
    assert standin.calls == ["GET coupons/101", "PUT coupons/101", "GET coupons/101"]
    # What its owner changed otherwise stays, and is told.
    assert watch_of(standin).differing([one]) == [Differing(text=gift.text, what=("amount",))]


def test_it_rests_and_is_on_again_until_its_day(
    standin: StandIn, till: WooTill, gift: Grant
) -> None:
    made = till.grant(gift)
    before = dict(coupon(standin, made.remote))
    paused = replace(gift, paused=True)
    for rests in (False, True):
        assert till.adjust(replace(paused, rests=rests), made.remote) == Adjusted(rests=True)
    with pytest.raises(CouponRefused, match="expired"):
        standin.shop.use_coupon(gift.text, EMAIL)
    assert "paused" in str(coupon(standin, made.remote)["description"])
    watch = watch_of(standin)
    assert watch.differing([Promised(grant=paused, remote=made.remote)]) == []
    going = replace(gift, rests=True)
    behind = Differing(text=gift.text, what=("paused",))
    assert watch.differing([Promised(grant=going, remote=made.remote)]) == [behind]
    for _ in range(2):
        assert till.adjust(going, made.remote) == Adjusted()
    assert coupon(standin, made.remote) == before
    assert watch.differing([Promised(grant=paused, remote=made.remote)]) == [behind]


def test_one_without_an_end_has_none_afterwards(
    standin: StandIn, till: WooTill, gift: Grant
) -> None:
    forever = replace(gift, expires=None)
    made = till.grant(forever)
    till.adjust(replace(forever, paused=True), made.remote)
    till.adjust(replace(forever, rests=True), made.remote)
    assert coupon(standin, made.remote)["date_expires_gmt"] is None


def test_what_was_used_or_deleted_is_left_alone(
    standin: StandIn, till: WooTill, gift: Grant
) -> None:
    made = till.grant(gift)
    standin.shop.use_coupon(gift.text, EMAIL)
    standin.calls.clear()
    paused = replace(gift, paused=True, combines_with=())
    assert till.adjust(paused, made.remote) == Adjusted()
    standin.shop.coupons.delete(int(made.remote), force=True)
    assert till.adjust(paused, made.remote) == Adjusted()
    assert not any(call.startswith("PUT") for call in standin.calls)
