"""The widget keeps a friend's code for the checkout, where the friend agreed, and gives it back."""

from __future__ import annotations

import re
from time import time

import pytest
from playwright.sync_api import Page, expect

from goodword import Advocate
from goodword_server.storage.keys import KeyScope
from goodword_server.widget import script
from tests.browser.conftest import Site
from tests.browser.embedding import FORM, Embedded, embedded, kept, known
from tests.browser.fronts import Front, a_front
from tests.browser.looking import Browse
from tests.sdk.builders import a_program, carol
from tests.server.builders import connect

NOTHING = {"code": None, "visit": None}


@pytest.fixture
def shop(site: Site, front: Front) -> Embedded:
    return embedded(site, front)


def test_a_code_and_a_visit_in_the_address_are_known_on_every_page(
    shop: Embedded, browse: Browse
) -> None:
    page = browse()
    page.goto(shop.page() + "?ref=ALICE10&gw=v-123&utm_source=line#tea")
    known_here = {"code": "ALICE10", "visit": "v-123"}
    assert known(page) == known_here
    # Nothing in the address is touched.
    assert page.url.endswith("/?ref=ALICE10&gw=v-123&utm_source=line#tea")
    page.goto(shop.page(path="/checkout"))
    assert known(page) == known_here
    assert shop.visits() == []


def test_a_link_that_leads_through_us_is_known(shop: Embedded, browse: Browse) -> None:
    page = browse()
    shop.page(path="/oolong")
    page.goto(f"{shop.site.url}/tea-house/r/ALICE10?to=/oolong&via=line")
    (visit,) = shop.site.place.visits()
    assert known(page) == {"code": "ALICE10", "visit": visit["id"]}


def test_a_code_alone_is_recorded_as_a_visit_once(shop: Embedded, browse: Browse) -> None:
    page = browse()
    page.goto(shop.page(path="/oolong") + "?ref=ALICE10&via=qr&email=mei@tea.example")
    told = known(page)
    (visit,) = shop.site.place.visits()
    assert told == {"code": "ALICE10", "visit": visit["id"]}
    page.reload()
    page.goto(shop.page() + "?ref=ALICE10")
    assert known(page)["visit"] == visit["id"]
    # Of the address nothing but the path is told.
    assert shop.visits() == [("ALICE10", "/oolong", "qr")]


def test_it_is_kept_as_long_as_the_programs_window(shop: Embedded, browse: Browse) -> None:
    page = browse()
    page.goto(shop.page() + "?ref=ALICE10")
    known(page)
    (cookie,) = page.context.cookies()
    days = (cookie["expires"] - time()) / 86400
    assert 29.9 < days < 30.1
    assert (cookie["domain"], cookie["path"], cookie["sameSite"]) == ("tea.localhost", "/", "Lax")


def test_the_last_one_who_sent_a_friend_counts(shop: Embedded, browse: Browse) -> None:
    shop.site.referrals.advocates.invite("friends", Advocate(id="bob"), code="BOB10")
    page = browse()
    page.goto(shop.page() + "?ref=ALICE10")
    known(page)
    page.goto(shop.page() + "?ref=BOB10")
    assert known(page)["code"] == "BOB10"
    assert [code for code, _, _ in shop.visits()] == ["ALICE10", "BOB10"]


def test_a_code_that_nobody_holds_is_not_kept(shop: Embedded, browse: Browse) -> None:
    browse.forgiven.append("status of 404")
    page = browse()
    page.goto(shop.page() + "?ref=ALICE10")
    before = known(page)
    page.goto(shop.page() + "?ref=NOBODY")
    # What was kept before is as it was.
    assert known(page) == before
    page.context.clear_cookies()
    page.goto(shop.page() + "?ref=NOBODY")
    assert known(page) == NOTHING
    assert kept(page.context) == {}


@pytest.mark.parametrize(
    "address",
    [
        "?ref=" + "A" * 33,
        "?ref=ALICE%2010",
        "?ref=%3Cscript%3E",
        "?ref=%E8%8C%B6",
        "?ref=A.B",
        "?ref=",
        "?gw=v-123",
        "?reference=ALICE10",
        "",
    ],
)
def test_what_is_no_code_is_let_be(shop: Embedded, browse: Browse, address: str) -> None:
    page = browse()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(shop.page() + address)
    assert known(page) == NOTHING
    assert kept(page.context) == {}
    # The page and the script, and nothing else was asked for.
    assert len(asked) == 2


# Consent.


def test_without_consent_it_lasts_as_long_as_the_page(shop: Embedded, browse: Browse) -> None:
    page = browse()
    page.goto(shop.page(consent="required") + "?ref=ALICE10&gw=v-123")
    assert known(page)["code"] == "ALICE10"
    assert kept(page.context) == {}
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.goto(shop.page(consent="required"))
    assert known(page) == NOTHING


def test_what_is_not_said_to_be_given_is_required(shop: Embedded, browse: Browse) -> None:
    page = browse()
    page.goto(shop.page(consent="") + "?ref=ALICE10&gw=v-123")
    known(page)
    assert kept(page.context) == {}


def test_consent_that_is_given_on_the_page_keeps_it(shop: Embedded, browse: Browse) -> None:
    page = browse()
    page.goto(shop.page(consent="required") + "?ref=ALICE10&gw=v-123")
    known(page)
    # As consent banners do: no at first, then what the friend says.
    page.evaluate("goodword.consent(false)")
    page.evaluate("goodword.consent(true)")
    assert kept(page.context)["goodword_tea-house"].startswith("ALICE10.v-123.")
    page.goto(shop.page(consent="required"))
    assert known(page)["code"] == "ALICE10"


def test_consent_withdrawn_deletes_it(shop: Embedded, browse: Browse) -> None:
    page = browse()
    page.goto(shop.page() + "?ref=ALICE10&gw=v-123")
    known(page)
    page.goto(shop.page(FORM))
    known(page)
    page.evaluate("goodword.consent(false)")
    assert kept(page.context) == {}
    assert known(page) == NOTHING
    assert page.evaluate("[...new FormData(document.forms[0]).keys()]") == ["name"]


def test_who_asks_for_privacy_has_not_agreed_unless_they_say_so(
    shop: Embedded, browse: Browse
) -> None:
    context = browse.context()
    context.add_init_script(
        "Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})"
    )
    page = context.new_page()
    page.goto(shop.page() + "?ref=ALICE10&gw=v-123")
    assert known(page)["code"] == "ALICE10"
    assert kept(context) == {}
    page.evaluate("goodword.consent(true)")
    assert "goodword_tea-house" in kept(context)


def test_where_cookies_are_blocked_it_lasts_as_long_as_the_page(
    shop: Embedded, browse: Browse
) -> None:
    context = browse.context()
    context.add_init_script(
        "Object.defineProperty(document, 'cookie', {"
        "get() { throw new DOMException('blocked', 'SecurityError') },"
        "set() { throw new DOMException('blocked', 'SecurityError') }})"
    )
    page = context.new_page()
    page.goto(shop.page(FORM) + "?ref=ALICE10&gw=v-123")
    assert known(page)["code"] == "ALICE10"
    assert "_goodword_code" in page.evaluate("[...new FormData(document.forms[0]).keys()]")


# The checkout.


def test_a_form_that_is_marked_carries_it_along(shop: Embedded, front: Front, page: Page) -> None:
    page.goto(shop.page(FORM) + "?ref=ALICE10&gw=v-123&via=typed")
    known(page)
    page.get_by_label("Name").fill("Bo")
    page.get_by_role("button", name="Buy").click()
    page.wait_for_url("**/checkout?*")
    assert front.asked[-1] == (
        "/checkout?name=Bo&_goodword_code=ALICE10&_goodword_visit=v-123&_goodword_via=link"
    )


def test_a_form_of_nobody_who_was_sent_carries_nothing(
    shop: Embedded, front: Front, browse: Browse
) -> None:
    page = browse()
    page.goto(shop.page(FORM))
    known(page)
    page.get_by_role("button", name="Buy").click()
    page.wait_for_url("**/checkout?*")
    assert front.asked[-1] == "/checkout?name="


def test_a_form_that_comes_later_is_filled_as_it_is_sent(
    shop: Embedded, front: Front, browse: Browse
) -> None:
    page = browse()
    page.goto(shop.page(FORM.replace("data-goodword", "")) + "?ref=ALICE10&gw=v-123")
    known(page)
    page.evaluate("document.forms[0].setAttribute('data-goodword', '')")
    page.get_by_role("button", name="Buy").click()
    page.wait_for_url("**/checkout?*")
    assert "_goodword_code=ALICE10&_goodword_visit=v-123" in front.asked[-1]


def test_whoever_listens_is_told(shop: Embedded, browse: Browse) -> None:
    context = browse.context()
    context.add_init_script(
        "window.heard = []; document.addEventListener('goodword', e => heard.push(e.detail))"
    )
    page = context.new_page()
    page.goto(shop.page() + "?ref=ALICE10")
    visit = known(page)["visit"]
    assert page.evaluate("heard.at(-1)") == {
        "shop": "tea-house",
        "code": "ALICE10",
        "visit": visit,
    }


# More than one.


def test_loaded_twice_it_does_nothing_twice(shop: Embedded, browse: Browse) -> None:
    page = browse()
    page.goto(shop.page(shop.script() + FORM) + "?ref=ALICE10")
    known(page)
    assert len(shop.visits()) == 1
    assert page.locator("input[name=_goodword_code]").count() == 1


def test_two_shops_on_one_page_do_not_mix(shop: Embedded, browse: Browse) -> None:
    browse.forgiven.append("status of 404")
    house = shop.site.house
    connect(house, "coffee", shop.front.url)
    house.referrals("coffee").programs.save(a_program())
    carol(house.referrals("coffee"))
    other = embedded(shop.site, shop.front, "coffee")
    page = browse()
    page.goto(shop.page(other.script()) + "?ref=ALICE10")
    assert known(page, "tea-house")["code"] == "ALICE10"
    assert known(page, "coffee") == NOTHING
    page.goto(shop.page(other.script()) + "?ref=CAROL")
    assert known(page, "tea-house")["code"] == "ALICE10"
    assert known(page, "coffee")["code"] == "CAROL"
    assert set(kept(page.context)) == {"goodword_tea-house", "goodword_coffee"}


def test_a_tag_manager_may_put_all_of_it_into_the_address(shop: Embedded, browse: Browse) -> None:
    query = f"shop=tea-house&amp;key={shop.key}&amp;consent=given"
    page = browse()
    tag = f'<script src="{shop.site.url}/goodword.js?{query}" async></script>'
    page.goto(shop.front.show(tag) + "?ref=ALICE10&gw=v-123")
    assert known(page)["code"] == "ALICE10"
    assert "goodword_tea-house" in kept(page.context)


def test_a_secret_key_on_a_page_is_never_used(shop: Embedded, browse: Browse) -> None:
    page = browse()
    warned: list[str] = []
    page.on("console", lambda said: warned.append(said.text))
    secret = shop.site.house.new_key(shop.shop, KeyScope.SECRET)
    page.goto(shop.page(key=secret) + "?ref=ALICE10")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.goodword") is None
    assert shop.visits() == []
    assert re.search("publishable key", " ".join(warned))


def test_another_shops_cookie_is_not_read(shop: Embedded, browse: Browse) -> None:
    page = browse()
    page.goto(shop.page() + "?ref=ALICE10&gw=v-123")
    known(page)
    with a_front("coffee") as elsewhere:
        elsewhere.admit(shop.site.url)
        page.goto(elsewhere.show(shop.script()))
        assert known(page) == NOTHING
        # What is still under way would be cut off with that shop.
        page.close()


@pytest.mark.parametrize("how", ["", "async", "defer"])
def test_it_may_be_loaded_in_any_way(shop: Embedded, browse: Browse, how: str) -> None:
    page = browse()
    page.goto(shop.page(FORM, how=how) + "?ref=ALICE10&gw=v-123")
    assert known(page)["code"] == "ALICE10"
    expect(page.locator("input[name=_goodword_code]")).to_have_value("ALICE10")


def test_the_shop_may_serve_the_script_itself(shop: Embedded, front: Front, browse: Browse) -> None:
    front.pages["/mine/goodword.js"] = script.tight().decode()
    front.policy = front.policy.replace("script-src", "script-src 'self'")
    told = f'data-shop="tea-house" data-key="{shop.key}" data-server="{shop.site.url}/"'
    page = browse()
    page.goto(
        front.show(f'<script src="/mine/goodword.js" {told} async></script>') + "?ref=ALICE10"
    )
    assert known(page)["visit"]
    assert len(shop.visits()) == 1


def test_its_bytes_can_be_pinned(shop: Embedded, browse: Browse) -> None:
    page = browse()
    pinned = f'crossorigin="anonymous" integrity="{script.integrity()}"'
    page.goto(shop.page(how=pinned) + "?ref=ALICE10&gw=v-123")
    assert known(page)["code"] == "ALICE10"
