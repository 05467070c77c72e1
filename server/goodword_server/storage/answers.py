"""What was answered to a request that bore an Idempotency-Key: for a day, sealed, and once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, null, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword.storage.sql import Session, Statement, micros
from goodword_server.storage.tables import answers
from goodword_server.vault import Vault

LIFE: Final = timedelta(hours=24)
# Swept a little later than they are forgotten, whatever the clocks of other processes say.
_GRACE: Final = timedelta(hours=1)
_USE: Final = "answer"

_add = upsert(answers)
# Who comes second waits here until the first is done, or has failed.
_CLAIM: Final = Statement(
    _add.on_conflict_do_update(
        index_elements=["shop", "key"],
        set_={
            **{name: _add.excluded[name] for name in ("hash", "verb", "made")},
            **dict.fromkeys(("status", "kind", "body"), null()),
        },
        where=answers.c.made < bindparam("before"),
    ).returning(answers.c.key)
)
_mine = (answers.c.shop == bindparam("shop")) & (answers.c.key == bindparam("name"))
_FIND: Final = Statement(
    select(answers.c.hash, answers.c.status, answers.c.kind, answers.c.body).where(_mine)
)
_KEEP: Final = Statement(
    update(answers)
    .where(_mine)
    .values(status=bindparam("told"), kind=bindparam("type"), body=bindparam("sealed"))
)
_DROP: Final = Statement(
    update(answers)
    .where(answers.c.shop == bindparam("shop"), answers.c.verb == bindparam("what"))
    .values(body=null())
)
_SWEEP: Final = Statement(
    delete(answers).where(answers.c.made < bindparam("before")), across_shops=True
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of an answer."""

    hash: str
    status: int
    kind: str | None
    body: bytes | None
    """None: only that it was done."""


def claim(session: Session, shop: str, key: str, hash: str, verb: str, now: datetime) -> bool:
    """Take a key for a request; return whether it was free.

    Waits for another transaction that takes the same one.
    """
    row = {
        "shop": shop,
        "key": key,
        "hash": hash,
        "verb": verb,
        "made": micros(now),
        "status": None,
        "kind": None,
        "body": None,
    }
    return session.one(_CLAIM, {**row, "before": micros(now - LIFE)}) is not None


def find(session: Session, vault: Vault, shop: str, key: str) -> Kept:
    """Return what is kept under a key that is taken; raise `ValueError` if it cannot be opened."""
    row = session.one(_FIND, {"shop": shop, "name": key})
    assert row is not None
    hash, status, kind, body = row
    return Kept(hash, status, kind, None if body is None else _opened(vault, shop, key, body))


def keep(
    session: Session,
    vault: Vault,
    shop: str,
    key: str,
    *,
    status: int,
    kind: str | None,
    body: bytes | None,
) -> None:
    """Keep an answer under the key that was taken for it."""
    sealed = None if body is None else vault.seal(body, shop, f"{_USE} {key}")
    told = {"told": status, "type": kind, "sealed": sealed}
    session.send(_KEEP, {"shop": shop, "name": key, **told})


def drop(session: Session, shop: str, verbs: Iterable[str]) -> None:
    """Keep of a shop's answers to these verbs only that they were done."""
    for verb in verbs:
        session.send(_DROP, {"shop": shop, "what": verb})


def sweep(session: Session, now: datetime) -> int:
    """Remove what is kept no longer; return how many rows."""
    return session.run(_SWEEP, {"before": micros(now - LIFE - _GRACE)})


def _opened(vault: Vault, shop: str, key: str, body: bytes) -> bytes:
    return vault.open(bytes(body), shop, f"{_USE} {key}")
