"""Deeds that were given up: what waits for a person, and is taken up again when they say so."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, func, select, update

from goodword.model.followup import Duty, Stuck
from goodword.storage.deeds import Claimed
from goodword.storage.sql import Book, Statement, micros, moment, new_id, spelled, through
from goodword.storage.tables import followups
from goodword.storage.troubles import unpacked

_dead = followups.c.state == spelled("never")
_this = (followups.c.shop == bindparam("shop")) & (followups.c.id == bindparam("key")) & _dead
_DEAD: Final = Statement(
    through(
        select(
            followups.c.id,
            followups.c.duty,
            followups.c.subject,
            followups.c.due,
            followups.c.tries,
            followups.c.trouble,
        )
        .where(followups.c.shop == bindparam("shop"), _dead)
        .order_by(followups.c.id)
        .limit(bindparam("most")),
        followups,
        "shop",
        "id",
    )
)
_COUNT_DEAD: Final = Statement(
    through(
        select(func.count())
        .select_from(followups)
        .where(followups.c.shop == bindparam("shop"), _dead),
        followups,
        "shop",
        "id",
    )
)
# As if it had been tried once: with the second try a carrier looks first, and one that was given
# up without an answer may have happened.
_REVIVE: Final = Statement(
    update(followups).where(_this).values(state="open", fence=None, tries=1, next=bindparam("now"))
)
_TAKE_UP: Final = Statement(
    update(followups)
    .where(_this)
    .values(state="open", fence=bindparam("taken"), next=bindparam("lease"))
    .returning(
        followups.c.duty,
        followups.c.subject,
        followups.c.due,
        followups.c.tries,
        followups.c.asked,
    )
)


def found(book: Book, most: int) -> list[Stuck]:
    """Return what waits for a person, oldest first."""
    found = []
    for id, duty, subject, due, tries, why in book.all(_DEAD, most=most):
        at = moment(due)
        assert at is not None
        duty, why = Duty(duty), unpacked(why)
        found.append(Stuck(id=id, duty=duty, subject=subject, due=at, tries=tries, why=why))
    return found


def count(book: Book) -> int:
    """Return how many deeds wait for a person."""
    row = book.one(_COUNT_DEAD)
    assert row is not None
    return int(row[0])


def revive(book: Book, id: str, now: datetime) -> bool:
    """Let a dead deed be tried once more; False if it is not dead."""
    return book.run(_REVIVE, key=id, now=micros(now)) == 1


def take_up(book: Book, id: str, now: datetime, lease: timedelta) -> Claimed | None:
    """Take a dead deed up, for whoever knows what came of it; None if it is not dead."""
    fence = new_id(now)
    row = book.one(_TAKE_UP, key=id, taken=fence, lease=micros(now + lease))
    if row is None:
        return None
    duty, subject, at, tries, asked = row
    due = moment(at)
    assert due is not None
    return Claimed(id, Duty(duty), subject, due, tries, asked, fence)
