"""Farewells: shops that were disconnected, until nothing of ours is left there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, insert, null, select, update

from goodword.storage.sql import Session, Statement, micros, moment, new_id
from goodword.storage.troubles import packed, unpacked
from goodword_server.storage import installations
from goodword_server.storage.installations import Connected
from goodword_server.storage.tables import farewells
from goodword_server.vault import Vault

_ADD: Final = Statement(insert(farewells))
_FORGET_DONE: Final = Statement(
    delete(farewells).where(farewells.c.shop == bindparam("shop"), farewells.c.done.is_not(None))
)
_open = farewells.c.done.is_(None)
_READY: Final = Statement(
    select(farewells.c.shop, farewells.c.id)
    .where(_open, farewells.c.next <= bindparam("now"))
    .order_by(farewells.c.next)
    .limit(bindparam("most")),
    across_shops=True,
)
_one = (farewells.c.shop == bindparam("shop")) & (farewells.c.id == bindparam("key"))
_mine = _one & (farewells.c.fence == bindparam("held"))
_CLAIM: Final = Statement(
    update(farewells)
    .where(_one, _open, farewells.c.next <= bindparam("now"))
    .values(fence=bindparam("taken"), next=bindparam("lease"), tries=farewells.c.tries + 1)
    .returning(farewells.c.tries, farewells.c.made, farewells.c.coupons, farewells.c.installation)
)
_LATER: Final = Statement(
    update(farewells)
    .where(_mine)
    .values(fence=null(), next=bindparam("again"), trouble=bindparam("why"))
)
_END: Final = Statement(
    update(farewells)
    .where(_mine)
    .values(
        fence=null(),
        installation=null(),
        done=bindparam("now"),
        trouble=bindparam("why"),
        left=bindparam("remains"),
    )
)
_KEEP_COUPONS: Final = Statement(
    update(farewells).where(farewells.c.shop == bindparam("shop"), _open).values(coupons="keep")
)
_LAST: Final = Statement(
    select(
        farewells.c.made, farewells.c.coupons, farewells.c.tries, farewells.c.done,
        farewells.c.trouble, farewells.c.left,
    )
    .where(farewells.c.shop == bindparam("shop"))
    .order_by(farewells.c.id.desc())
    .limit(1)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """A farewell that this worker says until its lease ends."""

    shop: str
    id: str
    fence: str
    tries: int
    made: datetime
    coupons: str
    connected: Connected | None
    """None: it cannot be opened any more."""


@dataclass(frozen=True, slots=True)
class Said:
    """How the last farewell of a shop stands."""

    made: datetime
    coupons: str
    tries: int
    done: datetime | None
    trouble: str | None
    left: str | None
    """What of ours is still there and only a person can remove."""


def add(session: Session, vault: Vault, connected: Connected, coupons: str, now: datetime) -> None:
    """Keep that a shop was disconnected, and what is to become of its coupons."""
    shop = connected.installation.shop
    session.run(_FORGET_DONE, {"shop": shop})
    row = {"shop": shop, "id": new_id(now), "coupons": coupons, "tries": 0}
    row |= {"made": micros(now), "next": micros(now)}
    nothing = dict.fromkeys(("fence", "done", "trouble", "left"))
    whole = installations.sealed(vault, connected)
    session.run(_ADD, {**row, **nothing, "installation": whole})


def ready(session: Session, now: datetime, most: int) -> list[tuple[str, str]]:
    """Return the farewells that are due: shop and id."""
    return [(row[0], row[1]) for row in session.all(_READY, {"now": micros(now), "most": most})]


def claim(
    session: Session, vault: Vault, shop: str, id: str, now: datetime, lease: timedelta
) -> Taken | None:
    """Take a farewell up; None if another worker was faster."""
    fence = new_id(now)
    asked = {"shop": shop, "key": id, "now": micros(now), "taken": fence}
    row = session.one(_CLAIM, asked | {"lease": micros(now + lease)})
    if row is None:
        return None
    tries, made, coupons, whole = row
    begun = moment(made)
    assert begun is not None
    return Taken(shop, id, fence, tries, begun, coupons, _opened(vault, shop, whole))


def later(session: Session, one: Taken, again: datetime, why: str) -> None:
    """Say a farewell once more, later."""
    session.run(_LATER, _row(one) | {"again": micros(again), "why": packed(why)})


def end(
    session: Session, one: Taken, now: datetime, *, left: str | None, why: str | None = None
) -> None:
    """End a farewell: what opened the shop is kept no longer."""
    session.run(
        _END, _row(one) | {"now": micros(now), "why": packed(why) if why else None, "remains": left}
    )


def keep_coupons(session: Session, shop: str) -> None:
    """Leave coupons as they are after all: the shop was connected again."""
    session.run(_KEEP_COUPONS, {"shop": shop})


def last(session: Session, shop: str) -> Said | None:
    """Return how the last farewell of a shop stands; None if it never was disconnected."""
    row = session.one(_LAST, {"shop": shop})
    if row is None:
        return None
    made, coupons, tries, done, trouble, left = row
    begun = moment(made)
    assert begun is not None
    return Said(begun, coupons, tries, moment(done), unpacked(trouble) or None, left)


def _opened(vault: Vault, shop: str, whole: bytes) -> Connected | None:
    try:
        return installations.unsealed(vault, shop, bytes(whole))
    except ValueError:
        return None


def _row(one: Taken) -> dict[str, str]:
    return {"shop": one.shop, "key": one.id, "held": one.fence}
