"""The inbox: one durable row for each delivery, until the worker has read it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, insert, null, select, update

from goodword.platforms import Delivery
from goodword.storage.sql import Session, Statement, micros, moment, new_id, spelled
from goodword.storage.troubles import packed, unpacked
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
    .values(fence=bindparam("taken"), next=bindparam("lease"))
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
    .values(
        fence=null(),
        next=bindparam("again"),
        tries=bindparam("tried"),
        verdict=bindparam("told"),
    )
)
_GIVE_BACK: Final = Statement(
    update(inbox).where(_mine).values(fence=null(), next=inbox.c.received)
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
_WITH_BODY: Final = Statement(
    select(inbox.c.id, inbox.c.state, inbox.c.path, inbox.c.headers, inbox.c.body)
    .where(
        inbox.c.shop == bindparam("shop"),
        inbox.c.id > bindparam("after"),
        inbox.c.body.is_not(None),
    )
    .order_by(inbox.c.id)
    .limit(bindparam("most"))
)
# Its fence stays: whoever reads it right now ends as they would have.
_REDUCE: Final = Statement(
    update(inbox)
    .where(inbox.c.shop == bindparam("shop"), inbox.c.id == bindparam("key"))
    .values(headers=bindparam("asks"), body=bindparam("nothing"))
)
_STRIP: Final = Statement(
    update(inbox)
    .where(inbox.c.shop == bindparam("shop"), inbox.c.id == bindparam("key"))
    .values(state="dead", fence=null(), headers=null(), body=null(), verdict=bindparam("told"))
)
_LAST: Final = Statement(
    select(inbox.c.received)
    # What we ask for ourselves nobody delivered.
    .where(inbox.c.shop == bindparam("shop"), inbox.c.path != spelled(""))
    .order_by(inbox.c.id.desc())
    .limit(1)
)
_WAITING: Final = Statement(
    select(func.count(), func.min(inbox.c.received)).where(
        inbox.c.shop == bindparam("shop"), _new, inbox.c.next <= bindparam("now")
    )
)
_dead = inbox.c.state == spelled("dead")
_DEAD_ONES: Final = Statement(
    select(inbox.c.id, inbox.c.received, inbox.c.tries, inbox.c.verdict, inbox.c.body.is_not(None))
    .where(inbox.c.shop == bindparam("shop"), _dead)
    .order_by(inbox.c.id)
    .limit(bindparam("most"))
)
_COUNT_DEAD: Final = Statement(select(func.count()).where(inbox.c.shop == bindparam("shop"), _dead))
_REVIVE: Final = Statement(
    update(inbox)
    .where(
        inbox.c.shop == bindparam("shop"),
        inbox.c.id == bindparam("key"),
        _dead,
        inbox.c.body.is_not(None),
    )
    .values(state="new", fence=null(), tries=0, next=bindparam("now"))
)
Sealed = Mapping[str, Any]
"""A delivery as its row holds it."""

_PAGE: Final = 50
_USE: Final = "inbox"
_ASKS: Final = "goodword-asks"
_OURS: Final = ""
# What a server in front adds: it may tell where a person is, or open a door.
_TELLING: Final = re.compile("forward|real-|client|address|auth|token|key|cookie|user|[^a-z]ip$")


@dataclass(frozen=True, slots=True)
class Kept:
    """A delivery that this worker holds until its lease ends."""

    id: str
    fence: str
    tries: int
    """How often it was tried, this time included; what a dead worker only held was not."""
    received: datetime
    delivery: Delivery | None
    """None: it cannot be opened any more."""


@dataclass(frozen=True, slots=True)
class Dead:
    """A delivery that could not be read, and waits for a person."""

    id: str
    received: datetime
    tries: int
    why: str
    can_be_read: bool
    """False: it was stripped, as when a person in it was forgotten."""


def sealed(vault: Vault, shop: str, delivery: Delivery, now: datetime) -> Sealed:
    """Return what is kept of a delivery, sealed: made before anybody waits for the database."""
    headers = _told(delivery.headers)
    return _row(vault, shop, delivery.path, headers, delivery.body, delivery.body, now)


def add(session: Session, row: Sealed) -> None:
    """Keep a delivery."""
    session.run(_ADD, row)


def ask(session: Session, vault: Vault, shop: str, orders: Sequence[str], now: datetime) -> None:
    """Let the till be asked for orders, as if a delivery had said that they changed."""
    told = json.dumps(list(orders))
    session.run(_ADD, _row(vault, shop, _OURS, {_ASKS: told}, b"", told.encode(), now))


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
    session.run(_LATER, {**row, "told": packed(why), "tried": kept.tries, "again": micros(again)})


def give_back(session: Session, shop: str, left: Iterable[Kept]) -> None:
    """Leave deliveries that were not begun to whoever comes next, as if nobody had claimed them."""
    session.run_many(
        _GIVE_BACK, [{"shop": shop, "key": kept.id, "taken": kept.fence} for kept in left]
    )


def bury(session: Session, shop: str, kept: Kept, why: str) -> None:
    """Leave a delivery to a person; nothing of it is lost."""
    session.run(_DEAD, {"shop": shop, "key": kept.id, "taken": kept.fence, "told": packed(why)})


def with_body(
    session: Session, vault: Vault, shop: str
) -> Iterator[tuple[str, str, Delivery | None]]:
    """Yield what is unread or dead: its id, its state, and what it says if it can be opened."""
    after = ""
    while True:
        rows = session.all(_WITH_BODY, {"shop": shop, "after": after, "most": _PAGE})
        for id, state, path, headers, body in rows:
            yield id, state, _opened(vault, shop, path, headers, body)
        if len(rows) < _PAGE:
            return
        after = rows[-1][0]


def reduce(session: Session, vault: Vault, shop: str, id: str, orders: Sequence[str]) -> None:
    """Leave of a delivery which orders the till is to be asked for, and no word of its own."""
    asks = json.dumps({_ASKS: json.dumps(list(orders))})
    row = {"shop": shop, "key": id, "asks": asks, "nothing": vault.seal(b"", shop, _USE)}
    session.run(_REDUCE, row)


def asks(delivery: Delivery) -> Sequence[str] | None:
    """Return the orders that a reduced delivery asks for; None for one that is whole."""
    told = delivery.headers.get(_ASKS)
    return None if told is None else tuple(json.loads(told))


def strip(session: Session, shop: str, id: str, why: str) -> None:
    """Leave nothing of a delivery but its id, its hash and why."""
    session.run(_STRIP, {"shop": shop, "key": id, "told": packed(why)})


def sweep(session: Session, before: datetime) -> int:
    """Remove what was read before a moment; return how many rows."""
    return session.run(_SWEEP, {"before": micros(before)})


def last(session: Session, shop: str) -> datetime | None:
    """Return when a shop last delivered; what was read is known for a week."""
    row = session.one(_LAST, {"shop": shop})
    return moment(row[0]) if row else None


def waiting(session: Session, shop: str, now: datetime) -> tuple[int, datetime | None]:
    """Return how many deliveries of a shop could be read now, and when the oldest arrived."""
    row = session.one(_WAITING, {"shop": shop, "now": micros(now)})
    assert row is not None
    return row[0], moment(row[1])


def dead(session: Session, shop: str, most: int) -> list[Dead]:
    """Return the deliveries that wait for a person, oldest first."""
    found = []
    for id, received, tries, why, whole in session.all(_DEAD_ONES, {"shop": shop, "most": most}):
        at = moment(received)
        assert at is not None
        found.append(Dead(id, at, tries, unpacked(why), bool(whole)))
    return found


def count_dead(session: Session, shop: str) -> int:
    """Return how many deliveries wait for a person."""
    row = session.one(_COUNT_DEAD, {"shop": shop})
    assert row is not None
    return int(row[0])


def revive(session: Session, shop: str, id: str, now: datetime) -> bool:
    """Let a dead delivery be read once more; False if it is not dead, or nothing is left of it."""
    return session.run(_REVIVE, {"shop": shop, "key": id, "now": micros(now)}) == 1


def oldest(session: Session, now: datetime) -> datetime | None:
    """Return when the oldest delivery that could be read now arrived."""
    row = session.one(_OLDEST, {"now": micros(now)})
    return moment(row[0]) if row else None


def _row(
    vault: Vault,
    shop: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    told: bytes,
    now: datetime,
) -> Sealed:
    at = micros(now)
    return {
        "shop": shop,
        "id": new_id(now),
        "path": path,
        "state": "new",
        "received": at,
        "next": at,
        "tries": 0,
        "fence": None,
        "hash": hashlib.sha256(told).hexdigest(),
        "headers": json.dumps(headers),
        "body": vault.seal(body, shop, _USE),
        "verdict": None,
    }


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
    return Kept(id, fence, tries + 1, at, _opened(vault, shop, path, headers, body))


def _opened(vault: Vault, shop: str, path: str, headers: str, body: bytes) -> Delivery | None:
    try:
        return Delivery(path, json.loads(headers), vault.open(bytes(body), shop, _USE))
    except ValueError:
        return None


def _told(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that tell what a delivery is, and none that tell more."""
    return {
        name: value
        for name, value in headers.items()
        if name == "content-type" or (name.startswith("x-") and not _TELLING.search(name))
    }
