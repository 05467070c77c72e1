"""A server to test: a connected shop, friends who click, deliveries, and what the tables hold."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from jinja2 import Undefined
from sqlalchemy import Table, select
from werkzeug.test import Client, TestResponse

from goodword import Referrals
from goodword.platforms import Delivery
from goodword.storage.tables import visits
from goodword.storage.troubles import unpacked
from goodword_server.app import create_app
from goodword_server.house import House
from goodword_server.settings import Settings
from goodword_server.storage import inbox as deliveries
from goodword_server.storage.installations import Connected
from goodword_server.storage.tables import inbox
from goodword_woocommerce.standin import SECRET, Recorded, StandIn, recorded
from tests.sdk.builders import Clock, a_shop_with

SHOP: Final = "tea-house"
FRONT: Final = "https://tea.example"
PUBLIC: Final = "https://thanks.example"
_PLENTY: Final = 1_000_000
FIRST_SECRET: Final = "first-secret-of-the-tests-0123456789abcdef"
NEXT_SECRET: Final = "next-secret-of-the-tests-0123456789abcdef"

PHONE: Final = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)

LINES_PREVIEWER: Final = "facebookexternalhit/1.1;line-poker/1.0"

# The recorded deliveries that tell of order 17, oldest first.
ON_HOLD: Final = "order-created-bacs-onhold-coupon"
PAID: Final = "order-updated-bacs-processing-paid"
COMPLETED: Final = "order-updated-completed"
REFUND_18: Final = "order-updated-partial-refund"
REFUND_19: Final = "order-updated-fully-refunded"


def settings_of(url: str, **changes: Any) -> Settings:
    settings = Settings(
        database_url=url,
        secrets=(FIRST_SECRET,),
        public_url=PUBLIC,
        # Tests ask often, and at one moment: nobody is in their way but where limits are tried.
        key_limit=_PLENTY,
        address_limit=_PLENTY,
        stranger_limit=_PLENTY,
        guess_limit=_PLENTY,
    )
    return replace(settings, **changes)


@contextmanager
def a_house(url: str, clock: Clock, **changes: Any) -> Iterator[House]:
    """Another process on the same database."""
    house = House(settings_of(url, **changes), now=clock)
    try:
        yield house
    finally:
        house.close()


def connect(house: House, shop: str = SHOP, url: str = FRONT, **changes: Any) -> Connected:
    """Join a shop that signs as the recorded one does, and whose till nobody opens."""
    given = {
        "secrets": [SECRET],
        "credentials": {"consumer_key": StandIn.key, "consumer_secret": StandIn.secret},
        "path": f"hook-of-{shop}",
    }
    return house.connect(shop, "woocommerce", url, **(given | changes))


class Untold(Undefined):
    """A name that a page prints though nobody gave it one: Jinja alone would print nothing."""

    def __str__(self) -> str:
        # An `if` without an `else` is nothing, and has no name.
        return str(self._fail_with_undefined_error()) if self._undefined_name else ""

    def __format__(self, _how: str) -> str:
        return str(self)


def client_of(house: House, *, use_cookies: bool = True) -> Client:
    """Somebody's browser at the one app of a process."""
    kept = vars(house)
    if "app" not in kept:
        kept["app"] = create_app(house=house)
        kept["app"].jinja_env.undefined = Untold
    app: Flask = kept["app"]
    return app.test_client(use_cookies=use_cookies)


@dataclass
class Place:
    """A connected shop with Alice's code ALICE10, and a browser or shop at its door."""

    house: House
    connected: Connected
    client: Client

    @property
    def referrals(self) -> Referrals:
        return self.house.referrals(self.connected.installation.shop)

    def click(self, code: str = "ALICE10", *, shop: str = "", **given: Any) -> TestResponse:
        """Follow a friend's link; ``given`` is what a browser would send along."""
        headers = {"User-Agent": PHONE, **given.pop("headers", {})}
        name = shop or self.connected.installation.shop
        return self.client.get(f"/{name}/r/{code}", headers=headers, **given)

    def deliver(self, what: str | Recorded, *, path: str = "", **headers: str) -> int:
        """Deliver as the shop does; return the status it was answered with."""
        sent = recorded(what) if isinstance(what, str) else what
        return self.post(sent.body, {**sent.headers, **headers}, path=path).status_code

    def post(
        self, body: bytes, headers: Mapping[str, str | None], *, path: str = ""
    ) -> TestResponse:
        address = f"/hooks/woocommerce/{path or self.connected.path}"
        sent = {name: value for name, value in headers.items() if value is not None}
        return self.client.post(address, data=body, headers=sent)

    def inbox(self) -> list[Mapping[str, Any]]:
        """What the inbox holds, oldest first."""
        found = sorted(rows(self.house, inbox), key=lambda row: str(row["id"]))
        return [{**row, "verdict": unpacked(row["verdict"]) or None} for row in found]

    def verdicts(self) -> list[str | None]:
        return [row["verdict"] for row in self.inbox()]

    def visits(self) -> list[Mapping[str, Any]]:
        return sorted(rows(self.house, visits), key=lambda row: str(row["id"]))


def a_place(house: House, **changes: Any) -> Place:
    place = Place(house, connect(house, **changes), client_of(house))
    a_shop_with(place.referrals)
    return place


def rows(house: House, table: Table) -> list[Mapping[str, Any]]:
    """Everything in a table."""
    with house.database.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(select(table))]


def keep(house: House, what: Recorded | str, connected: Connected) -> None:
    """Put a delivery into the inbox as it is, whoever signed it."""
    sent = recorded(what) if isinstance(what, str) else what
    delivery: Delivery = sent.delivery(connected.path)
    row = deliveries.sealed(house.vault, connected.installation.shop, delivery, house.now())
    house.database.write(lambda session: deliveries.add(session, row))


def led_to(answer: TestResponse) -> str:
    """Where a friend is led, without the query."""
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return answer.headers["Location"].partition("?")[0]


def carried(answer: TestResponse) -> dict[str, list[str]]:
    """What travels on in the query."""
    return parse_qs(urlsplit(answer.headers["Location"]).query, keep_blank_values=True)


def problem(answer: TestResponse) -> dict[str, Any]:
    """What a problem document says."""
    assert answer.mimetype == "application/problem+json"
    told: dict[str, Any] = json.loads(answer.data)
    assert told["status"] == answer.status_code
    return told
