"""Who did what in the owner's shell: only ever added to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, insert, select

from goodword.storage.sql import Session, Statement, micros, moment, new_id
from goodword_server.storage.tables import accounts, audit

_ADD: Final = Statement(insert(audit))
_PAGE: Final = Statement(
    select(audit.c.id, audit.c.at, accounts.c.email, audit.c.did, audit.c.about)
    .outerjoin(accounts, accounts.c.id == audit.c.account)
    .where(audit.c.shop == bindparam("shop"), audit.c.id < bindparam("before"))
    .order_by(audit.c.id.desc())
    .limit(bindparam("most"))
)
# Behind every id, which is of the digits 0 to f, in whatever way a database sorts.
_END: Final = "g"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was done."""

    id: str
    at: datetime
    email: str | None
    """None: it was done from the command line."""
    did: str
    about: str | None


def add(
    session: Session, shop: str, account: str | None, did: str, about: str | None, now: datetime
) -> None:
    """Note what was done; ``about`` is an id or a name, never a secret."""
    row = {"shop": shop, "id": new_id(now), "at": micros(now), "account": account, "did": did}
    session.run(_ADD, {**row, "about": about})


def page(session: Session, shop: str, most: int, before: str | None = None) -> list[Line]:
    """Return what was done, the newest first."""
    rows = session.all(_PAGE, {"shop": shop, "before": before or _END, "most": most})
    return [_line(*row) for row in rows]


def _line(id: str, at: int, email: str | None, did: str, about: str | None) -> Line:
    when = moment(at)
    assert when is not None
    return Line(id, when, email, did, about)
