"""A place where the shop has delivered: what became of it, and of its orders."""

from __future__ import annotations

from typing import Any

from goodword import Order
from goodword.storage.tables import entries
from goodword_server import reading
from goodword_woocommerce.standin import Recorded, derived
from tests.server.builders import PAID, Place, rows

LATER = {"date_modified_gmt": "2026-11-22T09:26:00"}


def read(place: Place) -> int:
    return reading.read_all(place.house)


def told(place: Place, *what: str | Recorded) -> list[str | None]:
    """Deliver, read, and return what became of each delivery."""
    for one in what:
        assert place.deliver(one) == 200
    read(place)
    return place.verdicts()


def order(place: Place, id: str = "17") -> Order:
    return place.referrals.credit.explain(id).state


def another(id: int, **changes: Any) -> Recorded:
    """Order 17, paid, as if it had another number."""
    return derived(PAID, id=id, **changes)


def booked_once(place: Place, *orders: str) -> None:
    """Each order's offer and reward stand in the book, and nothing twice."""
    found = sorted((row["order_id"], row["part"]) for row in rows(place.house, entries))
    assert found == sorted((id, part) for id in orders for part in ("offer", "reward"))
