"""Joining a shop: what it calls itself, where its owner agrees, and the keys it brings."""

from __future__ import annotations

import json
import socket
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from goodword.errors import Invalid, TillDown, TillRefused, TillTrouble
from goodword.platforms import Delivery, Installation
from goodword.watching import Introduced
from goodword_woocommerce import WooCommerce
from goodword_woocommerce.standin import AgreementRefused, Fault, StandIn, answer, recorded

WOO = WooCommerce()
STATE = "s" * 40
CALLBACK = "https://thanks.example/connect/woocommerce/tea-house"
BACK = "https://thanks.example/owner/"
FRONT = "https://tea.example"


def posted(body: bytes) -> Delivery:
    return Delivery("tea-house", {"content-type": "application/json"}, body)


def index(**changes: Any) -> dict[str, Any]:
    return {**answer("root-index")[2], "home": FRONT, "url": FRONT, **changes}


# What it calls itself.


def test_a_shop_introduces_itself(standin: StandIn) -> None:
    found = WOO.introduced(standin.url + "/", public=False)
    assert found == Introduced(url=standin.url, name="Bean Street Coffee")


def test_by_whatever_address_it_was_given_its_own_counts() -> None:
    with responses.RequestsMock() as web:
        web.add("GET", "http://tea.example/wp-json/", status=301,
                headers={"Location": f"{FRONT}/wp-json/"})  # fmt: skip
        web.add("GET", f"{FRONT}/wp-json/", json=index(home=f"{FRONT}/shop/", url=f"{FRONT}/wp"))
        assert WOO.introduced("http://tea.example", public=False).url == f"{FRONT}/shop"


@pytest.mark.parametrize(
    ("status", "said", "mend"),
    [
        (200, "<h1>Welcome</h1>", "no WooCommerce answers there"),
        (404, "<h1>Not found</h1>", "no WooCommerce answers there"),
        (403, "<h1>Blocked</h1>", "no WooCommerce answers there"),
        (401, {"code": "rest_login_required"}, "no WooCommerce answers there"),
        (200, [], "no WooCommerce answers there"),
        (200, {"namespaces": ["wp/v2"], "home": FRONT}, "no WooCommerce answers there"),
        (200, {"namespaces": ["wc/v3"]}, "no WooCommerce answers there"),
        (503, "", "no WooCommerce answers there"),
    ],
)
def test_what_is_no_shop_is_told_with_the_mend(status: int, said: Any, mend: str) -> None:
    with responses.RequestsMock() as web:
        given = {"json": said} if not isinstance(said, str) else {"body": said}
        web.add("GET", f"{FRONT}/wp-json/", status=status, **given)
        with pytest.raises(Invalid, match=mend) as caught:
            WOO.introduced(FRONT, public=False)
    assert caught.value.facts["field"] == "url"


def test_one_that_sends_us_round_and_round_is_left() -> None:
    with responses.RequestsMock() as web:
        onward = {"Location": f"{FRONT}/wp-json/"}
        web.add("GET", f"{FRONT}/wp-json/", status=302, headers=onward)
        with pytest.raises(Invalid, match="again and again"):
            WOO.introduced(FRONT, public=False)
        assert len(web.calls) == 4


@pytest.mark.parametrize("onward", ["file:///etc/passwd", "ftp://tea.example/", "javascript:1"])
def test_nobody_is_followed_out_of_the_web(onward: str) -> None:
    with responses.RequestsMock() as web:
        web.add("GET", f"{FRONT}/wp-json/", status=302, headers={"Location": onward})
        with pytest.raises(Invalid):
            WOO.introduced(FRONT, public=False)


def test_an_index_without_end_is_cut_off() -> None:
    with responses.RequestsMock() as web:
        web.add("GET", f"{FRONT}/wp-json/", json=index(more="x" * 3_000_000))
        with pytest.raises(Invalid, match="no WooCommerce"):
            WOO.introduced(FRONT, public=False)


def test_where_nobody_answers_it_may_be_tried_later() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        with pytest.raises(TillDown, match="nobody answers there"):
            WOO.introduced(f"http://127.0.0.1:{port}", public=False)


# Where its owner agrees.


def test_the_owner_is_led_to_the_shops_own_page(standin: StandIn) -> None:
    way = WOO.way(standin.url, state=STATE, callback=CALLBACK, back=BACK)
    address = urlsplit(way)
    assert address.path == "/wc-auth/v1/authorize"
    asked = {name: one for name, (one,) in parse_qs(address.query).items()}
    assert asked == {
        "app_name": "goodword",
        "scope": "read_write",
        "user_id": STATE,
        "return_url": BACK,
        "callback_url": CALLBACK,
    }
    called, body = standin.agreed(way)
    assert called == CALLBACK
    keys = WOO.keys(posted(body))
    assert keys.state == STATE
    assert keys.credentials == {"consumer_key": standin.key, "consumer_secret": standin.secret}
    assert standin.secret not in repr(keys)


def test_the_shop_takes_no_callback_without_encryption(standin: StandIn) -> None:
    way = WOO.way(standin.url, state=STATE, callback="http://thanks.example/", back=BACK)
    with pytest.raises(AgreementRefused, match="over SSL"):
        standin.agreed(way)


# The keys it brings.


def test_keys_as_they_were_recorded_are_read() -> None:
    told = recorded_callback()
    told["user_id"] = STATE
    assert (
        WOO.keys(posted(json.dumps(told).encode())).credentials["consumer_key"] == "ck_" + "0" * 40
    )


def recorded_callback() -> dict[str, Any]:
    return {
        "key_id": 3,
        "user_id": "store-7f3a",
        "consumer_key": "ck_" + "0" * 40,
        "consumer_secret": "cs_" + "0" * 40,
        "key_permissions": "read_write",
    }


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"[]", "body"),
        (b"[" * 100_000, "body"),
        (b"user_id=1", "body"),
        ({"user_id": None}, "user_id"),
        ({"user_id": "short"}, "user_id"),
        ({"user_id": "<script>alert(1)</script>"}, "user_id"),
        ({"user_id": "x" * 201}, "user_id"),
        ({"key_permissions": "read"}, "key_permissions"),
        ({"key_permissions": "write"}, "key_permissions"),
        ({"consumer_key": "secret-of-another"}, "consumer_key"),
        ({"consumer_secret": 5}, "consumer_secret"),
        ({"consumer_secret": "cs_\n"}, "consumer_secret"),
    ],
)
def test_what_cannot_be_keys_is_refused_by_name_and_not_repeated(body: Any, field: str) -> None:
    if isinstance(body, dict):
        body = json.dumps({**recorded_callback(), "user_id": STATE, **body}).encode()
    with pytest.raises(Invalid) as caught:
        WOO.keys(posted(body))
    assert caught.value.facts["field"] == field
    for hidden in ("secret-of-another", "cs_0", "<script>"):
        assert hidden not in str(caught.value)


def test_keys_that_open_the_shop_are_proven(standin: StandIn) -> None:
    condition = WOO.proven(standin.installation("tea-house"))
    assert condition.version == "11.0.1"
    assert standin.calls == ["GET system_status", "GET webhooks"]


def test_keys_of_another_shop_prove_nothing(standin: StandIn) -> None:
    wrong = {"consumer_key": standin.key, "consumer_secret": "cs_other"}
    with pytest.raises(TillRefused, match="the keys were refused"):
        WOO.proven(
            Installation(
                shop="tea-house", platform="woocommerce", url=standin.url, credentials=wrong
            )
        )


def test_a_shop_that_calls_itself_otherwise_is_to_be_joined_so(standin: StandIn) -> None:
    standin.shop.environment = {"home_url": "https://new.example"}
    with pytest.raises(TillRefused, match=r"calls itself https://new\.example"):
        WOO.proven(standin.installation("tea-house"))


@pytest.mark.parametrize("fault", [Fault.PAGE, Fault.WALL, Fault.CUT, Fault.CODE, Fault.DOWN])
def test_without_an_answer_of_the_shop_no_key_is_proven(standin: StandIn, fault: Fault) -> None:
    standin.fail(fault)
    with pytest.raises(TillTrouble):
        WOO.proven(standin.installation("tea-house"))


def test_a_recorded_delivery_is_no_key() -> None:
    with pytest.raises(Invalid):
        WOO.keys(posted(recorded("order-updated-completed").body))
