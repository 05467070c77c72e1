"""An order's state: whether it can be true, and which state counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from goodword.errors import OrderInvalid
from goodword.model.money import DECIMALS, MOST, Money
from goodword.model.order import Order, Refund
from goodword.rules import texts

_LAST_YEAR: Final = 9000
# Time zones mixed up are forgiven; a shop's clock may be that far ahead.
_AHEAD_MOST: Final = timedelta(days=1)
# So far apart are clocks that are right.
_SKEW_MOST: Final = timedelta(minutes=10)
_MOMENTS: Final = (
    *("placed", "modified", "paid", "fulfilled", "cancelled", "disputed", "customer_since"),
)
_COUNTRY: Final = re.compile("[A-Z]{2}")


class Newness(Enum):
    """How a reported state stands to the one that is kept."""

    NEW = "new"
    SAME = "same"
    OLD = "old"
    CONFLICT = "conflict"


def newness(
    modified: datetime | None,
    same_facts: bool,
    kept: datetime | None,
    *,
    confirmed: bool,
    now: datetime | None = None,
) -> Newness:
    """Say whether the reported state replaces the kept one.

    ``confirmed``: it was read from the shop just now, so it counts where moments are equal, and
    where the kept one is of a clock that ran ahead of ``now`` and was set right since.
    """
    if modified is None or kept is None or modified > kept:
        return Newness.SAME if same_facts and modified == kept else Newness.NEW
    if modified < kept:
        ahead = now is not None and kept > now + _SKEW_MOST
        return Newness.NEW if confirmed and ahead else Newness.OLD
    if same_facts:
        return Newness.SAME
    return Newness.NEW if confirmed else Newness.CONFLICT


def with_refunds(order: Order, alone: Iterable[Refund]) -> Order:
    """Return the order with the refunds that were recorded alone, joined by id.

    One in another currency came before its order was known, and is none of it.  One that the state
    itself tells twice is one.
    """
    refunds = {refund.id: refund for refund in alone if refund.gross.unit == order.gross.unit}
    told = {refund.id: refund for refund in order.refunds}
    if not refunds and len(told) == len(order.refunds):
        return order
    refunds |= told
    return replace(order, refunds=tuple(refunds[id] for id in sorted(refunds)))


def check(order: Order, now: datetime | None = None) -> None:
    """Raise `OrderInvalid` naming the field, if the order cannot be true.

    ``now``: a moment far ahead of it comes from a clock that is wrong; kept as the newest state it
    would hold off every true one.
    """
    _check_names(order)
    for name, text in _texts(order):
        _check_text(name, text)
    _check_moment("landing.at", order.landing.at if order.landing else None)
    for name in _MOMENTS:
        _check_moment(name, getattr(order, name))
        _check_clock(name, getattr(order, name), now)
    if order.country is not None and not _COUNTRY.fullmatch(order.country):
        raise OrderInvalid(field="country", mend="give two capital letters, like TW (ISO 3166)")
    if not 0 < len(order.kind) <= texts.LONGEST:
        raise OrderInvalid(field="kind", mend=f"name it in 1 to {texts.LONGEST} characters")
    for name, amount in _amounts(order):
        _check_amount(name, amount, order.net.unit)
    told: dict[str, Refund] = {}
    for refund in order.refunds:
        check_refund(refund, order)
        if told.setdefault(refund.id, refund) != refund:
            raise OrderInvalid(
                field="refunds", mend=f"two of them go by {refund.id!r}; report each by its own id"
            )


def _check_names(order: Order) -> None:
    """Raise `OrderInvalid`, if this is no way to call an order or a customer."""
    check_id("id", order.id)
    if order.number is not None:
        check_id("number", order.number)
    if order.customer:
        check_id("customer", order.customer)
        if "@" in order.customer:
            raise OrderInvalid(
                field="customer", mend="must not be an e-mail address; that is `email`"
            )


def check_refund(refund: Refund, order: Order | None) -> None:
    """Raise `OrderInvalid`, if the refund cannot be true (of this order, where it is known)."""
    check_id("refund.id", refund.id)
    unit = order.net.unit if order else refund.gross.unit
    _check_moment("refund.at", refund.at)
    _check_amount("refund.gross", refund.gross, unit)
    for line in refund.lines or ():
        _check_text("refund.lines.line", line.line)
        _check_amount("refund.lines.net", line.net, unit)
    if order is not None and refund.gross.minor > order.gross.minor:
        raise OrderInvalid(
            field="refund.gross",
            mend=f"refund {refund.id!r} gives back more than order {order.id!r} cost; "
            "report what was paid back for this order only",
            refund=refund.gross.minor,
            gross=order.gross.minor,
        )


def folded_number(number: str) -> str:
    """Return an order's number as it is looked for, however somebody types it.

    >>> folded_number("#1001"), folded_number(" no-1001 ")
    ('1001', 'NO-1001')
    """
    return typed(number).upper()


def typed(number: str) -> str:
    """Return an order's number or id without what people write around it: `` #17 `` is 17."""
    return number.strip().removeprefix("#").strip()


def check_id(field: str, id: str) -> None:
    """Raise `OrderInvalid`, if this cannot be the id of an order or refund."""
    if not 0 < len(id) <= texts.LONGEST:
        raise OrderInvalid(field=field, mend=f"give the shop's own id, 1 to {texts.LONGEST} long")
    _check_text(field, id)


def _texts(order: Order) -> Iterator[tuple[str, str | None]]:
    for name in ("email", "phone", "home", "named", "named_hint", "code", "visit", "kind"):
        yield name, getattr(order, name)
    yield "landing.code", order.landing.code if order.landing else None
    yield from (("coupons.text", coupon.text) for coupon in order.coupons)
    for line in order.lines:
        yield from (("lines.id", line.id), ("lines.product", line.product))
        yield from (("lines.collections", one) for one in line.collections)


def _amounts(order: Order) -> Iterator[tuple[str, Money]]:
    yield "net", order.net
    yield "gross", order.gross
    yield from (("lines.net", line.net) for line in order.lines)
    yield from (("coupons.discount", coupon.discount) for coupon in order.coupons)


def _check_text(field: str, text: str | None) -> None:
    if text is not None and not texts.can_be_kept(text):
        raise OrderInvalid(field=field, mend=texts.MEND)


def _check_amount(field: str, amount: Money, unit: str) -> None:
    if amount.unit not in DECIMALS:
        raise OrderInvalid(
            field=field, mend=f"is in {amount.unit!r}; give a currency's ISO 4217 code, like TWD"
        )
    if amount.unit != unit:
        raise OrderInvalid(
            field=field, mend=f"is in {amount.unit}, the order in {unit}; report one currency"
        )
    # Whoever has no type checker hands a float over one day; it would be booked as it is.
    if not isinstance(amount.minor, int):
        raise OrderInvalid(
            field=field, mend=f"{amount.minor!r} is no whole number of minor units; use money()"
        )
    if amount.minor < 0:
        raise OrderInvalid(field=field, mend="is below zero; report amounts as positive numbers")
    if amount.minor > MOST:
        raise OrderInvalid(field=field, mend="is more than any order costs; check its unit")


def _check_clock(field: str, moment: datetime | None, now: datetime | None) -> None:
    if moment is not None and now is not None and moment > now + _AHEAD_MOST:
        raise OrderInvalid(
            field=field, mend="lies more than a day ahead of our clock; set the shop's clock right"
        )


def _check_moment(field: str, moment: datetime | None) -> None:
    if moment is not None and moment.utcoffset() != timedelta(0):
        raise OrderInvalid(field=field, mend="needs a moment in UTC with its time zone set")
    # A hold or a window must still fit before the end of time.
    if moment is not None and moment.year > _LAST_YEAR:
        raise OrderInvalid(field=field, mend=f"lies after the year {_LAST_YEAR}; check its source")
