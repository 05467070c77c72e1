"""What was looked up a moment ago, for what is asked of with every click."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

from goodword.errors import Invalid

T = TypeVar("T")


class Memory(Generic[T]):
    """Remembers what was found for some seconds; several threads may ask."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._kept: dict[tuple[str, str], tuple[float, T]] = {}
        self._mutex = Lock()

    def of(self, key: tuple[str, str], find: Callable[[], T | None]) -> T | None:
        """Return what is known by a key, or what ``find`` finds."""
        # Monotonic and not the house's clock: this is about load, never about a decision.
        now = monotonic()
        known = self._kept.get(key)
        if known is not None and known[0] > now:
            return known[1]
        try:
            found = find()
        except Invalid:
            # A text that no database keeps names nothing.
            return None
        except Exception:
            if known is None:
                raise
            # Rather the shop as it was a moment ago than a friend before a closed door.
            return known[1]
        # Strangers ask for many paths that never were; those must not fill the memory.
        if found is not None:
            with self._mutex:
                self._kept[key] = (now + self._seconds, found)
        return found

    def __len__(self) -> int:
        return len(self._kept)

    def forget(self) -> None:
        """Look everything up anew."""
        with self._mutex:
            self._kept.clear()
