"""Signing as the Standard Webhooks spec says, with every secret that is live."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping, Sequence
from datetime import datetime

from standardwebhooks import Webhook

from goodword_server.storage.endpoints import Secret

_BYTES = 32


def new_secret() -> Secret:
    """Return a new secret: 32 bytes of chance, spelled as receivers' libraries want it."""
    return Secret(f"whsec_{base64.b64encode(os.urandom(_BYTES)).decode()}")


def live(secrets: Sequence[Secret], now: datetime) -> list[Secret]:
    """Return those that still sign."""
    return [one for one in secrets if one.ends is None or one.ends > now]


def headers(secrets: Sequence[Secret], id: str, body: str, now: datetime) -> Mapping[str, str]:
    """Return what goes before a body: whose it is the receiver tells by any one secret."""
    signed = [Webhook(one.text).sign(id, now, body) for one in live(secrets, now)]
    return {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signed),
    }
