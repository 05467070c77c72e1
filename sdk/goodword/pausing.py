"""How long is waited before a server is asked again."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_FIRST: Final = 0.2
_LONGEST: Final = 20.0
_LONGEST_WAIT: Final = 60.0
"""Seconds that a server may ask us to wait: its own limits count by the minute."""


def pause_before(turn: int, headers: Mapping[str, str]) -> float | None:
    """Return the seconds to wait: longer each time, by chance, and never less than asked for.

    None: it asked for more than anybody should wait here.
    """
    most = min(_FIRST * 2**turn, _LONGEST)
    pause = random.uniform(most / 2, most)
    asked = wait_told(headers)
    if asked is None:
        return pause
    return max(pause, asked + random.uniform(0, 0.1)) if asked <= _LONGEST_WAIT else None


def wait_told(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a server asked us to wait, however it says so; None: it did not."""
    told = headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdigit():
        return float(told)
    try:
        until = parsedate_to_datetime(told).astimezone(UTC)
    except (ValueError, OverflowError):
        # No date, or one beyond all calendars.
        return None
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
