"""What the WordPress plugin puts into a shop's pages, in a real browser; its API is played."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, Route, expect

from goodword_woocommerce import packing
from tests.browser.conftest import Site
from tests.browser.embedding import Embedded, embedded, kept
from tests.browser.fronts import Front
from tests.browser.looking import Browse, finds_nothing, fits
from wordpress import speaking

ASSETS: Final = packing.home() / "assets"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' {server}; "
    "require-trusted-types-for 'script'"
)
MARKUP: Final = '"><img src=x onerror=alert(1)>'
WORDS: Final = {
    "join": "Give me my link",
    "why": "Pass a gift from you on to your friends. When one of them takes it, we thank you.",
    "sent": "For this your first name and e-mail address go to our referral service.",
    "silent": "That did not work just now. Try again in a minute.",
    "qr": "QR code of your link, to be photographed",
    "rewards": "Thanks for you",
    "none": "Nothing here yet. It comes when a friend has bought something.",
    "use": "Use now",
    "ready": "Your link is ready.",
    "sum": "{ready} ready, {coming} to come",
}
READY: Final = {
    "worth": "£5.00",
    "state": "ready for you",
    "coupon": "thanks-7q2k",
    "coming": False,
    "use": "/cart/?goodword_coupon=thanks-7q2k",
}
WAITING: Final = {**READY, "state": "yours soon", "coupon": "", "coming": True, "use": ""}
NEW: Final = {"state": "new"}
_BOXES: Final = """(line, tags) => {
  // As WordPress's own theme pads its buttons.
  line.querySelector("a").style.padding = "1rem 2.25rem";
  return tags.map((tag) => line.querySelector(tag).getBoundingClientRect().toJSON());
}"""

_INDENTED: Final = """() => {
  const theme = new CSSStyleSheet();
  theme.replaceSync("ul { margin-inline-start: 3em }");
  document.adoptedStyleSheets = [theme];
}"""


@dataclass
class Shop:
    """A shop's pages with the plugin's scripts, and its API, which answers as it is told."""

    embedded: Embedded
    page: Page
    answers: list[dict[str, Any]] = field(default_factory=list)
    """What each question for one's own is answered with, in turn; the last one again."""
    status: int = 200
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def member(self) -> dict[str, Any]:
        link = f"{self.embedded.site.url}/tea-house/r/ALICE10"
        return {"state": "member", "code": "ALICE10", "link": link, "rewards": [READY, WAITING]}

    def play(self) -> None:
        front, server = self.embedded.front, self.embedded.site.url
        front.policy = POLICY.format(server=server)
        self.page.route(f"{front.url}/wp-content/**", self._asset)
        self.page.route(f"{front.url}/wp-json/**", self._answer)

    def show(self, *, box: bool = True, language: str = "en", direction: str = "ltr") -> None:
        """Look at a page as the plugin makes it."""
        self.page.goto(self.address(box=box, language=language, direction=direction))

    def address(self, *, box: bool = True, language: str = "en", direction: str = "ltr") -> str:
        told = html.escape(json.dumps(WORDS))
        own = (
            f'<section class="goodword-own" dir="{direction}" aria-label="Recommend us" '
            f'data-rest="/wp-json/goodword/v1/mine" data-token="c.7.1.x" data-words="{told}" '
            'hidden></section><link rel="stylesheet" href="/wp-content/own.css">'
            '<script src="/wp-content/vendored/qrcode.js" defer></script>'
            '<script src="/wp-content/own.js" defer></script>'
        )
        inner = self.embedded
        scripts = (
            f'<script src="/wp-content/goodword.js" data-shop="tea-house" data-key="{inner.key}" '
            f'data-server="{inner.site.url}" data-consent="required" async></script>'
            '<script src="/wp-content/keep.js" data-rest="/wp-json/goodword/v1" async></script>'
        )
        return inner.front.show(scripts + (own if box else ""), language=language)

    @property
    def box(self) -> Any:
        return self.page.locator(".goodword-own")

    def _asset(self, route: Route) -> None:
        name = route.request.url.partition("/wp-content/")[2].partition("?")[0]
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        route.fulfill(body=(ASSETS / name).read_bytes(), content_type=kind)

    def _answer(self, route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        self.asked.append((name, json.loads(route.request.post_data or "{}")))
        if name == "arrived":
            route.fulfill(json={"heard": True})
        else:
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            route.fulfill(status=self.status, json=answer)


@pytest.fixture
def shop(site: Site, front: Front, page: Page) -> Shop:
    shop = Shop(embedded(site, front), page)
    shop.play()
    return shop


@pytest.fixture
def one(site: Site, front: Front, browse: Browse) -> Shop:
    """On a phone, in English."""
    shop = Shop(embedded(site, front), browse())
    shop.play()
    return shop


def test_a_member_sees_link_code_and_rewards(shop: Shop, language: str) -> None:
    shop.answers = [shop.member]
    shop.show(language=language)
    share = shop.box.get_by_role("group")
    expect(share).to_be_visible()
    # LINE stands first.
    assert share.get_by_role("link").first.inner_text() == "LINE"
    expect(shop.box).to_contain_text("1 ready, 1 to come")
    use = shop.box.get_by_role("link", name="Use now")
    assert use.get_attribute("href") == READY["use"]
    finds_nothing(shop.page)
    fits(shop.page)


def test_a_phone_reads_the_code(one: Shop) -> None:
    one.answers = [one.member]
    one.show()
    drawn = one.box.get_by_role("img", name=WORDS["qr"])
    image = Image.open(BytesIO(drawn.screenshot()))
    (found,) = zxingcpp.read_barcodes(image.convert("L"))
    assert found.text == f"{one.member['link']}?via=qr"


@pytest.mark.parametrize("coupon", ["thanks-7q2k", "thanks-uzbsv3wmh7", "thanks-" + "7q2k" * 9])
def test_a_button_that_a_theme_pads_touches_no_word(one: Shop, coupon: str) -> None:
    one.answers = [{**one.member, "rewards": [{**READY, "coupon": coupon}]}]
    one.show()
    line = one.box.get_by_role("listitem").first
    # All at one moment: the page above may still grow between two looks.
    use, *words = line.evaluate(_BOXES, ["a", "strong", "span", "code"])
    for word in words:
        above, beside = word["bottom"] + 4 <= use["top"], word["right"] <= use["left"]
        assert above or beside, word
    fits(one.page)


def test_rewards_begin_where_their_heading_does_also_where_a_theme_indents_lists(one: Shop) -> None:
    one.answers = [one.member]
    one.show()
    one.page.evaluate(_INDENTED)
    expect(one.box.get_by_role("list")).to_have_css("margin-left", "0px")


def test_who_is_new_joins_by_the_keyboard_and_is_told(shop: Shop) -> None:
    shop.answers = [NEW, shop.member]
    shop.show()
    expect(shop.box).to_contain_text(WORDS["sent"])
    finds_nothing(shop.page)
    shop.page.keyboard.press("Tab")
    expect(shop.box.get_by_role("button")).to_be_focused()
    shop.page.keyboard.press("Enter")
    ready = shop.box.get_by_text(WORDS["ready"])
    expect(ready).to_be_focused()
    # A sentence in a frame would look like a field to fill in.
    expect(ready).to_have_css("outline-style", "none")
    assert [told["join"] for name, told in shop.asked if name == "mine"] == [False, True]
    finds_nothing(shop.page)


def test_who_asks_in_vain_is_told_and_may_ask_again(one: Shop) -> None:
    one.answers = [NEW, {"state": "silent"}, one.member]
    one.show()
    button = one.box.get_by_role("button")
    button.click()
    expect(one.box.get_by_role("status")).to_have_text(WORDS["silent"])
    button.click()
    expect(one.box.get_by_text(WORDS["ready"])).to_be_visible()


def test_a_page_that_was_open_too_long_is_loaded_anew(one: Shop, browse: Browse) -> None:
    browse.forgiven = ["Failed to load resource"]
    one.answers = [NEW]
    one.show()
    expect(one.box.get_by_role("button")).to_be_visible()
    one.status = 401
    with one.page.expect_navigation():
        one.box.get_by_role("button").click()
    # Should a cache give the old page again, that is the end of it.
    one.page.wait_for_load_state("networkidle")
    expect(one.box).to_be_hidden()
    assert [told["join"] for name, told in one.asked if name == "mine"] == [False, True, False]


@pytest.mark.parametrize(("status", "answer"), [(200, {"state": "silent"}), (500, NEW), (401, {})])
def test_where_nobody_answers_nothing_is_seen(
    one: Shop, browse: Browse, status: int, answer: dict[str, Any]
) -> None:
    browse.forgiven = ["Failed to load resource"]
    one.status, one.answers = status, [answer]
    one.show()
    one.page.wait_for_load_state("networkidle")
    expect(one.box).to_be_hidden()


def test_it_reads_from_right_to_left(one: Shop) -> None:
    one.answers = [one.member]
    one.show(direction="rtl")
    expect(one.box.get_by_role("group")).to_be_visible()
    fits(one.page)
    finds_nothing(one.page)


def test_markup_is_shown_as_words(one: Shop) -> None:
    bad = {**READY, "worth": MARKUP, "state": MARKUP, "coupon": MARKUP}
    one.answers = [{**one.member, "rewards": [bad]}]
    one.show()
    expect(one.box.get_by_role("listitem")).to_contain_text(MARKUP)
    assert one.box.locator("img").count() == 0


def test_the_words_are_the_plugins_own() -> None:
    assert set(WORDS.values()) <= set(speaking.sentences())


# A friend.


def arrived(shop: Shop) -> list[str]:
    return [told["code"] for name, told in shop.asked if name == "arrived"]


def test_the_shop_is_told_once_of_a_friend_who_agreed(one: Shop) -> None:
    one.page.add_init_script("window.wp_has_consent = () => true")
    address = f"{one.address(box=False)}?ref=ALICE10&gw=v1"
    for _ in range(3):
        one.page.goto(address)
        one.page.wait_for_load_state("networkidle")
    # On the first page they had not said so yet when the shop was told.
    assert 1 <= len(arrived(one)) <= 2
    assert set(arrived(one)) == {"ALICE10"}


def test_of_any_other_nothing_is_kept_and_each_page_tells(one: Shop) -> None:
    address = f"{one.address(box=False)}?ref=ALICE10&gw=v1"
    for _ in range(2):
        one.page.goto(address)
        one.page.wait_for_load_state("networkidle")
    assert arrived(one) == ["ALICE10", "ALICE10"]
    assert one.page.evaluate("sessionStorage.length + localStorage.length") == 0
    assert kept(one.page.context) == {}


def test_nothing_is_kept_before_the_banner_says_so(one: Shop) -> None:
    address = one.address(box=False)
    one.page.goto(f"{address}?ref=ALICE10&gw=v1")
    one.page.wait_for_load_state("networkidle")
    assert "goodword_tea-house" not in kept(one.page.context)
    changed = "new CustomEvent('wp_listen_for_consent_change', {detail: {marketing: '%s'}})"
    one.page.evaluate(f"document.dispatchEvent({changed % 'allow'})")
    assert kept(one.page.context)["goodword_tea-house"].startswith("ALICE10.v1.")
    one.page.evaluate(f"document.dispatchEvent({changed % 'deny'})")
    assert "goodword_tea-house" not in kept(one.page.context)


def test_a_banner_that_knows_already_is_asked(one: Shop) -> None:
    one.page.add_init_script("window.wp_has_consent = (kind) => kind === 'marketing'")
    one.page.goto(f"{one.address(box=False)}?ref=ALICE10&gw=v1")
    one.page.wait_for_load_state("networkidle")
    assert kept(one.page.context)["goodword_tea-house"].startswith("ALICE10.v1.")


def test_a_coupon_that_a_link_chose_is_kept_for_the_basket(one: Shop) -> None:
    address = one.address(box=False)
    one.page.goto(f"{address}?goodword_coupon=thanks-7q2k")
    assert kept(one.page.context) == {"goodword_coupon": "thanks-7q2k"}
    one.page.goto(f"{address}?goodword_coupon=%22%3E%3Cscript%3E%3Bpath")
    assert kept(one.page.context) == {"goodword_coupon": "thanks-7q2k"}


def test_once_it_is_kept_the_address_names_it_no_more(one: Shop) -> None:
    address = one.address(box=False)
    before = "?size=a%20b&ref=ALICE10&goodword_coupon=gift-7q2k&gw=v1#tea"
    one.page.goto(address + before)
    one.page.wait_for_load_state("networkidle")
    assert one.page.url == address + before.replace("&goodword_coupon=gift-7q2k", "")
    assert ("arrived", {"code": "ALICE10"}) in one.asked
    one.page.goto(f"{address}?goodword_coupon=gift-7q2k")
    assert one.page.url == address
    # It is one way back to where the shopper came from, not two.
    one.page.go_back()
    assert one.page.url.endswith("?size=a%20b&ref=ALICE10&gw=v1#tea")


def test_where_nothing_can_be_kept_the_address_goes_on_naming_it(one: Shop) -> None:
    one.page.add_init_script(
        "Object.defineProperty(document, 'cookie', {get: () => '', set: () => {}})"
    )
    address = f"{one.address(box=False)}?goodword_coupon=gift-7q2k"
    one.page.goto(address)
    one.page.wait_for_load_state("networkidle")
    assert one.page.url == address
