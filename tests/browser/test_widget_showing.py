"""The widget shows an offer to who came by a code, and a link to who passes one on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from goodword import Advocate, Relation, amount_off
from goodword.model.message import Channel
from goodword_server.looks import Look
from goodword_server.storage import looks
from tests.browser.conftest import Site
from tests.browser.embedding import Embedded, embedded, known
from tests.browser.fronts import Front
from tests.browser.looking import DESKTOP, Browse, Screen, finds_nothing, fits
from tests.sdk.builders import DAY, START, Clock, a_program, carol
from tests.server.builders import SHOP, connect

OFFER: Final = '<div data-goodword="offer"><p>Tea for everybody</p></div>'
SHARE: Final = '<div data-goodword="share" data-code="ALICE10"><p>Tell your friends</p></div>'
CAME: Final = "?ref=ALICE10&gw=v-123"
TAGS: Final = {"en": "en-GB", "zh-Hant": "zh-TW"}


@pytest.fixture
def shop(site: Site, front: Front) -> Embedded:
    return embedded(site, front)


def words(shop: Embedded, language: str, code: str = "ALICE10") -> Mapping[str, str]:
    say = shop.site.referrals.messages.say
    return say("friends", channel=Channel.WIDGET, language=language, code=code)


def box(page: Page, kind: str) -> Locator:
    return page.locator(f"[data-goodword={kind}]").get_by_role("group")


def test_who_came_by_a_code_sees_the_gift(shop: Embedded, page: Page, language: str) -> None:
    page.goto(shop.page(OFFER, language=TAGS[language]) + CAME)
    said = words(shop, language)
    seen = box(page, "offer")
    expect(seen).to_have_accessible_name(said["offer.title"])
    for moment in ("offer.title", "offer.text", "offer.code", "terms"):
        expect(seen.get_by_text(said[moment], exact=True)).to_be_visible()
    expect(seen).to_have_attribute("lang", language)
    assert "ALICE10" in said["offer.code"]
    leads = seen.get_by_role("link", name=said["offer.button"])
    expect(leads).to_have_attribute("href", f"{shop.site.url}/tea-house/c/ALICE10")
    expect(page.get_by_text("Tea for everybody")).to_be_hidden()
    finds_nothing(page)
    fits(page)


def test_who_passes_a_code_on_gets_their_link(shop: Embedded, page: Page, language: str) -> None:
    page.goto(shop.page(SHARE, language=TAGS[language]))
    said = words(shop, language)
    seen = box(page, "share")
    expect(seen).to_have_accessible_name(said["share.title"])
    expect(seen.get_by_text(said["share.text"])).to_be_visible()
    field = seen.get_by_label(said["share.link"])
    expect(field).to_have_value(f"{shop.site.url}/tea-house/r/ALICE10")
    expect(field).not_to_be_editable()
    finds_nothing(page)
    fits(page)


def test_who_has_no_code_is_led_to_where_the_shop_gives_one(
    shop: Embedded, page: Page, language: str
) -> None:
    box_of_all = SHARE.replace('data-code="ALICE10"', 'data-join="/account/recommend"')
    page.goto(shop.page(box_of_all, language=TAGS[language]))
    said = words(shop, language)
    seen = box(page, "share")
    expect(seen.get_by_text(said["share.text"])).to_be_visible()
    leads = seen.get_by_role("link", name=said["share.button"])
    expect(leads).to_have_attribute("href", "/account/recommend")
    expect(page.get_by_text("Tell your friends")).to_be_hidden()
    finds_nothing(page)
    fits(page)


@pytest.mark.parametrize("join", ["", "javascript:alert(1)", "account", "http://tea.example/"])
def test_who_has_no_code_and_nowhere_to_go_sees_what_the_shop_put_there(
    shop: Embedded, page: Page, join: str
) -> None:
    page.goto(shop.page(SHARE.replace('data-code="ALICE10"', f'data-join="{join}"')))
    known(page)
    expect(page.get_by_text("Tell your friends")).to_be_visible()
    expect(box(page, "share")).to_have_count(0)


def test_where_no_program_takes_customers_nobody_is_asked_to_join(
    shop: Embedded, page: Page
) -> None:
    shop.site.referrals.programs.save(a_program(relations=(Relation.EMPLOYEE,)))
    page.goto(shop.page(SHARE.replace('data-code="ALICE10"', 'data-join="/account"')))
    known(page)
    expect(page.get_by_text("Tell your friends")).to_be_visible()


def test_line_comes_first_and_its_link_carries_the_channel(
    shop: Embedded, page: Page, language: str
) -> None:
    page.goto(shop.page(SHARE, language=TAGS[language]))
    first = box(page, "share").locator("a, button").first
    expect(first).to_have_text("LINE")
    parts = urlsplit(first.get_attribute("href") or "")
    assert (parts.netloc, parts.path) == ("line.me", "/R/share")
    (text,) = parse_qs(parts.query)["text"]
    said = shop.site.referrals.messages.say(
        "friends", channel=Channel.SHARE, language=language, code="ALICE10"
    )
    message, link = text.rsplit("\n", 1)
    assert message == said["message.customer"]
    assert link == f"{shop.site.url}/tea-house/r/ALICE10?via=line"
    assert first.get_attribute("rel") == "noopener"


def test_the_link_is_copied_and_it_is_said(shop: Embedded, browse: Browse) -> None:
    context = browse.context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(shop.page(SHARE))
    said = words(shop, "en")
    seen = box(page, "share")
    expect(seen.get_by_role("status")).to_be_empty()
    seen.get_by_role("button", name=said["share.copy"]).click()
    expect(seen.get_by_role("status")).to_have_text(said["share.copied"])
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{shop.site.url}/tea-house/r/ALICE10"


def test_without_a_clipboard_the_link_is_marked_and_copied(shop: Embedded, browse: Browse) -> None:
    context = browse.context()
    context.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page = context.new_page()
    page.goto(shop.page(SHARE))
    seen = box(page, "share")
    seen.get_by_role("button", name="Copy the link").click()
    expect(seen.get_by_role("status")).to_have_text("Copied.")


def test_the_phones_own_share_sheet_is_there_where_there_is_one(
    shop: Embedded, browse: Browse
) -> None:
    context = browse.context()
    context.add_init_script(
        "navigator.share = (told) => { window.told = told; return Promise.reject() }"
    )
    page = context.new_page()
    page.goto(shop.page(SHARE))
    box(page, "share").get_by_role("button", name="Share another way").click()
    assert page.evaluate("told.text").endswith("/tea-house/r/ALICE10?via=share")
    without = browse.context()
    without.add_init_script("Object.defineProperty(navigator, 'share', {value: undefined})")
    page = without.new_page()
    page.goto(shop.page(SHARE))
    expect(box(page, "share").get_by_role("button")).to_have_count(1)


def test_all_of_it_is_reached_by_keyboard(shop: Embedded, browse: Browse) -> None:
    context = browse.context(DESKTOP, permissions=["clipboard-write"])
    context.add_init_script("navigator.share = () => Promise.resolve()")
    page = context.new_page()
    page.goto(shop.page(SHARE + OFFER) + CAME)
    expect(box(page, "offer")).to_be_visible()
    expect(box(page, "share")).to_be_visible()
    focused = """() => {
        let one = document.activeElement;
        while (one.shadowRoot) one = one.shadowRoot.activeElement;
        return one.getAttribute("aria-label") || one.textContent || one.tagName;
    }"""
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(focused))
    assert reached == [
        "INPUT",
        "LINE",
        "Copy the link",
        "Share another way",
        "Take the gift",
        "Close",
    ]
    page.keyboard.press("Enter")
    expect(box(page, "offer")).to_have_count(0)


def test_an_offer_can_be_closed(shop: Embedded, browse: Browse) -> None:
    page = browse()
    page.goto(shop.page(OFFER) + CAME)
    box(page, "offer").get_by_role("button", name="Close").click()
    expect(box(page, "offer")).to_have_count(0)
    page.evaluate("goodword.show()")
    expect(box(page, "offer")).to_have_count(0)


def test_a_box_runs_as_its_sentences_do_whatever_runs_around_it(
    shop: Embedded, browse: Browse, screen: Screen
) -> None:
    page = browse(screen)
    page.goto(shop.page('<div dir="rtl">' + OFFER + SHARE + "</div>", language="ar") + CAME)
    title = words(shop, "en")["offer.title"]
    shown = box(page, "offer").get_by_text(title, exact=True).bounding_box()
    close = box(page, "offer").get_by_role("button", name="Close").bounding_box()
    assert shown is not None
    assert close is not None
    assert close["x"] > shown["x"] + shown["width"] / 2
    for kind in ("offer", "share"):
        expect(box(page, kind)).to_have_attribute("dir", "ltr")
    finds_nothing(page)
    fits(page)


def test_each_box_speaks_the_language_around_it(shop: Embedded, browse: Browse) -> None:
    page = browse()
    page.goto(shop.page(OFFER + f'<section lang="zh-Hant-TW">{OFFER}</section>') + CAME)
    for number, language in enumerate(("en", "zh-Hant")):
        title = words(shop, language)["offer.title"]
        expect(box(page, "offer").nth(number)).to_have_accessible_name(title)


NAMES = {
    "markup": "<img src=x onerror=alert(1)>",
    "right to left": "\u05de\u05d9\u05d4",
    "emoji": "👩‍👩‍👧‍👦🧋",
    "long": "M" * 200,
    "chinese": "美玲",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_any_name_is_text(shop: Embedded, browse: Browse, name: str, screen: Screen) -> None:
    shop.site.referrals.advocates.invite("friends", Advocate(id="n", name=name), code="NAMED")
    page = browse(screen)
    page.goto(shop.page(OFFER) + "?ref=NAMED")
    title = words(shop, "en", "NAMED")["offer.title"]
    expect(box(page, "offer").locator("[part=title]")).to_have_text(title)
    expect(box(page, "offer").locator("img")).to_have_count(0)
    fits(page)


def test_nothing_is_made_from_text_even_where_the_browser_would_refuse(
    shop: Embedded, front: Front, browse: Browse
) -> None:
    front.policy += "; require-trusted-types-for 'script'; trusted-types 'none'"
    page = browse()
    page.goto(shop.page(OFFER + SHARE) + CAME)
    expect(box(page, "offer")).to_be_visible()
    expect(box(page, "share")).to_be_visible()


def test_the_shops_own_styles_and_ours_keep_apart(
    shop: Embedded, front: Front, browse: Browse
) -> None:
    front.policy = ""
    style = "<style>p, label { display: none } button { color: red !important }</style>"
    page = browse()
    page.goto(shop.page(style + OFFER + "<button>Ours</button>") + CAME)
    expect(box(page, "offer").get_by_text("10% off")).to_be_visible()
    colour = "one => getComputedStyle(one).color"
    leads = box(page, "offer").get_by_role("link")
    assert leads.evaluate(colour) == "rgb(255, 255, 255)"
    assert page.get_by_role("button", name="Ours").evaluate(colour) == "rgb(255, 0, 0)"


def test_every_shops_colour_can_be_read(shop: Embedded, browse: Browse) -> None:
    house = shop.site.house
    for colour in ("#ffffff", "#000000", "#f4d35e", "#808080", "#00ff00"):
        look = Look(name="Tea", colour=colour)
        house.database.write(partial(looks.put, shop=SHOP, look=look, now=house.now()))
        page = browse()
        page.goto(shop.page(OFFER + SHARE) + CAME)
        expect(box(page, "offer")).to_be_visible()
        expect(box(page, "share")).to_be_visible()
        finds_nothing(page)


def test_the_shops_colours_may_be_set(shop: Embedded, front: Front, browse: Browse) -> None:
    front.policy = ""
    style = "<style>:root { --goodword-colour: #000080; --goodword-ink: #ffff00 }</style>"
    page = browse()
    page.goto(shop.page(style + OFFER) + CAME)
    seen = (
        box(page, "offer")
        .get_by_role("link")
        .evaluate("one => [getComputedStyle(one).backgroundColor, getComputedStyle(one).color]")
    )
    assert seen == ["rgb(0, 0, 128)", "rgb(255, 255, 0)"]


# Where there is nothing to show.


def test_who_came_by_no_code_sees_what_the_shop_put_there(shop: Embedded, browse: Browse) -> None:
    page = browse()
    page.goto(shop.page(OFFER))
    known(page)
    expect(page.get_by_text("Tea for everybody")).to_be_visible()


def test_without_javascript_it_stays_too(shop: Embedded, browse: Browse) -> None:
    page = browse(javascript=False)
    page.goto(shop.page(OFFER + SHARE) + CAME)
    expect(page.get_by_text("Tea for everybody")).to_be_visible()
    expect(page.get_by_text("Tell your friends")).to_be_visible()


@pytest.mark.parametrize("moved", [-DAY, timedelta(days=40)], ids=["not yet", "over"])
def test_an_offer_that_is_not_live_is_not_shown(
    shop: Embedded, browse: Browse, clock: Clock, moved: timedelta
) -> None:
    program = a_program(starts=START, ends=START + timedelta(days=30))
    shop.site.referrals.programs.save(program)
    clock.at = START + moved
    page = browse()
    page.goto(shop.page(OFFER) + CAME)
    known(page)
    expect(page.get_by_text("Tea for everybody")).to_be_visible()


def test_a_gift_that_is_over_is_not_passed_on(shop: Embedded, browse: Browse, clock: Clock) -> None:
    program = a_program(starts=START, ends=START + timedelta(days=30))
    shop.site.referrals.programs.save(program)
    for moved, seen in ((-DAY, False), (timedelta(days=40), True)):
        clock.at = START + moved
        # Each in a browser of its own: what was told is kept for a minute.
        page = browse()
        page.goto(shop.page(SHARE, f"/{moved.days}"))
        known(page)
        # Who prepares for it may pass on what has not begun.
        expect(box(page, "share")).to_have_count(int(not seen))
        expect(page.get_by_text("Tell your friends")).to_be_visible(visible=seen)


def test_what_is_offered_now_is_shown(shop: Embedded, browse: Browse) -> None:
    page = browse()
    page.goto(shop.page(OFFER) + CAME)
    expect(box(page, "offer").get_by_text("10% off")).to_be_visible()
    shop.site.referrals.programs.save(a_program(offer=amount_off("5", "GBP")))
    page = browse()
    page.goto(shop.page(OFFER) + CAME)
    expect(box(page, "offer").get_by_text(words(shop, "en")["offer.text"])).to_be_visible()


def test_a_box_put_there_later_is_drawn_when_asked(shop: Embedded, browse: Browse) -> None:
    page = browse()
    page.goto(shop.page() + CAME)
    known(page)
    page.evaluate("""() => {
        const made = document.createElement("div");
        made.dataset.goodword = "offer";
        document.querySelector("main").append(made);
        goodword.show();
    }""")
    expect(box(page, "offer")).to_be_visible()


def test_boxes_of_two_shops_on_one_page_keep_apart(shop: Embedded, browse: Browse) -> None:
    browse.forgiven.append("status of 404")
    house = shop.site.house
    connect(house, "coffee", shop.front.url)
    house.referrals("coffee").programs.save(a_program())
    carol(house.referrals("coffee"))
    other = embedded(shop.site, shop.front, "coffee")
    page = browse()
    theirs = '<div data-goodword="share" data-shop="coffee" data-code="CAROL"></div>'
    page.goto(shop.page(other.script() + OFFER + SHARE + theirs) + CAME)
    links = box(page, "share").get_by_role("textbox")
    expect(links.nth(0)).to_have_value(f"{shop.site.url}/tea-house/r/ALICE10")
    expect(links.nth(1)).to_have_value(f"{shop.site.url}/coffee/r/CAROL")
    expect(box(page, "offer")).to_have_count(1)
