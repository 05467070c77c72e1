"""An order as Shopify tells it, translated once: past here nobody speaks its dialect."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from goodword import homes, traces
from goodword.errors import OrderInvalid
from goodword.model.order import Order
from goodword_shopify import landing
from goodword_shopify.fields import Json, bare, in_shop_money, moment, understood
from goodword_shopify.goods import Goods, Told

_PAID: Final = frozenset({"PAID", "PARTIALLY_REFUNDED", "REFUNDED"})
PAID_IN_PART: Final = "PARTIALLY_PAID"
"""A deposit; or all that was asked for at first, before something was added."""
# Nobody will pay any more: what was held is let go.
_OVER: Final = frozenset({"VOIDED", "EXPIRED"})
_TAKES_MONEY: Final = frozenset({"SALE", "CAPTURE"})
# The bank took the money, or may still; an inquiry is only a question.
_DISPUTED: Final = frozenset(
    {"NEEDS_RESPONSE", "UNDER_REVIEW", "ACCEPTED", "LOST", "CHARGE_REFUNDED"}
)
_DOUBTED: Final = frozenset({"CANCEL", "INVESTIGATE"})
_KINDS: Final = {
    "web": "online",
    "shopify_draft_order": "draft",
    "subscription_contract": "renewal",
    "subscription_contract_checkout_one": "renewal",
}
_KIND_LONGEST: Final = 64
_CONTACT_LONGEST: Final = 254
_NUMBER_LONGEST: Final = 64


def order(told: Told, settings: Mapping[str, str]) -> Order:
    """Return the order; raise `OrderInvalid` for what is not told as the schema has it."""
    with understood("order"):
        return _order(told, settings)


def _order(told: Told, settings: Mapping[str, str]) -> Order:
    head, goods = told.head, Goods(told)
    currency, financial = head["currencyCode"], head["displayFinancialStatus"]
    modified, lines = moment(head["updatedAt"]), goods.lines()
    notes = landing.attributes(head)
    customer = head["customer"] or {}
    return Order(
        id=bare(head["id"]),
        placed=_placed(head),
        number=traces.words(head["name"], _NUMBER_LONGEST),
        modified=modified,
        paid=_paid(head) if financial in _PAID or goods.is_paid_but_for_edits else None,
        fulfilled=_fulfilled(head),
        cancelled=moment(head["cancelledAt"]) or (modified if financial in _OVER else None),
        disputed=modified if any(_takes_back(one) for one in head["disputes"]) else None,
        refunded=financial == "REFUNDED",
        test=head["test"],
        doubted=(head["risk"] or {}).get("recommendation") in _DOUBTED,
        net=goods.money(sum(line.net.minor for line in lines)),
        gross=in_shop_money(head["totalPriceSet"], currency),
        lines=lines,
        coupons=goods.coupons(),
        code=traces.code(notes, settings),
        code_via=traces.code_via(notes),
        visit=landing.visit(notes, head),
        landing=landing.landing(head),
        customer=bare(customer["id"]) if customer else None,
        email=_contact(head["email"], customer.get("defaultEmailAddress"), "emailAddress"),
        phone=_contact(head["phone"], customer.get("defaultPhoneNumber"), "phoneNumber"),
        home=_home(head),
        named=traces.named(notes),
        named_hint=traces.named_hint(notes),
        country=_country(head),
        kind=_kind(head["sourceName"]),
        customer_since=moment(customer.get("createdAt")),
        refunds=goods.refunds(),
    )


def _placed(head: Json) -> datetime:
    # An order that was brought in from elsewhere was placed when it was processed there.
    placed = moment(head["processedAt"]) or moment(head["createdAt"])
    if placed is None:
        raise OrderInvalid(field="processedAt", mend="is missing")
    return placed


def _paid(head: Json) -> datetime:
    """Return when the money came; what cost nothing was paid when it was placed."""
    came = [
        moment(one["processedAt"] or one["createdAt"])
        for one in head["transactions"]
        if one["kind"] in _TAKES_MONEY and one["status"] == "SUCCESS"
    ]
    return max((at for at in came if at is not None), default=_placed(head))


def _fulfilled(head: Json) -> datetime | None:
    if head["displayFulfillmentStatus"] != "FULFILLED":
        return None
    sent = [moment(one["createdAt"]) for one in head["fulfillments"] if one["status"] == "SUCCESS"]
    return max((at for at in sent if at is not None), default=_placed(head))


def _takes_back(dispute: Json) -> bool:
    return dispute["initiatedAs"] == "CHARGEBACK" and dispute["status"] in _DISPUTED


def _contact(found: object, of_customer: Json | None, name: str) -> str | None:
    """Return a contact; it is kept from apps that Shopify did not approve for it."""
    return traces.words(found or (of_customer or {}).get(name), _CONTACT_LONGEST)


def _home(head: Json) -> str | None:
    """Return the address that it is sent to; it is kept from apps as a contact is."""
    found = head["shippingAddress"] or {}
    names = ("countryCodeV2", "zip", "city", "address1", "address2")
    return homes.written(*(traces.words(found.get(one), _CONTACT_LONGEST) for one in names))


def _country(head: Json) -> str | None:
    """Return where it goes; what is not shipped goes to whoever pays."""
    for part in ("shippingAddress", "billingAddress"):
        country = (head[part] or {}).get("countryCodeV2")
        if country and country != "ZZ":
            return str(country)
    return None


def _kind(source: object) -> str:
    """Return how it came about; another app is named by its number."""
    found = traces.words(source, _KIND_LONGEST) or "web"
    return _KINDS.get(found, found)
