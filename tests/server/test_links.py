"""What a friend and a rogue get from a link."""

from __future__ import annotations

import re

import pytest

from goodword_server.house import House
from goodword_server.visitors import Visitors
from tests.sdk.builders import Clock
from tests.server.builders import (
    FRONT,
    PHONE,
    PUBLIC,
    Place,
    a_house,
    a_place,
    carried,
    client_of,
    connect,
    led_to,
)
from tests.server.following import Page, end_code, stays_with_the_shop

LINE_ON_IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/15E148 Safari Line/14.9.0"
)
LINE_ON_ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; SM-S911B Build/UP1A.231005.007; wv) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 Line/14.9.0/IAB"
)
FACEBOOKS_BROWSER = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/467.0.0.42.106;FBDV/iPhone14,5;FBLC/zh_TW;FBOP/5]"
)
CARRIED = re.compile(r"[A-Za-z0-9_-]{1,32}")


# A friend arrives.


def test_a_friend_is_led_to_the_shop_with_code_and_visit(place: Place) -> None:
    answer = place.click()
    assert led_to(answer) == f"{FRONT}/"
    (visit,) = place.visits()
    assert carried(answer) == {"ref": ["ALICE10"], "gw": [visit["id"]]}


def test_what_travels_on_is_short_and_plain(door: Place) -> None:
    for values in carried(door.click()).values():
        assert CARRIED.fullmatch(values[0])


def test_the_visit_is_kept_with_channel_landing_and_moment(place: Place, clock: Clock) -> None:
    clock.on(minutes=3)
    place.click(query_string={"via": "line", "to": "/tea?size=2"})
    (visit,) = place.visits()
    assert (visit["via"], visit["landing"], visit["code"]) == ("line", "/tea?size=2", "ALICE10")
    assert visit["at"] == int(clock.at.timestamp() * 1_000_000)


def test_a_link_without_channel_has_none(place: Place) -> None:
    place.click()
    assert place.visits()[0]["via"] is None


@pytest.mark.parametrize("via", ["", "x" * 33, "<b>", "li ne", "\0", "管道", "a" * 5000])
def test_a_channel_that_is_no_plain_word_is_left_out_and_the_visit_kept(
    place: Place, via: str
) -> None:
    answer = place.click(query_string={"via": via})
    assert carried(answer)["gw"] == [place.visits()[0]["id"]]
    assert place.visits()[0]["via"] is None


@pytest.mark.parametrize(
    "code", ["alice10", "Alice-10", "al ice10", "ＡＬＩＣＥ１０", "-a-l-i-c-e-10"]
)
def test_codes_are_forgiven_their_spelling(door: Place, code: str) -> None:
    assert carried(door.click(code))["ref"] == ["ALICE10"]


def test_nobody_on_the_way_keeps_the_answer(door: Place) -> None:
    assert door.click().headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("agent", [LINE_ON_IPHONE, LINE_ON_ANDROID, FACEBOOKS_BROWSER, PHONE])
def test_who_reads_inside_an_app_is_a_friend(place: Place, agent: str) -> None:
    led_to(place.click(headers={"User-Agent": agent}))
    assert len(place.visits()) == 1


def test_a_browser_that_does_not_name_itself_is_a_friend(place: Place) -> None:
    led_to(place.client.get("/tea-house/r/ALICE10", headers={"User-Agent": ""}))
    assert len(place.visits()) == 1


# Where they land.


@pytest.mark.parametrize(
    ("wanted", "landing"),
    [
        ("/tea", "/tea"),
        ("/tea/", "/tea/"),
        ("/tea?size=2&leaf=whole", "/tea?size=2&leaf=whole"),
        ("/茶葉", "/%E8%8C%B6%E8%91%89"),
        ("/tea%20house", "/tea%20house"),
        ("/oolong tea", "/oolong%20tea"),
        ("/search?q=a%26b", "/search?q=a%26b"),
        ("/tea#reviews", "/tea"),
        ("/tea?next=https://other.example/", "/tea?next=https://other.example/"),
    ],
)
def test_a_friend_lands_on_the_page_they_were_told_of(
    place: Place, wanted: str, landing: str
) -> None:
    answer = place.click(query_string={"to": wanted})
    query = "&" if "?" in landing else "?"
    assert answer.headers["Location"].startswith(f"{FRONT}{landing}{query}ref=ALICE10&gw=")
    assert place.visits()[0]["landing"] == landing


def test_a_code_in_the_landing_page_gives_way_to_the_links_own(door: Place) -> None:
    answer = door.click(query_string={"to": "/tea?ref=BOB&gw=1&size=2&Ref=x"})
    assert carried(answer) | {"gw": ["-"]} == {
        "ref": ["ALICE10"],
        "gw": ["-"],
        "size": ["2"],
        "Ref": ["x"],
    }


HOSTILE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "http://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "@evil.example",
    ".evil.example",
    ":80@evil.example/",
    "/\t/evil.example",
    "\t//evil.example",
    "/\r\nSet-Cookie: a=b",
    "/%0d%0aSet-Cookie:%20a=b",
    "%2f%2fevil.example",
    "/\x00",
    "/\x7f",
    "/\u2028",
    "/\u202e",
    "/a\\..\\b",
    "/..//evil.example",
    "/" + "a" * 5000,
    "/" + "茶" * 400,
    "/" + "%" * 499,
    "?to=//evil.example",
    "",
    " ",
    "/ ",
]


@pytest.mark.parametrize("wanted", HOSTILE)
def test_no_landing_page_leads_to_another_host(door: Place, wanted: str) -> None:
    answer = door.click(query_string={"to": wanted})
    stays_with_the_shop(answer)
    assert "Set-Cookie" in answer.headers
    assert "a=b" not in answer.headers["Set-Cookie"]
    # And whatever they asked for, the visit counts.
    assert "gw" in carried(answer)


def test_a_hostile_landing_page_that_came_encoded_is_no_better(door: Place) -> None:
    for tail in ("%2F%2Fevil.example", "/%5Cevil.example", "%0d%0aLocation:%20//evil.example"):
        stays_with_the_shop(door.client.get(f"/tea-house/r/ALICE10?to={tail}"))


@pytest.mark.parametrize("sign", ["\0", "\t", "\r\n", "\x1b", "\x7f"])
def test_a_landing_page_with_signs_that_nobody_writes_becomes_the_front(
    door: Place, sign: str
) -> None:
    assert led_to(door.click(query_string={"to": f"/tea{sign}house"})) == f"{FRONT}/"


def test_a_landing_page_too_long_to_keep_becomes_the_front(door: Place) -> None:
    assert led_to(door.click(query_string={"to": "/" + "茶" * 499})) == f"{FRONT}/"


def test_a_shop_whose_name_is_chinese_is_reached(house: House) -> None:
    place = a_place(house, url="https://茶.example/店/")
    assert led_to(place.click()) == "https://xn--cl1a.example/%E5%BA%97/"


def test_a_shop_in_a_folder_keeps_its_folder(house: House) -> None:
    place = a_place(house, url="https://tea.example/shop/")
    assert led_to(place.click()) == "https://tea.example/shop/"
    assert led_to(place.click(query_string={"to": "/tea"})) == "https://tea.example/shop/tea"


# Codes that lead nowhere.


@pytest.mark.parametrize("code", ["NOBODY", "a", "x" * 300, "%00", "茶", "'; DROP TABLE", "..%5c"])
def test_an_unknown_code_leads_to_the_shop_without_a_word(place: Place, code: str) -> None:
    answer = place.click(code, query_string={"to": "/tea"})
    assert answer.headers["Location"] == f"{FRONT}/tea"
    assert place.visits() == []


def test_an_ended_code_leads_to_the_shop_without_a_word(place: Place, clock: Clock) -> None:
    end_code(place.house, clock)
    assert place.click().headers["Location"] == f"{FRONT}/"
    assert place.visits() == []


def test_another_shops_code_leads_to_the_shop_without_a_word(place: Place) -> None:
    other = "https://other.example"
    connect(place.house, "other", other)
    assert place.click("ALICE10", shop="other").headers["Location"] == f"{other}/"
    assert place.visits() == []


# No shop.


@pytest.mark.parametrize(
    ("asked", "language", "words"),
    [
        ("en-GB,en;q=0.9", "en", "There is no shop here"),
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant", "這裡沒有商店"),
        ("zh-Hant-HK", "zh-Hant", "這裡沒有商店"),
        ("fr", "en", "There is no shop here"),
    ],
)
def test_a_shop_that_is_not_here_gets_a_page_in_the_readers_language(
    door: Place, asked: str, language: str, words: str
) -> None:
    answer = door.click(shop="nowhere", headers={"Accept-Language": asked})
    page = Page(answer)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert page.of("html")[0]["lang"] == language
    assert words in page.words


@pytest.mark.parametrize("shop", ["nowhere", "x" * 300, "%00", "茶", "TEA-HOUSE", "tea-house "])
def test_no_name_of_a_shop_is_an_error(place: Place, shop: str) -> None:
    assert place.click(shop=shop).status_code == 404
    assert place.client.head(f"/{shop}/r/ALICE10").status_code == 404


# The cookie.


def test_a_new_visitor_gets_a_cookie_that_only_we_can_read(door: Place) -> None:
    cookie = door.click().headers["Set-Cookie"]
    assert "; HttpOnly" in cookie
    assert "; SameSite=Lax" in cookie
    assert "; Secure" in cookie
    assert "; Path=/tea-house/r/" in cookie


def test_without_https_the_cookie_still_comes_back(url: str, clock: Clock) -> None:
    with a_house(url, clock, public_url="http://127.0.0.1:8000") as house:
        assert "Secure" not in a_place(house).click().headers["Set-Cookie"]


def test_a_returning_visitor_is_known_and_greeted_once(place: Place) -> None:
    # The test's browser keeps cookies, as any; this one must not be sent over http.
    address = f"{PUBLIC}/tea-house/r/ALICE10"
    first = place.client.get(address, headers={"User-Agent": PHONE})
    again = place.client.get(address, headers={"User-Agent": PHONE})
    assert "Set-Cookie" in first.headers
    assert "Set-Cookie" not in again.headers
    one, other = (visit["visitor"] for visit in place.visits())
    assert one == other


def test_two_visitors_are_two(place: Place) -> None:
    place.click()
    client_of(place.house).get("/tea-house/r/ALICE10", headers={"User-Agent": PHONE})
    one, other = (visit["visitor"] for visit in place.visits())
    assert one != other


@pytest.mark.parametrize("cookie", ["forged", "0123456789abcdef.forged", ".", "é", "x" * 3000])
def test_a_forged_cookie_is_nobodys(place: Place, cookie: str) -> None:
    answer = place.click(headers={"Cookie": f"goodword_visitor={cookie}"})
    assert "Set-Cookie" in answer.headers
    assert place.visits()[0]["visitor"] not in cookie


def test_a_cookie_signed_by_somebody_else_is_forged(place: Place) -> None:
    theirs = Visitors(["their-secret-0123456789abcdefghijklmnop"], secure=True)
    answer = place.click(headers={"Cookie": theirs.cookie("me", "/")})
    assert "Set-Cookie" in answer.headers
    assert place.visits()[0]["visitor"] != "me"
