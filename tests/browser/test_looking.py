"""The eyes themselves: what goes wrong on a page is seen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site
from tests.browser.fronts import Front
from tests.browser.looking import DESKTOP, PHONE, Browse, Screen, finds_nothing, fits, slowed


@pytest.fixture
def glance(chromium_open: Browser) -> Iterator[Browse]:
    """Opens windows whose troubles a test asks for."""
    browse = Browse(chromium_open)
    yield browse
    browse.forgiven.append("")
    browse.end()


def test_a_page_is_seen_as_wide_and_in_the_language_that_is_wanted(
    front: Front, page: Page, screen: Screen, language: str
) -> None:
    page.goto(front.url)
    expect(page.get_by_role("heading", name="Tea House")).to_be_visible()
    assert page.evaluate("innerWidth") == screen.width
    assert page.evaluate("navigator.language") == {"en": "en-US", "zh-Hant": "zh-TW"}[language]
    assert "Headless" not in page.evaluate("navigator.userAgent")
    finds_nothing(page)
    fits(page)


def test_a_friend_follows_a_link_to_the_shop(site: Site, front: Front, browse: Browse) -> None:
    page = browse()
    page.goto(f"{site.url}/tea-house/r/ALICE10?to=/oolong")
    (visit,) = site.place.visits()
    assert page.url == f"{front.url}/oolong?ref=ALICE10&gw={visit['id']}"


WRONG = {
    "uncaught: .*lost": "<script>throw new Error('lost')</script>",
    "console: said aloud": "<script>console.error('said aloud')</script>",
    "asked a foreign host: http://tea.example/": "<img src='http://tea.example/' alt=''>",
}


@pytest.mark.parametrize("trouble", WRONG)
def test_what_goes_wrong_is_seen(front: Front, glance: Browse, trouble: str) -> None:
    front.policy = ""
    glance().goto(front.show(WRONG[trouble]))
    with pytest.raises(AssertionError, match=trouble):
        glance.end()


def test_a_breach_of_the_policy_is_seen(front: Front, glance: Browse) -> None:
    page = glance()
    page.goto(front.show("<script>document.title = 'ours'</script>"))
    assert page.title() == "Tea House"
    with pytest.raises(AssertionError, match="Content Security Policy"):
        glance.end()


def test_what_is_meant_to_go_wrong_may(front: Front, glance: Browse) -> None:
    front.policy = ""
    glance.forgiven.append("said aloud")
    glance().goto(front.show(WRONG["console: said aloud"]))
    glance.end()


def test_axe_sees_what_nobody_can_read(front: Front, browse: Browse) -> None:
    page = browse(DESKTOP)
    page.goto(front.show("<img src='/tea.png'>"))
    with pytest.raises(AssertionError, match="image-alt: <img"):
        finds_nothing(page)


def test_without_javascript_no_script_runs(front: Front, browse: Browse) -> None:
    front.policy = ""
    page = browse(PHONE, javascript=False)
    page.goto(front.show("<p id='p'>as it came</p><script>p.textContent = 'changed'</script>"))
    expect(page.get_by_text("as it came")).to_be_visible()


def test_a_page_comes_through_a_slow_line(front: Front, browse: Browse) -> None:
    page = browse()
    slowed(page)
    page.goto(front.url)
    expect(page.get_by_role("heading", name="Tea House")).to_be_visible()
