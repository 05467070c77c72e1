"""What is asked of a server: a hello, a click on a phone, a code, a delivery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from werkzeug.test import EnvironBuilder

from benchmarks.shop import CODES, PATH, SHOP, order, shopify_order

_PHONE: Final = {
    "User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-TW,zh-Hant;q=0.9",
    "Accept-Encoding": "gzip, deflate",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, and the status of its answer."""

    path: str
    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def method(self) -> str:
        return "POST" if self.body else "GET"

    def wire(self) -> bytes:
        """Return it as it goes over the wire."""
        headers = {"Host": "127.0.0.1", **self.headers}
        if self.body:
            headers["Content-Length"] = str(len(self.body))
        lines = [f"{self.method} {self.path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode() + self.body

    def environ(self) -> dict[str, Any]:
        """Return it as a WSGI server hands it on."""
        return EnvironBuilder(
            self.path,
            method=self.method,
            headers=list(self.headers.items()),
            data=self.body or None,
        ).get_environ()


def hello() -> Sequence[Asked]:
    """A phone asks for nothing in particular."""
    return [Asked("/", 200, _PHONE)]


def clicks() -> Sequence[Asked]:
    """A phone without a cookie follows one link after another."""
    return [Asked(f"/{SHOP}/r/{code}", 302, _PHONE) for code in CODES]


def codes(key: str) -> Sequence[Asked]:
    """A shop's own server asks for one code after another, as `goodword.connect` does."""
    headers = {"Authorization": f"Bearer {key}", "Accept": "application/json"}
    return [Asked(f"/v1/codes/{code}", 200, headers) for code in CODES]


def delivery() -> Sequence[Asked]:
    """The shop delivers an order, signed, as it was recorded."""
    told = order()
    return [Asked(f"/hooks/woocommerce/{PATH}", 200, told.headers, told.body)]


def shopify_delivery() -> Sequence[Asked]:
    """Shopify delivers an order, signed, to the one address of its app."""
    told = shopify_order()
    return [Asked("/hooks/shopify/app", 200, told.headers, told.body)]
