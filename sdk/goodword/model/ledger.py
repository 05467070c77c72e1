"""The book: one movement of value between two accounts, and what it adds up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from goodword.model.money import Money


class Account(StrEnum):
    """Where value stands.  A balance is what came in minus what went out."""

    GRANTED = "shop:granted"
    """The source of all value; its net outflow for an order is what is booked."""
    SPENT_BY_FRIEND = "friend:spent"
    WAITING = "advocate:waiting"
    DUE = "advocate:due"
    GIVEN = "advocate:given"
    SPENT = "advocate:spent"
    EXPIRED = "advocate:expired"
    """Given, and not used in time."""
    OWED_BACK = "advocate:owed_back"
    """Negative: a debt that later releases pay off."""


class Part(StrEnum):
    """Whose side of an order is booked."""

    OFFER = "offer"
    REWARD = "reward"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one advocate's part of one order is worth."""

    part: Part
    advocate: str
    worth: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What stands on one account for one order, part, advocate and unit."""

    account: Account
    part: Part
    advocate: str
    worth: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """What a rule asks the book to move."""

    part: Part
    advocate: str
    source: Account
    target: Account
    worth: Money
    """More than zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One movement as it stands in the book; never changed, never removed."""

    id: str
    order: str
    part: Part
    advocate: str
    source: Account
    target: Account
    worth: Money
    cause: str
    at: datetime
