"""What a friend's browser keeps of one code's page, and what proves that a form is from there.

Nothing is kept here of who looks: a signed cookie holds the ids of their visit and their claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from flask import Request
from itsdangerous import BadData, URLSafeSerializer

_COOKIE: Final = "goodword_gift"
_YEAR: Final = 365 * 24 * 3600
# A page may wait in a phone's browser overnight before it is sent.
_FORM_GOOD: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Kept:
    """What this browser did with a code before."""

    visit: str | None = None
    seen: datetime | None = None
    """When that visit was kept."""
    claim: str | None = None
    taken: datetime | None = None
    """When this browser sent the form that led to the claim."""


class Keeping:
    """Reads and writes the cookie, and the token of the form."""

    def __init__(self, secrets: Sequence[str], *, secure: bool) -> None:
        # The last one signs.
        keys = list(secrets)[::-1]
        self._cookies = URLSafeSerializer(keys, salt="goodword.gift")
        self._forms = URLSafeSerializer(keys, salt="goodword.claim")
        self._secure = secure

    def read(self, request: Request, shop: str, code: str) -> Kept:
        """Return what the browser kept of this code; nothing, if it is not from here."""
        told = _loaded(self._cookies, request.cookies.get(_COOKIE, ""))
        if told is None or told[:2] != [shop, code]:
            return Kept()
        visit, seen, claim, taken = told[2:]
        return Kept(visit=visit, seen=_moment(seen), claim=claim, taken=_moment(taken))

    def cookie(self, shop: str, code: str, path: str, kept: Kept) -> dict[str, Any]:
        """Return what `Response.set_cookie` needs, for this page's path and no other."""
        told = [shop, code, kept.visit, _seconds(kept.seen), kept.claim, _seconds(kept.taken)]
        return {
            "key": _COOKIE,
            "value": self._cookies.dumps(told),
            "path": quote(path),
            "max_age": _YEAR,
            "httponly": True,
            "samesite": "Lax",
            "secure": self._secure,
        }

    def token(self, shop: str, code: str, visitor: str, now: datetime) -> str:
        """Return what the form brings back, good for this visitor alone."""
        return str(self._forms.dumps([shop, code, visitor, _seconds(now)]))

    def is_ours(self, token: str, shop: str, code: str, visitor: str | None, now: datetime) -> bool:
        """Whether a form came from our page, from the browser that we gave it to."""
        told = _loaded(self._forms, token)
        if visitor is None or told is None or told[:3] != [shop, code, visitor]:
            return False
        given = _moment(told[3])
        return given is not None and given <= now <= given + _FORM_GOOD


def _loaded(serializer: URLSafeSerializer, text: str) -> list[Any] | None:
    try:
        told: list[Any] = serializer.loads(text)
    except BadData:
        return None
    return told


def _seconds(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp())


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)
