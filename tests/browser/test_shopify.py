"""What an owner sees of a Shopify shop in a real browser: joining it, and how it is doing."""

from __future__ import annotations

import hashlib
import hmac
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from playwright.sync_api import Page

from goodword import Kind, share_of_order
from goodword_server.app import create_app
from goodword_server.house import House
from goodword_server.shell.roles import Role
from goodword_server.worker import Worker
from goodword_shopify import Shopify
from goodword_shopify.app import ShopifyApp
from goodword_shopify.joining import App
from goodword_shopify.standin import CLIENT, SCOPES, SECRET, Shop, StandIn
from tests.browser.looking import Browse, Screen, looks_well
from tests.sdk.builders import Clock, a_program
from tests.server.builders import a_house
from tests.server.everywhere.wsgi import on_a_socket
from tests.server.processes import free_port
from tests.server.shell.browser import PASSWORD, an_account

TEA = "tea-house.myshopify.com"
MEI = "mei@tea.example"
CREDIT = "write_store_credit_account_transactions"


@dataclass(frozen=True)
class Site:
    """Our server on a socket, with the app of Shopify's that is registered there."""

    url: str
    house: House
    standin: StandIn
    clock: Clock

    @property
    def desk(self) -> str:
        return f"{self.url}/owner/shops/tea-house"

    def on(self, **duration: float) -> None:
        self.clock.on(**duration)
        self.standin.clock.to(self.clock())

    def work(self) -> None:
        worker = Worker(self.house)
        while worker.once():
            pass


@pytest.fixture
def site(migrated: Path, tmp_path: Path) -> Iterator[Site]:
    # Session tokens are of this minute, by whatever clock reads them.
    port, clock = free_port(), Clock(datetime.now(UTC).replace(microsecond=0))
    url = f"https://thanks.localhost:{port}"
    database = f"sqlite:///{shutil.copy(migrated, tmp_path)}"
    with (
        StandIn() as standin,
        a_house(database, clock, public_url=url, hooks_local=True) as house,
    ):
        standin.clock.to(clock())
        at = App(client=CLIENT, secrets=[SECRET], address=lambda domain: f"{standin.url}/{domain}")
        shopify = Shopify(now=standin.clock.now, sleep=standin.clock.sleep)
        house.platforms = {**house.platforms, "shopify": shopify}
        house.apps = {"shopify": ShopifyApp(at)}
        an_account(house, MEI, Role.OWNER, shop="tea-house")
        program = a_program(reward=share_of_order(10, as_=Kind.STORE_CREDIT))
        house.referrals("tea-house").programs.save(program)
        with on_a_socket(create_app(house=house), port, tls="adhoc"):
            yield Site(url, house, standin, clock)
    assert standin.unresolved == []


@pytest.fixture
def tea(site: Site) -> Shop:
    return site.standin.open(TEA, scopes=SCOPES - {CREDIT})


@pytest.fixture
def owner(site: Site, browse: Browse, screen: Screen, language: str) -> Page:
    """A window of each width in each language in which the owner has signed in."""
    page = browse(screen, language, ignore_https_errors=True)
    page.goto(f"{site.url}/owner/sign-in")
    page.fill("#email", MEI)
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/shops/**")
    return page


def test_an_owner_is_led_to_their_shop_and_reads_how_it_is_doing(
    site: Site, owner: Page, tea: Shop, browse: Browse
) -> None:
    owner.goto(f"{site.desk}/connect")
    looks_well(owner)
    owner.fill("#url-shopify", TEA)
    owner.click("form:has(#url-shopify) button")
    owner.wait_for_selector("a[role=button]")
    looks_well(owner)
    owner.goto(agreed(site, owner.locator("a[role=button]").get_attribute("href") or ""))
    looks_well(owner)
    open_in_the_admin(site, browse)
    tea.discounts.offer("Winter sale, twenty off everything that is warm")
    site.work()
    owner.goto(f"{site.desk}/connect")
    looks_well(owner)
    owner.goto(f"{site.desk}/")
    read = owner.locator("main").inner_text()
    assert CREDIT in read
    assert "Winter sale" in read
    looks_well(owner)
    site.standin.doors.shut(TEA)
    site.on(hours=26)
    site.work()
    owner.goto(f"{site.desk}/")
    assert owner.locator("main").inner_text() != read
    looks_well(owner)


def agreed(site: Site, way: str) -> str:
    """Agree as an owner does; return where the shop leads back to."""
    asked = dict(parse_qsl(urlsplit(way).query))
    query = {
        "code": site.standin.doors.code(TEA),
        "shop": TEA,
        "state": asked["state"],
        "timestamp": str(int(site.clock().timestamp())),
    }
    joined = "&".join(f"{name}={query[name]}" for name in sorted(query))
    made = hmac.new(SECRET.encode(), joined.encode(), hashlib.sha256).hexdigest()
    return f"{asked['redirect_uri']}?{urlencode(query | {'hmac': made})}"


def open_in_the_admin(site: Site, browse: Browse) -> None:
    """Open the app's page as the admin does, which has Shopify's own script."""
    browse.forgiven += [r"https://cdn\.shopify\.com/", "net::ERR_NAME_NOT_RESOLVED"]
    token = site.standin.doors.session_token(TEA, exp=int(site.clock().timestamp()) + 600)
    window = browse(ignore_https_errors=True)
    window.goto(f"{site.url}/app/shopify?{urlencode({'shop': TEA, 'id_token': token})}")
    assert "tea-house" in window.locator("main").inner_text()
    looks_well(window)
