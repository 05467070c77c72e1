"""WooCommerce's own check of one-legged OAuth 1.0a, which it asks for over plain http."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

_APART: Final = 15 * 60
_SIGNED: Final = "oauth_signature"


class Signatures:
    """Checks requests, and remembers what was used once."""

    def __init__(self, key: str, secret: str) -> None:
        self._key = key
        self._secret = secret
        self._used: set[str] = set()

    def fault(self, method: str, url: str, query: Mapping[str, str]) -> tuple[str, str] | None:
        """Return code and message of what is wrong with a request's signature, if anything is.

        ``url`` is the address that the shop calls its own, without the query.
        """
        if _SIGNED not in query:
            return "woocommerce_rest_cannot_view", "Sorry, you cannot list resources."
        why = self._why(method, url, query)
        return ("woocommerce_rest_authentication_error", why) if why else None

    def _why(self, method: str, url: str, query: Mapping[str, str]) -> str | None:
        nonce = query.get("oauth_nonce", "")
        if query.get("oauth_consumer_key") != self._key:
            return "Consumer key is invalid."
        if not self._fits(method, url, query):
            return "Invalid signature - provided signature does not match."
        if abs(time.time() - int(query.get("oauth_timestamp", "0"))) > _APART:
            return "Invalid timestamp."
        if not nonce or nonce in self._used:
            return "Invalid nonce - nonce has already been used."
        self._used.add(nonce)
        return None

    def _fits(self, method: str, url: str, query: Mapping[str, str]) -> bool:
        pairs = sorted((_raw(key), _raw(value)) for key, value in query.items() if key != _SIGNED)
        joined = "&".join(f"{key}={value}" for key, value in pairs)
        base = "&".join((method, _raw(url), _raw(joined)))
        digest = hmac.digest(f"{self._secret}&".encode(), base.encode(), hashlib.sha256)
        return hmac.compare_digest(base64.b64encode(digest).decode(), query[_SIGNED])


def _raw(text: str) -> str:
    """PHP's rawurlencode: nothing but letters, digits and ``-._~`` stays as it is."""
    return quote(text, safe="")
