"""An owner before their shop's pages, and the stand-in that is joined there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from goodword import amount_off
from goodword_server.house import NOTICED, House
from goodword_server.shell.roles import Role
from goodword_server.worker import Worker
from goodword_woocommerce.standin import StandIn
from tests.sdk.builders import Clock, a_program, a_shop_with
from tests.server.builders import SHOP, a_house, client_of
from tests.server.shell.browser import AT, Browser, Page, somebody

PAGE = f"{AT}/connect"


@dataclass
class Desk:
    """An owner before their shop's pages."""

    house: House
    standin: StandIn
    clock: Clock
    owner: Browser

    def find(self, url: str = "", browser: Browser | None = None) -> Page:
        sent = (browser or self.owner).post(PAGE, url=url or self.standin.url)
        assert sent.status_code == 200, sent.headers
        return Page(sent.text)

    def way(self, page: Page) -> str:
        (told,) = [told for told in page.all("a") if told.get("role") == "button"]
        assert told["hx-boost"] == "false"
        return told["href"]

    def code(self) -> str:
        page = Page(self.owner.post(f"{PAGE}/code").text)
        return next(line.strip() for line in page.text.splitlines() if "/pairing#" in line)

    def join(self) -> None:
        """The owner agrees at the shop."""
        address, body = self.standin.agreed(self.way(self.find()))
        path = address.removeprefix(self.house.settings.public_url)
        answer = client_of(self.house).post(path, data=body, content_type="application/json")
        assert answer.status_code == 200, answer.text

    def work(self) -> None:
        """Do all that is due, once every process knows what changed."""
        self.clock.on(seconds=NOTICED.total_seconds())
        worker = Worker(self.house)
        while worker.once():
            pass

    def leave(self, coupons: str = "keep", sure: str = "yes") -> str:
        return self.owner.said(f"{PAGE}/leave", coupons=coupons, sure=sure)


@pytest.fixture
def desk(url: str, clock: Clock, standin: StandIn, house: House) -> Iterator[Desk]:
    with a_house(url, clock, hooks_local=True) as local:
        a_shop_with(local.referrals(SHOP), a_program(reward=amount_off("5.00", "GBP")))
        yield Desk(local, standin, clock, somebody(local, Role.OWNER))


def health(desk: Desk, browser: Browser | None = None) -> str:
    return " ".join((browser or desk.owner).read(f"{AT}/").text.split())
