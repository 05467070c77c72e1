"""How often somebody asked: one row each, counted up by one statement, whichever process asks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Executable,
    Select,
    bindparam,
    case,
    delete,
    exists,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword.storage.database import Database
from goodword.storage.sql import Session, Statement, micros, moment
from goodword_server.storage.keys import LIVE
from goodword_server.storage.tables import keys, limits

WINDOW: Final = timedelta(minutes=1)
_COLUMNS: Final = ("shop", "subject", "since", "times")


def _count(inserted: Insert) -> Executable:
    new, more = inserted.excluded.since, inserted.excluded.times
    # Another process's clock may be a little ahead: nobody begins a window that has ended.
    changed = {
        "since": case((new > limits.c.since, new), else_=limits.c.since),
        "times": case((new > limits.c.since, more), else_=limits.c.times + more),
    }
    return inserted.on_conflict_do_update(
        index_elements=["shop", "subject"], set_=changed
    ).returning(limits.c.since, limits.c.times)


# Told within the statement, as for visits: one trip to the database, and no wait for its disk.
_relaxed = literal_column("set_config('synchronous_commit', 'off', true) = 'off'", Boolean)
_given = {name: bindparam(name, type_=limits.c[name].type) for name in _COLUMNS}
_once = select(*_given.values())
# The key itself may have been known a moment ago; whether it still opens is asked each time.
_opens = exists().where(keys.c.shop == bindparam("shop"), keys.c.id == bindparam("key"), LIVE)


def _counting(once: Select[Any]) -> Statement:
    return Statement(
        _count(upsert(limits).from_select(_COLUMNS, once)),
        relaxed=Statement(_count(upsert(limits).from_select(_COLUMNS, once.where(_relaxed)))),
    )


# SQLite takes ON CONFLICT after a SELECT only where a WHERE ends that.
_COUNT: Final = _counting(_once.where(true()))
_COUNT_KEY: Final = _counting(_once.where(_opens))
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
    params = {"shop": shop, "subject": subject, "since": micros(window(now)), "times": 1}
    row = database.tell_one(_COUNT, params)
    assert row is not None
    return _told(*row)


def count_key(
    database: Database, shop: str, key: str, subject: str, now: datetime, times: int = 1
) -> tuple[datetime, int] | None:
    """Count so often, as `count`, if the key still opens something; else return None."""
    counted = {"subject": subject, "since": micros(window(now)), "times": times}
    params = {"shop": shop, "key": key, "now": micros(now), **counted}
    row = database.tell_one(_COUNT_KEY, params)
    return _told(*row) if row else None


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
