"""Visits: one statement finds the code and keeps the visit, since a click is the hottest path."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Insert,
    bindparam,
    insert,
    literal_column,
    not_,
    select,
)

from goodword.model.credit import Visit, Visiting
from goodword.storage.desk import Desk
from goodword.storage.pauses import paused
from goodword.storage.sql import Book, Statement, micros, moment, new_id
from goodword.storage.tables import codes, visits

_KEPT: Final = ("shop", "id", "code", "at", "landing", "via", "visitor")


def _record(*further: ColumnElement[bool]) -> Insert:
    source = select(
        codes.c.shop,
        bindparam("id", type_=visits.c.id.type),
        codes.c.text,
        bindparam("at", type_=visits.c.at.type),
        bindparam("landing", type_=visits.c.landing.type),
        bindparam("via", type_=visits.c.via.type),
        bindparam("visitor", type_=visits.c.visitor.type),
    ).where(
        codes.c.shop == bindparam("shop"),
        codes.c.text == bindparam("code"),
        (codes.c.ended.is_(None)) | (codes.c.ended > bindparam("now", type_=visits.c.at.type)),
        not_(paused(codes.c.program, "now")),
        *further,
    )
    return insert(visits).from_select(_KEPT, source)


# Told within the statement: one trip to the database instead of four, and no state in its session.
_relaxed = literal_column("set_config('synchronous_commit', 'off', true) = 'off'", Boolean)
_RECORD: Final = Statement(_record(), relaxed=Statement(_record(_relaxed)))
_VISIT: Final = Statement(
    select(
        visits.c.id, visits.c.code, visits.c.at, visits.c.landing, visits.c.via, visits.c.visitor
    ).where(visits.c.shop == bindparam("shop"), visits.c.id == bindparam("id"))
)


def record(desk: Desk, visiting: Visiting, code: str, now: datetime) -> Visit | None:
    """Keep a visit through a live code; None if nobody holds it, or it promises nothing now."""
    id, at = new_id(now), micros(now)
    kept = desk.write_one(
        _RECORD,
        id=id,
        code=code,
        at=at,
        now=at,
        landing=visiting.landing,
        via=visiting.via,
        visitor=visiting.visitor,
    )
    if kept == 0:
        return None
    return Visit(
        id=id,
        code=code,
        at=now,
        landing=visiting.landing,
        via=visiting.via,
        visitor=visiting.visitor,
    )


def find(book: Book, id: str) -> Visit | None:
    """Return a visit by its id."""
    row = book.one(_VISIT, id=id)
    if row is None:
        return None
    at = moment(row[2])
    assert at is not None
    return Visit(id=row[0], code=row[1], at=at, landing=row[3], via=row[4], visitor=row[5])
