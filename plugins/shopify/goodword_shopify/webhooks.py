"""Webhooks at the border: one address for the whole app, signed over the raw body only."""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b64encode
from collections.abc import Sequence
from typing import Final

from goodword.errors import DeliveryRefused
from goodword.platforms import Address, Delivery

_DOMAIN: Final = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com")


def address(delivery: Delivery) -> Address:
    """Return the shop's domain as the delivery claims it; empty if it claims none.

    The header is not signed, so the domain is never believed for money.
    """
    domain = delivery.headers.get("x-shopify-shop-domain", "").lower()
    return Address(domain if _DOMAIN.fullmatch(domain) else "", claimed=True)


def verify(delivery: Delivery, secrets: Sequence[str]) -> None:
    """Raise `DeliveryRefused` unless one of the app's secrets signed the raw body."""
    # Compared as bytes: on text a non-ASCII header would raise, and a stranger cause a 500.
    given = delivery.headers.get("x-shopify-hmac-sha256", "").encode()
    for secret in secrets:
        made = b64encode(hmac.digest(secret.encode(), delivery.body, hashlib.sha256))
        if hmac.compare_digest(made, given):
            return
    raise DeliveryRefused(why="the signature does not fit the body")
