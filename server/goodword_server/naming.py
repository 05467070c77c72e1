"""What a shop may be called here, and where it may say that it stands."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from werkzeug.urls import iri_to_uri

from goodword.errors import Invalid

# It stands in links.
_SHOP: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_HOST: Final = re.compile(r"[A-Za-z0-9._-]+(:[0-9]{1,5})?")


def check_name(shop: str) -> None:
    """Raise `Invalid` if no shop can be called so."""
    if not _SHOP.fullmatch(shop):
        raise Invalid(field="shop", mend="use 1 to 64 letters, digits, - or _, like tea-house")


def address_of(url: str) -> str:
    """Return a shop's address in ASCII, ready to be led to; raise `Invalid` if it is none."""
    try:
        parts = urlsplit(iri_to_uri(url))
    except ValueError:
        parts = urlsplit("")
    plain = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.netloc)
    if not plain or parts.query or parts.fragment:
        raise Invalid(field="url", mend="give the shop's address, like https://tea.example")
    return parts.geturl().rstrip("/")
