"""What an owner began to join a shop: believed once, for a short while."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, insert, or_, select, update

from goodword.storage.sql import Session, Statement, micros, moment
from goodword.storage.troubles import packed, unpacked
from goodword_server.storage.tables import joinings

_ADD: Final = Statement(insert(joinings))
_one = (joinings.c.shop == bindparam("shop")) & (joinings.c.hash == bindparam("hashed"))
_USE: Final = Statement(
    update(joinings)
    .where(
        _one,
        joinings.c.way == bindparam("came"),
        joinings.c.platform == bindparam("of"),
        joinings.c.used.is_(None),
        joinings.c.expires > bindparam("now"),
    )
    .values(used=bindparam("now"))
    .returning(joinings.c.account, joinings.c.url)
)
_SET: Final = Statement(update(joinings).where(_one).values(outcome=bindparam("told")))
_LAST: Final = Statement(
    select(
        joinings.c.way, joinings.c.url, joinings.c.made, joinings.c.expires, joinings.c.used,
        joinings.c.outcome,
    )
    .where(joinings.c.shop == bindparam("shop"))
    .order_by(joinings.c.made.desc())
    .limit(1)
)  # fmt: skip
# A shop has few; those that are over are swept away with the next that is begun.
_SWEEP: Final = Statement(
    delete(joinings).where(
        joinings.c.shop == bindparam("shop"),
        or_(
            joinings.c.expires <= bindparam("before"),
            (joinings.c.way == bindparam("alone")) & joinings.c.used.is_(None),
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Begun:
    """Who began to join a shop, and where."""

    account: str
    url: str | None
    """The shop's own address; None: it says so itself."""


@dataclass(frozen=True, slots=True)
class LastTry:
    """How the last try to join a shop stands."""

    way: str
    url: str | None
    made: datetime
    expires: datetime
    used: datetime | None
    outcome: str | None
    """None: nothing came of it yet; empty: it was joined; else what was in the way."""


def begin(
    session: Session,
    shop: str,
    state: str,
    way: str,
    account: str,
    platform: str,
    url: str | None,
    now: datetime,
    expires: datetime,
) -> None:
    """Keep that somebody began to join a shop; what was begun in this way before is over.

    Not where the shop has no name yet: those are many shops.
    """
    session.run(_SWEEP, {"shop": shop, "before": micros(now), "alone": way if shop else ""})
    row = {"shop": shop, "hash": _hash(state), "way": way, "account": account, "url": url}
    moments = {"made": micros(now), "expires": micros(expires), "used": None}
    session.run(_ADD, {**row, **moments, "platform": platform, "outcome": None})


def use(
    session: Session, shop: str, state: str, way: str, platform: str, now: datetime
) -> Begun | None:
    """Believe a state, this once; None if nobody began so, or it was used, or is over."""
    asked = {"shop": shop, "hashed": _hash(state), "came": way, "of": platform}
    row = session.one(_USE, asked | {"now": micros(now)})
    return Begun(*row) if row else None


def note(session: Session, shop: str, state: str, outcome: str) -> None:
    """Keep what came of it."""
    session.run(_SET, {"shop": shop, "hashed": _hash(state), "told": packed(outcome)})


def last(session: Session, shop: str) -> LastTry | None:
    """Return how the last try to join a shop stands."""
    row = session.one(_LAST, {"shop": shop})
    if row is None:
        return None
    way, url, made, expires, used, outcome = row
    begun, over = moment(made), moment(expires)
    assert begun is not None
    assert over is not None
    told = None if outcome is None else unpacked(outcome)
    return LastTry(way, url, begun, over, moment(used), told)


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
