"""Who passes a word on, and the words they pass on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Relation(StrEnum):
    """How an advocate stands to the shop."""

    CUSTOMER = "customer"
    EMPLOYEE = "employee"
    SUPPLIER = "supplier"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advocate:
    """Who passes a code on."""

    id: str
    """The shop's own id of this person, like ``c-17``; never an e-mail address."""
    name: str = ""
    email: str | None = None
    phone: str | None = None
    relation: Relation = Relation.CUSTOMER
    ended: datetime | None = None
    """UTC; from then on nothing more is earned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """The public word that names advocate and program."""

    text: str
    """As stored: upper case, no spaces or hyphens."""
    shown: str
    """As people read it: ``7Q2K-M9XW``."""
    advocate: str
    program: str
    coupon: str | None = None
    """The shared coupon that is worth the offer at the shop's checkout, if there is one."""
    ended: datetime | None = None
    rotated: datetime | None = None
    """UTC; from then on it counts in links that were shared before, and no more when typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claiming:
    """A friend about to take an offer up: what `claim` needs, one contact at least."""

    code: str
    email: str | None = None
    phone: str | None = None
    account: str | None = None
    """The shop's own id of the friend's account."""
    visit: str | None = None
    """The visit that led to it, if there was one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An offer taken up: evidence that is bound to a person, with a coupon used once."""

    id: str
    code: str
    advocate: str
    program: str
    person: str
    """The friend's id; their contacts stand with the person alone."""
    coupon: str
    """Their own coupon at the shop's checkout; ``made`` tells whether it is there yet."""
    at: datetime
    expires: datetime
    """UTC; until when the coupon is good."""
    confirmed: datetime | None = None
    """UTC; from then on it is a bond."""
    made: bool = False
    visit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a checkout is told of a name: the same, whether anybody goes by it or not."""

    wanted: tuple[str, ...] = ("code", "email", "phone")
    """What else of the advocate's may be given, as the order's ``named_hint``."""


class CouponUse(StrEnum):
    """What a coupon of ours is for."""

    OFFER = "offer"
    """Shared, and typed by whoever was told of it."""
    GIFT = "gift"
    """A friend's own, made for their claim."""
    REWARD = "reward"
