"""The inbox: one durable row for each delivery, until the worker has read it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, func, insert, null, select, update

from goodword.platforms import Delivery
from goodword.storage.sql import Session, Statement, micros, moment, new_id, spelled
from goodword_server.storage.tables import inbox
from goodword_server.vault import Vault

_ADD: Final = Statement(insert(inbox))
_new = inbox.c.state == spelled("new")
_NEW_SHOPS: Final = Statement(
    select(inbox.c.shop).where(_new, inbox.c.next <= bindparam("now")).distinct(),
    across_shops=True,
)
# What another worker is about to claim is left to it.  Chosen once and by itself: PostgreSQL might
# choose anew for each row that it looks at.  The lock only spares work; the claim decides.
_ready = (
    select(inbox.c.id)
    .where(
        inbox.c.shop == bindparam("shop"),
        _new,
        inbox.c.next <= bindparam("now"),
    )
    .order_by(inbox.c.next, inbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("ready")
)
_CLAIM: Final = Statement(
    update(inbox)
    .where(
        inbox.c.shop == bindparam("shop"),
        inbox.c.id.in_(select(_ready.c.id)),
        # Not its state: PostgreSQL would go through all that is new once more, by the index on it.
        inbox.c.next <= bindparam("now"),
    )
    .values(fence=bindparam("taken"), next=bindparam("lease"), tries=inbox.c.tries + 1)
    .returning(
        inbox.c.id, inbox.c.path, inbox.c.received, inbox.c.tries, inbox.c.headers, inbox.c.body
    )
)
_mine = (
    (inbox.c.shop == bindparam("shop"))
    & (inbox.c.id == bindparam("key"))
    & (inbox.c.fence == bindparam("taken"))
)
_READ: Final = Statement(
    update(inbox)
    .where(_mine)
    .values(state="read", headers=null(), body=null(), fence=null(), verdict=bindparam("told"))
)
_LATER: Final = Statement(
    update(inbox)
    .where(_mine)
    .values(fence=null(), next=bindparam("again"), verdict=bindparam("told"))
)
_DEAD: Final = Statement(
    update(inbox).where(_mine).values(state="dead", fence=null(), verdict=bindparam("told"))
)
_SWEEP: Final = Statement(
    delete(inbox).where(inbox.c.state == "read", inbox.c.received < bindparam("before")),
    across_shops=True,
)
_OLDEST: Final = Statement(
    select(func.min(inbox.c.received)).where(_new, inbox.c.next <= bindparam("now")),
    across_shops=True,
)
_USE: Final = "inbox"
# What a server in front adds: it may tell where a person is, or open a door.
_TELLING: Final = re.compile("forward|real-|client|address|auth|token|key|cookie|user|[^a-z]ip$")


@dataclass(frozen=True, slots=True)
class Kept:
    """A delivery that this worker holds until its lease ends."""

    id: str
    fence: str
    tries: int
    received: datetime
    delivery: Delivery | None
    """None: it cannot be opened any more."""


def add(session: Session, vault: Vault, shop: str, delivery: Delivery, now: datetime) -> None:
    """Keep a delivery, sealed."""
    at = micros(now)
    session.run(
        _ADD,
        {
            "shop": shop,
            "id": new_id(now),
            "path": delivery.path,
            "state": "new",
            "received": at,
            "next": at,
            "tries": 0,
            "fence": None,
            "hash": hashlib.sha256(delivery.body).hexdigest(),
            "headers": json.dumps(_told(delivery.headers)),
            "body": vault.seal(delivery.body, shop, _USE),
            "verdict": None,
        },
    )


def shops_with_news(session: Session, now: datetime) -> list[str]:
    """Return the shops that have unread deliveries."""
    return [row[0] for row in session.all(_NEW_SHOPS, {"now": micros(now)})]


def claim(
    session: Session, vault: Vault, shop: str, now: datetime, lease: timedelta, most: int
) -> list[Kept]:
    """Take up unread deliveries of one shop, oldest first."""
    fence = new_id(now)
    rows = session.all(
        _CLAIM,
        {
            "shop": shop,
            "now": micros(now),
            "taken": fence,
            "lease": micros(now + lease),
            "most": most,
        },
    )
    return [_kept(vault, shop, fence, *row) for row in sorted(rows)]


def mark_read(session: Session, shop: str, verdicts: Iterable[tuple[Kept, str]]) -> None:
    """Strip deliveries to id, hash and verdict."""
    session.run_many(
        _READ,
        [
            {"shop": shop, "key": kept.id, "taken": kept.fence, "told": told}
            for kept, told in verdicts
        ],
    )


def put_off(session: Session, shop: str, kept: Kept, why: str, again: datetime) -> None:
    """Leave a delivery for later."""
    row = {"shop": shop, "key": kept.id, "taken": kept.fence}
    session.run(_LATER, {**row, "told": why, "again": micros(again)})


def bury(session: Session, shop: str, kept: Kept, why: str) -> None:
    """Leave a delivery to a person; nothing of it is lost."""
    session.run(_DEAD, {"shop": shop, "key": kept.id, "taken": kept.fence, "told": why})


def sweep(session: Session, before: datetime) -> int:
    """Remove what was read before a moment; return how many rows."""
    return session.run(_SWEEP, {"before": micros(before)})


def oldest(session: Session, now: datetime) -> datetime | None:
    """Return when the oldest delivery that could be read now arrived."""
    row = session.one(_OLDEST, {"now": micros(now)})
    return moment(row[0]) if row else None


def _kept(
    vault: Vault,
    shop: str,
    fence: str,
    id: str,
    path: str,
    received: int,
    tries: int,
    headers: str,
    body: bytes,
) -> Kept:
    at = moment(received)
    assert at is not None
    try:
        plain = vault.open(bytes(body), shop, _USE)
    except ValueError:
        return Kept(id, fence, tries, at, None)
    return Kept(id, fence, tries, at, Delivery(path, json.loads(headers), plain))


def _told(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that tell what a delivery is, and none that tell more."""
    return {
        name: value
        for name, value in headers.items()
        if name == "content-type" or (name.startswith("x-") and not _TELLING.search(name))
    }
