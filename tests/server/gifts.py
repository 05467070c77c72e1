"""Friends before the page of a gift, each with a browser of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask
from werkzeug.test import Client, TestResponse

from tests.server.builders import PHONE, SHOP, Place

BOB: Final = "bob@friend.example"
_TOKEN: Final = re.compile(r'name="token" value="([^"]+)"')
_COUPON: Final = re.compile(r'<p class="coupon">([^<]+)</p>')


@dataclass
class Friend:
    """Somebody with a browser that nobody used before."""

    client: Client
    language: str = "en"
    agent: str = PHONE
    address: str = "203.0.113.7"

    def open(self, code: str = "ALICE10", *, shop: str = SHOP, **given: Any) -> TestResponse:
        """Open the page of a gift; ``given`` is what the browser would send along."""
        return self._ask("GET", code, shop, **given)

    def send(
        self, contact: str, code: str = "ALICE10", *, token: str = "", shop: str = SHOP
    ) -> TestResponse:
        """Send the form as it is told here."""
        return self._ask("POST", code, shop, data={"contact": contact, "token": token})

    def take(self, contact: str = BOB, code: str = "ALICE10", *, shop: str = SHOP) -> TestResponse:
        """Open the page, fill in the form and send it."""
        return self.send(contact, code, token=token_of(self.open(code, shop=shop)), shop=shop)

    def _ask(self, method: str, code: str, shop: str, **given: Any) -> TestResponse:
        headers = {"User-Agent": self.agent, "Accept-Language": self.language}
        return self.client.open(
            f"/{shop}/c/{code}",
            method=method,
            headers={**headers, **given.pop("headers", {})},
            environ_overrides={"REMOTE_ADDR": self.address},
            **given,
        )


def a_friend(place: Place, **changes: Any) -> Friend:
    app = place.client.application
    assert isinstance(app, Flask)
    return Friend(app.test_client(), **changes)


def token_of(page: TestResponse) -> str:
    """What the form brings back; nothing, where there is none."""
    found = _TOKEN.search(page.text)
    return found[1] if found else ""


def coupon_on(page: TestResponse) -> str | None:
    """The coupon, or code, that a page shows."""
    found = _COUPON.search(page.text)
    return found[1] if found else None
