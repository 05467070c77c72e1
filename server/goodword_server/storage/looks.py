"""Looks: how each shop shows itself, one row a shop."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword.storage.sql import Session, Statement, micros
from goodword_server.looks import Logo, Look, Share
from goodword_server.storage.tables import looks

_SAID: Final = ("name", "colour", "shares", "liff", "language", "zone", "saved")
_here = looks.c.shop == bindparam("shop")
_OF: Final = Statement(
    select(
        *(looks.c[name] for name in _SAID[:-1]),
        *(looks.c.mark, looks.c.width, looks.c.height),
    ).where(_here)
)
_put = upsert(looks).values(**{name: bindparam(name) for name in ("shop", *_SAID)})
# A logo that stands there stays.
_PUT: Final = Statement(
    _put.on_conflict_do_update(
        index_elements=["shop"], set_={name: _put.excluded[name] for name in _SAID}
    )
)
_SET_LOGO: Final = Statement(
    update(looks)
    .where(_here)
    .values(
        mark=bindparam("new_mark"),
        width=bindparam("new_width"),
        height=bindparam("new_height"),
        logo=bindparam("new_logo"),
    )
)
_LOGO: Final = Statement(select(looks.c.logo).where(_here, looks.c.mark == bindparam("known")))
_DROP: Final = Statement(delete(looks).where(_here))


def of(session: Session, shop: str) -> Look | None:
    """Return a shop's look; None if it has not chosen one."""
    row = session.one(_OF, {"shop": shop})
    return _look(*row) if row else None


def put(session: Session, shop: str, look: Look, now: datetime) -> None:
    """Keep a shop's look; its logo stays as it is."""
    row = {
        "shop": shop,
        "name": look.name,
        "colour": look.colour,
        "shares": " ".join(look.shares),
        "liff": look.liff,
        "language": look.language,
        "zone": look.zone,
        "saved": micros(now),
    }
    session.run(_PUT, row)


def put_logo(session: Session, shop: str, logo: Logo | None, png: bytes | None) -> None:
    """Give a shop whose look is kept another logo, or none."""
    row = {
        "shop": shop,
        "new_mark": logo.mark if logo else None,
        "new_width": logo.width if logo else None,
        "new_height": logo.height if logo else None,
        "new_logo": png,
    }
    session.run(_SET_LOGO, row)


def logo(session: Session, shop: str, mark: str) -> bytes | None:
    """Return the PNG of a logo; None if the shop has another one by now."""
    row = session.one(_LOGO, {"shop": shop, "known": mark})
    return bytes(row[0]) if row and row[0] is not None else None


def drop(session: Session, shop: str) -> None:
    """Remove a shop's look."""
    session.run(_DROP, {"shop": shop})


def _look(
    name: str,
    colour: str,
    shares: str,
    liff: str | None,
    language: str,
    zone: str | None,
    mark: str | None,
    width: int | None,
    height: int | None,
) -> Look:
    return Look(
        name=name,
        colour=colour,
        shares=tuple(map(Share, shares.split())),
        liff=liff,
        language=language,
        zone=zone,
        logo=Logo(mark, width, height) if mark and width and height else None,
    )
