"""The shop's counter: its orders as they stand, and coupons made, found and taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Final

from goodword.errors import Invalid, TillDown, TillRefused
from goodword.model.followup import Adjusted, Grant, Granted, TakenBack
from goodword.model.ledger import Part
from goodword.model.money import Money, written
from goodword.model.order import Order
from goodword.model.worth import Kind, Worth
from goodword.platforms import Unreadable
from goodword_woocommerce import orders
from goodword_woocommerce.client import PAGE, Client
from goodword_woocommerce.coupons import (
    GRANT,
    LONG_AGO,
    expiry,
    is_alone,
    is_for,
    is_off,
    is_used,
    own_currency,
    worth_of,
)
from goodword_woocommerce.fields import Json, as_moment, number_of

GONE: Final = frozenset(
    {"woocommerce_rest_shop_order_invalid_id", "woocommerce_rest_shop_coupon_invalid_id"}
)
_TAKEN: Final = "woocommerce_rest_coupon_code_already_exists"
# Neither bought, nor (yet) paid for.
_NOT_BOUGHT: Final = frozenset({"cancelled", "failed", "pending", "trash", "checkout-draft"})
_NEEDED: Final = "id,status,date_created_gmt,customer_id,billing"
# Nothing was bought with it, nor can be any more.
_UNDONE: Final = _NOT_BOUGHT - {"pending"}
_COUPONS: Final = "id,status,date_modified_gmt,coupon_lines"
# So many orders are looked through for a coupon that is gone; among more nobody can know.
_LOOKED_MOST: Final = 2_000
_PAUSED: Final = "goodword: switched off while its program is paused"
_NO_COUPON: Final = (
    "no coupon can be worth this: a share of an order must be granted as an amount, and a product "
    "be named by the number that the shop gave it"
)
# What is left then is read the next time.
_PAGES_MOST: Final = 2_000
# Rows on a page of a shop that could not tell a whole one.
_FEW: Final = 10
_TOO_MUCH: Final = frozenset({"unreachable", "failed"})
_SECOND: Final = timedelta(seconds=1)
_FIRST: Final = datetime(1970, 1, 2, tzinfo=UTC)
_ODD: Final = re.compile("[/+%]")


class WooTill:
    """One WooCommerce shop's till."""

    def __init__(self, client: Client, settings: Mapping[str, str]) -> None:
        self._client = client
        self._settings = settings

    def order(self, id: str) -> Order | None:
        body = self._found("orders", id)
        if body is None or body.get("status") == "trash":
            return None
        return self._whole(body)

    def orders_since(self, moment: datetime) -> Iterator[Order | Unreadable]:
        for body in self._changed_since(moment.astimezone(UTC)):
            try:
                yield self._whole(body)
            except Invalid as error:
                yield Unreadable(id=str(body["id"]), why=str(error))
            except TillDown as error:
                # The shop lists it and fails at its refunds: the orders behind it do not wait.
                if error.facts.get("cause") != "failed":
                    raise
                yield Unreadable(id=str(body["id"]), why=str(error))
            except TillRefused as error:
                # Deleted for good since it was listed: who misses it asks for it.
                if error.facts.get("code") not in GONE:
                    raise

    def earlier_orders(self, order: Order) -> int | None:
        if order.customer is None and order.email is None:
            return None
        found = {body["id"]: body for body in self._of_person(order)}
        return sum(_bought_before(body, order) for body in found.values())

    def grant(self, grant: Grant) -> Granted:
        body = self._coupon(grant)
        self._see_currency(grant.worth)
        try:
            return _granted(self._client.create("coupons", body), grant.id)
        except TillRefused as error:
            if error.facts.get("code") != _TAKEN:
                raise
            # Ours from a try whose answer was lost, or somebody else's.
            made = self.look(grant)
            if made is None:
                raise
            return made

    def look(self, grant: Grant) -> Granted | None:
        body = self._by_text(grant.text, grant.id)
        if body is not None:
            return _granted(body, grant.id)
        # An owner may have deleted it after its use.
        used = self._was_used(grant.text, grant.made)
        if used is None and grant.made is not None:
            raise self._unknowable(grant.text)
        return Granted(grant=grant.id, text=grant.text, remote="", used=True) if used else None

    def take_back(self, granted: Granted, left: Money | None) -> TakenBack:
        body = self._made(granted)
        if body is None:
            return self._deleted(granted)
        if is_used(body):
            # It may have been made smaller before, by a try of which nobody heard the end.
            return TakenBack(done=_is_worth(body, left))
        after = self._changed_if_there(body, _change(left))
        if after is None:
            return self._deleted(granted)
        # It may have been used between the two calls: then the debt stands.
        return TakenBack(done=not is_used(after))

    def adjust(self, grant: Grant, remote: str) -> Adjusted:
        body = self._made(Granted(grant=grant.id, text=grant.text, remote=remote))
        if body is None or is_used(body):
            return Adjusted()
        change: Json = {}
        alone = is_alone(grant, self._settings)
        if body.get("individual_use") is not alone:
            change["individual_use"] = alone
        if grant.paused and not is_off(body):
            change |= {"date_expires": LONG_AGO, "description": _PAUSED}
        elif is_off(body) and grant.rests and not grant.paused:
            ends = expiry(grant.expires) if grant.expires else None
            change |= {"date_expires": ends, "description": _described(grant)}
        if change:
            self._changed_if_there(body, change)
        return Adjusted(rests=grant.paused)

    def _changed_if_there(self, body: Json, change: Json) -> Json | None:
        """Change a coupon; return how it stands then, or None if it is gone."""
        try:
            return self._client.change(f"coupons/{body['id']}", change)
        except TillRefused as error:
            if error.facts.get("code") in GONE:
                return None
            raise

    def _deleted(self, granted: Granted) -> TakenBack:
        """Say what came of a coupon that its owner deleted, perhaps after its use."""
        used = self._was_used(granted.text, granted.made)
        if used is None:
            raise self._unknowable(granted.text)
        return TakenBack(done=not used)

    def _unknowable(self, text: str) -> TillRefused:
        what = (
            f"the coupon {text} was deleted at the shop, and its orders are too many to"
            " be looked through: nobody can say whether it was used"
        )
        return self._client.refused(what, cause="use_unknown", coupon=text)

    def _was_used(self, text: str, made: datetime | None) -> bool | None:
        """Return whether an order bears a coupon; None where nobody can know.

        ``made``: when it was drawn, before which no order had it.
        """
        if made is None:
            return None
        since = self._changed_since(made.astimezone(UTC), _fields=_COUPONS)
        looked = 0
        for body in islice(since, _LOOKED_MOST):
            looked += 1
            if _bears(body, text):
                return True
        return None if looked == _LOOKED_MOST else False

    def _coupon(self, grant: Grant) -> Json:
        """Return the coupon that is worth the grant, once, to its owner."""
        worth = worth_of(grant.worth)
        if worth is None:
            raise self._client.refused(_NO_COUPON)
        body: Json = {
            **worth,
            "code": grant.text.lower(),
            "usage_limit": 1,
            "usage_limit_per_user": 1,
            "individual_use": is_alone(grant, self._settings),
            "description": _described(grant),
            "meta_data": [{"key": GRANT, "value": grant.id}],
        }
        if grant.email:
            body["email_restrictions"] = [grant.email]
        if grant.expires:
            body["date_expires"] = expiry(grant.expires)
        return body

    def _see_currency(self, worth: Worth) -> None:
        """Refuse an amount that the shop would read as so much of its own currency.

        Where a plugin lets shoppers choose, orders are in any; what a coupon is worth is a number.
        """
        if worth.kind is not Kind.AMOUNT_OFF or worth.amount is None:
            return
        own, unit = own_currency(self._client), worth.amount.unit
        if own not in (None, unit):
            what = f"the shop's coupons are in {own}: an amount in {unit} cannot be one of them"
            raise self._client.refused(what, cause="other_currency", own=own, unit=unit)

    def _whole(self, body: Json) -> Order:
        """Return an order with the details of its refunds, which are asked for one by one."""
        details = self._client.many(f"orders/{body['id']}/refunds") if body.get("refunds") else ()
        return orders.order(body, self._settings, details)

    def _changed_since(self, moment: datetime, **only: str) -> Iterator[Json]:
        """Yield the orders that changed, oldest change first, each state once.

        Each page is asked for by the last moment of the one before, and not by its number: an order
        that changes meanwhile goes to the end, and all behind it would move up by one.
        """
        seen: set[tuple[int, object]] = set()
        # The shop leaves out what changed at the very moment, and knows whole seconds alone.
        since, number, size = max(moment, _FIRST) - _SECOND, 1, PAGE
        for _ in range(_PAGES_MOST):
            asked = {"status": "any", "orderby": "modified", "order": "asc", **only}
            # A moment with its zone would be shifted once more, and without this word be local.
            asked |= {"modified_after": f"{since:%Y-%m-%dT%H:%M:%S}", "dates_are_gmt": "true"}
            try:
                found, more = self._client.page("orders", number, size, **asked)
            except TillDown as down:
                if size < PAGE or down.facts.get("cause") not in _TOO_MUCH:
                    raise
                # A slow host ends the request, or we do: perhaps it can tell fewer at once.
                number, size = 1, _FEW
                continue
            for body in found:
                state = (body["id"], body.get("date_modified_gmt"))
                if state not in seen:
                    seen.add(state)
                    yield body
            if not more:
                return
            last = as_moment(found[-1].get("date_modified_gmt"))
            if last is not None and last - _SECOND > since and len(found) == size:
                since, number = last - _SECOND, 1
            else:
                number += 1

    def _found(self, kind: str, id: str) -> Json | None:
        if not (id.isascii() and id.isdigit()):
            return None
        try:
            return self._client.one(f"{kind}/{id}")
        except TillRefused as error:
            if error.facts.get("code") in GONE:
                return None
            raise

    def _made(self, granted: Granted) -> Json | None:
        body = self._found("coupons", granted.remote)
        # After the shop moved, the id may be another coupon's.
        if body is not None and is_for(body, granted.grant):
            return body
        return self._by_text(granted.text, granted.grant)

    def _by_text(self, text: str, grant: str) -> Json | None:
        # Codes are told apart without case and kept in lower case.
        for body in self._client.many("coupons", code=text.lower()):
            if body.get("code") == text.lower() and is_for(body, grant):
                return body
        return None

    def _of_person(self, order: Order) -> Iterator[Json]:
        asked = {"status": "any", "orderby": "id", "order": "asc", "_fields": _NEEDED}
        if order.customer is not None and order.customer.isdecimal():
            for body in self._client.many("orders", **asked, customer=order.customer):
                if str(body.get("customer_id")) == order.customer:
                    yield body
        if order.email is not None:
            for body in self._client.many("orders", **asked, search=_searched(order.email)):
                if _email(body) == order.email.lower():
                    yield body


def _bears(body: Json, text: str) -> bool:
    lines = body.get("coupon_lines")
    codes = {str(line.get("code")).lower() for line in lines or () if isinstance(line, dict)}
    return text.lower() in codes and body.get("status") not in _UNDONE


def _described(grant: Grant) -> str:
    if grant.part is Part.OFFER:
        return "goodword: a friend's own coupon"
    return f"goodword: thanks for order {grant.subject}"


def _change(left: Money | None) -> Json:
    # Absolute, never "less by": asked twice it is the same.
    if left is None or left.minor <= 0:
        return {"date_expires": LONG_AGO, "description": "goodword: taken back"}
    return {"amount": written(left)}


def _is_worth(body: Json, left: Money | None) -> bool:
    # Shops show as many digits as they like.
    shown = str(body.get("amount"))
    return left is not None and left.minor > 0 and number_of(shown) == Decimal(written(left))


def _granted(body: Json, grant: str) -> Granted:
    return Granted(
        grant=grant, text=str(body.get("code")), remote=str(body["id"]), used=is_used(body)
    )


def _email(body: Json) -> str:
    billing = body.get("billing")
    found = billing.get("email") if isinstance(billing, dict) else None
    return found.strip().lower() if isinstance(found, str) else ""


def _searched(email: str) -> str:
    """Return what of an address to search for: parts are found too, so the most telling will do."""
    # The library signs no slash rightly; WooCommerce 8.5 reads a plus or percent sign as a link's.
    return max(_ODD.split(email), key=lambda part: len(part.partition("@")[0]))


def _bought_before(body: Json, order: Order) -> bool:
    if body.get("status") in _NOT_BOUGHT or str(body.get("id")) == order.id:
        return False
    placed = as_moment(body.get("date_created_gmt"))
    if placed is None:
        return False
    # Two within one second are told apart by their numbers, as far as they are numbers.
    return placed < order.placed or (placed == order.placed and _older(body, order.id))


def _older(body: Json, id: str) -> bool:
    return id.isdecimal() and body["id"] < int(id)
