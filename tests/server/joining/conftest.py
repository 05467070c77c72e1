"""A server at which an owner joins their shop, and the stand-in that is joined."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from werkzeug.test import Client, TestResponse

from goodword_server.house import NOTICED, House
from goodword_server.joining import states
from goodword_server.shell.roles import Role
from goodword_server.storage import accounts
from goodword_server.worker import Worker
from goodword_woocommerce import WooCommerce
from goodword_woocommerce.standin import StandIn
from tests.sdk.builders import Clock, a_shop_with
from tests.server.builders import SHOP, Place, a_house, client_of
from tests.server.shell.browser import an_account

OWNER = "mei@tea.example"


@dataclass
class Joining:
    """An owner of a shop that is not connected yet."""

    house: House
    standin: StandIn
    clock: Clock
    client: Client

    @property
    def account(self) -> str:
        found = self.house.database.read(lambda s: accounts.find(s, email=OWNER))
        assert found is not None
        return found.id

    def way(self, shop: str = SHOP, url: str = "") -> str:
        """Where the owner is led to agree."""
        house, at = self.house, url or self.standin.url
        state = house.database.write(
            lambda s: states.agreement(s, house, shop, self.account, "woocommerce", at)
        )
        public = house.settings.public_url
        callback = f"{public}/connect/woocommerce/{shop}"
        return WooCommerce().way(at, state=state, callback=callback, back=f"{public}/owner/")

    def code(self, shop: str = SHOP) -> str:
        """A code to be pasted into the shop's plugin."""
        house = self.house
        return house.database.write(
            lambda s: states.pairing_code(s, house, shop, self.account, "woocommerce")
        )

    def bring(self, called: tuple[str, bytes], **headers: str) -> TestResponse:
        """Post keys where the shop was told to."""
        address, body = called
        given = {"Content-Type": "application/json;charset=UTF-8", **headers}
        return self.client.post(urlsplit(address).path, data=body, headers=given)

    def agree(self) -> TestResponse:
        """The whole way of an owner who agrees."""
        return self.bring(self.standin.agreed(self.way()))

    def pair(self, code: str, *, shop: str = SHOP, **changes: Any) -> TestResponse:
        """Post keys as the plugin does."""
        told = {
            "code": code,
            "url": self.standin.url,
            "consumer_key": self.standin.key,
            "consumer_secret": self.standin.secret,
            "key_permissions": "read_write",
        }
        body = json.dumps({**told, **changes})
        address = f"/connect/woocommerce/{shop}/pairing"
        return self.client.post(address, data=body, content_type="application/json")

    def work(self) -> None:
        """Do all that is due, once every process knows what changed."""
        self.clock.on(seconds=NOTICED.total_seconds())
        worker = Worker(self.house)
        while worker.once():
            pass

    @property
    def place(self) -> Place:
        connected = self.house.installation_of(SHOP)
        assert connected is not None
        return Place(self.house, connected, self.client)

    def hooks(self) -> list[str]:
        return [hook["topic"] for hook in self.standin.shop.hooks.by_id.values()]


@pytest.fixture
def joining(url: str, clock: Clock, standin: StandIn, house: House) -> Iterator[Joining]:
    # By way of development, since the stand-in is on this machine.
    with a_house(url, clock, hooks_local=True) as local:
        an_account(local, OWNER, Role.OWNER)
        a_shop_with(local.referrals(SHOP))
        yield Joining(local, standin, clock, client_of(local))
