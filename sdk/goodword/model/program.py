"""What is promised to whom, on which terms, from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from goodword.errors import ProgramInvalid
from goodword.model.money import Money, money


class Kind(StrEnum):
    """What an offer or a reward is given as."""

    AMOUNT_OFF = "amount_off"
    PERCENT_OFF = "percent_off"


@dataclass(frozen=True, slots=True)
class Worth:
    """What an offer or a reward is worth, and as what it is given.

    Made by `amount_off`, `percent_off` and `share_of_order`; exactly one of the first two is set.
    """

    kind: Kind
    amount: Money | None = None
    percent: Decimal | None = None
    of_order: bool = False
    """True: the percentage is taken of the referred order, and given as an amount."""


def amount_off(amount: str | int | Decimal, currency: str) -> Worth:
    """A fixed amount off an order, like ``amount_off("100", "TWD")``."""
    return Worth(Kind.AMOUNT_OFF, amount=money(amount, currency))


def percent_off(percent: str | int | Decimal) -> Worth:
    """A percentage off an order.  As a reward it is in kind: one coupon, whatever it will save.

    Raises `ProgramInvalid` for a float and for what is no number, as `share_of_order` does.
    """
    return Worth(Kind.PERCENT_OFF, percent=_percentage(percent))


def share_of_order(percent: str | int | Decimal, as_: Kind = Kind.AMOUNT_OFF) -> Worth:
    """A percentage of the referred order's base, rounded down once, given as an amount."""
    return Worth(as_, percent=_percentage(percent), of_order=True)


def _percentage(given: object) -> Decimal:
    # Whoever has no type checker hands a float over one day.
    if isinstance(given, (str, int, Decimal)) and not isinstance(given, bool):
        try:
            return Decimal(given)
        except InvalidOperation:
            pass
    raise ProgramInvalid(
        field="percent",
        mend=f"{given!r} is not a percentage; write it as text, like '12.5' (never a float)",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which terms a program gives what it promises."""

    window_days: int = 30
    """How long after a visit or landing an order may still count."""
    hold_days: int = 14
    """How long a reward waits after payment: the shop's return window."""
    minimum: Money | None = None
    """The least base of an order: goods after discount, without tax and shipping."""
    first_order_only: bool = False
    """Only a friend's first order at this shop counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What is promised to whom, on which terms; immutable once saved, each saving a new version."""

    name: str
    title: str
    offer: Worth
    reward: Worth
    terms: Terms = Terms()
    starts: datetime | None = None
    """UTC; without it the program is live from its saving."""
    ends: datetime | None = None
    """UTC, the first moment at which it is over."""
    version: int = 0
    """Given on saving, from 1; 0 was never saved."""
    saved: datetime | None = None
    """UTC; given on saving."""
