"""Grants that are store credit, which bears no note: asked for once, then looked for.

Each is told from others by its end, to the second.  What is taken back is noted before the shop
is asked, for a debit has not even that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from goodword.errors import AnswerLost, TillDown, TillRefused, TillTrouble
from goodword.model.followup import Grant, Granted, TakenBack
from goodword.model.money import Money, money
from goodword_shopify.fields import Json, moment
from goodword_shopify.granting import Counter, priced
from goodword_shopify.owners import Owners

# What has no end is given one that nobody lives to see, for it is what tells it from others.
_FAR: Final = datetime(2099, 1, 1, tzinfo=UTC)
_FAR_SPREAD: Final = 365 * 86_400
# Never sooner than was promised, and less than a day later.
_SPREAD: Final = 86_399
_CREDIT: Final = "StoreCreditAccountCreditTransaction"
_DEBIT: Final = "StoreCreditAccountDebitTransaction"
# A call of which nothing was heard may still be on its way.
_ON_ITS_WAY: Final = timedelta(minutes=10)
# A try that nobody came back to for so long is a person's by now.
_FORGOTTEN: Final = timedelta(days=1)


class Credit:
    """Grants store credit, finds it, and takes it back."""

    def __init__(self, counter: Counter) -> None:
        self._at = counter
        self._client = counter.client
        self._owners = Owners(counter)

    def grant(self, grant: Grant) -> Granted:
        amount = grant.worth.amount
        if amount is None:
            raise self._client.refused("store credit is an amount")
        owner = self._owners.begin(grant)
        asked = {
            "creditAmount": priced(amount),
            "expiresAt": end_of(grant).isoformat(),
            "notify": False,
        }
        try:
            made = self._client.change("StoreCreditGrant", owner=owner, input=asked)
        except AnswerLost as lost:
            # No key keeps two apart: whoever looks too soon does not see what comes yet.
            wait = int(_ON_ITS_WAY.total_seconds())
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
        amount = grant.worth.amount
        for account in self._accounts(owner, amount.unit if amount else ""):
            for row in self._rows(account):
                ends = moment(row["expiresAt"]) if row["__typename"] == _CREDIT else None
                if ends == end_of(grant) and _amount(row["amount"]) == amount:
                    remote, used = str(row["id"]), self._is_used(grant, row)
                    return Granted(grant=grant.id, text=grant.text, remote=remote, used=used)
        return None

    def take_back(self, granted: Granted, left: Money | None) -> TakenBack:
        row = self._client.ask("StoreCreditMade", id=granted.remote)["node"]
        if row is None:
            raise self._client.refused("the store credit is not there any more")
        whole, account = _amount(row["amount"]), str(row["account"]["id"])
        total = whole.minor - (left.minor if left else 0)
        # What was taken before is no part of it: a smaller credit may become smaller still.
        taking = total - int(self._at.notes.read(_taken(granted.grant)) or 0)
        if taking <= 0:
            return TakenBack(done=True)
        kept = str(total) if left else None
        return self._take(granted.grant, account, Money(taking, whole.unit), kept)

    def _take(self, grant: str, account: str, taking: Money, kept: str | None) -> TakenBack:
        notes, done = self._at.notes, {account: None, _taken(grant): kept}
        newest = next((str(row["id"]) for row in self._rows(account)), "")
        note = json.dumps([grant, newest, self._at.now().isoformat(), taking.minor])
        before = notes.begin(account, note)
        if before is not None:
            if self._was_taken(account, grant, before):
                notes.settle(**done)
                return TakenBack(done=True)
            notes.settle(**{account: note})
        if self._debit(account, taking):
            notes.settle(**done)
            return TakenBack(done=True)
        return TakenBack(done=False)

    def _debit(self, account: str, taking: Money) -> bool:
        """Take an amount out of an account; return whether it held so much."""
        asked = {"debitAmount": priced(taking)}
        try:
            self._client.change("StoreCreditTakeBack", account=account, input=asked)
        except (TillDown, TillRefused) as error:
            # Whatever it says, it was not done.
            self._at.notes.settle(**{account: None})
            if error.facts.get("code") != "INSUFFICIENT_FUNDS":
                raise
            return False
        return True

    def _was_taken(self, account: str, grant: str, note: str) -> bool:
        """Whether a try of which nothing was heard has gone through; raise while it still may."""
        noted, newest, at, minor = json.loads(note)
        age = self._at.now() - datetime.fromisoformat(at)
        if noted != grant:
            # Two at once on one account could not be told apart.
            if age < _FORGOTTEN:
                raise self._later("another amount is being taken back from this account")
            return False
        for row in self._rows(account):
            if row["id"] == newest:
                break
            if _is_debit(row, minor):
                return True
        if age < _ON_ITS_WAY:
            raise self._later("an earlier try may still be on its way")
        return False

    def _later(self, what: str) -> TillDown:
        return TillDown(shop=self._client.shop, what=what)

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

    def _is_used(self, grant: Grant, row: Json) -> bool:
        taken = int(self._at.notes.read(_taken(grant.id)) or 0)
        return _amount(row["remainingAmount"]).minor < _amount(row["amount"]).minor - taken


def end_of(grant: Grant) -> datetime:
    """Return when a credit ends: as promised, and some seconds later that no other has."""
    drawn = int.from_bytes(hashlib.sha256(grant.id.encode()).digest()[:8])
    if grant.expires is None:
        return _FAR + timedelta(seconds=drawn % _FAR_SPREAD)
    return grant.expires.replace(microsecond=0) + timedelta(seconds=1 + drawn % _SPREAD)


def _amount(told: Json) -> Money:
    return money(Decimal(str(told["amount"])), told["currencyCode"])


def _is_debit(row: Json, minor: int) -> bool:
    ours = row["__typename"] == _DEBIT and row["event"] == "ADJUSTMENT"
    return ours and abs(_amount(row["amount"]).minor) == minor


def _taken(grant: str) -> str:
    return f"taken {grant}"
