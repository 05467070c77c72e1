"""Store credit and gift cards of the stand-in's shops: neither takes a key that tells a repeat."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from goodword_shopify.standin import money
from goodword_shopify.standin.clock import written

Json = dict[str, Any]


class StoreCredit:
    """Accounts of customers, one for each currency."""

    def __init__(
        self,
        customers: dict[str, Json],
        now: Callable[[], datetime],
        new_id: Callable[[str], str],
    ) -> None:
        self._customers = customers
        self._now = now
        self._new_id = new_id
        self.by_id: dict[str, Json] = {}

    def of(self, customer: str) -> list[Json]:
        """Return a customer's accounts."""
        return [one for one in self.by_id.values() if one["_owner"] == customer]

    def credit(self, id: str, creditInput: Json) -> Json:  # noqa: N803  # Shopify's word
        asked = creditInput["creditAmount"]
        expires = creditInput.get("expiresAt")
        if id not in self._customers and id not in self.by_id:
            return _none("id", "OWNER_NOT_FOUND", "Owner does not exist")
        if Decimal(asked["amount"]) <= 0:
            return _none("creditInput", "NEGATIVE_OR_ZERO_AMOUNT", "must be positive")
        if expires and datetime.fromisoformat(expires) <= self._now():
            return _none("creditInput", "EXPIRES_AT_IN_PAST", "must be in the future")
        account = self._account(id, asked["currencyCode"])
        row = self._row(account, "Credit", Decimal(asked["amount"]), "ADJUSTMENT")
        row |= {"expiresAt": expires, "remainingAmount": row["amount"]}
        return {"storeCreditAccountTransaction": row, "userErrors": []}

    def debit(self, id: str, debitInput: Json) -> Json:  # noqa: N803
        asked = debitInput["debitAmount"]
        account = self.by_id.get(id)
        if account is None:
            return _none("id", "ACCOUNT_NOT_FOUND", "no such account")
        if account["balance"]["currencyCode"] != asked["currencyCode"]:
            return _none("debitInput", "MISMATCHING_CURRENCY", "another currency")
        if Decimal(asked["amount"]) > Decimal(account["balance"]["amount"]):
            return _none("debitInput", "INSUFFICIENT_FUNDS", "not enough")
        row = self._spend(account, Decimal(asked["amount"]), "ADJUSTMENT")
        return {"storeCreditAccountTransaction": row, "userErrors": []}

    def spend(self, account: str, amount: str) -> None:
        """Pay for an order with credit."""
        self._spend(self.by_id[account], Decimal(amount), "ORDER_PAYMENT")

    def revert(self, account: str, amount: str) -> None:
        """Give back what a payment took that failed."""
        held, back = self.by_id[account], Decimal(amount)
        for one in held["transactions"]:
            if "remainingAmount" in one:
                left = Decimal(one["remainingAmount"]["amount"]) + back
                one["remainingAmount"] = money.one(left, one["amount"]["currencyCode"])
                break
        self._row(held, "DebitRevert", back, "PAYMENT_FAILURE")

    def _spend(self, account: Json, amount: Decimal, event: str) -> Json:
        left = amount
        credits = [one for one in account["transactions"] if "remainingAmount" in one]
        for one in sorted(credits, key=lambda row: row["expiresAt"] or "9999"):
            taken = min(left, Decimal(one["remainingAmount"]["amount"]))
            one["remainingAmount"] = money.one(
                Decimal(one["remainingAmount"]["amount"]) - taken, one["amount"]["currencyCode"]
            )
            left -= taken
        return self._row(account, "Debit", -amount, event)

    def _row(self, account: Json, kind: str, amount: Decimal, event: str) -> Json:
        currency = account["balance"]["currencyCode"]
        account["balance"] = money.one(Decimal(account["balance"]["amount"]) + amount, currency)
        name = f"StoreCreditAccount{kind}Transaction"
        row = {
            "__typename": name,
            "id": self._new_id(name),
            "createdAt": written(self._now()),
            "event": event,
            "amount": money.one(amount, currency),
        }
        # Newest first, as it is asked for.
        account["transactions"].insert(0, row)
        return row

    def _account(self, id: str, currency: str) -> Json:
        if id in self.by_id:
            return self.by_id[id]
        for one in self.of(id):
            if one["balance"]["currencyCode"] == currency:
                return one
        account = self._new_id("StoreCreditAccount")
        made = {
            "__typename": "StoreCreditAccount",
            "id": account,
            "_owner": id,
            "balance": money.one(0, currency),
            "transactions": [],
        }
        self.by_id[account] = made
        return made


class GiftCards:
    """Gift cards; after its making the shop shows four characters of a code, and finds it whole."""

    def __init__(
        self, currency: str, now: Callable[[], datetime], new_id: Callable[[str], str]
    ) -> None:
        self._currency = currency
        self._now = now
        self._new_id = new_id
        self.by_id: dict[str, Json] = {}

    def create(self, input: Json) -> Json:
        code = input["code"].lower()
        if not re.fullmatch("[a-z0-9]+", code):
            return _no_card("code", "INVALID", "Code can only contain letters(a-z) and numbers")
        if not 8 <= len(code) <= 20:
            return _no_card("code", "TOO_SHORT" if len(code) < 8 else "TOO_LONG", "8 to 20")
        if any(card["_code"] == code for card in self.by_id.values()):
            return _no_card("code", "TAKEN", "Code has already been taken")
        asked = input["initialAmount"]
        if Decimal(asked["amount"]) <= 0:
            return _no_card("initialAmount", "GREATER_THAN", "must be greater than 0")
        worth = money.one(Decimal(asked["amount"]), asked["currencyCode"])
        card = {
            "__typename": "GiftCard",
            "id": self._new_id("GiftCard"),
            "_code": code,
            "_asked": input,
            "note": input.get("note"),
            "expiresOn": input.get("expiresOn"),
            "lastCharacters": code[-4:],
            "enabled": True,
            "initialValue": worth,
            "balance": worth,
            "transactions": [],
        }
        self.by_id[card["id"]] = card
        return {"giftCard": card, "userErrors": []}

    def search(self, query: str = "", **paging: Any) -> list[Json]:
        word = query.strip().lower()
        return [card for card in self.by_id.values() if card["_code"] == word]

    def debit(self, id: str, debitInput: Json) -> Json:  # noqa: N803
        card = self.by_id[id]
        amount = Decimal(debitInput["debitAmount"]["amount"])
        if amount > Decimal(card["balance"]["amount"]):
            error = {"field": ["debitInput"], "code": "INSUFFICIENT_FUNDS", "message": "not enough"}
            return {"giftCardDebitTransaction": None, "userErrors": [error]}
        row = self._spend(card, amount, debitInput.get("note"))
        return {"giftCardDebitTransaction": row, "userErrors": []}

    def spend(self, id: str, amount: str) -> None:
        """Pay for an order with a card."""
        self._spend(self.by_id[id], Decimal(amount), None)

    def deactivate(self, id: str) -> Json:
        card = self.by_id.get(id)
        if card is None:
            return _no_card("id", "INVALID", "no such card")
        card["enabled"] = False
        return {"giftCard": card, "userErrors": []}

    def _spend(self, card: Json, amount: Decimal, note: str | None) -> Json:
        currency = card["balance"]["currencyCode"]
        card["balance"] = money.one(Decimal(card["balance"]["amount"]) - amount, currency)
        row = {
            "__typename": "GiftCardDebitTransaction",
            "id": self._new_id("GiftCardDebitTransaction"),
            "note": note,
            "amount": money.one(-amount, currency),
        }
        card["transactions"].append(row)
        return row


def _none(field: str, code: str, message: str) -> Json:
    error = {"field": [field], "code": code, "message": message}
    return {"storeCreditAccountTransaction": None, "userErrors": [error]}


def _no_card(field: str, code: str, message: str) -> Json:
    error = {"field": ["input", field], "code": code, "message": message}
    return {"giftCard": None, "userErrors": [error]}
