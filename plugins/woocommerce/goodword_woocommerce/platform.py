"""The platform: whose delivery it is, whether it is signed, what it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final
from urllib.parse import quote

from goodword.errors import OrderInvalid
from goodword.model.worth import Kind
from goodword.platforms import (
    Address,
    Alarm,
    Delivery,
    Installation,
    News,
    OrderChanged,
    OrderGone,
    Till,
)
from goodword.watching import Condition, Giving, Introduced, Keys, Package, Watch
from goodword_woocommerce import joining, orders, packing, signature
from goodword_woocommerce.client import Client
from goodword_woocommerce.fields import Json, an_object, parsed
from goodword_woocommerce.till import WooTill
from goodword_woocommerce.watch import WooWatch

LOST_RIGHTS: Final = "webhook_owner_lost_rights"
"""Alarm: who made the shop's webhook may no longer see orders, so none will be told."""

APPLIED: Final = "goodword_coupon"
"""The word in a shop's address that names a coupon to be put into the basket by our plugin."""

_OWNER_WAITS: Final = 10.0
# As the plugin takes it: what else the owner may call a coupon is typed.
_COUPON: Final = re.compile(r"[\w.-]{1,64}")
_FORM: Final = "application/x-www-form-urlencoded"
_PING: Final = re.compile(rb"webhook_id=[0-9]{1,20}")


class WooCommerce:
    """WooCommerce, told by webhook and asked over its REST API."""

    name: str = "woocommerce"
    grants: frozenset[Kind] = frozenset(
        {Kind.AMOUNT_OFF, Kind.PERCENT_OFF, Kind.FREE_SHIPPING, Kind.FREE_PRODUCT}
    )

    def address(self, delivery: Delivery) -> Address:
        # Only the body is signed: the path that nobody can guess says whose it is, no header does.
        return Address(delivery.path.strip("/").partition("/")[0])

    def is_ping(self, delivery: Delivery) -> bool:
        signs = any(name.startswith("x-wc-") for name in delivery.headers)
        kind = delivery.headers.get("content-type", "").partition(";")[0].strip().lower()
        return not signs and kind == _FORM and _PING.fullmatch(delivery.body) is not None

    def verify(self, delivery: Delivery, secrets: Sequence[str]) -> None:
        claimed = delivery.headers.get("x-wc-webhook-signature")
        signature.check(delivery.body, claimed, secrets)

    def read(self, delivery: Delivery, installation: Installation) -> Iterable[News]:
        reader = _READERS.get(delivery.headers.get("x-wc-webhook-topic", ""))
        if reader is None:
            return ()
        return reader(an_object(parsed(delivery.body), "body"), installation.settings)

    def package(self) -> Package:
        return Package(name=packing.name(), content=packing.packed(), media_type="application/zip")

    def applying(self, installation: Installation, landing: str, coupon: str) -> str | None:
        if not installation.plugin or not _COUPON.fullmatch(coupon):
            return None
        sign = "&" if "?" in landing else "?"
        return f"{installation.url}{landing}{sign}{APPLIED}={quote(coupon, safe='')}"

    def open(self, installation: Installation) -> Till:
        return WooTill(Client(installation), installation.settings)

    def watch(self, installation: Installation) -> Watch:
        return WooWatch(Client(installation), installation.url, installation.settings)

    def introduced(self, url: str, *, public: bool) -> Introduced:
        return joining.introduced(url, public=public)

    def way(
        self, url: str, *, state: str, callback: str, back: str, giving: Collection[Giving] = ()
    ) -> str:
        # It gives everything or nothing, whatever the programs need.
        return joining.way(url, state=state, callback=callback, back=back)

    def keys(self, delivery: Delivery) -> Keys:
        return joining.keys(delivery)

    def proven(self, installation: Installation) -> Condition:
        # Nobody waits at a checkout, but the shop's owner does before a page.
        client = Client(installation, timeout=_OWNER_WAITS)
        condition = WooWatch(client, installation.url, installation.settings).condition()
        client.page("webhooks", 1)
        if any(sign.reason == "moved" for sign in condition.signs):
            raise client.elsewhere(condition.home)
        return condition


def _changed(body: Json, settings: Mapping[str, str]) -> tuple[News, ...]:
    if "code" in body and "line_items" not in body:
        return _error(body)
    order = orders.order(body, settings)
    # Of a refund the webhook tells the sum alone.
    return (OrderChanged(order=order, complete=not order.refunds),)


def _gone(body: Json, settings: Mapping[str, str]) -> tuple[News, ...]:
    # The topic is not signed: a body that says more than an id was signed for something else.
    if set(body) != {"id"}:
        raise OrderInvalid(field="body", mend="a deletion tells an id and nothing else")
    return (OrderGone(id=orders.order_id(body)),)


def _error(body: Json) -> tuple[News, ...]:
    """Read what WooCommerce signs and sends in an order's place, where it may not tell it."""
    match body["code"]:
        case "woocommerce_rest_cannot_view":
            return (Alarm(reason=LOST_RIGHTS),)
        case "woocommerce_rest_shop_order_invalid_id":
            # Deleted for good before it was sent; which one, it does not say.
            return ()
        case _:
            raise OrderInvalid(field="body", mend="is an error of the shop's own, not an order")


_Reader = Callable[[Json, Mapping[str, str]], tuple[News, ...]]
_READERS: Final[dict[str, _Reader]] = {
    "order.created": _changed,
    "order.updated": _changed,
    "order.restored": _changed,
    "order.deleted": _gone,
}
