"""How fast a shop lets itself be asked: it says so with every answer, so nobody need be refused."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Any, Final

# One point, so that a clock that is a hair slower than the shop's is not refused.
_SPARE: Final = 1.0


class Pace:
    """What one shop may still be asked, shared by all who ask it."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._costs: dict[str, float] = {}
        self._left = 0.0
        self._most = 0.0
        self._restores = 0.0
        self._at = 0.0

    def pause(self, operation: str) -> float:
        """Take what an operation costs out of what is left; return how long to wait before it.

        What was never asked before is asked at once.
        """
        with self._lock:
            cost = self._costs.get(operation)
            if cost is None or not self._restores:
                return 0.0
            self._flow()
            self._left -= cost
            return max(0.0, (_SPARE - self._left) / self._restores)

    def heard(self, operation: str, extensions: Any) -> None:
        """Note what an answer says of costs."""
        try:
            told = extensions["cost"]
            status = told["throttleStatus"]
            cost, left = float(told["requestedQueryCost"]), float(status["currentlyAvailable"])
            most, restores = float(status["maximumAvailable"]), float(status["restoreRate"])
        except (KeyError, TypeError, ValueError):
            return
        with self._lock:
            self._costs[operation] = cost
            self._flow()
            # Others may have taken from it since: the lesser of both is never too much.
            known = self._restores > 0
            self._left = min(self._left, left) if known else left
            self._most, self._restores = most, restores

    def refused(self, operation: str, extensions: Any) -> float:
        """Note that the shop would not be asked; return how long to wait."""
        self.heard(operation, extensions)
        with self._lock:
            cost = self._costs.get(operation, 0.0)
            if not self._restores:
                return 1.0
            return max(0.05, (cost - self._left) / self._restores)

    def _flow(self) -> None:
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._at) * self._restores)
        self._at = now
