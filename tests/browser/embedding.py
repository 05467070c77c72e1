"""A shop's page with the widget on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import BrowserContext, Page

from goodword_server.storage.keys import KeyScope
from tests.browser.conftest import Site
from tests.browser.fronts import Front
from tests.server.builders import SHOP

FORM: Final = """<form data-goodword action="/checkout"><label>Name <input name="name"></label>
<button>Buy</button></form>"""


@dataclass
class Embedded:
    """A shop that has put the widget on its pages, and a friend's way there."""

    site: Site
    front: Front
    key: str
    shop: str = SHOP

    def script(self, consent: str = "given", how: str = "async", **more: str) -> str:
        told = {"shop": self.shop, "key": self.key, "consent": consent, **more}
        data = " ".join(f'data-{name}="{value}"' for name, value in told.items())
        return f'<script src="{self.site.url}/goodword.js" {data} {how}></script>'

    def page(self, body: str = "", path: str = "/", *, language: str = "en", **script: str) -> str:
        """Show a page with the widget; return its address."""
        return self.front.show(self.script(**script) + body, path, language=language)

    def visits(self) -> list[tuple[str, str, str | None]]:
        """What is known of the friends who came."""
        return [(one["code"], one["landing"], one["via"]) for one in self.site.place.visits()]


def embedded(site: Site, front: Front, shop: str = SHOP) -> Embedded:
    return Embedded(site, front, site.house.new_key(shop, KeyScope.PUBLISHABLE), shop)


def known(page: Page, shop: str = SHOP) -> dict[str, Any]:
    """Return what a page is told for its checkout, once the server has been heard."""
    asked = """async (shop) => {
        const { ready, code, visit } = goodword.shops[shop];
        await ready;
        return { code: code(), visit: visit() };
    }"""
    found: dict[str, Any] = page.evaluate(asked, shop)
    return found


def kept(context: BrowserContext) -> dict[str, str]:
    """Return the cookies of all shops, by name."""
    return {one["name"]: one["value"] for one in context.cookies() if "name" in one}
