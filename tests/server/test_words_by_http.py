"""Whoever shows an offer in a browser may read its words, and sees the shop's own name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.test import TestResponse

from goodword_server.house import House
from goodword_server.looks import Look
from goodword_server.storage import looks
from goodword_server.storage.keys import KeyScope
from tests.sdk.builders import a_program, a_shop_with
from tests.server.asking import Asker, an_asker
from tests.server.builders import SHOP

MESSAGES = "/programs/friends/messages"


def told(answer: TestResponse) -> Any:
    return answer.get_json()


@pytest.fixture
def house(house: House) -> House:
    a_shop_with(house.referrals(SHOP))
    return house


@pytest.fixture
def page(house: House) -> Asker:
    """A page in a browser."""
    return an_asker(house, KeyScope.PUBLISHABLE)


def test_a_page_reads_words_and_changes_none(house: House, page: Asker) -> None:
    said = told(page("GET", f"{MESSAGES}/widget?language=zh-Hant&code=alice-10"))
    assert said["offer.title"] == "Alice 送您的禮物"
    assert page("GET", MESSAGES).status_code == 403
    assert page("GET", "/programs/friends/findings").status_code == 403
    mine = {"text": "Mine", "language": "en"}
    assert page("PUT", f"{MESSAGES}/widget/close", json=mine).status_code == 403


def test_a_shop_goes_by_the_name_that_it_chose(house: House, page: Asker) -> None:
    assert told(page("GET", f"{MESSAGES}/card"))["card.shop"] == SHOP
    tea = Look(name="山間茶屋")
    house.database.write(lambda session: looks.put(session, SHOP, tea, house.now()))
    assert told(page("GET", f"{MESSAGES}/card"))["card.shop"] == "山間茶屋"
    assert told(page("GET", f"{MESSAGES}/card?shop=Tea"))["card.shop"] == "Tea"
    asked = {"text": "{{ shop }}", "language": "en"}
    owner = an_asker(house)
    shown = told(owner("POST", f"{MESSAGES}/card/card.shop/preview", json=asked))
    assert shown["text"] == tea.name


@pytest.mark.parametrize("text", ["{{ offer.x }}", "", "x" * 1001, "\x00", None, 7, ["x"]])
def test_a_text_that_may_not_stand_is_told_with_its_mend(house: House, text: object) -> None:
    answer = an_asker(house)("POST", f"{MESSAGES}/page/friend.title/preview", json={"text": text})
    assert answer.status_code == 422
    assert told(answer)["facts"]["field"] == "text"
    assert told(answer)["facts"]["mend"]


@pytest.mark.parametrize("path", ["radio/friend.title", "page/none", "page/..%2f..", "page/%00"])
def test_what_is_never_said_is_told(house: House, path: str) -> None:
    answer = an_asker(house)("PUT", f"{MESSAGES}/{path}", json={"text": "x"})
    assert answer.status_code in (404, 422)
    assert told(answer)["reason"] in ("invalid", "unknown_moment", "not_found")


@pytest.mark.parametrize("every", ["*", "%2A"])
def test_what_speaks_of_no_program_is_read_and_worded_by_http(
    house: House, page: Asker, every: str
) -> None:
    path, owner = f"/programs/{every}/messages", an_asker(house)
    listed = told(owner("GET", f"{path}?limit=200"))["items"]
    assert "sign_in.words" in {one["moment"] for one in listed}
    words = {"text": "Come in at {{ shop }}", "language": "en"}
    shown = told(owner("POST", f"{path}/page/sign_in.words/preview", json=words))
    assert shown["text"] == f"Come in at {SHOP}"
    answer = owner("PUT", f"{path}/page/sign_in.words", json=words)
    assert (answer.status_code, told(answer)["since"]) == (200, 0)
    assert told(page("GET", f"{path}/page"))["sign_in.words"] == f"Come in at {SHOP}"
    (found,) = told(owner("GET", f"/programs/{every}/findings"))["items"]
    assert (found["doubt"], found["language"]) == ("one_language", "zh-Hant")
    refused = owner("PUT", f"{path}/page/friend.title", json=words)
    assert (refused.status_code, told(refused)["reason"]) == (404, "unknown_moment")


def test_the_plugin_in_a_shop_reads_what_its_owner_wrote_in_both_languages(
    house: House, page: Asker
) -> None:
    path, owner = "/programs/*/messages/widget", an_asker(house)

    def said(language: str) -> Any:
        return told(page("GET", f"{path}?language={language}"))

    assert said("en")["own.title"] == "Recommend us"
    assert said("zh-Hant")["own.title"] == "推薦給朋友"
    for language, text in {"en": "{{ shop }} thanks you", "zh-Hant": "{{ shop }} 謝謝您"}.items():
        words = {"text": text, "language": language}
        assert owner("PUT", f"{path}/own.title", json=words).status_code == 200
    tea = Look(name="Tea <House>")
    house.database.write(lambda session: looks.put(session, SHOP, tea, house.now()))
    # Plain text: whoever shows it escapes it.
    assert said("en")["own.title"] == "Tea <House> thanks you"
    assert said("zh-Hant")["own.title"] == "Tea <House> 謝謝您"
    # What only the shop knows is left for it.
    assert "{when}" in said("en")["own.reward.waiting"]
    assert not told(owner("GET", "/programs/*/findings"))["items"]
    words = {"text": "Recommend us: 77% off", "language": "en"}
    owner("PUT", f"{path}/own.title", json=words)
    (found,) = told(owner("GET", "/programs/*/findings"))["items"]
    assert (found["moment"], found["channel"], found["doubt"]) == ("own.title", "widget", "percent")


def test_days_are_those_of_the_shop_unless_another_zone_is_told(house: House, page: Asker) -> None:
    # Half past midnight in Taipei, and the day before in UTC.
    ends = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    house.referrals(SHOP).programs.save(a_program(ends=ends))

    def terms(query: str = "") -> str:
        said: str = told(page("GET", f"{MESSAGES}/all{query}"))["terms"]
        return said

    assert "until 31 December 2026" in terms()
    tea = Look(name="茶屋", language="zh-Hant")
    house.database.write(lambda session: looks.put(session, SHOP, tea, house.now()))
    assert "until 1 January 2027" in terms()
    assert "until 31 December 2026" in terms("?zone=Europe/London")
    refused = page("GET", f"{MESSAGES}/all?zone=Taipei")
    assert (refused.status_code, told(refused)["facts"]["field"]) == (422, "zone")
