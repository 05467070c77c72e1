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


class CouponUse(StrEnum):
    """What a coupon of ours is for."""

    OFFER = "offer"
    REWARD = "reward"
