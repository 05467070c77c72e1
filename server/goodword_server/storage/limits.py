"""How often somebody asked: one row each, counted up by one statement, whichever process asks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Boolean, Executable, bindparam, case, delete, literal_column, select
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword.storage.database import Database
from goodword.storage.sql import Session, Statement, micros, moment
from goodword_server.storage.tables import limits

WINDOW: Final = timedelta(minutes=1)
_COLUMNS: Final = ("shop", "subject", "since", "times")


def _count(inserted: Insert) -> Executable:
    new = inserted.excluded.since
    # Another process's clock may be a little ahead: nobody begins a window that has ended.
    changed = {
        "since": case((new > limits.c.since, new), else_=limits.c.since),
        "times": case((new > limits.c.since, 1), else_=limits.c.times + 1),
    }
    return inserted.on_conflict_do_update(
        index_elements=["shop", "subject"], set_=changed
    ).returning(limits.c.since, limits.c.times)


# Told within the statement, as for visits: one trip to the database, and no wait for its disk.
_relaxed = literal_column("set_config('synchronous_commit', 'off', true) = 'off'", Boolean)
_given = {name: bindparam(name, type_=limits.c[name].type) for name in _COLUMNS[:3]}
_once = select(*_given.values(), literal_column("1")).where(_relaxed)
_COUNT: Final = Statement(
    _count(upsert(limits).values(**_given, times=literal_column("1"))),
    relaxed=Statement(_count(upsert(limits).from_select(_COLUMNS, _once))),
)
_COUNTED: Final = Statement(
    select(limits.c.since, limits.c.times).where(
        limits.c.shop == bindparam("shop"),
        limits.c.subject == bindparam("subject"),
        limits.c.since >= bindparam("since"),
    )
)
_SWEEP: Final = Statement(
    delete(limits).where(limits.c.since < bindparam("before")), across_shops=True
)


def count(database: Database, shop: str, subject: str, now: datetime) -> tuple[datetime, int]:
    """Count once more; return when the window ends, and how often it was in it."""
    params = {"shop": shop, "subject": subject, "since": micros(window(now))}
    row = database.tell_one(_COUNT, params)
    assert row is not None
    return _told(*row)


def counted(session: Session, shop: str, subject: str, now: datetime) -> tuple[datetime, int]:
    """Return when the window ends, and how often it was in it so far."""
    params = {"shop": shop, "subject": subject, "since": micros(window(now))}
    row = session.one(_COUNTED, params)
    return _told(*row) if row else (window(now) + WINDOW, 0)


def sweep(session: Session, now: datetime) -> int:
    """Remove what no window needs any more; return how many rows."""
    return session.run(_SWEEP, {"before": micros(window(now))})


def window(now: datetime) -> datetime:
    """Return when the window of a moment began."""
    return now.replace(second=0, microsecond=0)


def _told(since: int, times: int) -> tuple[datetime, int]:
    began = moment(since)
    assert began is not None
    return began + WINDOW, times
