"""A deed on its way: what was written down before, and what a carrier is told."""

from __future__ import annotations

from dataclasses import dataclass

from goodword.model.followup import FollowUp
from goodword.model.ledger import Account, Balance, Movement
from goodword.storage.deeds import Claimed
from goodword.storage.sql import Book


@dataclass(frozen=True, slots=True)
class Prepared:
    """A deed that is written down and ready to be carried; without one it is done already."""

    deed: FollowUp | None
    moves: tuple[Movement, ...] = ()
    """What its success will book."""
    wait: str | None = None
    """Why it cannot be done yet."""


def follow_up(book: Book, one: Claimed) -> FollowUp:
    """Return what a carrier is told of a deed; each duty adds its own."""
    return FollowUp(
        id=one.id,
        shop=book.shop,
        duty=one.duty,
        subject=one.subject,
        due=one.due,
        tries=one.tries,
    )


def first(books: list[Balance], account: Account) -> Balance | None:
    """Return the first balance of an account that holds anything."""
    for balance in books:
        if balance.account is account and balance.worth.minor > 0:
            return balance
    return None
