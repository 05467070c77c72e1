"""A shop's domain at Shopify, which is also its name there."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from goodword.addresses import HERE
from goodword.errors import Invalid

_END: Final = ".myshopify.com"
_ADMIN: Final = "admin.shopify.com"
_DOMAIN: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,60}\.myshopify\.com", re.ASCII)


def is_domain(text: str) -> bool:
    """Whether it is the domain of a shop, and nothing before, behind or in other letters."""
    return _DOMAIN.fullmatch(text) is not None


def domain(text: str) -> str:
    """Return the domain that an owner typed, in small letters; raise `Invalid` if it is none."""
    found = text.strip().lower()
    if not is_domain(found):
        mend = "give the shop's own domain, like tea.myshopify.com"
        raise Invalid(field="shop", mend=mend, why="no_domain")
    return found


def typed(text: str) -> str:
    """Return the domain of the shop that an owner means; raise `Invalid` if it is none.

    As it stands in their browser, too: ``admin.shopify.com/store/tea``, or with a path behind it.
    """
    found = text.strip().lower().removeprefix("https://").removeprefix("http://")
    host, _, path = found.partition("/")
    if host == _ADMIN:
        host = path.removeprefix("store/").partition("/")[0] + _END
    return domain(host if host.endswith(_END) or "." in host else host + _END)


def of_address(url: str) -> str:
    """Return the domain of the shop at an address; raise `Invalid` if no shop's token goes there.

    A stand-in on this machine has its shops below one address.
    """
    parts = urlsplit(url)
    if parts.hostname in HERE:
        return domain(parts.path.rpartition("/")[2])
    if parts.scheme != "https" or parts.path.strip("/"):
        raise Invalid(field="url", mend="give the shop's own address, https://tea.myshopify.com")
    return domain(parts.netloc)


def address(domain: str) -> str:
    """Return where the shop is asked; raise `Invalid` for what is no shop's domain."""
    if not is_domain(domain):
        raise Invalid(field="shop", mend="give the shop's own domain, like tea.myshopify.com")
    return f"https://{domain}"
