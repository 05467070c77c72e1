"""A shop's own program, browser or stranger, asking the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from werkzeug.test import Client, TestResponse

from goodword_server.house import House
from goodword_server.storage.keys import KeyScope
from tests.server.builders import SHOP, client_of

HERE: Final = "203.0.113.7"
ELSEWHERE: Final = "203.0.113.8"


@dataclass
class Asker:
    """Somebody at one address with one key, or none."""

    client: Client
    key: str | None
    address: str = HERE

    def __call__(self, method: str, path: str, **given: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        return self.client.open(
            f"/v1{path}",
            method=method,
            headers={**headers, **given.pop("headers", {})},
            environ_overrides={"REMOTE_ADDR": self.address},
            **given,
        )


def an_asker(
    house: House,
    scope: KeyScope = KeyScope.SECRET,
    *,
    shop: str = SHOP,
    address: str = HERE,
) -> Asker:
    """Somebody with a new key of a shop."""
    return Asker(client_of(house, use_cookies=False), house.new_key(shop, scope), address)


def a_stranger(house: House, *, key: str | None = None, address: str = HERE) -> Asker:
    """Somebody with no key, or with one that is none."""
    return Asker(client_of(house, use_cookies=False), key, address)
