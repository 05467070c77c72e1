"""Grants of every kind, the faults they meet, and a safe for what is noted of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from goodword.model.followup import Grant
from goodword.model.worth import (
    Worth,
    amount_off,
    free_product,
    free_shipping,
    gift_card,
    percent_off,
    store_credit,
)
from goodword_shopify.standin import Fault

MEI = "mei@example.com"
ENDS = datetime(2027, 1, 31, 23, 0, tzinfo=UTC)
WORTHS = {
    "amount": amount_off("5.00", "EUR"),
    "percent": percent_off("12.5"),
    "shipping": free_shipping(),
    "product": free_product("77"),
    "card": gift_card("5.00", "EUR"),
    "credit": store_credit("5.00", "EUR"),
}
LOST = [Fault.GATEWAY_AFTER, Fault.HANG, Fault.DROP, Fault.PARTIAL]
# Somebody waits a second or more until each is over.
_SILENT = frozenset({Fault.HANG, Fault.SLOW})
NOT_DONE = [Fault.GATEWAY, Fault.RESET, Fault.HTML, Fault.INTERNAL]


def by_fault(*faults: Fault) -> pytest.MarkDecorator:
    """Let a test run once for each fault: those that it takes long to meet are slow ones."""
    marks = {one: [pytest.mark.slow] if one in _SILENT else [] for one in faults}
    cases = [pytest.param(one, marks=marks[one]) for one in faults]
    return pytest.mark.parametrize("fault", cases)


class KeptSafe:
    """A safe that outlives the till."""

    def __init__(self) -> None:
        self.kept: Mapping[str, str] | None = None
        self._lock = threading.Lock()

    def renew(
        self, shop: str, renewed: Callable[[Mapping[str, str]], Mapping[str, str]]
    ) -> Mapping[str, str]:
        with self._lock:
            self.kept = renewed(self.kept or {})
            return self.kept


def a_grant(worth: Worth = WORTHS["amount"], id: str = "g-1", **other: Any) -> Grant:
    usual: dict[str, Any] = {"person": "c-17", "email": MEI, "expires": ENDS}
    text = f"thanks-{id.replace('-', '')}q2km9xw2a"
    return Grant(id=id, subject="37", worth=worth, text=text, **(usual | other))
