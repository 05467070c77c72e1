"""Who sent whom: what was seen, and what was decided from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from goodword.model.money import Money
from goodword.model.program import Program
from goodword.model.rung import Rung
from goodword.model.worth import Worth


class Reason(StrEnum):
    """Why a referral does not count, or does not count yet."""

    NOT_PAID = "not_paid"
    TEST_ORDER = "test_order"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    BELOW_MINIMUM = "below_minimum"
    NOT_FIRST_ORDER = "not_first_order"
    NOT_NEW_CUSTOMER = "not_new_customer"
    SELF_REFERRAL = "self_referral"
    OUTSIDE_WINDOW = "outside_window"
    PROGRAM_NOT_LIVE = "program_not_live"
    PROGRAM_PAUSED = "program_paused"
    """It promised nothing new when the friend came by this."""
    CODE_ENDED = "code_ended"
    ADVOCATE_INACTIVE = "advocate_inactive"
    CAP_REACHED = "cap_reached"
    BUDGET_SPENT = "budget_spent"
    EXCLUDED_ITEMS = "excluded_items"
    COUNTRY = "country"
    ORDER_KIND = "order_kind"
    CURRENCY_DIFFERS = "currency_differs"
    DISPUTED = "disputed"
    """The friend's bank asks for the money back, or took it."""
    RISK_REVIEW = "risk_review"
    """A person should look: friend and advocate share a household."""
    RISK_REFUSED = "risk_refused"
    """A person looked, and said no."""
    SETTLED_ELSEWHERE = "settled_elsewhere"
    """It was rewarded already, by another tool: it counts as history, and earns nothing more."""


class Shared(StrEnum):
    """What friend and advocate share, by which they seem to be one household."""

    PHONE = "phone"
    ADDRESS = "address"


class Lost(StrEnum):
    """Why a candidate did not get the credit."""

    WEAKER = "weaker"
    """Stronger evidence spoke for the winner."""
    EARLIER = "earlier"
    """As strong, but an older one: the last counts."""
    LATER = "later"
    """As strong, but a newer one: the first counts, by the program's choice."""
    PRIORITY = "priority"
    """As strong, but of a program that yields to the winner's."""
    OUTSIDE_WINDOW = "outside_window"
    RUNG_OFF = "rung_off"
    """The program does not take such evidence."""
    ENDED = "ended"
    """Its code, advocate or program had ended, or was paused, and other evidence stands."""
    AMBIGUOUS = "ambiguous"
    """Several advocates go by this name, and nobody is guessed."""
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
    """What led to it: ``coupon:…``, ``code:…``, ``visit:…``, ``landing:…`` on the order,
    ``assignment:…``, ``claim:…``, ``earlier:…``, ``name:…`` beside it."""
    code: str
    advocate: str
    program: str
    version: int
    at: datetime | None = None
    against: tuple[Reason, ...] = ()
    """What spoke against it when the order was placed; kept, and never asked again."""
    shared: tuple[Shared, ...] = ()
    """What friend and advocate share, where that is why a person should look."""


class Verdict(StrEnum):
    """What a person said of a referral in review."""

    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A verdict, and whose referral it was said of: it says nothing of another advocate's."""

    advocate: str
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an order came in among those that earn: taken once, when it first would."""

    advocate: str
    program: str
    version: int
    number: int = 0
    """The so-manieth of this advocate's referrals in the program, from 1; known also when the
    place was given back."""
    refused: tuple[Reason, ...] = ()
    """The caps that were reached; not asked again for the same advocate and version."""
    asked: tuple[str, ...] = ()
    """Where a place was refused; who is counted elsewhere is asked again."""
    counted: tuple[str, ...] = ()
    """Where it is counted now; what is reversed gives its place back."""
    reserved: Money | None = None
    """What is set aside of the program's budget."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that was seen for one order, as of its placing."""

    candidates: tuple[Candidate, ...] = ()
    """Those that the newest state names, in its sequence."""
    set_aside: tuple[Candidate, ...] = ()
    """Those that an earlier state named; what was found of them is not asked again."""
    programs: tuple[Program, ...] = ()
    """The versions that the candidates name."""
    offers: tuple[str, ...] = ()
    """The order's coupons that are offers of ours, as the order spells them."""
    first_order: bool | None = None
    place: Place | None = None
    reviews: tuple[Reviewed, ...] = ()
    """What people said of it in reviews, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loser:
    """A candidate that did not get the credit, and why."""

    candidate: Candidate
    why: Lost
    to: Candidate | None = None
    """The winner that it lost to; None where it could not have won."""


class State(StrEnum):
    """Where a referral stands."""

    PENDING = "pending"
    IN_REVIEW = "in_review"
    QUALIFIED = "qualified"
    REWARDED = "rewarded"
    REJECTED = "rejected"
    EXPIRED = "expired"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who gets the credit, who lost to whom, and what stands in the way of a reward."""

    winner: Candidate | None = None
    program: Program | None = None
    reward: Worth | None = None
    """What the program gives for this order: its own reward, a tier's or a campaign's."""
    lost: tuple[Loser, ...] = ()
    reasons: tuple[Reason, ...] = ()
