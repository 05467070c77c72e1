"""The owner's page of a shop's connection in a real browser: joined, looked at, left by hand."""

from __future__ import annotations

import json
import shutil
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from goodword import amount_off
from goodword_server.app import create_app
from goodword_server.joining import joined
from goodword_server.shell.roles import Role
from goodword_server.worker import Worker
from goodword_woocommerce.standin import StandIn
from tests.browser.conftest import Site
from tests.browser.looking import looks_well
from tests.sdk.builders import Clock, a_program
from tests.server.builders import PAID, SHOP, a_house, a_place
from tests.server.everywhere.wsgi import on_a_socket
from tests.server.processes import free_port
from tests.server.shell.browser import PASSWORD, an_account

MEI = "mei@tea.example"


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


@pytest.fixture
def site(migrated: Path, tmp_path: Path, clock: Clock, standin: StandIn) -> Iterator[Site]:
    """A server by way of development, whose shop may stand on this machine."""
    port = free_port()
    url = f"http://thanks.localhost:{port}"
    database = f"sqlite:///{shutil.copy(migrated, tmp_path)}"
    with a_house(database, clock, public_url=url, hooks_local=True) as house:
        place = a_place(house, url=standin.url)
        place.referrals.programs.save(a_program(reward=amount_off("5.00", "GBP")))
        house.database.write(lambda session: joined.begin_rounds(session, house, SHOP))
        with on_a_socket(create_app(house=house), port):
            yield Site(url, house, place)


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


def work(site: Site) -> None:
    worker = Worker(site.house)
    while worker.once():
        pass


def pair(standin: StandIn, line: str) -> None:
    """Post keys as the shop's plugin does with the line that was pasted."""
    address, _, code = line.partition("#")
    told = {
        "code": code,
        "url": standin.url,
        "consumer_key": standin.key,
        "consumer_secret": standin.secret,
        "key_permissions": "read_write",
    }
    local = address.replace("thanks.localhost", "127.0.0.1")
    request = urllib.request.Request(local, json.dumps(told).encode(), method="POST")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=20) as answer:
        assert answer.status == 200


def test_a_shop_is_left_and_joined_again_by_hand(
    site: Site, owner: Page, standin: StandIn, clock: Clock
) -> None:
    work(site)
    at = f"{site.url}/owner/shops/{SHOP}/connect"
    owner.goto(at)
    looks_well(owner)
    owner.check("#coupons-keep")
    owner.check("#sure")
    owner.click("form[action$='/leave'] button")
    owner.wait_for_selector(".told.good")
    looks_well(owner)
    work(site)
    owner.goto(at)
    assert standin.key[-7:] in owner.locator("main").inner_text()
    looks_well(owner)
    assert standin.shop.hooks.by_id == {}
    clock.on(minutes=1)
    owner.click("form[action$='/code'] button")
    owner.wait_for_selector("code.key")
    looks_well(owner)
    pair(standin, owner.locator("code.key").inner_text())
    owner.goto(at)
    assert standin.url in owner.locator("main").inner_text()
    work(site)
    assert len(standin.shop.hooks.by_id) == 4


def test_what_was_found_at_a_shop_can_be_read(
    site: Site, owner: Page, standin: StandIn, clock: Clock
) -> None:
    standin.shop.show(PAID)
    work(site)
    clock.on(days=15)
    work(site)
    for coupon in standin.shop.coupons.by_id.values():
        coupon |= {"amount": "1.00", "status": "draft"}
    standin.shop.hooks.by_id.clear()
    standin.shop.environment = {"wp_cron": False}
    owner.goto(f"{site.url}/owner/shops/{SHOP}/connect")
    owner.click("form[action$='/now'] button")
    owner.wait_for_selector(".told.good")
    work(site)
    owner.goto(f"{site.url}/owner/shops/{SHOP}/")
    assert "thanks-" in owner.locator("main").inner_text()
    looks_well(owner)
