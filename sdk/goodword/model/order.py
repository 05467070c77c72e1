"""What a shop reports: an order as it stands now, and its refunds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from goodword.model.money import Money


class CodeVia(StrEnum):
    """How a code came to be written onto an order."""

    TYPED = "typed"
    LINK = "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of goods."""

    id: str
    net: Money
    """After discount, without tax."""
    product: str = ""
    """The shop's own id of the product."""
    quantity: int = 1
    collections: tuple[str, ...] = ()
    """The shop's own ids of the collections or categories that the product is in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedCoupon:
    """A coupon on an order, and what it took off, without tax."""

    text: str
    discount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """What the platform itself noted of how the friend arrived."""

    code: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundedLine:
    """What came back of one line."""

    line: str
    net: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Money given back to the friend."""

    id: str
    gross: Money
    """With tax and shipping, as it was paid back."""
    at: datetime | None = None
    lines: tuple[RefundedLine, ...] | None = None
    """None: a refund by amount, with no lines named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order as it stands at one moment: the whole state, reported as often as it changes.

    Moments are UTC and aware.  Amounts are shop money in one currency.
    """

    id: str
    placed: datetime
    net: Money
    """The base: goods after discount, without tax and shipping; gift-card products do not count."""
    gross: Money
    """All that the friend owed: goods, tax and shipping.  Never reduced by refunds."""
    number: str | None = None
    """What its friend knows it by, like ``#1001``, where that is another than its id."""
    modified: datetime | None = None
    """The moment of this state; None: states count in the order of their arrival."""
    paid: datetime | None = None
    fulfilled: datetime | None = None
    """When all of it was handed over or sent."""
    cancelled: datetime | None = None
    disputed: datetime | None = None
    """When the friend's bank asked for the money back; None again where the shop won."""
    refunded: bool = False
    """True: the shop calls the whole order refunded, whatever the sums say."""
    test: bool = False
    doubted: bool = False
    """True: the shop's platform advises to look at it, or against it, so a person looks first."""
    lines: tuple[Line, ...] = ()
    coupons: tuple[UsedCoupon, ...] = ()
    code: str | None = None
    code_via: CodeVia = CodeVia.TYPED
    visit: str | None = None
    landing: Landing | None = None
    customer: str | None = None
    """The shop's own id of the friend's account; None for a guest."""
    email: str | None = None
    phone: str | None = None
    home: str | None = field(default=None, repr=False)
    """Where it is sent to, for comparing alone: country, postal code (or city) and street with the
    flat, each on a line.  No more than a keyed hash of it is kept; see `goodword.homes`."""
    named: str | None = None
    """The advocate's name, as the friend gave it at the checkout; a code in its place is found."""
    named_hint: str | None = None
    """What tells two of one name apart: the advocate's code, e-mail or phone."""
    country: str | None = None
    """Where it goes: ISO 3166, two letters."""
    kind: str = "online"
    """As the shop names it: ``online``, ``pos``, ``renewal``."""
    customer_since: datetime | None = None
    """When the friend's account was opened, where the shop tells."""
    refunds: tuple[Refund, ...] = ()
    first_order: bool | None = None
    """Whether it is this person's first at the shop; None: the shop's history decides."""
