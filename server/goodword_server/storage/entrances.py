"""How the links to advocates' pages stand: how often they were revoked, and used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword.storage.sql import Session, Statement
from goodword_server.storage.tables import entrances

_mine = (entrances.c.shop == bindparam("shop")) & (entrances.c.advocate == bindparam("advocate"))
_FIND: Final = Statement(select(entrances.c.issue, entrances.c.used).where(_mine))
_OPEN: Final = Statement(
    upsert(entrances).on_conflict_do_nothing(index_elements=["shop", "advocate"])
)
_revoke = upsert(entrances).values(
    shop=bindparam("shop"),
    advocate=bindparam("advocate"),
    issue=literal_column("1"),
    used=literal_column("0"),
)
_REVOKE: Final = Statement(
    _revoke.on_conflict_do_update(
        index_elements=["shop", "advocate"], set_={"issue": entrances.c.issue + 1}
    )
)
_which = (entrances.c.shop == bindparam("shop")) & (entrances.c.advocate == bindparam("whose"))
_USE: Final = Statement(
    update(entrances)
    .where(
        _which, entrances.c.issue == bindparam("at_issue"), entrances.c.used == bindparam("before")
    )
    .values(used=entrances.c.used + 1)
)


@dataclass(frozen=True, slots=True)
class Entrance:
    """How the links to one advocate's page stand."""

    issue: int = 0
    """How often they were revoked: what was made before opens no more."""
    used: int = 0
    """How many mailed links were used: each is used once."""


def find(session: Session, shop: str, advocate: str) -> Entrance:
    """Return how the links of an advocate stand."""
    row = session.one(_FIND, {"shop": shop, "advocate": advocate})
    return Entrance(*row) if row else Entrance()


def revoke(session: Session, shop: str, advocate: str) -> None:
    """Let no link and no session of an advocate open anything more."""
    session.run(_REVOKE, {"shop": shop, "advocate": advocate})


def use(session: Session, shop: str, advocate: str, seen: Entrance) -> bool:
    """Use a mailed link; False if it was used before, or revoked."""
    session.run(_OPEN, {"shop": shop, "advocate": advocate, "issue": 0, "used": 0})
    told = {"shop": shop, "whose": advocate, "at_issue": seen.issue, "before": seen.used}
    return session.run(_USE, told) == 1
