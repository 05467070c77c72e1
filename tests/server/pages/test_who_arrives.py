"""Who arrives at a gift, and who only looks at its link: told by what they really send."""

from __future__ import annotations

import pytest

from tests.sdk.builders import Clock
from tests.server.builders import PUBLIC, Place
from tests.server.following import AHEAD_OF_A_CLICK, PREVIEWERS, Page, end_code
from tests.server.gifts import a_friend, token_of

pytestmark = pytest.mark.slow

LOOKING = {
    **PREVIEWERS,
    "line, from Japan": "facebookexternalhit/1.1;line-poker/1.0",
    "facebook's catalogue": "facebookcatalog/1.0",
    "facebook, again": "facebookexternalhit/1.1",
    "meta": "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
    "slack's pictures": "Slack-ImgProxy (+https://api.slack.com/robots)",
    "discord": "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "linkedin": "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    "pinterest": "Mozilla/5.0 (compatible; Pinterestbot/1.0; +http://www.pinterest.com/bot.html)",
    "teams": "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
    "imessage": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like "
    "Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    "googlebot": "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/126.0.6478.71 Mobile Safari/537.36 (compatible; Googlebot/2.1; "
    "+http://www.google.com/bot.html)",
    "bingbot": "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; "
    "+http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36",
    "curl": "curl/8.7.1",
}
ARRIVING = {
    "safari": (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
        None,
    ),
    "chrome": (
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/126.0.0.0 Mobile Safari/537.36",
        None,
    ),
    "line on an iphone": (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Mobile/15E148 Safari Line/14.9.0",
        "line",
    ),
    "line on android": (
        "Mozilla/5.0 (Linux; Android 14; SM-S911B Build/UP1A.231005.007; wv) AppleWebKit/537.36 "
        "(KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 "
        "Line/14.9.0/IAB",
        "line",
    ),
    "line on a desktop": (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/126.0.0.0 Safari/537.36 Line/9.2.0.3403",
        "line",
    ),
    "facebook on an iphone": (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
        "Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/467.0.0.42.106;FBDV/iPhone14,5;FBLC/zh_TW;FBOP/5]",
        "facebook",
    ),
    "messenger on android": (
        "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/AP1A.240505.005; wv) AppleWebKit/537.36 "
        "(KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 "
        "[FB_IAB/Orca-Android;FBAV/462.0.0.47.85;]",
        "facebook",
    ),
    "instagram": (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
        "Gecko) Mobile/15E148 Instagram 334.0.4.32.98 (iPhone14,5; iOS 17_5; zh_TW; zh; "
        "scale=3.00; 1170x2532; 606624117)",
        "instagram",
    ),
}


@pytest.mark.parametrize("name", LOOKING)
def test_who_only_looks_reads_the_tags_and_is_nobody(place: Place, name: str) -> None:
    answer = a_friend(place, agent=LOOKING[name]).open()
    page = Page(answer)
    assert answer.status_code == 200
    assert page.og("title") == "A gift from Alice: 10% off"
    assert page.og("description")
    assert page.og("image") == f"{PUBLIC}/tea-house/c/ALICE10/card.png"
    assert page.og("url") == f"{PUBLIC}/tea-house/c/ALICE10"
    assert page.og("locale") == "en_US"
    assert page.og("site_name") == "tea-house"
    assert "Set-Cookie" not in answer.headers
    assert place.visits() == []


@pytest.mark.parametrize("headers", AHEAD_OF_A_CLICK, ids=str)
def test_what_a_browser_fetches_ahead_is_nobody(place: Place, headers: dict[str, str]) -> None:
    answer = a_friend(place).open(headers=headers)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert place.visits() == []


def test_who_asks_for_the_head_alone_is_nobody(place: Place) -> None:
    friend = a_friend(place)
    answer = friend.client.head("/tea-house/c/ALICE10", headers={"User-Agent": friend.agent})
    assert (answer.status_code, answer.data) == (200, b"")
    assert place.visits() == []


@pytest.mark.parametrize("name", ARRIVING)
def test_who_arrives_is_a_visit_and_may_take_the_gift(place: Place, name: str) -> None:
    agent, via = ARRIVING[name]
    friend = a_friend(place, agent=agent, language="zh-TW")
    assert friend.take().status_code == 303
    (visit,) = place.visits()
    # An app's own browser tells where the link was passed on, unless the link tells it.
    assert visit["via"] == via
    a_friend(place, agent=agent).open(query_string={"via": "card"})
    assert place.visits()[-1]["via"] == "card"


@pytest.mark.parametrize("name", ARRIVING)
def test_who_arrives_reads_the_tags_too(door: Place, name: str) -> None:
    answer = a_friend(door, agent=ARRIVING[name][0], language="zh-TW").open()
    page = Page(answer)
    assert page.og("title") == "Alice 送您的禮物：9 折優惠"
    assert page.og("locale") == "zh_TW"


def test_who_was_taken_for_a_previewer_may_take_the_gift_all_the_same(place: Place) -> None:
    friend = a_friend(place, agent="Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/126.0.0.0")
    assert token_of(friend.open()) == ""
    again = friend.send("bob@friend.example")
    assert again.status_code == 400
    assert friend.send("bob@friend.example", token=token_of(again)).status_code == 303


def test_an_ended_gift_has_no_card(place: Place, clock: Clock) -> None:
    end_code(place.house, clock)
    for name in ("line", "facebook"):
        answer = a_friend(place, agent=PREVIEWERS[name]).open()
        assert answer.status_code == 410
        assert "og:title" not in answer.text
        assert "10%" not in answer.text


def test_a_link_to_the_shop_shows_the_same_card(place: Place) -> None:
    line = PREVIEWERS["line"]
    link = Page(place.click(headers={"User-Agent": line}))
    page = Page(a_friend(place, agent=line).open())
    for name in ("title", "description", "image", "locale", "site_name", "type"):
        assert link.og(name) == page.og(name)
    # Each is shared as itself.
    assert link.og("url") == f"{PUBLIC}/tea-house/r/ALICE10"
