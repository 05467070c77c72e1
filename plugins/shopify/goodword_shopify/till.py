"""The shop's counter: its orders as they stand, and what was granted, found and taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from goodword.errors import Invalid, TillDown
from goodword.model.followup import Adjusted, Grant, Granted, TakenBack
from goodword.model.money import Money
from goodword.model.order import Order
from goodword.model.worth import Kind
from goodword.platforms import Unreadable
from goodword_shopify import codes, orders
from goodword_shopify.cards import Cards
from goodword_shopify.credit import Credit
from goodword_shopify.fields import Json, bare, gid, moment, understood
from goodword_shopify.goods import Told, ToldRefund
from goodword_shopify.granting import Counter, Granting
from goodword_shopify.pools import Pools

_REFUNDS_MOST: Final = 250
# Shopify sets aside what a whole page would cost, and most orders are short.
_FURTHER: Final = 25
# Neither bought, nor (yet) paid for.
_NOT_BOUGHT: Final = frozenset({"PENDING", "AUTHORIZED", "VOIDED", "EXPIRED"})
# What can stand in a filter as it is.
_EMAIL: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}", re.ASCII)


class ShopifyTill:
    """One Shopify shop's till."""

    def __init__(self, counter: Counter, scope: str) -> None:
        self._client = counter.client
        self._settings = counter.settings
        scopes = {one.strip() for one in scope.split(",")}
        self.may_ask_products = bool(scopes & {"read_products", "write_products"})
        self._codes = Pools(counter)
        self._by_kind: Mapping[Kind, Granting] = {
            **dict.fromkeys(codes.KINDS, self._codes),
            Kind.GIFT_CARD: Cards(counter),
            Kind.STORE_CREDIT: Credit(counter),
        }

    def order(self, id: str) -> Order | None:
        named = gid("Order", id)
        head = self._client.ask("OrderHead", id=named)["order"] if named else None
        if head is None or named is None:
            return None
        with understood("order"):
            told = self._told(named, head)
        return orders.order(told, self._settings)

    def orders_since(self, moment: datetime) -> Iterator[Order | Unreadable]:
        changed = f"updated_at:>='{moment.isoformat(timespec='seconds')}'"
        for row in self._client.pages("OrdersChanged", "orders", filter=changed):
            order = self.found(bare(row["id"]))
            # One that went away since it was listed is asked for by whoever misses it.
            if order is not None:
                yield order

    def found(self, id: str) -> Order | Unreadable | None:
        """Return an order among others, none of which it keeps from being read."""
        try:
            return self.order(id)
        except Invalid as error:
            return Unreadable(id=id, why=str(error))

    def earlier_orders(self, order: Order) -> int | None:
        filters = list(self._filters(order))
        if not filters:
            return None
        found = {row["id"]: row for one in filters for row in self._of_person(one, order)}
        with understood("orders"):
            earlier = sum(_bought_before(row, order) for row in found.values())
            return earlier + self._hidden(order, found)

    def grant(self, grant: Grant) -> Granted:
        return self._way(grant).grant(grant)

    def look(self, grant: Grant) -> Granted | None:
        return self._way(grant).look(grant)

    def take_back(self, granted: Granted, left: Money | None) -> TakenBack:
        return self._way_of(granted).take_back(granted, left)

    def adjust(self, grant: Grant, remote: str) -> Adjusted:
        # A gift card, or credit, is spent beside any discount.
        return self._codes.adjust(grant, remote) if grant.worth.kind in codes.KINDS else Adjusted()

    def _way(self, grant: Grant) -> Granting:
        way = self._by_kind.get(grant.worth.kind)
        if way is None:
            raise self._client.refused(f"Shopify grants no {grant.worth.kind}")
        return way

    def _way_of(self, granted: Granted) -> Granting:
        kinds = {"GiftCard": Kind.GIFT_CARD, "StoreCredit": Kind.STORE_CREDIT}
        found = [kind for name, kind in kinds.items() if f"/{name}" in granted.remote]
        return self._by_kind[found[0] if found else Kind.AMOUNT_OFF]

    def _told(self, id: str, head: Json) -> Told:
        client = self._client
        return Told(
            head=head,
            lines=list(client.pages("OrderLines", "order", "lineItems", further=_FURTHER, id=id)),
            # Only a code can have taken something off the shipping.
            shipping=list(
                client.pages("OrderShipping", "order", "shippingLines", further=_FURTHER, id=id)
            )
            if head["discountCodes"]
            else (),
            products=self._products(id),
            refunds=self._refunds(id) if head["refunds"] else (),
            received=self._of_order("OrderReceived", id)
            if head["displayFinancialStatus"] == orders.PAID_IN_PART
            else None,
        )

    def _products(self, id: str) -> Mapping[str, str] | None:
        if not self.may_ask_products:
            return None
        rows = self._client.pages("OrderProducts", "order", "lineItems", id=id)
        return {bare(row["id"]): bare(row["product"]["id"]) for row in rows if row["product"]}

    def _refunds(self, id: str) -> list[ToldRefund]:
        found = self._of_order("OrderRefunds", id)
        if len(found["refunds"]) >= _REFUNDS_MOST:
            raise self._client.refused(f"the order has {_REFUNDS_MOST} refunds or more")
        return [self._refund(one["id"]) for one in found["refunds"]]

    def _of_order(self, operation: str, id: str) -> Json:
        """Ask for more of an order; raise `TillDown` where it is not there any more.

        As of its lines: an order without the refunds that it has would earn what came back.
        """
        found: Json | None = self._client.ask(operation, id=id)["order"]
        if found is None:
            raise TillDown(shop=self._client.shop, what="it went away while it was read")
        return found

    def _refund(self, id: str) -> ToldRefund:
        client = self._client
        head = client.ask("RefundHead", id=id)["refund"]
        if head is None:
            raise TillDown(shop=client.shop, what="a refund went away while it was read")
        return ToldRefund(
            head=head,
            lines=list(client.pages("RefundLines", "refund", "refundLineItems", id=id)),
            shipping=list(client.pages("RefundShipping", "refund", "refundShippingLines", id=id)),
            adjustments=list(
                client.pages("RefundAdjustments", "refund", "orderAdjustments", id=id)
            ),
        )

    def _filters(self, order: Order) -> Iterator[str]:
        if order.customer is not None and order.customer.isdecimal():
            yield f"customer_id:{order.customer}"
        if order.email is not None and _EMAIL.fullmatch(order.email):
            yield f"email:{order.email}"

    def _of_person(self, filter: str, order: Order) -> Iterator[Json]:
        """Yield the orders of this person: the search finds whoever is like them, too."""
        for row in self._client.pages("OrdersBefore", "orders", filter=filter):
            customer, email = row["customer"] or {}, row["email"] or ""
            mine = customer and bare(customer["id"]) == order.customer
            if mine or (order.email and email.lower() == order.email.lower()):
                yield row

    def _hidden(self, order: Order, found: Mapping[str, Json]) -> int:
        """Count the orders of an account that are too old for this app to see."""
        named = gid("Customer", order.customer) if order.customer else None
        person = self._client.ask("CustomerOrders", id=named)["customer"] if named else None
        if person is None:
            return 0
        seen = {id for id, row in found.items() if (row["customer"] or {}).get("id") == named}
        # The search may not have heard of this order yet, which is no earlier one.
        seen.add(str(gid("Order", order.id)))
        return max(0, int(person["numberOfOrders"]) - len(seen))


def _bought_before(row: Json, order: Order) -> bool:
    if row["test"] or row["cancelledAt"] or row["displayFinancialStatus"] in _NOT_BOUGHT:
        return False
    id = bare(row["id"])
    placed = moment(row["processedAt"]) or moment(row["createdAt"])
    if id == order.id or placed is None:
        return False
    # Two within one second are told apart by their numbers.
    return (placed, len(id), id) < (order.placed, len(order.id), order.id)
