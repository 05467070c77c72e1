"""The fake Admin API: who is let in, what a version knows, what scopes open, and what it costs."""

from __future__ import annotations

import json
import re
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from goodword_shopify.standin import answers
from goodword_shopify.standin.answers import Answer, Fault, told
from goodword_shopify.standin.asking import MOST, cost, lacking
from goodword_shopify.standin.bulk import Stored
from goodword_shopify.standin.clock import Clock
from goodword_shopify.standin.doors import Doors, Pass
from goodword_shopify.standin.graph import NotValid, Unresolved, fields, run, understood
from goodword_shopify.standin.orders import Till
from goodword_shopify.standin.schema import VERSIONS
from goodword_shopify.standin.shop import Shop

Json = dict[str, Any]
CLIENT: Final = "0123456789abcdef0123456789abcdef"
SECRET: Final = "shpss_0123456789abcdef0123456789abcdef"
SCOPES: Final = frozenset(
    "read_orders read_customers write_discounts read_products write_gift_cards "
    "write_gift_card_transactions write_store_credit_account_transactions "
    "read_store_credit_accounts read_customer_merge read_shopify_payments_disputes".split()
)
FILE: Final = "JSONL"
"""What a request for a file is called: among `Api.calls`, and where `Api.fail` is to strike."""
_PATH: Final = re.compile(r"/([a-z0-9.-]+)/admin/(oauth/access_token|api/([\w-]+)/graphql\.json)")


@dataclass(slots=True)
class Bucket:
    """What a shop may still be asked: it leaks as time passes."""

    holds: float
    restores: float
    left: float
    at: float


class Api:
    """Every shop of the stand-in behind one address, as a function of requests."""

    def __init__(self, url: str = "https://storage.googleapis.com/shopify-stand-in") -> None:
        """``url``: where the files stand that its shops write."""
        self.url = url
        self.clock = Clock()
        self.doors = Doors(CLIENT, SECRET, self.clock)
        self.shops: dict[str, Shop] = {}
        self.calls: list[str] = []
        """What was asked, like ``tea.myshopify.com OrderHead``."""
        self.costs: list[int] = []
        self.throttled = 0
        self.unresolved: list[str] = []
        """What the stand-in was asked for and does not hold: a test's fault, or the stand-in's."""
        self.answers_as: str | None = None
        """Another version to answer with, as Shopify does when the asked one is retired."""
        self.hides: frozenset[str] = frozenset()
        """Fields of people that the app was not approved for: they come back as nothing."""
        self.unheard: frozenset[str] = frozenset()
        """Orders that the search has not heard of yet, though their ids find them."""
        self._buckets: dict[str, Bucket] = {}
        self._faults: dict[str, deque[Fault]] = {}
        self._lock = threading.RLock()

    def open(self, domain: str, till: Till | None = None, scopes: frozenset[str] = SCOPES) -> Shop:
        """Open a shop, and let its owner grant these scopes."""
        shop = Shop(domain, till or Till(currency="EUR"), self.clock)
        shop.bulk.base = f"{self.url}/{domain}"
        self.shops[domain] = shop
        self.doors.scopes[domain] = scopes
        return shop

    def bucket(self, domain: str, holds: float = 2000.0, restores: float = 100.0) -> Bucket:
        """Return a shop's bucket; the first to ask sets its size."""
        now = self.clock.now().timestamp()
        return self._buckets.setdefault(domain, Bucket(holds, restores, holds, now))

    def fail(self, *faults: Fault, at: str = "") -> None:
        """Let the next requests fail, one each; ``at``: those of this operation alone."""
        self._faults.setdefault(at, deque()).extend(faults)

    def answer(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[Answer, Fault]:
        """Answer a request for ``/<domain>/admin/…``, and say how it is to fail."""
        with self._lock:
            found = _PATH.fullmatch(path)
            if found is None or found[1] not in self.shops or method != "POST":
                return told(404, {"errors": "Not Found"}), Fault.NONE
            asked = json.loads(body)
            fault = self._fault(asked)
            if not fault.is_done:
                self.calls.append(f"{found[1]} {fault.name}")
                return _BEFORE.get(fault, answers.GATEWAY), fault
            said = self._said(found[1], found[3], headers, asked)
            return _spoilt(said, fault), fault

    def fetch(self, path: str, headers: Mapping[str, str]) -> tuple[Stored, Fault]:
        """Return a file that a shop wrote in bulk, or a part of it, and say how it is to fail."""
        with self._lock:
            domain = path.split("/")[1]
            fault = self._fault_of(FILE)
            self.calls.append(f"{domain} {FILE}")
            if not fault.is_done:
                return Stored(502, b"<!doctype html><title>502</title>"), fault
            if domain not in self.shops:
                return Stored(404, b"<Error><Code>NoSuchKey</Code></Error>"), fault
            asked = {name.lower(): value for name, value in headers.items()}.get("range", "")
            return self.shops[domain].bulk.stored(path, asked), fault

    def _fault(self, asked: Json) -> Fault:
        named = re.split(r"\W+", str(asked.get("query", "")), maxsplit=2)[1:2]
        return self._fault_of(*named, "")

    def _fault_of(self, *names: str) -> Fault:
        for at in names:
            if self._faults.get(at):
                return self._faults[at].popleft()
        return Fault.NONE

    def _said(
        self, domain: str, version: str | None, headers: Mapping[str, str], body: Json
    ) -> Answer:
        if version is None:
            self.calls.append(f"{domain} access_token {body.get('grant_type', 'code')}")
            return self.doors.ask(domain, body)
        token = headers.get("X-Shopify-Access-Token", headers.get("x-shopify-access-token", ""))
        holder = self.doors.enter(token, domain)
        if holder is None:
            self.calls.append(f"{domain} 401")
            return told(401, {"errors": "[API] Invalid API key or access token"})
        try:
            return self._graph(domain, version, holder, body)
        except Unresolved as error:
            self.unresolved.append(str(error))
            raise

    def _graph(self, domain: str, version: str, holder: Pass, body: Json) -> Answer:
        # What is retired falls forward to the oldest that is served, and says so in a header.
        serving = self.answers_as or (version if version in VERSIONS else VERSIONS[0])
        text, variables = body["query"], body.get("variables") or {}
        try:
            understood(serving, text)
        except NotValid as wrong:
            return told(200, {"errors": [error.formatted for error in wrong.errors]})
        wanted = fields(serving, text, variables)
        price = cost(wanted)
        operation = re.split(r"\W+", text, maxsplit=2)[1]
        if price > MOST:
            return _error("MAX_COST_EXCEEDED", f"Query cost is {price}, which exceeds {MOST}")
        bucket = self._leaked(domain)
        if price > bucket.left:
            self.throttled += 1
            self.calls.append(f"{domain} {operation} THROTTLED")
            return _error("THROTTLED", "Throttled", _cost(price, bucket))
        bucket.left -= price
        self.calls.append(f"{domain} {operation}")
        self.costs.append(price)
        at, _ = understood(serving, text)
        closed = lacking(at, wanted, holder.scopes)
        if closed:
            path = list(closed[0].path)
            denied = f"Access denied for {closed[0].name} field."
            error = {"message": denied, "path": path, "extensions": {"code": "ACCESS_DENIED"}}
            return told(200, {"data": None, "errors": [error], "extensions": _cost(price, bucket)})
        shop = self.shops[domain]
        shop.unheard, shop.serving = self.unheard, serving
        result = run(serving, text, variables, shop.roots(holder.scopes))
        said: Json = {"data": result.data, "extensions": _cost(price, bucket)}
        if result.errors:
            said["errors"] = [error.formatted for error in result.errors]
        self._hide(said)
        return told(200, said, {"X-Shopify-API-Version": serving})

    def _leaked(self, domain: str) -> Bucket:
        bucket, now = self.bucket(domain), self.clock.now().timestamp()
        back = (now - bucket.at) * bucket.restores
        bucket.left, bucket.at = min(bucket.holds, bucket.left + back), now
        return bucket

    def _hide(self, said: Json) -> None:
        """Take out what is protected, as Shopify does: nothing in its place, and an error each."""
        for path in _paths(said["data"], self.hides):
            *inner, last = path
            holder = said["data"]
            for step in inner:
                holder = holder[step]
            holder[last] = None
            refused = f"This app is not approved to access the {last} field."
            said.setdefault("errors", []).append(
                {"message": refused, "path": path, "extensions": {"code": "ACCESS_DENIED"}}
            )


_BEFORE: Final = {
    Fault.HTML: answers.PAGE,
    Fault.BUSY: answers.BUSY,
    Fault.INTERNAL: answers.INTERNAL,
}


def _spoilt(said: Answer, fault: Fault) -> Answer:
    """Return what is heard of an answer."""
    if fault is Fault.GATEWAY_AFTER:
        return answers.GATEWAY
    if fault is Fault.PARTIAL:
        body = json.loads(said.body)
        error = {"message": "Internal error", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}
        return told(said.status, body | {"errors": [error]}, said.headers)
    return said


def _paths(data: Any, names: frozenset[str]) -> list[list[Any]]:
    """Return where fields of these names stand and are not empty."""
    found: list[list[Any]] = []
    if isinstance(data, dict):
        for name, value in data.items():
            if name in names and value is not None:
                found.append([name])
            else:
                found += [[name, *rest] for rest in _paths(value, names)]
    elif isinstance(data, list):
        for place, value in enumerate(data):
            found += [[place, *rest] for rest in _paths(value, names)]
    return found


def _error(code: str, message: str, extensions: Json | None = None) -> Answer:
    error = {"message": message, "extensions": {"code": code}}
    return told(200, {"errors": [error], "extensions": extensions or {}})


def _cost(price: int, bucket: Bucket) -> Json:
    return {
        "cost": {
            "requestedQueryCost": price,
            "actualQueryCost": price,
            "throttleStatus": {
                "maximumAvailable": bucket.holds,
                "currentlyAvailable": int(Decimal(bucket.left)),
                "restoreRate": bucket.restores,
            },
        }
    }
