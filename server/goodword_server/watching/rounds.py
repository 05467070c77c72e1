"""The rounds of every shop: taken up when they are due, made once, and made again."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Final, NamedTuple

from goodword.errors import GoodwordError, Invalid, TillRefused, TillTrouble
from goodword.model.trouble import Trouble, trouble_of
from goodword.storage.sql import Session
from goodword.watching import Watches
from goodword_server.house import NOTICED, House, UnknownShop
from goodword_server.noticing import silence_of
from goodword_server.storage import installations, rounds
from goodword_server.storage.rounds import Taken
from goodword_server.watching import coupons, hooks, orders
from goodword_server.watching.catching_up import JUST_JOINED
from goodword_server.watching.step import LEASE, BrokenOff, NotYet, Step

_log = logging.getLogger("goodword_server")
_AT_ONCE: Final = 100
_PAUSE_SHORTEST: Final = 60.0


class Round(NamedTuple):
    """What is looked at, and how often."""

    make: Callable[[Step], Mapping[str, Any]]
    every: timedelta
    asks: bool = False
    """Whether the shop is asked in any case, and not only where there is something to look at."""


ROUNDS: Final[Mapping[str, Round]] = {
    "hooks": Round(hooks.see, timedelta(days=1), asks=True),
    "orders": Round(orders.compare, timedelta(hours=1), asks=True),
    "gone": Round(orders.look_for_gone, timedelta(days=1)),
    "coupons": Round(coupons.look_at, timedelta(days=1)),
}


def plan(session: Session, house: House, shop: str, *, again: bool = False) -> None:
    """Let a shop that was just connected be looked at from now on.

    ``again``: it was connected before, and is told of its new secret once every process knows it.
    """
    now = house.now()
    connected = installations.of(session, house.vault, shop)
    platform: object = connected and house.platforms.get(connected.installation.platform)
    installation = connected.installation if connected else None
    begun = {"orders": orders.first_notes(platform, installation, now)}
    # What stands there from before may sign with a secret that nobody knows any more.
    wanted = {"hooks": hooks.ROTATED, "orders": JUST_JOINED}
    for name in ROUNDS:
        # The till alone is enough to compare orders.
        if name == "orders" or isinstance(platform, Watches):
            at = now + NOTICED if again and name == "hooks" else now
            rounds.plan(session, shop, name, at, wanted=wanted.get(name), notes=begun.get(name))


def make_all(house: House, until: Callable[[], bool] = lambda: False) -> int:
    """Make the rounds that are due; return how many."""
    made = 0
    while not until():
        due = house.database.read(partial(rounds.ready, now=house.now(), most=_AT_ONCE))
        some = sum(_make(house, shop, name, until) for shop, name in due if not until())
        made += some
        # One round may want another at once: what was off must be looked for.
        if some == 0:
            break
    return made


def _make(house: House, shop: str, name: str, until: Callable[[], bool]) -> int:
    taken = house.database.write(lambda s: rounds.claim(s, shop, name, house.now(), LEASE))
    if taken is None:
        return 0
    try:
        notes = _made(house, taken, until)
    except BrokenOff:
        house.database.write(lambda s: rounds.give_back(s, taken, house.now()))
    except NotYet as waits:
        _note(house, shop, None)
        at = house.now() + waits.pause
        house.database.write(lambda s: rounds.give_back(s, taken, at))
    except UnknownShop:
        house.database.write(lambda s: rounds.end(s, shop))
    except TillTrouble as error:
        _note(house, shop, error)
        why = trouble_of(error, str(error.facts["what"]))
        _put_off(house, taken, why, whole=isinstance(error, TillRefused))
    except GoodwordError as error:
        _put_off(house, taken, trouble_of(error), whole=True)
    except Exception as error:
        _log.exception("the %s of %s could not be looked at", name, shop)
        kind = type(error).__name__
        why = Trouble(f"{kind} while it was looked at", "looking_fault", kind=kind)
        _put_off(house, taken, why, whole=False)
    else:
        if ROUNDS[name].asks:
            _note(house, shop, None)
        _end(house, taken, notes)
    return 1


def _made(house: House, taken: Taken, until: Callable[[], bool]) -> Mapping[str, Any]:
    # Not as it is remembered: a secret that was just replaced must not be told to the shop.
    shop = taken.shop
    connected = house.database.read(lambda s: installations.of(s, house.vault, shop))
    if connected is None:
        raise UnknownShop(shop=taken.shop)
    name = connected.installation.platform
    if name not in house.platforms:
        raise Invalid(field="platform", mend=f"{name!r} is not installed")
    return ROUNDS[taken.round].make(Step(house, taken, connected, house.watch(connected), until))


def _note(house: House, shop: str, error: TillTrouble | None) -> None:
    house.noting.till(shop, silence_of(error) if error else None)


def _end(house: House, taken: Taken, notes: Mapping[str, Any]) -> None:
    # Not all shops of a server in one minute.
    pause = ROUNDS[taken.round].every * random.uniform(0.9, 1.0)
    now = house.now()
    house.database.write(lambda s: rounds.done(s, taken, now, now + pause, notes))


def _put_off(house: House, taken: Taken, why: Trouble, *, whole: bool) -> None:
    """Make a round later: soon, and then less and less often; after a no when its time comes."""
    every = ROUNDS[taken.round].every
    soon = timedelta(seconds=_PAUSE_SHORTEST * 2.0 ** min(taken.tries, 20))
    pause = (every if whole else min(every, soon)) * random.uniform(0.5, 1.0)
    house.database.write(lambda s: rounds.later(s, taken, house.now() + pause, why))
