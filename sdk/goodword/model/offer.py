"""What a code offers a friend at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from goodword.model.money import Money
from goodword.model.people import Relation
from goodword.model.terms import ClaimBy
from goodword.model.worth import Worth


class OfferState(StrEnum):
    """Whether an offer can be taken up."""

    LIVE = "live"
    NOT_YET = "not_yet"
    """The program has not begun."""
    OVER = "over"
    """The program has ended."""
    PAUSED = "paused"
    """The program rests: nothing is promised until it goes on."""
    CODE_ENDED = "code_ended"
    """The code, or its advocate, counts no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What a code offers a friend at this moment, and from whom it is."""

    code: str
    shown: str
    """The code as people read it: ``7Q2K-M9XW``."""
    program: str
    version: int
    """The program's version that is live."""
    title: str
    offer: Worth
    """What the friend gets now; while a campaign runs, the campaign's."""
    state: OfferState
    advocate: str | None = None
    """What friends call whoever sent them, like ``Mei``; None where no name is known."""
    relation: Relation = Relation.CUSTOMER
    """How that person stands to the shop."""
    claim_by: ClaimBy = ClaimBy.EMAIL
    """What a friend is asked for."""
    minimum: Money | None = None
    """The least base of an order."""
    starts: datetime | None = None
    """UTC; from when the offer can be taken up, where the program names a start."""
    ends: datetime | None = None
    """UTC, the first moment at which this offer is over: the campaign's end, or the program's."""
