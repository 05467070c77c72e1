"""A server with an app of Shopify's, and shops in whose admin it is opened."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
import pytest
from werkzeug.test import Client, TestResponse

from goodword_server import house as houses
from goodword_server.house import House
from goodword_server.storage.installations import Connected
from goodword_server.worker import Worker
from goodword_shopify import Shopify
from goodword_shopify.app import ShopifyApp
from goodword_shopify.joining import App
from goodword_shopify.standin import CLIENT, SECRET, Shop, StandIn
from goodword_shopify.tokens import utc_now
from tests.sdk.builders import Clock
from tests.server.builders import PHONE, a_house, client_of

TEA = "tea-house.myshopify.com"
BEAN = "bean-street.myshopify.com"
OLD = "shpss_ffffffffffffffffffffffffffffffff"
PAGE = "/app/shopify"
CUSTOMER = "gid://shopify/Customer/9007199254740993"


@dataclass
class Admin:
    """Shopify, as far as it opens an app's page and signs what the app is asked."""

    house: House
    standin: StandIn
    clock: Clock
    app: ShopifyApp
    client: Client
    secret: str = SECRET
    told: dict[str, Any] = field(default_factory=dict)

    def query(self, domain: str = TEA, **other: str | None) -> dict[str, str]:
        """What stands behind the app's address when the admin opens it, signed."""
        usual: dict[str, str | None] = {
            "shop": domain,
            "host": base64.b64encode(b"admin.shopify.com/store/tea-house").decode().rstrip("="),
            "embedded": "1",
            "id_token": self.token(domain),
            "locale": "en",
            "session": "0" * 64,
            "timestamp": str(int(self.clock().timestamp())),
        }
        query = {name: value for name, value in (usual | other).items() if value is not None}
        return self.signed(query)

    def token(self, domain: str = TEA, **other: Any) -> str:
        """A session token that is good now, by whatever clock it is read."""
        now, ends = int(utc_now().timestamp()), int(self.clock().timestamp()) + 60
        moments = {"nbf": now, "iat": now, "exp": ends}
        return self.standin.doors.session_token(domain, **moments | other)

    def signed(self, query: dict[str, str]) -> dict[str, str]:
        joined = "&".join(f"{name}={query[name]}" for name in sorted(query))
        made = hmac.new(self.secret.encode(), joined.encode(), hashlib.sha256).hexdigest()
        return query | {"hmac": made}

    def get(self, path: str, client: Client | None = None) -> TestResponse:
        at = path.removeprefix(self.house.settings.public_url)
        headers = {"Accept": "text/html", "User-Agent": PHONE}
        return (client or self.client).get(at, headers=headers)

    def open(self, domain: str = TEA, **other: str | None) -> TestResponse:
        return self.get(f"{PAGE}?{urlencode(self.query(domain, **other))}")

    def consent(self, page: str, domain: str = TEA) -> str:
        """Agree as an owner does; return where the shop leads back to."""
        asked = dict(parse_qsl(urlsplit(page).query))
        query = {
            "code": self.standin.doors.code(domain),
            "host": "aG9zdA",
            "shop": domain,
            "state": asked["state"],
            "timestamp": str(int(self.clock().timestamp())),
        }
        return f"{asked['redirect_uri']}?{urlencode(self.signed(query))}"

    def connected(self, shop: str = "tea-house") -> Connected | None:
        self.house.remember_nothing()
        return self.house.installation_of(shop)

    def bearer(self, domain: str = TEA, secret: str = "", **other: Any) -> dict[str, str]:
        """What an extension of the checkout brings along, or a page of the admin."""
        now = int(utc_now().timestamp())
        claims = {"dest": domain, "aud": CLIENT, "exp": now + 300, "nbf": now, "iat": now}
        kept = {name: value for name, value in (claims | other).items() if value is not None}
        token = jwt.encode(kept, secret or self.secret, algorithm="HS256")
        return {"Authorization": f"Bearer {token}"}

    def proxied(self, domain: str = TEA, customer: str = "", **other: str) -> str:
        """A query as the shop signs it that hands on what its own page asks."""
        query = {
            "shop": domain,
            "path_prefix": "/apps/gifts",
            "timestamp": str(int(self.clock().timestamp())),
            "logged_in_customer_id": customer,
            **other,
        }
        joined = "".join(sorted(f"{name}={value}" for name, value in query.items()))
        made = hmac.new(self.secret.encode(), joined.encode(), hashlib.sha256).hexdigest()
        return urlencode(query | {"signature": made})

    def on(self, **duration: float) -> None:
        self.clock.on(**duration)
        self.standin.clock.to(self.clock())

    def work(self) -> None:
        worker = Worker(self.house)
        while worker.once():
            pass


@pytest.fixture
def admin(url: str, house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Admin]:
    # Session tokens are of this minute, by whatever clock reads them.
    clock = Clock(datetime.now(UTC).replace(microsecond=0))
    with StandIn() as standin, a_house(url, clock, hooks_local=True) as local:
        standin.clock.to(clock())
        at = App(
            client=CLIENT,
            secrets=[SECRET, OLD],
            address=lambda domain: f"{standin.url}/{domain}",
            timeouts=(2, 5),
        )
        shopify = Shopify(
            now=standin.clock.now,
            clock=lambda: standin.clock.now().timestamp(),
            sleep=standin.clock.sleep,
        )
        local.platforms = {**local.platforms, "shopify": shopify}
        monkeypatch.setattr(houses, "platform", local.platforms.__getitem__)
        app = ShopifyApp(at)
        local.apps = {"shopify": app}
        yield Admin(local, standin, clock, app, client_of(local))
    assert standin.unresolved == []


@pytest.fixture
def tea(admin: Admin) -> Shop:
    return admin.standin.open(TEA)
