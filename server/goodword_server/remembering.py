"""What a process remembers of installations for a moment: they are asked for with every click."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Final

from goodword.errors import Invalid
from goodword_server.storage.installations import Connected

SECONDS: Final = 5.0
"""How long another process may take to notice that an installation changed."""


class Memory:
    """Installations by what they were found by."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[float, Connected | None]] = {}
        self._mutex = Lock()

    def clear(self) -> None:
        """Remember nothing."""
        with self._mutex:
            self._kept.clear()

    def find(self, key: tuple[str, str], find: Callable[[], Connected | None]) -> Connected | None:
        """Return what is remembered, or else what is found, and remember that."""
        # Monotonic and not the house's clock: this is about load, never about a decision.
        now = monotonic()
        found = self._kept.get(key)
        if found is not None and found[0] > now:
            return found[1]
        try:
            connected = find()
        except Invalid:
            # A text that no database keeps names nothing.
            return None
        except Exception:
            if found is None:
                raise
            # Rather the shop as it was a moment ago than a friend before a closed door.
            return found[1]
        # Strangers ask for many paths that never were; those must not fill the memory.
        if connected is not None:
            with self._mutex:
                self._kept[key] = (now + SECONDS, connected)
        return connected
