"""Installations that would run out if nobody asked anything of them are looked after."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from goodword.errors import TillTrouble
from goodword.platforms import Tended
from goodword_server.house import House
from goodword_server.noticing import silence_of
from goodword_server.storage import installations

_log = logging.getLogger("goodword_server")


def tend_all(house: House, until: Callable[[], bool] = lambda: False) -> int:
    """Renew what would run out unused, shop by shop, or ``until`` says so; return how many were."""
    tended = 0
    for name, platform in house.platforms.items():
        if isinstance(platform, Tended):
            shops = house.database.read(partial(installations.shops_of, platform=name))
            tended += sum(_tend(house, platform, shop) for shop in shops if not until())
    return tended


def _tend(house: House, platform: Tended, shop: str) -> bool:
    """Look after one shop; its trouble is not another's."""
    connected = house.installation_of(shop)
    if connected is None:
        return False
    try:
        return platform.tend(house.at_hand(connected.installation))
    except TillTrouble as error:
        house.noting.till(shop, silence_of(error))
    except Exception:
        _log.exception("%s could not be looked after and will be tried again", shop)
    return False
