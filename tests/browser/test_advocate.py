"""The advocate's page in a real browser: every state with axe, with a script and without."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from goodword import Advocate, Relation, thank_you
from goodword_server.entering import Entering
from goodword_server.looks import Look, Share
from goodword_server.storage import looks
from tests.browser.conftest import Site
from tests.browser.looking import PHONE, Browse, Screen, finds_nothing, fits
from tests.sdk.builders import DAY, RELEASE, Clock, Obedient, a_friends_order, a_program
from tests.server.builders import SHOP

# A page with a status of its own is no fault of the page.
TOLD: Final = r"status of 4\d\d"


def look_as(site: Site, **changes: object) -> None:
    look = Look(name="Mountain Tea 高山茶", colour="#f4d35e", **changes)  # type: ignore[arg-type]
    site.house.database.write(lambda s: looks.put(s, SHOP, look, site.house.now()))


@pytest.fixture
def own(site: Site, clock: Clock) -> Site:
    """Alice with friends in every state, rewards given and waiting, and thanks."""
    look_as(site, shares=(Share.WHATSAPP, Share.COPY))
    for order in ("1", "2"):
        site.referrals.record_order(a_friends_order(order))
    clock.to(RELEASE + DAY)
    site.house.engine.work({"till": Obedient()})
    (first, *_rest) = site.referrals.thanks.owed()
    site.referrals.thanks.keep(first.id)
    now = clock.at
    waiting = a_friends_order("3", placed=now, modified=now, paid=now)
    site.referrals.record_order(waiting)
    site.referrals.record_order(a_friends_order("4", placed=now, modified=now, paid=None))
    return site


def come_in(site: Site, page: Page, advocate: str = "c-1") -> None:
    page.goto(Entering(site.house).link(SHOP, advocate).url)
    expect(page).to_have_url(re.compile(rf"{SHOP}/a$"))


def test_every_state_can_be_read_by_everybody(own: Site, page: Page, browse: Browse) -> None:
    browse.forgiven.append(TOLD)
    come_in(own, page)
    for summary in page.locator("summary").all():
        summary.click()
    finds_nothing(page)
    fits(page)
    for order in ("3", "nobody"):
        page.locator("#order").fill(order)
        page.locator("section[aria-labelledby=why] button").click()
        expect(page.locator(".answer")).to_be_visible()
        finds_nothing(page)
        fits(page)
    entering = Entering(own.house)
    page.context.clear_cookies()
    for url in (
        entering.at(SHOP),
        entering.at(SHOP, "/p/forged"),
        next(entering.mailed_links(SHOP, "alice@shop.example"))[1],
        entering.decline_link(SHOP, "c-1"),
        entering.at(SHOP, "/no/forged"),
    ):
        page.goto(url)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        finds_nothing(page)
        fits(page)


def test_an_advocate_without_anything_yet_can_read_it(site: Site, page: Page) -> None:
    staff = a_program(thank_you(), name="staff", relations=(Relation.EMPLOYEE,))
    site.referrals.programs.save(staff)
    lin = Advocate(id="e-1", name="L" * 200, relation=Relation.EMPLOYEE)
    site.referrals.advocates.invite("staff", lin)
    site.referrals.advocates.invite("friends", lin)
    come_in(site, page, "e-1")
    finds_nothing(page)
    fits(page)


def text_in(page: Page, channel: str) -> str:
    href = page.locator(f".share.{channel}").get_attribute("href")
    assert href is not None
    return parse_qs(urlsplit(href).query)["text"][0]


def test_words_go_into_the_links_as_they_are_typed(own: Site, browse: Browse) -> None:
    page = browse(PHONE)
    come_in(own, page)
    page.locator("textarea").fill("Tea & <cake> 🍵")
    for channel in ("line", "whatsapp"):
        said, link = text_in(page, channel).split("\n")
        assert said == "Tea & <cake> 🍵"
        assert link == f"{own.url}/{SHOP}/r/ALICE10?via={channel}"
    expect(page.locator("[data-without-script]")).to_be_hidden()


def test_without_a_script_a_button_brings_the_words_back(own: Site, browse: Browse) -> None:
    page = browse(PHONE, javascript=False)
    come_in(own, page)
    page.locator("textarea").fill("Tea & <cake> 🍵")
    page.locator("[data-without-script]").click()
    assert text_in(page, "line").startswith("Tea & <cake> 🍵\n")
    expect(page.locator("textarea")).to_have_value("Tea & <cake> 🍵")
    expect(page.locator(".share.copy")).to_be_hidden()
    expect(page.get_by_text(f"{own.url}/{SHOP}/r/ALICE10?via=copy")).to_be_visible()


def test_a_message_is_copied_with_its_link(own: Site, browse: Browse, language: str) -> None:
    page = browse(PHONE, language, permissions=["clipboard-read", "clipboard-write"])
    come_in(own, page)
    page.locator("textarea").fill("Tea!")
    page.locator(".share.copy").click()
    expect(page.locator("[data-told]")).not_to_be_empty()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"Tea!\n{own.url}/{SHOP}/r/ALICE10?via=copy"


def test_the_phones_own_sheet_opens_where_there_is_one(own: Site, browse: Browse) -> None:
    page = browse(PHONE)
    page.add_init_script(
        "navigator.share = (told) => { window.told = told; return Promise.resolve(); }"
    )
    come_in(own, page)
    page.locator("[data-sheet]").click()
    told = page.evaluate("window.told")
    assert told["url"] == f"{own.url}/{SHOP}/r/ALICE10?via=sheet"
    assert "10% off" in told["text"]


PICKER: Final = """
window.liff = {
  init: () => Promise.resolve(),
  isLoggedIn: () => true,
  isApiAvailable: (name) => name === "shareTargetPicker",
  shareTargetPicker: (told) => { window.told = told; return Promise.resolve(); },
};
"""


def test_inside_line_its_picker_opens_with_a_card(own: Site, browse: Browse) -> None:
    look_as(own, liff="1234567890-AbcdEfgh")
    page = browse(PHONE)
    page.route(
        "**/liff.js*", lambda route: route.fulfill(body=PICKER, content_type="text/javascript")
    )
    come_in(own, page)
    page.locator(".share.line").click()
    (card,) = page.evaluate("window.told")
    assert card["type"] == "flex"
    assert "10% off" in card["altText"]


def test_outside_line_the_button_stays_a_link(own: Site, browse: Browse) -> None:
    look_as(own, liff="1234567890-AbcdEfgh")
    # LINE's own script asks LINE, whom no test reaches.
    browse.forgiven += [r"api\.line\.me", r"ERR_NAME_NOT_RESOLVED", r"Failed to fetch"]
    page = browse(PHONE)
    come_in(own, page)
    page.wait_for_function("window.liff !== undefined")
    href = page.locator(".share.line").get_attribute("href")
    assert href is not None
    assert href.startswith("https://line.me/R/share?text=")


def test_a_reward_is_used_by_a_button(own: Site, browse: Browse, screen: Screen) -> None:
    page = browse(screen)
    come_in(own, page)
    given = [one.text for one in own.referrals.rewards.list("c-1") if one.text]
    buttons = page.get_by_role("link", name="Use it now")
    assert buttons.count() == len(given) == 2
    for button in buttons.all():
        assert (button.get_attribute("href") or "").startswith("http://tea.")


def test_the_keyboard_reaches_everything_in_sequence(own: Site, browse: Browse) -> None:
    page = browse(PHONE)
    come_in(own, page)
    page.locator("textarea").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "share line"


def test_leaving_leads_back_to_the_form(own: Site, browse: Browse) -> None:
    page = browse(PHONE)
    come_in(own, page)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your page")
