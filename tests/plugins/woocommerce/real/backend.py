"""The goodword server that is started for a real shop: its owner, its worker, its clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

from playwright.sync_api import Page

from goodword import (
    Program,
    Referrals,
    Terms,
    UnknownOrder,
    percent_off,
    share_of_order,
)
from goodword_server.app import create_app
from goodword_server.house import House
from goodword_server.shell.roles import Role
from goodword_server.worker import Worker
from tests.browser.looking import DESKTOP, Browse
from tests.plugins.woocommerce.real.naming import Named
from tests.sdk.builders import Clock, reward_of
from tests.server.builders import SHOP, a_house
from tests.server.everywhere.wsgi import on_a_socket
from tests.server.processes import free_port
from tests.server.shell.browser import PASSWORD, an_account

T = TypeVar("T")
MEI: Final = "mei@tea.example"
# WP-Cron comes once a minute, and the plugin looks at rewards every five.
_PATIENCE: Final = 400.0


@dataclass
class Running(Clock):
    """The time as it goes, and as far ahead as somebody moved it."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    began: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.at + (datetime.now(UTC) - self.began)


@dataclass
class Backend:
    """Our side of a real shop."""

    url: str
    house: House
    clock: Running

    @property
    def referrals(self) -> Referrals:
        return self.house.referrals(SHOP)

    def promise(self) -> None:
        """Save the program: 10 % for the friend, and as much of the order for the advocate."""
        self.referrals.programs.save(
            Program(
                name="friends",
                title="Give 10%, get 10%",
                offer=percent_off(10),
                reward=share_of_order(10),
                terms=Terms(window_days=30, hold_days=14),
            )
        )

    def work(self) -> None:
        worker = Worker(self.house)
        while worker.once():
            pass

    def until(self, found: Callable[[], T | None], meanwhile: Callable[[], None]) -> T:
        """Work until something is found, as long as a shop may take to tell of it."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            self.work()
            if (one := found()) is not None:
                return one
            meanwhile()
            time.sleep(2)
        raise AssertionError("the shop did not tell of it")

    def told_of(self, order: str) -> bool:
        """Whether the shop told of an order."""
        try:
            self.referrals.credit.explain(order)
        except UnknownOrder:
            return False
        return True

    def coupon_of(self, advocate: str) -> str:
        """Return the text of the coupon that an advocate was thanked with."""
        text = reward_of(self.referrals, advocate).text
        assert text is not None
        return text

    def pairing_code(self, browse: Browse) -> str:
        """Return the line that an owner pastes in WordPress."""
        page = self.owner_page(browse)
        page.goto(self.connecting)
        page.click("form[action$='/code'] button")
        return page.locator("code.key").inner_text()

    def owner_page(self, browse: Browse) -> Page:
        return self.sign_in(browse(DESKTOP, ignore_https_errors=True))

    def sign_in(self, page: Page) -> Page:
        """Let the shop's owner in at their goodword pages."""
        an_account(self.house, MEI, Role.OWNER)
        page.goto(f"{self.url}/owner/sign-in")
        page.fill("#email", MEI)
        page.fill("#password", PASSWORD)
        page.click("main button")
        page.wait_for_url("**/shops/**")
        return page

    @property
    def connecting(self) -> str:
        return f"{self.url}/owner/shops/{SHOP}/connect"


@contextmanager
def a_backend(shop: Named, folder: Path) -> Iterator[Backend]:
    """Start a server; on this machine by https that nobody vouches for, else behind the tunnel."""
    port = shop.port or free_port()
    url = shop.server or f"https://127.0.0.1:{port}"
    clock = Running()
    database = f"sqlite:///{folder / 'goodword.db'}"
    with a_house(database, clock, public_url=url, hooks_local=True) as house:
        house.migrate()
        with on_a_socket(create_app(house=house), port, tls=None if shop.server else "adhoc"):
            yield Backend(url, house, clock)
