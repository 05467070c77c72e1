"""Coupons that can still be used say what was promised; what does not is told to the owner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from goodword.duties import live
from goodword.model.ledger import Part
from goodword.storage.sql import Book
from goodword.watching import Promised
from goodword_server.house import House
from goodword_server.watching.step import Step

# A person looks at them one by one.
_TOLD_MOST: Final = 50


def look_at(step: Step) -> Mapping[str, Any]:
    """Hold every live coupon against its promise."""
    looked, differing = 0, 0
    told: list[list[Any]] = []
    for some in pages(step.house, step.shop):
        found = step.watch.differing(some)
        looked, differing = looked + len(some), differing + len(found)
        told += [[one.text, list(one.what)] for one in found]
        step.keep(step.taken.notes)
    return {"looked": looked, "differing": differing, "told": told[:_TOLD_MOST]}


def pages(house: House, shop: str) -> Iterator[list[Promised]]:
    """Yield the coupons that stand at a shop, a page at a time: rewards, then friends' own."""
    for part in (Part.REWARD, Part.OFFER):
        after = ""
        while some := _page(house, shop, part, after):
            yield some
            after = some[-1].grant.id


def _page(house: House, shop: str, part: Part, after: str) -> list[Promised]:
    return house.database.read(
        lambda session: live.promised(Book(session, shop), house.now(), part, after)
    )
