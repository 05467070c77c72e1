"""The friend's page in a real browser: every state, without JavaScript, on a slow line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from goodword import Advocate, ClaimBy, Proof, ProofKind, Terms
from goodword.model.message import Channel
from goodword.storage.tables import claims
from goodword_server.looks import Look
from goodword_server.storage import looks
from tests.browser.conftest import Site
from tests.browser.fronts import Front
from tests.browser.looking import PHONE, Browse, finds_nothing, fits, slowed
from tests.sdk.builders import Clock, a_program, alice
from tests.server.builders import SHOP, rows

BOB: Final = "bob@friend.example"
HEAVIEST: Final = 30_000
# A page with a status of its own is no fault of the page.
TOLD: Final = r"status of 4\d\d"


@pytest.fixture
def gifts(site: Site, clock: Clock) -> Site:
    """A shop with a look, proofs, and a code for each kind of program."""
    referrals, now = site.referrals, clock.at
    look = Look(name="Mountain Tea 高山茶", colour="#f4d35e")
    site.house.database.write(lambda session: looks.put(session, SHOP, look, now))
    referrals.programs.save(a_program(terms=Terms(new_customer_only=True)))
    for program in (
        a_program(name="phone", terms=Terms(claim_by=ClaimBy.PHONE)),
        a_program(name="shared", terms=Terms(claim_by=ClaimBy.NOTHING)),
        a_program(name="over", starts=now - timedelta(days=9), ends=now),
        a_program(name="later", starts=now + timedelta(days=9)),
    ):
        referrals.programs.save(program)
        referrals.advocates.invite(program.name, alice(), code=program.name.upper())
    bo = Advocate(id="c-9", name="Bo", ended=now)
    referrals.advocates.invite("friends", bo, code="ENDED")
    said = Proof(id="p-1", kind=ProofKind.TESTIMONIAL, text="茶" * 200, consented=now, person="c-1")
    referrals.proofs.save(said)
    return site


def at(site: Site, code: str = "ALICE10", shop: str = SHOP) -> str:
    return f"{site.url}/{shop}/c/{code}"


def words(site: Site, language: str) -> Mapping[str, str]:
    say = site.referrals.messages.say
    return say("friends", channel=Channel.PAGE, language=language, code="ALICE10")


def sent(page: Page, contact: str) -> None:
    page.get_by_role("textbox").fill(contact)
    page.get_by_role("button").click()


def every_state(site: Site, page: Page, clock: Clock) -> Iterator[str]:
    """Show every page that a friend may meet, one after the other."""
    for code in ("ALICE10", "PHONE", "SHARED", "OVER", "LATER", "ENDED", "NOBODY"):
        page.goto(at(site, code))
        yield code
    page.goto(at(site, shop="nowhere"))
    yield "nowhere"
    page.goto(at(site))
    page.locator("summary").click()
    yield "already a customer"
    sent(page, "alice@shop.example")
    yield "own"
    page.goto(at(site, "PHONE"))
    sent(page, "12")
    yield "wrong"
    page.goto(at(site))
    page.context.clear_cookies()
    sent(page, BOB)
    yield "again"
    page.get_by_role("button").click()
    yield "taken"
    clock.on(days=1)
    page.reload()
    yield "taken before"


def test_every_state_can_be_read_by_everybody(
    gifts: Site, page: Page, browse: Browse, clock: Clock
) -> None:
    browse.forgiven.append(TOLD)
    seen = []
    for state in every_state(gifts, page, clock):
        seen.append(state)
        finds_nothing(page)
        fits(page)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert len(seen) == 14


def test_a_gift_is_taken_without_javascript(
    gifts: Site, browse: Browse, language: str, front: Front
) -> None:
    page = browse(PHONE, language, javascript=False)
    said = words(gifts, language)
    page.goto(at(gifts) + "?via=line&to=/tea")
    expect(page.get_by_role("heading", level=1)).to_have_text(said["friend.title"])
    sent(page, BOB)
    expect(page.get_by_role("heading", level=1)).to_have_text(said["friend.got.title"])
    (claim,) = rows(gifts.house, claims)
    expect(page.get_by_text(claim["coupon"], exact=True)).to_be_visible()
    # Gone back, or loaded again: nothing is sent twice.
    page.reload()
    expect(page.get_by_text(claim["coupon"], exact=True)).to_be_visible()
    page.get_by_role("link", name=said["friend.to_shop"]).click()
    page.wait_for_url(re.compile(re.escape(front.url)))
    parts = urlsplit(page.url)
    assert parts.path == "/tea"
    assert parse_qs(parts.query) == {"ref": ["ALICE10"], "gw": [claim["visit"]]}
    assert [visit["via"] for visit in gifts.place.visits()] == ["line"]


def test_a_gift_is_taken_by_keyboard_alone(gifts: Site, browse: Browse) -> None:
    page = browse()
    page.goto(at(gifts))
    page.keyboard.press("Tab")
    expect(page.get_by_label("Your e-mail address")).to_be_focused()
    page.keyboard.type(BOB)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("It is yours")


def test_a_page_speaks_the_other_language_when_asked(gifts: Site, browse: Browse) -> None:
    page = browse(PHONE, "en")
    page.goto(at(gifts))
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Alice 送您的禮物")
    sent(page, BOB)
    expect(page.get_by_role("heading", level=1)).to_have_text("禮物是您的了")


def test_a_slow_line_carries_one_light_page(gifts: Site, browse: Browse) -> None:
    page = browse()
    session = slowed(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    weights: dict[str, float] = {}
    session.send("Network.enable")
    session.on(
        "Network.loadingFinished",
        lambda told: weights.update({told["requestId"]: told["encodedDataLength"]}),
    )
    page.goto(at(gifts))
    expect(page.get_by_role("button")).to_be_enabled()
    assert asked == [at(gifts)]
    assert 0 < sum(weights.values()) < HEAVIEST


def test_nothing_moves_while_a_page_is_read(gifts: Site, page: Page) -> None:
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => { for (const one of "
        "list.getEntries()) window.moved += one.value; })"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    page.goto(at(gifts))
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.moved") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("colour", ["#ffffff", "#000000", "#f4d35e", "#808080", "#00ff00"])
def test_every_shops_colour_can_be_read(
    gifts: Site, browse: Browse, scheme: str, colour: str
) -> None:
    look = Look(name="Tea", colour=colour)
    now = gifts.house.now()
    gifts.house.database.write(lambda session: looks.put(session, SHOP, look, now))
    page = browse(color_scheme=scheme)
    page.goto(at(gifts))
    finds_nothing(page)
