"""The pages of webhooks: who is told, how that goes, and what an owner does about it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

import goodword
import goodword_server
from goodword.words import zh_hant_troubles as librarys
from goodword_server.house import House
from goodword_server.shell.roles import Role
from goodword_server.shell.words import zh_hant_troubles as servers
from goodword_server.storage.tables import audit, endpoints
from goodword_server.telling.endpoints import TYPES, Endpoints
from tests.sdk.builders import Clock, a_shop_with
from tests.server.builders import SHOP, a_house, connect, rows
from tests.server.shell.browser import AT, CHINESE, Browser, Page, somebody
from tests.server.telling.receivers import Receiver
from tests.server.telling.telling import Telling

pytestmark = pytest.mark.slow

ALL = f"{AT}/webhooks"
URL = "https://tea.example/hooks?token=of-our-own"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{43}=")


@pytest.fixture
def house(url: str, clock: Clock) -> Iterator[House]:
    # Receivers hold the signature against their own clock.
    clock.to(datetime.now(UTC))
    with a_house(url, clock, hooks_local=True) as house:
        a_shop_with(house.referrals(SHOP))
        yield house


@pytest.fixture
def owner(house: House) -> Browser:
    return somebody(house, Role.OWNER)


@pytest.fixture
def telling(house: House, clock: Clock) -> Iterator[Telling]:
    with Receiver() as receiver:
        telling = Telling(house, clock, receiver)
        telling.add()
        yield telling


def at(id: str, deed: str = "") -> str:
    return f"{ALL}/{id}{deed and '/'}{deed}"


def kept(house: House) -> list[Mapping[str, Any]]:
    return rows(house, endpoints)


def log(house: House) -> list[tuple[str, str]]:
    lines = sorted(rows(house, audit), key=lambda row: str(row["id"]))
    return [(row["did"], row["about"]) for row in lines if row["did"] != "signed_in"]


def secret_in(answer: TestResponse) -> str:
    assert answer.status_code == 200
    (found,) = SECRET.findall(answer.text)
    return str(found)


def text_of(browser: Browser, path: str) -> str:
    return " ".join(browser.read(path).text.split())


def test_a_shop_without_any_says_so(owner: Browser) -> None:
    assert "Nobody is told anything yet." in text_of(owner, ALL)


def test_one_is_added_and_its_secret_is_shown_once(house: House, owner: Browser) -> None:
    answer = owner.post(ALL, url=URL, contact="mei@tea.example", types="reward.due")
    secret = secret_in(answer)
    (row,) = kept(house)
    assert (row["url"], row["contact"], row["types"]) == (URL, "mei@tea.example", '["reward.due"]')
    assert log(house) == [("webhook_added", f"tea.example ({row['id']})")]
    for path in (ALL, at(row["id"]), f"{AT}/log"):
        assert secret not in owner.get(path).text
    assert "a reward is due" in text_of(owner, ALL)


@pytest.mark.parametrize("language", ["en", CHINESE])
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"url": "http://10.0.0.1/"}, ("reached from the open internet", "公開網際網路")),
        ({"url": ""}, ("begins with https://", "https://")),
        ({"contact": "nobody"}, ("not an e-mail address", "不是電子郵件地址")),
        ({"types": "reward.lost"}, ("Choose of this list", "請從清單中選擇")),
        ({"types": "webhook.test"}, ("Choose of this list", "請從清單中選擇")),
    ],
)
def test_what_cannot_be_one_is_told_where_it_stands(
    house: House, given: dict[str, str], said: tuple[str, str], language: str
) -> None:
    browser = somebody(house, Role.OWNER, language=language)
    answer = browser.post(ALL, **{"url": URL, "contact": "mei@tea.example", **given})
    assert answer.status_code == 422
    page = Page(answer.text)
    assert said[language == CHINESE] in page.text
    # Nothing that was typed is lost.
    typed = {told.get("name"): told.get("value") for told in page.all("input")}
    assert typed["url"] == given.get("url", URL)
    assert kept(house) == []


def test_an_eleventh_is_one_too_many(house: House, owner: Browser) -> None:
    for _ in range(10):
        Endpoints(house, SHOP).add(URL)
    assert "at most 10 webhooks" in owner.said(ALL, url=URL)
    assert len(kept(house)) == 10


def test_another_secret_is_shown_once_and_both_sign_for_a_day(
    telling: Telling, owner: Browser
) -> None:
    answer = owner.post(at(telling.id, "secret"))
    secret = secret_in(answer)
    assert "24 hours" in answer.text
    telling.happens()
    telling.send()
    assert telling.receiver.verified(secret) == telling.receiver.verified(telling.secret)
    assert log(telling.house)[-1] == ("webhook_rotated", f"127.0.0.1 ({telling.id})")


def test_it_is_paused_and_resumed_and_hears_what_it_missed(
    telling: Telling, owner: Browser
) -> None:
    said = owner.said(at(telling.id, "pause"))
    assert "Paused by somebody of the shop." in said
    telling.happens()
    assert telling.send() == 0
    assert "Kept until it is resumed." in text_of(owner, at(telling.id))
    assert "is told again" in owner.said(at(telling.id, "resumption"))
    assert telling.send() == 1
    assert "Arrived (204)." in text_of(owner, at(telling.id))
    assert [did for did, _ in log(telling.house)] == ["webhook_paused", "webhook_resumed"]


def test_it_is_told_of_other_events(telling: Telling, owner: Browser) -> None:
    path = at(telling.id)
    assert "Saved." in owner.said(path, types="reward.due", contact="bo@tea.example")
    (row,) = kept(telling.house)
    assert (row["types"], row["contact"]) == ('["reward.due"]', "bo@tea.example")
    ticked = [told["value"] for told in owner.read(path).all("input") if "checked" in told]
    assert ticked == ["reward.due"]
    assert "Saved." in owner.said(path)
    (row,) = kept(telling.house)
    assert (row["types"], row["contact"]) == ("[]", None)
    assert owner.post(path, types="reward.lost").status_code == 422


def test_a_removed_one_is_gone(telling: Telling, owner: Browser) -> None:
    assert "The webhook is removed." in owner.said(at(telling.id, "end"))
    assert kept(telling.house) == []
    assert owner.get(at(telling.id)).status_code == 404
    assert owner.post(at(telling.id, "end")).status_code == 404
    assert log(telling.house) == [("webhook_dropped", telling.id)]


def test_a_test_arrives_signed_whatever_it_wants_to_be_told_of(
    telling: Telling, owner: Browser
) -> None:
    telling.endpoints.choose(telling.id, ["reward.due"], None)
    assert "A test is on its way." in owner.said(at(telling.id, "test"))
    assert "On its way." in text_of(owner, at(telling.id))
    assert telling.send() == 1
    said = telling.receiver.verified(telling.secret)
    assert (said["type"], said["data"]) == ("webhook.test", {"endpoint": telling.id})
    assert "Arrived (204)." in text_of(owner, at(telling.id))


def test_one_that_is_paused_is_sent_no_test(telling: Telling, owner: Browser) -> None:
    telling.endpoints.pause(telling.id)
    assert "resume it first" in owner.said(at(telling.id, "test"))
    assert telling.dispatches() == []


@pytest.mark.parametrize(
    ("language", "said"), [("en", "it answered 500"), (CHINESE, "它回應了 500。")]
)
def test_what_fails_is_told_in_plain_words_and_a_dead_one_is_sent_again(
    telling: Telling, language: str, said: str
) -> None:
    browser = somebody(telling.house, Role.STAFF, language=language)
    telling.happens()
    telling.fail(500)
    since = "從 2 天前起失敗" if language == CHINESE else "Failing since 2 days ago"
    assert since in text_of(browser, at(telling.id))
    assert telling.states() == ["dead"]
    (letter,) = telling.dispatches()
    assert said in text_of(browser, at(telling.id))
    assert said in text_of(browser, f"{AT}/stuck")
    browser.said(at(telling.id, "replay"), letter=letter["id"])
    assert telling.states() == ["open"]
    assert log(telling.house)[-1] == ("retried_letter", letter["id"])
    telling.send()
    assert telling.states() == ["done"]
    # Sent again twice it is sent once.
    browser.said(at(telling.id, "replay"), letter=letter["id"])
    assert telling.send() == 0


def test_one_that_paused_itself_says_why(telling: Telling, owner: Browser) -> None:
    telling.happens()
    telling.receiver.answers = [410]
    telling.send()
    assert "answered that it is gone (410)" in text_of(owner, ALL)


def test_the_newest_stand_first_and_no_more_than_a_page(telling: Telling, owner: Browser) -> None:
    for _ in range(52):
        telling.happens()
        telling.clock.on(seconds=1)
    letters = telling.endpoints.latest(telling.id, 50)
    assert [one.event for one in letters] == sorted((one.event for one in letters), reverse=True)
    assert owner.get(at(telling.id)).text.count("a friend was referred") >= 50
    assert len(letters) == 50


def test_nobody_touches_the_webhooks_of_another_shop(telling: Telling) -> None:
    connect(telling.house, "other")
    stranger = somebody(telling.house, Role.OWNER, shop="other")
    telling.happens()
    telling.fail(500)
    before = (kept(telling.house), telling.dispatches())
    (letter,) = telling.dispatches()
    theirs = f"/owner/shops/other/webhooks/{telling.id}"
    assert stranger.get(theirs).status_code == 404
    for deed in ("", "/secret", "/pause", "/resumption", "/end", "/test"):
        assert stranger.post(theirs + deed).status_code == 404, deed
    stranger.post(f"{theirs}/replay", letter=letter["id"])
    assert (kept(telling.house), telling.dispatches()) == before
    assert "Nobody is told" in text_of(stranger, "/owner/shops/other/webhooks")


def test_who_only_looks_sees_how_it_goes_and_no_button(telling: Telling) -> None:
    page = somebody(telling.house, Role.READONLY).read(at(telling.id))
    assert "Working." in page.text
    assert [told for told in page.forms if "webhooks" in told.get("action", "")] == []


def test_every_event_can_be_chosen(owner: Browser) -> None:
    ticks = [told["value"] for told in owner.read(ALL).all("input") if told.get("name") == "types"]
    assert ticks == [str(one) for one in TYPES]


def reasons(package: Any) -> Iterator[str]:
    """Every reason that a package gives for a trouble."""
    for path in Path(package.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                told = node.args[1:2] if node.func.id == "Trouble" else ()
                yield from (str(one.value) for one in told if isinstance(one, ast.Constant))


def test_every_reason_for_a_trouble_has_a_sentence() -> None:
    ours, theirs = set(reasons(goodword)), set(reasons(goodword_server))
    assert {"given_up", "carrier_fault"} <= ours
    assert {"too_late", "mail_down"} <= theirs
    assert ours - librarys.SENTENCES.keys() == set()
    assert theirs - librarys.SENTENCES.keys() - servers.SENTENCES.keys() == set()
