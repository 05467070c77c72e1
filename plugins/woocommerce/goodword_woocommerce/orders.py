"""An order as WooCommerce tells it, translated once: past here nobody speaks its dialect."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from html import unescape
from typing import Any, Final

from goodword import homes, traces
from goodword.errors import OrderInvalid
from goodword.model.money import DECIMALS, Money
from goodword.model.order import Line, Order, Refund, RefundedLine, UsedCoupon
from goodword_woocommerce import landing
from goodword_woocommerce.fields import (
    Json,
    amount,
    an_object,
    meta,
    moment,
    number,
    number_of,
    positive,
    rows,
    text,
)

_ID: Final = re.compile(r"[1-9][0-9]{0,18}")
# Failed ones may be paid later, cancelled ones reopened: both are then told anew.
_CANCELLED: Final = frozenset({"cancelled", "failed", "trash"})
# Money is awaited (again), whatever was paid before; other plugins' statuses are not among them.
_AWAITED: Final = frozenset({"pending", "on-hold", "checkout-draft"})
_COUNTRY: Final = re.compile("[A-Z]{2}")
_PHONE_LONGEST: Final = 40
_LINE_LONGEST: Final = 254
_KIND_LONGEST: Final = 64
_NUMBER_LONGEST: Final = 64
# Minor units by which the lines of a refund may miss its sum.
_ROUNDED_MOST: Final = 10
# WooCommerce writes this over the address of every erased order: it is nobody.
_ERASED: Final = "deleted@site.invalid"


def order(body: Json, settings: Mapping[str, str], refunds: Iterable[Json] | None = None) -> Order:
    """Return the order; ``refunds`` are their details, which only the till is told.

    Its key and its payment address open the order to anybody, so they stay behind here.
    Gift cards are products of other plugins and cannot be told apart: they count as goods.
    """
    currency = text(body, "currency")
    status = text(body, "status")
    notes = meta(body)
    placed = _placed(body)
    modified = moment(body, "date_modified_gmt")
    lines = _lines(body, currency)
    return Order(
        id=order_id(body),
        placed=placed,
        number=_number(body),
        modified=modified,
        paid=None if status in _AWAITED else moment(body, "date_paid_gmt"),
        fulfilled=moment(body, "date_completed_gmt"),
        cancelled=(modified or placed) if status in _CANCELLED else None,
        refunded=status == "refunded",
        net=Money(sum(line.net.minor for line in lines), currency),
        gross=amount(body, "total", currency),
        lines=lines,
        coupons=_coupons(body, currency),
        code=traces.code(notes, settings),
        code_via=traces.code_via(notes),
        visit=landing.visit(notes),
        landing=landing.landing(notes),
        customer=str(number(body, "customer_id") or "") or None,
        email=_email(body),
        phone=_phone(body),
        home=_home(body),
        named=traces.named(notes),
        named_hint=traces.named_hint(notes),
        country=_country(body),
        kind=_kind(body),
        refunds=_refunds(body, currency, refunds or ()),
    )


def order_id(body: Json) -> str:
    """Return the order's id, which is a number above zero."""
    found = number(body, "id")
    if not found:
        raise OrderInvalid(field="id", mend="is not the id of an order")
    return str(found)


def _placed(body: Json) -> datetime:
    placed = moment(body, "date_created_gmt")
    if placed is None:
        raise OrderInvalid(field="date_created_gmt", mend="is missing")
    return placed


def _lines(body: Json, currency: str) -> tuple[Line, ...]:
    return tuple(
        Line(
            id=str(number(row, "id")),
            net=amount(row, "total", currency, within=f"line_items[{place}]."),
            product=_id(row.get("product_id")),
            quantity=_quantity(row.get("quantity")),
        )
        for place, row in enumerate(rows(body, "line_items"))
    )


def _id(found: Any) -> str:
    """Return an id that may be missing, a number or its digits; no text otherwise."""
    written = str(found) if isinstance(found, (int, str)) else ""
    return written if _ID.fullmatch(written) else ""


def _quantity(found: Any) -> int:
    # Some plugins sell by weight: a part of a piece is one.
    return found if isinstance(found, int) else 1


def _coupons(body: Json, currency: str) -> tuple[UsedCoupon, ...]:
    return tuple(
        UsedCoupon(
            # WooCommerce keeps an ampersand as a page would show it.
            text=unescape(text(row, "code")),
            discount=amount(row, "discount", currency, within=f"coupon_lines[{place}]."),
        )
        for place, row in enumerate(rows(body, "coupon_lines"))
    )


def _email(body: Json) -> str | None:
    found = text(an_object(body.get("billing"), "billing"), "email").strip()
    return found if found and found.lower() != _ERASED else None


def _phone(body: Json) -> str | None:
    found = an_object(body.get("billing"), "billing").get("phone")
    return traces.words(found, _PHONE_LONGEST)


def _home(body: Json) -> str | None:
    """Return the address that it is sent to; what is not shipped is bought by whoever pays."""
    for part in ("shipping", "billing"):
        found = body.get(part)
        if isinstance(found, dict):
            names = ("country", "postcode", "city", "address_1", "address_2")
            home = homes.written(*(traces.words(found.get(one), _LINE_LONGEST) for one in names))
            if home is not None:
                return home
    return None


def _country(body: Json) -> str | None:
    """Return where it goes; what is not shipped goes to whoever pays."""
    for part in ("shipping", "billing"):
        found = body.get(part)
        country = found.get("country") if isinstance(found, dict) else None
        if isinstance(country, str) and _COUNTRY.fullmatch(country):
            return country
    return None


def _number(body: Json) -> str | None:
    """Return what a plugin of the shop's numbers it by; WooCommerce alone numbers by the id."""
    found = traces.words(body.get("number"), _NUMBER_LONGEST)
    return None if found is None or found == order_id(body) else found


def _kind(body: Json) -> str:
    """Return how it came about; both checkouts are the shop's own page."""
    found = traces.words(body.get("created_via"), _KIND_LONGEST)
    return "online" if found in (None, "checkout", "store-api") else str(found)


def _refunds(body: Json, currency: str, details: Iterable[Json]) -> tuple[Refund, ...]:
    """Return the refunds that this state names, with the details that are known of them.

    One that came after this state was told is left out: the next state names it.
    """
    known = {number(detail, "id"): detail for detail in details}
    named = sorted(rows(body, "refunds"), key=lambda row: number(row, "id"))
    return tuple(
        _detailed(known[number(row, "id")], currency)
        if number(row, "id") in known
        else Refund(
            id=str(number(row, "id")),
            gross=positive(amount(row, "total", currency, within="refunds.")),
        )
        for row in named
    )


def _detailed(detail: Json, currency: str) -> Refund:
    return Refund(
        id=str(number(detail, "id")),
        gross=positive(amount(detail, "amount", currency, within="refunds.")),
        at=moment(detail, "date_created_gmt"),
        lines=_refunded_lines(detail, currency),
    )


def _refunded_lines(detail: Json, currency: str) -> tuple[RefundedLine, ...] | None:
    goods = rows(detail, "line_items")
    others = (*rows(detail, "shipping_lines"), *rows(detail, "fee_lines"))
    # A refund by amount may still list goods at nothing, only to put them back on the shelf.
    if not any(_carries_money(line) for line in (*goods, *others)):
        return None
    # The sum may be written over by hand: what no line tells of was given back by amount.
    if _told(detail, "amount") - _sum(*goods, *others) > _tolerance(currency):
        return None
    return tuple(
        RefundedLine(
            line=_id(meta(line).get("_refunded_item_id")),
            net=positive(amount(line, "total", currency, within="refunds.line_items.")),
        )
        for line in goods
    )


def _sum(*lines: Json) -> Decimal:
    """Return what lines gave back with their taxes; a negative fee came back the other way."""
    return abs(sum((_told(line, "total") + _told(line, "total_tax") for line in lines), Decimal()))


def _told(body: Json, name: str) -> Decimal:
    """Return a number; nothing for what is none."""
    return number_of(body.get(name)) or Decimal()


def _tolerance(currency: str) -> Decimal:
    # Taxes are rounded line by line.
    return Decimal(_ROUNDED_MOST).scaleb(-DECIMALS[currency])


def _carries_money(line: Json) -> bool:
    written = f"{line.get('total')}{line.get('total_tax')}"
    return any(digit in written for digit in "123456789")
