"""Thanks are said once; who has no address is thanked by a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from goodword.duties.prepared import Prepared, follow_up
from goodword.model.followup import Carried, How
from goodword.model.trouble import Trouble
from goodword.storage import deeds, orders, thanks
from goodword.storage.deeds import Claimed
from goodword.storage.sql import Book

CHANNEL = "mail"
_NO_ADDRESS = Trouble("no e-mail address: thank them in person", "no_email")


def prepare(book: Book, one: Claimed, now: datetime) -> Prepared | None:
    """Find whom to thank, unless somebody did."""
    owed = thanks.of(book, one.subject)
    if owed is None or owed.kept is not None:
        deeds.finish(book, one, "done")
        return None
    if not owed.email:
        deeds.finish(book, one, "never", why=_NO_ADDRESS)
        return None
    return Prepared(replace(follow_up(book, one), thanks=owed))


def conclude(book: Book, prepared: Prepared, carried: Carried, now: datetime) -> None:
    """Mark the promise as kept."""
    said = prepared.deed.thanks if prepared.deed else None
    if said is not None and carried.how is How.DONE:
        orders.find(book, said.order, lock=True)
        thanks.keep(book, said.id, CHANNEL, now)
