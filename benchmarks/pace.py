"""How long and how often is measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """A quick look, or a long one."""

    rounds: int = 5
    seconds: float = 2.0
    """Of one load."""
    orders: int = 1024
    """Drained in one go."""
