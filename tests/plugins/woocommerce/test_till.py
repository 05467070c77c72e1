from __future__ import annotations

import copy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import responses

from goodword.errors import AnswerLost, MoneyInvalid, TillDown, TillRefused
from goodword.model.followup import Duty, FollowUp, Grant, Granted, How, TakenBack, TakingBack
from goodword.model.money import Money
from goodword.model.order import Refund, RefundedLine
from goodword.model.worth import Kind, Worth, amount_off, percent_off, share_of_order
from goodword.platforms import Till
from goodword.rules.items import remaining
from goodword.tills import TillCarrier
from goodword_woocommerce import WooCommerce
from goodword_woocommerce.coupons import GRANT
from goodword_woocommerce.standin import CouponRefused, Fault, StandIn, derived, recorded
from goodword_woocommerce.standin.shop import _ANSWERS, Answer, error
from goodword_woocommerce.till import WooTill
from tests.plugins.woocommerce.conftest import SHOP, gbp, till_of

ALICE = "alice.advocate@shop.example"
COUPON_40 = SHOP.url + "/wp-json/wc/v3/coupons/40"


def coupon_40(grant: Grant) -> dict[str, Any]:
    """Return a recorded coupon as if it had been made for the grant."""
    kept: dict[str, Any] = recorded("coupon-created-reward-fixed-email").json
    return kept | {"meta_data": [{"id": 1, "key": GRANT, "value": grant.id}]}


def coupon_of(standin: StandIn, granted: Granted) -> dict[str, Any]:
    return standin.shop.coupons.by_id[int(granted.remote)]


def test_the_platform_opens_the_till_with_what_the_installation_holds(standin: StandIn) -> None:
    standin.shop.show("order-created-same-delivery-id-a")
    till: Till = WooCommerce().open(standin.installation("bean", code_meta="_referral_code"))
    order = till.order("28")
    assert order is not None
    assert order.code == "ALICE10"


def test_the_till_tells_what_the_webhook_told(standin: StandIn, till: WooTill) -> None:
    standin.shop.show("order-updated-completed")
    (news,) = WooCommerce().read(
        recorded("order-updated-completed").delivery(), standin.installation("bean")
    )
    assert till.order("17") == news.order  # type: ignore[union-attr]
    assert standin.calls == ["GET orders/17"]


def test_the_till_knows_the_lines_of_a_refund(standin: StandIn, till: WooTill) -> None:
    standin.shop.show("order-updated-fully-refunded")
    order = till.order("17")
    assert order is not None
    by_line, by_amount = order.refunds
    assert by_line.lines == (RefundedLine(line="4", net=gbp(3600)),)
    assert by_amount == Refund(
        id="19", gross=gbp(3600), at=datetime(2026, 11, 22, 9, 25, 33, tzinfo=UTC)
    )
    assert remaining(order) == 0


def test_only_the_refunds_of_the_shown_state_are_told(standin: StandIn, till: WooTill) -> None:
    standin.shop.show("order-updated-partial-refund")
    order = till.order("17")
    assert order is not None
    assert [refund.id for refund in order.refunds] == ["18"]
    assert remaining(order) == 3600


def test_more_refunds_than_a_page_holds_are_all_told(standin: StandIn, till: WooTill) -> None:
    refunds = [{"id": id, "reason": "", "total": "-0.10"} for id in range(200, 350)]
    standin.shop.show(derived("order-updated-completed", refunds=refunds))
    order = till.order("17")
    assert order is not None
    assert len(order.refunds) == 150
    assert all(refund.at for refund in order.refunds)
    assert standin.calls.count("GET orders/17/refunds") == 2


@pytest.mark.parametrize("id", ["99", "", "-1", "17/refunds", "../coupons", "１７", "a"])
def test_an_order_that_is_not_there_is_none(standin: StandIn, till: WooTill, id: str) -> None:
    standin.shop.show("order-updated-completed")
    assert till.order(id) is None


def test_a_trashed_order_is_gone_until_it_is_restored(standin: StandIn, till: WooTill) -> None:
    standin.shop.show("order-updated-failed")
    standin.shop.show("order-deleted")
    assert till.order("23") is None
    standin.shop.show("order-updated-failed")
    assert till.order("23") is not None


def test_a_shop_without_the_api_has_not_lost_the_order(till: WooTill, standin: StandIn) -> None:
    standin.fail(Fault.PAGE)
    with pytest.raises(TillRefused, match="not a WooCommerce API"):
        till.order("17")


def test_an_order_that_cannot_be_understood_is_one_for_a_person(
    standin: StandIn, till: WooTill
) -> None:
    standin.shop.show(derived("order-updated-completed", total="72.005"))
    with pytest.raises(MoneyInvalid):
        till.order("17")


# Granting


def test_a_grant_is_a_coupon_for_one_person_and_one_order(
    standin: StandIn, till: WooTill, grant: Grant
) -> None:
    granted = till.grant(replace(grant, expires=datetime(2027, 1, 31, 23, 0, tzinfo=UTC)))
    assert granted == Granted(grant="grant-1", text="thanks-7q2km9xw2a", remote="101")
    made = coupon_of(standin, granted)
    assert made["discount_type"] == "fixed_cart"
    assert made["amount"] == "3.60"
    assert (made["usage_limit"], made["usage_limit_per_user"]) == (1, 1)
    assert made["email_restrictions"] == [ALICE]
    assert made["individual_use"] is False
    assert made["meta_data"] == [{"id": 1, "key": GRANT, "value": "grant-1"}]
    # The shop stands in New York; the moment is the same.
    assert made["date_expires_gmt"] == "2027-01-31T23:00:00"
    assert made["date_expires"] == "2027-01-31T18:00:00"


def test_a_grant_in_kind_is_a_percentage(standin: StandIn, till: WooTill, grant: Grant) -> None:
    granted = till.grant(replace(grant, worth=percent_off("1E+1"), email=None))
    made = coupon_of(standin, granted)
    assert (made["discount_type"], made["amount"]) == ("percent", "10")
    assert made["email_restrictions"] == []
    assert made["date_expires"] is None


def test_amounts_are_written_with_the_decimals_of_their_currency(
    standin: StandIn, till: WooTill, grant: Grant
) -> None:
    standin.shop.currency = "JPY"
    worth = Worth(Kind.AMOUNT_OFF, amount=Money(500, "JPY"))
    assert coupon_of(standin, till.grant(replace(grant, worth=worth)))["amount"] == "500"


def test_a_share_of_an_order_is_granted_as_an_amount_only(
    standin: StandIn, till: WooTill, grant: Grant
) -> None:
    with pytest.raises(TillRefused, match="as an amount"):
        till.grant(replace(grant, worth=share_of_order(10)))
    assert standin.calls == []


def test_the_same_grant_twice_makes_one_coupon(
    standin: StandIn, till: WooTill, grant: Grant
) -> None:
    assert till.grant(grant) == till.grant(grant)
    assert len(standin.shop.coupons.by_id) == 1


def test_a_text_that_is_somebody_elses_is_not_taken_over(
    standin: StandIn, till: WooTill, grant: Grant
) -> None:
    till.grant(replace(grant, id="other", text="THANKS-7q2km9xw2a"))
    with pytest.raises(TillRefused, match="already_exists"):
        till.grant(grant)
    assert till.look(grant) is None


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.DROP])
def test_a_coupon_whose_answer_was_lost_is_found_and_not_made_twice(
    standin: StandIn, grant: Grant, fault: Fault
) -> None:
    impatient = till_of(standin.installation("bean"), timeout=0.3)
    carrier = TillCarrier(lambda shop: impatient)
    deed = FollowUp(
        id="1",
        shop="bean",
        duty=Duty.GRANT,
        subject="37",
        due=datetime.now(UTC),
        tries=1,
        grant=grant,
    )
    standin.fail(fault)
    assert carrier.carry(deed).how is How.UNKNOWN
    second = carrier.carry(replace(deed, tries=2))
    assert second.how is How.DONE
    assert second.granted is not None
    assert second.granted.text == "thanks-7q2km9xw2a"
    # It is held against what its program says by now, too.
    calls = [call for call in standin.calls if "settings" not in call]
    assert calls == ["POST coupons", "GET coupons", "GET coupons/101"]
    assert len(standin.shop.coupons.by_id) == 1


def test_a_grant_that_was_refused_for_a_moment_is_tried_again(
    standin: StandIn, till: WooTill, grant: Grant
) -> None:
    standin.fail(Fault.DOWN)
    with pytest.raises(TillDown):
        till.grant(grant)
    assert till.look(grant) is None
    assert till.grant(grant).used is False


def test_looking_says_whether_it_was_used(standin: StandIn, till: WooTill, grant: Grant) -> None:
    till.grant(grant)
    standin.shop.use_coupon("THANKS-7Q2KM9XW2A", ALICE)
    found = till.look(grant)
    assert found is not None
    assert found.used


@pytest.mark.parametrize("fault", [Fault.MOVED, Fault.PAGE])
def test_a_shop_that_is_none_takes_no_grant(
    standin: StandIn, till: WooTill, grant: Grant, fault: Fault
) -> None:
    standin.fail(fault)
    with pytest.raises((TillRefused, AnswerLost)):
        till.grant(grant)
    assert standin.shop.coupons.by_id == {}


# Taking back


def test_an_unused_coupon_is_disabled_and_kept(
    standin: StandIn, till: WooTill, grant: Grant
) -> None:
    granted = till.grant(grant)
    assert till.take_back(granted, None) == TakenBack(done=True)
    with pytest.raises(CouponRefused, match="expired"):
        standin.shop.use_coupon(granted.text, ALICE)
    # Its text stays taken, so that nobody can make it anew.
    with pytest.raises(TillRefused):
        till.grant(replace(grant, id="other"))


def test_nothing_left_is_the_same_as_all_taken_back(
    standin: StandIn, till: WooTill, grant: Grant
) -> None:
    granted = till.grant(grant)
    till.take_back(granted, gbp(0))
    with pytest.raises(CouponRefused):
        standin.shop.use_coupon(granted.text, ALICE)


def test_what_is_left_of_a_coupon_can_still_be_used(
    standin: StandIn, till: WooTill, grant: Grant
) -> None:
    granted = till.grant(grant)
    for _ in range(2):  # Asked twice, it is the same.
        assert till.take_back(granted, gbp(120)) == TakenBack(done=True)
    assert coupon_of(standin, granted)["amount"] == "1.20"
    standin.shop.use_coupon(granted.text, ALICE)


@pytest.mark.parametrize("left", [None, gbp(120)])
def test_a_used_coupon_stays_as_it_is(
    standin: StandIn, till: WooTill, grant: Grant, left: Money | None
) -> None:
    granted = till.grant(grant)
    standin.shop.use_coupon(granted.text, ALICE)
    before = copy.deepcopy(coupon_of(standin, granted))
    assert till.take_back(granted, left) == TakenBack(done=False)
    assert coupon_of(standin, granted) == before


@pytest.mark.parametrize("shown", ["1.20", "1.2", "1.200000"])
def test_a_coupon_that_was_made_smaller_unheard_and_then_used_was_taken_back(
    standin: StandIn, till: WooTill, grant: Grant, shown: str
) -> None:
    granted = till.grant(grant)
    standin.fail(Fault.NONE, Fault.DROP)
    with pytest.raises(AnswerLost):
        till.take_back(granted, gbp(120))
    coupon_of(standin, granted)["amount"] = shown
    standin.shop.use_coupon(granted.text, ALICE)
    assert till.take_back(granted, gbp(120)) == TakenBack(done=True)
    # It gave more than may stay now.
    assert till.take_back(granted, gbp(60)) == TakenBack(done=False)
    assert till.take_back(granted, None) == TakenBack(done=False)


def test_a_coupon_used_while_it_was_taken_back_counts_as_used(grant: Grant) -> None:
    kept = coupon_40(grant)
    with responses.RequestsMock() as shop:
        shop.add("GET", COUPON_40, json=kept)
        shop.add("PUT", COUPON_40, json=kept | {"usage_count": 1})
        granted = Granted(grant=grant.id, text=kept["code"], remote="40")
        assert till_of(SHOP).take_back(granted, None) == TakenBack(done=False)


# Before the recorded orders.
MADE = datetime(2026, 11, 1, tzinfo=UTC)


def deleted(standin: StandIn, till: WooTill, grant: Grant, **order: Any) -> Granted:
    """Grant a coupon, let an order stand, and let the owner delete the coupon."""
    granted = till.grant(replace(grant, made=MADE))
    standin.shop.show(derived("order-updated-completed", **order))
    standin.shop.coupons.delete(int(granted.remote), force=True)
    return replace(granted, made=MADE)


def test_a_coupon_that_was_deleted_unused_is_taken_back(
    standin: StandIn, till: WooTill, grant: Grant
) -> None:
    granted = deleted(standin, till, grant)
    assert till.take_back(granted, None) == TakenBack(done=True)
    assert till.look(replace(grant, made=MADE)) is None


@pytest.mark.parametrize("left", [None, gbp(120)])
def test_a_coupon_that_was_deleted_after_its_use_stays_used(
    standin: StandIn, till: WooTill, grant: Grant, left: Money | None
) -> None:
    used = [{"id": 9, "code": grant.text.lower(), "discount": "3.60", "discount_tax": "0.00"}]
    granted = deleted(standin, till, grant, coupon_lines=used)
    assert till.take_back(granted, left) == TakenBack(done=False)
    found = till.look(replace(grant, made=MADE))
    assert found is not None
    assert found.used


@pytest.mark.parametrize("status", ["cancelled", "failed", "trash"])
def test_an_order_that_came_to_nothing_used_no_coupon(
    standin: StandIn, till: WooTill, grant: Grant, status: str
) -> None:
    used = [{"id": 9, "code": grant.text.lower(), "discount": "3.60", "discount_tax": "0.00"}]
    granted = deleted(standin, till, grant, coupon_lines=used, status=status)
    assert till.take_back(granted, None) == TakenBack(done=True)


def test_where_nobody_can_know_a_deleted_coupon_is_one_for_a_person(
    standin: StandIn, till: WooTill, grant: Grant, monkeypatch: pytest.MonkeyPatch
) -> None:
    granted = deleted(standin, till, grant)
    with pytest.raises(TillRefused, match="whether it was used") as refused:
        till.take_back(replace(granted, made=None), None)
    assert refused.value.facts["cause"] == "use_unknown"
    standin.shop.show(derived("order-updated-completed", id=18))
    monkeypatch.setattr("goodword_woocommerce.till._LOOKED_MOST", 2)
    with pytest.raises(TillRefused, match="whether it was used"):
        till.take_back(granted, None)
    with pytest.raises(TillRefused, match="whether it was used") as refused:
        till.look(replace(grant, made=MADE))
    assert refused.value.facts["cause"] == "use_unknown"


def test_a_coupon_deleted_between_the_two_calls_is_taken_back(grant: Grant) -> None:
    kept = coupon_40(grant)
    gone = {"code": "woocommerce_rest_shop_coupon_invalid_id", "message": "Invalid ID."}
    with responses.RequestsMock() as shop:
        shop.add("GET", COUPON_40, json=kept)
        shop.add("PUT", COUPON_40, json=gone, status=404)
        shop.add("GET", SHOP.url + "/wp-json/wc/v3/orders", json=[])
        granted = Granted(grant=grant.id, text=kept["code"], remote="40", made=MADE)
        assert till_of(SHOP).take_back(granted, None) == TakenBack(done=True)


@pytest.mark.parametrize("remote", ["", "102", "odd"])
def test_a_coupon_is_found_by_its_text_where_its_id_is_another(
    standin: StandIn, till: WooTill, grant: Grant, remote: str
) -> None:
    granted = till.grant(grant)
    till.grant(replace(grant, id="other", text="other"))
    assert till.take_back(replace(granted, remote=remote), gbp(100)).done
    assert coupon_of(standin, granted)["amount"] == "1.00"
    assert standin.shop.coupons.by_id[102]["amount"] == "3.60"


def test_taking_back_without_an_answer_is_unknown_and_may_be_repeated(
    standin: StandIn, till: WooTill, grant: Grant
) -> None:
    granted = till.grant(grant)
    deed = FollowUp(
        id="1",
        shop="bean",
        duty=Duty.TAKE_BACK,
        subject="37",
        due=datetime.now(UTC),
        tries=1,
        taking_back=TakingBack(granted=granted, left=gbp(120)),
    )
    carrier = TillCarrier(lambda shop: till)
    standin.fail(Fault.NONE, Fault.DROP)
    assert carrier.carry(deed).how is How.UNKNOWN
    assert coupon_of(standin, granted)["amount"] == "1.20"
    assert carrier.carry(deed).taken_back == TakenBack(done=True)
    assert coupon_of(standin, granted)["amount"] == "1.20"


def test_a_change_that_the_shop_refuses_is_not_done(
    standin: StandIn, till: WooTill, grant: Grant
) -> None:
    granted = till.grant(grant)
    standin.fail(Fault.NONE, Fault.MOVED)
    with pytest.raises(TillRefused):
        till.take_back(granted, None)
    standin.shop.use_coupon(granted.text, ALICE)


def test_a_change_without_an_answer_may_have_been_done(grant: Grant) -> None:
    kept = coupon_40(grant)
    with responses.RequestsMock() as shop:
        shop.add("GET", COUPON_40, json=kept)
        shop.add("PUT", COUPON_40, status=504)
        with pytest.raises(AnswerLost):
            till_of(SHOP).take_back(Granted(grant=grant.id, text="x", remote="40"), None)


# Currencies.


def test_an_amount_in_another_currency_is_never_taken_for_the_shops_own(
    standin: StandIn, till: WooTill, grant: Grant
) -> None:
    standin.shop.currency = "USD"
    with pytest.raises(TillRefused, match="coupons are in USD: an amount in TWD") as refused:
        till.grant(replace(grant, worth=amount_off("300", "TWD")))
    assert refused.value.facts["cause"] == "other_currency"
    assert standin.shop.coupons.by_id == {}
    # A percentage has none.
    assert till.grant(replace(grant, worth=percent_off(10))).remote


@pytest.mark.parametrize(
    "told", [error(403, "woocommerce_rest_cannot_view", "No."), Answer(200, {})]
)
def test_a_shop_that_does_not_tell_its_currency_is_given_coupons(
    standin: StandIn, till: WooTill, grant: Grant, monkeypatch: pytest.MonkeyPatch, told: Answer
) -> None:
    monkeypatch.setitem(_ANSWERS, ("GET", "settings", 2), lambda *_: told)
    assert till.grant(grant).remote


def test_a_shop_that_fails_when_asked_for_its_currency_is_asked_again(
    standin: StandIn, till: WooTill, grant: Grant, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = error(500, "internal_server_error", "There has been a critical error.")
    monkeypatch.setitem(_ANSWERS, ("GET", "settings", 2), lambda *_: broken)
    with pytest.raises(TillDown):
        till.grant(grant)
    assert standin.shop.coupons.by_id == {}
