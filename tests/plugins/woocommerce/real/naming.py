"""Which real shop is walked through: one that the environment names, or none."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
SHOP_URL: Final = "GOODWORD_REAL_SHOP_URL"
SHOP_USER: Final = "GOODWORD_REAL_SHOP_USER"
SHOP_PASSWORD: Final = "GOODWORD_REAL_SHOP_PASSWORD"
SERVER_URL: Final = "GOODWORD_REAL_SERVER_URL"
SERVER_PORT: Final = "GOODWORD_REAL_SERVER_PORT"
SAID: Final = (
    f"Not walked through a real WooCommerce: {SHOP_URL} names none.  docs/woocommerce.md says how."
)


class NamedWrongly(Exception):
    """What the environment says of a shop is not enough to walk through it."""


@dataclass(frozen=True)
class Named:
    """A shop to test with, its administrator, and where it finds our server."""

    shop: str
    user: str
    password: str = field(repr=False)
    server: str | None = None
    """Where a tunnel to this machine begins; None: the shop stands on this machine, too."""
    port: int = 0
    """Where that tunnel ends; 0: any free one."""


def named(told: Mapping[str, str] = os.environ) -> Named | None:
    """Return the shop that is named; raise `NamedWrongly` where something is missing."""
    shop = told.get(SHOP_URL, "").strip().rstrip("/")
    if not shop:
        return None
    missing = [name for name in (SHOP_USER, SHOP_PASSWORD) if not told.get(name)]
    if missing:
        raise NamedWrongly(f"{SHOP_URL} is set, so set {' and '.join(missing)}, too")
    server, port = told.get(SERVER_URL, "").strip().rstrip("/") or None, told.get(SERVER_PORT, "0")
    if not port.isdecimal() or (server is not None and port == "0"):
        raise NamedWrongly(f"{SERVER_PORT}: give the port at which the tunnel ends")
    return Named(shop, told[SHOP_USER], told[SHOP_PASSWORD], server, int(port))


def left_out(asked: list[str]) -> bool:
    """Whether a run that was asked for these paths passed the journey by, for want of a shop."""
    paths = [Path(one.partition("::")[0]).absolute() for one in asked]
    meant = any(HERE.is_relative_to(path) or path.is_relative_to(HERE) for path in paths)
    return meant and named() is None
