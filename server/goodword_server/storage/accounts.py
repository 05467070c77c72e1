"""Who may sign in to the owner's shell, and what their account may do in which shop."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword.storage.sql import Row, Session, Statement, micros, new_id
from goodword_server.storage.tables import accounts, members

_COLUMNS: Final = (accounts.c.id, accounts.c.email, accounts.c.password, accounts.c.stamp)
_BY: Final = {
    "id": Statement(select(*_COLUMNS).where(accounts.c.id == bindparam("id")), across_shops=True),
    "email": Statement(
        select(*_COLUMNS).where(accounts.c.email == bindparam("email")), across_shops=True
    ),
    "stamp": Statement(
        select(*_COLUMNS).where(accounts.c.stamp == bindparam("stamp")), across_shops=True
    ),
}
_SHOPS: Final = Statement(
    select(members.c.shop, members.c.role)
    .where(members.c.account == bindparam("account"))
    .order_by(members.c.shop),
    across_shops=True,
)
# Who is invited twice at the same moment gets one account.
_ADD: Final = Statement(
    upsert(accounts).on_conflict_do_nothing(index_elements=["email"]), across_shops=True
)
_SET: Final = Statement(
    update(accounts)
    .where(accounts.c.id == bindparam("key"))
    .values(password=bindparam("hashed"), stamp=bindparam("anew")),
    across_shops=True,
)
_SET_EMAIL: Final = Statement(
    update(accounts).where(accounts.c.id == bindparam("key")).values(email=bindparam("told")),
    across_shops=True,
)
_MEMBERS: Final = Statement(
    select(members.c.account, accounts.c.email, members.c.role, accounts.c.password.is_not(None))
    .join(accounts, accounts.c.id == members.c.account)
    .where(members.c.shop == bindparam("shop"))
    .order_by(accounts.c.email)
)
_put = upsert(members)
_JOIN: Final = Statement(
    _put.on_conflict_do_update(
        index_elements=["shop", "account"], set_={"role": _put.excluded.role}
    )
)
_LEAVE: Final = Statement(
    delete(members).where(
        members.c.shop == bindparam("shop"), members.c.account == bindparam("account")
    )
)
# Locked, so that two owners cannot leave in the same moment.
_HOLDING: Final = Statement(
    select(members.c.account)
    .where(members.c.shop == bindparam("shop"), members.c.role == bindparam("role"))
    .with_for_update()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person who may sign in."""

    id: str
    email: str
    password: str | None = field(repr=False)
    """Hashed; None until they choose one."""
    stamp: str = field(repr=False)
    """Every session and link bears it: a new one ends them all."""
    shops: Mapping[str, str]
    """What they are in each of their shops."""


@dataclass(frozen=True, slots=True)
class Member:
    """An account as one shop sees it."""

    account: str
    email: str
    role: str
    chose_password: bool


def find(session: Session, **by: str) -> Account | None:
    """Return the account with this ``id``, ``email`` or ``stamp``."""
    ((name, value),) = by.items()
    row = session.one(_BY[name], {name: value})
    return _account(session, row) if row else None


def add(session: Session, email: str, now: datetime) -> Account:
    """Return the account of an e-mail address, new or as it stands."""
    row: dict[str, Any] = {"id": new_id(now), "email": email, "password": None}
    session.run(_ADD, {**row, "stamp": new_stamp(), "made": micros(now)})
    found = find(session, email=email)
    assert found is not None
    return found


def set_password(session: Session, id: str, hashed: str | None, stamp: str) -> None:
    """Keep a new password, or a new stamp."""
    session.run(_SET, {"key": id, "hashed": hashed, "anew": stamp})


def set_email(session: Session, id: str, email: str) -> None:
    """Keep another e-mail address, which nobody else has."""
    session.run(_SET_EMAIL, {"key": id, "told": email})


def join(session: Session, shop: str, account: str, role: str, now: datetime) -> None:
    """Let an account be something in a shop, whatever it was there."""
    row = {"shop": shop, "account": account, "role": role, "made": micros(now)}
    session.run(_JOIN, row)


def leave(session: Session, shop: str, account: str) -> bool:
    """Take an account out of a shop; False if it was not in it."""
    return session.run(_LEAVE, {"shop": shop, "account": account}) == 1


def members_of(session: Session, shop: str) -> list[Member]:
    """Return who may sign in to a shop, by e-mail address."""
    rows = session.all(_MEMBERS, {"shop": shop})
    return [Member(id, email, role, bool(chose)) for id, email, role, chose in rows]


def holding(session: Session, shop: str, role: str) -> set[str]:
    """Return the accounts of this role in a shop, and let nobody change them meanwhile."""
    return {row[0] for row in session.all(_HOLDING, {"shop": shop, "role": role})}


def new_stamp() -> str:
    """Return a stamp that no session bears yet."""
    return secrets.token_hex(16)


def _account(session: Session, row: Row) -> Account:
    id, email, password, stamp = row
    shops: dict[str, str] = dict(session.all(_SHOPS, {"account": id}))
    return Account(id=id, email=email, password=password, stamp=stamp, shops=shops)
