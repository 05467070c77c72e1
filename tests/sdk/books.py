"""What is true of every book of entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from goodword import Account, Entry, Part

Key = tuple[Part, str, str, Account]


def check_book(entries: Sequence[Entry]) -> None:
    """Hold a book against what is true of every book, at every moment of its writing."""
    held: Counter[Key] = Counter()
    for entry in entries:
        enter(held, entry)
        check_sums(held)


def check_end(entries: Iterable[Entry]) -> None:
    """Hold a book against what is true of it now, in whatever sequence it was written."""
    held: Counter[Key] = Counter()
    for entry in entries:
        enter(held, entry)
    check_sums(held)


def enter(held: Counter[Key], entry: Entry) -> None:
    assert entry.worth.minor > 0
    held[entry.part, entry.advocate, entry.worth.unit, entry.source] -= entry.worth.minor
    held[entry.part, entry.advocate, entry.worth.unit, entry.target] += entry.worth.minor


def check_sums(held: Counter[Key]) -> None:
    sums: Counter[tuple[Part, str, str]] = Counter()
    for (part, advocate, unit, account), amount in held.items():
        sums[part, advocate, unit] += amount
        # Booked is what flowed out of the promise; a debt is what is owed back.
        below = account in (Account.GRANTED, Account.OWED_BACK)
        assert amount <= 0 if below else amount >= 0
    assert not any(sums.values())


def on(entries: Iterable[Entry], account: Account) -> int:
    """What stands on an account."""
    return sum(
        entry.worth.minor * ((entry.target is account) - (entry.source is account))
        for entry in entries
    )
