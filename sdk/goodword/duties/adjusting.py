"""A coupon that stands follows its program: what it goes together with, and whether it rests.

What it is worth, on which terms and until when stays what its own version promised.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from goodword.duties import live
from goodword.duties.prepared import Prepared, follow_up
from goodword.model.followup import Adjusting, Carried, How
from goodword.model.ledger import Part
from goodword.storage import claims, deeds
from goodword.storage.deeds import Claimed
from goodword.storage.sql import Book


def prepare(book: Book, one: Claimed, now: datetime) -> Prepared | None:
    """Say how the coupon should stand, unless it can be used no more."""
    found = live.standing(book, one.subject, now)
    if found is None:
        deeds.finish(book, one, "done")
        return None
    if found.grant.paused:
        # Before the shop is asked: what may have been switched off is switched on again.
        claims.set_rests(book, found.grant.id, True)
    adjusting = Adjusting(grant=found.grant, remote=found.remote)
    return Prepared(replace(follow_up(book, one), adjusting=adjusting))


def conclude(book: Book, prepared: Prepared, carried: Carried, now: datetime) -> None:
    """Keep whether a friend's coupon is switched off."""
    adjusting = prepared.deed.adjusting if prepared.deed else None
    if adjusting is None or carried.how is not How.DONE or carried.adjusted is None:
        return
    if adjusting.grant.part is Part.OFFER:
        claims.set_rests(book, adjusting.grant.id, carried.adjusted.rests)
