"""Programs: one row a version, never changed."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Final

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword import wire
from goodword.errors import UnknownVersion
from goodword.model.program import Program
from goodword.model.worth import Kind
from goodword.storage.sql import Book, Statement, micros, moment
from goodword.storage.tables import programs, shops

_COLUMNS: Final = (programs.c.name, programs.c.version, programs.c.saved, programs.c.body)
_HERE: Final = programs.c.shop == bindparam("shop")
_ADD: Final = Statement(insert(programs))
_NEWEST: Final = Statement(
    select(*_COLUMNS)
    .where(_HERE, programs.c.name == bindparam("name"))
    .order_by(programs.c.version.desc())
    .limit(1)
)
_VERSION: Final = Statement(
    select(*_COLUMNS).where(
        _HERE, programs.c.name == bindparam("name"), programs.c.version == bindparam("version")
    )
)
_VERSIONS: Final = Statement(select(*_COLUMNS).where(_HERE, programs.c.name == bindparam("name")))
_latest = (
    select(programs.c.name, func.max(programs.c.version).label("version"))
    .where(_HERE)
    .group_by(programs.c.name)
    .subquery()
)
_LIST: Final = Statement(
    select(*_COLUMNS)
    .join(
        _latest,
        (programs.c.name == _latest.c.name) & (programs.c.version == _latest.c.version),
    )
    .where(_HERE)
    .order_by(programs.c.name)
)
_GRANTS: Final = Statement(select(shops.c.grants).where(shops.c.shop == bindparam("shop")))
_insert_shop = upsert(shops)
_SET_GRANTS: Final = Statement(
    _insert_shop.on_conflict_do_update(
        index_elements=["shop"], set_={"grants": _insert_shop.excluded.grants}
    )
)


_SET_REPEATS: Final = Statement(
    _insert_shop.on_conflict_do_update(
        index_elements=["shop"], set_={"repeats": _insert_shop.excluded.repeats}
    )
)


def add(book: Book, program: Program) -> None:
    """Keep a new version."""
    book.run(
        _ADD,
        name=program.name,
        version=program.version,
        saved=micros(program.saved),
        starts=micros(program.starts),
        ends=micros(program.ends),
        body=wire.pack(replace(program, version=0, saved=None, paused=None)),
    )
    if program.terms.repeats is not None:
        book.run(_SET_REPEATS, grants=None, key=None, repeats=1, forgets=0, listens=0)


def newest(book: Book, name: str) -> Program | None:
    """Return the newest version of a program."""
    row = book.one(_NEWEST, name=name)
    return read(*row) if row else None


def version(book: Book, name: str, number: int) -> Program:
    """Return one version of a program; raise `UnknownVersion` if it is gone."""
    row = book.one(_VERSION, name=name, version=number)
    if row is None:
        raise UnknownVersion(name=name, version=number)
    return read(*row)


def versions(book: Book, name: str) -> list[Program]:
    """Return every version of a program, oldest first."""
    return sorted((read(*row) for row in book.all(_VERSIONS, name=name)), key=_number)


def _number(program: Program) -> int:
    return program.version


def longest_grace(book: Book, name: str) -> int:
    """Return the days of grace of a program, in the version that gives the most."""
    found = book.all(_VERSIONS, name=name)
    return max((read(*row).terms.grace_days for row in found), default=0)


def every(book: Book) -> list[Program]:
    """Return the newest version of each program."""
    return [read(*row) for row in book.all(_LIST)]


def grants(book: Book) -> frozenset[Kind] | None:
    """Return what the shop's platform can grant; None where nobody said."""
    row = book.one(_GRANTS)
    if row is None or row[0] is None:
        return None
    return frozenset(Kind(kind) for kind in json.loads(row[0]))


def set_grants(book: Book, kinds: Collection[Kind]) -> None:
    """Keep what the shop's platform can grant."""
    told = json.dumps(sorted(kinds))
    book.run(_SET_GRANTS, grants=told, key=None, repeats=0, forgets=0, listens=0)


@lru_cache(maxsize=1024)
def _body(body: str) -> Program:
    return wire.unpack(Program, body)


def read(name: str, number: int, saved: int, body: str) -> Program:
    """Return a version from its row."""
    return replace(_body(body), name=name, version=number, saved=_moment(saved))


def _moment(at: int) -> datetime:
    found = moment(at)
    assert found is not None
    return found
