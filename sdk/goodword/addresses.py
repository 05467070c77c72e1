"""Which addresses are of the open internet, and not of this machine or its own network.

Whoever may name an address that a server calls could else ask what only that server can reach: a
database, a router, the cloud's own metadata.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address
HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""What this machine calls itself."""
# Python counts these among the global ones, or did: they lead to an inner address wrapped up, or
# astray.
_ASTRAY: Final = tuple(
    map(
        ip_network,
        (
            *("192.88.99.0/24", "100.64.0.0/10", "192.0.0.0/24"),
            *("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001:20::/28"),
            *("3fff::/20", "5f00::/16"),
            # Public by its number alone: there each machine at Azure asks what it is to run,
            # secrets included.
            "168.63.129.16/32",
        ),
    )
)


def is_public(address: Address) -> bool:
    """Whether it is an address of the open internet."""
    inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    one = inner or address
    if one.is_multicast or one.is_reserved or getattr(one, "is_site_local", False):
        return False
    return one.is_global and not any(one in net for net in _ASTRAY)
