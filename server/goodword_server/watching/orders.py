"""Orders that nobody told us of: those that changed are read at the till, those that are gone too.

A webhook is only a hint.  Alone, and with no webhook at all, this reaches the same book.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from goodword.model.order import Order
from goodword.platforms import Installation, ShowsLately
from goodword.storage import standing
from goodword.storage.sql import Book
from goodword_server.reading import Reader
from goodword_server.watching import backfill, taking
from goodword_server.watching.catching_up import CURSOR, catch_up
from goodword_server.watching.step import BrokenOff, Step
from goodword_server.watching.taking import JOINED

FOUND: Final = "found"
"""In a round's notes: how many orders a webhook should have told of and did not."""
FOUND_AT: Final = "found_at"
_TOLD_FOR: Final = timedelta(minutes=59)

# Moments are of whole seconds, and what is being saved has one that lies a little back.
_OVERLAP: Final = timedelta(minutes=5)
# An order that goes away later than this has long been settled.
_REMEMBERED: Final = timedelta(days=90)
# Where a shop shows an app only what is new, that is read when it is joined.
_BACK: Final = timedelta(days=60)
# What is on the edge today is not shown tomorrow.
_EDGE: Final = timedelta(days=1)
_ASKED_AT_ONCE: Final = 100


def first_notes(
    platform: object, installation: Installation | None, now: datetime
) -> dict[str, str]:
    """Return the notes with which the first round begins: what was before is not ours.

    Where a shop shows only what is new, all of that is read: nobody could ask for it later.
    """
    begin = now - timedelta(hours=1)
    if isinstance(platform, ShowsLately) and installation is not None:
        begin = max(now - _BACK, platform.shown_since(installation, now) or now - _BACK)
    return {CURSOR: begin.isoformat(), JOINED: now.isoformat()}


def compare(step: Step) -> Mapping[str, Any]:
    """Record what changed since the last round."""
    begun = step.taken.notes.get(CURSOR) or first_notes(None, None, step.house.now())[CURSOR]
    # What lies far back may be read in bulk; the rest, or all of it, at the till.
    before, found = catch_up(step, datetime.fromisoformat(begun))
    begin = cursor = newest = datetime.fromisoformat(before.get(CURSOR, begun))
    started = step.house.now()
    reader = Reader(step.house, step.shop, step.until)
    read = 0
    for some in taking.batches(step.house.till(step.shop).orders_since(cursor - _OVERLAP)):
        took = taking.take(step, reader, some)
        found += took.news
        moments = [one.modified for one in some if isinstance(one, Order) and one.modified]
        newest = max([newest, *moments])
        # One that changed since it was listed has a moment later than those that were not read yet:
        # whoever goes on from there would never see them.
        cursor = max([cursor, *(at for at in moments if at <= started - _OVERLAP)])
        taking.keep(step, _noted(step, before, cursor, found), took.odd)
        read += len(some)
        # Other shops are looked at, too: this one goes on after them, from where it came to.
        if read >= taking.READ_MOST and cursor - _OVERLAP > begin:
            raise BrokenOff
    # What changed later than the list was begun may not have been in it; and beyond a moment that
    # is still to come, which is a wrong clock's, nobody would look any more.
    cursor = max(cursor, min(newest, started))
    return _noted(step, before, cursor, found) | _ended(before, step.house.now())


def _noted(step: Step, before: Mapping[str, Any], cursor: datetime, found: int) -> dict[str, Any]:
    """Return what to note; what was found stays told for an hour, though it is looked at again."""
    now = step.house.now()
    stays = {name: before[name] for name in (JOINED, backfill.BACKFILL) if name in before}
    told = {CURSOR: cursor.isoformat(), **stays}
    if found:
        return {**told, FOUND: found, FOUND_AT: now.isoformat()}
    at = before.get(FOUND_AT)
    if at is None or now - datetime.fromisoformat(at) >= _TOLD_FOR:
        return {**told, FOUND: 0}
    return {**told, FOUND: before[FOUND], FOUND_AT: at}


def _ended(before: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return that orders from before are known, too, where they had to be read one by one."""
    one = backfill.of(before)
    return backfill.noted(replace(one, ended=now)) if one and one.ended is None else {}


def look_for_gone(step: Step) -> Mapping[str, Any]:
    """Ask for the orders that led to somebody, stand as bought, and are no longer shown."""
    placed, id = step.taken.notes.get("after", (0, ""))
    now = step.house.now()
    since, until = _shown_since(step, now), now + timedelta(days=1)
    while found := _referred(step, since, until, (placed, id)):
        gone = step.watch.missing([one for _, one in found])
        placed, id = found[-1]
        taking.keep(step, {"after": [placed, id]}, gone)
    return {}


def _shown_since(step: Step, now: datetime) -> datetime:
    """Return since when an order that is not shown is gone, and not only too old."""
    since = step.house.shown_since(step.connected.installation)
    return now - _REMEMBERED if since is None else max(now - _REMEMBERED, since + _EDGE)


def _referred(
    step: Step, since: datetime, until: datetime, after: tuple[int, str]
) -> list[tuple[int, str]]:
    return step.house.database.read(
        lambda session: standing.referred(
            Book(session, step.shop), since, until, after, _ASKED_AT_ONCE
        )
    )
