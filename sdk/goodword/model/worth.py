"""What an offer or a reward is worth, and as what it is given."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

from goodword.errors import ProgramInvalid
from goodword.model.money import Money, money

POINTS: Final = "points"
"""The unit of points."""


class Kind(StrEnum):
    """What an offer or a reward is given as."""

    AMOUNT_OFF = "amount_off"
    PERCENT_OFF = "percent_off"
    FREE_SHIPPING = "free_shipping"
    FREE_PRODUCT = "free_product"
    STORE_CREDIT = "store_credit"
    GIFT_CARD = "gift_card"
    POINTS = "points"
    COMMISSION = "commission"
    """Money that the shop pays out itself, and marks as paid."""
    THANKS = "thanks"
    """A thank-you and nothing else: it is said, never booked."""


MONEY_KINDS: Final = frozenset(
    {Kind.AMOUNT_OFF, Kind.STORE_CREDIT, Kind.GIFT_CARD, Kind.COMMISSION}
)
"""What is an amount of money; of these a share of the order can be given."""


class Discount(StrEnum):
    """What a discount at the checkout takes something off."""

    ORDER = "order"
    PRODUCT = "product"
    SHIPPING = "shipping"


@dataclass(frozen=True, slots=True)
class Worth:
    """What an offer or a reward is worth, and as what it is given.

    Made by `amount_off`, `percent_off`, `share_of_order` and their kin, which set what fits.
    """

    kind: Kind
    amount: Money | None = None
    percent: Decimal | None = None
    of_order: bool = False
    """True: the percentage is taken of the referred order, and given as an amount."""
    product: str | None = None
    """The shop's own id of the product that is given."""

    @property
    def in_kind(self) -> bool:
        """Whether it is counted in pieces and has no price of its own."""
        return self.amount is None and not self.of_order


def amount_off(amount: str | int | Decimal, currency: str) -> Worth:
    """A fixed amount off an order, like ``amount_off("100", "TWD")``."""
    return Worth(Kind.AMOUNT_OFF, amount=money(amount, currency))


def percent_off(percent: str | int | Decimal) -> Worth:
    """A percentage off an order.  As a reward it is in kind: one coupon, whatever it will save.

    Raises `ProgramInvalid` for a float and for what is no number, as `share_of_order` does.
    """
    return Worth(Kind.PERCENT_OFF, percent=_percentage(percent))


def share_of_order(percent: str | int | Decimal, as_: Kind = Kind.AMOUNT_OFF) -> Worth:
    """A percentage of the referred order's base, rounded down once, given as an amount.

    ``as_``: an amount off, store credit, a gift card or a commission.
    """
    return Worth(as_, percent=_percentage(percent), of_order=True)


def free_shipping() -> Worth:
    """An order without the cost of shipping; in kind."""
    return Worth(Kind.FREE_SHIPPING)


def free_product(product: str) -> Worth:
    """One piece of a product, by the shop's own id of it; in kind."""
    return Worth(Kind.FREE_PRODUCT, product=product)


def store_credit(amount: str | int | Decimal, currency: str) -> Worth:
    """An amount on the customer's account at the shop."""
    return Worth(Kind.STORE_CREDIT, amount=money(amount, currency))


def gift_card(amount: str | int | Decimal, currency: str) -> Worth:
    """An amount on a gift card of the shop."""
    return Worth(Kind.GIFT_CARD, amount=money(amount, currency))


def points(count: int) -> Worth:
    """A number of the shop's own points."""
    return Worth(Kind.POINTS, amount=Money(count, POINTS))


def commission(amount: str | int | Decimal, currency: str) -> Worth:
    """A fixed amount of money, which the shop pays out itself and marks as paid."""
    return Worth(Kind.COMMISSION, amount=money(amount, currency))


def thank_you() -> Worth:
    """A reward that is thanks alone, as for employees: said to them, and worth no money."""
    return Worth(Kind.THANKS)


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
