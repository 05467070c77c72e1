"""The owner's pages of webhooks in a real browser: they can be read, used and seen by everybody."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import Page

from goodword_server.shell.roles import Role
from goodword_server.telling.endpoints import Endpoints
from tests.browser.conftest import Site
from tests.browser.looking import Browse, finds_nothing, fits
from tests.server.builders import SHOP
from tests.server.shell.browser import PASSWORD, an_account

MEI: Final = "mei@tea.example"


@pytest.fixture
def owner(site: Site, page: Page) -> Page:
    """A window in which the owner has signed in."""
    an_account(site.house, MEI, Role.OWNER)
    page.goto(f"{site.url}/owner/sign-in")
    page.fill("#email", MEI)
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/shops/**")
    return page


def test_webhooks_are_added_rotated_and_removed_by_hand(
    site: Site, owner: Page, browse: Browse
) -> None:
    # A form that is wrong has a status of its own.
    browse.forgiven.append("status of 422")
    owner.goto(f"{site.url}/owner/shops/{SHOP}/webhooks")
    looks_well(owner)
    owner.fill("#url", "https://10.0.0.1/hooks")
    owner.click("form.sheet button")
    owner.wait_for_selector("[aria-invalid=true]")
    looks_well(owner)
    owner.fill("#url", "https://tea.example/hooks")
    owner.click("form.sheet button")
    first = secret_on(owner)
    looks_well(owner)
    (one,) = Endpoints(site.house, SHOP).list()
    owner.goto(f"{site.url}/owner/shops/{SHOP}/webhooks/{one.id}")
    owner.locator("form[action$='/secret'] button").click()
    assert secret_on(owner) != first
    owner.on("dialog", lambda asked: asked.accept())
    owner.locator("form[action$='/end'] button").click()
    owner.wait_for_url("**/webhooks")
    assert Endpoints(site.house, SHOP).list() == []


def test_the_page_to_change_an_address_can_be_used(site: Site, owner: Page) -> None:
    owner.goto(f"{site.url}/owner/email")
    looks_well(owner)


def secret_on(page: Page) -> str:
    return page.locator("code.key").inner_text()


def looks_well(page: Page) -> None:
    finds_nothing(page)
    fits(page)
