"""An installation is kept in the place of what the shop had before, with what was noted there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from goodword.errors import Invalid
from goodword.platforms import NOTE
from goodword.storage.sql import Session
from goodword_server.storage import installations
from goodword_server.storage.installations import Connected
from goodword_server.vault import Vault


def enter(session: Session, vault: Vault, connected: Connected, now: datetime) -> None:
    """Keep an installation; raise `Invalid` where another shop is heard at its address."""
    other = installations.shop_at(session, connected.path)
    if other is not None and other != connected.installation.shop:
        if installations.is_connected(session, other):
            mend = "is connected here as another shop: disconnect it there first"
            raise Invalid(field="url", mend=mend)
        # It left, and comes back by another name.
        installations.remove(session, other)
    installations.put(session, vault, _with_notes(session, vault, connected), now)


def notes_of(credentials: Mapping[str, str]) -> dict[str, str]:
    """Return what a platform wrote down among the credentials."""
    return {name: note for name, note in credentials.items() if name.startswith(NOTE)}


def _with_notes(session: Session, vault: Vault, connected: Connected) -> Connected:
    """Return an installation with what its platform had written down among the credentials."""
    one = connected.installation
    try:
        before = installations.whole(session, vault, one.shop)
    except ValueError:
        return connected
    if before is None or before.installation.platform != one.platform:
        return connected
    kept = {**notes_of(before.installation.credentials), **one.credentials}
    return replace(connected, installation=replace(one, credentials=kept))
