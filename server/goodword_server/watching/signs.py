"""How a shop is set up, as its platform says: what is well there, and what to look at."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from goodword.watching import Condition, Giving
from goodword_server.house import House


def told(condition: Condition) -> list[Mapping[str, Any]]:
    """Return a shop's signs as they are kept."""
    return [
        {"reason": one.reason, "is_well": one.is_well, "facts": dict(one.facts)}
        for one in condition.signs
    ]


def giving_of(house: House, shop: str) -> Collection[Giving]:
    """Return what a shop's programs give, and what its platform must know and allow for it."""
    programs = house.referrals(shop).programs.list()
    return {
        Giving(
            kind=worth.kind,
            combines_with=one.combines_with,
            unit=worth.amount.unit if worth.amount else None,
            by_product=bool(one.terms.products or one.terms.without_products),
        )
        for one in programs
        for worth in (one.offer, one.reward)
    }
