"""Webhooks at the border: one address for the whole app, signed over the raw body only.

The headers are not signed, and what is told may be old: so a delivery is only a hint at what to
ask the till, and no amount of it counts.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from goodword.errors import DeliveryRefused, Invalid, OrderInvalid
from goodword.platforms import (
    Address,
    Alarm,
    DataAsked,
    Delivery,
    Installation,
    News,
    OrderGone,
    PeopleMerged,
    PersonForgotten,
    ShopForgotten,
    ShopLeft,
)
from goodword_shopify.domains import is_domain
from goodword_shopify.fields import UNFIT, Json, bare, moment

SCOPES_CHANGED: Final = "app_scopes_changed"
"""Alarm: what the app may do at the shop is not what it was."""

BY_LAW: Final = ("customers/data_request", "customers/redact", "shop/redact")
"""What the law wants told: it stands in the app's configuration alone."""
_NAMED: Final = ("x-shopify-topic", "x-shopify-webhook-id")
_ORDERS_MOST: Final = 2500


def address(delivery: Delivery) -> Address:
    """Return the shop's domain as the delivery claims it; empty if it claims none.

    The header is not signed, so the domain is never believed for money.
    """
    domain = delivery.headers.get("x-shopify-shop-domain", "").lower()
    return Address(domain if is_domain(domain) else "", claimed=True)


def verify(delivery: Delivery, secrets: Sequence[str]) -> None:
    """Raise `DeliveryRefused` unless one of the app's secrets signed the raw body.

    Raises `Invalid` for one that was signed, and lacks what every delivery has.
    """
    # Compared as bytes: on text a non-ASCII header would raise, and a stranger cause a 500.
    given = delivery.headers.get("x-shopify-hmac-sha256", "").encode("utf-8", "replace")
    for secret in secrets:
        made = b64encode(hmac.digest(secret.encode(), delivery.body, hashlib.sha256))
        if hmac.compare_digest(made, given):
            _check_whole(delivery)
            return
    raise DeliveryRefused(why="the signature does not fit the body")


def _check_whole(delivery: Delivery) -> None:
    """Raise `Invalid` for what Shopify never sends so: without a topic, or a name of its own."""
    for name in _NAMED:
        if not delivery.headers.get(name):
            raise Invalid(field=name, mend="is missing")


def read(delivery: Delivery, installation: Installation) -> Iterable[News]:
    """Return what is to be asked, or forgotten; raise `OrderInvalid` for what is no such thing."""
    reader = _READERS.get(delivery.headers.get("x-shopify-topic", ""))
    if reader is None:
        return ()
    news = reader(_body(delivery.body), installation)
    return [_dated(one, delivery) if isinstance(one, ShopLeft) else one for one in news]


def _body(raw: bytes) -> Json:
    try:
        found = json.loads(raw, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError):
        raise OrderInvalid(field="body", mend="is not JSON") from None
    if not isinstance(found, dict):
        raise OrderInvalid(field="body", mend="is not an object")
    return found


def _order(body: Json, installation: Installation) -> Iterable[News]:
    return (OrderGone(id=bare(body.get("admin_graphql_api_id"))),)


def _order_of(body: Json, installation: Installation) -> Iterable[News]:
    return (OrderGone(id=_digits(body, "order_id")),)


def _assessed(body: Json, installation: Installation) -> Iterable[News]:
    if "order_id" in body:
        return _order_of(body, installation)
    return (OrderGone(id=bare(body.get("admin_graphql_api_order_id"))),)


def _edited(body: Json, installation: Installation) -> Iterable[News]:
    return _order_of(_part(body, "order_edit"), installation)


def _redact(body: Json, installation: Installation) -> Iterable[News]:
    _check_domain(body.get("shop_domain"), installation)
    return (PersonForgotten(orders=_named(body, "orders_to_redact"), **_person(body)),)


def _person(body: Json) -> dict[str, str | None]:
    customer = _part(body, "customer")
    email, phone = (_text(customer.get(name)) for name in ("email", "phone"))
    account = _digits(customer, "id") if customer.get("id") is not None else None
    return {"email": email, "phone": phone, "account": account}


def _merged(body: Json, installation: Installation) -> Iterable[News]:
    if body.get("status") != "completed":
        return ()
    gone = bare(body.get("admin_graphql_api_customer_deleted_id"))
    kept = bare(body.get("admin_graphql_api_customer_kept_id"))
    return (PeopleMerged(gone=gone, kept=kept),)


def _data_asked(body: Json, installation: Installation) -> Iterable[News]:
    _check_domain(body.get("shop_domain"), installation)
    id, named = _digits(_part(body, "data_request"), "id"), _named(body, "orders_requested")
    return (DataAsked(id=id, orders=named, **_person(body)),)


def _named(body: Json, name: str) -> tuple[str, ...]:
    """Return the orders of somebody that a delivery names."""
    found = body.get(name) or ()
    if not isinstance(found, list | tuple) or len(found) > _ORDERS_MOST:
        raise OrderInvalid(field=name, mend="is not a list of ids")
    return tuple(_digits({"id": one}, "id") for one in found)


def _shop_redact(body: Json, installation: Installation) -> Iterable[News]:
    _check_domain(body.get("shop_domain"), installation)
    return (ShopForgotten(),)


def _uninstalled(body: Json, installation: Installation) -> Iterable[News]:
    _check_domain(body.get("myshopify_domain"), installation)
    return (ShopLeft(),)


def _dated(left: ShopLeft, delivery: Delivery) -> ShopLeft:
    """Add when it was; the header is not signed, and one that is no moment says nothing."""
    try:
        return replace(left, at=moment(delivery.headers.get("x-shopify-triggered-at")))
    except OrderInvalid:
        return left


def _scopes(body: Json, installation: Installation) -> Iterable[News]:
    return (Alarm(reason=SCOPES_CHANGED),)


_Reader = Callable[[Json, Installation], Iterable[News]]
_READERS: Final[dict[str, _Reader]] = {
    "orders/create": _order,
    "orders/paid": _order,
    "orders/updated": _order,
    "orders/cancelled": _order,
    "orders/fulfilled": _order,
    "orders/edited": _edited,
    "refunds/create": _order_of,
    "orders/risk_assessment_changed": _assessed,
    "disputes/create": _order_of,
    "disputes/update": _order_of,
    "customers/merge": _merged,
    "customers/redact": _redact,
    "customers/data_request": _data_asked,
    "shop/redact": _shop_redact,
    "app/uninstalled": _uninstalled,
    "app/scopes_update": _scopes,
}
TOPICS: Final = tuple(topic for topic in _READERS if topic not in BY_LAW)
"""What the app asks to be told of."""
BY_CHOICE: Final = frozenset({"disputes/create", "disputes/update", "customers/merge"})
"""Of these, what needs a scope of its own."""


def _check_domain(told: Any, installation: Installation) -> None:
    """Raise `OrderInvalid` where the signed body names another shop than the unsigned header."""
    own = installation.url.rstrip("/").rpartition("/")[2]
    if told != own:
        raise OrderInvalid(field="shop_domain", mend="the body names another shop")


def _part(body: Json, name: str) -> Json:
    found = body.get(name)
    if not isinstance(found, dict):
        raise OrderInvalid(field=name, mend="is not an object")
    return found


def _digits(body: Json, name: str) -> str:
    # Whole numbers stay whole here, however many digits they have.
    found = body.get(name)
    if type(found) is not int or not 0 < found < 10**20:
        raise OrderInvalid(field=name, mend="is not an id")
    return str(found)


def _text(found: Any) -> str | None:
    return found if isinstance(found, str) and found and not UNFIT.search(found) else None
