"""What a coupon of ours is at the shop: its worth, whose it is, and how it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from goodword.errors import TillRefused
from goodword.model.followup import Grant
from goodword.model.money import DECIMALS, written
from goodword.model.worth import Discount, Kind, Worth
from goodword_woocommerce.client import Client
from goodword_woocommerce.fields import Json, meta

GRANT: Final = "_goodword_grant"
"""The coupon's meta key that says which grant it was made for."""

COMBINES: Final = "combines_with"
"""The installation's setting: the kinds of discount that ours may be used with, with commas
between: order, product, shipping.  Without it they may be used with all."""
# Expired, a coupon stays in the shop's books and keeps its code, so nobody can make it anew.  The
# other ways are worse: a limit of 0 means none, a draft or trashed one frees the code.
LONG_AGO: Final = "2000-01-01T00:00:00Z"
_CURRENCY: Final = "settings/general/woocommerce_currency"
_OFF_GOODS: Final = frozenset({Discount.ORDER.value, Discount.PRODUCT.value})
_PRODUCT: Final = re.compile("[1-9][0-9]{0,18}")


def own_currency(client: Client) -> str | None:
    """Return the shop's own currency, in which its coupons are; None where it does not tell."""
    # As the owner set it: what WooCommerce says elsewhere a plugin may change by who asks.
    try:
        told = client.facts(_CURRENCY, _fields="value").get("value")
    except TillRefused:
        return None
    return told if isinstance(told, str) and told in DECIMALS else None


def worth_of(worth: Worth) -> Json | None:
    """Return the fields of a coupon that make up its worth; None for what no coupon can be."""
    match worth:
        case Worth(of_order=True):
            return None
        case Worth(kind=Kind.AMOUNT_OFF, amount=amount) if amount is not None:
            return {"discount_type": "fixed_cart", "amount": written(amount)}
        case Worth(kind=Kind.PERCENT_OFF, percent=percent) if percent is not None:
            return {"discount_type": "percent", "amount": f"{percent:f}"}
        case Worth(kind=Kind.FREE_SHIPPING):
            return {"discount_type": "fixed_cart", "amount": "0", "free_shipping": True}
        case Worth(kind=Kind.FREE_PRODUCT, product=product) if _PRODUCT.fullmatch(product or ""):
            # All of the price, of one piece, of this product.
            return {
                "discount_type": "percent",
                "amount": "100",
                "product_ids": [int(product or "")],
                "limit_usage_to_x_items": 1,
            }
        case _:
            return None


def is_alone(grant: Grant, settings: Mapping[str, str]) -> bool:
    """Whether a coupon is used with no other: its program's word first, then the shop's setting.

    WooCommerce does not tell coupons apart by what they take something off: one goes with all
    others, or with none.  Who lets ours go with discounts on shipping alone lets it go with none.
    """
    beside = grant.combines_with
    if beside is None:
        told = settings.get(COMBINES)
        if told is None:
            return False
        return not {one.strip() for one in told.split(",")} & _OFF_GOODS
    return not _OFF_GOODS & {one.value for one in beside}


def expiry(at: datetime) -> str:
    """Return a moment as WooCommerce is told it."""
    # With its zone: bare it is the shop's own time, and date_expires_gmt is never written.
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def is_for(body: Json, grant: str) -> bool:
    """Whether a coupon was made for this grant."""
    return meta(body).get(GRANT) == grant


def is_off(body: Json) -> bool:
    """Whether we ended a coupon, which nobody else does so."""
    return body.get("date_expires_gmt") == LONG_AGO.removesuffix("Z")


def is_used(body: Json) -> bool:
    # A shop that does not say leaves the debt standing.
    return body.get("usage_count") != 0
