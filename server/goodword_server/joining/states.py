"""What an owner takes along to their shop, and brings back: believed once, for a short while."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from typing import Final

from goodword.errors import Invalid
from goodword.storage.sql import Session
from goodword_server.house import House
from goodword_server.shell.roles import Role
from goodword_server.storage import accounts, joinings
from goodword_server.storage.joinings import Begun

AGREEMENT: Final = "agreement"
"""Given on a page of the shop's own, to which the owner was led."""
PAIRING: Final = "pairing"
"""Brought by hand, as a code that the shop's plugin then posts."""

AGREEMENT_LASTS: Final = timedelta(minutes=30)
PAIRING_LASTS: Final = timedelta(minutes=15)
_OVER: Final = "is over, was used before, or was never given: begin once more on the connect page"
_SIGNED: Final = 32
_STATE_BYTES: Final = 24
NAMELESS: Final = ""
"""The shop of whoever joins one that has no name here yet."""


def agreement(
    session: Session, house: House, shop: str, account: str, platform: str, url: str
) -> str:
    """Return a state for the way to the shop at this address."""
    # Letters and digits alone: other signs travel in more than one way.
    state, now = secrets.token_hex(_STATE_BYTES), house.now()
    joinings.begin(
        session, shop, state, AGREEMENT, account, platform, url, now, now + AGREEMENT_LASTS
    )
    return state


def agreement_of_stranger(session: Session, house: House, platform: str, url: str) -> str:
    """Return a state for the way to a shop that nobody here has begun to join."""
    state, now = secrets.token_hex(_STATE_BYTES), house.now()
    joinings.begin(
        session, NAMELESS, state, AGREEMENT, NAMELESS, platform, url, now, now + AGREEMENT_LASTS
    )
    return state


def pairing_code(session: Session, house: House, shop: str, account: str, platform: str) -> str:
    """Return a code to be pasted into the shop's plugin; the last one is over."""
    state, now = secrets.token_urlsafe(24), house.now()
    joinings.begin(session, shop, state, PAIRING, account, platform, None, now, now + PAIRING_LASTS)
    return f"{state}.{_signature(house.settings.secrets[0], shop, state)}"


def believe(house: House, shop: str, state: str, way: str, platform: str, field: str) -> Begun:
    """Take a state back, this once; raise `Invalid` naming the field that brought it.

    Whoever began must still be the shop's owner, where it has a name.
    """

    def deed(session: Session) -> Begun | None:
        begun = joinings.use(session, shop, state, way, platform, house.now())
        if shop == NAMELESS:
            return begun
        account = accounts.find(session, id=begun.account) if begun else None
        return begun if account and account.shops.get(shop) == Role.OWNER else None

    begun = house.database.write(deed)
    if begun is None:
        raise Invalid(field=field, mend=_OVER)
    return begun


def state_in(house: House, shop: str, code: str) -> str:
    """Return the state in a pairing code; raise `Invalid` unless we signed it for this shop."""
    state, dot, claimed = code.strip().rpartition(".")
    signed = [_signature(secret, shop, state) for secret in house.settings.secrets]
    found = claimed.encode(errors="surrogatepass")
    fits = [hmac.compare_digest(one.encode(), found) for one in signed]
    if not dot or not any(fits):
        raise Invalid(field="code", mend="is not one that we gave for this shop: paste it whole")
    return state


def _signature(secret: str, shop: str, state: str) -> str:
    key = hmac.digest(secret.encode(), b"goodword.pairing", "sha256")
    signed = f"{shop}\0{state}".encode(errors="surrogatepass")
    return hmac.digest(key, signed, "sha256").hex()[:_SIGNED]
