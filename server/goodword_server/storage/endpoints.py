"""Endpoints: where a shop wants to be told, which secrets sign for it, and how that goes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, case, delete, insert, null, select, update

from goodword.model.event import EventType
from goodword.storage.sql import Session, Statement, micros, moment
from goodword_server.storage.tables import endpoints
from goodword_server.vault import Vault

_USE: Final = "endpoint secrets"
_COLUMNS: Final = (
    endpoints.c.id,
    endpoints.c.url,
    endpoints.c.types,
    endpoints.c.secrets,
    endpoints.c.contact,
    endpoints.c.state,
    endpoints.c.why,
    endpoints.c.made,
    endpoints.c.failing,
    endpoints.c.paused,
)
_here = endpoints.c.shop == bindparam("shop")
_this = _here & (endpoints.c.id == bindparam("key"))
_ADD: Final = Statement(insert(endpoints))
_OF_SHOP: Final = Statement(select(*_COLUMNS).where(_here).order_by(endpoints.c.id))
# Held until the transaction ends: whoever pauses or resumes one waits, or is waited for.
_LOCKED: Final = Statement(
    select(*_COLUMNS).where(_here).order_by(endpoints.c.id).with_for_update()
)
_FIND: Final = Statement(select(*_COLUMNS).where(_this))
_LOCK: Final = Statement(select(*_COLUMNS).where(_this).with_for_update())
_SET_SECRETS: Final = Statement(update(endpoints).where(_this).values(secrets=bindparam("sealed")))
_CHOOSE: Final = Statement(
    update(endpoints).where(_this).values(types=bindparam("wanted"), contact=bindparam("minded"))
)
_WELL: Final = Statement(
    update(endpoints).where(_this, endpoints.c.failing.is_not(None)).values(failing=None)
)
_FAILS: Final = Statement(
    update(endpoints)
    .where(_this)
    .values(
        failing=case(
            (endpoints.c.failing.is_(None), bindparam("now", type_=endpoints.c.failing.type)),
            else_=endpoints.c.failing,
        )
    )
    .returning(endpoints.c.failing)
)
_PAUSE: Final = Statement(
    update(endpoints)
    .where(_this, endpoints.c.state == "open")
    .values(state="paused", why=bindparam("reason"), paused=bindparam("now"), say=bindparam("said"))
)
_RESUME: Final = Statement(
    update(endpoints)
    .where(_this)
    .values(state="open", why=None, failing=None, paused=None, say=None)
)
_DROP: Final = Statement(delete(endpoints).where(_this))
_TO_SAY: Final = Statement(
    select(endpoints.c.shop, endpoints.c.id)
    .where(endpoints.c.say.is_not(None), endpoints.c.say <= bindparam("now"))
    .limit(bindparam("most")),
    across_shops=True,
)
_SAY: Final = Statement(update(endpoints).where(_this).values(say=bindparam("said")))
_FORGET_CONTACTS: Final = Statement(
    update(endpoints)
    .where(endpoints.c.shop == bindparam("shop"))
    .values(contact=null(), say=null())
)


@dataclass(frozen=True, slots=True)
class Secret:
    """What signs for an endpoint."""

    text: str = field(repr=False)
    """``whsec_…``"""
    ends: datetime | None = None
    """UTC; until when one that was rotated out still signs beside the new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a shop wants to be told of its events."""

    id: str
    url: str
    types: tuple[EventType, ...]
    """None named: of all."""
    contact: str | None
    """Who is mailed when it is paused."""
    is_open: bool
    why: str | None
    """Why it is paused: by its ``owner``, because it was ``failing``, or is ``gone``."""
    made: datetime | None
    failing: datetime | None
    """UTC; since when nothing arrived."""
    paused: datetime | None
    secrets: tuple[Secret, ...] | None = field(repr=False)
    """The newest first; None: they cannot be opened any more."""

    def wants(self, type: EventType) -> bool:
        """Whether it is to be told of such events."""
        return not self.types or type in self.types


def add(session: Session, vault: Vault, shop: str, one: Endpoint) -> None:
    """Keep an endpoint."""
    row: dict[str, Any] = {"shop": shop, "id": one.id, "url": one.url, "contact": one.contact}
    row |= {"types": json.dumps(one.types), "secrets": _seal(vault, shop, one.secrets or ())}
    row |= {"state": "open", "why": None, "made": micros(one.made)}
    session.run(_ADD, {**row, "failing": None, "paused": None, "say": None})


def of_shop(session: Session, vault: Vault, shop: str, *, lock: bool = False) -> list[Endpoint]:
    """Return a shop's endpoints, oldest first.

    ``lock``: nobody else may change one before this transaction ends.
    """
    rows = session.all(_LOCKED if lock else _OF_SHOP, {"shop": shop})
    return [_endpoint(vault, shop, *row) for row in rows]


def find(
    session: Session, vault: Vault, shop: str, id: str, *, lock: bool = False
) -> Endpoint | None:
    """Return an endpoint of a shop."""
    row = session.one(_LOCK if lock else _FIND, {"shop": shop, "key": id})
    return None if row is None else _endpoint(vault, shop, *row)


def set_secrets(
    session: Session, vault: Vault, shop: str, id: str, secrets: Sequence[Secret]
) -> None:
    """Keep what signs from now on."""
    session.run(_SET_SECRETS, {"shop": shop, "key": id, "sealed": _seal(vault, shop, secrets)})


def choose(
    session: Session, shop: str, id: str, types: Sequence[EventType], contact: str | None
) -> None:
    """Keep what it is to be told of, and who minds it."""
    row = {"shop": shop, "key": id, "wanted": json.dumps(types), "minded": contact}
    session.run(_CHOOSE, row)


def is_well(session: Session, shop: str, id: str) -> None:
    """Keep that something arrived."""
    session.run(_WELL, {"shop": shop, "key": id})


def fails(session: Session, shop: str, id: str, now: datetime) -> timedelta:
    """Keep that something did not arrive; return for how long nothing did."""
    row = session.one(_FAILS, {"shop": shop, "key": id, "now": micros(now)})
    since = None if row is None else moment(row[0])
    return timedelta(0) if since is None else now - since


def pause(session: Session, shop: str, id: str, why: str, now: datetime, *, say: bool) -> bool:
    """Tell it nothing more; ``say``: its contact is to hear of that.  False if it was paused."""
    at = micros(now)
    row = {"shop": shop, "key": id, "reason": why, "now": at, "said": at if say else None}
    return session.run(_PAUSE, row) == 1


def resume(session: Session, shop: str, id: str) -> None:
    """Tell it again, as if nothing had been."""
    session.run(_RESUME, {"shop": shop, "key": id})


def drop(session: Session, shop: str, id: str) -> None:
    """Keep nothing of an endpoint."""
    session.run(_DROP, {"shop": shop, "key": id})


def to_say(session: Session, now: datetime, most: int) -> list[tuple[str, str]]:
    """Return the endpoints, by shop and id, whose contacts are to hear that they were paused."""
    found = session.all(_TO_SAY, {"now": micros(now), "most": most})
    return [(shop, id) for shop, id in found]


def say_later(session: Session, shop: str, id: str, at: datetime | None) -> None:
    """Let a contact hear of it at another moment; None: they did, or never will."""
    session.run(_SAY, {"shop": shop, "key": id, "said": micros(at)})


def _endpoint(
    vault: Vault,
    shop: str,
    id: str,
    url: str,
    types: str,
    secrets: bytes,
    contact: str | None,
    state: str,
    why: str | None,
    made: int,
    failing: int | None,
    paused: int | None,
) -> Endpoint:
    return Endpoint(
        id=id,
        url=url,
        types=tuple(EventType(one) for one in json.loads(types)),
        contact=contact,
        is_open=state == "open",
        why=why,
        made=moment(made),
        failing=moment(failing),
        paused=moment(paused),
        secrets=_open(vault, shop, secrets),
    )


def _seal(vault: Vault, shop: str, secrets: Sequence[Secret]) -> bytes:
    told = [(one.text, micros(one.ends)) for one in secrets]
    return vault.seal(json.dumps(told).encode(), shop, _USE)


def _open(vault: Vault, shop: str, sealed: bytes) -> tuple[Secret, ...] | None:
    try:
        told = json.loads(vault.open(bytes(sealed), shop, _USE))
    except ValueError:
        return None
    return tuple(Secret(text, moment(ends)) for text, ends in told)


def forget_contacts(session: Session, shop: str) -> None:
    """Keep no longer who minds the endpoints of a shop."""
    session.run(_FORGET_CONTACTS, {"shop": shop})
