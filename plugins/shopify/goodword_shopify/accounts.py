"""What a customer's account of store credit says: what was spent of a credit, and taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from goodword.model.money import Money, money
from goodword_shopify.fields import Json, moment
from goodword_shopify.granting import Counter

CREDIT: Final = "StoreCreditAccountCreditTransaction"
DEBIT: Final = "StoreCreditAccountDebitTransaction"
_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_TAKEN: Final = "taken "
# After this nobody asks once more for what was taken back whole.
_OVER: Final = timedelta(days=90)


class Taken:
    """What was taken back of each credit, as it is noted: a debit itself does not say of which."""

    def __init__(self, counter: Counter) -> None:
        self._at = counter

    def of(self, grant: str) -> int:
        """Return how much of a credit was taken back."""
        return int((self._at.notes.read(_TAKEN + grant) or "0").split()[0])

    def note(self, account: str, grant: str, after: int, *, ends: bool) -> None:
        """Note how much it is by now, in the place of the try at an account.

        ``ends``: nothing was to be left of it, so that the note may go one day.
        """
        noted = f"{after} {self._at.now():%Y-%m-%d}" if ends else str(after)
        self._at.notes.settle(**{account: None, _TAKEN + grant: noted})
        self._at.notes.tidy(self._is_over)

    def _is_over(self, about: str, note: str) -> bool:
        day = note.split()[1:] if about.startswith(_TAKEN) else []
        return bool(day) and self._at.now().date() - date.fromisoformat(day[0]) > _OVER


def amount(told: Json) -> Money:
    """Return an amount as the shop tells it."""
    return money(Decimal(str(told["amount"])), told["currencyCode"])


def spent(credit: str, rows: Sequence[Json]) -> int:
    """Return how much of a credit its customer spent, in minor units.

    ``rows``: what happened on the account, the newest first.  They are played once more: what ends
    first is used up first, and a debit of ours may use up another credit than it is for.
    """
    played = _Account()
    for row in reversed(rows):
        played.happen(row)
    return sum(taken for one, taken in played.payments if one == credit)


class _Account:
    """An account as it came to be."""

    def __init__(self) -> None:
        self.payments: list[tuple[str, int]] = []
        """What each payment took, credit by credit."""
        self._left: dict[str, tuple[datetime, int]] = {}

    def happen(self, row: Json) -> None:
        minor = abs(amount(row["amount"]).minor)
        match row["__typename"]:
            case "StoreCreditAccountCreditTransaction":
                self._left[row["id"]] = (moment(row["expiresAt"]) or _NEVER, minor)
            case "StoreCreditAccountDebitTransaction":
                taken = list(self._take(minor, moment(row["createdAt"]) or _NEVER))
                self.payments += taken if row["event"] != "ADJUSTMENT" else []
            case "StoreCreditAccountDebitRevertTransaction":
                self._undo(minor)

    def _take(self, minor: int, at: datetime) -> Iterator[tuple[str, int]]:
        for credit, (ends, left) in sorted(self._left.items(), key=lambda one: one[1]):
            part = min(minor, left)
            if part > 0 and ends > at:
                self._left[credit] = (ends, left - part)
                minor -= part
                yield credit, part

    def _undo(self, minor: int) -> None:
        while minor > 0 and self.payments:
            credit, taken = self.payments.pop()
            part = min(minor, taken)
            ends, left = self._left[credit]
            self._left[credit] = (ends, left + part)
            minor -= part
            if taken > part:
                self.payments.append((credit, taken - part))
