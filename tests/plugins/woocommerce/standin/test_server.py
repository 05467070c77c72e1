from __future__ import annotations

from typing import Any

import pytest
import requests
from woocommerce import API

from goodword_woocommerce.standin import StandIn, answer


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def api(standin: StandIn) -> Any:
    return API(standin.url, standin.key, standin.secret)


def get(url: str) -> requests.Response:
    return requests.get(url, timeout=5)


def test_the_library_itself_is_let_in(api: Any) -> None:
    said = api.get("orders", params={"search": "a b+c", "status": "any"})
    assert (said.status_code, said.json(), said.headers["X-WP-Total"]) == (200, [], "0")


def test_a_wrong_secret_gets_the_recorded_answer(standin: StandIn) -> None:
    said = API(standin.url, standin.key, "cs_wrong").get("orders")
    status, _, body = answer("error-bad-signature")
    assert (said.status_code, said.json()) == (status, body)


def test_an_unknown_key_and_none_are_told_apart(standin: StandIn) -> None:
    unknown = API(standin.url, "ck_unknown", standin.secret).get("orders")
    assert unknown.json()["code"] == "woocommerce_rest_authentication_error"
    none = get(f"{standin.url}/wp-json/wc/v3/orders")
    assert (none.status_code, none.json()["code"]) == (401, "woocommerce_rest_cannot_view")


def test_a_signature_works_once(standin: StandIn, api: Any) -> None:
    first = api.get("orders")
    again = get(first.url)
    assert (first.status_code, again.status_code) == (200, 401)
    assert "nonce" in again.json()["message"]


def test_a_signature_works_for_a_quarter_of_an_hour(
    api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("woocommerce.api.time", lambda: 1)
    said = api.get("orders")
    assert (said.status_code, said.json()["message"]) == (401, "Invalid timestamp.")


@pytest.mark.parametrize(
    ("path", "params"),
    [("orders", {"per_page": 101}), ("orders", {"unheard_of": "x"}), ("coupons", {"per_page": 0})],
)
def test_what_the_real_shop_refuses_or_was_never_recorded_is_refused(
    api: Any, path: str, params: dict[str, Any]
) -> None:
    said = api.get(path, params=params)
    assert (said.status_code, said.json()["code"]) == (400, "rest_invalid_param")


@pytest.mark.parametrize("path", ["products", "orders/17/notes", "orders/17/refunds/18"])
def test_what_it_does_not_know_is_no_route(api: Any, path: str) -> None:
    said = api.get(path)
    assert (said.status_code, said.json()["code"]) == (404, "rest_no_route")


def test_the_shop_introduces_itself_by_its_own_address(standin: StandIn) -> None:
    said = get(f"{standin.url}/wp-json/").json()
    assert (said["name"], said["home"]) == ("Bean Street Coffee", standin.url)


def test_the_front_shows_what_the_link_brought(standin: StandIn) -> None:
    page = get(f"{standin.url}/tea?ref=7Q2K-M9XW&gw=0abc").text
    assert "7Q2K-M9XW" in page
    assert "0abc" in page
    assert "nobody sent you" in get(standin.url).text


def test_the_front_repeats_nothing_unescaped(standin: StandIn) -> None:
    page = get(f"{standin.url}/%3Cb%3E?ref=<script>alert(1)</script>").text
    assert "<script>" not in page
    assert "<b>" not in page.replace("<b>&lt;script", "")


@pytest.mark.parametrize(("error", "heard"), [(BrokenPipeError(), False), (ValueError(), True)])
def test_who_hangs_up_is_no_fault_of_the_shop(
    standin: StandIn, capsys: pytest.CaptureFixture[str], error: Exception, heard: bool
) -> None:
    try:
        raise error
    except Exception:
        standin._server.handle_error(None, ("127.0.0.1", 1))
    assert ("Traceback" in capsys.readouterr().err) is heard
