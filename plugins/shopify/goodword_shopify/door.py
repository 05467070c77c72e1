"""Shopify's door: where tokens are given out, renewed, and made to run out.

Every answer becomes the credentials of an installation; nothing here keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from goodword.errors import AnswerLost, TillDown, TillRefused
from goodword_shopify.calling import Caller, Json, Said
from goodword_shopify.client import DISCONNECTED

_PATH: Final = "/admin/oauth/access_token"
_EXCHANGE: Final = "urn:ietf:params:oauth:grant-type:token-exchange"
_ID_TOKEN: Final = "urn:ietf:params:oauth:token-type:id_token"
_OFFLINE: Final = "urn:shopify:params:oauth:token-type:offline-access-token"
# An answer that does not say how long a token lasts must not make it one for ever.
_UNTOLD: Final = timedelta(minutes=10)
STALE_SESSION: Final = "invalid_subject_token"
"""The fact ``code`` of a refusal: the page must fetch a new session token."""


class Door:
    """One app before one shop."""

    def __init__(self, caller: Caller, client: str, secret: str) -> None:
        self._caller = caller
        self._app = {"client_id": client, "client_secret": secret}

    def exchange(self, session_token: str, now: datetime) -> Mapping[str, str]:
        """Return credentials for a session token, as an embedded app gets them."""
        return self._given(_for(session_token, _ID_TOKEN), now)

    def redeem(self, code: str, now: datetime) -> Mapping[str, str]:
        """Return credentials for the code that the owner brought back from the grant page."""
        return self._given({"code": code, "expiring": "1"}, now)

    def refresh(self, before: Mapping[str, str], now: datetime) -> Mapping[str, str]:
        """Return credentials in the place of those that run out.

        An answer that was lost leaves the old ones as they are, and they can be asked for again:
        Shopify takes the old refresh token until the new one was used.
        """
        if not before.get("refresh_token"):
            # An own organisation's app is simply let in again.
            return self._given({"grant_type": "client_credentials"}, now)
        asked = {"grant_type": "refresh_token", "refresh_token": before["refresh_token"]}
        given = self._given(asked, now)
        kept = {name: before[name] for name in _RENEWABLE if name in before}
        return {**kept, **given}

    def migrate(self, permanent: str, now: datetime) -> Mapping[str, str]:
        """Return credentials that run out in the place of a token that never did."""
        return self._given(_for(permanent, _OFFLINE), now)

    def _given(self, asked: Json, now: datetime) -> Mapping[str, str]:
        try:
            said = self._caller.post(_PATH, {**self._app, **asked})
        except AnswerLost as lost:
            what = "no answer about the token"
            raise TillDown(shop=self._caller.shop, what=what, cause="unreachable") from lost
        body = said.body or {}
        token = body.get("access_token")
        if said.status != 200 or not isinstance(token, str) or not token:
            raise self._refused(said)
        return {
            "access_token": token,
            "scope": str(body.get("scope") or ""),
            "expires": _until(body.get("expires_in"), now),
            "given": now.isoformat(),
            **_renewable(body, now),
        }

    def _refused(self, said: Said) -> TillDown | TillRefused:
        shop, error = self._caller.shop, str((said.body or {}).get("error") or "")[:80]
        if said.status in (400, 401, 403) and error == STALE_SESSION:
            return TillRefused(shop=shop, what="the session token is stale", code=STALE_SESSION)
        if said.status in (400, 401, 403) and error == "invalid_grant":
            owner = "its owner must open the app again"
            return TillRefused(shop=shop, what=owner, cause="disconnected", code=DISCONNECTED)
        if 400 <= said.status < 500 and said.status not in (408, 425, 429):
            what = f"Shopify gives no token ({said.status} {error})"
            return TillRefused(shop=shop, what=what, cause="keys_refused", code=error)
        what = f"Shopify gives no token now ({said.status})"
        return TillDown(shop=shop, what=what, cause="failed", status=said.status)


_RENEWABLE: Final = ("refresh_token", "refresh_expires")


def _for(token: str, kind: str) -> Json:
    return {
        "grant_type": _EXCHANGE,
        "subject_token": token,
        "subject_token_type": kind,
        "requested_token_type": _OFFLINE,
        "expiring": "1",
    }


def _renewable(body: Json, now: datetime) -> Mapping[str, str]:
    token = body.get("refresh_token")
    if not isinstance(token, str) or not token:
        return {}
    lasting = body.get("refresh_token_expires_in")
    return {"refresh_token": token, "refresh_expires": _until(lasting, now)}


def _until(seconds: object, now: datetime) -> str:
    told = isinstance(seconds, int) and not isinstance(seconds, bool) and 0 < seconds < 10**9
    lasting = timedelta(seconds=int(str(seconds))) if told else _UNTOLD
    return (now + lasting).isoformat()
