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
    earlier: tuple[int, ...] = (100_000,)
    """The orders before those whose cost should have stayed flat."""
    codes: int = 100_000
    """Drawn in one go."""
