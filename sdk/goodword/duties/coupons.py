"""An order's coupons: those that stand, and those that are being made."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from typing import Final

from goodword.model.followup import Duty, Grant, Granted
from goodword.model.ledger import Account, Balance, Movement
from goodword.rules import booking, codes
from goodword.storage import deeds
from goodword.storage.deeds import KeptGrant
from goodword.storage.sql import Book

TAKING: Final = "taking"
STANDING: Final = ("granted", TAKING)


def drawn(keep: Callable[[str], bool], kind: str) -> str:
    """Draw a coupon's text that nobody can guess, and write it down."""
    while True:
        text = f"{kind}-" + codes.from_random(os.urandom(10)).lower()
        if keep(text):
            return text


def being_made(book: Book, order: str) -> Grant | None:
    """Return the grant that a shop was asked for and has not confirmed."""
    for kept in deeds.grants_of(book, order):
        if kept.state in ("granting", "unknown"):
            return kept.grant
    return None


def standing(book: Book, order: str) -> list[KeptGrant]:
    """Return the order's coupons that can be used: what is being taken back, then the newest."""
    stand = [one for one in deeds.grants_of(book, order)[::-1] if one.state in STANDING]
    return sorted(stand, key=lambda one: one.state != TAKING)


def plan_expiry(book: Book, order: str, now: datetime) -> None:
    """Let the shop be asked when the time of the next of the order's coupons is over."""
    ends = [one.grant.expires for one in standing(book, order) if one.grant.expires is not None]
    if ends:
        deeds.plan(book, Duty.EXPIRE, order, min(ends), now)


def moves_of(
    grant: Grant, books: list[Balance], source: Account, target: Account
) -> list[Movement]:
    """Return the movement of one coupon's worth, as far as the source holds it."""
    return booking.moved(books, source, target, grant.person, booking.face(grant.worth))


def as_granted(kept: KeptGrant) -> Granted:
    """Return a coupon as the shop knows it."""
    grant = kept.grant
    return Granted(grant=grant.id, text=grant.text, remote=kept.remote or "", made=grant.made)
