"""What a friend sees of a gift, and how they take it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from goodword import Advocate, ClaimBy, Program, Proof, ProofKind, Terms, money, percent_off
from goodword.storage.tables import claims
from goodword_server.worker import Worker
from goodword_woocommerce.standin import StandIn
from tests.sdk.builders import Clock, a_program, alice
from tests.server.builders import FRONT, PUBLIC, Place, a_house, a_place, rows
from tests.server.following import Page
from tests.server.gifts import BOB, Friend, a_friend, coupon_on, token_of

pytestmark = pytest.mark.slow


@pytest.fixture
def friend(place: Place) -> Friend:
    return a_friend(place)


def a_code(place: Place, program: Program, code: str, **changes: Any) -> str:
    """Let Alice pass on a code of another program."""
    place.referrals.programs.save(program)
    return place.referrals.advocates.invite(program.name, alice(), code=code, **changes).text


def to_shop(answer: TestResponse) -> str:
    """Where the one button leads."""
    (way,) = [one["href"] for one in Page(answer).of("a") if one.get("class") == "go"]
    assert way is not None
    return way


# The gift comes first.


@pytest.mark.parametrize(
    ("language", "title", "gift", "button"),
    [
        ("en", "A gift from Alice", "10% off", "Take the gift"),
        ("zh-TW", "Alice 送您的禮物", "9 折優惠", "收下禮物"),
    ],
)
def test_the_gift_comes_first_in_the_readers_language(
    place: Place, language: str, title: str, gift: str, button: str
) -> None:
    answer = a_friend(place, language=language).open()
    words = Page(answer).words
    assert answer.status_code == 200
    assert words.index(title) < words.index(gift) < words.index(button)
    assert len(Page(answer).of("button")) == len(Page(answer).of("h1")) == 1


def test_a_page_is_read_in_the_language_that_was_chosen(friend: Friend) -> None:
    page = Page(friend.open(query_string={"language": "zh-Hant", "to": "/tea?size=2"}))
    assert page.of("html")[0]["lang"] == "zh-Hant"
    (form,) = page.of("form")
    # The form and the switch keep to it, and to where the link leads.
    assert form["action"] == "/tea-house/c/ALICE10?to=%2Ftea%3Fsize%3D2&language=zh-Hant"
    assert page.of("a")[-1]["href"] == "/tea-house/c/ALICE10?to=%2Ftea%3Fsize%3D2&language=en"


def test_an_advocate_without_a_name_is_a_friend(place: Place, friend: Friend) -> None:
    place.referrals.advocates.invite("friends", Advocate(id="c-2"), code="NAMELESS")
    assert "A gift from a friend" in friend.open("NAMELESS").text


def test_terms_stand_in_one_sentence(place: Place, friend: Friend, clock: Clock) -> None:
    program = a_program(
        terms=Terms(minimum=money("50.00", "GBP"), new_customer_only=True, claim_days=14),
        ends=clock.at + timedelta(days=30),
    )
    place.referrals.programs.save(program)
    words = Page(friend.open()).words
    for promised in ("new customers", "£50", "14 days", "22 December 2026"):
        assert promised in words
    # Whether somebody is one is known at their order alone: they say so themself.
    assert "Are you a customer at tea-house already?" in words


def test_a_page_reads_what_others_say(place: Place, friend: Friend, clock: Clock) -> None:
    for day in range(4):
        place.referrals.proofs.save(
            Proof(
                id=f"p-{day}",
                kind=ProofKind.TESTIMONIAL,
                text=f"The best on day {day}.",
                consented=clock.at - timedelta(days=day),
                person="c-1",
                link="https://paper.example/tea" if day == 0 else None,
            )
        )
    page = Page(friend.open())
    assert "The best on day 2." in page.words
    assert "The best on day 3." not in page.words
    assert "https://paper.example/tea" in [one["href"] for one in page.of("a")]
    place.referrals.people.forget("c-1")
    assert "The best" not in friend.open().text


# Arriving is a visit.


def test_who_opens_the_page_is_kept_as_a_visit_once_a_day(
    place: Place, friend: Friend, clock: Clock
) -> None:
    friend.open(query_string={"via": "line", "to": "/tea"})
    clock.on(hours=23)
    friend.open()
    (visit,) = place.visits()
    assert (visit["code"], visit["via"], visit["landing"]) == ("ALICE10", "line", "/tea")
    clock.on(hours=1)
    friend.open(query_string={"via": "mail"})
    assert [one["via"] for one in place.visits()] == ["line", "mail"]
    assert len({one["visitor"] for one in place.visits()}) == 1


def test_another_browser_is_another_visit(place: Place) -> None:
    a_friend(place).open()
    a_friend(place).open()
    assert len({one["visitor"] for one in place.visits()}) == 2


def test_a_friend_is_led_on_with_code_and_visit(place: Place, friend: Friend) -> None:
    place.referrals.programs.save(a_program(terms=Terms(claim_by=ClaimBy.NOTHING)))
    way = to_shop(friend.open(query_string={"to": "/tea?size=2"}))
    assert way == f"{FRONT}/tea?size=2&ref=ALICE10&gw={place.visits()[0]['id']}"


# Taking it.


def test_a_gift_is_taken_and_shown(place: Place, friend: Friend) -> None:
    answer = friend.take()
    assert (answer.status_code, answer.headers["Location"]) == (303, "/tea-house/c/ALICE10")
    (claim,) = rows(place.house, claims)
    page = friend.open()
    assert page.status_code == 200
    assert coupon_on(page) == claim["coupon"]
    assert "It is yours" in page.text
    assert "Your coupon is good until 22 December 2026." in page.text
    # The visit that led to it belongs to the claim.
    assert claim["visit"] == place.visits()[0]["id"]
    assert to_shop(page) == f"{FRONT}/?ref=ALICE10&gw={claim['visit']}"


def test_a_coupon_is_being_made_until_the_shop_has_it(on_sqlite: str, clock: Clock) -> None:
    with StandIn() as standin, a_house(on_sqlite, clock) as house:
        place = a_place(house, url=standin.url)
        friend = a_friend(place)
        friend.take()
        assert "The shop is just making it ready" in friend.open().text
        Worker(house).once()
        page = friend.open()
        assert "making it ready" not in page.text
        assert list(standin.shop.coupons.listed(coupon_on(page)))


def test_what_was_taken_is_said_to_be_theirs_already(friend: Friend, clock: Clock) -> None:
    friend.take()
    coupon = coupon_on(friend.open())
    clock.on(days=3)
    page = friend.open()
    assert "You have it already" in page.text
    assert coupon_on(page) == coupon
    assert Page(page).of("form") == []


def test_a_coupon_that_ran_out_can_be_taken_anew(friend: Friend, clock: Clock) -> None:
    friend.take()
    before = coupon_on(friend.open())
    clock.on(days=30)
    assert coupon_on(friend.open()) is None
    friend.take()
    assert coupon_on(friend.open()) not in (None, before)


def test_a_coupon_is_shown_though_the_program_is_over(
    place: Place, friend: Friend, clock: Clock
) -> None:
    place.referrals.programs.save(a_program(ends=clock.at + timedelta(days=1)))
    friend.take()
    clock.on(days=2)
    page = friend.open()
    assert page.status_code == 200
    assert coupon_on(page) is not None
    # For others it is over.
    assert coupon_on(a_friend(place).open()) is None


def test_the_same_contact_gets_the_same_coupon_in_another_browser(place: Place) -> None:
    one, other = a_friend(place), a_friend(place)
    one.take()
    other.take(BOB.upper())
    assert coupon_on(one.open()) == coupon_on(other.open())
    assert len(rows(place.house, claims)) == 1
    # Whoever wrote it may not be Bob: that he was here before is not told.
    assert "It is yours" in other.open().text


def test_nobody_sees_a_coupon_that_is_not_theirs(place: Place) -> None:
    a_friend(place).take()
    stranger = a_friend(place)
    assert coupon_on(stranger.open()) is None
    stranger.take("carol@friend.example")
    assert coupon_on(stranger.open()) not in (None, rows(place.house, claims)[0]["coupon"])


def test_who_claimed_through_another_code_reads_no_name_of_theirs(place: Place) -> None:
    place.referrals.advocates.invite("friends", Advocate(id="c-2", name="Carol"), code="CAROL20")
    a_friend(place).take(code="CAROL20")
    friend = a_friend(place)
    friend.take(code="ALICE10")
    page = friend.open("ALICE10")
    assert coupon_on(page) == rows(place.house, claims)[0]["coupon"]
    assert "CAROL" not in page.text.upper()


def test_a_phone_is_asked_for_where_the_program_says_so(place: Place, friend: Friend) -> None:
    place.referrals.programs.save(a_program(terms=Terms(claim_by=ClaimBy.PHONE)))
    (field,) = [one for one in Page(friend.open()).of("input") if one["name"] == "contact"]
    assert (field["type"], field["autocomplete"]) == ("tel", "tel")
    assert friend.take("12").status_code == 422
    assert friend.take("0912 345 678").status_code == 303
    assert coupon_on(friend.open()) is not None


def test_where_nothing_is_asked_the_shared_coupon_is_shown(place: Place, friend: Friend) -> None:
    place.referrals.programs.save(a_program(terms=Terms(claim_by=ClaimBy.NOTHING)))
    page = friend.open()
    assert coupon_on(page) == "ref-alice10"
    assert Page(page).of("form") == []
    # A form from before the program changed leads to it.
    assert friend.send(BOB).status_code == 303
    assert rows(place.house, claims) == []


def test_where_nothing_is_asked_and_nothing_shared_the_code_is_shown(
    place: Place, friend: Friend
) -> None:
    program = a_program(name="bare", terms=Terms(claim_by=ClaimBy.NOTHING))
    assert coupon_on(friend.open(a_code(place, program, "ALICE-99"))) == "ALICE99"


# What is no gift is told kindly.


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_what_cannot_be_taken_says_what_now(place: Place, clock: Clock, language: str) -> None:
    friend, now = a_friend(place, language=language), clock.at
    later = a_program(name="later", starts=now + timedelta(days=9))
    over = a_program(name="over", starts=now - timedelta(days=9), ends=now - timedelta(days=1))
    a_code(place, later, "LATER")
    a_code(place, over, "OVER")
    bo = Advocate(id="c-3", name="Bo", ended=now)
    place.referrals.advocates.invite("friends", bo, code="ENDED")
    said = {
        "LATER": (200, "This gift has not begun yet", "這份禮物還沒開始"),
        "OVER": (410, "This gift has ended", "這份禮物已經結束"),
        "ENDED": (410, "This link has ended", "這個連結已經失效"),
        "NOBODY": (404, "We find no gift here", "這裡找不到禮物"),
    }
    for code, (status, *titles) in said.items():
        answer = friend.open(code)
        assert answer.status_code == status, code
        assert titles[language != "en"] in answer.text
        assert to_shop(answer).startswith(f"{FRONT}/")
        assert Page(answer).of("form") == []


def test_a_late_form_is_led_to_what_stands_now(place: Place, friend: Friend, clock: Clock) -> None:
    token = token_of(friend.open())
    place.referrals.programs.save(a_program(ends=clock.at + timedelta(hours=1)))
    clock.on(hours=2)
    assert friend.send(BOB, token=token).status_code == 303
    assert rows(place.house, claims) == []


def test_a_code_that_nobody_holds_leads_where_the_link_would(friend: Friend) -> None:
    answer = friend.open("NOBODY", query_string={"to": "/tea?size=2"})
    assert to_shop(answer) == f"{FRONT}/tea?size=2"


def test_a_shop_that_is_not_here_is_said_to_be_none(friend: Friend) -> None:
    answer = friend.open(shop="nowhere")
    assert answer.status_code == 404
    assert "There is no shop here" in answer.text
    assert friend.send(BOB, shop="nowhere").status_code == 404


def test_ones_own_link_is_for_passing_on(place: Place, friend: Friend) -> None:
    answer = friend.take("alice@shop.example")
    assert answer.status_code == 409
    assert "This is your own link" in answer.text
    assert f"{PUBLIC}/tea-house/c/ALICE10" in Page(answer).words
    ways = [str(one["href"]) for one in Page(answer).of("a")]
    assert "/tea-house/a" in ways
    # An own visit brings nobody anything, and the shop is open all the same.
    assert any(way.startswith(f"{FRONT}/") for way in ways)
    assert rows(place.house, claims) == []


@pytest.mark.parametrize(
    "contact", ["", "bob", "bob@", "x" * 5000, "b\0b@x.example", "@x.example", "\n"]
)
def test_a_contact_that_is_none_is_asked_for_once_more(
    place: Place, friend: Friend, contact: str
) -> None:
    answer = friend.take(contact)
    assert answer.status_code == 422
    (field,) = [one for one in Page(answer).of("input") if one["name"] == "contact"]
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] == "wrong contact-why"
    assert friend.send(BOB, token=token_of(answer)).status_code == 303


def test_a_database_that_is_down_still_leads_to_the_shop(
    place: Place, friend: Friend, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = token_of(friend.open())

    def down(*_: object) -> None:
        raise OSError("the disk is gone, and bob@friend.example with it")

    monkeypatch.setattr(place.house.database, "read", down)
    for answer in (friend.open(), friend.send(BOB, token=token)):
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "60"
        assert to_shop(answer) == f"{FRONT}/?ref=ALICE10"


def test_a_visit_that_cannot_be_kept_hides_no_gift(
    place: Place, friend: Friend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place.referrals, "record_visit", lambda _: 1 / 0)
    assert "A gift from Alice" in friend.open().text


def test_a_name_that_was_forgotten_is_gone(place: Place, friend: Friend) -> None:
    friend.take()
    place.referrals.people.forget("c-1")
    # The coupon stands, and the code is nobody's now.
    assert "Alice" not in Page(friend.open()).words
    assert "Alice" not in Page(a_friend(place).open()).words


def test_a_program_that_changed_is_shown_as_it_is_now(place: Place, friend: Friend) -> None:
    assert "10% off" in friend.open().text
    program = replace(a_program(), offer=percent_off(15))
    place.referrals.programs.save(program)
    assert "15% off" in friend.open().text
