"""Counts of a high limit that a process takes ahead, so that few of its requests write."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from datetime import datetime
from typing import Final

_SHARE: Final = 100
_MOST: Final = 64


class Ahead:
    """What one process took of counts that all share, and has not used yet.

    A number is taken before it is used, so all processes together never pass a limit.  What one
    of them took and never uses is nobody's until the window ends: so it takes no more than a
    hundredth of what is left, and near the limit, or of a low one, each number by itself.
    """

    def __init__(self) -> None:
        self._ends: datetime | None = None
        self._taken: dict[Hashable, _Taken] = {}

    def next(self, subject: Hashable, now: datetime) -> tuple[datetime, int] | None:
        """Return when the window ends, and a number that is used now; None if none is left."""
        taken = self._taken.get(subject)
        if taken is None or taken.ends <= now:
            return None
        try:
            return taken.ends, taken.numbers.popleft()
        except IndexError:
            return None

    def size(self, subject: Hashable, most: int, now: datetime) -> int:
        """Return how many numbers to take of a limit of ``most``."""
        taken = self._taken.get(subject)
        if taken is None or taken.ends <= now:
            # How many are left is not known yet.
            return 1
        return min(_MOST, max(1, (most - taken.last) // _SHARE))

    def keep(self, subject: Hashable, most: int, ends: datetime, last: int, size: int) -> int:
        """Keep all but the first of the numbers that end with ``last``; return the first."""
        if most < 2 * _SHARE:
            # Of so low a limit none is ever taken ahead: many addresses need no memory here.
            return last
        if ends != self._ends:
            # Those of the window before are forgotten, so that nobody fills the memory.
            self._ends, self._taken = ends, {}
        taken = self._taken.setdefault(subject, _Taken(ends))
        first = last - size + 1
        # Another thread may have taken some meanwhile: they are used, too.
        taken.numbers.extend(range(first + 1, last + 1))
        taken.last = last
        return first


class _Taken:
    """The numbers of one subject in one window."""

    __slots__ = ("ends", "last", "numbers")

    def __init__(self, ends: datetime) -> None:
        self.ends = ends
        self.last = 0
        # Threads take from it without a lock: each operation is one by itself.
        self.numbers: deque[int] = deque()
