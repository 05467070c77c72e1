"""What a page is made of, what it keeps to itself, and what rogues get from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from werkzeug.test import Client, TestResponse

from goodword import Advocate, ClaimBy, Proof, ProofKind, Terms
from goodword.storage.tables import claims, people
from goodword_server.house import House
from tests.sdk.builders import Clock, a_program, alice
from tests.server.builders import (
    FRONT,
    NEXT_SECRET,
    PUBLIC,
    Place,
    a_house,
    a_place,
    client_of,
    rows,
)
from tests.server.following import PREVIEWERS, Page
from tests.server.gifts import BOB, Friend, a_friend, coupon_on, token_of

pytestmark = pytest.mark.slow

HEAVIEST = 30_000
SIX: dict[str, int] = {"guess_limit": 6, "stranger_limit": 8}
WEIRD = (
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}{% for x in y %}",
    "Mei \u202e\u2066gnissaM",
    "🍵" * 40,
    "M" * 200,
    "Mei\n\n<img src=x onerror=alert(1)>",
)


@pytest.fixture
def friend(place: Place) -> Friend:
    return a_friend(place)


def every_state(place: Place, clock: Clock, language: str) -> Iterator[TestResponse]:
    """Every page that a friend may meet."""
    referrals, now = place.referrals, clock.at
    for number in range(4):
        referrals.proofs.save(
            Proof(
                id=f"p-{number}",
                kind=ProofKind.ARTICLE,
                text="茶" * 1000,
                link="https://paper.example/" + "x" * 900,
                consented=now,
            )
        )
    by_nothing = Terms(claim_by=ClaimBy.NOTHING, new_customer_only=True)
    for program in (
        a_program(name="phone", terms=Terms(claim_by=ClaimBy.PHONE)),
        a_program(name="shared", terms=by_nothing),
        a_program(name="over", starts=now.replace(year=2025), ends=now),
        a_program(name="later", starts=now.replace(year=2027)),
    ):
        referrals.programs.save(program)
        referrals.advocates.invite(program.name, alice(), code=program.name.upper())
    referrals.advocates.invite("friends", Advocate(id="c-9", name="Bo", ended=now), code="ENDED")
    friend = a_friend(place, language=language)
    for code in ("ALICE10", "PHONE", "SHARED", "OVER", "LATER", "ENDED", "NOBODY"):
        yield friend.open(code)
    yield friend.open(shop="nowhere")
    yield friend.send(BOB)
    yield friend.take("alice@shop.example")
    yield friend.take("nobody")
    friend.take()
    yield friend.open()
    clock.on(days=2)
    yield friend.open()
    yield a_friend(place, language=language, agent=PREVIEWERS["line"]).open()


@pytest.fixture(params=["en", "zh-TW"])
def states(request: pytest.FixtureRequest, place: Place, clock: Clock) -> list[TestResponse]:
    return list(every_state(place, clock, request.param))


# What a page is made of.


def test_every_page_is_light_and_from_nowhere_else(states: list[TestResponse]) -> None:
    assert len(states) == 14
    for answer in states:
        page = Page(answer)
        assert len(answer.data) < HEAVIEST
        assert page.of("script") == page.of("iframe") == page.of("img") == []
        assert [one["rel"] for one in page.of("link")] in ([], ["canonical"])
        hosts = {urlsplit(one["href"] or "").netloc for one in page.of("a")}
        assert hosts <= {"", "tea.example", "paper.example"}
        assert not [tag for tag, told in page.tags if "style" in told or "target" in told]
        assert not [name for _, told in page.tags for name in told if name.startswith("on")]
        assert "url(" not in answer.text
        assert "@import" not in answer.text


def test_every_page_keeps_to_a_strict_policy(states: list[TestResponse]) -> None:
    for answer in states:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "form-action 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert re.search(r"style-src 'sha256-[A-Za-z0-9+/]{43}='", policy)
        for loose in ("unsafe", "http", "*", "data:", "script-src"):
            assert loose not in policy
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_every_page_can_be_read_aloud(states: list[TestResponse]) -> None:
    for answer in states:
        page = Page(answer)
        assert len(page.of("h1")) == len(page.of("main")) == len(page.of("title")) == 1
        assert page.of("html")[0]["lang"] in ("en", "zh-Hant")
        ids = {told["id"] for _, told in page.tags if "id" in told}
        named = {one["for"] for one in page.of("label")}
        asked = {one["id"] for one in page.of("input") if one.get("type") != "hidden"}
        assert named == asked
        for _, told in page.tags:
            assert set((told.get("aria-describedby") or "").split()) <= ids


def test_a_cookie_is_first_party_and_out_of_reach(friend: Friend) -> None:
    answers = (friend.open(), friend.send(BOB, token=token_of(friend.open())))
    cookies = [cookie for answer in answers for cookie in answer.headers.getlist("Set-Cookie")]
    assert {cookie.partition("=")[0] for cookie in cookies} == {
        "goodword_gift",
        "goodword_visitor",
    }
    for cookie in cookies:
        for held in ("HttpOnly", "SameSite=Lax", "Secure", "Path=/tea-house/c/"):
            assert held in cookie
        assert "Domain" not in cookie
        assert "bob" not in cookie


# Forms come from our page, in the browser that it was given to.


@pytest.mark.parametrize("token", ["", "x", "WyJ0ZWEtaG91c2UiXQ.x", "ü", "."])
def test_a_form_without_our_token_gives_nothing(place: Place, friend: Friend, token: str) -> None:
    friend.open()
    answer = friend.send(BOB, token=token)
    assert answer.status_code == 400
    assert "Please press the button once more." in answer.text
    assert Page(answer).of("input")[0]["value"] == BOB
    assert rows(place.house, claims) == []
    assert friend.send(BOB, token=token_of(answer)).status_code == 303


def test_another_browsers_token_gives_nothing(place: Place, friend: Friend) -> None:
    token = token_of(friend.open())
    victim = a_friend(place)
    victim.open()
    assert victim.send(BOB, token=token).status_code == 400
    assert a_friend(place).send(BOB, token=token).status_code == 400
    assert rows(place.house, claims) == []


def test_a_token_is_good_for_one_code_and_a_day(place: Place, friend: Friend, clock: Clock) -> None:
    place.referrals.advocates.invite("friends", Advocate(id="c-2", name="Carol"), code="CAROL20")
    token = token_of(friend.open())
    assert friend.send(BOB, "CAROL20", token=token).status_code == 400
    clock.on(hours=24, seconds=1)
    assert friend.send(BOB, token=token).status_code == 400
    assert rows(place.house, claims) == []


def test_a_page_outlives_a_rotated_secret(on_sqlite: str, clock: Clock) -> None:
    with a_house(on_sqlite, clock) as house:
        before = a_friend(a_place(house))
        token = token_of(before.open())
        before.take()
        coupon = coupon_on(before.open())
        secrets = (NEXT_SECRET, *house.settings.secrets)
    with a_house(on_sqlite, clock, secrets=secrets) as house:
        after = replace(before, client=_with_cookies_of(before, house))
        assert coupon_on(after.open()) == coupon
        assert after.send("carol@friend.example", token=token).status_code == 303


def _with_cookies_of(friend: Friend, house: House) -> Client:
    client = client_of(house)
    client._cookies = friend.client._cookies
    return client


@pytest.mark.parametrize("cookie", ["x", "WzFd.x", "[]", "ü", "." * 5000])
def test_a_cookie_that_is_not_ours_tells_nothing(place: Place, cookie: str) -> None:
    friend = a_friend(place)
    given = {"Cookie": f"goodword_gift={cookie}; goodword_visitor={cookie}"}
    assert friend.open(headers=given).status_code == 200


def test_a_cookie_of_one_code_opens_no_other(place: Place, friend: Friend) -> None:
    place.referrals.advocates.invite("friends", Advocate(id="c-2", name="Carol"), code="CAROL20")
    taken = friend.take()
    stolen = taken.headers["Set-Cookie"].partition(";")[0]
    other = Friend(client_of(place.house, use_cookies=False))
    assert coupon_on(other.open(headers={"Cookie": stolen})) is not None
    assert coupon_on(other.open("CAROL20", headers={"Cookie": stolen})) is None


# Nobody learns who somebody is.


@pytest.fixture
def strict(on_sqlite: str, clock: Clock) -> Iterator[Place]:
    """A shop that lets nobody ask often."""
    with a_house(on_sqlite, clock, **SIX) as house:
        yield a_place(house)


@pytest.mark.slow
def test_ten_thousand_guesses_find_nothing(strict: Place, clock: Clock) -> None:
    strict.referrals.advocates.draw("friends", "c-1", 1000)
    rogue = Friend(client_of(strict.house, use_cookies=False))
    answers = [rogue.open(f"{number:08X}") for number in range(5_000)]
    answers += [rogue.send(BOB, f"{number:08X}") for number in range(5_000)]
    told = [answer.status_code for answer in answers]
    assert set(told) == {404, 429}
    assert told.count(404) <= SIX["guess_limit"]
    # By now one that is right is told from a wrong one no more.
    right, wrong = rogue.open("ALICE10"), rogue.open("WRONG234")
    assert (right.status_code, right.headers["Retry-After"]) == (429, wrong.headers["Retry-After"])
    assert right.text.replace("ALICE10", "") == wrong.text.replace("WRONG234", "")
    assert "One moment, please" in right.text
    # Others are not in the way of it, and neither is the shop.
    assert Friend(rogue.client, address="203.0.113.8").open().status_code == 200
    assert f"{FRONT}/?ref=ALICE10" in right.text
    clock.on(minutes=1)
    assert rogue.open().status_code == 200


def test_whose_code_it_is_cannot_be_tried_out(strict: Place) -> None:
    rogue = a_friend(strict)
    told = [rogue.take("alice@shop.example").status_code for _ in range(9)]
    assert told[0] == 409
    assert set(told[SIX["guess_limit"] :]) == {429}


def test_who_claimed_cannot_be_tried_out(strict: Place) -> None:
    rogue = a_friend(strict)
    token = token_of(rogue.open())
    told = [rogue.send(f"f{number}@x.example", token=token).status_code for number in range(12)]
    assert told == [303] * SIX["stranger_limit"] + [429] * 4
    assert len(rows(strict.house, claims)) == SIX["stranger_limit"]


def test_a_page_says_a_given_name_and_nothing_else_of_anybody(place: Place) -> None:
    advocate = replace(alice(), name="Alice Liddell", phone="+886912345678")
    place.referrals.advocates.invite("friends", advocate)
    friend = a_friend(place)
    friend.take()
    pages = [friend.open(), a_friend(place).open(), a_friend(place).take("alice@shop.example")]
    (claim,) = rows(place.house, claims)
    for page in pages:
        for secret in ("Liddell", "alice@shop", "912345678", "c-1", claim["person"], claim["id"]):
            assert secret not in page.text


def test_what_a_friend_wrote_is_never_logged(
    place: Place, friend: Friend, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    token = token_of(friend.open())

    def down(_: object) -> None:
        raise RuntimeError(f"could not write {BOB}")

    monkeypatch.setattr(place.referrals, "claim", down)
    assert friend.send(BOB, token=token).status_code == 503
    assert "could not be shown: RuntimeError" in caplog.text
    assert BOB not in caplog.text
    assert "bob" not in caplog.text


# Bad input.


@pytest.mark.parametrize("name", WEIRD)
def test_a_weird_name_is_text_and_nothing_else(place: Place, name: str) -> None:
    place.referrals.advocates.invite("friends", replace(alice(), name=name))
    answer = a_friend(place).open()
    page = Page(answer)
    assert answer.status_code == 200
    assert page.of("script") == page.of("img") == []
    assert "49" not in page.words
    assert len(answer.data) < HEAVIEST


@pytest.mark.parametrize(
    "code",
    [
        "%00",
        "%0d%0aSet-Cookie:x=1",
        "%F0%9F%8D%B5",
        "%E8%8C%B6",
        "x" * 5000,
        "..",
        "%3Cscript%3E",
        "a%2Fb",
    ],
)
def test_a_code_that_is_none_is_told_kindly(place: Place, code: str) -> None:
    friend = a_friend(place)
    for answer in (friend.open(code), friend.send(BOB, code)):
        assert answer.status_code in (404, 405)
        assert "x" not in answer.headers.getlist("Set-Cookie")


@pytest.mark.parametrize(
    "to", ["//rogue.example", "https://rogue.example", "/\\rogue.example", "/\r\nx"]
)
def test_a_landing_stays_in_the_shop(place: Place, friend: Friend, to: str) -> None:
    place.referrals.programs.save(a_program(terms=Terms(claim_by=ClaimBy.NOTHING)))
    answer = friend.open(query_string={"to": to})
    (way,) = [one["href"] for one in Page(answer).of("a") if one.get("class") == "go"]
    assert str(way).startswith(f"{FRONT}/?ref=ALICE10&gw=")


def test_a_form_that_is_too_large_is_told_kindly(place: Place, friend: Friend) -> None:
    answer = friend.send("x" * 2_000_000, token=token_of(friend.open()))
    assert answer.status_code == 413
    assert "We could not read that" in answer.text


def test_another_shops_code_is_nobodys_here(place: Place, friend: Friend) -> None:
    a_place(place.house, shop="other", url="https://other.example")
    place.house.referrals("other").advocates.invite(
        "friends", Advocate(id="o-1", name="Olga"), code="OLGA2026"
    )
    assert friend.open("OLGA2026").status_code == 404
    friend.take()
    # The same contact, at another shop, is somebody else.
    friend.take(code="OLGA2026", shop="other")
    assert len({row["shop"] for row in rows(place.house, people) if row["mailbox"] == BOB}) == 2


def test_no_page_of_ours_is_at_another_address(friend: Friend) -> None:
    assert f"{PUBLIC}/tea-house/c/ALICE10" in friend.open("alice-10").text
