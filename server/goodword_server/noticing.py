"""A till that notes how it answered, so that the owner can see whether the shop is reachable."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final, Protocol, TypeVar, runtime_checkable

from goodword.errors import TillRefused, TillTrouble
from goodword.model.followup import Adjusted, Grant, Granted, TakenBack
from goodword.model.money import Money
from goodword.model.order import Order
from goodword.model.trouble import Trouble, trouble_of
from goodword.platforms import Adjusts, Till, Unreadable

T = TypeVar("T")
_ANSWERED: Final = "answered"


def silence_of(error: TillTrouble) -> Trouble | None:
    """Return why a till cannot be asked; None for one that only said no: it is there."""
    shut = error.facts.get("cause") == "disconnected"
    if isinstance(error, TillRefused) and not shut:
        return None
    return trouble_of(error, str(error.facts["what"]))


@runtime_checkable
class Adjusting(Adjusts, Till, Protocol):
    """A till that can change what stands at its shop."""


class NoticedTill:
    """A shop's till; ``note`` hears after each question what went wrong, or None.

    ``count`` hears that it was answered, or the reason of its trouble; of a list once.
    """

    def __init__(
        self, till: Till, note: Callable[[str | None], None], count: Callable[[str], None]
    ) -> None:
        self._till = till
        self._note = note
        self._count = count

    def order(self, id: str) -> Order | None:
        return self._asked(lambda: self._till.order(id))

    def orders_since(self, moment: datetime) -> Iterator[Order | Unreadable]:
        orders = self._till.orders_since(moment)
        while (order := self._heard(lambda: next(orders, None))) is not None:
            yield order
        self._count(_ANSWERED)

    def earlier_orders(self, order: Order) -> int | None:
        return self._asked(lambda: self._till.earlier_orders(order))

    def grant(self, grant: Grant) -> Granted:
        return self._asked(lambda: self._till.grant(grant))

    def look(self, grant: Grant) -> Granted | None:
        return self._asked(lambda: self._till.look(grant))

    def take_back(self, granted: Granted, left: Money | None) -> TakenBack:
        return self._asked(lambda: self._till.take_back(granted, left))

    def _asked(self, question: Callable[[], T]) -> T:
        answer = self._heard(question)
        self._count(_ANSWERED)
        return answer

    def _heard(self, question: Callable[[], T]) -> T:
        try:
            answer = question()
        except TillTrouble as error:
            self._note(silence_of(error))
            self._count(error.reason)
            raise
        self._note(None)
        return answer


class NoticedAdjusting(NoticedTill):
    """One that can change what stands at its shop."""

    def __init__(
        self, till: Adjusting, note: Callable[[str | None], None], count: Callable[[str], None]
    ) -> None:
        super().__init__(till, note, count)
        self._adjusts = till

    def adjust(self, grant: Grant, remote: str) -> Adjusted:
        return self._asked(lambda: self._adjusts.adjust(grant, remote))
