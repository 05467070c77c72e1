"""Grants that are a gift card: its code is ours, so that a second try finds what was made."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Final

from goodword.errors import AnswerLost, TillDown, TillRefused
from goodword.model.followup import Grant, Granted, TakenBack
from goodword.model.money import Money, money
from goodword_shopify.fields import Json
from goodword_shopify.granting import MARK, ON_ITS_WAY, Counter, marked, priced, taken_back

_LONGEST: Final = 20
# What a customer spends meanwhile is looked at so often.
_LOOKS_MOST: Final = 4


class Cards:
    """Issues gift cards, finds them, and takes from them."""

    def __init__(self, counter: Counter) -> None:
        self._at = counter
        self._client = counter.client

    def grant(self, grant: Grant) -> Granted:
        if grant.worth.amount is None:
            raise self._client.refused("a gift card holds an amount")
        asked: Json = {
            "code": _code(grant.text),
            "initialAmount": priced(grant.worth.amount),
            "note": marked(grant.id),
        }
        if grant.expires is not None:
            asked["expiresOn"] = f"{grant.expires:%Y-%m-%d}"
        try:
            made = self._client.change("GiftCardIssue", input=asked)
        except TillRefused as error:
            if error.facts.get("code") != "TAKEN":
                raise
            # Ours from a try whose answer was lost, or somebody else's.
            card = self._card(grant)
            if card is None or card["note"] != marked(grant.id):
                raise
            return self._granted(grant, card)
        return Granted(grant=grant.id, text=grant.text, remote=str(made["giftCard"]["id"]))

    def look(self, grant: Grant) -> Granted | None:
        card = self._card(grant)
        return None if card is None else self._granted(grant, card)

    def take_back(self, granted: Granted, left: Money | None) -> TakenBack:
        staying = max(0, left.minor) if left is not None else 0
        for _ in range(_LOOKS_MOST):
            card = self._client.ask("GiftCardLedger", id=granted.remote)["giftCard"]
            if card is None:
                raise self._client.refused("the gift card is not there any more")
            taken = self._taken(granted)
            whole, held = _amount(card["initialValue"]), _amount(card["balance"])
            if card["enabled"] and staying == 0:
                # Voided it is spent no more: what was is told with it.
                card = self._client.change("GiftCardVoid", id=granted.remote)["giftCard"]
            if not card["enabled"]:
                # Of one that was voided nothing is left but what was spent before.
                return taken_back(_spent(card, taken) - staying, whole.unit)
            wanted = whole.minor - taken - staying
            taking = min(wanted, held.minor)
            if taking <= 0:
                return taken_back(wanted, whole.unit)
            self._debit(granted, Money(taking, whole.unit))
        raise TillDown(shop=self._client.shop, what="the gift card changes while we look at it")

    def _debit(self, granted: Granted, taking: Money) -> None:
        """Take an amount from a card, unless it holds less by now."""
        asked = {"debitAmount": priced(taking), "note": _note(granted.grant)}
        try:
            self._client.change("GiftCardDebit", id=granted.remote, input=asked)
        except TillRefused as error:
            if error.facts.get("code") != "INSUFFICIENT_FUNDS":
                raise
        except AnswerLost as lost:
            # Its note tells it from others, but whoever looks too soon does not see it yet.
            raise AnswerLost(**lost.facts, wait=int(ON_ITS_WAY.total_seconds())) from lost

    def _card(self, grant: Grant) -> Json | None:
        """Return the card with this code, of which the shop shows the end alone.

        A search may find others, too, and one of them may end alike: ours bears our note.  An owner
        may have written another, and then its worth must fit.
        """
        code = _code(grant.text)
        found = self._client.pages("GiftCardsFound", "giftCards", filter=code)
        alike = [card for card in found if code.endswith(card["lastCharacters"])]
        ours = [card for card in alike if card["note"] == marked(grant.id)]
        other = (card for card in alike if _may_be(card, grant))
        return ours[0] if ours else next(other, None)

    def _granted(self, grant: Grant, card: Json) -> Granted:
        made = Granted(grant=grant.id, text=grant.text, remote=str(card["id"]))
        return replace(made, used=self._is_used(made, card))

    def _is_used(self, made: Granted, card: Json) -> bool:
        missing = _spent(card, 0)
        return missing > 0 and missing != self._taken(made)

    def _taken(self, granted: Granted) -> int:
        """Return what was taken back before, by tries of which nobody may have heard the end."""
        rows = self._client.pages("GiftCardLedger", "giftCard", "transactions", id=granted.remote)
        ours = [row for row in rows if row["note"] == _note(granted.grant)]
        return sum(abs(_amount(row["amount"]).minor) for row in ours)


def _may_be(card: Json, grant: Grant) -> bool:
    """Whether a card that bears no note of ours may be a grant's: of which part was taken back."""
    whole, worth = _amount(card["initialValue"]), grant.worth.amount
    ours = str(card["note"] or "").startswith(MARK)
    return (
        not ours and worth is not None and whole.unit == worth.unit and whole.minor >= worth.minor
    )


def _code(text: str) -> str:
    """Return a text as a gift card can bear it: letters and digits alone."""
    return re.sub("[^a-z0-9]", "", text.lower())[-_LONGEST:]


def _spent(card: Json, taken: int) -> int:
    """Return how much of a card was spent, where so much of it was taken back."""
    return _amount(card["initialValue"]).minor - _amount(card["balance"]).minor - taken


def _note(grant: str) -> str:
    return f"{marked(grant)} taken back"


def _amount(told: Json) -> Money:
    return money(Decimal(str(told["amount"])), told["currencyCode"])
