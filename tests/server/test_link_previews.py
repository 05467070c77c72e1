"""Who looks at a link without arriving gets a card, and is not counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from tests.sdk.builders import Clock, alice
from tests.server.builders import FRONT, PHONE, PUBLIC, Place
from tests.server.following import AHEAD_OF_A_CLICK, PREVIEWERS, Page, end_code, preview

# Who looks without arriving.


@pytest.fixture(params=PREVIEWERS)
def previewed(request: pytest.FixtureRequest, place: Place) -> Iterator[TestResponse]:
    yield place.click(headers={"User-Agent": PREVIEWERS[request.param]})
    assert place.visits() == []


def test_a_previewer_gets_a_card_and_is_not_counted(previewed: TestResponse) -> None:
    page = Page(previewed)
    assert previewed.status_code == 200
    assert "Set-Cookie" not in previewed.headers
    assert page.og("title") == "A gift from Alice: 10% off"
    assert page.og("description")
    assert page.og("url") == f"{PUBLIC}/tea-house/r/ALICE10"
    assert page.og("type") == "website"


@pytest.mark.parametrize("headers", AHEAD_OF_A_CLICK, ids=str)
def test_what_a_browser_fetches_ahead_is_not_counted(place: Place, headers: dict[str, str]) -> None:
    assert place.click(headers=headers).status_code == 200
    assert place.visits() == []


def test_who_asks_for_the_head_alone_is_not_counted(place: Place) -> None:
    answer = place.client.head("/tea-house/r/ALICE10", headers={"User-Agent": PHONE})
    assert (answer.status_code, answer.data) == (200, b"")
    assert place.visits() == []


def test_a_card_speaks_the_readers_language(door: Place) -> None:
    page = Page(preview(door, headers={"Accept-Language": "zh-TW"}))
    assert page.of("html")[0]["lang"] == "zh-Hant"
    assert page.og("title") == "Alice 送您的禮物：9 折優惠"


def test_a_card_leads_its_reader_to_the_gift(door: Place) -> None:
    (form,) = Page(preview(door)).of("form")
    assert form["action"] == "/tea-house/c/ALICE10"


def test_an_advocates_name_is_never_markup(place: Place) -> None:
    name = '"><script>alert(1)</script>{{ 7 * 7 }}{title}'
    place.referrals.advocates.invite("friends", replace(alice(), name=name))
    answer = preview(place)
    page = Page(answer)
    assert page.of("script") == []
    assert page.og("title") == 'A gift from ">: 10% off'
    assert "49" not in page.words


@pytest.mark.parametrize("code", ["NOBODY", "%00", "x" * 300])
def test_a_previewer_with_an_unknown_code_is_led_to_the_shop(place: Place, code: str) -> None:
    assert preview(place, code).headers["Location"] == f"{FRONT}/"


def test_no_card_promises_the_gift_of_an_ended_code(place: Place, clock: Clock) -> None:
    end_code(place.house, clock)
    assert preview(place).headers["Location"] == f"{FRONT}/"


def test_no_search_engine_keeps_a_card(door: Place) -> None:
    assert preview(door).headers["X-Robots-Tag"] == "noindex"
