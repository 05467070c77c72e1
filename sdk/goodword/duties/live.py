"""Coupons that can still be used: what each promises, and how one ends before its time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from goodword.duties import expiring, offering
from goodword.duties.by_now import by_now
from goodword.model.followup import TakenBack
from goodword.model.ledger import Part
from goodword.model.money import Money
from goodword.rules import booking
from goodword.storage import claims, deeds, orders
from goodword.storage import standing as standing_rows
from goodword.storage.sql import Book
from goodword.watching import Promised

_AT_ONCE: Final = 100


def promised(book: Book, now: datetime, part: Part, after: str = "") -> list[Promised]:
    """Return a page of coupons that stand at the shop; ``after``: the id of the grant before."""
    if part is Part.REWARD:
        rewards = standing_rows.rewards(book, now, after, _AT_ONCE)
        return [Promised(grant=by_now(book, grant), remote=remote) for grant, remote in rewards]
    return [
        Promised(grant=offering.gift_of(book, claim, version), remote=remote)
        for claim, version, remote in standing_rows.gifts(book, now, after, _AT_ONCE)
    ]


def standing(book: Book, id: str, now: datetime) -> Promised | None:
    """Return a coupon by the id of its grant; None if it does not stand, or is over."""
    gift = standing_rows.gift(book, id, now)
    if gift is not None:
        claim, version, remote = gift
        return Promised(grant=offering.gift_of(book, claim, version), remote=remote)
    reward = standing_rows.reward(book, id, now)
    if reward is None:
        return None
    return Promised(grant=by_now(book, reward[0]), remote=reward[1])


def end(book: Book, one: Promised, taken: TakenBack, now: datetime) -> None:
    """Book a coupon that its shop was made to take no more, or that turned out to be used."""
    grant = one.grant
    if grant.part is Part.OFFER:
        if taken.done:
            claims.set_state(book, grant.id, "ended", one.remote or None)
        return
    orders.find(book, grant.subject, lock=True)
    for kept in _kept(book, one):
        expiring.end(book, kept, used=_used(kept, taken), now=now)


def _used(kept: deeds.KeptGrant, taken: TakenBack) -> Money:
    """Return how much of a coupon was used, of which all was to be taken back."""
    whole = booking.face(kept.grant.worth)
    if taken.done:
        return Money(0, whole.unit)
    return whole if taken.missing is None else taken.missing


def _kept(book: Book, one: Promised) -> Iterator[deeds.KeptGrant]:
    for kept in deeds.grants_of(book, one.grant.subject):
        if kept.grant.id == one.grant.id and kept.state == "granted":
            yield kept
