"""Who asks: the address of a request, kept as no more than a keyed hash."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# Whoever has one address of IPv6 has all that begin like it.
_SHARED_BITS: Final = 64


class Addresses:
    """Tells those who ask apart, without keeping where they are."""

    def __init__(self, secrets: Sequence[str], proxies: int) -> None:
        self._key = hmac.digest(secrets[0].encode(), b"goodword.address", "sha256")
        self._proxies = proxies

    def hidden(self, environ: WSGIEnvironment, relays: int = 0) -> str:
        """Return what tells this request's address from others, and does not tell the address.

        ``relays``: how many more are believed, of a platform that signed what it handed on.
        """
        text = _folded(self._of(environ, self._proxies + relays))
        return hmac.digest(self._key, text.encode(errors="replace"), "sha256").hex()[:32]

    @staticmethod
    def _of(environ: WSGIEnvironment, proxies: int) -> str:
        told: str = environ.get("HTTP_X_FORWARDED_FOR", "")
        if proxies and told:
            # Each proxy adds whom it saw at the end; what stands before, anybody may have written.
            return told.split(",")[-proxies:][0].strip()
        return str(environ.get("REMOTE_ADDR", ""))


def _folded(text: str) -> str:
    """Return an address as all its spellings are counted."""
    try:
        found = ip_address(_bare(text))
    except ValueError:
        return text
    if not isinstance(found, IPv6Address):
        return str(found)
    mapped = found.ipv4_mapped
    return str(mapped or IPv6Network((int(found), _SHARED_BITS), strict=False))


def _bare(text: str) -> str:
    """Return an address without the port that some proxies write behind it."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text
