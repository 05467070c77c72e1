"""The example page works as it is written, but for where our server is and with which key."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.embedding import embedded, known
from tests.browser.fronts import Front
from tests.browser.looking import finds_nothing, fits

EXAMPLE = Path(__file__).parents[2] / "examples" / "widget" / "shop.html"


def test_the_example_shows_the_gift_and_carries_the_code_to_the_checkout(
    site: Site, front: Front, page: Page
) -> None:
    text = EXAMPLE.read_text("utf-8").replace("https://thanks.example", site.url)
    # The page brings a policy of its own along.
    front.policy = ""
    front.pages["/"] = text.replace("gw_pub_…", embedded(site, front).key)
    page.goto(f"{front.url}/?ref=ALICE10")
    visit = known(page)["visit"]
    expect(page.get_by_role("group", name="A gift from Alice")).to_be_visible()
    expect(page.get_by_role("group", name="A gift for your friends")).to_be_visible()
    finds_nothing(page)
    fits(page)
    page.get_by_label("Your e-mail address").fill("bo@friend.example")
    page.get_by_role("button", name="Buy the oolong").click()
    page.wait_for_url("**/checkout?*")
    assert f"_goodword_code=ALICE10&_goodword_visit={visit}" in front.asked[-1]
