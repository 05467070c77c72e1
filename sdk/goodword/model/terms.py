"""On which terms a program gives what it promises."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from goodword.model.money import Money
from goodword.model.rung import Rung


class HoldFrom(StrEnum):
    """From when the hold of a reward is counted."""

    PAID = "paid"
    FULFILLED = "fulfilled"
    """Where the platform tells it; until it does, the reward waits."""


class ClaimBy(StrEnum):
    """What a friend is asked for to take the offer up, on our pages and in a shop's own."""

    EMAIL = "email"
    PHONE = "phone"
    NOTHING = "nothing"
    """The code and its shared coupon are shown at once, and nobody makes a claim."""


class Within(StrEnum):
    """Which of several pieces of evidence on one rung counts."""

    LAST = "last"
    FIRST = "first"


class Per(StrEnum):
    """Whose rewarded orders a cap counts."""

    ADVOCATE = "advocate"
    FRIEND = "friend"
    PROGRAM = "program"


class Period(StrEnum):
    """In which stretch of time a cap or budget counts, by the order's placing, in UTC."""

    DAY = "day"
    WEEK = "week"
    """Monday to Sunday, as in ISO 8601."""
    MONTH = "month"
    YEAR = "year"
    EVER = "ever"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """At most so many orders earn.  It counts from the version of the program that brings it."""

    most: int
    per: Per = Per.ADVOCATE
    every: Period = Period.EVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """At most so much is promised in rewards, in the unit of the reward."""

    most: Money
    every: Period = Period.EVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """A friend's further orders are credited too, without new evidence, within these limits."""

    orders: int | None = None
    """How many orders of one friend earn, the first included; None: without limit."""
    days: int | None = None
    """How long after the friend's first credited order; None: for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which terms a program gives what it promises."""

    window_days: int = 30
    """How long after a visit, claim or landing an order may still count."""
    grace_days: int = 3
    """How long after an order a claim may still come."""
    hold_days: int = 14
    """How long a reward waits: the shop's return window."""
    hold_from: HoldFrom = HoldFrom.PAID
    minimum: Money | None = None
    """The least base of an order: goods after discount, without tax and shipping."""
    first_order_only: bool = False
    """Only a friend's first order at this shop counts."""
    new_customer_only: bool = False
    """Only friends count who had neither ordered nor opened an account before the window."""
    products: tuple[str, ...] = ()
    """Only these products count, by the shop's own ids; none named: all."""
    collections: tuple[str, ...] = ()
    """Only products of these collections count; none named: all."""
    without_products: tuple[str, ...] = ()
    without_collections: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    """Only orders to these countries count (ISO 3166, two letters); none named: all."""
    without_countries: tuple[str, ...] = ()
    order_kinds: tuple[str, ...] = ()
    """Only orders of these kinds count, as the shop names them; none named: all."""
    without_order_kinds: tuple[str, ...] = ()
    caps: tuple[Cap, ...] = ()
    budget: Budget | None = None
    repeats: Repeats | None = None
    """None: each order needs evidence of its own."""
    proportional: bool = False
    """A part refunded reduces a fixed reward in proportion; else it stands or falls whole."""
    claim_by: ClaimBy = ClaimBy.EMAIL
    """What a friend is asked for; a claim by any other contact counts all the same."""
    claim_days: int = 30
    """How long the friend's own coupon is good for, from the claim."""
    reward_days: int | None = None
    """How long a granted reward is good for; None: for good."""
    bond_days: int | None = None
    """How long a bond ties a friend to an advocate; None: for good."""
    rungs_off: tuple[Rung, ...] = ()
    """Evidence that does not count here."""
    within_rung: Within = Within.LAST
    code_beats_bond: bool = False
    """A coupon or code used at the checkout beats another advocate's bond."""
