"""Which shop a delivery belongs to, and what opens its till."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword.platforms import Installation
from goodword.storage.sql import Session, Statement, micros, moment
from goodword_server.storage.tables import installations
from goodword_server.vault import Vault

_COLUMNS: Final = (
    installations.c.path,
    installations.c.shop,
    installations.c.platform,
    installations.c.url,
    installations.c.secrets,
    installations.c.credentials,
    installations.c.settings,
    installations.c.joined,
    installations.c.left,
)
_BY_PATH: Final = Statement(
    select(*_COLUMNS).where(installations.c.path == bindparam("path")), across_shops=True
)
_SHOP_AT: Final = Statement(
    select(installations.c.shop).where(installations.c.path == bindparam("path")),
    across_shops=True,
)
_BY_SHOP: Final = Statement(select(*_COLUMNS).where(installations.c.shop == bindparam("shop")))
_PATH: Final = Statement(
    select(installations.c.path).where(installations.c.shop == bindparam("shop"))
)
_CONNECTED: Final = Statement(
    select(installations.c.path).where(
        installations.c.shop == bindparam("shop"), installations.c.left.is_(None)
    )
)
_REMOVE: Final = Statement(delete(installations).where(installations.c.shop == bindparam("shop")))
_put = upsert(installations)
_PUT: Final = Statement(
    _put.on_conflict_do_update(
        index_elements=["shop"],
        set_={
            column.name: _put.excluded[column.name] for column in _COLUMNS if column.name != "shop"
        },
    )
)
# Only what was changed is written, and only over what it was changed from: tokens are renewed, and
# shops joined anew, at any moment.
_SET_CREDENTIALS: Final = Statement(
    update(installations)
    .where(
        installations.c.shop == bindparam("shop"),
        installations.c.credentials == bindparam("before"),
    )
    .values(credentials=bindparam("sealed"))
)
_SET_SECRETS: Final = Statement(
    update(installations)
    .where(
        installations.c.shop == bindparam("shop"), installations.c.secrets == bindparam("before")
    )
    .values(secrets=bindparam("sealed"))
)
_SET_LEFT: Final = Statement(
    update(installations)
    .where(
        installations.c.shop == bindparam("shop"),
        installations.c.credentials == bindparam("before"),
        installations.c.left.is_(None),
    )
    .values(credentials=bindparam("sealed"), left=bindparam("now"))
)
_OF_PLATFORM: Final = Statement(
    select(installations.c.shop)
    .where(installations.c.platform == bindparam("platform"), installations.c.left.is_(None))
    .order_by(installations.c.shop),
    across_shops=True,
)
_USE_SECRETS: Final = "installation secrets"
_USE_CREDENTIALS: Final = "installation credentials"
_USE_WHOLE: Final = "installation left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What was read, as it lies there: who changes it proves so that it still does."""

    secrets: bytes
    credentials: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """An installation as the server keeps it."""

    path: str
    """The unguessable end of the address that its shop delivers to."""
    secrets: tuple[str, ...] = field(repr=False)
    """What its shop signs with; several while they rotate."""
    installation: Installation
    joined: datetime | None = field(default=None, compare=False)
    """When it was last joined."""
    left: datetime | None = field(default=None, compare=False)
    """Since when its owner does without us, and nothing opens it; only what the law asks counts."""
    sealed: Sealed | None = field(default=None, repr=False, compare=False)


def put(session: Session, vault: Vault, connected: Connected, now: datetime) -> None:
    """Keep an installation; a shop has one."""
    one = connected.installation
    session.run(
        _PUT,
        {
            "path": connected.path,
            "shop": one.shop,
            "platform": one.platform,
            "url": one.url,
            "secrets": _seal(vault, connected.secrets, one.shop, _USE_SECRETS),
            "credentials": _seal(vault, dict(one.credentials), one.shop, _USE_CREDENTIALS),
            "settings": json.dumps(dict(one.settings)),
            "made": micros(now),
            "joined": micros(now),
            "left": None,
        },
    )


def shops_of(session: Session, platform: str) -> list[str]:
    """Return the shops of one platform that are connected."""
    return [str(row[0]) for row in session.all(_OF_PLATFORM, {"platform": platform})]


def set_credentials(
    session: Session, vault: Vault, before: Connected, credentials: Mapping[str, str]
) -> bool:
    """Keep other credentials for an installation; False if others were kept meanwhile."""
    return _replaced(session, vault, before, _SET_CREDENTIALS, credentials)


def set_secrets(
    session: Session, vault: Vault, before: Connected, secrets: tuple[str, ...]
) -> bool:
    """Keep what a shop signs with, and nothing else; False if that was changed meanwhile."""
    assert before.sealed is not None
    shop = before.installation.shop
    row = {"shop": shop, "before": before.sealed.secrets}
    return (
        session.run(_SET_SECRETS, {**row, "sealed": _seal(vault, secrets, shop, _USE_SECRETS)}) == 1
    )


def set_left(
    session: Session, vault: Vault, before: Connected, left: Mapping[str, str], now: datetime
) -> bool:
    """Keep that a shop's owner does without us, and of what opened it only ``left``.

    False if it left before, or was joined anew meanwhile.
    """
    return _replaced(session, vault, before, _SET_LEFT, left, now=micros(now))


def at(session: Session, vault: Vault, path: str) -> Connected | None:
    """Return the installation whose deliveries come to this path, though the shop may have left."""
    row = session.one(_BY_PATH, {"path": path})
    return _connected(vault, *row) if row else None


def shop_at(session: Session, path: str) -> str | None:
    """Return the shop that delivers to a path, whether or not its secrets can be opened."""
    row = session.one(_SHOP_AT, {"path": path})
    return str(row[0]) if row else None


def of(session: Session, vault: Vault, shop: str) -> Connected | None:
    """Return the installation of a shop that is connected."""
    found = whole(session, vault, shop)
    return found if found is not None and found.left is None else None


def whole(session: Session, vault: Vault, shop: str) -> Connected | None:
    """Return the installation of a shop, though it may have left."""
    row = session.one(_BY_SHOP, {"shop": shop})
    return _connected(vault, *row) if row else None


def path_of(session: Session, shop: str) -> str | None:
    """Return the path that a shop delivers to, whether or not its secrets can be opened."""
    row = session.one(_PATH, {"shop": shop})
    return str(row[0]) if row else None


def is_connected(session: Session, shop: str) -> bool:
    """Whether a shop is connected, though what opens it may be lost."""
    return session.one(_CONNECTED, {"shop": shop}) is not None


def remove(session: Session, shop: str) -> None:
    """Keep nothing of a shop's installation: what it delivers then is turned away."""
    session.run(_REMOVE, {"shop": shop})


def sealed(vault: Vault, connected: Connected) -> bytes:
    """Return an installation as one that only the vault opens, for this shop."""
    one = connected.installation
    told = {
        "path": connected.path,
        "platform": one.platform,
        "url": one.url,
        "credentials": dict(one.credentials),
        "settings": dict(one.settings),
    }
    return _seal(vault, told, one.shop, _USE_WHOLE)


def unsealed(vault: Vault, shop: str, whole: bytes) -> Connected:
    """Return an installation that was sealed as one, without what its shop signed with."""
    told = _open(vault, whole, shop, _USE_WHOLE)
    path = told.pop("path")
    return Connected(path=path, secrets=(), installation=Installation(shop=shop, **told))


def _connected(
    vault: Vault,
    path: str,
    shop: str,
    platform: str,
    url: str,
    secrets: bytes,
    credentials: bytes,
    settings: str,
    joined: int | None,
    left: int | None,
) -> Connected:
    opened: Mapping[str, str] = _open(vault, credentials, shop, _USE_CREDENTIALS)
    return Connected(
        path=path,
        secrets=tuple(_open(vault, secrets, shop, _USE_SECRETS)),
        installation=Installation(
            shop=shop,
            platform=platform,
            url=url,
            credentials=opened,
            settings=json.loads(settings),
        ),
        joined=moment(joined),
        left=moment(left),
        sealed=Sealed(secrets=bytes(secrets), credentials=bytes(credentials)),
    )


def _replaced(
    session: Session,
    vault: Vault,
    before: Connected,
    statement: Statement,
    credentials: Mapping[str, str],
    **further: Any,
) -> bool:
    assert before.sealed is not None
    shop = before.installation.shop
    sealed = _seal(vault, dict(credentials), shop, _USE_CREDENTIALS)
    row = {"shop": shop, "before": before.sealed.credentials, "sealed": sealed, **further}
    return session.run(statement, row) == 1


def _seal(vault: Vault, value: object, shop: str, use: str) -> bytes:
    return vault.seal(json.dumps(value).encode(), shop, use)


def _open(vault: Vault, sealed: bytes, shop: str, use: str) -> Any:
    return json.loads(vault.open(bytes(sealed), shop, use))
