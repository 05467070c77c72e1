"""Leaving a shop: from then on it is heard no more, and what is ours there is removed.

What opened the shop is kept, sealed, until that is done: one that is down today is told tomorrow.
Where every shop of a platform delivers to one address, what the law asks of us is still heard.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import Final

from goodword.duties import live
from goodword.errors import TillRefused, TillTrouble
from goodword.model.followup import Granted
from goodword.model.trouble import Trouble, trouble_of
from goodword.platforms import Till
from goodword.storage.sql import Book, Session
from goodword.watching import Promised, Watches
from goodword_server import parting, registered
from goodword_server.house import House, UnknownShop
from goodword_server.storage import audit, farewells, installations
from goodword_server.storage.farewells import Taken
from goodword_server.watching import coupons

_log = logging.getLogger("goodword_server")
_LEASE: Final = timedelta(minutes=30)
_AT_ONCE: Final = 20
# By then the shop is gone, or its owner has ended the keys.
_GIVEN_UP_AFTER: Final = timedelta(days=14)
_REFUSED_MOST: Final = 3
_HINT: Final = 7


class Coupons(StrEnum):
    """What becomes of the coupons that can still be used."""

    KEEP = "keep"
    """They stay, and the shop honours them."""
    DISABLE = "disable"
    """Those that nobody used are disabled at the shop, and expire in the book."""


def leave(house: House, shop: str, choice: Coupons, account: str | None = None) -> None:
    """Disconnect a shop; raise `UnknownShop`.  A worker says farewell to it from then on."""
    if not house.database.write(lambda session: _left(session, house, shop, choice, account)):
        raise UnknownShop(shop=shop)
    house.remember_nothing()


def _left(session: Session, house: House, shop: str, choice: Coupons, account: str | None) -> bool:
    now = house.now()
    if not installations.is_connected(session, shop):
        return False
    try:
        connected = installations.of(session, house.vault, shop)
    except ValueError:
        # What opened the shop is lost: there is nothing to say farewell with.
        connected = None
    if connected is not None:
        farewells.add(session, house.vault, connected, choice, now)
    parting.end(session, house, shop, connected)
    audit.add(session, shop, account, "disconnected", choice, now)
    return True


def say_all(house: House, until: Callable[[], bool] = lambda: False) -> int:
    """Say the farewells that are due; return how many."""
    due = house.database.read(partial(farewells.ready, now=house.now(), most=_AT_ONCE))
    said = 0
    for shop, id in due:
        if until():
            break
        said += _say(house, shop, id)
    return said


def _say(house: House, shop: str, id: str) -> int:
    taken = house.database.write(
        lambda s: farewells.claim(s, house.vault, shop, id, house.now(), _LEASE)
    )
    if taken is None:
        return 0
    try:
        left = _said(house, taken)
    except TillTrouble as error:
        why = trouble_of(error, str(error.facts["what"]))
        _later(house, taken, why, refused=isinstance(error, TillRefused))
    except Exception as error:
        _log.exception("no farewell was said to %s", shop)
        kind = type(error).__name__
        why = Trouble(f"{kind} while it was said", "leaving_fault", kind=kind)
        _later(house, taken, why, refused=False)
    else:
        house.database.write(lambda s: farewells.end(s, taken, house.now(), left=left))
    return 1


def _said(house: House, taken: Taken) -> str | None:
    """Remove what is ours at the shop; return what only a person can remove."""
    if taken.connected is None:
        return None
    # The app's own keys may have changed since the shop let it in.
    installation = registered.with_keys(house.apps, taken.connected.installation)
    platform = house.platforms.get(installation.platform)
    if platform is None:
        raise RuntimeError(f"the platform {installation.platform} is not installed")
    if isinstance(platform, Watches):
        platform.watch(installation).leave(house.hook_url(taken.connected))
    if taken.coupons == Coupons.DISABLE:
        till = platform.open(installation)
        for some in coupons.pages(house, taken.shop):
            for one in some:
                _disable(house, taken.shop, till, one)
    return _keys_left(taken)


def _disable(house: House, shop: str, till: Till, one: Promised) -> None:
    grant = one.grant
    granted = Granted(grant=grant.id, text=grant.text, remote=one.remote, made=grant.made)
    try:
        taken = till.take_back(granted, None)
    except TillRefused as error:
        if error.facts.get("cause") != "use_unknown":
            raise
        # It is gone at the shop; of what nobody can know the book says nothing.
        return
    # Opened before the transaction, in which the tables cannot be checked.
    house.referrals(shop)
    house.database.write(lambda s: live.end(Book(s, shop), one, taken, house.now()))


def _keys_left(taken: Taken) -> str | None:
    """Return how the keys end that stay at the shop: no REST API can end its own."""
    if taken.connected is None:
        return None
    found = taken.connected.installation.credentials.get("consumer_key", "")
    return found[-_HINT:] or None


def _later(house: House, taken: Taken, why: Trouble, *, refused: bool) -> None:
    now = house.now()
    over = now - taken.made >= _GIVEN_UP_AFTER or (refused and taken.tries >= _REFUSED_MOST)
    if over:
        left = _keys_left(taken)
        house.database.write(lambda s: farewells.end(s, taken, now, left=left, why=why))
        return
    seconds = 86_400.0 if refused else min(21_600.0, 60.0 * 2.0 ** min(taken.tries, 20))
    pause = timedelta(seconds=seconds * random.uniform(0.5, 1.0))
    house.database.write(lambda s: farewells.later(s, taken, now + pause, why))
