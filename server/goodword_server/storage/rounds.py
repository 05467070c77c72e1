"""Rounds: what is looked at regularly in a connected shop, when it is next, and what was found."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, case, delete, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword.storage.sql import Session, Statement, micros, moment, new_id
from goodword.storage.troubles import packed, unpacked
from goodword_server.storage.tables import rounds

_plan = upsert(rounds)
_PLAN: Final = Statement(
    _plan.on_conflict_do_update(
        index_elements=["shop", "round"],
        set_={
            # How far it came stays: what changed since then is still to be looked for.
            "next": _plan.excluded.next,
            "tries": 0,
            "fence": null(),
            "trouble": null(),
            "wanted": _plan.excluded.wanted,
        },
    )
)
_READY: Final = Statement(
    select(rounds.c.shop, rounds.c.round)
    .where(rounds.c.next <= bindparam("now"))
    .order_by(rounds.c.next)
    .limit(bindparam("most")),
    across_shops=True,
)
_one = (rounds.c.shop == bindparam("shop")) & (rounds.c.round == bindparam("named"))
_mine = _one & (rounds.c.fence == bindparam("held"))
_CLAIM: Final = Statement(
    update(rounds)
    .where(_one, rounds.c.next <= bindparam("now"))
    .values(fence=bindparam("taken"), next=bindparam("lease"))
    .returning(rounds.c.tries, rounds.c.wanted, rounds.c.done, rounds.c.notes)
)
# What was asked for meanwhile is looked at at once.
_meanwhile = rounds.c.wanted.is_distinct_from(bindparam("answered"))
_DONE: Final = Statement(
    update(rounds)
    .where(_mine)
    .values(
        fence=null(),
        tries=0,
        done=bindparam("now"),
        next=case((_meanwhile, bindparam("now")), else_=bindparam("again")),
        wanted=case((_meanwhile, rounds.c.wanted), else_=null()),
        trouble=null(),
        notes=bindparam("told"),
    )
)
_LATER: Final = Statement(
    update(rounds)
    .where(_mine)
    .values(
        fence=null(), tries=rounds.c.tries + 1, next=bindparam("again"), trouble=bindparam("why")
    )
)
_NOTE: Final = Statement(
    update(rounds).where(_mine).values(notes=bindparam("told"), next=bindparam("lease"))
)
_GIVE_BACK: Final = Statement(
    update(rounds).where(_mine).values(fence=null(), next=bindparam("at"))
)
_want = (
    update(rounds)
    .where(_one, or_(rounds.c.done.is_(None), rounds.c.done <= bindparam("before")))
    .values(
        wanted=bindparam("what"),
        next=case((rounds.c.fence.is_(None), bindparam("soon")), else_=rounds.c.next),
    )
)
_WANT: Final = Statement(_want)
_WANT_TOO: Final = Statement(_want.where(rounds.c.wanted.is_(None)))
_HASTEN: Final = Statement(
    update(rounds).where(_one, rounds.c.fence.is_(None)).values(next=bindparam("now"))
)
_OF: Final = Statement(
    select(
        rounds.c.round, rounds.c.next, rounds.c.tries, rounds.c.done, rounds.c.trouble,
        rounds.c.notes, rounds.c.wanted,
    ).where(rounds.c.shop == bindparam("shop"))
)  # fmt: skip
_END: Final = Statement(delete(rounds).where(rounds.c.shop == bindparam("shop")))


@dataclass(frozen=True, slots=True)
class Taken:
    """A round that this worker makes until its lease ends."""

    shop: str
    round: str
    fence: str
    tries: int
    wanted: str | None
    done: datetime | None
    notes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """How a round stands."""

    next: datetime
    tries: int
    done: datetime | None
    """When it was last made whole."""
    trouble: str | None
    """None: it went well when it was last made."""
    notes: Mapping[str, Any]
    wanted: str | None


def plan(
    session: Session,
    shop: str,
    round: str,
    at: datetime,
    *,
    wanted: str | None = None,
    notes: Mapping[str, Any] | None = None,
) -> None:
    """Let a round be made at a moment, and regularly from then on.

    ``notes``: what the very first one begins with.
    """
    row = {"shop": shop, "round": round, "next": micros(at), "notes": json.dumps(notes or {})}
    nothing = {"fence": None, "done": None, "trouble": None}
    session.run(_PLAN, {**row, **nothing, "wanted": wanted, "tries": 0})


def ready(session: Session, now: datetime, most: int) -> list[tuple[str, str]]:
    """Return the rounds that are due: shop and round, whichever waits longest first."""
    found = session.all(_READY, {"now": micros(now), "most": most})
    return [(shop, round) for shop, round in found]


def claim(session: Session, shop: str, round: str, now: datetime, lease: timedelta) -> Taken | None:
    """Take a round up; None if another worker was faster."""
    fence = new_id(now)
    row = session.one(
        _CLAIM,
        {
            "shop": shop,
            "named": round,
            "now": micros(now),
            "taken": fence,
            "lease": micros(now + lease),
        },
    )
    if row is None:
        return None
    tries, wanted, done, notes = row
    return Taken(shop, round, fence, tries, wanted, moment(done), json.loads(notes))


def done(
    session: Session, one: Taken, now: datetime, again: datetime, notes: Mapping[str, Any]
) -> None:
    """End a round that was made whole."""
    row = _row(one) | {"now": micros(now), "again": micros(again), "told": json.dumps(notes)}
    session.run(_DONE, row | {"answered": one.wanted})


def later(session: Session, one: Taken, again: datetime, why: str) -> None:
    """End a round that was not, to be made later."""
    session.run(_LATER, _row(one) | {"again": micros(again), "why": packed(why)})


def note(session: Session, one: Taken, notes: Mapping[str, Any], lease: datetime) -> bool:
    """Keep how far a round came; False if its lease was lost to another worker."""
    row = _row(one) | {"told": json.dumps(notes), "lease": micros(lease)}
    return session.run(_NOTE, row) == 1


def give_back(session: Session, one: Taken, at: datetime) -> None:
    """Leave a round to whoever comes next, at a moment or later."""
    session.run(_GIVE_BACK, _row(one) | {"at": micros(at)})


def want(
    session: Session,
    shop: str,
    round: str,
    what: str,
    now: datetime,
    *,
    rest: timedelta = timedelta(),
    after: timedelta = timedelta(),
    instead: bool = True,
) -> None:
    """Let a round be made at once, with something beyond the usual.

    ``rest``: not if it was made within that time.  ``after``: not before that time is over.
    ``instead``: in the place of what is wanted already; else only where nothing is.
    """
    asked = {"shop": shop, "named": round, "what": what}
    moments = {"soon": micros(now + after), "before": micros(now - rest)}
    session.run(_WANT if instead else _WANT_TOO, asked | moments)


def hasten(session: Session, shop: str, round: str, now: datetime) -> None:
    """Let a round be made at once, unless it is being made."""
    session.run(_HASTEN, {"shop": shop, "named": round, "now": micros(now)})


def of(session: Session, shop: str) -> dict[str, Made]:
    """Return how the rounds of a shop stand, by name."""
    return {row[0]: _made(*row[1:]) for row in session.all(_OF, {"shop": shop})}


def end(session: Session, shop: str) -> None:
    """Make no more rounds in a shop."""
    session.run(_END, {"shop": shop})


def _row(one: Taken) -> dict[str, Any]:
    return {"shop": one.shop, "named": one.round, "held": one.fence}


def _made(
    next: int,
    tries: int,
    done: int | None,
    trouble: str | None,
    notes: str,
    wanted: str | None,
) -> Made:
    at = moment(next)
    assert at is not None
    return Made(at, tries, moment(done), unpacked(trouble) or None, json.loads(notes), wanted)
