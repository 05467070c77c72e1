"""Signed texts that open something: an advocate's page, a session there, a way to decline.

Each is bound to its use, a shop and an advocate, and dated by the house's own clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from itsdangerous import BadData, URLSafeSerializer

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# Longer than any of ours: not worth a hash.
_LONGEST: Final = 1_000


class Use(StrEnum):
    """What a ticket is for; one for another use opens nothing."""

    PAGE = "page"
    """A link to an advocate's page, which the shop gives them."""
    SIGN_IN = "sign-in"
    """A link to it that was mailed because somebody asked: used once."""
    SESSION = "session"
    """A browser that came in by one of these."""
    DECLINE = "decline"
    """A way to say no to invitations; good for ever."""


GOOD_FOR: Final = {
    Use.PAGE: timedelta(days=30),
    Use.SIGN_IN: timedelta(minutes=30),
    Use.SESSION: timedelta(days=30),
}


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a signed text says."""

    shop: str
    advocate: str
    issue: int = 0
    """How often the advocate's links were revoked before it was made."""
    used: int = 0
    """How many mailed links were used before it was made."""


class Tickets:
    """Writes tickets with the first secret, and reads them with any."""

    def __init__(self, secrets: Sequence[str], now: Callable[[], datetime]) -> None:
        # It signs with the last one.
        keys = [secret.encode() for secret in reversed(secrets)]
        self._signers = {
            use: URLSafeSerializer(
                keys,
                salt=f"goodword.{use}",
                signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
            )
            for use in Use
        }
        self._now = now

    def write(self, use: Use, ticket: Ticket) -> str:
        """Return a signed text: letters, digits, ``-``, ``_`` and ``.``."""
        at = (self._now() - _EPOCH) // timedelta(seconds=1)
        told = [ticket.shop, ticket.advocate, ticket.issue, ticket.used, at]
        return str(self._signers[use].dumps(told))

    def read(self, use: Use, text: str, shop: str) -> Ticket | None:
        """Return what a text says; None for one that is forged, too old, or of another shop."""
        if len(text) > _LONGEST:
            return None
        try:
            told = self._signers[use].loads(text)
        except (BadData, ValueError):
            return None
        ticket, at = _ticket(told), _EPOCH + timedelta(seconds=told[4])
        good_for = GOOD_FOR.get(use)
        too_old = good_for is not None and self._now() >= at + good_for
        return None if too_old or ticket.shop != shop else ticket

    def ends(self, use: Use) -> datetime:
        """Return until when a ticket is good that is written now."""
        return self._now() + GOOD_FOR[use]


def _ticket(told: list[Any]) -> Ticket:
    # Only we could have signed it, so it has our shape.
    shop, advocate, issue, used, _at = told
    return Ticket(shop, advocate, issue, used)
