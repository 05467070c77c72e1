"""An advocate is mailed for the first time: the carrier ``invitation``.

The carrier knows where the advocate's page stands, and how they decline.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from goodword.duties.prepared import Prepared, follow_up
from goodword.model.followup import Carried, How
from goodword.storage import deeds, invitations, programs
from goodword.storage.deeds import Claimed
from goodword.storage.sql import Book

CARRIER = "invitation"


def prepare(book: Book, one: Claimed, now: datetime) -> Prepared | None:
    """Find whom to invite, unless they declined meanwhile, or do not take part any more."""
    found = invitations.find(book, one.subject)
    if found is None:
        deeds.finish(book, one, "done")
        return None
    program = programs.newest(book, found.program)
    told = replace(found, title=program.title if program else found.program)
    return Prepared(replace(follow_up(book, one), invitation=told))


def conclude(book: Book, prepared: Prepared, carried: Carried, now: datetime) -> None:
    """Keep that they were told."""
    told = prepared.deed.invitation if prepared.deed else None
    if told is not None and carried.how is How.DONE:
        invitations.mailed(book, told.id, now)
