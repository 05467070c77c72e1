"""Who alone may do something with a shop for a while: one row each, taken and given back."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword.storage.sql import Session, Statement, micros
from goodword_server.storage.tables import leases

_take = upsert(leases).values(
    shop=bindparam("shop"), holder=bindparam("holder"), until=bindparam("until")
)
_TAKE: Final = Statement(
    _take.on_conflict_do_update(
        index_elements=["shop"],
        set_={"holder": _take.excluded.holder, "until": _take.excluded.until},
        where=leases.c.until <= bindparam("now"),
    )
)
_HOLDER: Final = Statement(select(leases.c.holder).where(leases.c.shop == bindparam("shop")))
_GIVE_BACK: Final = Statement(
    delete(leases).where(leases.c.shop == bindparam("shop"), leases.c.holder == bindparam("holder"))
)


def take(session: Session, shop: str, holder: str, now: datetime, until: datetime) -> bool:
    """Take a shop's lease, if nobody holds it or its time is over; return whether it was taken."""
    told = {"shop": shop, "holder": holder, "now": micros(now), "until": micros(until)}
    return session.run(_TAKE, told) == 1


def is_held(session: Session, shop: str, holder: str) -> bool:
    """Whether it is still this holder's."""
    return session.one(_HOLDER, {"shop": shop}) == (holder,)


def give_back(session: Session, shop: str, holder: str) -> None:
    """Give a lease back; what was taken over meanwhile stays."""
    session.run(_GIVE_BACK, {"shop": shop, "holder": holder})
