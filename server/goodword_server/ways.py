"""Ways to the shop: where in it a friend is led, and what travels along."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from werkzeug.urls import iri_to_uri

from goodword.platforms import AppliesCoupons, Installation
from goodword.rules import codes

# What may travel on in an address, and what names a channel.
_WORD: Final = re.compile(r"[A-Za-z0-9_-]{1,32}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_LANDING_LONGEST: Final = 1000
_OURS: Final = frozenset({"ref", "gw", "goodword_coupon"})

# As an address travels: 茶.example has another name there.
in_ascii: Final = lru_cache(maxsize=4096)(iri_to_uri)


def landing_of(wanted: str | None) -> str:
    """Return the path in the shop; anything that could lead to another host becomes its front."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return "/"
    if _CONTROL.search(wanted):
        return "/"
    path, _, query = wanted.partition("#")[0].partition("?")
    # A landing page that was itself reached through a link brings the marks of that one along.
    kept = "&".join(pair for pair in query.split("&") if pair.partition("=")[0] not in _OURS)
    landing = quote(f"{path}?{kept}" if kept else path, safe="/?&=%:@!$'()*+,;~-._")
    return landing if len(landing) <= _LANDING_LONGEST else "/"


def word(text: str) -> str | None:
    """Return a text that may stand in an address and name a channel; None for any other."""
    return text if _WORD.fullmatch(text) else None


def seen(landing: str, code: str, visit: str) -> str:
    """Return what travels on behind the landing where a visit was kept."""
    return f"{_sign(landing)}ref={quote(code, safe='')}&gw={visit}"


def unseen(landing: str, code: str) -> str:
    """Return what travels on where no code was looked up: the shop's page may know it."""
    known = word(codes.folded(code))
    return f"{_sign(landing)}ref={known}" if known else ""


def to_shop(platform: object, installation: Installation, landing: str, coupon: str | None) -> str:
    """Return the address of a landing in the shop, with a coupon applied where the shop can."""
    way = applied(platform, installation, landing, coupon)
    return way or in_ascii(installation.url) + landing


def applied(
    platform: object, installation: Installation, landing: str, coupon: str | None
) -> str | None:
    """Return the address that applies a coupon on the way to a landing; None where none does."""
    if coupon is None or not isinstance(platform, AppliesCoupons):
        return None
    way = platform.applying(installation, landing, coupon)
    return None if way is None else in_ascii(way)


def _sign(landing: str) -> str:
    return "&" if "?" in landing else "?"
