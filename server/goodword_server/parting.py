"""A shop is opened no more, because its owner says so here, or removed us at the shop itself.

Where every shop of a platform delivers to one address, its deliveries still find it: the law asks
things of us afterwards.
"""

from __future__ import annotations

from typing import Final

from goodword.errors import TillRefused
from goodword.platforms import OneAddress
from goodword.storage.sql import Session
from goodword_server.house import House, notes_of
from goodword_server.storage import audit, installations, keys, rounds
from goodword_server.storage.installations import Connected
from goodword_server.storage.keys import PLUGIN

# Why a shop opens no more: its owner removed us.
_OVER: Final = frozenset({"disconnected"})
# Or nobody is there any more who could say, or only our own keys are wrong: then the word that the
# platform signed counts.
_CLOSED: Final = frozenset({"keys_refused", "no_api", "frozen", "sent_elsewhere"})


def over(house: House, shop: str, *, is_new: bool = True) -> Connected | None:
    """Ask a shop whether it still lets us in; return what opened it, if it does not.

    What tells that an owner removed us may come late, twice, or with a forged header.  Raises what
    a till raises.  ``is_new``: it may be about the shop as it was joined last, and is believed of
    one that is closed.
    """
    # Not as it is remembered: it may have been joined anew just now.
    connected = house.database.read(lambda session: installations.of(session, house.vault, shop))
    watch = house.watch(connected) if connected is not None else None
    if connected is None or watch is None:
        return None
    try:
        watch.condition()
    except TillRefused as error:
        if error.facts.get("cause") not in (_OVER | _CLOSED if is_new else _OVER):
            raise
        return connected
    return None


def has_left(session: Session, house: House, connected: Connected) -> bool:
    """Keep that a shop's owner does without us: its jobs stop, and nothing opens it any more.

    What of ours is there cannot be removed then.  False if it was joined anew meanwhile.
    """
    shop, now = connected.installation.shop, house.now()
    if not _kept(session, house, connected):
        return False
    _end_jobs(session, house, shop)
    audit.add(session, shop, None, "shop_left", connected.installation.url, now)
    return True


def end(session: Session, house: House, shop: str, connected: Connected | None) -> None:
    """Open a shop no more."""
    if connected is None or not _delivers_with_others(house, connected):
        installations.remove(session, shop)
    else:
        found: Connected | None = connected
        while found is not None and not _kept(session, house, found):
            # What opens it was renewed just now.
            found = installations.of(session, house.vault, shop)
    _end_jobs(session, house, shop)


def _kept(session: Session, house: House, connected: Connected) -> bool:
    """Keep of what opened a shop only its platform's notes."""
    notes = notes_of(connected.installation.credentials)
    return installations.set_left(session, house.vault, connected, notes, house.now())


def _end_jobs(session: Session, house: House, shop: str) -> None:
    rounds.end(session, shop)
    for key in keys.of(session, shop):
        if key.label == PLUGIN and key.ended is None:
            keys.end(session, shop, key.id, house.now())


def _delivers_with_others(house: House, connected: Connected) -> bool:
    return isinstance(house.platforms.get(connected.installation.platform), OneAddress)
