"""Signs of life: how each shop's till answered, and when a worker was last at work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, null, select
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword.storage.sql import Session, Statement, micros, moment
from goodword.storage.troubles import packed, unpacked
from goodword_server.storage.tables import pulse, tills

_reached = upsert(tills).values(
    shop=bindparam("shop"), reached=bindparam("at"), failed=null(), trouble=null()
)
_REACHED: Final = Statement(
    _reached.on_conflict_do_update(
        index_elements=["shop"], set_={"reached": _reached.excluded.reached, "trouble": null()}
    )
)
_failed = upsert(tills).values(
    shop=bindparam("shop"), reached=null(), failed=bindparam("at"), trouble=bindparam("why")
)
_FAILED: Final = Statement(
    _failed.on_conflict_do_update(
        index_elements=["shop"],
        set_={"failed": _failed.excluded.failed, "trouble": _failed.excluded.trouble},
    )
)
_TILL: Final = Statement(
    select(tills.c.reached, tills.c.failed, tills.c.trouble).where(
        tills.c.shop == bindparam("shop")
    )
)
_beat = upsert(pulse)
_BEAT: Final = Statement(
    _beat.on_conflict_do_update(index_elements=["id"], set_={"at": _beat.excluded.at}),
    across_shops=True,
)
_PULSE: Final = Statement(
    select(pulse.c.at).where(pulse.c.id == bindparam("id")), across_shops=True
)
_WORKER: Final = "worker"


@dataclass(frozen=True, slots=True)
class TillSeen:
    """How a till answered."""

    reached: datetime | None
    failed: datetime | None
    trouble: str | None
    """None: it answered when it was last asked."""


def note_till(session: Session, shop: str, trouble: str | None, now: datetime) -> None:
    """Keep that a till answered, or why it did not."""
    at = micros(now)
    if trouble is None:
        session.run(_REACHED, {"shop": shop, "at": at})
    else:
        session.run(_FAILED, {"shop": shop, "at": at, "why": packed(trouble)})


def till_of(session: Session, shop: str) -> TillSeen | None:
    """Return how a shop's till answered; None if it was never asked."""
    row = session.one(_TILL, {"shop": shop})
    return TillSeen(moment(row[0]), moment(row[1]), unpacked(row[2]) or None) if row else None


def beat(session: Session, now: datetime) -> None:
    """Keep that a worker is at work."""
    session.run(_BEAT, {"id": _WORKER, "at": micros(now)})


def last_beat(session: Session) -> datetime | None:
    """Return when any worker was last at work."""
    row = session.one(_PULSE, {"id": _WORKER})
    return moment(row[0]) if row else None
