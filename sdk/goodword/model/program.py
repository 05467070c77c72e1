"""What is promised to whom, on which terms, from when to when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from goodword.model.people import Relation
from goodword.model.terms import Terms
from goodword.model.worth import Discount, Worth


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """From an advocate's so-manieth rewarded referral on, another reward."""

    start: int
    """2 or more: the first referral earns the program's own reward."""
    reward: Worth


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """For some days another offer, another reward, or both; tiers rest meanwhile."""

    name: str
    starts: datetime
    """UTC."""
    ends: datetime
    """UTC, the first moment at which it is over."""
    offer: Worth | None = None
    reward: Worth | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What is promised to whom, on which terms; immutable once saved, each saving a new version."""

    name: str
    title: str
    offer: Worth
    reward: Worth
    terms: Terms = field(default_factory=Terms)
    tiers: tuple[Tier, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    relations: tuple[Relation, ...] = ()
    """Only these are invited to it; none named: all.  Who holds a code already keeps it."""
    priority: int = 0
    """Of two programs with evidence equally strong for one order, the greater one counts."""
    combines_with: tuple[Discount, ...] | None = None
    """With which other discounts its coupons may be used in one order; none named: with none.

    None: as the shop is set up.  Coupons that stand already follow the newest version."""
    starts: datetime | None = None
    """UTC; without it the program is live from its saving."""
    ends: datetime | None = None
    """UTC, the first moment at which it is over."""
    version: int = 0
    """Given on saving, from 1; 0 was never saved."""
    saved: datetime | None = None
    """UTC; given on saving."""
    paused: datetime | None = None
    """UTC; since when it rests.  `programs.pause` and `programs.resume` say so, never a saving."""
