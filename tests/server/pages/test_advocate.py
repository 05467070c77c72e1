"""The advocate's page: who comes in and how, what it shows, and what it keeps to itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import Client, TestResponse

from goodword import Advocate, Claiming, Relation, Terms, thank_you
from goodword_server.app import create_app
from goodword_server.entering import COOKIE, Entering
from goodword_server.house import House
from goodword_server.looks import Look, Share
from goodword_server.storage import looks
from goodword_server.tickets import Tickets, Use
from tests.sdk.builders import (
    DAY,
    RELEASE,
    Clock,
    Obedient,
    a_program,
    alice,
    an_order,
    bare,
    carol,
    used,
)
from tests.server.builders import (
    FIRST_SECRET,
    LINES_PREVIEWER,
    NEXT_SECRET,
    PHONE,
    PUBLIC,
    Place,
    a_house,
    a_place,
    client_of,
    connect,
)
from tests.server.postbox import Postbox, a_postbox

pytestmark = pytest.mark.slow

AT = "/tea-house/a"
WALKS_IN = {"User-Agent": PHONE}


def path_of(url: str) -> str:
    assert url.startswith(PUBLIC)
    return url.removeprefix(PUBLIC)


def link(place: Place, advocate: str = "c-1") -> str:
    shop = place.connected.installation.shop
    return path_of(Entering(place.house).link(shop, advocate).url)


def come_in(place: Place, advocate: str = "c-1") -> None:
    answer = place.client.get(link(place, advocate), headers=WALKS_IN)
    assert answer.status_code == 303
    assert answer.headers["Location"] == AT


def page(place: Place, query: str = "", **headers: str) -> str:
    answer = place.client.get(f"{AT}{query}", headers={**WALKS_IN, **headers})
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.get_data(as_text=True))


def ask(place: Place, order: str) -> TestResponse:
    return place.client.post(f"{AT}/why", data={"order": order}, headers=WALKS_IN)


def look(place: Place, **chosen: object) -> None:
    told = replace(Look(name="Tea House"), **chosen)  # type: ignore[arg-type]
    place.house.database.write(lambda s: looks.put(s, "tea-house", told, place.house.now()))


def hrefs(html: str, channel: str) -> list[str]:
    return re.findall(rf'class="share {channel}" href="([^"]+)"', html)


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with a_postbox() as box:
        yield box


@pytest.fixture
def mailing(url: str, clock: Clock, postbox: Postbox) -> Iterator[Place]:
    """A shop whose server sends mail."""
    with a_house(url, clock, mail=postbox.url, mail_from="Tea <tea@tea.example>") as house:
        yield a_place(house)


def asked_for_link(place: Place, email: str, language: str = "en") -> TestResponse:
    """Ask for a link, and wait until the post is out."""
    app = create_app(house=place.house)
    answer: TestResponse = app.test_client().post(
        f"{AT}?language={language}", data={"email": email}
    )
    app.extensions["goodword_pages_post"].close()
    return answer


def asked_from(place: Place, address: str, email: str) -> TestResponse:
    """Send the form of a page to where it leads, and wait until the post is out."""
    app = create_app(house=place.house)
    browser = app.test_client()
    form = browser.get(address, headers=WALKS_IN).get_data(as_text=True)
    (action,) = re.findall(r'<form[^>]* action="([^"]*)"', form)
    answer: TestResponse = browser.post(action, data={"email": email}, headers=WALKS_IN)
    app.extensions["goodword_pages_post"].close()
    return answer


# Who comes in.


def test_a_link_of_the_shops_opens_the_page_of_its_advocate(place: Place) -> None:
    come_in(place)
    assert "Hello Alice" in page(place)


def test_the_link_does_not_stay_in_the_address(place: Place) -> None:
    answer = place.client.get(link(place), headers=WALKS_IN)
    kept = answer.headers["Set-Cookie"]
    assert "HttpOnly" in kept
    assert "SameSite=Lax" in kept
    assert "Secure" in kept
    assert f"Path={AT}" in kept
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_a_link_there_is_a_form_and_nobodys_page(place: Place) -> None:
    assert "Hello Alice" not in page(place)


@pytest.mark.parametrize(
    "ticket",
    ["x", "WyJ0ZWEiXQ.c2lnbmVk", "a" * 4000, "%00", "%F0%9F%8D%B5", "..%2F..", "a.b.c.d"],
)
def test_a_link_that_nobody_signed_is_a_kind_page(place: Place, ticket: str) -> None:
    for way in ("p", "in"):
        answer = place.client.get(f"{AT}/{way}/{ticket}", headers=WALKS_IN)
        assert answer.status_code in (404, 410)
        assert "Set-Cookie" not in answer.headers
        if answer.status_code == 410:
            assert "This link does not open any more." in answer.get_data(as_text=True)


def test_a_link_opens_no_other_shop(place: Place) -> None:
    connect(place.house, "coffee-house")
    place.house.referrals("coffee-house").programs.save(a_program())
    place.house.referrals("coffee-house").advocates.invite("friends", alice())
    foreign = link(place).replace("/tea-house/", "/coffee-house/")
    assert place.client.get(foreign, headers=WALKS_IN).status_code == 410


def test_a_session_of_one_shop_is_none_in_another(place: Place) -> None:
    connect(place.house, "coffee-house")
    come_in(place)
    kept = place.client.get_cookie(COOKIE, path=AT)
    assert kept is not None
    place.client.set_cookie(COOKIE, kept.value, path="/coffee-house/a")
    answer = place.client.get("/coffee-house/a", headers=WALKS_IN)
    assert "Hello Alice" not in answer.get_data(as_text=True)


def test_a_ticket_for_one_use_opens_nothing_else(place: Place) -> None:
    entering = Entering(place.house)
    decline = entering.decline_link("tea-house", "c-1").rpartition("/")[2]
    _advocate, mailed = next(entering.mailed_links("tea-house", "alice@shop.example"))
    for text in (decline, mailed.rpartition("/")[2]):
        assert place.client.get(f"{AT}/p/{text}", headers=WALKS_IN).status_code == 410
    place.client.set_cookie(COOKIE, decline, path=AT)
    assert "Hello Alice" not in page(place)


def test_a_link_and_a_session_end(place: Place, clock: Clock) -> None:
    old = link(place)
    come_in(place)
    clock.on(days=30)
    assert place.client.get(old, headers=WALKS_IN).status_code == 410
    assert "Hello Alice" not in page(place)


def test_what_was_revoked_opens_nothing_and_what_is_new_does(place: Place) -> None:
    old = link(place)
    come_in(place)
    Entering(place.house).revoke("tea-house", "c-1")
    assert "Hello Alice" not in page(place)
    assert place.client.get(old, headers=WALKS_IN).status_code == 410
    come_in(place)
    assert "Hello Alice" in page(place)


def test_secrets_rotate_and_old_links_still_open(url: str, place: Place, clock: Clock) -> None:
    old = link(place)
    with a_house(url, clock, secrets=(NEXT_SECRET, FIRST_SECRET)) as house:
        assert client_of(house).get(old, headers=WALKS_IN).status_code == 303
    ticket = old.rpartition("/")[2]
    only_next = Tickets((NEXT_SECRET,), clock)
    assert only_next.read(Use.PAGE, ticket, "tea-house") is None
    assert Tickets((NEXT_SECRET, FIRST_SECRET), clock).read(Use.PAGE, ticket, "tea-house")


def test_who_was_forgotten_has_no_page(place: Place) -> None:
    come_in(place)
    place.house.forget("tea-house", "c-1")
    assert "Hello" not in page(place)


def test_who_shows_a_card_of_a_link_does_not_come_in(place: Place) -> None:
    answer = place.client.get(link(place), headers={"User-Agent": LINES_PREVIEWER})
    assert "Set-Cookie" not in answer.headers
    assert "Alice" not in answer.get_data(as_text=True)


def test_who_signs_out_is_out(place: Place) -> None:
    come_in(place)
    answer = place.client.post(f"{AT}/out", headers=WALKS_IN)
    assert answer.status_code == 303
    assert "Hello Alice" not in page(place)


def test_there_is_no_page_where_there_is_no_shop(place: Place) -> None:
    assert place.client.get("/nowhere/a", headers=WALKS_IN).status_code == 404


# The link by mail.


@pytest.mark.slow
def test_a_link_is_mailed_to_whom_it_belongs_and_used_once(
    mailing: Place, postbox: Postbox
) -> None:
    asked_for_link(mailing, "ALICE@shop.example")
    (letter,) = postbox.letters()
    assert letter["To"] == "alice@shop.example"
    (way,) = re.findall(rf"{PUBLIC}(\S+/in/\S+)", letter.get_content())
    first = mailing.client.get(way, headers=WALKS_IN)
    assert "Set-Cookie" not in first.headers
    assert "Open my page" in first.get_data(as_text=True)
    assert mailing.client.post(way, headers=WALKS_IN).status_code == 303
    assert "Hello Alice" in page(mailing)
    stranger = client_of(mailing.house)
    assert stranger.get(way, headers=WALKS_IN).status_code == 410
    assert stranger.post(way, headers=WALKS_IN).status_code == 410


@pytest.mark.slow
@pytest.mark.parametrize("address", ["/p/x", "/in/x"])
def test_whoever_has_an_old_link_asks_for_a_new_one_right_there(
    mailing: Place, postbox: Postbox, address: str
) -> None:
    assert mailing.client.get(f"{AT}{address}", headers=WALKS_IN).status_code == 410
    answer = asked_from(mailing, f"{AT}{address}?language=zh-Hant", "alice@shop.example")
    assert answer.status_code == 200
    assert "連結已經寄出" in answer.get_data(as_text=True)
    assert [letter["To"] for letter in postbox.letters()] == ["alice@shop.example"]


@pytest.mark.slow
def test_the_answer_is_the_same_whoever_has_the_address(mailing: Place, postbox: Postbox) -> None:
    told = [
        asked_for_link(mailing, email) for email in ("alice@shop.example", "nobody@shop.example")
    ]
    assert told[0].get_data() == told[1].get_data()
    assert told[0].status_code == told[1].status_code == 200
    assert [letter["To"] for letter in postbox.letters()] == ["alice@shop.example"]


@pytest.mark.slow
def test_a_mailed_link_ends_after_half_an_hour(
    mailing: Place, postbox: Postbox, clock: Clock
) -> None:
    asked_for_link(mailing, "alice@shop.example", "zh-Hant")
    (letter,) = postbox.letters()
    assert "30" in letter.get_content()
    (way,) = re.findall(rf"{PUBLIC}(\S+/in/\S+)", letter.get_content())
    clock.on(minutes=30)
    answer = mailing.client.post(way, headers=WALKS_IN)
    assert answer.status_code == 410


@pytest.mark.slow
def test_one_address_is_mailed_once_a_minute(
    mailing: Place, postbox: Postbox, clock: Clock
) -> None:
    for email in ("alice@shop.example", "Alice@Shop.Example"):
        asked_for_link(mailing, email)
    assert len(postbox.letters()) == 1
    clock.on(minutes=1)
    asked_for_link(mailing, "alice@shop.example")
    assert len(postbox.letters()) == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "told"), [("en", "within 30 minutes"), ("zh-Hant", "30 分鐘內有效")]
)
def test_it_is_said_how_long_a_mailed_link_is_good_for(
    mailing: Place, language: str, told: str
) -> None:
    answer = asked_for_link(mailing, "mei@example.com", language)
    assert told in answer.get_data(as_text=True)


@pytest.mark.slow
def test_who_is_two_advocates_gets_a_link_to_each(mailing: Place, postbox: Postbox) -> None:
    lin = Advocate(
        id="e-1", name="Alice L.", email="alice@shop.example", relation=Relation.EMPLOYEE
    )
    mailing.referrals.advocates.invite("friends", lin)
    asked_for_link(mailing, "alice@shop.example")
    assert len(postbox.letters()) == 2


def test_whoever_asks_often_waits(url: str, clock: Clock) -> None:
    with a_house(url, clock, guess_limit=3, mail="folder:/nowhere") as house:
        place = a_place(house)
        told = [
            place.client.post(AT, data={"email": f"x{n}@shop.example"}).status_code
            for n in range(5)
        ]
    assert told == [200, 200, 200, 429, 429]


@pytest.mark.parametrize("email", ["", "alice", "@", "a@", "x" * 300 + "@y.z", "a@b\0c"])
def test_what_is_no_address_is_asked_for_once_more(
    url: str, clock: Clock, email: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("mail")
    with a_house(url, clock, mail=f"folder:{folder}") as house:
        answer = a_place(house).client.post(AT, data={"email": email})
    assert answer.status_code == 422
    assert "look at the address once more" in answer.get_data(as_text=True)


def test_a_form_on_another_site_asks_for_nothing(place: Place) -> None:
    answer = place.client.post(
        AT, data={"email": "alice@shop.example"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


# What it shows.


def test_every_button_carries_its_channel_and_line_comes_first(place: Place) -> None:
    look(place, shares=(Share.THREADS, Share.EMAIL))
    come_in(place)
    html = page(place)
    channels = re.findall(r'data-channel="(\w+)"', html)
    assert channels[:3] == ["line", "threads", "email"]
    assert set(channels) == {
        *("line", "threads", "email", "facebook", "x", "linkedin", "whatsapp"),
    }
    for channel in channels:
        (one,) = hrefs(html, channel)
        assert f"via%3D{channel}" in one
    (line,) = hrefs(html, "line")
    told = parse_qs(urlsplit(line).query)["text"][0]
    assert told.endswith(f"{PUBLIC}/tea-house/r/ALICE10?via=line")
    assert "10% off" in told


def test_words_that_were_edited_come_back_in_every_button(place: Place) -> None:
    come_in(place)
    edited = "Tea%20%26%20%3Ccake%3E%20%F0%9F%8D%B5"
    html = page(place, f"?code=ALICE10&text={edited}")
    for channel in ("line", "whatsapp", "x", "threads", "email"):
        (one,) = hrefs(html, channel)
        assert edited in one
    raw = place.client.get(f"{AT}?code=ALICE10&text={edited}", headers=WALKS_IN)
    assert "<cake>" not in raw.get_data(as_text=True)


@pytest.mark.parametrize("text", ["x" * 9000, "%00%0d%0a", "%E2%80%AEgnol", "{{ offer }}", "%ED"])
def test_any_words_are_words(place: Place, text: str) -> None:
    come_in(place)
    answer = place.client.get(f"{AT}?code=ALICE10&text={text}", headers=WALKS_IN)
    assert answer.status_code == 200


def test_the_card_is_drawn_in_the_pages_language_to_send_and_to_print(place: Place) -> None:
    come_in(place)
    html = page(place, "?language=zh-Hant")
    cards = f"{PUBLIC}/tea-house/c/ALICE10"
    assert f'src="{cards}/card.png?language=zh-Hant"' in html
    for file in ("square.png", "a6.pdf"):
        assert f'href="{cards}/{file}?language=zh-Hant"' in html


def test_a_gift_that_is_over_is_not_passed_on(place: Place, clock: Clock) -> None:
    come_in(place)
    over = a_program(starts=clock.at - 9 * DAY, ends=clock.at)
    place.referrals.programs.save(over)
    html = page(place)
    assert "cannot be taken just now" in html
    for promise in ("10% off", "Share with LINE", "card.png", "<textarea", 'class="qr"'):
        assert promise not in html
    place.referrals.programs.save(a_program(starts=clock.at + DAY))
    html = page(place)
    assert "cannot be taken just now" in html
    # Who prepares for it may.
    assert "Share with LINE" in html
    assert "card.png" in html


def test_friends_are_initials_and_nothing_else(place: Place) -> None:
    place.referrals.record_order(an_order(customer="u-9"))
    come_in(place)
    html = page(place)
    assert 'class="who">B.<' in html
    assert "has ordered, and it counts" in html
    for told in ("bob", "friend.example", "u-9", "72.00"):
        assert told not in html


def test_a_reward_is_told_from_waiting_to_its_use(place: Place, clock: Clock) -> None:
    place.referrals.record_order(an_order())
    come_in(place)
    assert "£7.20 waits until 6 December 2026" in page(place)
    clock.to(RELEASE + DAY)
    place.house.engine.work({"till": Obedient()})
    html = page(place)
    assert "£7.20 is yours to use." in html
    (reward,) = place.referrals.rewards.list("c-1")
    assert reward.text is not None
    assert reward.text in html
    assert re.search(r'<a class="go" href="https://tea\.example/[^"]*">Use it now</a>', html)
    assert "Type it in at the checkout." in html


def test_a_debt_is_told_kindly(place: Place, clock: Clock) -> None:
    place.referrals.record_order(an_order())
    clock.to(RELEASE + DAY)
    place.house.engine.work({"till": Obedient(used=True)})
    gone = an_order(cancelled=clock.at, modified=clock.at)
    place.referrals.record_order(gone)
    place.house.engine.work({"till": Obedient(used=True)})
    come_in(place)
    assert "nobody asks you for money" in page(place)


def test_thanks_that_were_said_are_shown(place: Place) -> None:
    place.referrals.record_order(an_order())
    (owed,) = place.referrals.thanks.owed()
    place.referrals.thanks.keep(owed.id)
    come_in(place)
    assert "thanked you on 22 November 2026" in page(place)


def test_an_employee_who_is_thanked_sees_no_empty_purse(place: Place) -> None:
    staff = a_program(thank_you(), name="staff", relations=(Relation.EMPLOYEE,))
    place.referrals.programs.save(staff)
    lin = Advocate(id="e-1", name="Lin", relation=Relation.EMPLOYEE)
    place.referrals.advocates.invite("staff", lin)
    come_in(place, "e-1")
    html = page(place)
    assert "Your rewards" not in html
    assert "we thank you" in html
    assert "I work at" in html


@pytest.mark.parametrize(
    "name", ["<b>Mei</b>", "🍵🍵", "\u202eieM", "M" * 200, "陳" * 60, '"><script>1</script>']
)
def test_whatever_they_are_called_is_shown_as_text(place: Place, name: str) -> None:
    place.referrals.advocates.invite("friends", replace(alice(), name=name))
    come_in(place)
    raw = place.client.get(AT, headers=WALKS_IN).get_data(as_text=True)
    assert "<b>Mei" not in raw
    assert "<script>1" not in raw


@pytest.mark.parametrize(("asked", "said"), [("zh-TW", "您好"), ("en", "Hello")])
def test_it_speaks_the_readers_language(place: Place, asked: str, said: str) -> None:
    come_in(place)
    assert said in page(place, **{"Accept-Language": asked})
    assert "您好" in page(place, "?language=zh-Hant", **{"Accept-Language": asked})


def test_it_holds_to_a_strict_policy_and_loads_nothing_of_others(place: Place) -> None:
    come_in(place)
    answer = place.client.get(AT, headers=WALKS_IN)
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy + ";"
    assert "unsafe" not in policy
    assert "line" not in policy
    html = answer.get_data(as_text=True)
    assert "liff" not in html
    assert " style=" not in html
    sources = re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', html)
    assert sources
    assert all(one.startswith(("/", PUBLIC)) for one in sources)


def test_line_is_met_only_where_the_shop_has_a_liff_app(place: Place) -> None:
    look(place, liff="1234567890-AbcdEfgh", colour="#0f5c4c")
    come_in(place)
    answer = place.client.get(AT, headers=WALKS_IN)
    assert "https://api.line.me" in answer.headers["Content-Security-Policy"]
    html = answer.get_data(as_text=True)
    assert 'data-liff="1234567890-AbcdEfgh"' in html
    (script,) = re.findall(r'src="(/tea-house/a/liff\.js[^"]*)"', html)
    assert place.client.get(script).mimetype == "text/javascript"
    (told,) = re.findall(r'data-flex="([^"]+)"', html)
    flex = json.loads(unescape(told))
    assert flex["type"] == "flex"
    assert "10% off" in flex["altText"]
    assert flex["contents"]["hero"]["url"] == f"{PUBLIC}/tea-house/c/ALICE10/card.png?language=en"
    button = flex["contents"]["footer"]["contents"][0]
    assert button["action"]["uri"] == f"{PUBLIC}/tea-house/r/ALICE10?via=line"
    assert button["color"] == "#0f5c4c"
    assert all(one["text"] for one in flex["contents"]["body"]["contents"])


# Why?


def test_whose_order_it_is_hears_why(place: Place) -> None:
    place.referrals.record_order(an_order(paid=None))
    come_in(place)
    answer = ask(place, " #17 ")
    assert answer.status_code == 200
    assert "The order is not paid yet." in answer.get_data(as_text=True)


def test_who_claimed_with_their_code_is_theirs_to_ask_about(place: Place, clock: Clock) -> None:
    place.referrals.programs.save(a_program(terms=Terms(window_days=1)))
    place.referrals.claim(Claiming(code="ALICE10", email="bob@friend.example"))
    clock.on(days=9)
    place.referrals.record_order(bare(placed=clock.at, modified=clock.at, paid=clock.at))
    come_in(place)
    told = ask(place, "17").get_data(as_text=True)
    assert "later than the program allows" in unescape(told)


def test_an_order_that_is_not_theirs_is_answered_as_one_that_is_none(place: Place) -> None:
    carol(place.referrals)
    place.referrals.record_order(an_order(id="of-carol", coupons=used("ref-carol")))
    place.referrals.record_order(bare(id="of-nobody", email="ann@friend.example"))
    come_in(place)
    orders = ("of-carol", "of-nobody", "is-none")
    told = {ask(place, order).get_data(as_text=True).replace(order, "N") for order in orders}
    assert len(told) == 1
    assert "Nothing under N led to you" in told.pop()


@pytest.mark.parametrize("order", ["", "#", "x" * 65, "1\0", "\ud800"])
def test_what_is_no_order_number_is_asked_for_once_more(place: Place, order: str) -> None:
    come_in(place)
    sent = order.encode("utf-8", "surrogatepass")
    answer = place.client.post(
        f"{AT}/why",
        data=b"order=" + b"".join(b"%%%02x" % byte for byte in sent),
        content_type="application/x-www-form-urlencoded",
        headers=WALKS_IN,
    )
    assert answer.status_code in (200, 422)


def test_whoever_asks_of_many_orders_waits(url: str, clock: Clock) -> None:
    with a_house(url, clock, guess_limit=3) as house:
        place = a_place(house)
        come_in(place)
        told = [ask(place, str(order)).status_code for order in range(5)]
    assert told == [200, 200, 200, 429, 429]


def test_who_is_not_in_asks_nothing(place: Place) -> None:
    place.referrals.record_order(an_order(paid=None))
    answer = ask(place, "17")
    assert answer.status_code == 401
    assert "not paid" not in answer.get_data(as_text=True)


# No.


def no_of(place: Place) -> tuple[Client, str]:
    way = path_of(Entering(place.house).decline_link("tea-house", "c-1"))
    return client_of(place.house), way


def test_who_says_no_is_asked_once_and_then_left_alone(place: Place) -> None:
    client, way = no_of(place)
    assert "Do not write to me any more" in client.get(way).get_data(as_text=True)
    assert place.referrals.advocates.find("c-1").email is not None
    assert "Nobody will write to you" in client.post(way).get_data(as_text=True)
    assert place.referrals.advocates.find("c-1").email is None


def test_a_mail_program_says_no_by_one_click(place: Place, clock: Clock) -> None:
    client, way = no_of(place)
    clock.on(days=4000)
    answer = client.post(way, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert place.referrals.advocates.find("c-1").email is None
    assert client.post(way).status_code == 200


def test_to_say_no_for_somebody_else_takes_their_link(place: Place) -> None:
    client, way = no_of(place)
    for text in ("x", way.rpartition("/")[2] + "x", link(place).rpartition("/")[2]):
        assert client.post(f"{AT}/no/{text}").status_code == 404
    assert place.referrals.advocates.find("c-1").email is not None


def test_an_answer_that_is_opened_once_more_leads_to_the_page(place: Place) -> None:
    come_in(place)
    answer = place.client.get(f"{AT}/why?language=zh-Hant", headers=WALKS_IN)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{AT}?language=zh-Hant"


def test_trouble_is_a_kind_page(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    come_in(place)
    someone = "alice@shop.example"

    def down(_self: House, _shop: str) -> None:
        raise RuntimeError(f"no database for {someone}")

    monkeypatch.setattr(House, "look", down)
    answer = place.client.get(AT, headers=WALKS_IN)
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
    assert "could not be shown: RuntimeError" in caplog.text
    assert someone not in caplog.text
