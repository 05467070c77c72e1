"""Orders from before a shop was joined, asked for in bulk: how that stands, and what comes next.

Nothing here asks anybody: what a shop said is an argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from goodword.bulk import ANEW, BUSY, NEVER
from goodword.errors import TillRefused, TillTrouble
from goodword.model.trouble import Trouble, trouble_of
from goodword.storage.troubles import packed, unpacked

BACKFILL: Final = "backfill"
"""In a round's notes: how it stands."""
OLD: Final = timedelta(days=1)
"""What lies back longer than this is worth a file; less is soon read at the till."""
_TRIES_MOST: Final = 3
_OTHERS_FIRST_MOST: Final = timedelta(hours=2)
_WRITES_MOST: Final = timedelta(hours=6)
_IN_ALL_MOST: Final = timedelta(days=1)
_PAUSE_SHORTEST: Final = 5.0
_PAUSE_LONGEST: Final = 300.0


class State(StrEnum):
    """How far it is."""

    ASKING = "asking"
    """The shop is to begin."""
    WRITING = "writing"
    READING = "reading"
    DONE = "done"
    PAGES = "pages"
    """The shop writes no file: the orders are read at the till, one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """One shop's orders from before."""

    since: datetime
    wanted: datetime
    """When it was first wanted."""
    state: State = State.ASKING
    id: str = ""
    """What the shop calls what it writes."""
    began: datetime | None = None
    """When the shop began with it, by our clock."""
    begun: datetime | None = None
    """The same by the shop's own clock: what changed later is read at the till."""
    tries: int = 0
    looks: int = 0
    """How often it was looked at in vain."""
    at: int = 0
    """Where in the file the next order begins."""
    orders: int = 0
    """How many are written, or read."""
    why: str | None = None
    """Why orders are read at the till."""
    ended: datetime | None = None


_MOMENTS: Final = ("since", "wanted", "began", "begun", "ended")


def of(notes: Mapping[str, Any]) -> Backfill | None:
    """Return how it stands, by a round's notes; None where it was never begun."""
    told = notes.get(BACKFILL)
    if told is None:
        return None
    moments = {name: told[name] and datetime.fromisoformat(told[name]) for name in _MOMENTS}
    why = unpacked(told["why"]) or None
    return Backfill(**{**told, **moments, "state": State(told["state"]), "why": why})


def noted(one: Backfill) -> dict[str, Any]:
    """Return it as a part of a round's notes."""
    told = {each.name: getattr(one, each.name) for each in fields(one)}
    moments = {name: told[name] and told[name].isoformat() for name in _MOMENTS}
    return {BACKFILL: {**told, **moments, "why": one.why and packed(one.why)}}


def is_open(one: Backfill | None) -> bool:
    """Whether there is something to be written, or read from a file."""
    return one is not None and one.state in (State.ASKING, State.WRITING, State.READING)


def pause(one: Backfill) -> timedelta:
    """Return when to look next: soon at first, and then less and less often."""
    return timedelta(seconds=min(_PAUSE_LONGEST, _PAUSE_SHORTEST * 2.0 ** min(one.looks, 10)))


def begun(one: Backfill, id: str, now: datetime) -> Backfill:
    """Return it once the shop began to write."""
    fresh = replace(one, id=id, began=now, begun=None, at=0, orders=0, looks=0)
    return replace(fresh, state=State.WRITING, tries=one.tries + 1)


def looked_at(one: Backfill, orders: int, now: datetime) -> Backfill:
    """Return it while the shop writes; one that takes too long is waited for no more."""
    if one.began is not None and now - one.began > _WRITES_MOST:
        hours = int(_WRITES_MOST.total_seconds() // 3600)
        what = f"the shop did not end writing its orders down within {hours} hours"
        return page_by_page(one, Trouble(what, "bulk_slow", hours=hours))
    return replace(one, looks=one.looks + 1, orders=orders)


def page_by_page(one: Backfill, why: str) -> Backfill:
    """Return it where the orders are read at the till."""
    return replace(one, state=State.PAGES, why=why, orders=0)


def after(one: Backfill, error: TillTrouble, now: datetime) -> Backfill | None:
    """Return it after a shop's trouble; None for one that is no matter of the file's."""
    cause, why = error.facts.get("cause"), trouble_of(error, str(error.facts["what"]))
    if cause in NEVER:
        return page_by_page(one, why)
    waited = replace(one, looks=one.looks + 1)
    if cause == BUSY:
        over = now - one.wanted > _OTHERS_FIRST_MOST
        return page_by_page(one, why) if over else waited
    if cause in ANEW:
        if one.tries >= _TRIES_MOST:
            return page_by_page(one, why)
        return replace(waited, state=State.ASKING, id="", at=0, orders=0)
    # Down for so long, while its till may well answer.
    over = not isinstance(error, TillRefused) and now - one.wanted > _IN_ALL_MOST
    return page_by_page(one, why) if over else None
