"""One shop asked over real HTTP: what it says, and what it means when it says nothing."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import responses

import goodword_shopify
from goodword.errors import AnswerLost, TillDown, TillRefused, TillTrouble
from goodword.platforms import CAUSES
from goodword_shopify.calling import Caller
from goodword_shopify.client import DISCONNECTED, Client
from goodword_shopify.standin import CLIENT, SCOPES, Api, Bought, Fault, Shop, StandIn, order
from goodword_shopify.standin.schema import NEXT
from goodword_shopify.standin.schema import version as read_version
from tests.plugins.shopify.conftest import BEAN, TEA, Fixed, client_of, mounted
from tests.plugins.shopify.granting import by_fault
from tests.plugins.shopify.variables import BASIC

DISCOUNT: dict[str, Any] = {"discount": BASIC}
AFTER = [Fault.GATEWAY_AFTER, Fault.HANG, Fault.DROP, Fault.PARTIAL, Fault.SLOW]
SILENT = (Fault.HANG, Fault.SLOW)
BEFORE = [Fault.GATEWAY, Fault.RESET, Fault.HTML, Fault.INTERNAL]


@pytest.fixture
def client(standin: StandIn, tea: Shop) -> Client:
    return client_of(standin)


@pytest.fixture
def hurried(standin: StandIn, tea: Shop) -> Client:
    """A client for whoever will not be answered."""
    return client_of(standin, timeouts=(2, 1))


def test_a_shop_tells_what_it_is(client: Client) -> None:
    told = client.ask("InstallationProfile")
    assert told["shop"]["myshopifyDomain"] == TEA
    granted = {scope["handle"] for scope in told["currentAppInstallation"]["accessScopes"]}
    assert granted == SCOPES


def test_a_change_answers_what_was_made(client: Client, tea: Shop) -> None:
    made = client.change("AmountCodeCreate", **DISCOUNT)
    found = tea.discounts.find("thanks7q2k")
    assert found is not None
    assert made["codeDiscountNode"]["id"] == found["id"]


def test_what_shopify_refuses_says_why(client: Client) -> None:
    client.change("AmountCodeCreate", **DISCOUNT)
    with pytest.raises(TillRefused, match="Code must be unique") as refused:
        client.change("AmountCodeCreate", **DISCOUNT)
    assert refused.value.facts["code"] == "TAKEN"
    assert refused.value.facts["shop"] == "tea-house"


def test_ten_is_not_ten_percent(client: Client) -> None:
    tenfold = BASIC | {"customerGets": {"value": {"percentage": 10.0}, "items": {"all": True}}}
    with pytest.raises(TillRefused) as refused:
        client.change("AmountCodeCreate", discount=tenfold)
    assert refused.value.facts["code"] == "VALUE_OUTSIDE_RANGE"


def test_every_page_is_read(client: Client, tea: Shop) -> None:
    at = "2026-11-20T10:00:00Z"
    lines = [Bought(price="1.00")] * 60
    placed = tea.place(order(tea.new_id("Order"), tea.till, lines, at=at))
    told = list(client.pages("OrderLines", "order", "lineItems", id=placed["id"]))
    assert [one["id"] for one in told] == [one["id"] for one in placed["lineItems"]]


def test_what_goes_away_while_it_is_read_is_never_half_of_it(client: Client) -> None:
    missing = "gid://shopify/Order/1"
    with pytest.raises(TillDown, match="went away"):
        list(client.pages("OrderLines", "order", "lineItems", id=missing))


# What goes wrong


@by_fault(*BEFORE, *AFTER, Fault.BUSY)
def test_a_question_without_an_answer_is_asked_again_later(
    standin: StandIn, client: Client, hurried: Client, fault: Fault
) -> None:
    standin.fail(fault)
    with pytest.raises(TillDown):
        (hurried if fault in SILENT else client).ask("InstallationProfile")
    assert client.ask("InstallationProfile")["shop"]["name"] == "tea-house"


@by_fault(*BEFORE, *AFTER)
def test_a_change_without_an_answer_may_have_happened_and_is_never_repeated(
    standin: StandIn, client: Client, hurried: Client, tea: Shop, fault: Fault
) -> None:
    standin.fail(fault)
    with pytest.raises(AnswerLost):
        (hurried if fault in SILENT else client).change("AmountCodeCreate", **DISCOUNT)
    assert len(tea.discounts.by_id) == (1 if fault in AFTER else 0)
    assert len([call for call in standin.calls if call.startswith(TEA)]) == 1


def test_who_asks_too_often_did_nothing(standin: StandIn, client: Client, tea: Shop) -> None:
    standin.fail(Fault.BUSY)
    with pytest.raises(TillDown, match="429"):
        client.change("AmountCodeCreate", **DISCOUNT)
    assert tea.discounts.by_id == {}


def test_where_nobody_answers_nothing_happened() -> None:
    client = Client(Caller("tea-house", "http://127.0.0.1:9", (0.5, 0.5)), Fixed("shpat_x"))
    with pytest.raises(TillDown, match="not be reached"):
        client.change("AmountCodeCreate", **DISCOUNT)


def test_an_error_names_no_address_and_no_token(standin: StandIn, client: Client) -> None:
    standin.fail(Fault.RESET)
    with pytest.raises(AnswerLost) as lost:
        client.change("AmountCodeCreate", **DISCOUNT)
    seen: BaseException | None = lost.value
    while seen is not None:
        assert "127.0.0.1" not in str(seen)
        assert "shpat" not in str(seen)
        seen = seen.__context__ or seen.__cause__


@pytest.mark.parametrize("status", [402, 403, 404, 423, 301, 400])
@responses.activate
def test_a_shop_that_says_no_is_not_asked_again(status: int) -> None:
    responses.post(
        f"https://{TEA}/admin/api/2026-07/graphql.json",
        status=status,
        json={"errors": "no"},
        headers={"Location": "https://evil.example/"},
    )
    client = Client(Caller("tea-house", f"https://{TEA}"), Fixed("shpat_x"))
    with pytest.raises(TillRefused):
        client.ask("InstallationProfile")
    assert len(responses.calls) == 1


@pytest.mark.parametrize(
    "body", [b"[]", b'{"data": null}', b'{"data": {"x": null}}', b"{", b"\xff"]
)
@responses.activate
def test_nonsense_is_one_of_the_tills_troubles(body: bytes) -> None:
    responses.post(f"https://{TEA}/admin/api/2026-07/graphql.json", body=body)
    client = Client(Caller("tea-house", f"https://{TEA}"), Fixed("shpat_x"))
    with pytest.raises(TillTrouble):
        client.change("AmountCodeCreate", **DISCOUNT)
    with pytest.raises(TillTrouble):
        client.ask("OrderHead", id="gid://shopify/Order/1")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (408, {"errors": "Request Timeout"}),
        (499, {}),
        (200, {"data": None, "errors": [{"message": "Something went wrong"}]}),
        (200, {"data": {"discountCodeBasicCreate": None}, "errors": [{"message": "timed out"}]}),
        (200, {"errors": "Internal Server Error"}),
    ],
    ids=str,
)
@responses.activate
def test_an_error_that_refuses_nothing_leaves_open_whether_it_was_done(
    status: int, body: dict[str, Any]
) -> None:
    responses.post(f"https://{TEA}/admin/api/2026-07/graphql.json", status=status, json=body)
    client = Client(Caller("tea-house", f"https://{TEA}"), Fixed("shpat_x"))
    with pytest.raises(AnswerLost):
        client.change("AmountCodeCreate", **DISCOUNT)
    with pytest.raises(TillDown):
        client.ask("InstallationProfile")


# Rights


def test_a_right_that_was_not_granted_is_named(standin: StandIn) -> None:
    standin.open(TEA, scopes=frozenset({"read_orders"}))
    with pytest.raises(TillRefused, match="discountCodeBasicCreate") as refused:
        client_of(standin).change("AmountCodeCreate", **DISCOUNT)
    assert refused.value.facts["code"] == "ACCESS_DENIED"


def test_what_is_kept_from_the_app_of_a_person_leaves_the_rest(standin: StandIn, tea: Shop) -> None:
    at = "2026-11-20T10:00:00Z"
    told: dict[str, Any] = {
        "email": "friend@example.com",
        "customer": tea.welcome("friend@example.com"),
    }
    placed = tea.place(order(tea.new_id("Order"), tea.till, [], at=at, **told))
    standin.hides = frozenset({"email", "customer"})
    found = client_of(standin).ask("OrderHead", id=placed["id"])["order"]
    assert (found["email"], found["customer"]) == (None, None)
    assert found["createdAt"] == at


# Tokens


def test_a_token_that_ran_out_is_renewed_before_it_is_used(standin: StandIn, tea: Shop) -> None:
    client = client_of(standin)
    standin.clock.sleep(3600)
    assert client.ask("InstallationProfile")["shop"]["name"] == "tea-house"
    assert standin.calls == [f"{TEA} access_token refresh_token", f"{TEA} InstallationProfile"]


def test_a_token_that_is_refused_is_renewed_once(standin: StandIn, tea: Shop) -> None:
    client = client_of(standin)
    standin.doors.passes.clear()
    assert client.ask("InstallationProfile")["shop"]["name"] == "tea-house"
    assert standin.calls[0] == f"{TEA} 401"
    assert len(standin.calls) == 3


def test_an_app_that_was_removed_is_disconnected(standin: StandIn, tea: Shop) -> None:
    client = client_of(standin)
    standin.doors.shut(TEA)
    with pytest.raises(TillRefused, match="open the app again") as refused:
        client.ask("InstallationProfile")
    assert refused.value.facts["code"] == DISCONNECTED
    assert len(standin.calls) == 2


# Pace


def test_a_shop_that_is_asked_too_fast_is_given_time(standin: StandIn, tea: Shop) -> None:
    standin.bucket(TEA, holds=30, restores=10)
    client, begun = client_of(standin), standin.clock.now()
    for number in range(10):
        client.change("AmountCodeCreate", discount=BASIC | {"code": f"THANKS{number}"})
    assert len(tea.discounts.by_id) == 10
    # It holds 30 and gives back 10 a second: ten at 12 each are 90 more than it held.
    waited = (standin.clock.now() - begun).total_seconds()
    assert 9 <= waited <= 9 * 1.2
    assert standin.throttled == 0


def test_a_refusal_for_haste_is_waited_out_even_by_a_change(standin: StandIn, tea: Shop) -> None:
    bucket = standin.bucket(TEA, holds=30, restores=10)
    bucket.left = 2
    client_of(standin).change("AmountCodeCreate", **DISCOUNT)
    assert standin.throttled == 1
    assert len(tea.discounts.by_id) == 1


def test_nobody_waits_for_ever(standin: StandIn, tea: Shop) -> None:
    standin.bucket(TEA, holds=10, restores=0.001)
    with pytest.raises(TillDown, match="wait too long"):
        client_of(standin).change("AmountCodeCreate", **DISCOUNT)


# Versions


@pytest.mark.slow
def test_another_version_than_the_asked_one_is_noted(
    standin: StandIn, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    standin.answers_as = read_version(NEXT).name
    with caplog.at_level(logging.WARNING, logger="goodword_shopify"):
        client.ask("InstallationProfile")
    (record,) = caplog.records
    assert record.getMessage() == "tea-house: asked by version 2026-07, answered by 2026-10"


@pytest.mark.slow
def test_the_next_version_answers_the_same(standin: StandIn, tea: Shop) -> None:
    assert client_of(standin, version=read_version(NEXT).name).ask("InstallationProfile")["shop"][
        "name"
    ]


# Shops


def test_two_shops_in_sixteen_threads_never_cross(standin: StandIn) -> None:
    for domain in (TEA, BEAN):
        standin.open(domain)

    def name(domain: str) -> bool:
        told = client_of(standin, domain, shop=domain).ask("InstallationProfile")
        return bool(told["shop"]["myshopifyDomain"] == domain)

    with ThreadPoolExecutor(16) as threads:
        assert all(threads.map(name, [TEA, BEAN] * 40))


def test_nothing_that_all_threads_share_is_used() -> None:
    forbidden = ("activate_session", "Session.temp", "Session.setup", "ShopifyResource", "GraphQL(")
    home = Path(goodword_shopify.__file__).parent
    found = [
        (path.name, word)
        for path in home.rglob("*.py")
        for word in forbidden
        if word in path.read_text("utf-8")
    ]
    assert found == []


@responses.activate
def test_the_stand_in_answers_without_a_network_too() -> None:
    api = Api()
    api.open(TEA)
    mounted(api, TEA)
    token = str(api.doors.give(TEA)["access_token"])
    client = Client(Caller("tea-house", f"https://{TEA}"), Fixed(token))
    assert client.ask("InstallationProfile")["shop"]["myshopifyDomain"] == TEA
    api.fail(Fault.GATEWAY_AFTER, Fault.HANG)
    for _ in range(2):
        with pytest.raises(AnswerLost):
            client.change("AmountCodeCreate", **DISCOUNT)
    assert api.doors.client == CLIENT
    # The first was done, and the second found its code taken: both without a word of it.
    assert len(api.shops[TEA].discounts.by_id) == 1


@by_fault(*(one for one in Fault if one is not Fault.NONE))
def test_every_trouble_names_a_cause_that_is_said_in_every_language(
    standin: StandIn, client: Client, hurried: Client, fault: Fault
) -> None:
    client = hurried if fault in SILENT else client
    for asking in (partial(client.ask, "InstallationProfile"), partial(change, client)):
        standin.fail(fault)
        with pytest.raises(TillTrouble) as trouble:
            asking()
        assert trouble.value.facts["cause"] in CAUSES
        assert "cause" not in str(trouble.value)


def change(client: Client) -> object:
    return client.change("AmountCodeCreate", **DISCOUNT)
