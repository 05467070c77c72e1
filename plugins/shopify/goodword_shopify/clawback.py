"""Store credit is taken back as far as it was not spent.

No debit bears a note or a key: so it is noted before the shop is asked, and one of which nothing
was heard is looked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Final

from goodword.errors import TillDown, TillRefused
from goodword.model.followup import Granted, TakenBack
from goodword.model.money import Money
from goodword_shopify.accounts import DEBIT, Taken, amount, spent
from goodword_shopify.fields import Json, moment
from goodword_shopify.granting import ON_ITS_WAY, Counter, priced, taken_back

# A try that nobody came back to for so long is a person's by now.
_FORGOTTEN: Final = timedelta(days=1)
# What a customer spends meanwhile is looked at so often.
_LOOKS_MOST: Final = 4


@dataclass(frozen=True, slots=True)
class _Standing:
    """How a credit stands, and the account it lies on."""

    account: str
    whole: Money
    used: int
    """What the customer spent of it."""
    held: int
    """What the whole account holds."""
    is_over: bool
    """Its time is over: nobody can spend any of it."""
    newest: str
    """The account's newest entry, before which nothing of ours comes any more."""


class Clawback:
    """Takes store credit back."""

    def __init__(self, counter: Counter) -> None:
        self._at = counter
        self._client = counter.client
        self._taken = Taken(counter)

    def take_back(self, granted: Granted, left: Money | None) -> TakenBack:
        """Leave so much of a credit; what was spent of it stays spent."""
        for _ in range(_LOOKS_MOST):
            one = self._standing(granted)
            if self._settle_earlier(one.account, granted.grant):
                continue
            taken = self._taken.of(granted.grant)
            wanted = one.whole.minor - (left.minor if left else 0) - taken
            there = one.whole.minor - one.used - taken
            if wanted <= 0 or one.is_over:
                return taken_back(wanted - there if wanted > 0 else 0, one.whole.unit)
            # Never more than is there: no account goes below nothing, and nobody else's is taken.
            taking = min(wanted, there, one.held)
            if taking <= 0:
                return taken_back(wanted, one.whole.unit)
            self._debit(granted.grant, one, taking, taken, ends=left is None)
        raise self._later("the account changes while we look at it")

    def _standing(self, granted: Granted) -> _Standing:
        row = self._client.ask("StoreCreditMade", id=granted.remote)["node"]
        if row is None:
            raise self._client.refused("the store credit is not there any more")
        account = row["account"]
        rows = list(self._rows(str(account["id"])))
        ends = moment(row["expiresAt"])
        return _Standing(
            account=str(account["id"]),
            whole=amount(row["amount"]),
            used=spent(granted.remote, rows),
            held=amount(account["balance"]).minor,
            is_over=ends is not None and ends <= self._at.now(),
            newest=next((str(one["id"]) for one in rows if one.get("id")), ""),
        )

    def _debit(self, grant: str, one: _Standing, taking: int, taken: int, *, ends: bool) -> None:
        """Take an amount out of an account, unless it holds less by now."""
        now, after = self._at.now(), taken + taking
        note = json.dumps([grant, one.newest, now.isoformat(), taking, after, ends])
        if self._at.notes.begin(one.account, note) is not None:
            # Somebody else is at it, who is looked for next.
            return
        asked = {"debitAmount": priced(Money(taking, one.whole.unit))}
        try:
            self._client.change("StoreCreditTakeBack", account=one.account, input=asked)
        except (TillDown, TillRefused) as error:
            # Whatever it says, it was not done.
            self._at.notes.settle(**{one.account: None})
            if error.facts.get("code") != "INSUFFICIENT_FUNDS":
                raise
        else:
            self._taken.note(one.account, grant, after, ends=ends)

    def _settle_earlier(self, account: str, grant: str) -> bool:
        """Settle a try of which nothing was heard; raise while it still may go through.

        Returns whether there was one, after which all is to be looked at anew.
        """
        note = self._at.notes.read(account)
        if note is None:
            return False
        noted, newest, at, taking, *told = json.loads(note)
        age = self._at.now() - datetime.fromisoformat(at)
        if noted != grant and age < _FORGOTTEN:
            # Two at once on one account could not be told apart.
            raise self._later("another amount is being taken back from this account")
        if _is_among(self._rows(account), newest, taking):
            # One that an earlier release noted says no more than what it took.
            after, ends = told or (self._taken.of(noted) + taking, False)
            self._taken.note(account, noted, after, ends=ends)
        elif age < ON_ITS_WAY:
            raise self._later("an earlier try may still be on its way")
        else:
            self._at.notes.settle(**{account: None})
        return True

    def _rows(self, account: str) -> Iterable[Json]:
        return self._client.pages(
            "StoreCreditLedger", "storeCreditAccount", "transactions", account=account
        )

    def _later(self, what: str) -> TillDown:
        return TillDown(shop=self._client.shop, what=what)


def _is_among(rows: Iterable[Json], newest: str, taking: int) -> bool:
    """Whether a debit of ours stands among what is newer than what was the newest."""
    since = takewhile(lambda row: row.get("id") != newest, rows)
    return any(
        row["__typename"] == DEBIT
        and row["event"] == "ADJUSTMENT"
        and abs(amount(row["amount"]).minor) == taking
        for row in since
    )
