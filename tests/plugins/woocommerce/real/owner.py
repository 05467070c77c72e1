"""Who runs a real WooCommerce: signed in at wp-admin, and at its REST API by that."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Error, Page, expect

from goodword_woocommerce import packing
from tests.browser.looking import DESKTOP, Browse
from tests.plugins.woocommerce.real.naming import Named

PLUGIN: Final = "goodword/goodword"
PRICE: Final = "40.00"
_PAGES: Final = {
    "block": {
        "cart": '<!-- wp:woocommerce/cart --><div class="wp-block-woocommerce-cart is-loading">'
        "</div><!-- /wp:woocommerce/cart -->",
        "checkout": "<!-- wp:woocommerce/checkout -->"
        '<div class="wp-block-woocommerce-checkout is-loading"></div>'
        "<!-- /wp:woocommerce/checkout -->",
    },
    "classic": {
        "cart": "<!-- wp:shortcode -->[woocommerce_cart]<!-- /wp:shortcode -->",
        "checkout": "<!-- wp:shortcode -->[woocommerce_checkout]<!-- /wp:shortcode -->",
    },
}


@dataclass
class Owner:
    """The administrator of a shop, who undoes in the end what they did."""

    url: str
    page: Page
    undoing: list[Callable[[], object]] = field(default_factory=list)
    _nonce: str = ""

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """Ask the shop's REST API as wp-admin itself does."""
        told: dict[str, Any] = {"data": body} if body else {}
        answer = self.page.request.fetch(
            f"{self.url}/wp-json{path}",
            method=method,
            headers={"X-WP-Nonce": self._nonce},
            timeout=60_000,
            **told,
        )
        assert answer.ok, f"{method} {path}: {answer.status} {answer.text()[:500]}"
        return answer.json()

    def make(self, path: str, **told: Any) -> Any:
        """Make something that is gone after the test."""
        made = self.ask("POST", path, **told)
        self.undoing.append(lambda: self.ask("DELETE", f"{path}/{made['id']}?force=true"))
        return made

    def set(self, setting: str, value: str) -> None:
        """Change a setting of WooCommerce until the test is over."""
        path = f"/wc/v3/settings/{setting}"
        before = self.ask("GET", path)["value"]
        self.ask("PUT", path, value=value)
        self.undoing.append(lambda: self.ask("PUT", path, value=before))

    def tidy(self) -> None:
        """Undo everything, the last first; fail in the end for what could not be."""
        wrong: list[str] = []
        while self.undoing:
            try:
                self.undoing.pop()()
            except (AssertionError, Error) as error:
                wrong.append(str(error))
        assert not wrong, "\n".join(wrong)

    def open(self, kind: str) -> str:
        """Sell one thing, by bank transfer, at checkouts of a kind; return where it is sold."""
        for name, content in _PAGES[kind].items():
            made = self.make(
                "/wp/v2/pages", title=f"Walked {name}", content=content, status="publish"
            )
            self.set(f"advanced/woocommerce_{name}_page_id", str(made["id"]))
        gateway = "/wc/v3/payment_gateways/bacs"
        before = self.ask("GET", gateway)["enabled"]
        self.ask("PUT", gateway, enabled=True)
        self.undoing.append(lambda: self.ask("PUT", gateway, enabled=before))
        product = self.make(
            "/wc/v3/products",
            name=f"Walked oolong {secrets.token_hex(3)}",
            regular_price=PRICE,
            # So that the sums are the same whatever a shop asks for taxes and the post.
            tax_status="none",
            virtual=True,
        )
        return str(product["permalink"])

    def install(self, folder: Path) -> None:
        """Install the plugin as an owner does: the zip is uploaded, and activated."""
        known = [one["plugin"] for one in self.ask("GET", "/wp/v2/plugins")]
        assert PLUGIN not in known, "the shop has the plugin already: walk through another one"
        zipped = folder / packing.name()
        zipped.write_bytes(packing.packed())
        self.page.goto(f"{self.url}/wp-admin/plugin-install.php?tab=upload")
        self.page.set_input_files("#pluginzip", zipped)
        self.undoing.append(self.uninstall)
        self.page.click("#install-plugin-submit")
        self.page.locator("a[href*='action=activate']").first.click()
        self.page.wait_for_url("**/plugins.php**")

    def uninstall(self) -> None:
        """Take the plugin off, and what it kept with it."""
        if PLUGIN in [one["plugin"] for one in self.ask("GET", "/wp/v2/plugins")]:
            self.ask("PUT", f"/wp/v2/plugins/{PLUGIN}", status="inactive")
            self.ask("DELETE", f"/wp/v2/plugins/{PLUGIN}")

    def pair(self, code: str) -> None:
        self.page.goto(f"{self.url}/wp-admin/admin.php?page=goodword")
        self.page.fill("#goodword-code", code)
        self.page.click("#goodword-connect")
        expect(self.page.get_by_text("Connected. Try a referral")).to_be_visible(timeout=60_000)
        # Or the browser would wait for a consent banner that the shop may not have.
        self.page.check("input[name='consent'][value='given']")
        self.page.click("#goodword-save")
        expect(self.page.get_by_text("Saved.")).to_be_visible()

    def disconnect(self) -> None:
        self.page.goto(f"{self.url}/wp-admin/admin.php?page=goodword")
        self.page.click("#goodword-disconnect")
        expect(self.page.get_by_text("Disconnected:")).to_be_visible(timeout=60_000)

    def hooks_to(self, server: str) -> Sequence[Any]:
        found = self.ask("GET", "/wc/v3/webhooks?per_page=100")
        return [one for one in found if one["delivery_url"].startswith(f"{server}/")]

    def rest_keys(self) -> Mapping[str, str]:
        """What the REST keys are called that the shop lists, by the way to end each."""
        at = "wp-admin/admin.php?page=wc-settings&tab=advanced&section=keys"
        self.page.goto(f"{self.url}/{at}")
        ways = self.page.locator("a[href*='revoke-key']").all()
        rows = [way.locator("xpath=ancestor::tr").inner_text() for way in ways]
        return dict(zip([str(way.get_attribute("href")) for way in ways], rows, strict=True))

    def forget(self, server: str) -> None:
        """Have what a server was given ended after the test, in case that it fails midway."""
        before = set(self.rest_keys().values())

        def ended() -> None:
            for hook in self.hooks_to(server):
                self.ask("DELETE", f"/wc/v3/webhooks/{hook['id']}?force=true")
            for way, name in self.rest_keys().items():
                if name not in before:
                    self.page.goto(way)

        self.undoing.append(ended)

    def page_of(self, name: str) -> str:
        """Return the address of one of WooCommerce's own pages."""
        id = self.ask("GET", f"/wc/v3/settings/advanced/woocommerce_{name}_page_id")["value"]
        return str(self.ask("GET", f"/wp/v2/pages/{id}")["link"])

    def options(self) -> Sequence[str]:
        """What WordPress keeps by name."""
        self.page.goto(f"{self.url}/wp-admin/options.php")
        names: list[str] = self.page.eval_on_selector_all(
            "[name]", "all => all.map((one) => one.name)"
        )
        return names

    def coupon(self, text: str) -> Any:
        (one,) = self.ask("GET", f"/wc/v3/coupons?code={text}")
        return one

    def order(self, id: str) -> Any:
        return self.ask("GET", f"/wc/v3/orders/{id}")

    def look_in(self) -> None:
        """Look at the shop, so that its WP-Cron runs."""
        with suppress(Error):
            self.page.request.get(f"{self.url}/wp-cron.php?doing_wp_cron", timeout=60_000)
            self.page.request.get(f"{self.url}/wp-admin/", timeout=60_000)


def signed_in(shop: Named, browse: Browse) -> Owner:
    """Sign in as the shop's administrator."""
    page = browse(DESKTOP, ignore_https_errors=True)
    page.goto(f"{shop.shop}/wp-login.php")
    page.fill("#user_login", shop.user)
    page.fill("#user_pass", shop.password)
    page.click("#wp-submit")
    page.wait_for_url("**/wp-admin/**")
    nonce = page.request.get(f"{shop.shop}/wp-admin/admin-ajax.php?action=rest-nonce").text()
    return Owner(shop.shop, page, _nonce=nonce)
