"""What the recorded shop knows and answers; no HTTP here, `server` speaks it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final
from urllib.parse import unquote_plus

from goodword_woocommerce.standin.coupons import Coupons
from goodword_woocommerce.standin.hooks import Hooks
from goodword_woocommerce.standin.recording import ZONE, Recorded, answer, recorded

Json = dict[str, Any]
_MOST: Final = 100


class Fault(Enum):
    """How a real shop fails.  The last two do what was asked, and then say nothing."""

    NONE = "not at all: lets one request pass before the next fault"
    PAGE = "a page of HTML with status 200"
    MOVED = "a redirect"
    WALL = "a page of HTML with status 403, of what stands in front of the shop"
    CUT = "the start of its answer, and then no more"
    CODE = "an error with status 200"
    BUSY = "429"
    DOWN = "503"
    BROKEN = "500"
    GATEWAY = "504"
    HANG = "done, but no answer before the asker gives up"
    DROP = "done, but the connection breaks"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API says to a request."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


class Shop:
    """Orders as they were last shown, and the coupons made since."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.orders: dict[int, Json] = {}
        self.coupons = Coupons()
        self.hooks = Hooks()
        self.home = ""
        """What the shop calls itself: its address."""
        self.name = ""
        """Another name than it was recorded under."""
        self.currency = "GBP"
        """What the owner set: it is not recorded, and answered as WooCommerce writes it."""
        self.environment: Json = {}
        """What the shop says of itself in another way than the recorded one did."""

    def show(self, what: str | Recorded | Json) -> Json:
        """Make an order stand as told by a delivery (or its name) or by a body."""
        if isinstance(what, str):
            what = recorded(what)
        body: Json = what.json if isinstance(what, Recorded) else what
        with self.lock:
            if set(body) == {"id"}:
                # An order that was put into the trash is still there, for those who know its id.
                self.orders[body["id"]] = self.orders.get(body["id"], body) | {"status": "trash"}
            else:
                self.orders[body["id"]] = body
        return body

    def use_coupon(self, code: str, email: str) -> None:
        """Spend a coupon at the checkout; raise `CouponRefused` as the shop would."""
        with self.lock:
            self.coupons.use(code, email, datetime.now(UTC))

    def answer(self, method: str, path: str, query: Mapping[str, str], body: Any) -> Answer:
        """Answer a request for a path behind ``/wp-json/wc/v3/``."""
        kind, *rest = path.strip("/").split("/")
        answering = _ANSWERS.get((method, kind, len(rest)))
        if answering is None or (len(rest) == 2 and rest[1] not in _BELOW):
            return error(404, "rest_no_route", "No route was found matching the URL.")
        with self.lock:
            return answering(self, [_whole(rest[0])] if rest else [], query, body)

    def list_orders(self, ids: list[int], query: Mapping[str, str], body: Any) -> Answer:
        unknown = set(query) - _LISTING
        if unknown:
            return error(400, "rest_invalid_param", f"not recorded: {', '.join(sorted(unknown))}")
        found = [order for order in self.orders.values() if _wanted(order, query)]
        by = "date_modified_gmt" if query.get("orderby") == "modified" else "id"
        newest_first = query.get("order", "desc") == "desc"
        return page(
            sorted(found, key=lambda order: (order[by], order["id"]), reverse=newest_first), query
        )

    def one_order(self, ids: list[int], query: Mapping[str, str], body: Any) -> Answer:
        found = self.orders.get(ids[0])
        return Answer(200, found) if found else recorded_error("error-order-404")

    def list_refunds(self, ids: list[int], query: Mapping[str, str], body: Any) -> Answer:
        found = self.orders.get(ids[0])
        if found is None:
            return recorded_error("error-order-404")
        return page([_detail(refund, found) for refund in found.get("refunds", [])], query)

    def list_coupons(self, ids: list[int], query: Mapping[str, str], body: Any) -> Answer:
        found = self.coupons.listed(query.get("code"))
        return page([one for one in found if _shown(one, query)], query)

    def one_coupon(self, ids: list[int], query: Mapping[str, str], body: Any) -> Answer:
        found = self.coupons.by_id.get(ids[0])
        return Answer(200, found) if found else _NO_COUPON

    def make_coupon(self, ids: list[int], query: Mapping[str, str], body: Any) -> Answer:
        made = self.coupons.make(body)
        return Answer(201, made) if made else recorded_error("error-coupon-exists")

    def change_coupon(self, ids: list[int], query: Mapping[str, str], body: Any) -> Answer:
        if ids[0] not in self.coupons.by_id:
            return _NO_COUPON
        return Answer(200, self.coupons.change(ids[0], body))

    def delete_coupon(self, ids: list[int], query: Mapping[str, str], body: Any) -> Answer:
        if ids[0] not in self.coupons.by_id:
            return _NO_COUPON
        return Answer(200, self.coupons.delete(ids[0], force=query.get("force") == "true"))

    def list_webhooks(self, ids: list[int], query: Mapping[str, str], body: Any) -> Answer:
        return page(list(self.hooks.by_id.values()), query)

    def make_webhook(self, ids: list[int], query: Mapping[str, str], body: Any) -> Answer:
        return Answer(201, self.hooks.make(body))

    def change_webhook(self, ids: list[int], query: Mapping[str, str], body: Any) -> Answer:
        if ids[0] not in self.hooks.by_id:
            return _NO_WEBHOOK
        return Answer(200, self.hooks.change(ids[0], body))

    def delete_webhook(self, ids: list[int], query: Mapping[str, str], body: Any) -> Answer:
        if ids[0] not in self.hooks.by_id:
            return _NO_WEBHOOK
        if query.get("force") != "true":
            return error(501, "woocommerce_rest_trash_not_supported", "Webhooks cannot be trashed.")
        return Answer(200, self.hooks.delete(ids[0]))

    def setting(self, ids: list[int], query: Mapping[str, str], body: Any) -> Answer:
        return Answer(200, {"value": self.currency})

    def status(self, ids: list[int], query: Mapping[str, str], body: Any) -> Answer:
        status, headers, told = answer("system-status-environment")
        return Answer(
            status,
            {"environment": told["environment"] | {"home_url": self.home} | self.environment},
            headers,
        )


_Answering = Callable[[Shop, list[int], Mapping[str, str], Any], Answer]
_ANSWERS: Final[dict[tuple[str, str, int], _Answering]] = {
    ("GET", "orders", 0): Shop.list_orders,
    ("GET", "orders", 1): Shop.one_order,
    ("GET", "orders", 2): Shop.list_refunds,
    ("GET", "coupons", 0): Shop.list_coupons,
    ("GET", "coupons", 1): Shop.one_coupon,
    ("POST", "coupons", 0): Shop.make_coupon,
    ("PUT", "coupons", 1): Shop.change_coupon,
    ("DELETE", "coupons", 1): Shop.delete_coupon,
    ("GET", "webhooks", 0): Shop.list_webhooks,
    ("POST", "webhooks", 0): Shop.make_webhook,
    ("PUT", "webhooks", 1): Shop.change_webhook,
    ("DELETE", "webhooks", 1): Shop.delete_webhook,
    ("GET", "system_status", 0): Shop.status,
    ("GET", "settings", 2): Shop.setting,
}
# What is known of an order, and of the shop's general settings.
_BELOW: Final = frozenset({"refunds", "woocommerce_currency"})
_LISTING: Final = frozenset(
    {
        *("page", "per_page", "order", "orderby", "status", "customer", "search", "_fields"),
        *("modified_after", "dates_are_gmt", "include"),
    }
)


def error(status: int, code: str, message: str) -> Answer:
    """Return an error as WordPress writes it."""
    return Answer(status, {"code": code, "message": message, "data": {"status": status}})


def recorded_error(name: str) -> Answer:
    """Return an error as it was recorded."""
    status, headers, body = answer(name)
    return Answer(status, body, headers)


def page(found: list[Json], query: Mapping[str, str]) -> Answer:
    """Return one page of a list."""
    size, number = int(query.get("per_page", "10")), int(query.get("page", "1"))
    if not 1 <= size <= _MOST:
        return error(400, "rest_invalid_param", "Invalid parameter(s): per_page")
    pages = -(-len(found) // size)
    headers = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(pages)}
    wanted = [name for name in query.get("_fields", "").split(",") if name]
    rows = found[(number - 1) * size : number * size]
    if wanted:
        rows = [{name: row[name] for name in wanted if name in row} for row in rows]
    return Answer(200, rows, headers)


def _wanted(order: Json, query: Mapping[str, str]) -> bool:
    if order["status"] == "trash":
        return False
    if not _included(order, query) or not _modified_after(order, query):
        return False
    customer = query.get("customer")
    if customer is not None and str(order["customer_id"]) != customer:
        return False
    # The oldest WooCommerce that we take decodes once too often what it is to search for.
    return unquote_plus(query.get("search", "")).lower() in order["billing"]["email"].lower()


def _included(one: Json, query: Mapping[str, str]) -> bool:
    asked = query.get("include")
    return asked is None or str(one["id"]) in asked.split(",")


def _modified_after(order: Json, query: Mapping[str, str]) -> bool:
    """Exclusive, in whole seconds, and shop-local unless the request says otherwise."""
    asked = query.get("modified_after")
    if asked is None:
        return True
    gmt = query.get("dates_are_gmt") == "true"
    since = datetime.fromisoformat(asked)
    if gmt and since.tzinfo is not None:
        # What bears its zone is shifted twice.
        since = (since + since.astimezone(ZONE).utcoffset()).replace(tzinfo=None)  # type: ignore[operator]
    modified = datetime.fromisoformat(order["date_modified_gmt" if gmt else "date_modified"])
    return modified > since


def _shown(coupon: Json, query: Mapping[str, str]) -> bool:
    return coupon["status"] == "publish" and _included(coupon, query)


def _detail(refund: Json, order: Json) -> Json:
    """Return a refund's recorded detail; one by amount, marked as derived, if there is none."""
    for detail in answer("order-refunds")[2]:
        if detail["id"] == refund["id"]:
            found: Json = detail
            return found
    return {
        "id": refund["id"],
        "date_created": order["date_modified"],
        "date_created_gmt": order["date_modified_gmt"],
        "amount": refund["total"].lstrip("-"),
        "reason": refund["reason"],
        "refunded_by": 1,
        "refunded_payment": False,
        "meta_data": [{"id": 0, "key": "_derived", "value": "not recorded"}],
        "line_items": [],
        "shipping_lines": [],
        "tax_lines": [],
        "fee_lines": [],
    }


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() else 0


_NO_WEBHOOK: Final = error(404, "woocommerce_rest_shop_webhook_invalid_id", "Invalid ID.")
_NO_COUPON: Final = error(404, "woocommerce_rest_shop_coupon_invalid_id", "Invalid ID.")
