"""Whom a goodword server tells what happens in a shop."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from goodword.model.event import EventType


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An address that is told what happens in a shop."""

    id: str
    url: str
    types: tuple[EventType, ...] = ()
    """Of which events it is told; none named: of all."""
    contact: str | None = None
    """Who is mailed when it is paused."""
    made: datetime | None = None
    """UTC."""
    failing: datetime | None = None
    """UTC; since when nothing arrived there."""
    paused: datetime | None = None
    """UTC; since when it is told nothing."""
    why: str | None = None
    """Why it is paused: by its ``owner``, because it was ``failing``, or is ``gone``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWebhook:
    """A webhook and what signs for it from now on, which is told this once."""

    webhook: Webhook
    secret: str = field(repr=False)
    """``whsec_…``, as libraries of Standard Webhooks take it."""
