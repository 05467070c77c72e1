"""Grants that are store credit, which bears no note: asked for once, then looked for.

Each is told from others by its end, to the second.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from goodword.errors import AnswerLost, TillTrouble
from goodword.model.followup import Grant, Granted, TakenBack
from goodword.model.money import Money
from goodword_shopify.accounts import CREDIT, amount, spent
from goodword_shopify.clawback import Clawback
from goodword_shopify.fields import Json, moment
from goodword_shopify.granting import ON_ITS_WAY, Counter, priced
from goodword_shopify.owners import Owners

# What has no end is given one that nobody lives to see, for it is what tells it from others.
_FAR: Final = datetime(2099, 1, 1, tzinfo=UTC)
_FAR_SPREAD: Final = 365 * 86_400
# Never sooner than was promised, and less than a day later.
_SPREAD: Final = 86_399


class Credit:
    """Grants store credit, finds it, and takes it back."""

    def __init__(self, counter: Counter) -> None:
        self._client = counter.client
        self._clawback = Clawback(counter)
        self._owners = Owners(counter)

    def grant(self, grant: Grant) -> Granted:
        worth = grant.worth.amount
        if worth is None:
            raise self._client.refused("store credit is an amount")
        owner = self._owners.begin(grant)
        asked = {
            "creditAmount": priced(worth),
            "expiresAt": end_of(grant).isoformat(),
            "notify": False,
        }
        try:
            made = self._client.change("StoreCreditGrant", owner=owner, input=asked)
        except AnswerLost as lost:
            # No key keeps two apart: whoever looks too soon does not see what comes yet.
            wait = int(ON_ITS_WAY.total_seconds())
            raise AnswerLost(**lost.facts, wait=wait) from lost
        except TillTrouble:
            self._owners.settle(grant)
            raise
        self._owners.settle(grant)
        remote = str(made["storeCreditAccountTransaction"]["id"])
        return Granted(grant=grant.id, text=grant.text, remote=remote)

    def look(self, grant: Grant) -> Granted | None:
        found = self._found(grant, self._owners.noted(grant))
        self._owners.settle(grant)
        return found

    def _found(self, grant: Grant, owner: str) -> Granted | None:
        worth = grant.worth.amount
        for account in self._accounts(owner, worth.unit if worth else ""):
            rows = list(self._rows(account))
            for row in rows:
                ends = moment(row["expiresAt"]) if row["__typename"] == CREDIT else None
                if ends == end_of(grant) and amount(row["amount"]) == worth:
                    remote = str(row["id"])
                    used = spent(remote, rows) > 0
                    return Granted(grant=grant.id, text=grant.text, remote=remote, used=used)
        return None

    def take_back(self, granted: Granted, left: Money | None) -> TakenBack:
        return self._clawback.take_back(granted, left)

    def _rows(self, account: str) -> Iterator[Json]:
        """Yield what happened on an account, the newest first."""
        return self._client.pages(
            "StoreCreditLedger", "storeCreditAccount", "transactions", account=account
        )

    def _accounts(self, owner: str, currency: str) -> Iterator[str]:
        found = self._client.pages(
            "StoreCreditAccounts", "customer", "storeCreditAccounts", customer=owner
        )
        return (str(one["id"]) for one in found if one["balance"]["currencyCode"] == currency)


def end_of(grant: Grant) -> datetime:
    """Return when a credit ends: as promised, and some seconds later that no other has."""
    drawn = int.from_bytes(hashlib.sha256(grant.id.encode()).digest()[:8])
    if grant.expires is None:
        return _FAR + timedelta(seconds=drawn % _FAR_SPREAD)
    return grant.expires.replace(microsecond=0) + timedelta(seconds=1 + drawn % _SPREAD)
