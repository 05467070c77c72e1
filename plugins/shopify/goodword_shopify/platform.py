"""The platform: whose delivery it is, whether it is signed, what it says, and its till."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from threading import Lock, local
from typing import Final
from urllib.parse import quote

from goodword.apps import App
from goodword.bulk import Bulk
from goodword.model.people import Advocate
from goodword.model.worth import Kind
from goodword.platforms import Address, Delivery, Installation, News, Safe, Till
from goodword.watching import Condition, Giving, Watch
from goodword_shopify import domains, people, scopes, webhooks
from goodword_shopify.app import of_settings
from goodword_shopify.bulk import ShopifyBulk
from goodword_shopify.calling import TIMEOUTS, Caller
from goodword_shopify.client import Client
from goodword_shopify.condition import condition
from goodword_shopify.door import Door
from goodword_shopify.files import Files
from goodword_shopify.granting import Counter
from goodword_shopify.notes import Notes
from goodword_shopify.pace import Pace
from goodword_shopify.till import ShopifyTill
from goodword_shopify.tokens import KeptTokens, Pocket, utc_now
from goodword_shopify.watch import ShopifyWatch

_LINES_MOST: Final = 16
# No shop that sells changes its currency but with Shopify's help.
_CURRENCY_SECONDS: Final = 3600.0


class Shopify:
    """Shopify, told by webhook and asked over its Admin API."""

    name: str = "shopify"
    grants: frozenset[Kind] = frozenset(
        {
            Kind.AMOUNT_OFF,
            Kind.PERCENT_OFF,
            Kind.FREE_SHIPPING,
            Kind.FREE_PRODUCT,
            Kind.GIFT_CARD,
            Kind.STORE_CREDIT,
        }
    )

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = utc_now,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        timeouts: tuple[float, float] = TIMEOUTS,
    ) -> None:
        self._now = now
        self._clock = clock
        self._sleep = sleep
        self._timeouts = timeouts
        self._pocket = Pocket()
        self._paces: dict[str, Pace] = {}
        self._currencies: dict[str, tuple[float, str]] = {}
        self._lines = local()
        self._lock = Lock()

    def address(self, delivery: Delivery) -> Address:
        return webhooks.address(delivery)

    def is_ping(self, delivery: Delivery) -> bool:
        return False

    def verify(self, delivery: Delivery, secrets: Sequence[str]) -> None:
        webhooks.verify(delivery, secrets)

    def read(self, delivery: Delivery, installation: Installation) -> Iterable[News]:
        return webhooks.read(delivery, installation)

    def app(self, told: Mapping[str, str]) -> App:
        return of_settings(told)

    def claim(self, url: str) -> str:
        return domains.of_address(url)

    def tend(self, installation: Installation) -> bool:
        return self._tokens(installation, self._caller(installation)).keep_alive()

    def applying(self, installation: Installation, landing: str, coupon: str) -> str:
        front, code = installation.url.rstrip("/"), quote(coupon, safe="")
        return f"{front}/discount/{code}?redirect={quote(landing, safe='')}"

    def customer(self, installation: Installation, id: str) -> Advocate | None:
        return people.customer(self._client(installation), id)

    def buyer(self, installation: Installation, order: str, checkout: str) -> Advocate | None:
        return people.buyer(self._client(installation), order, checkout)

    def open(self, installation: Installation) -> Till:
        return self._till(installation)

    def bulk(self, installation: Installation) -> Bulk:
        files = Files(installation.shop, installation.url, self._timeouts)
        till, settings = self._till(installation), installation.settings
        return ShopifyBulk(self._client(installation), till, files, settings)

    def _till(self, installation: Installation) -> ShopifyTill:
        client = self._client(installation)
        counter = Counter(
            client=client,
            settings=installation.settings,
            notes=Notes(installation.shop, self._safe(installation)),
            now=self._now,
            currency=partial(self._currency, installation.url, client),
            sees_all=self.shown_since(installation, self._now()) is None,
        )
        return ShopifyTill(counter, installation.credentials.get("scope", ""))

    def watch(self, installation: Installation) -> Watch:
        domain, settings = domains.of_address(installation.url), installation.settings
        client, safe = self._client(installation), self._safe(installation)

        def keys() -> Mapping[str, str]:
            return safe.renew(installation.shop, lambda found: found)

        def look(giving: Collection[Giving]) -> Condition:
            return condition(client, domain, settings, keys, giving, self._now())

        return ShopifyWatch(client, settings, look)

    def shown_since(self, installation: Installation, now: datetime) -> datetime | None:
        granted = installation.credentials.get("scope", "").split(",")
        return None if scopes.ALL_ORDERS in granted else now - scopes.SHOWN

    def _currency(self, url: str, client: Client) -> str:
        """Return in what a shop counts, asked once an hour."""
        until, currency = self._currencies.get(url, (0.0, ""))
        if not currency or self._clock() >= until:
            currency = str(client.ask("ShopCurrency")["shop"]["currencyCode"])
            self._currencies[url] = self._clock() + _CURRENCY_SECONDS, currency
        return currency

    def _client(self, installation: Installation) -> Client:
        caller = self._caller(installation)
        return Client(
            caller,
            self._tokens(installation, caller),
            pace=self._pace(installation.url),
            sleep=self._sleep,
        )

    def _caller(self, installation: Installation) -> Caller:
        """Return the thread's own line to a shop, which stays open from till to till."""
        lines: OrderedDict[tuple[str, str], Caller]
        lines = self._lines.__dict__.setdefault("open", OrderedDict())
        key = installation.shop, installation.url
        if key not in lines:
            lines[key] = Caller(installation.shop, installation.url, self._timeouts)
        lines.move_to_end(key)
        if len(lines) > _LINES_MOST:
            lines.popitem(last=False)[1].close()
        return lines[key]

    def _safe(self, installation: Installation) -> Safe:
        return installation.safe or self._pocket.of(installation)

    def _tokens(self, installation: Installation, caller: Caller) -> KeptTokens:
        keys = installation.credentials
        door = Door(caller, keys.get("client_id", ""), keys.get("client_secret", ""))
        return KeptTokens(installation, door, self._safe(installation), self._now)

    def _pace(self, url: str) -> Pace:
        """Return the pace of a shop: every till of it takes from the same bucket."""
        with self._lock:
            return self._paces.setdefault(url, Pace(self._clock))
