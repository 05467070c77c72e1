"""The outbox: what happened, kept until it was told.

An event is written in the transaction that makes it happen, together with the deed that tells it
(`Duty.TELL`): both stand, or neither does.  Shops that do not listen have none.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword import wire
from goodword.model.event import Event, EventType
from goodword.model.followup import Duty
from goodword.storage import deeds
from goodword.storage.sql import Book, Statement, micros, moment
from goodword.storage.tables import events, followups, shops

_put = upsert(shops)
_LISTEN: Final = Statement(
    _put.on_conflict_do_update(index_elements=["shop"], set_={"listens": _put.excluded.listens})
)
_ADD: Final = Statement(insert(events))
_here = events.c.shop == bindparam("shop")
_FIND: Final = Statement(
    select(events.c.type, events.c.at, events.c.data).where(_here, events.c.id == bindparam("id"))
)
_DROP: Final = Statement(delete(events).where(_here, events.c.id == bindparam("id")))
_DROP_ALL: Final = Statement(delete(events).where(_here))
_tells = (followups.c.shop == bindparam("shop")) & (followups.c.duty == "tell")
_DROP_DEED: Final = Statement(
    delete(followups).where(_tells, followups.c.subject == bindparam("id"))
)
_DROP_DEEDS: Final = Statement(delete(followups).where(_tells))


def listen(book: Book, *, on: bool) -> None:
    """Keep events from now on; or no more, and none of those that were not told yet."""
    book.run(_LISTEN, grants=None, key=None, repeats=0, forgets=0, listens=int(on))
    if not on:
        book.run(_DROP_DEEDS)
        book.run(_DROP_ALL)


def add(book: Book, event: Event) -> None:
    """Keep an event, to be told as soon as a carrier is there."""
    book.send(
        _ADD,
        id=event.id,
        type=event.type,
        at=micros(event.timestamp),
        data=wire.pack(event.data),
    )
    deeds.plan(book, Duty.TELL, event.id, event.timestamp, event.timestamp)


def find(book: Book, id: str) -> Event | None:
    """Return an event that is to be told."""
    row = book.one(_FIND, id=id)
    if row is None:
        return None
    at = moment(row[1])
    assert at is not None
    data = wire.unpack(dict, row[2])
    return Event(id=id, type=EventType(row[0]), timestamp=at, shop=book.shop, data=data)


def drop(book: Book, id: str) -> None:
    """Keep nothing of an event that was told, nor of the deed that told it."""
    book.run(_DROP, id=id)
    book.run(_DROP_DEED, id=id)
