"""Which addresses may be called at all: none that only this machine, or its own network, reaches.

Whoever may name an address that this server calls could else ask what only this server can reach:
a database, a router, the cloud's own metadata.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from ipaddress import IPv6Address, ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from werkzeug.urls import iri_to_uri

from goodword.addresses import Address, is_public
from goodword.errors import Invalid

_LONGEST: Final = 1000
# Where the web is spoken with encryption; what listens elsewhere was not meant for strangers.
_PORTS: Final = (443, 8443)
_INNER: Final = ("localhost", ".localhost", ".local", ".internal", ".home.arpa", ".onion")


def may_be_called(address: Address, *, local: bool) -> bool:
    """Whether it is an address of the open internet; ``local``: this machine's own will do, too."""
    inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return local if (inner or address).is_loopback else is_public(address)


def checked(url: str, *, local: bool) -> str:
    """Return the address of an endpoint in ASCII; raise `Invalid` if it cannot be one.

    What its name leads to is asked each time that it is called, since that can change.
    """
    parts = _parted(url)
    host = parts.hostname or ""
    if parts.scheme != "https" and not (local and parts.scheme == "http"):
        raise Invalid(field="url", mend="must begin with https://")
    if not host or parts.username is not None or parts.password is not None or parts.fragment:
        raise Invalid(field="url", mend="give an address without user, password and #")
    if not local and parts.port not in (None, *_PORTS):
        raise Invalid(field="url", mend=f"use port {' or '.join(map(str, _PORTS))}")
    if not local and host.rstrip(".").endswith(_INNER):
        raise Invalid(field="url", mend=f"{host} is a name of an inner network; use a public one")
    address = _spelled_out(host)
    if address is not None and not may_be_called(address, local=local):
        raise Invalid(field="url", mend=f"{host} is no address of the open internet")
    return parts.geturl()


def _parted(url: str) -> SplitResult:
    try:
        parts = urlsplit(iri_to_uri(url.strip()))
        # Asked for once, since a port that is none shows only then.
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    told = parts.geturl()
    if not parts.netloc or len(told) > _LONGEST or not told.isprintable() or " " in told:
        raise Invalid(
            field="url",
            mend=f"give an address like https://tea.example/hooks, at most {_LONGEST}"
            " characters long",
        )
    return parts


def _spelled_out(host: str) -> Address | None:
    """Return the address that a host is in whatever spelling; None for a name.  Asks nobody."""
    with suppress(OSError, UnicodeError, ValueError):
        found = socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
        return ip_address(str(found[0][4][0]))
    return None
