"""Orders that nobody told us of: those that changed are read at the till, those that are gone too.

A webhook is only a hint.  Alone, and with no webhook at all, this reaches the same book.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from goodword.model.order import Order
from goodword.platforms import Installation, ShowsLately, Unreadable
from goodword.storage import standing
from goodword.storage.sql import Book
from goodword_server.reading import Reader
from goodword_server.storage import inbox
from goodword_server.watching.step import BrokenOff, Step

CURSOR: Final = "cursor"
"""In a round's notes: the moment, by the shop's own clock, up to which all is known."""
FOUND: Final = "found"
"""In a round's notes: how many orders a webhook should have told of and did not."""
FOUND_AT: Final = "found_at"
JOINED: Final = "joined"
"""In a round's notes: the moment from which on webhooks should have told."""
_TOLD_FOR: Final = timedelta(minutes=59)

# Moments are of whole seconds, and what is being saved has one that lies a little back.
_OVERLAP: Final = timedelta(minutes=5)
# A shop tells of its orders late: what is younger may still be on its way.
_LATE: Final = timedelta(minutes=30)
# An order that goes away later than this has long been settled.
_REMEMBERED: Final = timedelta(days=90)
# Where a shop shows an app only what is new, that is read when it is joined.
_BACK: Final = timedelta(days=60)
# What is on the edge today is not shown tomorrow.
_EDGE: Final = timedelta(days=1)
_AT_ONCE: Final = 64
_READ_MOST: Final = 16 * _AT_ONCE
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
    begin = cursor = datetime.fromisoformat(begun)
    reader = Reader(step.house, step.shop, step.until)
    found = read = 0
    listed = step.house.till(step.shop).orders_since(cursor - _OVERLAP)
    for some in _batches(listed):
        orders = [one for one in some if isinstance(one, Order)]
        pages = reader.take_in(orders)
        found += sum(
            _is_news(step, order, page.verdict) for order, page in zip(orders, pages, strict=True)
        )
        odd = [one.id for one in some if isinstance(one, Unreadable)]
        odd += [
            order.id for order, page in zip(orders, pages, strict=True) if page.dead or page.later
        ]
        cursor = max([cursor, *(order.modified for order in orders if order.modified)])
        _keep(step, _noted(step, cursor, found), odd)
        read += len(some)
        # Other shops are looked at, too: this one goes on after them, from where it came to.
        if read >= _READ_MOST and cursor - _OVERLAP > begin:
            raise BrokenOff
    return _noted(step, cursor, found)


def _noted(step: Step, cursor: datetime, found: int) -> dict[str, Any]:
    """Return what to note; what was found stays told for an hour, though it is looked at again."""
    now, notes = step.house.now(), step.taken.notes
    told = {CURSOR: cursor.isoformat()} | {name: notes[name] for name in (JOINED,) if name in notes}
    if found:
        return {**told, FOUND: found, FOUND_AT: now.isoformat()}
    at = notes.get(FOUND_AT)
    if at is None or now - datetime.fromisoformat(at) >= _TOLD_FOR:
        return {**told, FOUND: 0}
    return {**told, FOUND: notes[FOUND], FOUND_AT: at}


def look_for_gone(step: Step) -> Mapping[str, Any]:
    """Ask for the orders that led to somebody, stand as bought, and are no longer shown."""
    placed, id = step.taken.notes.get("after", (0, ""))
    now = step.house.now()
    since, until = _shown_since(step, now), now + timedelta(days=1)
    while found := _referred(step, since, until, (placed, id)):
        gone = step.watch.missing([one for _, one in found])
        placed, id = found[-1]
        _keep(step, {"after": [placed, id]}, gone)
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


def _keep(step: Step, notes: Mapping[str, Any], asked: Sequence[str]) -> None:
    """Keep how far it came; what has to be asked for goes the way of every delivery."""
    house, shop = step.house, step.shop
    step.keep(
        notes,
        lambda session: (
            inbox.ask(session, house.vault, shop, asked, house.now()) if asked else None
        ),
    )


def _is_news(step: Step, order: Order, verdict: str) -> bool:
    changed = verdict.endswith((": created", ": updated"))
    at, joined = order.modified or order.placed, step.taken.notes.get(JOINED)
    before = joined is not None and at < datetime.fromisoformat(joined)
    return changed and not before and at < step.house.now() - _LATE


def _batches(listed: Iterable[Order | Unreadable]) -> Iterator[list[Order | Unreadable]]:
    rest = iter(listed)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
