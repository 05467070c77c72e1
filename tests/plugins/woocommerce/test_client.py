from __future__ import annotations

import gc
import json
import logging
import socket
import ssl
from typing import Any

import pytest
import requests
import responses
import urllib3.exceptions
from urllib3 import HTTPSConnectionPool
from urllib3.exceptions import MaxRetryError

from goodword.errors import AnswerLost, TillDown, TillRefused, TillTrouble
from goodword.platforms import Installation
from goodword_woocommerce import client as client_module
from goodword_woocommerce.client import Client
from goodword_woocommerce.standin import Fault, StandIn, answer

KEYS = {"consumer_key": "ck_key", "consumer_secret": "cs_secret"}
URL = "https://shop.example"
API = URL + "/wp-json/wc/v3/"
# As requests hands it on: the handshake failed, so nothing was sent.
MISTRUSTED = MaxRetryError(
    HTTPSConnectionPool("shop.example"),
    "/?ck_key",
    urllib3.exceptions.SSLError(ssl.SSLCertVerificationError("expired")),
)
COUPON = {"id": 7, "code": "a"}


def client(url: str = URL, **keys: str) -> Client:
    shop = Installation(
        shop="bean-street", platform="woocommerce", url=url, credentials=keys or KEYS
    )
    return Client(shop, timeout=0.5)


@pytest.fixture
def shop(request: pytest.FixtureRequest) -> Any:
    with responses.RequestsMock() as mocked:
        yield mocked


def says(shop: Any, method: str, path: str, status: int, said: Any, **more: Any) -> None:
    if isinstance(said, (dict, list)):
        shop.add(method, API + path, status=status, json=said, **more)
    else:
        shop.add(method, API + path, status=status, body=said, content_type="text/html", **more)


def error(code: str, status: int) -> dict[str, Any]:
    return {"code": code, "message": "secret details", "data": {"status": status}}


def trouble_of(method: str, url: str = URL) -> TillTrouble:
    asking = client(url)
    written = {"code": "a", "email_restrictions": ["mei@example.com"]}
    with pytest.raises(TillTrouble) as caught:
        asking.one("orders/17") if method == "GET" else asking.create("coupons", written)
    assert caught.value.facts["shop"] == "bean-street"
    assert_discreet(caught.value)
    return caught.value


def assert_discreet(error: TillTrouble) -> None:
    """No address, key or shopper in it, nor in what it drags along."""
    assert error.__cause__ is None
    assert error.__context__ is None
    for hidden in ("ck_", "cs_", "http", "shop.example", "mei@", "secret details", "oauth"):
        assert hidden not in f"{error} {error.facts!r}"


def test_an_object_is_read_with_exact_numbers(shop: Any) -> None:
    shop.add("GET", API + "orders/17", body='{"id": 17, "price": 11.25}', content_type="x/json")
    found = client().one("orders/17")
    assert str(found["price"]) == "11.25"


def test_over_https_the_keys_travel_in_the_header_and_never_in_the_address(shop: Any) -> None:
    says(shop, "GET", "orders", 200, [])
    assert list(client().many("orders", search="mei@example.com")) == []
    request = shop.calls[0].request
    assert request.headers["Authorization"].startswith("Basic ")
    assert "ck_" not in request.url
    assert "cs_" not in request.url


def test_over_http_the_request_is_signed_as_the_shop_checks_it(standin: StandIn) -> None:
    asking = Client(standin.installation("bean-street"))
    assert list(asking.many("orders", search="a+b.c~d@e-f.example", _fields="id,status")) == []
    assert standin.calls == ["GET orders"]


@pytest.mark.parametrize(
    ("method", "status", "said", "kind", "words"),
    [
        # The two 401s ask for different things of the owner.
        ("GET", 401, answer("error-bad-signature")[2], TillRefused, "calls itself by another"),
        ("GET", 401, error("woocommerce_rest_cannot_view", 401), TillRefused, "Authorization"),
        ("POST", 401, error("woocommerce_rest_cannot_create", 401), TillRefused, "read and write"),
        ("PUT", 403, error("woocommerce_rest_cannot_edit", 403), TillRefused, "read and write"),
        ("GET", 403, error("plugin_says_no", 403), TillRefused, "read and write"),
        ("GET", 403, "<h1>Blocked</h1>", TillRefused, "in front of the shop"),
        ("POST", 400, error("rest_invalid_param", 400), TillRefused, "rest_invalid_param"),
        ("POST", 400, error("<script>", 400), TillRefused, "not a WooCommerce API"),
        ("GET", 404, error("rest_no_route", 404), TillRefused, "not a WooCommerce API"),
        ("GET", 404, "<h1>Not found</h1>", TillRefused, "not a WooCommerce API"),
        ("GET", 301, "", TillRefused, "another address"),
        ("POST", 308, "", TillRefused, "another address"),
        ("GET", 200, "<h1>Welcome</h1>", TillRefused, "not a WooCommerce API"),
        ("GET", 200, [], TillRefused, "not a WooCommerce API"),
        ("GET", 200, {"hello": "world"}, TillRefused, "not a WooCommerce API"),
        # It said yes, and then nothing that can be read: it may have been done.
        ("POST", 201, "<b>Warning</b>", AnswerLost, "may or may not"),
        ("POST", 200, {"id": "7"}, AnswerLost, "may or may not"),
        ("GET", 429, "", TillDown, "wait (429)"),
        ("POST", 429, "", TillDown, "wait (429)"),
        ("POST", 503, error("maintenance", 503), TillDown, "wait (503)"),
        ("POST", 508, "", TillDown, "wait"),
        ("POST", 521, "", TillDown, "wait"),
        ("POST", 522, "", TillDown, "wait"),
        ("GET", 500, "", TillDown, "failed (500)"),
        ("GET", 504, "", TillDown, "failed (504)"),
        ("POST", 500, "", AnswerLost, "failed (500)"),
        ("POST", 502, "", AnswerLost, "failed (502)"),
        ("POST", 504, "", AnswerLost, "failed (504)"),
        ("POST", 524, "", AnswerLost, "failed (524)"),
    ],
)
def test_every_answer_but_a_good_one_is_a_trouble_in_plain_words(
    shop: Any, method: str, status: int, said: Any, kind: type[TillTrouble], words: str
) -> None:
    method, path = ("GET", "orders/17") if method == "GET" else ("POST", "coupons")
    says(shop, method, path, status, said, headers={"Location": "https://else.example/"})
    found = trouble_of(method)
    assert type(found) is kind
    assert words in str(found)
    assert len(shop.calls) == 1  # A redirect is not followed.


def test_a_refusal_keeps_the_shops_own_code(shop: Any) -> None:
    says(shop, "POST", "coupons", *answer("error-coupon-exists")[::2])
    assert trouble_of("POST").facts["code"] == "woocommerce_rest_coupon_code_already_exists"


@pytest.mark.parametrize(
    ("method", "failure", "kind"),
    [
        ("GET", requests.ReadTimeout("http://shop.example/?ck_key"), TillDown),
        ("POST", requests.ReadTimeout("http://shop.example/?ck_key"), AnswerLost),
        ("POST", requests.ConnectTimeout("http://shop.example/?ck_key"), TillDown),
        ("POST", requests.exceptions.SSLError(MISTRUSTED), TillDown),
        ("POST", requests.exceptions.SSLError("cut off"), AnswerLost),
        ("POST", requests.exceptions.ProxyError("http://shop.example"), TillDown),
        ("GET", requests.ConnectionError("http://shop.example reset"), TillDown),
        ("POST", requests.ConnectionError("http://shop.example reset"), AnswerLost),
        ("POST", requests.exceptions.ChunkedEncodingError("cut off"), AnswerLost),
        ("POST", requests.exceptions.InvalidURL("http://shop.example"), TillRefused),
        ("POST", UnicodeError("http://shop.example"), TillRefused),
    ],
)
def test_silence_is_told_apart_by_whether_it_may_have_been_done(
    shop: Any, method: str, failure: Exception, kind: type[TillTrouble]
) -> None:
    shop.add(method, API + ("orders/17" if method == "GET" else "coupons"), body=failure)
    assert type(trouble_of(method)) is kind


def test_a_certificate_that_cannot_be_trusted_is_named(shop: Any) -> None:
    shop.add("GET", API + "orders/17", body=requests.exceptions.SSLError(MISTRUSTED))
    assert "certificate" in str(trouble_of("GET"))


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_where_nobody_listens_nothing_happened(method: str) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        assert type(trouble_of(method, url)) is TillDown


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_name_that_leads_nowhere_means_nothing_happened(
    monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    def nowhere(*args: Any, **options: Any) -> Any:
        raise socket.gaierror("nowhere")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    monkeypatch.setenv("NO_PROXY", "*")
    assert type(trouble_of(method)) is TillDown


@pytest.mark.parametrize("url", ["", "shop.example", "ftp://shop.example", "http://[::1"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    assert type(trouble_of("GET", url)) is TillRefused


@pytest.mark.parametrize("keys", [{"consumer_key": "ck_key"}, {"consumer_secret": "cs_secret"}])
def test_without_keys_nothing_is_asked(shop: Any, keys: dict[str, str]) -> None:
    with pytest.raises(TillRefused, match="without keys"):
        client(**keys).one("orders/17")


def test_the_wrong_secret_is_told_from_a_key_without_rights(standin: StandIn) -> None:
    wrong = Client(
        Installation(
            shop="bean-street",
            platform="woocommerce",
            url=standin.url,
            credentials={"consumer_key": standin.key, "consumer_secret": "cs_other"},
        )
    )
    with pytest.raises(TillRefused, match="the keys were refused") as caught:
        wrong.one("orders/17")
    assert caught.value.facts["code"] == "woocommerce_rest_authentication_error"


@pytest.mark.parametrize("method", ["one", "create"])
def test_digits_that_were_used_before_are_drawn_anew(
    monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    drawn = iter(["11111111", "11111111", "22222222", "33333333"])
    monkeypatch.setattr("woocommerce.oauth.OAuth.generate_nonce", lambda _: next(drawn))
    with StandIn() as standing:
        asking = client(standing.url, consumer_key=StandIn.key, consumer_secret=StandIn.secret)
        made = asking.create("coupons", {"code": "first"})
        if method == "one":
            assert asking.one(f"coupons/{made['id']}")["code"] == "first"
        else:
            assert asking.create("coupons", {"code": "second"})["code"] == "second"
    assert next(drawn) == "33333333"


def test_the_shops_other_name_is_refused_over_http(standin: StandIn) -> None:
    shop = standin.installation("bean-street")
    other = standin.url.replace("127.0.0.1", "localhost")
    asking = Client(
        Installation(
            shop="bean-street", platform="woocommerce", url=other, credentials=shop.credentials
        )
    )
    with pytest.raises(TillRefused, match="another address"):
        asking.one("orders/17")


@pytest.mark.parametrize(
    ("fault", "reading", "writing"),
    [
        (Fault.PAGE, TillRefused, AnswerLost),
        (Fault.MOVED, TillRefused, TillRefused),
        (Fault.WALL, TillRefused, TillRefused),
        (Fault.CUT, TillRefused, AnswerLost),
        (Fault.CODE, TillRefused, AnswerLost),
        (Fault.BUSY, TillDown, TillDown),
        (Fault.DOWN, TillDown, TillDown),
        (Fault.BROKEN, TillDown, AnswerLost),
        (Fault.GATEWAY, TillDown, AnswerLost),
        (Fault.HANG, TillDown, AnswerLost),
        (Fault.DROP, TillDown, AnswerLost),
    ],
)
def test_each_way_to_fail_over_a_real_connection(
    standin: StandIn, fault: Fault, reading: type[TillTrouble], writing: type[TillTrouble]
) -> None:
    asking = Client(standin.installation("bean-street"), timeout=0.3)
    standin.fail(fault, fault)
    with pytest.raises(reading) as read:
        asking.one("orders/17")
    with pytest.raises(writing) as written:
        asking.create("coupons", {"code": "a"})
    for caught in (read.value, written.value):
        assert_discreet(caught)


def test_an_answer_without_end_is_cut_off(shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "_BYTES_MOST", 1000)
    says(shop, "GET", "orders/17", 200, {"id": 17, "long": "x" * 1000})
    assert type(trouble_of("GET")) is TillDown


@pytest.mark.parametrize("said", ['{"id": 17', "[" * 100_000, '{"id": 1e99999999999999999999}'])
def test_broken_json_is_no_answer(shop: Any, said: str) -> None:
    # What others left behind is not taken away at the bottom of the deepest one.
    gc.collect()
    shop.add("GET", API + "orders/17", body=said, content_type="application/json")
    assert "not a WooCommerce API" in str(trouble_of("GET"))


def test_a_success_that_is_an_error_says_which(shop: Any) -> None:
    says(shop, "GET", "orders", 200, error("woocommerce_rest_cannot_view", 401))
    says(shop, "GET", "system_status", 200, error("plugin_says_no", 401))
    with pytest.raises(TillRefused, match="Authorization header"):
        list(client().many("orders"))
    with pytest.raises(TillRefused, match="called that a success") as caught:
        client().facts("system_status")
    assert_discreet(caught.value)


@pytest.mark.parametrize("status", [200, 404, 410])
def test_what_is_not_there_is_deleted(shop: Any, status: int) -> None:
    code = "woocommerce_rest_shop_webhook_invalid_id"
    says(shop, "DELETE", "webhooks/7", status, COUPON if status == 200 else error(code, status))
    client().delete("webhooks/7")
    assert shop.calls[0].request.params == {"force": "true"}


def test_what_may_not_be_deleted_is_refused(shop: Any) -> None:
    says(shop, "DELETE", "webhooks/7", 403, error("woocommerce_rest_cannot_delete", 403))
    with pytest.raises(TillRefused, match="read and write"):
        client().delete("webhooks/7")


def test_a_shop_in_a_folder_is_asked_there(shop: Any) -> None:
    shop.add("GET", URL + "/tea/wp-json/wc/v3/orders/17", json={"id": 17})
    assert client(URL + "/tea").one("orders/17") == {"id": 17}


def test_pages_are_read_to_the_end_by_the_shops_own_count(shop: Any) -> None:
    # A filter in the shop may make a page shorter than asked for: that is not the end.
    for rows in ([{"id": 1}], [{"id": 2}], [{"id": 3}]):
        says(shop, "GET", "orders", 200, rows, headers={"X-WP-TotalPages": "3"})
    assert [row["id"] for row in client().many("orders")] == [1, 2, 3]
    asked = [call.request.params for call in shop.calls]
    assert [(one["page"], one["per_page"]) for one in asked] == [
        ("1", "100"), ("2", "100"), ("3", "100"),
    ]  # fmt: skip


@pytest.mark.parametrize("count", ["", "many", "9" * 5000])
def test_without_a_count_a_short_page_is_the_last(shop: Any, count: str) -> None:
    says(shop, "GET", "orders", 200, [{"id": 1}], headers={"X-WP-TotalPages": count})
    assert len(list(client().many("orders"))) == 1


def test_pages_end_even_where_the_shop_claims_more(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "_PAGES_MOST", 3)
    says(shop, "GET", "orders", 200, [{"id": 1}], headers={"X-WP-TotalPages": "9" * 9})
    assert len(list(client().many("orders"))) == 3


@pytest.mark.parametrize("said", [{"id": 1}, [1], [{"id": None}], "<html>"])
def test_a_list_of_anything_else_is_no_answer(shop: Any, said: Any) -> None:
    says(shop, "GET", "orders", 200, said)
    with pytest.raises(TillRefused, match="not a WooCommerce API"):
        list(client().many("orders"))


def test_no_log_line_shows_a_key_or_a_shopper(
    standin: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    asking = Client(standin.installation("bean-street"))
    list(asking.many("orders", search="mei@example.com"))
    assert "/wp-json/wc/v3/orders?..." in caplog.text
    for hidden in (standin.key, standin.secret, "oauth", "mei"):
        assert hidden not in caplog.text


def test_the_client_writes_json(shop: Any) -> None:
    says(shop, "PUT", "coupons/7", 200, COUPON)
    assert client().change("coupons/7", {"amount": "1.00"}) == COUPON
    assert json.loads(shop.calls[0].request.body) == {"amount": "1.00"}
