"""What is a customer's own, as JSON: their code and link, their friends, their rewards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from werkzeug.exceptions import NotFound

from goodword.apps import KnowsCustomers
from goodword.errors import Unknown
from goodword.model.people import Advocate
from goodword.model.program import Program
from goodword.platforms import Installation
from goodword_server.apps.asking import Asking
from goodword_server.entering import known
from goodword_server.house import House
from goodword_server.pages.own import Passing, own
from goodword_server.taking_part import for_customers

_NO_CUSTOMER: Final = "the shop knows no such customer, or the order is not of this checkout"


class NoProgram(Unknown):
    """Nothing that a customer could take part in is promised just now."""

    reason = "no_program"
    message = "no program of this shop takes customers now"


def own_sheet(house: House, asked: Asking, person: str) -> Mapping[str, Any]:
    """Return what is a customer's own; of one who has no code yet, what they may take part in."""
    advocate = known(house, asked.shop, person)
    if advocate is None:
        return {"advocate": None, "programs": _programs(house, asked), "codes": []}
    shown = own(house, asked.connected, advocate, asked.language, {})
    return {
        "advocate": advocate.id,
        "programs": _programs(house, asked),
        "codes": [_passing(one) for one in shown.passing],
        "friends": [
            {"friend": one.who, "at": one.at.isoformat(), "words": one.words}
            for one in shown.friends
        ],
        "friends_in_all": shown.friends_in_all,
        "rewards": [
            {"words": one.words, "coupon": one.coupon, "use": one.use} for one in shown.gifts
        ],
        "owed_back": list(shown.debts),
    }


def invite(house: House, asked: Asking, program: str | None) -> None:
    """Give a code to the customer who is signed in."""
    platform, installation = _counter(house, asked)
    found = platform.customer(installation, asked.who.person or "")
    _invite(house, asked, found, program)


def of_buyer(
    house: House, asked: Asking, order: str, checkout: str, program: str | None = None
) -> Mapping[str, Any]:
    """Give a code to whoever placed an order, and tell it alone: anybody may hold the order."""
    platform, installation = _counter(house, asked)
    found = _invite(house, asked, platform.buyer(installation, order, checkout), program)
    shown = own(house, asked.connected, found, asked.language, {})
    return {"codes": [_passing(one) for one in shown.passing]}


def _counter(house: House, asked: Asking) -> tuple[KnowsCustomers, Installation]:
    installation = asked.connected.installation
    platform: object = house.platforms.get(installation.platform)
    if not isinstance(platform, KnowsCustomers):
        raise NotFound(_NO_CUSTOMER)
    return platform, house.at_hand(installation)


def _invite(house: House, asked: Asking, found: Advocate | None, program: str | None) -> Advocate:
    if found is None:
        raise NotFound(_NO_CUSTOMER)
    before = known(house, asked.shop, found.id)
    if before is not None:
        # Somebody of staff shops, too: what they are to the shop stays.
        found = replace(found, relation=before.relation)
    chosen = program or next(iter(_open(house, asked)), None)
    if chosen is None:
        raise NoProgram
    asked.referrals.advocates.invite(chosen, found)
    return found


def _open(house: House, asked: Asking) -> Mapping[str, Program]:
    return for_customers(asked.referrals, house.now())


def _programs(house: House, asked: Asking) -> list[Mapping[str, str]]:
    return [{"program": name, "title": one.title} for name, one in _open(house, asked).items()]


def _passing(one: Passing) -> Mapping[str, Any]:
    return {
        "program": one.code.program,
        "title": one.title,
        "code": one.code.text,
        "shown": one.code.shown,
        "coupon": one.code.coupon,
        "live": one.live,
        "link": one.link,
        "card": one.card,
        "message": one.message,
    }
