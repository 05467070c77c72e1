"""In what a coupon at the shop differs from what was promised: what was used differs in nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from goodword.model.followup import Grant
from goodword.model.money import written
from goodword.model.worth import Kind, Worth
from goodword_shopify.codes import combines_otherwise, is_off
from goodword_shopify.fields import Json, moment

_TYPES: Final = {
    Kind.AMOUNT_OFF: "DiscountCodeBasic",
    Kind.PERCENT_OFF: "DiscountCodeBasic",
    Kind.FREE_SHIPPING: "DiscountCodeFreeShipping",
    Kind.FREE_PRODUCT: "DiscountCodeBxgy",
}


def of_code(grant: Grant, node: Json, settings: Mapping[str, str]) -> Iterator[str]:
    """Yield in what a code differs."""
    told = node["codeDiscount"]
    if told.get("asyncUsageCount"):
        return
    if told["__typename"] != _TYPES.get(grant.worth.kind):
        yield "kind"
        return
    yield from _of_time(grant, told, _ends_as_promised(moment(told["endsAt"]), grant.expires))
    if told["__typename"] == "DiscountCodeBasic" and not _is_worth(told, grant.worth):
        yield "amount"
    if told["usageLimit"] != 1:
        yield "limit"
    if _is_narrowed(told):
        yield "narrowed"
    if combines_otherwise(grant, told, settings):
        yield "combines"


def of_many(grant: Grant, node: Json, settings: Mapping[str, str]) -> Iterator[str]:
    """Yield in what a code differs that stands with others under one discount.

    Their uses are counted together, and they end together: none sooner than promised.
    """
    told = node["codeDiscount"]
    if told["__typename"] != _TYPES.get(grant.worth.kind):
        yield "kind"
        return
    ends = moment(told["endsAt"])
    lasts = ends is not None and (grant.expires is None or grant.expires <= ends)
    yield from _of_time(grant, told, lasts)
    if told["__typename"] == "DiscountCodeBasic" and not _is_worth(told, grant.worth):
        yield "amount"
    if combines_otherwise(grant, told, settings):
        yield "combines"


def _of_time(grant: Grant, told: Json, lasts: bool) -> Iterator[str]:
    """Yield in what a code differs that can be off; ``lasts``: it ends as was promised."""
    if grant.paused or (grant.rests and is_off(told)):
        # It was ended by us, and is to be as it was once the program goes on.
        if is_off(told) is not grant.paused:
            yield "paused"
        return
    if is_off(told):
        yield "status"
    if not lasts:
        yield "expires"


def of_card(grant: Grant, node: Json, _settings: Mapping[str, str]) -> Iterator[str]:
    """Yield in what a gift card differs."""
    if node["balance"] != node["initialValue"]:
        return
    if not node["enabled"]:
        yield "status"
    if not _is_price(node["initialValue"], grant.worth):
        yield "amount"
    ends = None if grant.expires is None else f"{grant.expires:%Y-%m-%d}"
    if node["expiresOn"] != ends:
        yield "expires"


# A credit that was given cannot be changed by anybody, only spent: so nobody looks at it.
_Differences = Callable[[Grant, Json, Mapping[str, str]], Iterator[str]]
KINDS: Final[tuple[tuple[str, str, _Differences], ...]] = (
    ("CodesStanding", "DiscountCodeNode", of_code),
    ("CardsStanding", "GiftCard", of_card),
)


def _is_worth(told: Json, worth: Worth) -> bool:
    value = told["customerGets"]["value"]
    if worth.percent is not None:
        rate = value.get("percentage")
        return rate is not None and Decimal(str(rate)) * 100 == worth.percent
    amount = value.get("amount")
    whole = not value.get("appliesOnEachItem")
    return isinstance(amount, dict) and whole and _is_price(amount, worth)


def _is_price(told: Json, worth: Worth) -> bool:
    amount = worth.amount
    if amount is None or told["currencyCode"] != amount.unit:
        return False
    return Decimal(str(told["amount"])) == Decimal(written(amount))


def _ends_as_promised(ends: datetime | None, promised: datetime | None) -> bool:
    # What was promised without an end was given one, so that it does not outlive the app.
    if ends is None or promised is None:
        return ends is not None
    return ends == promised.replace(microsecond=0)


def _is_narrowed(told: Json) -> bool:
    items = (told.get("customerGets") or {}).get("items") or {"__typename": "AllDiscountItems"}
    places = told.get("destinationSelection") or {"__typename": "DiscountCountryAll"}
    return (
        told["context"]["__typename"] != "DiscountBuyerSelectionAll"
        or items["__typename"] != "AllDiscountItems"
        or places["__typename"] != "DiscountCountryAll"
        or bool(told.get("minimumRequirement") or told.get("maximumShippingPrice"))
    )
