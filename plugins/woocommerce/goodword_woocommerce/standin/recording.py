"""What a real shop sent and answered, as it was recorded; ``recorded/README.md`` says how."""

from __future__ import annotations

import copy
import json
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final
from urllib.error import HTTPError
from zoneinfo import ZoneInfo

from goodword.platforms import Delivery
from goodword_woocommerce.signature import signature

SECRET: Final = "whsec-test-secret"
"""What the recorded deliveries are signed with."""
ZONE: Final = ZoneInfo("America/New_York")
"""Where the recorded shop's clock stands."""

_FILES: Final = files("goodword_woocommerce.standin") / "recorded"
# Belonging to the connection, not to the message; and the address of the recorded shop, by which
# that of any other would be a copy.
_OF_CONNECTION: Final = frozenset(
    {"host", "connection", "content-length", "accept-encoding", "x-wc-webhook-source"}
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """One delivery, ready to be sent."""

    headers: Mapping[str, str]
    """As WooCommerce writes them."""
    body: bytes

    @property
    def json(self) -> Any:
        """What the body says, a copy."""
        return json.loads(self.body)

    def delivery(self, path: str = "") -> Delivery:
        """Return it as a platform gets it, at the path behind ``/hooks/``."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Delivery(path=path, headers=headers, body=self.body)

    def send(self, url: str, *, timeout: float = 10.0) -> int:
        """Send it as the shop does; return the status it was answered with."""
        request = urllib.request.Request(url, self.body, dict(self.headers), method="POST")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=timeout) as response:
                status: int = response.status
                return status
        except HTTPError as refused:
            refused.close()
            return refused.code


def names() -> tuple[str, ...]:
    """Return the names of all recorded deliveries, like ``order-deleted``."""
    found = (entry.name for entry in _FILES.iterdir())
    return tuple(
        sorted(
            name.removeprefix("webhook-").removesuffix(".json")
            for name in found
            if name.startswith("webhook-")
        )
    )


def recorded(name: str) -> Recorded:
    """Return a recorded delivery by its name."""
    kept = _load(f"webhook-{name}")
    headers = {
        header: value
        for header, value in kept["request"]["headers"].items()
        if header.lower() not in _OF_CONNECTION
    }
    return Recorded(headers, kept["body_raw"].encode("ascii"))


def signed(body: bytes, topic: str, secret: str = SECRET) -> Recorded:
    """Return a delivery of this body, as a shop with this secret would send it."""
    resource, _, event = topic.partition(".")
    headers = {
        **recorded("order-updated-completed").headers,
        "X-WC-Webhook-Topic": topic,
        "X-WC-Webhook-Resource": resource,
        "X-WC-Webhook-Event": event,
        "X-WC-Webhook-Signature": signature(body, secret),
    }
    return Recorded(headers, body)


def derived(name: str, topic: str = "order.updated", **changes: Any) -> Recorded:
    """Return a state that was not recorded: a recorded one with some fields changed."""
    body = recorded(name).json | changes
    # As PHP writes it: without spaces, with slashes escaped.
    return signed(_as_php(body), topic)


def paid_37(at: datetime | None = None, **changes: Any) -> Recorded:
    """Return order 37, cash on delivery, handed over and paid: derived, as it was not recorded.

    Without a moment at 2026-11-22 09:40:00 UTC.
    """
    moment = at or datetime.fromisoformat("2026-11-22T09:40:00+00:00")
    local, gmt = (f"{moment.astimezone(zone):%Y-%m-%dT%H:%M:%S}" for zone in (ZONE, UTC))
    return derived(
        "order-created-browser-block-attribution-coupon",
        **{
            "status": "completed",
            **{f"date_{what}": local for what in ("paid", "completed", "modified")},
            **{f"date_{what}_gmt": gmt for what in ("paid", "completed", "modified")},
            **changes,
        },
    )


def answer(name: str) -> tuple[int, dict[str, str], Any]:
    """Return a recorded answer of the REST API: status, headers, and its JSON, a copy."""
    response = copy.deepcopy(_load(f"rest-{name}")["response"])
    return response["status"], response["headers"], response["body"]


def _as_php(body: Any) -> bytes:
    return json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode("ascii")


@cache
def _load(name: str) -> Any:
    return json.loads((_FILES / f"{name}.json").read_text(encoding="utf-8"))
