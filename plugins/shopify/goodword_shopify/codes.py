"""Grants that are a code at the checkout: an amount or a percentage off, free shipping, a gift.

The code was written down before the shop is asked, and Shopify takes none twice: so a second try
finds what the first one made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from goodword.errors import TillRefused
from goodword.model.followup import Adjusted, Grant, Granted, TakenBack
from goodword.model.money import Money, written
from goodword.model.worth import Discount, Kind
from goodword_shopify import uses
from goodword_shopify.fields import Json, gid
from goodword_shopify.granting import Counter, marked

LONGEST: Final = timedelta(days=366)
"""How long a code lasts that nobody gave an end: none outlives the app for good."""

COMBINES: Final = "combines_with"
"""The installation's setting: the kinds of discount that ours may be used with, with commas
between: order, product, shipping."""

BESIDE: Final = "free_product_beside"
"""The installation's setting: the collections of which something must be in the cart before the
free product is, by their ids with commas between."""

_ACTIVE: Final = "ACTIVE"
_TAKEN: Final = "TAKEN"
_GONE: Final = frozenset({"INVALID", "NOT_FOUND"})


class Codes:
    """Makes codes, finds them, and ends them."""

    def __init__(self, counter: Counter) -> None:
        self._at = counter
        self._client = counter.client

    def grant(self, grant: Grant) -> Granted:
        operation, asked = self._asked(grant)
        try:
            made = self._client.change(operation, discount=asked)
        except TillRefused as error:
            if error.facts.get("code") != _TAKEN:
                raise
            # Ours from a try whose answer was lost, or somebody else's.
            node = self.node(grant.text)
            if node is None or node["codeDiscount"].get("title") != marked(grant.id):
                raise
            return _granted(grant.id, grant.text, node)
        node = made["codeDiscountNode"]
        return Granted(grant=grant.id, text=grant.text, remote=str(node["id"]))

    def look(self, grant: Grant) -> Granted | None:
        # By its text alone, which nobody guesses: an owner may have given it another title since.
        node = self.node(grant.text)
        if node is not None:
            return _granted(grant.id, grant.text, node)
        # An owner may have deleted it after its use.
        used = uses.was_used(self._at, grant.text, grant.made)
        if used is None and grant.made is not None:
            raise self._unknowable(grant.text)
        return Granted(grant=grant.id, text=grant.text, remote="", used=True) if used else None

    def take_back(self, granted: Granted, left: Money | None) -> TakenBack:
        node = self.node(granted.text)
        if node is None:
            return self.deleted(granted)
        if _used(node):
            return TakenBack(done=_is_worth(node, left))
        if left is None or left.minor <= 0:
            changed = self._change("CodeDeactivate", id=node["id"])
        else:
            value = {"discountAmount": _off(left)}
            asked = {"customerGets": {"value": value, "items": {"all": True}}}
            changed = self._change("AmountCodeUpdate", id=node["id"], discount=asked)
        if changed is None:
            return self.deleted(granted)
        # It may have been used between the two calls: then the debt stands.
        return TakenBack(done=not _used(changed["codeDiscountNode"]))

    def deleted(self, granted: Granted) -> TakenBack:
        """Say what came of a code that its owner deleted, perhaps after its use."""
        used = uses.was_used(self._at, granted.text, granted.made)
        if used is None:
            raise self._unknowable(granted.text)
        return TakenBack(done=not used)

    def _unknowable(self, text: str) -> TillRefused:
        what = (
            f"the code {text} was deleted at the shop, and its orders are too old to"
            " be looked at: nobody can say whether it was used"
        )
        return self._client.refused(what, cause="use_unknown", coupon=text)

    def adjust(self, grant: Grant) -> Adjusted:
        node = self.node(grant.text)
        return Adjusted() if node is None or _used(node) else self.bring(node, grant)

    def bring(self, node: Json, grant: Grant) -> Adjusted:
        """Let a discount that stands be as its grant says by now."""
        told = node["codeDiscount"]
        changing = _CHANGING.get(told["__typename"])
        if changing is None:
            # Somebody made something else of it: that is told, and left to them.
            return Adjusted()
        operation, kind = changing
        change: Json = {}
        wanted = _combines(beside(grant.combines_with, self._at.settings), kind)
        if _differs(told, wanted):
            change["combinesWith"] = wanted
        if is_off(told) and grant.rests and not grant.paused:
            # By its new end it is on again, since Shopify knows no other way of being off.
            change["endsAt"] = _written(grant.expires or self._at.now() + LONGEST)
        if change:
            self._change(operation, id=node["id"], discount=change)
        return self._rested(node, grant)

    def _rested(self, node: Json, grant: Grant) -> Adjusted:
        """Switch off what should rest; what somebody else switched off is not ours to switch on."""
        if not grant.paused:
            return Adjusted()
        if is_off(node["codeDiscount"]):
            return Adjusted(rests=grant.rests)
        self._change("CodeDeactivate", id=node["id"])
        return Adjusted(rests=True)

    def _change(self, operation: str, **variables: Any) -> Json | None:
        try:
            return self._client.change(operation, **variables)
        except TillRefused as error:
            if error.facts.get("code") in _GONE:
                return None
            raise

    def node(self, text: str) -> Json | None:
        """Return the discount that a code belongs to."""
        node = self._client.ask("CodeLookup", code=text)["codeDiscountNodeByCode"]
        return node if isinstance(node, dict) else None

    def _asked(self, grant: Grant) -> tuple[str, Json]:
        making = _MAKING.get(grant.worth.kind)
        if making is None or grant.worth.of_order:
            raise self._client.refused(f"{grant.worth.kind} cannot be given as a code")
        operation, kind, shaped = making
        self._check_currency(grant.worth.amount)
        now = self._at.now()
        usual: Json = {
            "title": marked(grant.id),
            "code": grant.text,
            "startsAt": _written(now),
            "endsAt": _written(grant.expires or now + LONGEST),
            "usageLimit": 1,
            "appliesOncePerCustomer": True,
            "context": {"all": "ALL"},
            "combinesWith": _combines(beside(grant.combines_with, self._at.settings), kind),
        }
        return operation, usual | shaped(self, grant)

    def _check_currency(self, amount: Money | None) -> None:
        """Raise `TillRefused` for an amount of another currency than the shop's.

        A code names none: of NT$100 the checkout would make 100 euros.
        """
        if amount is not None and amount.unit != (own := self._at.currency()):
            what = f"the shop counts in {own}, and {amount.unit} was promised"
            raise self._client.refused(what, cause="other_currency", own=own, unit=amount.unit)

    def amount(self, grant: Grant) -> Json:
        worth = grant.worth
        if worth.amount is not None:
            value: Json = {"discountAmount": _off(worth.amount)}
        else:
            # A rate between 0 and 1, and the only number here that Shopify wants as a float.
            value = {"percentage": float((worth.percent or Decimal(0)) / 100)}
        return {"customerGets": {"value": value, "items": {"all": True}}}

    def shipping(self, grant: Grant) -> Json:
        return {"destination": {"all": True}}

    def product(self, grant: Grant) -> Json:
        free = gid("Product", grant.worth.product or "")
        beside = self._at.settings.get(BESIDE, "").split(",")
        collections = [gid("Collection", one.strip()) for one in beside if one.strip()]
        if free is None or not collections or None in collections:
            what = f"a free product needs its id and the setting {BESIDE}: ids of collections"
            raise self._client.refused(what)
        return {
            "customerBuys": {
                "items": {"collections": {"add": collections}},
                "value": {"quantity": "1"},
            },
            "customerGets": {
                "items": {"products": {"productsToAdd": [free]}},
                "value": {"discountOnQuantity": {"quantity": "1", "effect": {"percentage": 1.0}}},
            },
            "usesPerOrderLimit": 1,
        }


_Shaped = Callable[[Codes, Grant], Json]
_MAKING: Final[dict[Kind, tuple[str, str, _Shaped]]] = {
    Kind.AMOUNT_OFF: ("AmountCodeCreate", "order", Codes.amount),
    Kind.PERCENT_OFF: ("AmountCodeCreate", "order", Codes.amount),
    Kind.FREE_SHIPPING: ("FreeShippingCodeCreate", "shipping", Codes.shipping),
    Kind.FREE_PRODUCT: ("FreeProductCodeCreate", "product", Codes.product),
}
KINDS: Final = frozenset(_MAKING)
_CHANGING: Final = {
    "DiscountCodeBasic": ("AmountCodeUpdate", "order"),
    "DiscountCodeFreeShipping": ("FreeShippingCodeUpdate", "shipping"),
    "DiscountCodeBxgy": ("FreeProductCodeUpdate", "product"),
}


def _granted(grant: str, text: str, node: Json) -> Granted:
    return Granted(grant=grant, text=text, remote=str(node["id"]), used=_used(node))


def _is_worth(node: Json, left: Money | None) -> bool:
    """Whether an earlier try, of which nobody heard the end, left just so much of it."""
    gets = node["codeDiscount"].get("customerGets") or {}
    amount = (gets.get("value") or {}).get("amount")
    if left is None or left.minor <= 0 or not isinstance(amount, dict):
        return False
    return Decimal(str(amount["amount"])) == Decimal(written(left))


def _off(amount: Money) -> Json:
    return {"amount": written(amount), "appliesOnEachItem": False}


def combined(settings: Mapping[str, str]) -> frozenset[str]:
    """Return the kinds of discount that an installation lets ours be used with."""
    return frozenset(one.strip() for one in settings.get(COMBINES, "shipping").split(","))


def beside(said: Collection[Discount] | None, settings: Mapping[str, str]) -> frozenset[str]:
    """Return the kinds of discount that a coupon may be used with: its program's word first."""
    return combined(settings) if said is None else frozenset(one.value for one in said)


def is_off(told: Json) -> bool:
    """Whether the checkout takes a discount no more."""
    return bool(told["status"] != _ACTIVE)


def combines_otherwise(grant: Grant, told: Json, settings: Mapping[str, str]) -> bool:
    """Whether a discount that stands goes together with other kinds than its grant says."""
    changing = _CHANGING.get(told["__typename"])
    return changing is not None and _differs(
        told, _combines(beside(grant.combines_with, settings), changing[1])
    )


def _differs(told: Json, wanted: Json) -> bool:
    return any(told["combinesWith"][flag] is not is_so for flag, is_so in wanted.items())


def _combines(wanted: frozenset[str], kind: str) -> Json:
    # Of discounts on shipping a cart takes one alone.
    flags = [one for one in ("order", "product", "shipping") if (kind, one) != ("shipping",) * 2]
    return {f"{one}Discounts": one in wanted for one in flags}


def _used(node: Json) -> bool:
    # A shop that does not say leaves the debt standing.
    return bool(node["codeDiscount"].get("asyncUsageCount") != 0)


def _written(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
