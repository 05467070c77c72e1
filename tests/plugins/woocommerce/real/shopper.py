"""Whoever buys in a real shop, at its block checkout or its classic one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page, expect

_ADDRESS: Final[Mapping[str, str]] = {
    "first_name": "Bo",
    "last_name": "Lin",
    "address_1": "1 Tea Street",
    "city": "London",
    "postcode": "N1 9GU",
}
_SLOW: Final = 60_000


@dataclass
class Shopper:
    """Somebody with a phone."""

    page: Page
    email: str
    phone: str

    def put_in(self, product: str, pieces: int = 2) -> None:
        """Put pieces of a product into the basket, from its own page."""
        self.page.goto(product)
        self.page.fill("input[name='quantity']", str(pieces))
        self.page.locator("button[name='add-to-cart']").click()
        expect(self.page.get_by_text("added to your cart")).to_be_visible(timeout=_SLOW)
        # WooCommerce keeps the basket only once the page is told to its end.
        self.page.wait_for_load_state()

    def buy(self, kind: str, checkout: str, total: str) -> str:
        """Place the order, once the checkout shows the total; return the order's number."""
        self.page.goto(checkout)
        if kind == "block":
            self._fill_in_blocks(total)
        else:
            self._fill_in_classic(total)
        self.page.wait_for_url("**order-received**", timeout=_SLOW)
        found = re.search(r"order-received[/=](\d+)", self.page.url)
        assert found is not None
        return found[1]

    def _fill_in_blocks(self, total: str) -> None:
        page = self.page
        page.locator("#email").fill(self.email, timeout=_SLOW)
        for name, text in _ADDRESS.items():
            page.locator(f"#billing-{name}").fill(text)
        shown = page.locator(".wc-block-components-totals-footer-item").last
        expect(shown).to_contain_text(total, timeout=_SLOW)
        place = page.locator(".wc-block-components-checkout-place-order-button")
        expect(place).to_be_enabled(timeout=_SLOW)
        # While the address is on its way to the shop, a press on the button is lost.
        place.focus()
        page.wait_for_load_state("networkidle")
        place.click()

    def _fill_in_classic(self, total: str) -> None:
        page = self.page
        for name, text in {**_ADDRESS, "phone": self.phone}.items():
            page.locator(f"#billing_{name}").fill(text)
        # Letter by letter: WooCommerce listens to the keys.
        page.locator("#billing_email").fill("")
        page.locator("#billing_email").press_sequentially(self.email)
        expect(page.locator(".blockOverlay")).to_have_count(0, timeout=_SLOW)
        expect(page.locator(".order-total")).to_contain_text(total, timeout=_SLOW)
        page.locator("#place_order").click()

    def sign_in(self, account: str, user: str, password: str) -> None:
        self.page.goto(account)
        self.page.fill("#username", user)
        self.page.fill("#password", password)
        self.page.click("button[name='login']")
        expect(self.page.locator("#username")).to_have_count(0)
