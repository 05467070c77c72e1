"""Tells returning visitors by a first-party cookie: a random id, signed, nothing else."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from typing import Final

from itsdangerous import BadSignature, Signer
from itsdangerous.signer import SigningAlgorithm

_COOKIE: Final = "goodword_visitor"
_YEAR: Final = 365 * 24 * 3600


class _Hmac(SigningAlgorithm):
    """HMAC-SHA256 in one call, since a click pays for it."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return hmac.digest(key, value, "sha256")


class Visitors:
    """Reads and writes the cookie."""

    def __init__(self, secrets: Sequence[str], *, secure: bool) -> None:
        keys = [hmac.digest(secret.encode(), b"goodword.visitor", "sha256") for secret in secrets]
        # The keys are derived here, once, and not again at each click; it signs with the last.
        self._signer = Signer(keys[::-1], key_derivation="none", algorithm=_Hmac())
        self._tail = f"; Max-Age={_YEAR}; HttpOnly; SameSite=Lax" + ("; Secure" if secure else "")

    def known(self, cookies: str) -> str | None:
        """Return the id of a visitor who was here before, from what a browser sent along."""
        for pair in cookies.split(";"):
            name, _, value = pair.strip().partition("=")
            if name == _COOKIE:
                return self._verified(value)
        return None

    def new(self) -> str:
        """Return an id for somebody who was not."""
        return secrets.token_hex(8)

    def cookie(self, visitor: str, path: str) -> str:
        """Return the cookie that brings an id back, to paths below this one only."""
        return f"{_COOKIE}={self._signer.sign(visitor).decode()}; Path={path}{self._tail}"

    def _verified(self, value: str) -> str | None:
        try:
            return self._signer.unsign(value).decode()
        except (BadSignature, UnicodeError):
            return None
