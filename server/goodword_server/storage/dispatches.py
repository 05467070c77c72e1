"""Dispatches: one event on its way to one endpoint, until it arrived or nobody tries any more.

Open: to be sent at a moment.  Held: its endpoint is paused.  Dead: tried often enough, and left to
a person.  Done: it arrived, and its body is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, delete, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword import wire
from goodword.model.event import Event
from goodword.storage.sql import Session, Statement, micros, moment, new_id, spelled, through
from goodword.storage.troubles import packed, unpacked
from goodword_server.storage.endpoints import Endpoint
from goodword_server.storage.tables import dispatches

_ADD: Final = Statement(
    upsert(dispatches).on_conflict_do_nothing(index_elements=["shop", "endpoint", "event"])
)
_here = dispatches.c.shop == bindparam("shop")
_open = dispatches.c.state == spelled("open")
_READY_SHOPS: Final = Statement(
    select(dispatches.c.shop).where(_open, dispatches.c.next <= bindparam("now")).distinct(),
    across_shops=True,
)
# As in the inbox: what another worker is about to claim is left to it; the claim decides.
_ready = (
    select(dispatches.c.id)
    .where(_here, _open, dispatches.c.next <= bindparam("now"))
    .order_by(dispatches.c.next, dispatches.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("ready")
)
_CLAIM: Final = Statement(
    update(dispatches)
    .where(_here, dispatches.c.id.in_(select(_ready.c.id)), dispatches.c.next <= bindparam("now"))
    .values(fence=bindparam("taken"), next=bindparam("lease"))
    .returning(
        dispatches.c.id,
        dispatches.c.endpoint,
        dispatches.c.event,
        dispatches.c.body,
        dispatches.c.tries,
    )
)
_mine = _here & (dispatches.c.id == bindparam("key")) & (dispatches.c.fence == bindparam("taken"))
_DONE: Final = Statement(
    update(dispatches)
    .where(_mine)
    .values(
        state="done",
        body=null(),
        fence=null(),
        trouble=null(),
        tries=bindparam("tried"),
        status=bindparam("answered"),
    )
)
# Not its state: it may be held by now.
_LATER: Final = Statement(
    update(dispatches)
    .where(_mine)
    .values(
        fence=null(),
        next=bindparam("again"),
        tries=bindparam("tried"),
        status=bindparam("answered"),
        trouble=bindparam("told"),
    )
)
_BURY: Final = Statement(
    update(dispatches)
    .where(_mine)
    .values(
        state="dead",
        fence=null(),
        tries=bindparam("tried"),
        status=bindparam("answered"),
        trouble=bindparam("told"),
    )
)
_GIVE_BACK: Final = Statement(
    update(dispatches).where(_mine).values(fence=null(), next=bindparam("again"))
)
_of_endpoint = _here & (dispatches.c.endpoint == bindparam("whose"))
_REST: Final = Statement(
    update(dispatches)
    .where(
        _of_endpoint,
        dispatches.c.state == "open",
        dispatches.c.fence.is_(None),
        dispatches.c.next < bindparam("again"),
    )
    .values(next=bindparam("again"))
)
# Its fence stays: whoever sends it right now ends as they would have.
_HOLD: Final = Statement(
    update(dispatches).where(_of_endpoint, dispatches.c.state == "open").values(state="held")
)
_again: dict[str, Any] = {"state": "open", "fence": null(), "tries": 0, "next": bindparam("now")}
_REOPEN: Final = Statement(
    update(dispatches)
    .where(_of_endpoint, or_(dispatches.c.state == "held", dispatches.c.state == "dead"))
    .values(_again)
)
_DROP: Final = Statement(delete(dispatches).where(_of_endpoint))
_seen = select(
    dispatches.c.id,
    dispatches.c.endpoint,
    dispatches.c.event,
    dispatches.c.type,
    dispatches.c.state,
    dispatches.c.made,
    dispatches.c.next,
    dispatches.c.tries,
    dispatches.c.status,
    dispatches.c.trouble,
)
_DEAD: Final = Statement(
    _seen.where(_here, dispatches.c.state == spelled("dead"))
    .order_by(dispatches.c.id)
    .limit(bindparam("most"))
)
# Ids of events sort by time, and stand in an index beside their endpoint.
_LATEST: Final = Statement(
    through(_seen, dispatches, "shop", "endpoint", "event")
    .where(_of_endpoint)
    .order_by(dispatches.c.event.desc())
    .limit(bindparam("most"))
)
_ONE_DEAD: Final = Statement(
    select(dispatches.c.endpoint).where(
        _here, dispatches.c.id == bindparam("key"), dispatches.c.state == "dead"
    )
)
_REPLAY: Final = Statement(
    update(dispatches)
    .where(_here, dispatches.c.id == bindparam("key"), dispatches.c.state == "dead")
    .values(_again | {"state": bindparam("becomes")})
)
_SWEEP: Final = Statement(
    delete(dispatches).where(
        (dispatches.c.state == "done") & (dispatches.c.made < bindparam("done_before"))
        | (dispatches.c.state != "open") & (dispatches.c.made < bindparam("before"))
    ),
    across_shops=True,
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A dispatch that this worker holds until its lease ends."""

    id: str
    endpoint: str
    event: str
    body: str
    tries: int
    """How often it was tried, this time included; what a dead worker only held was not."""
    fence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A dispatch as a person sees it."""

    id: str
    endpoint: str
    event: str
    type: str
    state: str
    """``open``, ``held``, ``dead`` or ``done``."""
    made: datetime
    next: datetime
    """When it is tried, if it is open."""
    tries: int
    status: int | None
    """What was answered last; None: nothing."""
    trouble: str


def add(session: Session, endpoints: Iterable[Endpoint], event: Event, now: datetime) -> None:
    """Send an event on its way, once to each endpoint: also if it is told a second time."""
    at = micros(now)
    row: dict[str, Any] = {
        "shop": event.shop,
        "event": event.id,
        "type": event.type,
        "body": wire.pack(event),
    }
    row |= {"made": at, "next": at, "tries": 0, "fence": None, "status": None, "trouble": None}
    for one in endpoints:
        state = "open" if one.is_open else "held"
        session.run(_ADD, {**row, "id": new_id(now), "endpoint": one.id, "state": state})


def ready_shops(session: Session, now: datetime) -> list[str]:
    """Return the shops that have something to send."""
    return [row[0] for row in session.all(_READY_SHOPS, {"now": micros(now)})]


def claim(session: Session, shop: str, now: datetime, lease: timedelta, most: int) -> list[Taken]:
    """Take up what is to be sent for one shop, oldest first."""
    fence = new_id(now)
    params = {"shop": shop, "now": micros(now), "taken": fence, "most": most}
    rows = session.all(_CLAIM, {**params, "lease": micros(now + lease)})
    return [
        Taken(id, endpoint, event, body, tries + 1, fence)
        for id, endpoint, event, body, tries in sorted(rows)
    ]


def done(session: Session, shop: str, one: Taken, status: int) -> None:
    """Keep that it arrived, and no more of it."""
    session.run(_DONE, {**_key(shop, one), "tried": one.tries, "answered": status})


def put_off(
    session: Session, shop: str, one: Taken, status: int | None, why: str, again: datetime
) -> None:
    """Leave it for later."""
    told = {"tried": one.tries, "answered": status, "told": packed(why), "again": micros(again)}
    session.run(_LATER, {**_key(shop, one), **told})


def bury(session: Session, shop: str, one: Taken, status: int | None, why: str) -> None:
    """Leave it to a person."""
    told = {"tried": one.tries, "answered": status, "told": packed(why)}
    session.run(_BURY, {**_key(shop, one), **told})


def give_back(session: Session, shop: str, left: Sequence[Taken], again: datetime) -> None:
    """Leave what was not tried for later, as if nobody had taken it up."""
    session.run_many(_GIVE_BACK, [{**_key(shop, one), "again": micros(again)} for one in left])


def rest(session: Session, shop: str, endpoint: str, until: datetime) -> None:
    """Send an endpoint nothing before a moment."""
    session.run(_REST, {"shop": shop, "whose": endpoint, "again": micros(until)})


def hold(session: Session, shop: str, endpoint: str) -> None:
    """Keep what an endpoint is to be sent until it is resumed."""
    session.run(_HOLD, {"shop": shop, "whose": endpoint})


def reopen(session: Session, shop: str, endpoint: str, now: datetime) -> int:
    """Send an endpoint all that it missed; return how much that is."""
    return session.run(_REOPEN, {"shop": shop, "whose": endpoint, "now": micros(now)})


def drop(session: Session, shop: str, endpoint: str) -> None:
    """Send an endpoint nothing, ever."""
    session.run(_DROP, {"shop": shop, "whose": endpoint})


def dead(session: Session, shop: str, most: int) -> list[Letter]:
    """Return what nobody tries any more, oldest first."""
    return [_letter(*row) for row in session.all(_DEAD, {"shop": shop, "most": most})]


def latest(session: Session, shop: str, endpoint: str, most: int) -> list[Letter]:
    """Return what an endpoint was sent, or is to be, the newest event first."""
    row = {"shop": shop, "whose": endpoint, "most": most}
    return [_letter(*one) for one in session.all(_LATEST, row)]


def endpoint_of_dead(session: Session, shop: str, id: str) -> str | None:
    """Return whither a dead one was to go; None if there is no such dead one."""
    row = session.one(_ONE_DEAD, {"shop": shop, "key": id})
    return None if row is None else str(row[0])


def replay(session: Session, shop: str, id: str, now: datetime, *, held: bool) -> bool:
    """Try a dead one anew, from the start; False if it is dead no more."""
    state = "held" if held else "open"
    told = {"shop": shop, "key": id, "now": micros(now), "becomes": state}
    return session.run(_REPLAY, told) == 1


def sweep(session: Session, done_before: datetime, before: datetime) -> int:
    """Remove what arrived before the one moment, and all that was left before the other."""
    return session.run(_SWEEP, {"done_before": micros(done_before), "before": micros(before)})


def _key(shop: str, one: Taken) -> dict[str, str]:
    return {"shop": shop, "key": one.id, "taken": one.fence}


def _letter(
    id: str,
    endpoint: str,
    event: str,
    type: str,
    state: str,
    made: int,
    next: int,
    tries: int,
    status: int | None,
    trouble: str | None,
) -> Letter:
    at, again = moment(made), moment(next)
    assert at is not None
    assert again is not None
    return Letter(
        id=id,
        endpoint=endpoint,
        event=event,
        type=type,
        state=state,
        made=at,
        next=again,
        tries=tries,
        status=status,
        trouble=unpacked(trouble),
    )
