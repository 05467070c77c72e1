"""How fast a shop lets itself be asked: it says so with every answer, so nobody need be refused."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Any, Final

# One point, so that a clock that is a hair slower than the shop's is not refused.
_SPARE: Final = 1.0
_UNTOLD_SECONDS: Final = 1.0


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
        self._under_way = 0.0
        """What those cost who were let through, and were not answered yet."""

    def begin(self, operation: str) -> float:
        """Let somebody through; return how many seconds they wait first.

        What was never asked before is asked at once.
        """
        with self._lock:
            cost = self._costs.get(operation, 0.0)
            before, self._under_way = self._under_way, self._under_way + cost
            if not cost or not self._restores:
                return 0.0
            self._flow()
            return max(0.0, (_SPARE + before + cost - self._left) / self._restores)

    def end(self, operation: str) -> None:
        """Note that somebody was through, answered or not: it cost what it costs."""
        with self._lock:
            cost = self._costs.get(operation, 0.0)
            self._under_way = max(0.0, self._under_way - cost)
            self._flow()
            self._left -= cost

    def heard(self, operation: str, extensions: Any) -> None:
        """Note what an answer says: of what was asked for, often less is charged."""
        try:
            told = extensions["cost"]
            status = told["throttleStatus"]
            cost, left = float(told["requestedQueryCost"]), float(status["currentlyAvailable"])
            most, restores = float(status["maximumAvailable"]), float(status["restoreRate"])
        except (KeyError, TypeError, ValueError):
            return
        with self._lock:
            self._costs[operation] = cost
            self._left, self._most, self._restores = left, most, restores
            self._at = self._clock()

    def refused(self, operation: str, extensions: Any) -> float:
        """Note that the shop would not be asked; return how many seconds to wait."""
        self.heard(operation, extensions)
        with self._lock:
            if not self._restores:
                return _UNTOLD_SECONDS
            short = _SPARE + self._costs.get(operation, 0.0) - self._left
            return max(0.05, short / self._restores)

    def _flow(self) -> None:
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._at) * self._restores)
        self._at = now
