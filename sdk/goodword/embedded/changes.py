"""What a transaction changed, found by looking before and after, and told as events.

Whatever changes an order takes hold of it first (`orders.find` with ``lock``): an order that
arrives, a refund, a person's word, a claim, a payment, a worker's release, grant, expiry or taking
back.  So that is where an order is looked at before, and no cause has events of its own; it is
looked at again when the work is done, and the difference is written down in the same transaction.
A shop to which nobody listens pays a flag, read along with the lock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from goodword import wire
from goodword.embedded import rewards
from goodword.model.event import Event, EventType
from goodword.model.followup import Thanks
from goodword.model.outcome import Referral, Reward
from goodword.storage import events, orders, thanks
from goodword.storage.sql import Book, new_id

_TYPES: Final = frozenset(EventType)
_PERSONAL: Final = ("name", "email")
_News = tuple[EventType, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class _Stands:
    """What is told of one order, as it stands at one moment."""

    referral: Referral | None
    rewards: Mapping[tuple[str, str], Reward]
    thanks: Thanks | None


class Changes:
    """The orders that one transaction takes hold of, as they stood before."""

    __slots__ = ("_before",)

    def __init__(self) -> None:
        self._before: dict[str, _Stands] = {}

    def note(self, book: Book, order: str) -> None:
        """Look at an order that is about to be changed."""
        if order not in self._before:
            self._before[order] = _look(book, order)

    def tell(self, book: Book, now: datetime) -> None:
        """Write down what is different by now."""
        for order, before in self._before.items():
            for type, data in _news(before, _look(book, order)):
                event = Event(id=new_id(now), type=type, timestamp=now, shop=book.shop, data=data)
                events.add(book, event)


def _look(book: Book, order: str) -> _Stands:
    return _Stands(
        referral=orders.referral_of(book, order),
        # Its text is worth money: who needs it asks for it.
        rewards={
            (one.advocate, one.worth.unit): replace(one, text=None)
            for one in rewards.of_order(book, order)
        },
        thanks=thanks.promised(book, order),
    )


def _news(before: _Stands, after: _Stands) -> Iterator[_News]:
    yield from _of_referral(before.referral, after.referral)
    for key, reward in sorted(after.rewards.items()):
        # While a shop is asked there is nothing to tell: its answer is.
        type = f"reward.{reward.state}"
        if reward != before.rewards.get(key) and type in _TYPES:
            yield EventType(type), wire.plain(reward)
    if after.thanks is not None:
        yield from _of_thanks(before.thanks, after.thanks)


def _of_referral(before: Referral | None, after: Referral | None) -> Iterator[_News]:
    if after is None:
        if before is not None:
            yield EventType.REFERRAL_GONE, wire.plain(before)
    elif before is None:
        yield EventType.REFERRAL_CREATED, wire.plain(after)
    elif before != after:
        yield EventType.REFERRAL_CHANGED, wire.plain(after)


def _of_thanks(before: Thanks | None, after: Thanks) -> Iterator[_News]:
    told = {name: one for name, one in wire.plain(after).items() if name not in _PERSONAL}
    if before is None:
        yield EventType.THANKS_OWED, told
    elif before.kept is None and after.kept is not None:
        yield EventType.THANKS_KEPT, told
