"""A shop asks for the link to the page of its customer, and ends what it gave out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from goodword_server.storage.keys import KeyScope
from tests.sdk.builders import START
from tests.server.builders import PHONE, PUBLIC, Place, connect, problem


def post(place: Place, path: str, scope: KeyScope = KeyScope.SECRET, **sent: Any) -> TestResponse:
    key = place.house.new_key("tea-house", scope)
    headers = {"Authorization": f"Bearer {key}"}
    return place.client.post(f"/v1{path}", headers=headers, **sent)


def test_a_shop_gets_a_link_that_opens_its_customers_page(place: Place) -> None:
    answer = post(place, "/advocates/c-1/page")
    assert answer.status_code == 201
    told = answer.get_json()
    assert told["expires"] == (START + timedelta(days=30)).isoformat()
    way = told["url"].removeprefix(PUBLIC)
    opened = place.client.get(way, headers={"User-Agent": PHONE}, follow_redirects=True)
    assert "Hello Alice" in opened.get_data(as_text=True)


def test_what_was_given_out_can_be_ended(place: Place) -> None:
    way = post(place, "/advocates/c-1/page").get_json()["url"].removeprefix(PUBLIC)
    ended = post(place, "/advocates/c-1/revocation")
    assert (ended.status_code, ended.data) == (204, b"")
    assert place.client.get(way, headers={"User-Agent": PHONE}).status_code == 410


@pytest.mark.parametrize("scope", [KeyScope.READ, KeyScope.PUBLISHABLE])
def test_only_a_secret_key_opens_a_page(place: Place, scope: KeyScope) -> None:
    for path in ("/advocates/c-1/page", "/advocates/c-1/revocation"):
        assert post(place, path, scope).status_code == 403


def test_nobody_opens_the_page_of_another_shops_advocate(place: Place) -> None:
    connect(place.house, "coffee-house")
    key = place.house.new_key("coffee-house")
    headers = {"Authorization": f"Bearer {key}"}
    answer = place.client.post("/v1/advocates/c-1/page", headers=headers)
    assert problem(answer)["reason"] == "unknown_advocate"


def test_what_is_asked_beside_the_path_is_refused(place: Place) -> None:
    assert problem(post(place, "/advocates/c-1/page?days=900"))["facts"]["field"] == "days"
    assert problem(post(place, "/advocates/c-9/page"))["reason"] == "unknown_advocate"
