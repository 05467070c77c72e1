"""Who sent whom: what was seen, and what was decided from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from goodword.model.program import Program


class Rung(IntEnum):
    """How strong a piece of evidence is; the smallest number wins."""

    COUPON = 3
    """A coupon, or a code typed at the checkout."""
    VISIT = 4
    """A visit whose id the link and the cart carried."""
    LANDING = 7
    """What the platform itself noted."""


class Reason(StrEnum):
    """Why a referral does not count, or does not count yet."""

    NOT_PAID = "not_paid"
    TEST_ORDER = "test_order"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    BELOW_MINIMUM = "below_minimum"
    NOT_FIRST_ORDER = "not_first_order"
    SELF_REFERRAL = "self_referral"
    OUTSIDE_WINDOW = "outside_window"
    PROGRAM_NOT_LIVE = "program_not_live"
    CODE_ENDED = "code_ended"
    ADVOCATE_INACTIVE = "advocate_inactive"
    CURRENCY_DIFFERS = "currency_differs"


class Lost(StrEnum):
    """Why a candidate did not get the credit."""

    WEAKER = "weaker"
    """Stronger evidence spoke for the winner."""
    EARLIER = "earlier"
    """As strong, but an older one: the last counts."""
    OUTSIDE_WINDOW = "outside_window"
    AGREES = "agrees"
    """It names the winner too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visiting:
    """A friend about to be led on: what `record_visit` needs."""

    code: str
    landing: str = "/"
    """Where in the shop the friend is led."""
    via: str | None = None
    """The channel: ``line``, ``mail``, ``qr``."""
    visitor: str | None = None
    """An opaque id that tells a returning visitor; no personal data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A friend arriving through a link: immutable evidence."""

    id: str
    code: str
    at: datetime
    landing: str
    via: str | None = None
    visitor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One piece of evidence that speaks for one advocate."""

    rung: Rung
    source: str
    """What on the order led to it: ``coupon:…``, ``code:…``, ``visit:…``, ``landing:…``."""
    code: str
    advocate: str
    program: str
    version: int
    at: datetime | None = None
    against: tuple[Reason, ...] = ()
    """What spoke against it when the order was placed; kept, and never asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that was seen for one order, as of its placing."""

    candidates: tuple[Candidate, ...] = ()
    programs: tuple[Program, ...] = ()
    """The versions that the candidates name."""
    offers: tuple[str, ...] = ()
    """The order's coupons that are offers of ours, as the order spells them."""
    first_order: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loser:
    """A candidate that did not get the credit, and why."""

    candidate: Candidate
    why: Lost


class State(StrEnum):
    """Where a referral stands."""

    PENDING = "pending"
    QUALIFIED = "qualified"
    REWARDED = "rewarded"
    REJECTED = "rejected"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who gets the credit, who lost to whom, and what stands in the way of a reward."""

    winner: Candidate | None = None
    program: Program | None = None
    lost: tuple[Loser, ...] = ()
    reasons: tuple[Reason, ...] = ()
