"""How WooCommerce signs what it sends: base64 of the HMAC-SHA256 of the raw body."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

from goodword.errors import DeliveryRefused


def signature(body: bytes, secret: str) -> str:
    """Return what stands in ``X-WC-Webhook-Signature``."""
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


def check(body: bytes, claimed: str | None, secrets: Sequence[str]) -> None:
    """Raise `DeliveryRefused` unless one of the secrets signed the body."""
    if not claimed:
        raise DeliveryRefused(why="it carries no signature")
    # As bytes, and all of them: compare_digest refuses text beyond ASCII, and time tells nothing.
    found = claimed.encode(errors="surrogatepass")
    matches = [
        # An empty secret would let anybody sign.
        hmac.compare_digest(signature(body, secret).encode(), found)
        for secret in secrets
        if secret
    ]
    if not any(matches):
        raise DeliveryRefused(why="the signature does not fit the body")
