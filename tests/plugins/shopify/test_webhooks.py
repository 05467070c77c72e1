"""Shopify's deliveries at the border: signed over the body alone, and only a hint."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.errors import DeliveryRefused, Invalid, OrderInvalid
from goodword.platforms import (
    Alarm,
    AppliesCoupons,
    DataAsked,
    Delivery,
    Installation,
    News,
    OneAddress,
    OrderGone,
    PeopleMerged,
    PersonForgotten,
    Platform,
    ShopForgotten,
    ShopLeft,
)
from goodword_shopify import Shopify
from goodword_shopify.standin import SECRET
from goodword_shopify.standin.deliveries import Sent, example, sent
from goodword_shopify.standin.schema import VERSIONS, version
from goodword_shopify.webhooks import BY_LAW, TOPICS, address, verify
from tests.plugins.shopify.conftest import BEAN, TEA

NEXT = "shpss_ffffffffffffffffffffffffffffffff"
INSTALLED = Installation(shop="tea-house", platform="shopify", url=f"https://{TEA}")
ORDER = "820982911946154508"


def told(what: Sent) -> list[News]:
    return list(Shopify().read(what.delivery(), INSTALLED))


def with_headers(**headers: str) -> Delivery:
    return Delivery("", {name.replace("_", "-"): text for name, text in headers.items()}, b"{}")


# Who signed it


def test_what_the_app_signed_is_believed() -> None:
    verify(sent("orders/paid", TEA).delivery(), [NEXT, SECRET])
    verify(sent("orders/paid", TEA, secret=NEXT).delivery(), [SECRET, NEXT])


@pytest.mark.parametrize("signature", ["", "né", "\ud800", "=" * 10_000, "AAAA"])
def test_what_it_did_not_sign_is_refused(signature: str) -> None:
    with pytest.raises(DeliveryRefused):
        verify(with_headers(x_shopify_hmac_sha256=signature), [SECRET])
    with pytest.raises(DeliveryRefused):
        verify(sent("orders/paid", TEA, secret=NEXT).delivery(), [SECRET])


def test_without_a_secret_nothing_is_believed() -> None:
    with pytest.raises(DeliveryRefused):
        verify(sent("orders/paid", TEA).delivery(), [])


def test_one_flipped_byte_is_refused() -> None:
    delivery = sent("orders/paid", TEA).delivery()
    with pytest.raises(DeliveryRefused):
        verify(replace(delivery, body=b"[" + delivery.body[1:]), [SECRET])


# Whose it says it is


def test_the_domain_is_only_a_claim() -> None:
    found = address(with_headers(x_shopify_shop_domain="Tea-House.myshopify.com"))
    assert (found.installation, found.claimed) == (TEA, True)


@pytest.mark.parametrize(
    "domain", ["", "evil.example", f"{TEA}.evil.example", "-.myshopify.com", "a/b", f"{TEA}\n"]
)
def test_a_domain_that_cannot_be_shopifys_names_nobody(domain: str) -> None:
    assert address(with_headers(x_shopify_shop_domain=domain)).installation == ""


# What it says


@pytest.mark.parametrize(
    "topic", ["orders/create", "orders/paid", "orders/updated", "orders/cancelled"]
)
def test_an_order_is_asked_for_by_the_id_that_was_not_rounded(topic: str) -> None:
    # In the example the number is another than the text: it went through JavaScript.
    assert str(example(topic)["id"]) != ORDER
    assert told(sent(topic, TEA)) == [OrderGone(id=ORDER)]


def test_a_voided_test_order_is_only_a_hint_though_its_topic_says_paid() -> None:
    body = example("orders/paid")
    assert (body["test"], body["financial_status"]) == (True, "voided")
    assert told(sent("orders/paid", TEA)) == [OrderGone(id=ORDER)]


@pytest.mark.parametrize("topic", ["refunds/create", "disputes/create"])
def test_what_happens_to_an_order_asks_for_it(topic: str) -> None:
    body = example(topic) | {"order_id": int(ORDER)}
    assert told(sent(topic, TEA, body)) == [OrderGone(id=ORDER)]


@pytest.mark.parametrize(
    "body",
    [{"order_id": int(ORDER)}, {"admin_graphql_api_order_id": f"gid://shopify/Order/{ORDER}"}],
)
def test_an_order_that_shopify_judged_anew_is_asked_for(body: dict[str, Any]) -> None:
    assert told(sent("orders/risk_assessment_changed", TEA, body)) == [OrderGone(id=ORDER)]


def test_an_edit_asks_for_its_order() -> None:
    assert told(sent("orders/edited", TEA)) == [
        OrderGone(id=str(example("orders/edited")["order_edit"]["order_id"]))
    ]


def test_somebody_is_forgotten_by_all_that_is_told_of_them() -> None:
    body = example("customers/redact") | {"shop_domain": TEA}
    customer = body["customer"]
    assert told(sent("customers/redact", TEA, body)) == [
        PersonForgotten(
            email=customer["email"],
            phone=customer["phone"],
            account=str(customer["id"]),
            orders=("299938", "280263", "220458"),
        )
    ]


def test_a_question_for_what_is_kept_names_who_asks_and_their_orders() -> None:
    body = example("customers/data_request") | {"shop_domain": TEA}
    assert told(sent("customers/data_request", TEA, body)) == [
        DataAsked(
            id="9999",
            email="john@example.com",
            phone="555-625-1199",
            account="191167",
            orders=("299938", "280263", "220458"),
        )
    ]


@pytest.mark.parametrize("orders", [7, [1.5], ["x"], [1] * 3000])
def test_orders_that_cannot_be_are_for_a_person_to_look_at(orders: object) -> None:
    body = example("customers/data_request") | {"shop_domain": TEA, "orders_requested": orders}
    with pytest.raises(OrderInvalid):
        told(sent("customers/data_request", TEA, body))


def test_a_shop_that_left_for_good_is_to_be_forgotten() -> None:
    body = example("shop/redact") | {"shop_domain": TEA}
    assert told(sent("shop/redact", TEA, body)) == [ShopForgotten()]


def test_two_accounts_that_became_one_are_told_once_they_have() -> None:
    # The example is of one that failed.
    assert told(sent("customers/merge", TEA)) == []
    body = example("customers/merge") | {"status": "completed"}
    assert told(sent("customers/merge", TEA, body)) == [PeopleMerged(gone="2", kept="1")]


def test_an_owner_who_removes_the_app_leaves_and_a_scope_that_changes_is_an_alarm() -> None:
    body = example("app/uninstalled") | {"myshopify_domain": TEA}
    left = datetime(2026, 11, 26, 12, tzinfo=UTC)
    assert told(sent("app/uninstalled", TEA, body)) == [ShopLeft(at=left)]
    odd = sent("app/uninstalled", TEA, body, X_Shopify_Triggered_At="yesterday")
    assert told(odd) == [ShopLeft()]
    assert told(sent("app/scopes_update", TEA)) == [Alarm(reason="app_scopes_changed")]


@pytest.mark.parametrize("topic", [*BY_LAW, "app/uninstalled"])
def test_a_body_of_another_shop_is_not_believed_by_its_header(topic: str) -> None:
    name = "myshopify_domain" if topic == "app/uninstalled" else "shop_domain"
    with pytest.raises(OrderInvalid, match="another shop"):
        told(sent(topic, TEA, example(topic) | {name: BEAN}))


def test_a_topic_that_nobody_asked_for_is_nothing() -> None:
    assert told(sent("customers/create", TEA)) == []
    assert list(Shopify().read(with_headers(), INSTALLED)) == []


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from(TOPICS),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False)
        | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "id",
                        "order_id",
                        "admin_graphql_api_id",
                        "customer",
                        "order_edit",
                        "shop_domain",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=8,
    ),
)
def test_nonsense_is_for_a_person_to_look_at(topic: str, body: object) -> None:
    headers = {"x-shopify-topic": topic}
    with suppress(OrderInvalid):
        news = Shopify().read(Delivery("", headers, json.dumps(body).encode()), INSTALLED)
        assert all(
            isinstance(one, (OrderGone, PeopleMerged, PersonForgotten, ShopLeft, Alarm))
            for one in news
        )


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'"x"', b"1e999999999"])
def test_what_is_no_json_object_is_for_a_person_to_look_at(body: bytes) -> None:
    with pytest.raises(OrderInvalid):
        list(Shopify().read(Delivery("", {"x-shopify-topic": "orders/paid"}, body), INSTALLED))


@pytest.mark.slow
@pytest.mark.parametrize("name", VERSIONS)
def test_shopify_knows_every_topic(name: str) -> None:
    enum = version(name).schema.type_map["WebhookSubscriptionTopic"]
    known = set(enum.values)  # type: ignore[attr-defined]
    asked = {topic.upper().replace("/", "_") for topic in TOPICS}
    assert asked <= known


# The platform


def test_it_is_a_platform_whose_shops_apply_coupons_by_an_address() -> None:
    shopify: Platform = Shopify()
    assert isinstance(shopify, AppliesCoupons)
    led = shopify.applying(INSTALLED, "/tea?ref=A1&gw=v1", "friend 7Q/2K")
    assert led is not None
    parts = urlsplit(led)
    assert (parts.netloc, parts.path) == (TEA, "/discount/friend%207Q%2F2K")
    assert parse_qs(parts.query) == {"redirect": ["/tea?ref=A1&gw=v1"]}


def test_the_shop_at_an_address_is_known_by_its_domain() -> None:
    assert isinstance(Shopify(), OneAddress)
    assert Shopify().claim(f"https://{TEA}") == TEA
    assert Shopify().claim(f"http://127.0.0.1:80/{TEA}") == TEA


@pytest.mark.parametrize(
    "url",
    [
        f"http://{TEA}",
        f"https://evil.example/{TEA}",
        f"https://{TEA}/admin",
        f"https://{TEA}:444",
        f"https://me@{TEA}",
        "https://tea.example",
        "",
    ],
)
def test_no_token_goes_to_what_is_no_shop_of_shopifys(url: str) -> None:
    with pytest.raises(Invalid):
        Shopify().claim(url)


def test_every_delivery_is_signed() -> None:
    assert not Shopify().is_ping(with_headers())
