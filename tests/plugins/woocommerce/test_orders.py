from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest

from goodword import wire
from goodword.errors import Invalid
from goodword.model.order import (
    CodeVia,
    Landing,
    Line,
    Order,
    Refund,
    RefundedLine,
    UsedCoupon,
)
from goodword.rules.items import remaining
from goodword.rules.orders import check
from goodword_woocommerce import orders
from goodword_woocommerce.standin import answer, derived, names, paid_37, recorded
from tests.plugins.woocommerce.conftest import gbp

SETTINGS = {"code_meta": "_referral_code,_pr_ref"}
ORDERS = [
    name for name in names() if "line_items" in (recorded(name).json if name != "ping" else ())
]


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-22T{clock}+00:00")


def order(name: str, details: list[Any] | None = None, **changes: Any) -> Order:
    return orders.order(recorded(name).json | changes, SETTINGS, details)


def test_an_order_is_told_whole() -> None:
    assert order("order-updated-completed") == Order(
        id="17",
        placed=at("09:25:23"),
        modified=at("09:25:29"),
        paid=at("09:25:25"),
        net=gbp(7200),
        gross=gbp(7200),
        lines=(Line(id="4", net=gbp(7200), product="12", quantity=2),),
        coupons=(UsedCoupon(text="ref-alice10", discount=gbp(800)),),
        code_via=CodeVia.LINK,
        email="bob.buyer@friend.example",
        fulfilled=at("09:25:29"),
        phone="+44 20 7946 0000",
        home="GB\nN1 2BB\n2 Sample Road",
        country="GB",
    )


NOWHERE = dict.fromkeys(("country", "postcode", "city", "address_1", "address_2"), "")
AT_WORK = {"country": "TW", "city": "台北市", "address_1": "忠孝東路一段1號", "address_2": "3樓"}


@pytest.mark.parametrize(
    ("changes", "home"),
    [
        ({"shipping": NOWHERE, "billing": AT_WORK}, "TW\n台北市\n忠孝東路一段1號 3樓"),
        ({"shipping": AT_WORK | {"postcode": "100"}}, "TW\n100\n忠孝東路一段1號 3樓"),
        ({"shipping": AT_WORK | {"address_1": 17}}, "TW\n台北市\n3樓"),
        ({"shipping": NOWHERE, "billing": NOWHERE}, None),
        ({"shipping": None, "billing": NOWHERE}, None),
    ],
)
def test_its_home_is_where_it_is_sent_to_else_who_pays(
    changes: dict[str, Any], home: str | None
) -> None:
    billing = {"email": "", **(changes.get("billing") or NOWHERE)}
    assert order("order-updated-completed", **(changes | {"billing": billing})).home == home


@pytest.mark.parametrize(
    ("told", "number"),
    [("TEA-1001", "TEA-1001"), ("17", None), (1001, None), (None, None), ("x" * 65, None)],
)
def test_an_order_has_a_number_where_that_is_not_its_id(told: Any, number: str | None) -> None:
    assert order("order-updated-completed", number=told).number == number


def test_an_order_from_a_link_tells_what_the_link_left() -> None:
    assert order("order-created-browser-block-attribution-coupon") == Order(
        id="37",
        placed=at("09:34:47"),
        modified=at("09:34:47"),
        net=gbp(3600),
        gross=gbp(3600),
        lines=(Line(id="30", net=gbp(3600), product="12"),),
        coupons=(UsedCoupon(text="ref-alice10", discount=gbp(400)),),
        code="alice10",
        code_via=CodeVia.LINK,
        landing=Landing(code="alice10", at=at("09:34:36")),
        email="kate1795340081@friend.example",
        phone="+442079460001",
        home="GB\nN1 2BB\n5 Sample Lane",
        country="GB",
    )


# The table of the ledger walk, as far as an order alone tells it.
@pytest.mark.parametrize(
    ("name", "id", "net", "gross", "discounts", "paid", "code"),
    [
        ("order-updated-before-created", "16", 4725, 4725, [525], None, None),
        ("order-created-block-cod-coupon", "16", 4725, 4725, [525], None, None),
        ("order-updated-cod-completed", "16", 4725, 4725, [525], "09:25:20", None),
        ("order-created-bacs-onhold-coupon", "17", 7200, 7200, [800], None, None),
        ("order-updated-bacs-processing-paid", "17", 7200, 7200, [800], "09:25:25", None),
        ("order-updated-partial-refund", "17", 7200, 7200, [800], "09:25:25", None),
        ("order-updated-fully-refunded", "17", 7200, 7200, [800], "09:25:25", None),
        ("order-updated-cancelled", "20", 2500, 2500, [], None, None),
        ("order-updated-failed", "23", 2500, 2500, [], None, None),
        ("order-created-classic-attribution-coupon", "26", 4725, 4725, [525], None, None),
        ("order-created-already-refunded", "27", 1250, 1250, [], "09:28:23", "ALICE10"),
        ("order-created-same-delivery-id-a", "28", 1250, 1250, [], "09:28:23", "ALICE10"),
        ("order-created-same-delivery-id-b", "29", 1250, 1250, [], "09:28:23", "ALICE10"),
        # The only one with tax: the base is without it.
        ("order-created-pending-admin-api", "43", 1583, 1900, [417], None, None),
    ],
)
def test_the_anchors_of_the_walk(
    name: str,
    id: str,
    net: int,
    gross: int,
    discounts: list[int],
    paid: str | None,
    code: str | None,
) -> None:
    found = order(name)
    assert (found.id, found.net, found.gross) == (id, gbp(net), gbp(gross))
    assert [coupon.discount for coupon in found.coupons] == [gbp(one) for one in discounts]
    assert found.paid == (at(paid) if paid else None)
    assert found.code == code


@pytest.mark.parametrize("name", ORDERS)
def test_every_recorded_order_can_be_true_and_travels(name: str) -> None:
    found = order(name)
    check(found)
    assert found.test is False
    assert wire.unpack(Order, wire.pack(found)) == found


@pytest.mark.parametrize("name", ORDERS)
def test_what_opens_an_order_stays_behind(name: str) -> None:
    kept = repr(order(name))
    body = recorded(name).json
    assert body["order_key"] not in kept
    # Where somebody sits and what they look through is asked for by no rule.
    for told in ("customer_ip_address", "customer_user_agent"):
        assert not body[told] or body[told] not in kept
    assert body["billing"]["address_1"] not in kept


def test_two_deliveries_of_one_state_are_one_state() -> None:
    assert order("order-updated-before-created") == order("order-created-block-cod-coupon")


def test_further_meta_keys_are_read_only_where_the_installation_lists_them() -> None:
    body = recorded("order-created-same-delivery-id-a").json
    assert orders.order(body, {}).code is None


def test_paid_is_a_moment_and_not_a_status() -> None:
    assert order("order-created-block-cod-coupon").paid is None  # processing, cash on delivery
    paid = orders.order(paid_37().json, SETTINGS)
    assert (paid.paid, paid.modified) == (at("09:40:00"), at("09:40:00"))


@pytest.mark.parametrize("status", ["pending", "on-hold", "checkout-draft"])
def test_an_order_that_waits_for_its_money_again_is_not_paid(status: str) -> None:
    assert order("order-updated-completed", status=status).paid is None


@pytest.mark.parametrize("status", ["completed", "processing", "refunded", "shipped-by-owl"])
def test_any_other_status_leaves_the_payment_standing(status: str) -> None:
    found = order("order-updated-completed", status=status)
    assert found.paid == at("09:25:25")
    assert found.refunded is (status == "refunded")
    assert found.cancelled is None


@pytest.mark.parametrize("status", ["cancelled", "failed", "trash"])
def test_cancelled_failed_and_trashed_orders_are_cancelled_when_they_became_so(
    status: str,
) -> None:
    assert order("order-updated-completed", status=status).cancelled == at("09:25:29")
    undated = order("order-updated-completed", status=status, date_modified_gmt=None)
    assert undated.cancelled == at("09:25:23")


def test_recorded_cancellations_keep_their_moment() -> None:
    assert order("order-updated-cancelled").cancelled == at("09:25:38")
    assert order("order-updated-failed").cancelled == at("09:25:49")


@pytest.mark.parametrize("email", ["", "  ", "deleted@site.invalid", "Deleted@Site.Invalid"])
def test_nobodys_address_is_none(email: str) -> None:
    assert order("order-updated-completed", billing={"email": email}).email is None


def test_a_customer_is_named_by_id_and_a_guest_is_not() -> None:
    assert order("order-updated-completed").customer is None
    assert order("order-updated-completed", customer_id=4).customer == "4"


def test_the_webhook_tells_of_a_refund_only_its_sum() -> None:
    assert order("order-updated-partial-refund").refunds == (Refund(id="18", gross=gbp(3600)),)


def test_details_name_the_lines_of_a_refund() -> None:
    found = order("order-updated-fully-refunded", answer("order-refunds")[2])
    assert found.refunds == (
        Refund(
            id="18",
            gross=gbp(3600),
            at=at("09:25:31"),
            lines=(RefundedLine(line="4", net=gbp(3600)),),
        ),
        Refund(id="19", gross=gbp(3600), at=at("09:25:33")),
    )
    assert found.refunded


def test_a_refund_that_came_after_this_state_waits_for_the_next() -> None:
    found = order("order-updated-partial-refund", answer("order-refunds")[2])
    assert [refund.id for refund in found.refunds] == ["18"]
    assert remaining(found) == 3600


LINE = {"id": 6, "total": "-10.00", "total_tax": "-2.00", "meta_data": []}
SHIPPING = {"id": 7, "total": "-5.00", "total_tax": "0.00"}
NOTHING = {"id": 8, "total": "0.00", "total_tax": "0.00", "meta_data": []}


@pytest.mark.parametrize(
    ("goods", "shipping", "lines"),
    [
        ([], [], None),
        ([NOTHING], [], None),
        ([], [SHIPPING], ()),
        ([LINE], [SHIPPING], (RefundedLine(line="", net=gbp(1000)),)),
    ],
    ids=["by amount", "by amount, back on the shelf", "shipping alone", "goods without a name"],
)
def test_a_refund_by_amount_names_no_lines_and_one_of_shipping_no_goods(
    goods: list[Any], shipping: list[Any], lines: tuple[RefundedLine, ...] | None
) -> None:
    detail = answer("order-refunds")[2][1]
    detail |= {"line_items": goods, "shipping_lines": shipping}
    detail["amount"] = "17.00" if goods and shipping else "5.00" if shipping else "36.00"
    assert order("order-updated-partial-refund", [detail]).refunds[0].lines == lines


REFUNDED = {**LINE, "meta_data": [{"key": "_refunded_item_id", "value": "4"}]}
FEE = {"id": 9, "total": "4.00", "total_tax": "0.00"}


@pytest.mark.parametrize(
    ("total", "fees", "by_lines"),
    [
        ("12.00", [], True),
        ("11.95", [], True),
        ("12.05", [], True),
        # Of a discount that was a negative fee less came back than of the goods.
        ("8.00", [FEE], True),
        # A restocking fee was kept: the goods are back all the same.
        ("9.00", [], True),
        # The owner wrote another sum over what the lines make up.
        ("36.00", [], False),
        ("36.00", [{"id": 9, "total": "n/a", "total_tax": None}], False),
        ("36.00", [{"id": 9, "total": "9e999999", "total_tax": "9e999999"}], False),
    ],
)
def test_what_no_line_of_a_refund_tells_of_was_given_back_by_amount(
    total: str, fees: list[Any], by_lines: bool
) -> None:
    detail = answer("order-refunds")[2][1]
    detail |= {"amount": total, "line_items": [REFUNDED], "fee_lines": fees}
    (found,) = order("order-updated-partial-refund", [detail]).refunds
    assert found.lines == ((RefundedLine(line="4", net=gbp(1000)),) if by_lines else None)


def test_a_sum_written_over_the_lines_leaves_no_more_to_reward_than_was_kept() -> None:
    detail = answer("order-refunds")[2][1] | {"amount": "71.00", "line_items": [REFUNDED]}
    refunds = [{"id": 18, "reason": "", "total": "-71.00"}]
    assert remaining(order("order-updated-partial-refund", [detail], refunds=refunds)) == 100


@pytest.mark.parametrize("written", ["m&amp;s-10", "m&s-10", "m&#038;s-10"])
def test_a_coupon_is_called_what_its_owner_wrote(written: str) -> None:
    # WooCommerce keeps some signs as a page would show them.
    lines = [{"code": written, "discount": "4.00"}]
    (coupon,) = order("order-updated-completed", coupon_lines=lines).coupons
    assert coupon.text == "m&s-10"


@pytest.mark.parametrize("quantity", [None, "2", {}])
def test_an_odd_quantity_counts_as_one_piece(quantity: Any) -> None:
    line = recorded("order-updated-completed").json["line_items"][0] | {"quantity": quantity}
    assert order("order-updated-completed", line_items=[line]).lines[0].quantity == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": 0}, "id"),
        ({"id": "17"}, "id"),
        ({"currency": "pounds"}, "currency"),
        ({"currency": None}, "currency"),
        ({"status": None}, "status"),
        ({"total": "72.005"}, "total"),
        ({"total": 72}, None),
        ({"date_created_gmt": None}, "date_created_gmt"),
        ({"date_paid_gmt": "yesterday"}, "date_paid_gmt"),
        ({"customer_id": None}, "customer_id"),
        ({"billing": None}, "billing"),
        ({"billing": {}}, "email"),
        ({"line_items": [{"id": 1, "total": "x"}]}, "line_items[0].total"),
        ({"coupon_lines": [{"code": "a", "discount": "4.1666"}]}, "coupon_lines[0].discount"),
        ({"refunds": [{"id": 1, "total": None}]}, "refunds.total"),
        ({"refunds": {}}, "refunds"),
    ],
)
def test_an_order_that_cannot_be_understood_names_the_field(
    changes: dict[str, Any], field: str | None
) -> None:
    body = derived("order-updated-completed", **changes).json
    if field is None:
        assert orders.order(body, {}).gross == gbp(7200)
        return
    with pytest.raises(Invalid) as caught:
        orders.order(body, {})
    assert caught.value.facts["field"] == field


def test_moments_are_aware() -> None:
    found = order("order-updated-fully-refunded", answer("order-refunds")[2])
    moments = [getattr(found, one.name) for one in fields(found)]
    assert {one.tzinfo for one in moments if isinstance(one, datetime)} == {UTC}


@pytest.mark.parametrize("with_tax", [True, False])
def test_what_came_back_of_a_line_is_told_without_its_tax(with_tax: bool) -> None:
    lines = [{"id": 4, "product_id": 9, "quantity": 2, "total": "60.00", "total_tax": "12.00"}]
    body = recorded("order-updated-partial-refund").json
    body |= {"prices_include_tax": with_tax, "line_items": lines}
    detail = {
        "id": 18,
        "date_created_gmt": "2026-11-22T09:25:31",
        "amount": "36.00",
        "line_items": [
            {
                "total": "-30.00",
                "total_tax": "-6.00",
                "meta_data": [{"id": 1, "key": "_refunded_item_id", "value": "4"}],
            }
        ],
        "shipping_lines": [],
        "fee_lines": [],
    }
    (refund,) = orders.order(body, {}, [detail]).refunds
    assert refund.gross == gbp(3600)
    assert refund.lines == (RefundedLine(line="4", net=gbp(3000)),)
