"""A server that is slow, down or talks nonsense never breaks a shop's page."""

from __future__ import annotations

from collections.abc import Callable
from time import time

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Site
from tests.browser.embedding import FORM, Embedded, embedded, kept, known
from tests.browser.fronts import Front
from tests.browser.looking import Browse
from tests.server.processes import free_port

BOXES = """<div data-goodword="offer">Tea for everybody</div>
<div data-goodword="share" data-code="ALICE10">Tell your friends</div>"""
CAME = "?ref=ALICE10"


@pytest.fixture
def shop(site: Site, front: Front) -> Embedded:
    return embedded(site, front)


def troubled(page: Page, answer: Callable[[Route], None]) -> None:
    """Let our server answer so, whatever the widget asks."""
    for asked in ("**/widget.json*", "**/v1/visits"):
        page.route(asked, answer)


def still_sells(page: Page, front: Front) -> None:
    """The shop's own page is as it was, and its checkout goes through."""
    expect(page.get_by_text("Tea for everybody")).to_be_visible()
    expect(page.get_by_text("Tell your friends")).to_be_visible()
    page.get_by_role("button", name="Buy").click()
    page.wait_for_url("**/checkout?*")
    assert front.asked[-1].startswith("/checkout?name=")


def test_a_server_that_is_down_takes_nothing_from_the_shop(front: Front, browse: Browse) -> None:
    browse.forgiven.append("net::ERR_")
    nobody = f"http://thanks.localhost:{free_port()}"
    front.admit(nobody)
    tag = f'<script src="{nobody}/goodword.js" data-shop="tea-house" data-key="gw_pub_x"></script>'
    page = browse()
    page.goto(front.show(tag + BOXES + FORM) + CAME)
    still_sells(page, front)


def test_a_script_that_never_comes_is_not_waited_for(
    shop: Embedded, front: Front, browse: Browse
) -> None:
    page = browse()
    page.route("**/goodword.js", lambda route: None)
    page.goto(shop.page(BOXES + FORM) + CAME, wait_until="domcontentloaded")
    still_sells(page, front)


def test_a_server_that_goes_down_leaves_the_code_known(
    shop: Embedded, front: Front, browse: Browse
) -> None:
    browse.forgiven.append("net::ERR_")
    page = browse()
    troubled(page, lambda route: route.abort("connectionrefused"))
    page.goto(shop.page(BOXES + FORM) + CAME)
    assert known(page) == {"code": "ALICE10", "visit": None}
    still_sells(page, front)
    assert "_goodword_code=ALICE10" in front.asked[-1]


def test_until_the_server_is_back_it_is_kept_for_a_day(shop: Embedded, browse: Browse) -> None:
    browse.forgiven.append("net::ERR_")
    page = browse()
    troubled(page, lambda route: route.abort("connectionrefused"))
    page.goto(shop.page() + CAME)
    known(page)
    assert days_left(page) == pytest.approx(1, abs=0.01)
    page.unroute_all()
    page.goto(shop.page(path="/oolong"))
    known(page)
    assert days_left(page) == pytest.approx(30, abs=0.01)
    # Nobody arrived a second time.
    assert shop.visits() == []


def days_left(page: Page) -> float:
    (cookie,) = page.context.cookies()
    return (cookie["expires"] - time()) / 86400


def test_a_server_that_never_answers_is_not_waited_for(
    shop: Embedded, front: Front, browse: Browse
) -> None:
    page = browse()
    troubled(page, lambda route: None)
    page.goto(shop.page(BOXES + FORM) + CAME)
    still_sells(page, front)
    assert "_goodword_code=ALICE10" in front.asked[-1]


def test_in_the_end_it_is_given_up(shop: Embedded, browse: Browse) -> None:
    page = browse()
    troubled(page, lambda route: None)
    page.goto(shop.page(BOXES) + CAME)
    assert known(page)["code"] == "ALICE10"
    expect(page.get_by_text("Tea for everybody")).to_be_visible()


NONSENSE = {
    "a page": "<!doctype html><title>502</title>",
    "nothing": "",
    "null": "null",
    "a list": "[]",
    "a number": "42",
    "a text": '"gift"',
    "broken": '{"code": "ALICE10", ',
    "other shapes": '{"code": {"a": 1}, "words": 7, "days": "many", "id": {}, "state": []}',
    "no words": '{"code": "ALICE10", "state": "other", "days": -3, "words": null}',
    "a way out": '{"code": "../../evil?", "state": "live", "days": 30, "words": {}}',
    "a script": '{"code": "javascript:alert(1)", "state": "live", "words": {}}',
}


@pytest.mark.parametrize("body", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_taken_for_silence(
    shop: Embedded, front: Front, browse: Browse, body: str
) -> None:
    browse.forgiven.append("status of 500")
    page = browse()
    status = 200 if body else 500
    allowing = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"}
    troubled(page, lambda route: route.fulfill(status=status, body=body, headers=allowing))
    page.goto(shop.page(BOXES + FORM) + CAME)
    assert known(page) == {"code": "ALICE10", "visit": None}
    still_sells(page, front)


def test_a_shop_whose_policy_forgot_us_sells_on(
    shop: Embedded, front: Front, browse: Browse
) -> None:
    browse.forgiven += ["connect-src", "Fetch API cannot load"]
    front.policy = f"default-src 'none'; script-src {shop.site.url}; form-action 'self'"
    page = browse()
    page.goto(shop.page(BOXES + FORM) + CAME)
    assert known(page)["code"] == "ALICE10"
    still_sells(page, front)


@pytest.mark.parametrize(
    "broken",
    [
        "delete window.fetch",
        "delete window.AbortController",
        "delete window.CSSStyleSheet",
        "delete Element.prototype.attachShadow",
        "Object.prototype.extra = () => 'of an old library'",
        "Array.prototype.extra = 1",
        "window.goodword = 'of somebody else'",
    ],
)
def test_a_page_that_is_odd_is_not_made_worse(
    shop: Embedded, front: Front, browse: Browse, broken: str
) -> None:
    context = browse.context()
    context.add_init_script(broken)
    page = context.new_page()
    page.goto(shop.page(FORM + BOXES) + CAME)
    assert known(page)["code"] == "ALICE10"
    page.get_by_role("button", name="Buy").click()
    page.wait_for_url("**/checkout?*")
    assert "_goodword_code=ALICE10" in front.asked[-1]


def test_in_a_box_without_cookies_it_lasts_as_long_as_the_page(
    shop: Embedded, front: Front, browse: Browse
) -> None:
    front.policy += "; frame-src 'self'"
    inner = shop.page(path="/inner")
    page = browse()
    page.goto(
        front.show(f'<iframe title="t" sandbox="allow-scripts" src="{inner}{CAME}"></iframe>')
    )
    frame = page.frames[1]
    assert frame.evaluate("goodword.ready.then(() => goodword.code())") == "ALICE10"
    assert kept(page.context) == {}


def test_a_page_made_ready_ahead_of_a_click_is_nobodys_visit(
    shop: Embedded, browse: Browse
) -> None:
    context = browse.context()
    context.add_init_script(
        "Object.defineProperty(document, 'prerendering', {get: () => !window.clicked})"
    )
    page = context.new_page()
    page.goto(shop.page() + CAME)
    assert page.evaluate("goodword.code()") is None
    page.evaluate("clicked = true; document.dispatchEvent(new Event('prerenderingchange'))")
    assert known(page)["visit"]
    assert len(shop.visits()) == 1
