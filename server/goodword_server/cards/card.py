"""What stands on a card, and in which formats it is drawn."""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass
from enum import StrEnum
from typing import Final

from goodword.errors import Unknown
from goodword.model.offer import OfferState
from goodword_server.looks import Logo

DRAWING: Final = 1
"""Counts up with each change of how cards are drawn, so that none kept from before is shown."""
PROMISED: Final = frozenset({OfferState.LIVE, OfferState.NOT_YET})
"""How an offer may stand to be on a card: who prints cards does so before it begins."""
_MARK: Final = 32


class Format(StrEnum):
    """What a card is drawn as."""

    WIDE = "card"
    """1200 by 630 pixels: what a link shows in LINE, Facebook and others."""
    SQUARE = "square"
    """1080 by 1080 pixels, to post."""
    A6 = "a6"
    """A printed page with bleed and crop marks, for a counter or a meeting."""

    @property
    def kind(self) -> str:
        """The media type of what is drawn."""
        return "application/pdf" if self is Format.A6 else "image/png"

    @property
    def file(self) -> str:
        """The name that it is found by."""
        return f"{self}.{'pdf' if self is Format.A6 else 'png'}"


class NoGift(Unknown):
    """A code offers nothing any more, and a card would promise something."""

    reason = "no_gift"
    message = "the code {text} offers nothing any more: {state}"

    @property
    def state(self) -> OfferState:
        return OfferState(self.facts["state"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything that stands on a card, ready to be drawn."""

    title: str
    """Whose gift it is."""
    offer: str
    terms: str
    scan: str
    """What to do with the QR code."""
    code: str
    """The code with the words before it, for who types it."""
    shop: str
    link: str
    """Where the QR code leads."""
    language: str
    colour: str
    ink: str
    """Text on the colour."""
    accent: str
    """Text on white."""
    logo: Logo | None = None

    def mark(self, format: Format, fonts: str) -> str:
        """Return what tells this card, drawn in these fonts, from every other."""
        everything = (DRAWING, str(format), fonts, *astuple(self))
        return hashlib.sha256(repr(everything).encode()).hexdigest()[:_MARK]
