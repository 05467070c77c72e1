"""Questions for what is kept of somebody: who asks, until when, and whether it was answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, null, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword.platforms import DataAsked
from goodword.storage.sql import Session, Statement, micros, moment
from goodword_server.storage.tables import data_requests
from goodword_server.vault import Vault

LASTS: Final = timedelta(days=30)
"""How long there is to answer."""
_USE: Final = "data request"
_MOST: Final = 200
_ADD: Final = Statement(upsert(data_requests).on_conflict_do_nothing(index_elements=["shop", "id"]))
_COLUMNS: Final = (
    data_requests.c.id,
    data_requests.c.received,
    data_requests.c.due,
    data_requests.c.told,
    data_requests.c.answered,
)
_of_shop = data_requests.c.shop == bindparam("shop")
_one = _of_shop & (data_requests.c.id == bindparam("key"))
_ALL: Final = Statement(
    select(*_COLUMNS)
    .where(_of_shop)
    .order_by(data_requests.c.answered.is_not(None), data_requests.c.due)
    .limit(bindparam("most"))
)
_FIND: Final = Statement(select(*_COLUMNS).where(_one))
_OPEN: Final = Statement(
    select(func.count(), func.min(data_requests.c.due)).where(
        _of_shop, data_requests.c.answered.is_(None)
    )
)
_ANSWERED: Final = Statement(
    update(data_requests)
    .where(_one, data_requests.c.answered.is_(None))
    .values(answered=bindparam("now"), account=bindparam("who"), told=null())
)
_STRIP: Final = Statement(update(data_requests).where(_one).values(told=null()))
_TO_SAY: Final = Statement(
    select(data_requests.c.shop, data_requests.c.id)
    .where(data_requests.c.say.is_not(None), data_requests.c.say <= bindparam("now"))
    .limit(bindparam("most")),
    across_shops=True,
)
_SAY: Final = Statement(update(data_requests).where(_one).values(say=bindparam("said")))
_DROP: Final = Statement(delete(data_requests).where(_of_shop))


@dataclass(frozen=True, slots=True)
class DataRequest:
    """One question."""

    id: str
    received: datetime
    due: datetime
    asked: DataAsked | None
    """None: it was answered, or who asked was forgotten, or it cannot be opened any more."""
    answered: datetime | None


def add(session: Session, vault: Vault, shop: str, asked: DataAsked, now: datetime) -> bool:
    """Keep a question; False if it is kept."""
    told = {
        "email": asked.email,
        "phone": asked.phone,
        "account": asked.account,
        "orders": list(asked.orders),
    }
    row: dict[str, Any] = {"shop": shop, "id": asked.id, "answered": None, "account": None}
    row |= {"received": micros(now), "due": micros(now + LASTS), "say": micros(now)}
    sealed = vault.seal(json.dumps(told).encode(), shop, _USE)
    return session.run(_ADD, row | {"told": sealed}) == 1


def every(session: Session, vault: Vault, shop: str) -> list[DataRequest]:
    """Return a shop's questions: first what is to be answered soonest."""
    rows = session.all(_ALL, {"shop": shop, "most": _MOST})
    return [_read(vault, shop, *row) for row in rows]


def find(session: Session, vault: Vault, shop: str, id: str) -> DataRequest | None:
    """Return one question."""
    row = session.one(_FIND, {"shop": shop, "key": id})
    return _read(vault, shop, *row) if row else None


def unanswered(session: Session, shop: str) -> tuple[int, datetime | None]:
    """Return how many are to be answered, and the first of them until when."""
    row = session.one(_OPEN, {"shop": shop})
    assert row is not None
    return int(row[0]), moment(row[1])


def answer(session: Session, shop: str, id: str, account: str | None, now: datetime) -> bool:
    """Keep that a question was answered, and no longer who asked; False if it was before."""
    row = {"shop": shop, "key": id, "who": account, "now": micros(now)}
    return session.run(_ANSWERED, row) == 1


def to_say(session: Session, now: datetime, most: int) -> list[tuple[str, str]]:
    """Return the questions, by shop and id, of which the shop's owners are to be mailed."""
    found = session.all(_TO_SAY, {"now": micros(now), "most": most})
    return [(shop, id) for shop, id in found]


def say_later(session: Session, shop: str, id: str, at: datetime | None) -> None:
    """Let the owners be mailed at another moment; None: they were, or never will be."""
    session.run(_SAY, {"shop": shop, "key": id, "said": micros(at)})


def forget(session: Session, shop: str, id: str) -> None:
    """Keep no longer who asked."""
    session.run(_STRIP, {"shop": shop, "key": id})


def drop(session: Session, shop: str) -> None:
    """Keep none of a shop's questions."""
    session.run(_DROP, {"shop": shop})


def _read(
    vault: Vault,
    shop: str,
    id: str,
    received: int,
    due: int,
    told: bytes | None,
    answered: int | None,
) -> DataRequest:
    begun, until = moment(received), moment(due)
    assert begun is not None
    assert until is not None
    return DataRequest(id, begun, until, _opened(vault, shop, id, told), moment(answered))


def _opened(vault: Vault, shop: str, id: str, told: bytes | None) -> DataAsked | None:
    if told is None:
        return None
    try:
        found: Mapping[str, Any] = json.loads(vault.open(bytes(told), shop, _USE))
    except ValueError:
        return None
    return DataAsked(id=id, **{**found, "orders": tuple(found["orders"])})
