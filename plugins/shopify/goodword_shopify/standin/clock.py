"""The stand-in's own time, in which an hour passes at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime = datetime(2026, 11, 26, 12, tzinfo=UTC)) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    def to(self, at: datetime) -> None:
        """Set the time."""
        self._at = at

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self._at += timedelta(seconds=seconds)


def written(at: datetime) -> str:
    """Return a moment as Shopify writes it."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
