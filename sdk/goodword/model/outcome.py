"""What a call answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from goodword.model.credit import Candidate, Loser, State
from goodword.model.ledger import Entry, Part
from goodword.model.money import Money
from goodword.model.order import Order
from goodword.model.rung import Rung
from goodword.model.worth import Kind


class Result(StrEnum):
    """What a report did."""

    CREATED = "created"
    UPDATED = "updated"
    DUPLICATE = "duplicate"
    UNATTRIBUTED = "unattributed"
    IGNORED = "ignored"
    QUEUED = "queued"
    """Kept until the rest of it arrives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """The tie between an order and a code."""

    order: str
    code: str
    advocate: str
    program: str
    version: int
    rung: Rung
    state: State
    reasons: tuple[str, ...] = ()
    qualified: datetime | None = None
    """UTC; when it first qualified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a report came to: the result, the referral, and why it does not count (yet)."""

    result: Result
    referral: Referral | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything that was seen for one order, as data and in words."""

    order: str
    state: Order
    """The newest state that was reported, without personal data."""
    referral: Referral | None
    winner: Candidate | None
    lost: tuple[Loser, ...]
    reasons: tuple[str, ...]
    entries: tuple[Entry, ...]
    words: tuple[str, ...]
    """One sentence each, in the language that was asked for."""


class RewardState(StrEnum):
    """Where a reward stands."""

    WAITING = "waiting"
    DUE = "due"
    GRANTING = "granting"
    GRANTED = "granted"
    PAID = "paid"
    """A commission that the shop paid out."""
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    OFFSET = "offset"
    """All of it paid off what was owed back."""
    REVERSED = "reversed"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """What an advocate earned by one order."""

    order: str
    advocate: str
    kind: Kind
    state: RewardState
    worth: Money
    """What it stands at now."""
    text: str | None = None
    """The coupon's text, once it was granted."""
    release: datetime | None = None
    """UTC; when its hold ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What one advocate has in one unit."""

    advocate: str
    unit: str
    waiting: int = 0
    due: int = 0
    given: int = 0
    spent: int = 0
    expired: int = 0
    owed_back: int = 0
    """Negative: a debt that later rewards pay off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What an order would come to."""

    winner: Candidate | None
    lost: tuple[Loser, ...]
    state: State | None
    """None: nobody is credited."""
    reasons: tuple[str, ...]
    offer: Money | None
    """What the offer would cost."""
    reward: Money | None
    """What the advocate would earn."""
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What stands in the book for one part of an order, and what should."""

    order: str
    part: Part
    advocate: str
    booked: Money
    should: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A period decided once more."""

    orders: int
    """How many were looked at."""
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """A commission that was paid out for one order."""

    order: str
    advocate: str
    worth: Money
    reference: str
