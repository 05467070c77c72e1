"""Orders as the stand-in's shops hold them, with the sums that Shopify would have made."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from goodword_shopify.standin.money import bag

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What stands on one line."""

    price: str
    """Of one, as the shop shows it: with tax where the shop's prices hold it."""
    quantity: int = 1
    tax: str = "0"
    """Percent."""
    off: tuple[tuple[str, str], ...] = ()
    """What each code took off the whole line, as (code, amount); no code: an automatic one."""
    gift_card: bool = False
    product: str = "gid://shopify/Product/9007199254741001"


@dataclass(slots=True, kw_only=True)
class Till:
    """How a shop counts: its currency, and whether its prices hold the tax."""

    currency: str
    taxes_included: bool = False
    shown: tuple[str, str] | None = None
    step: Decimal = field(default=Decimal("0.01"))

    def bag(self, amount: Decimal | str | int) -> Json:
        return bag(amount, self.currency, self.shown)

    def tax(self, amount: Decimal, percent: str) -> Decimal:
        """Return the tax on an amount, or within it."""
        rate = Decimal(percent) / 100
        part = amount * rate / (1 + rate) if self.taxes_included else amount * rate
        return part.quantize(self.step, ROUND_HALF_UP)


def order(
    id: str,
    till: Till,
    lines: list[Bought],
    *,
    at: str,
    shipping: str = "0",
    shipping_off: tuple[tuple[str, str], ...] = (),
    financial: str = "PAID",
    **told: Any,
) -> Json:
    """Return an order; ``told`` are fields of the schema that stand otherwise than usual."""
    rows = [_line(till, place, one) for place, one in enumerate(lines, 1)]
    codes = [code for one in lines for code, _ in one.off if code]
    codes += [code for code, _ in shipping_off if code]
    owed = sum((_owed(till, one) for one in lines), Decimal(shipping))
    owed -= sum(Decimal(amount) for _, amount in shipping_off)
    paid = financial in ("PAID", "PARTIALLY_REFUNDED", "REFUNDED")
    return {
        "__typename": "Order",
        "id": id,
        "name": f"#{id.rpartition('/')[2]}",
        "test": False,
        "createdAt": at,
        "processedAt": at,
        "updatedAt": at,
        "cancelledAt": None,
        "displayFinancialStatus": financial,
        "displayFulfillmentStatus": "UNFULFILLED",
        "sourceName": "web",
        "taxesIncluded": till.taxes_included,
        "currencyCode": till.currency,
        "email": None,
        "phone": None,
        "discountCodes": list(dict.fromkeys(codes)),
        "customAttributes": [],
        "totalPriceSet": till.bag(owed),
        "originalTotalPriceSet": till.bag(owed),
        "totalReceivedSet": till.bag(owed if paid else 0),
        "customer": None,
        "checkoutToken": None,
        "shippingAddress": None,
        "billingAddress": None,
        "disputes": [],
        "risk": {"recommendation": "ACCEPT"},
        "refunds": [],
        "transactions": [_sale(at)] if paid else [],
        "fulfillments": [],
        "customerJourneySummary": None,
        "lineItems": rows,
        "shippingLines": [
            {"taxLines": [], "discountAllocations": _allocated(till, shipping_off)},
        ],
        **told,
    }


def _sale(at: str) -> Json:
    return {"kind": "SALE", "status": "SUCCESS", "processedAt": at, "createdAt": at}


def _line(till: Till, place: int, one: Bought) -> Json:
    cost = Decimal(one.price) * one.quantity
    off = sum((Decimal(amount) for _, amount in one.off), Decimal(0))
    return {
        "__typename": "LineItem",
        "id": f"gid://shopify/LineItem/{9007199254742000 + place}",
        "quantity": one.quantity,
        "currentQuantity": one.quantity,
        "isGiftCard": one.gift_card,
        "originalTotalSet": till.bag(cost),
        "taxLines": [
            {"ratePercentage": float(one.tax), "priceSet": till.bag(till.tax(cost - off, one.tax))}
        ]
        if Decimal(one.tax)
        else [],
        "discountAllocations": _allocated(till, one.off),
        "product": {"id": one.product},
    }


def _allocated(till: Till, off: tuple[tuple[str, str], ...]) -> list[Json]:
    return [
        {
            "allocatedAmountSet": till.bag(amount),
            "discountApplication": {
                "__typename": "DiscountCodeApplication",
                "index": place,
                "code": code,
            }
            if code
            else {"__typename": "AutomaticDiscountApplication", "index": place},
        }
        for place, (code, amount) in enumerate(off)
    ]


def _owed(till: Till, one: Bought) -> Decimal:
    cost = Decimal(one.price) * one.quantity - sum(Decimal(amount) for _, amount in one.off)
    return cost if till.taxes_included else cost + till.tax(cost, one.tax)


def refund(
    of: Json,
    till: Till,
    id: str,
    *,
    at: str,
    paid_back: str,
    quantities: dict[int, int] | None = None,
    shipping: str | None = None,
    discrepancy: str | None = None,
) -> Json:
    """Add a refund to an order: so many of each line, by its place, or by amount alone."""
    rows = [_refunded(of["lineItems"][place], count) for place, count in (quantities or {}).items()]
    made = {
        "__typename": "Refund",
        "id": id,
        "createdAt": at,
        "totalRefundedSet": till.bag(paid_back),
        "refundLineItems": rows,
        "refundShippingLines": [
            {"subtotalAmountSet": till.bag(shipping), "taxAmountSet": till.bag(0)}
        ]
        if shipping
        else [],
        "orderAdjustments": [{"reason": "REFUND_DISCREPANCY", "amountSet": till.bag(discrepancy)}]
        if discrepancy
        else [],
    }
    of["refunds"].append(made)
    of["updatedAt"] = at
    whole = sum(Decimal(one["totalRefundedSet"]["shopMoney"]["amount"]) for one in of["refunds"])
    everything = whole >= Decimal(of["totalPriceSet"]["shopMoney"]["amount"])
    of["displayFinancialStatus"] = "REFUNDED" if everything else "PARTIALLY_REFUNDED"
    return made


def _refunded(line: Json, count: int) -> Json:
    line["currentQuantity"] -= count
    return {"quantity": count, "lineItem": line}
