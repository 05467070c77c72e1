"""Coupons that can still be used say what was promised; what does not is told to the owner.

What follows the program as it is now, like what they may be combined with, is brought to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from goodword.duties import live
from goodword.model.followup import Duty
from goodword.model.ledger import Part
from goodword.storage import deeds
from goodword.storage.sql import Book, Session
from goodword.watching import Differing, Promised
from goodword_server.house import House
from goodword_server.watching.step import Step

# A person looks at them one by one.
_TOLD_MOST: Final = 50
# What is no promise of the coupon's own version, but the program's as it is now.
_FOLLOWS: Final = frozenset({"combines", "paused"})


def look_at(step: Step) -> Mapping[str, Any]:
    """Hold every live coupon against its promise."""
    looked, differing = 0, 0
    told: list[list[Any]] = []
    for some in pages(step.house, step.shop):
        found = step.watch.differing(some)
        others = [(one.text, [what for what in one.what if what not in _FOLLOWS]) for one in found]
        others = [(text, what) for text, what in others if what]
        looked, differing = looked + len(some), differing + len(others)
        told += [[text, what] for text, what in others]
        step.keep(step.taken.notes, partial(_follow, step, some, found))
    return {"looked": looked, "differing": differing, "told": told[:_TOLD_MOST]}


def _follow(
    step: Step, some: Sequence[Promised], found: Sequence[Differing], session: Session
) -> None:
    """Let be adjusted what follows the program: nobody has to look at that."""
    behind = {one.text for one in found if not _FOLLOWS.isdisjoint(one.what)}
    for one in some:
        if one.grant.text in behind:
            now = step.house.now()
            deeds.plan(Book(session, step.shop), Duty.ADJUST, one.grant.id, now, now)


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
