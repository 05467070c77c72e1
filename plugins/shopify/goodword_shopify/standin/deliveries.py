"""Webhooks as Shopify sends them: its published examples, with a shop's own state in them."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from secrets import token_hex
from typing import Any, Final

from goodword.platforms import Delivery
from goodword_shopify.standin.api import SECRET

Json = dict[str, Any]
_ORDERS: Final = "orders/"


@dataclass(frozen=True, slots=True)
class Sent:
    """One delivery."""

    headers: Mapping[str, str]
    body: bytes

    def delivery(self, path: str = "") -> Delivery:
        """Return it as the server hands it to the platform."""
        headers = {name.lower(): text for name, text in self.headers.items()}
        return Delivery(path, headers, self.body)


def example(topic: str) -> Json:
    """Return Shopify's own example of a topic: its numbers were rounded, its ids in text not."""
    name = f"vendored/{topic.replace('/', '-')}.json"
    found: Json = json.loads(files("goodword_shopify.standin").joinpath(name).read_text("utf-8"))
    return found


def sent(
    topic: str, domain: str, body: Json | None = None, *, secret: str = SECRET, **headers: str
) -> Sent:
    """Return a delivery, signed by the app's secret over its bytes and over nothing else."""
    raw = json.dumps(example(topic) if body is None else body).encode()
    signature = b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode()
    usual = {
        "Content-Type": "application/json",
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-SHA256": signature,
        "X-Shopify-Shop-Domain": domain,
        "X-Shopify-API-Version": "2026-07",
        "X-Shopify-Webhook-Id": token_hex(16),
        "X-Shopify-Event-Id": token_hex(16),
        "X-Shopify-Triggered-At": "2026-11-26T12:00:00.000000000Z",
    }
    return Sent(usual | {name.replace("_", "-"): text for name, text in headers.items()}, raw)


def of_order(topic: str, domain: str, order: Json, **headers: str) -> Sent:
    """Return what is told of one of a shop's orders; its amounts stay the example's."""
    id = int(order["id"].rpartition("/")[2])
    if topic.startswith(_ORDERS) and topic != "orders/edited":
        told = {"id": id, "admin_graphql_api_id": order["id"], "updated_at": order["updatedAt"]}
        return sent(topic, domain, example(topic) | told, **headers)
    if topic == "orders/edited":
        edit = example(topic)["order_edit"] | {"order_id": id}
        return sent(topic, domain, {"order_edit": edit}, **headers)
    return sent(topic, domain, example(topic) | {"order_id": id}, **headers)
