"""The recorded shop's coupons, with WooCommerce's habits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from goodword_woocommerce.standin.recording import ZONE, recorded

Json = dict[str, Any]

# Setters that WooCommerce lacks or keeps to itself: written to, they are ignored in silence.
_IGNORED: Final = frozenset(
    {"id", "date_expires_gmt", "usage_count", "used_by", "date_created", "date_modified"}
)
_FIRST_ID: Final = 101


class CouponRefused(Exception):
    """The checkout does not take the coupon; the words are WooCommerce's."""


class Coupons:
    """Coupons by their ids."""

    def __init__(self) -> None:
        self.by_id: dict[int, Json] = {}

    def find(self, code: str) -> Json | None:
        """Return the coupon that the checkout knows under this code."""
        for coupon in self.by_id.values():
            if coupon["code"] == code.lower() and coupon["status"] == "publish":
                return coupon
        return None

    def listed(self, code: str | None) -> list[Json]:
        """Return all coupons, or the one of this code."""
        if code is None:
            return list(self.by_id.values())
        found = self.find(code)
        return [found] if found else []

    def make(self, body: Json) -> Json | None:
        """Make a coupon; None if its code is taken."""
        if self.find(body["code"]):
            return None
        id = _FIRST_ID + len(self.by_id)
        blank = recorded("coupon-created-reward-fixed-email").json
        now = datetime.now(UTC)
        blank |= {
            "id": id,
            "amount": "0.00",
            "date_created": _local(now),
            "date_created_gmt": _gmt(now),
            "date_modified": _local(now),
            "date_modified_gmt": _gmt(now),
            "description": "",
            "discount_type": "fixed_cart",
            "email_restrictions": [],
            "exclude_sale_items": False,
            "free_shipping": False,
            "limit_usage_to_x_items": None,
            "meta_data": [],
            "usage_limit": None,
            "usage_limit_per_user": None,
        }
        self.by_id[id] = blank
        return self.change(id, body)

    def change(self, id: int, body: Json) -> Json:
        """Set fields; ``date_modified`` does not move, as it does not in the real shop."""
        coupon = self.by_id[id]
        for name, value in body.items():
            if name in _IGNORED or name not in coupon:
                continue
            if name == "code":
                coupon["code"] = value.lower()
            elif name == "date_expires":
                _set_expiry(coupon, value)
            elif name == "meta_data":
                coupon["meta_data"] = [{"id": place, **one} for place, one in enumerate(value, 1)]
            else:
                coupon[name] = value
        return coupon

    def delete(self, id: int, *, force: bool) -> Json:
        """Put a coupon into the trash, or remove it for good."""
        if force:
            return self.by_id.pop(id)
        self.by_id[id]["status"] = "trash"
        return self.by_id[id]

    def use(self, code: str, email: str, now: datetime) -> None:
        """Spend a coupon."""
        coupon = self.find(code)
        if coupon is None:
            raise CouponRefused(f'Coupon "{code}" does not exist!')
        expires = coupon["date_expires_gmt"]
        if expires and now > datetime.fromisoformat(expires).replace(tzinfo=UTC):
            raise CouponRefused("This coupon has expired.")
        if coupon["usage_limit"] and coupon["usage_count"] >= coupon["usage_limit"]:
            raise CouponRefused("Coupon usage limit has been reached.")
        allowed = [one.lower() for one in coupon["email_restrictions"]]
        if allowed and email.lower() not in allowed:
            raise CouponRefused("Sorry, it seems this coupon is not yours.")
        coupon["usage_count"] += 1
        coupon["used_by"] = [*coupon["used_by"], email]


def _set_expiry(coupon: Json, value: str | None) -> None:
    at = datetime.fromisoformat(value) if value else None
    if at is not None and at.tzinfo is None:
        at = at.replace(tzinfo=ZONE)
    coupon["date_expires"] = _local(at) if at else None
    coupon["date_expires_gmt"] = _gmt(at) if at else None


def _local(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%Y-%m-%dT%H:%M:%S}"


def _gmt(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
