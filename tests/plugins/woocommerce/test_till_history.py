"""The till's look at a person's earlier orders."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import responses

from goodword.model.order import Order
from goodword_woocommerce.standin import StandIn, derived
from goodword_woocommerce.till import WooTill
from tests.plugins.woocommerce.conftest import SHOP, till_of


def an_order(till: WooTill, id: str) -> Order:
    order = till.order(id)
    assert order is not None
    return order


def show_earlier(standin: StandIn, id: int, **changes: Any) -> None:
    body = derived("order-updated-completed", id=id, **changes).json
    body["date_created_gmt"] = changes.get("date_created_gmt", "2026-11-01T08:00:00")
    standin.shop.show(body)


def test_a_person_who_never_bought_has_no_earlier_orders(standin: StandIn, till: WooTill) -> None:
    standin.shop.show("order-updated-completed")
    standin.shop.show("order-updated-cod-completed")
    assert till.earlier_orders(an_order(till, "17")) == 0


def test_earlier_orders_of_the_same_address_count(standin: StandIn, till: WooTill) -> None:
    standin.shop.show("order-updated-completed")
    show_earlier(standin, 3, billing={"email": "Bob.Buyer@Friend.example"})
    show_earlier(standin, 4, status="refunded")
    assert till.earlier_orders(an_order(till, "17")) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "cancelled"},
        {"status": "failed"},
        {"status": "pending"},
        {"status": "trash"},
        {"status": "checkout-draft"},
        {"billing": {"email": "not-bob.buyer@friend.example"}},
        {"date_created_gmt": "2026-11-22T09:25:24"},
        {"date_created_gmt": None},
    ],
    ids=str,
)
def test_what_is_not_an_earlier_order_of_this_person_does_not_count(
    standin: StandIn, till: WooTill, changes: dict[str, Any]
) -> None:
    standin.shop.show("order-updated-completed")
    show_earlier(standin, 3, **changes)
    assert till.earlier_orders(an_order(till, "17")) == 0


def test_of_two_orders_in_one_second_the_smaller_number_is_earlier(
    standin: StandIn, till: WooTill
) -> None:
    standin.shop.show("order-updated-completed")
    show_earlier(standin, 16, date_created_gmt="2026-11-22T09:25:23")
    show_earlier(standin, 18, date_created_gmt="2026-11-22T09:25:23")
    assert till.earlier_orders(an_order(till, "17")) == 1


def test_account_and_address_are_one_person_and_count_once(standin: StandIn, till: WooTill) -> None:
    standin.shop.show(derived("order-updated-completed", customer_id=4))
    show_earlier(standin, 3, customer_id=4)
    show_earlier(standin, 5, customer_id=4, billing={"email": "old@friend.example"})
    show_earlier(standin, 6, customer_id=0)
    show_earlier(standin, 7, customer_id=44, billing={"email": ""})
    assert till.earlier_orders(an_order(till, "17")) == 3


def test_more_earlier_orders_than_a_page_holds_are_counted(standin: StandIn, till: WooTill) -> None:
    standin.shop.show(derived("order-updated-completed", id=5000))
    for id in range(100, 305):
        show_earlier(standin, id)
    assert till.earlier_orders(an_order(till, "5000")) == 205
    assert standin.calls.count("GET orders") == 3


@pytest.mark.parametrize(
    ("email", "other"),
    [
        ("bob/buyer+tea@friend.example", "buyer+tea@friend.example"),
        ("buyer+tea@friend.example", "buyer@friend.example"),
        ("b+@friend.example", "c+@friend.example"),
        ("100%25buyer@friend.example", "100%buyer@friend.example"),
    ],
)
def test_an_address_with_an_odd_sign_is_found(
    standin: StandIn, till: WooTill, email: str, other: str
) -> None:
    odd = {"email": email}
    standin.shop.show(derived("order-updated-completed", billing=odd))
    show_earlier(standin, 3, billing=odd)
    show_earlier(standin, 4, billing={"email": other})
    assert till.earlier_orders(an_order(till, "17")) == 1


def test_nobodys_earlier_orders_cannot_be_told(standin: StandIn, till: WooTill) -> None:
    standin.shop.show(derived("order-updated-completed", billing={"email": ""}))
    assert till.earlier_orders(an_order(till, "17")) is None
    assert standin.calls == ["GET orders/17"]


def test_the_answer_of_a_shop_that_names_nobody_counts_nothing(standin: StandIn) -> None:
    rows = [{"id": 3, "billing": None}, {"id": 4, "billing": {"email": 7}}, {"id": 5}]
    with responses.RequestsMock() as shop:
        shop.add("GET", SHOP.url + "/wp-json/wc/v3/orders", json=rows)
        standin.shop.show("order-updated-completed")
        shop.add_passthru(standin.url)
        order = an_order(till_of(standin.installation("bean")), "17")
        assert till_of(SHOP).earlier_orders(order) == 0


def test_an_embedders_own_customer_id_is_not_asked_for(standin: StandIn, till: WooTill) -> None:
    standin.shop.show("order-updated-completed")
    order = replace(an_order(till, "17"), customer="c-17", id="own-17")
    show_earlier(standin, 3)
    assert till.earlier_orders(order) == 1
    assert standin.calls == ["GET orders/17", "GET orders"]
