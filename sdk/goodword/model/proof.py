"""Proof to read: what others say of the shop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ProofKind(StrEnum):
    """What kind of proof it is."""

    TESTIMONIAL = "testimonial"
    """A person's own words."""
    ARTICLE = "article"
    """What a paper or a page wrote; it has a link."""
    WHITE_PAPER = "white_paper"
    """A longer paper to read; it has a link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a friend may read before they trust a shop, shown with leave alone."""

    id: str
    """The shop's own id of it, like ``mei-2026``."""
    kind: ProofKind
    text: str
    """The words themselves, or what the article or paper is called."""
    consented: datetime
    """UTC; when whoever said or wrote it agreed to its being shown."""
    link: str | None = None
    person: str | None = None
    """The id of the advocate or friend who said it; once they are forgotten, so is the proof."""
    name: str | None = None
    """What friends call that person, like ``Mei``; told in answers alone, and None if unknown."""
