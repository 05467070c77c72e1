"""How much waits, of all shops together: each number found in an index of what waits alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, func, select

from goodword.storage.sql import Session, Statement, micros, moment, spelled, through
from goodword.storage.tables import followups, thanks
from goodword_server.storage import signs
from goodword_server.storage.tables import dispatches, inbox, tills

_INBOX: Final = Statement(
    select(func.count(), func.min(inbox.c.received)).where(
        inbox.c.state == spelled("new"), inbox.c.next <= bindparam("now")
    ),
    across_shops=True,
)
_INBOX_DEAD: Final = Statement(
    select(func.count()).select_from(inbox).where(inbox.c.state == spelled("dead")),
    across_shops=True,
)
_DEEDS: Final = Statement(
    through(
        select(followups.c.duty, func.count(), func.min(followups.c.next))
        .where(followups.c.state == spelled("open"), followups.c.next <= bindparam("now"))
        .group_by(followups.c.duty),
        followups,
        "shop",
        "next",
    ),
    across_shops=True,
)
_DEEDS_DEAD: Final = Statement(
    through(
        select(func.count()).select_from(followups).where(followups.c.state == spelled("never")),
        followups,
        "shop",
        "id",
    ),
    across_shops=True,
)
_owed: Final[Sequence[ColumnElement[Any]]] = (func.count(), func.min(thanks.c.by))
_THANKS: Final = Statement(
    through(
        select(*_owed).where(thanks.c.kept.is_(None)),
        thanks,
        "shop",
        "by",
    ),
    across_shops=True,
)
_WEBHOOKS: Final = Statement(
    select(func.count())
    .select_from(dispatches)
    .where(dispatches.c.state == spelled("open"), dispatches.c.next <= bindparam("now")),
    across_shops=True,
)
_WEBHOOKS_DEAD: Final = Statement(
    select(func.count()).select_from(dispatches).where(dispatches.c.state == spelled("dead")),
    across_shops=True,
)
# One row a shop.
_TILLS: Final = Statement(
    select(func.count()).select_from(tills).where(tills.c.trouble.is_not(None)),
    across_shops=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How much waits now, and since when."""

    deliveries: int
    oldest_delivery: datetime | None
    dead_deliveries: int
    deeds: Mapping[str, int]
    """By duty."""
    oldest_deed: datetime | None
    dead_deeds: int
    thanks: int
    first_thanks_by: datetime | None
    """Until when the most urgent of them was promised."""
    webhooks: int
    dead_webhooks: int
    tills_in_trouble: int
    last_beat: datetime | None
    """When any worker was last at work."""


def waiting(session: Session, now: datetime) -> Waiting:
    """Return how much waits, of all shops."""
    at = {"now": micros(now)}
    deeds = session.all(_DEEDS, at)
    deliveries, received = session.one(_INBOX, at) or (0, None)
    owed, by = session.one(_THANKS, {}) or (0, None)
    return Waiting(
        deliveries=deliveries,
        oldest_delivery=moment(received),
        dead_deliveries=_count(session, _INBOX_DEAD),
        deeds={duty: count for duty, count, _ in deeds},
        oldest_deed=moment(min((since for *_, since in deeds), default=None)),
        dead_deeds=_count(session, _DEEDS_DEAD),
        thanks=owed,
        first_thanks_by=moment(by),
        webhooks=_count(session, _WEBHOOKS, **at),
        dead_webhooks=_count(session, _WEBHOOKS_DEAD),
        tills_in_trouble=_count(session, _TILLS),
        last_beat=signs.last_beat(session),
    )


def _count(session: Session, statement: Statement, **params: int | None) -> int:
    row = session.one(statement, params)
    return int(row[0]) if row else 0
