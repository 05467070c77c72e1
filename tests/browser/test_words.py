"""An owner words what friends read, in a real browser: at both widths, in both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from goodword import Channel, percent_off
from goodword_server.shell.roles import Role
from tests.browser.conftest import Site
from tests.browser.looking import Browse, finds_nothing, fits
from tests.sdk.builders import a_program
from tests.server.builders import SHOP
from tests.server.shell.browser import PASSWORD, an_account

pytestmark = pytest.mark.slow

TITLE = f"/owner/shops/{SHOP}/messages/friends/page/friend.title"


@pytest.fixture
def owner(site: Site, page: Page, browse: Browse) -> Page:
    # Chromium looks for an icon that the shell does not have.
    browse.forgiven.append("404")
    an_account(site.house, "owner@tea.example", Role.OWNER)
    page.goto(f"{site.url}/owner/sign-in")
    page.fill("input[name=email]", "owner@tea.example")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/owner/shops/**")
    return page


def sound(page: Page) -> None:
    finds_nothing(page)
    fits(page)


def test_a_text_is_previewed_kept_and_doubted(site: Site, owner: Page) -> None:
    owner.goto(site.url + TITLE)
    sound(owner)
    owner.fill("#text-en", "10% off, from\n{{ advocate }} شاي")
    owner.fill("#text-zh-Hant", "九折，{{ advocate }} 送您")
    owner.click("button[value=preview]")
    expect(owner.get_by_text("九折，小美送您", exact=True)).to_be_visible()
    sound(owner)
    owner.click("button[value=save]")
    expect(owner.get_by_text("read from now on").or_(owner.get_by_text("已儲存"))).to_be_visible()
    said = site.referrals.messages.say("friends", channel=Channel.PAGE, code="ALICE10")
    # As it was written: a browser ends lines its own way.
    assert said["friend.title"] == "10% off, from\nAlice شاي"
    site.referrals.programs.save(a_program(offer=percent_off(20)))
    owner.goto(f"{site.url}/owner/shops/{SHOP}/messages")
    expect(owner.locator("section.told li")).to_have_count(2)
    sound(owner)


def test_a_text_that_may_not_stand_is_marked_where_it_was_written(
    site: Site, owner: Page, browse: Browse
) -> None:
    browse.forgiven.append("422")
    owner.goto(site.url + TITLE)
    owner.fill("#text-en", "{% for one in offer %}x{% endfor %}")
    owner.click("button[value=save]")
    expect(owner.locator("#text-en[aria-invalid=true]")).to_have_value(
        "{% for one in offer %}x{% endfor %}"
    )
    sound(owner)
