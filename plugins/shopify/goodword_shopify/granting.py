"""What every way of granting knows of a shop: whom to ask, its settings and notes, the time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from goodword.model.followup import Grant, Granted, TakenBack
from goodword.model.money import Money, written
from goodword_shopify.client import Client
from goodword_shopify.fields import Json
from goodword_shopify.notes import Notes

MARK: Final = "goodword "
ON_ITS_WAY: Final = timedelta(minutes=10)
"""For how long a call of which nothing was heard may still arrive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """One shop, as whoever grants something sees it."""

    client: Client
    settings: Mapping[str, str]
    notes: Notes
    now: Callable[[], datetime]
    currency: Callable[[], str]
    """In what the shop counts."""
    sees_all: bool = False
    """Whether the shop shows even its oldest orders."""


class Granting(Protocol):
    """One way of granting."""

    def grant(self, grant: Grant) -> Granted: ...

    def look(self, grant: Grant) -> Granted | None: ...

    def take_back(self, granted: Granted, left: Money | None) -> TakenBack: ...


def marked(grant: str) -> str:
    """Return what tells a thing of ours from everybody else's."""
    return f"{MARK}{grant}"


def taken_back(missing: int, unit: str) -> TakenBack:
    """Return what came of taking back, where so much of it was spent before."""
    if missing <= 0:
        return TakenBack(done=True)
    return TakenBack(done=False, missing=Money(missing, unit))


def priced(amount: Money) -> Json:
    """Return an amount as an input wants it."""
    return {"amount": written(amount), "currencyCode": amount.unit}
