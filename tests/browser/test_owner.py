"""The owner's pages of webhooks in a real browser: they can be read, used and seen by everybody."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import Page

from goodword import Proof, ProofKind
from goodword_server.shell.roles import Role
from goodword_server.telling.endpoints import Endpoints
from tests.browser.conftest import Site
from tests.browser.looking import Browse, looks_well
from tests.sdk.builders import START
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


@pytest.mark.slow
@pytest.mark.parametrize("path", ["invite", "proofs", "look"])
def test_the_pages_of_what_friends_see_can_be_used(site: Site, owner: Page, path: str) -> None:
    site.referrals.proofs.save(
        Proof(
            id="p-1",
            kind=ProofKind.ARTICLE,
            text="The tea house that answers letters " + "陳年烏龍" * 20,
            link=f"https://paper.example/{'tea' * 60}",
            person="c-1",
            consented=START,
        )
    )
    owner.goto(f"{site.url}/owner/shops/{SHOP}/{path}")
    looks_well(owner)


@pytest.mark.slow
def test_a_list_is_looked_at_before_anybody_is_invited(
    site: Site, owner: Page, browse: Browse
) -> None:
    browse.forgiven.append("status of 422")
    owner.goto(f"{site.url}/owner/shops/{SHOP}/invite")
    for people in ("美玲,mei@tea.example", "美玲,nothing\n,x@tea.example"):
        data = f"name,email\n{people}\n".encode()
        owner.set_input_files(
            "input[type=file]", {"name": "list.csv", "mimeType": "text/csv", "buffer": data}
        )
        owner.select_option("select[name=relation]", "customer")
        owner.check("input[name=vouched]")
        owner.click("form.sheet button")
        owner.wait_for_selector("text=美玲")
        looks_well(owner)


@pytest.mark.slow
def test_the_way_through_the_pages_fits_a_phone_and_shows_where_one_is(
    site: Site, owner: Page
) -> None:
    groups = owner.locator("header nav.pages a")
    assert groups.count() == 4
    groups.nth(3).click()
    owner.wait_for_url("**/webhooks")
    owner.locator("nav.within a", has_text="API").click()
    owner.wait_for_url("**/keys")
    assert owner.locator("header [aria-current=true]").count() == 1
    assert owner.locator("nav.within [aria-current=page]").count() == 1
    looks_well(owner)


@pytest.mark.slow
def test_who_misses_a_page_reads_a_page(site: Site, page: Page, browse: Browse) -> None:
    browse.forgiven.append("status of 404")
    page.goto(f"{site.url}/{SHOP}/c/ALICE10/")
    looks_well(page)


def test_the_page_to_change_an_address_can_be_used(site: Site, owner: Page) -> None:
    owner.goto(f"{site.url}/owner/email")
    looks_well(owner)


def secret_on(page: Page) -> str:
    return page.locator("code.key").inner_text()
