"""A till that notes how it answered, so that the owner can see whether the shop is reachable."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TypeVar

from goodword.errors import TillRefused, TillTrouble
from goodword.model.followup import Grant, Granted, TakenBack
from goodword.model.money import Money
from goodword.model.order import Order
from goodword.model.trouble import trouble_of
from goodword.platforms import Till, Unreadable

T = TypeVar("T")


class NoticedTill:
    """A shop's till; ``note`` hears after each question what went wrong, or None."""

    def __init__(self, till: Till, note: Callable[[str | None], None]) -> None:
        self._till = till
        self._note = note

    def order(self, id: str) -> Order | None:
        return self._asked(lambda: self._till.order(id))

    def orders_since(self, moment: datetime) -> Iterator[Order | Unreadable]:
        orders = self._till.orders_since(moment)
        while (order := self._asked(lambda: next(orders, None))) is not None:
            yield order

    def earlier_orders(self, order: Order) -> int | None:
        return self._asked(lambda: self._till.earlier_orders(order))

    def grant(self, grant: Grant) -> Granted:
        return self._asked(lambda: self._till.grant(grant))

    def look(self, grant: Grant) -> Granted | None:
        return self._asked(lambda: self._till.look(grant))

    def take_back(self, granted: Granted, left: Money | None) -> TakenBack:
        return self._asked(lambda: self._till.take_back(granted, left))

    def _asked(self, question: Callable[[], T]) -> T:
        try:
            answer = question()
        except TillRefused:
            # It said no: so it is there.
            self._note(None)
            raise
        except TillTrouble as error:
            self._note(trouble_of(error, str(error.facts["what"])))
            raise
        self._note(None)
        return answer
