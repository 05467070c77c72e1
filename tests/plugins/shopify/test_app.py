"""The app: as settings tell of it, as Shopify is told of it, and what it asks of a request."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLEnumType

from goodword.apps import (
    AtTheDoor,
    HasApp,
    Inside,
    Knock,
    KnowsCustomers,
    LedOn,
    Place,
    RequestRefused,
)
from goodword.errors import Invalid
from goodword.model.worth import Kind
from goodword.watching import Giving
from goodword_shopify import Shopify, domains, scopes
from goodword_shopify.app import ShopifyApp, of_settings
from goodword_shopify.client import VERSION
from goodword_shopify.operations import OPERATIONS
from goodword_shopify.standin import CLIENT, SECRET, Shop, StandIn
from goodword_shopify.standin.schema import PINNED, VERSIONS, version
from goodword_shopify.webhooks import TOPICS
from tests.plugins.shopify.conftest import TEA, a_platform

ROOT = Path(__file__).parents[3]
BASE = "https://thanks.example/app/shopify"
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
TOLD = {"client_id": CLIENT, "secrets": f"{SECRET}, old"}
CONFIGURED: dict[str, Any] = tomllib.loads(
    (ROOT / "plugins" / "shopify" / "app" / "shopify.app.toml").read_text("utf-8")
)
# The vendor's table does not know these two, though they exist.
UNKNOWN = {"read_all_orders", "read_customer_events"}


# Settings.


def test_settings_tell_of_an_app() -> None:
    app = of_settings(TOLD)
    assert (app.at.client, app.secrets, app.embedded) == (CLIENT, [SECRET, "old"], True)
    assert app.credentials == {"client_id": CLIENT, "client_secret": SECRET}
    assert not of_settings({**TOLD, "embedded": "no"}).embedded
    assert SECRET not in repr(app)
    assert isinstance(Shopify(), HasApp)
    assert isinstance(Shopify(), KnowsCustomers)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({}, "client_id"),
        ({"client_id": CLIENT}, "secrets"),
        ({"client_id": CLIENT, "secrets": " , "}, "secrets"),
        ({**TOLD, "embedded": "maybe"}, "embedded"),
        ({**TOLD, "secret": "x"}, "secret"),
    ],
)
def test_what_is_missing_or_unknown_is_named(told: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        of_settings(told)
    assert wrong.value.facts["field"] == field


# Its configuration at Shopify.


def asked() -> set[str]:
    access = CONFIGURED["access_scopes"]
    return {*access["scopes"].split(","), *access["optional_scopes"]}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_it_asks_for_what_each_operation_needs(operation: str) -> None:
    assert set(scopes.with_which(operation)) <= asked()


def test_it_asks_for_little_at_first_and_for_the_rest_by_choice() -> None:
    access = CONFIGURED["access_scopes"]
    first = {*scopes.BASIC, scopes.MERGES, scopes.DISPUTES}
    assert first == set(access["scopes"].split(","))
    everything = [Giving(kind=kind, by_product=True) for kind in Kind]
    assert {*scopes.BASIC, scopes.PRODUCTS} < set(scopes.asked_for(everything)) <= asked()


@pytest.mark.parametrize("topic", TOPICS)
def test_it_may_be_told_of_what_it_wants_to_be_told(topic: str) -> None:
    # As Shopify's documentation of each topic says: the app is not deployed without.
    needed = {"orders": "read_orders", "refunds": "read_orders", "app": None}
    needed |= {"disputes": "read_shopify_payments_disputes", "customers": "read_customer_merge"}
    scope = needed[topic.partition("/")[0]]
    assert scope is None or scope in CONFIGURED["access_scopes"]["scopes"].split(",")


@pytest.mark.parametrize("name", VERSIONS)
def test_shopify_knows_every_scope_and_topic_of_it(name: str) -> None:
    at = version(name)
    known = {scope for some in at.scopes.values() for scope in some} | UNKNOWN
    assert asked() <= known
    topics = at.schema.type_map["WebhookSubscriptionTopic"]
    assert isinstance(topics, GraphQLEnumType)
    every = [
        one for row in CONFIGURED["webhooks"]["subscriptions"] for one in row.get("topics", ())
    ]
    assert {one.upper().replace("/", "_") for one in every} <= topics.values.keys()
    assert tuple(every) == tuple(dict.fromkeys(every))
    assert set(every) == set(TOPICS)


def test_the_law_is_heard_and_everything_leads_to_our_routes() -> None:
    rows = CONFIGURED["webhooks"]["subscriptions"]
    (by_law,) = [row["compliance_topics"] for row in rows if "compliance_topics" in row]
    assert set(by_law) == {"customers/data_request", "customers/redact", "shop/redact"}
    assert {row["uri"] for row in rows} == {"https://thanks.example/hooks/shopify/app"}
    assert CONFIGURED["application_url"] == BASE
    assert CONFIGURED["auth"]["redirect_urls"] == [f"{BASE}/callback"]
    assert CONFIGURED["app_proxy"]["url"] == f"{BASE}/storefront"
    assert CONFIGURED["webhooks"]["api_version"] == VERSION == PINNED


# What an owner types.


@pytest.mark.parametrize(
    "text",
    [
        "tea-house",
        "tea-house.myshopify.com",
        " https://Tea-House.myshopify.com/ ",
        "https://tea-house.myshopify.com/admin/orders",
        "admin.shopify.com/store/tea-house",
        "https://admin.shopify.com/store/tea-house/apps",
    ],
)
def test_an_owner_means_their_shop(text: str) -> None:
    assert domains.typed(text) == TEA


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tea.example",
        f"{TEA}.evil.example",
        f"{TEA}@evil.example",
        f"evil.example/{TEA}",
        f"{TEA}:443",
        "admin.shopify.com",
        "admin.shopify.com/store/",
        "admin.shopify.com/store/evil.example",
        "tea_house",
        "téa",
    ],
)
def test_what_is_no_shop_is_not_meant(text: str) -> None:
    with pytest.raises(Invalid):
        domains.typed(text)


# Requests.


def test_a_request_that_names_no_shop_is_refused() -> None:
    app = of_settings(TOLD)
    for query in (
        (),
        (("shop", "evil.example"),),
        (("shop", TEA), ("shop", TEA)),
        (("id_token", ""),),
    ):
        with pytest.raises(RequestRefused):
            app.opened(Knock(query=query), BASE, NOW)
    for place in Place:
        with pytest.raises(RequestRefused):
            app.proven(Knock(), place, NOW)


def test_a_stale_page_is_led_to_the_bounce_with_all_that_it_had() -> None:
    app = of_settings(TOLD)
    query = (("shop", TEA), ("host", "aG9zdA"), ("embedded", "1"), ("id_token", "stale"))
    found = app.opened(Knock(query=query), BASE, NOW)
    assert isinstance(found, LedOn)
    assert found.url.startswith(f"{BASE}/bounce?shop={TEA}&host=aG9zdA&embedded=1&shopify-reload=")
    assert "stale" not in found.url


def test_only_the_admin_is_told_to_fetch_another_token() -> None:
    app = of_settings(TOLD)
    assert app.refusal(Place.ADMIN) == {"X-Shopify-Retry-Invalid-Session-Request": "1"}
    assert app.refusal(Place.CHECKOUT) == app.refusal(Place.STOREFRONT) == {}


def test_its_key_stands_in_the_page_as_text() -> None:
    app = of_settings({**TOLD, "client_id": '"><script>'})
    assert '"><script>' not in app.frame(TEA).head.replace("></script>", "")
    assert "&quot;&gt;&lt;script&gt;" in app.frame(TEA).head


def test_a_page_in_the_admin_and_one_outside_are_told_apart(standin: StandIn, tea: Shop) -> None:
    standin.clock.to(datetime.now(UTC))
    app = of_settings(TOLD)
    token = standin.doors.session_token(TEA)
    inside = app.opened(Knock(query=[("id_token", token)]), BASE, standin.clock.now())
    assert inside == Inside(claim=TEA)
    from tests.plugins.shopify.test_letting_in import signed_here

    query = list(signed_here(TEA, standin.clock.now()).items())
    outside = of_settings({**TOLD, "embedded": "no"})
    found = outside.opened(Knock(query=query), BASE, standin.clock.now())
    assert found == AtTheDoor(claim=TEA, url=f"https://{TEA}")
    led = app.opened(Knock(query=query), BASE, standin.clock.now())
    assert led == LedOn(url=f"https://admin.shopify.com/store/tea-house/apps/{CLIENT}")


def test_an_installation_is_this_apps_by_its_client(standin: StandIn, tea: Shop) -> None:
    joined = standin.installation("tea-house", TEA)
    assert of_settings(TOLD).let_in_by(joined)
    assert not of_settings({**TOLD, "client_id": "another"}).let_in_by(joined)
    assert isinstance(of_settings(TOLD), ShopifyApp)


# People who ask for a code.


@pytest.mark.parametrize("answers_as", VERSIONS)
def test_a_customer_is_told_as_an_advocate(standin: StandIn, tea: Shop, answers_as: str) -> None:
    standin.answers_as = answers_as
    mei = tea.welcome("mei@example.com", name="Mei")["id"].rpartition("/")[2]
    found = a_platform(standin).customer(standin.installation("tea-house", TEA), mei)
    assert found is not None
    assert (found.id, found.name, found.email) == (mei, "Mei", "mei@example.com")


@pytest.mark.parametrize("id", ["7", "", "0", "mei", "1" * 300, "gid://shopify/Customer/1"])
def test_who_is_no_customer_is_nobody(standin: StandIn, tea: Shop, id: str) -> None:
    platform, joined = a_platform(standin), standin.installation("tea-house", TEA)
    assert platform.customer(joined, id) is None
    assert platform.buyer(joined, id, "token") is None
