"""Amounts as Shopify writes them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

Json = dict[str, Any]


def number(amount: Decimal) -> str:
    """Return ``10.0`` for ten, as Shopify writes it, and ``10.25`` where there is more."""
    plain = f"{amount.normalize():f}"
    return plain if "." in plain else f"{plain}.0"


def one(amount: Decimal | str | int, currency: str) -> Json:
    """Return an amount of one currency."""
    return {"amount": number(Decimal(amount)), "currencyCode": currency}


def bag(amount: Decimal | str | int, currency: str, shown: tuple[str, str] | None = None) -> Json:
    """Return an amount of the shop's currency; ``shown``: the buyer's, with what one costs."""
    other, rate = shown or (currency, "1")
    return {
        "shopMoney": one(amount, currency),
        "presentmentMoney": one(Decimal(amount) * Decimal(rate), other),
    }
