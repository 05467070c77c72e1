"""Shopify's JSON, field by field: ids without their wrapping, amounts in whole minor units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from goodword.errors import OrderInvalid
from goodword.model.money import Money, money

Json = dict[str, Any]

_GID: Final = re.compile(r"gid://shopify/([A-Za-z]+)/([1-9][0-9]{0,19})(\?.*)?", re.ASCII)
_DIGITS: Final = re.compile("[1-9][0-9]{0,19}", re.ASCII)
# What no database column takes: it would fail far from here.
UNFIT: Final = re.compile("[\x00\ud800-\udfff]")


def gid(kind: str, id: str) -> str | None:
    """Return how Shopify names one of a kind; None for what cannot be an id of it."""
    return f"gid://shopify/{kind}/{id}" if _DIGITS.fullmatch(id) else None


def bare(gid: object) -> str:
    """Return the digits of an id, which never pass through a number."""
    found = _GID.fullmatch(gid) if isinstance(gid, str) else None
    if found is None:
        raise OrderInvalid(field="id", mend=f"{str(gid)[:60]!r} is not an id of Shopify's")
    return found[2]


def moment(found: object) -> datetime | None:
    """Return a moment in UTC; None where the shop says null."""
    if found is None:
        return None
    try:
        at = datetime.fromisoformat(str(found))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise OrderInvalid(field="moment", mend=f"{str(found)[:40]!r} is not a moment")
    return at.astimezone(UTC)


def in_shop_money(bag: Json, currency: str) -> Money:
    """Return what the shop counts, whatever the buyer was shown."""
    found = bag["shopMoney"]
    if found["currencyCode"] != currency:
        raise OrderInvalid(field="currency", mend=f"{found['currencyCode']!r} is not {currency}")
    return money(found["amount"], currency)


def number(found: object) -> Decimal:
    """Return a rate, exactly as it was written."""
    try:
        return Decimal(str(found))
    except InvalidOperation:
        raise OrderInvalid(field="rate", mend=f"{str(found)[:40]!r} is no number") from None


@contextmanager
def understood(what: str) -> Iterator[None]:
    """Let an answer of another shape than the schema's be one for a person to look at."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        mend = f"is not told as Shopify tells it ({type(error).__name__})"
        raise OrderInvalid(field=what, mend=mend) from error
