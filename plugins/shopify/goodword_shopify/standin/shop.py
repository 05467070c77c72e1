"""What one of the stand-in's shops holds, and how it answers what the schema lets be asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from goodword_shopify.scopes import DISPUTES, MERGES
from goodword_shopify.standin.asking import lacking
from goodword_shopify.standin.bulk import Bulk
from goodword_shopify.standin.clock import Clock
from goodword_shopify.standin.credit import GiftCards, StoreCredit
from goodword_shopify.standin.discounts import Discounts
from goodword_shopify.standin.graph import Unresolved, fields, run, understood
from goodword_shopify.standin.orders import Till
from goodword_shopify.standin.schema import PINNED

Json = dict[str, Any]
_SORTED_BY: Final = {
    "CREATED_AT": "createdAt",
    "PROCESSED_AT": "processedAt",
    "UPDATED_AT": "updatedAt",
}

# Above what a float holds whole, as Shopify's own are: whoever lets one through a float loses it.
_FIRST_ID: Final = 9_007_199_254_740_993
_SHOWN: Final = timedelta(days=60)
_TERM: Final = re.compile(r"(\w+):(>=|<=|>|<)?'?([^'\s]+)'?")


class Shop:
    """Orders, people, discounts, credit and cards of one shop."""

    def __init__(self, domain: str, till: Till, clock: Clock) -> None:
        self.domain = domain
        self.till = till
        self.clock = clock
        self._last = _FIRST_ID
        self._scopes: frozenset[str] = frozenset()
        self.orders: dict[str, Json] = {}
        self.customers: dict[str, Json] = {}
        self.discounts = Discounts(till.currency, clock.now, self.new_id)
        self.credit = StoreCredit(self.customers, clock.now, self.new_id)
        self.cards = GiftCards(till.currency, clock.now, self.new_id)
        self.bulk = Bulk(clock.now, self.new_id, self._in_bulk)
        self.serving = PINNED
        """The version that it was asked by last."""
        self.unheard: frozenset[str] = frozenset()
        self.accounts = "NEW_CUSTOMER_ACCOUNTS"
        self.subscriptions: dict[str, Json] = {}
        """What was subscribed to by the API; what an app's configuration declares is not listed."""
        self._sees_all = False
        self.hidden: dict[str, int] = {}
        """How many orders of each customer are too old for an app to see."""

    def new_id(self, kind: str) -> str:
        """Return an id that nothing has yet."""
        self._last += 1
        return f"gid://shopify/{kind}/{self._last}"

    def welcome(
        self, email: str | None, *, at: str = "2026-01-01T00:00:00Z", name: str | None = None
    ) -> Json:
        """Open a customer's account."""
        id = self.new_id("Customer")
        made: Json = {
            "__typename": "Customer",
            "id": id,
            "createdAt": at,
            "firstName": name,
            "numberOfOrders": lambda: str(self._count(id)),
            "defaultEmailAddress": {"emailAddress": email} if email else None,
            "defaultPhoneNumber": None,
            "storeCreditAccounts": lambda **paging: self.credit.of(id),
        }
        self.customers[id] = made
        return made

    def _count(self, customer: str) -> int:
        """Count a customer's orders, those that an app cannot see included."""
        found = [
            one for one in self.orders.values() if (one["customer"] or {}).get("id") == customer
        ]
        return len(found) + self.hidden.get(customer, 0)

    def place(self, order: Json) -> Json:
        """Take an order."""
        self.orders[order["id"]] = order
        return order

    def roots(self, scopes: frozenset[str]) -> Mapping[str, Callable[..., Any]]:
        """Return what answers each of the schema's entry points."""
        self._sees_all = "read_all_orders" in scopes
        self._scopes = scopes
        discounts, credit, cards = self.discounts, self.credit, self.cards
        return {
            "shop": self._shop,
            "currentAppInstallation": lambda: _installed(scopes),
            "order": lambda id: self._shown(self.orders.get(id)),
            "orders": self._orders,
            "refund": self._refund,
            "customer": lambda id: self.customers.get(id),
            "customerByIdentifier": self._customer_by,
            "discountNodes": discounts.automatic,
            "codeDiscountNodeByCode": lambda code: discounts.find(code),
            "discountCodeBasicCreate": discounts.create,
            "discountCodeFreeShippingCreate": discounts.create,
            "discountCodeBxgyCreate": discounts.create,
            "discountCodeBasicUpdate": discounts.update,
            "discountCodeFreeShippingUpdate": discounts.update,
            "discountCodeBxgyUpdate": discounts.update,
            "discountCodeDeactivate": discounts.deactivate,
            "discountRedeemCodeBulkAdd": discounts.bulk_add,
            "discountRedeemCodeBulkCreation": discounts.bulk,
            "discountCodeRedeemCodeBulkDelete": discounts.bulk_remove,
            "job": discounts.job,
            "node": self._node,
            "nodes": lambda ids: [self._any(id) for id in ids],
            "storeCreditAccount": lambda id: credit.by_id.get(id),
            "storeCreditAccountCredit": credit.credit,
            "storeCreditAccountDebit": credit.debit,
            "giftCardCreate": cards.create,
            "giftCards": cards.search,
            "giftCard": lambda id: cards.by_id.get(id),
            "giftCardDebit": cards.debit,
            "giftCardDeactivate": cards.deactivate,
            "webhookSubscriptions": lambda **paging: list(self.subscriptions.values()),
            "webhookSubscriptionCreate": self._subscribe,
            "webhookSubscriptionDelete": self._unsubscribe,
            "bulkOperationRunQuery": self.bulk.start,
            "bulkOperation": self.bulk.look,
            "bulkOperationCancel": self.bulk.cancel,
        }

    def _in_bulk(self, text: str) -> Json | None:
        """Return all that a query asks for; None where a scope is missing."""
        at, _ = understood(self.serving, text)
        if lacking(at, fields(self.serving, text, {}), self._scopes):
            return None
        result = run(self.serving, text, {}, self.roots(self._scopes), whole=True)
        return result.data

    def _shown(self, order: Json | None) -> Json | None:
        """Return an order, unless it is too old for an app without `read_all_orders`."""
        if order is None or self._sees_all:
            return order
        placed = datetime.fromisoformat(order["createdAt"])
        return order if self.clock.now() - placed <= _SHOWN else None

    def _any(self, id: str) -> Json | None:
        kind = id.removeprefix("gid://shopify/").partition("/")[0]
        held = {
            "Order": self.orders,
            "DiscountCodeNode": self.discounts.by_id,
            "GiftCard": self.cards.by_id,
        }
        if kind not in held:
            raise Unresolved(f"node {id}")
        found = held[kind].get(id)
        return self._shown(found) if kind == "Order" else found

    def _subscribe(self, topic: str, webhookSubscription: Json) -> Json:  # noqa: N803
        asked = webhookSubscription
        needed = {"DISPUTES": DISPUTES, "CUSTOMERS": MERGES}.get(topic.split("_")[0])
        if needed is not None and needed not in self._scopes:
            error = {"field": ["topic"], "message": "Invalid topic, or the scope is missing"}
            return {"webhookSubscription": None, "userErrors": [error]}
        if any(
            (one["topic"], one["uri"]) == (topic, asked["uri"])
            for one in self.subscriptions.values()
        ):
            error = {"field": ["uri"], "message": "Address for this topic has already been taken"}
            return {"webhookSubscription": None, "userErrors": [error]}
        id = self.new_id("WebhookSubscription")
        made = {
            "id": id,
            "topic": topic,
            "uri": asked["uri"],
            "format": asked.get("format", "JSON"),
            "includeFields": asked.get("includeFields") or [],
            "filter": asked.get("filter"),
            "apiVersion": {"handle": "2026-07", "supported": True},
        }
        self.subscriptions[id] = made
        return {"webhookSubscription": made, "userErrors": []}

    def _unsubscribe(self, id: str) -> Json:
        if self.subscriptions.pop(id, None) is None:
            error = {"field": ["id"], "message": "Webhook subscription does not exist"}
            return {"deletedWebhookSubscriptionId": None, "userErrors": [error]}
        return {"deletedWebhookSubscriptionId": id, "userErrors": []}

    def _node(self, id: str) -> Json | None:
        if "StoreCredit" not in id:
            raise Unresolved(f"node {id}")
        accounts = self.credit.by_id.values()
        found = [(row, one) for one in accounts for row in one["transactions"] if row["id"] == id]
        return {**found[0][0], "account": found[0][1]} if found else None

    def _shop(self) -> Json:
        return {
            "id": "gid://shopify/Shop/9007199254740999",
            "name": self.domain.partition(".")[0],
            "myshopifyDomain": self.domain,
            "primaryDomain": {"host": self.domain, "url": f"https://{self.domain}"},
            "currencyCode": self.till.currency,
            "enabledPresentmentCurrencies": [self.till.currency],
            "ianaTimezone": "Asia/Taipei",
            "taxesIncluded": self.till.taxes_included,
            "plan": {
                "publicDisplayName": "Basic",
                "partnerDevelopment": True,
                "shopifyPlus": False,
            },
            "customerAccountsV2": {
                "customerAccountsVersion": self.accounts,
                "loginRequiredAtCheckout": False,
            },
        }

    def _refund(self, id: str) -> Json | None:
        refunds = [one for order in self.orders.values() for one in order["refunds"]]
        return next((one for one in refunds if one["id"] == id), None)

    def _customer_by(self, identifier: Json) -> Json | None:
        wanted = identifier["emailAddress"].lower()
        for one in self.customers.values():
            email = one["defaultEmailAddress"]
            if email and email["emailAddress"].lower() == wanted:
                return one
        return None

    def _orders(
        self,
        query: str = "",
        sortKey: str = "PROCESSED_AT",  # noqa: N803
        **paging: Any,
    ) -> list[Json]:
        terms = _terms(query)
        heard = [
            one
            for one in self.orders.values()
            if one["id"] not in self.unheard and self._shown(one)
        ]
        found = [one for one in heard if all(term(one) for term in terms)]
        by = _SORTED_BY[sortKey]
        return sorted(found, key=lambda one: (one[by], one["id"]))


def _installed(scopes: frozenset[str]) -> Json:
    return {
        "id": "gid://shopify/AppInstallation/1",
        "accessScopes": [{"handle": scope} for scope in sorted(scopes)],
        "app": {"id": "gid://shopify/App/1", "handle": "goodword"},
    }


def _terms(query: str) -> list[Callable[[Json], bool]]:
    """Return what a filter asks of an order; a term that was never played is refused aloud."""
    parts = [part.strip() for part in query.split(" AND ") if part.strip()]
    return [_term(part) for part in parts]


def _term(part: str) -> Callable[[Json], bool]:
    found = _TERM.fullmatch(part)
    if found is None:
        raise Unresolved(f"the filter {part!r}")
    name, compared, value = found.groups()
    if name in ("updated_at", "created_at"):
        field = {"updated_at": "updatedAt", "created_at": "createdAt"}[name]
        at = datetime.fromisoformat(value)
        return lambda one: _compare(compared, datetime.fromisoformat(one[field]), at)
    if name == "customer_id":
        return lambda one: (one["customer"] or {}).get("id") == f"gid://shopify/Customer/{value}"
    if name == "email":
        # The search finds whoever is like it, so the asker must look for himself.
        return lambda one: value.lower() in (one["email"] or "").lower()
    if name == "discount_code":
        return lambda one: value.upper() in {code.upper() for code in one["discountCodes"]}
    raise Unresolved(f"the filter {part!r}")


def _compare(how: str, one: datetime, other: datetime) -> bool:
    return {">=": one >= other, "<=": one <= other, ">": one > other, "<": one < other}[how]
