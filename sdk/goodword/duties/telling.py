"""An event is handed to whoever tells it: the carrier ``webhook``.

Here ends what the library knows of webhooks.  That something happened must be written where it
happens, so the event and its deed are ours; to whom it is told, signed with what and tried how
often is a carrier's own affair, and an embedder's may be a queue or a function.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from goodword.duties.prepared import Prepared, follow_up
from goodword.model.followup import Carried, How
from goodword.storage import deeds, events
from goodword.storage.deeds import Claimed
from goodword.storage.sql import Book

CARRIER = "webhook"


def prepare(book: Book, one: Claimed, now: datetime) -> Prepared | None:
    """Find what happened."""
    event = events.find(book, one.subject)
    if event is None:
        deeds.finish(book, one, "done")
        return None
    return Prepared(replace(follow_up(book, one), event=event))


def conclude(book: Book, prepared: Prepared, carried: Carried, now: datetime) -> None:
    """Keep nothing of what was told."""
    event = prepared.deed.event if prepared.deed else None
    if event is not None and carried.how is How.DONE:
        events.drop(book, event.id)
