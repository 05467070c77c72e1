"""Whose turn it is to draw: one card at a time in a process, and few wait."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

from werkzeug.exceptions import ServiceUnavailable

_SECONDS: Final = 5.0
_AGAIN_SECONDS: Final = 2


class Busy(ServiceUnavailable):
    """Others are drawing; it will be soon."""

    def __init__(self) -> None:
        super().__init__("cards are being drawn; ask again in a moment", retry_after=_AGAIN_SECONDS)


class Easel:
    """Keeps the threads that answer clicks from all being at a card."""

    def __init__(self, places: int = 2, seconds: float = _SECONDS) -> None:
        """``places``: how many threads may draw or wait, of all that a process has."""
        self._free = places
        self._seconds = seconds
        self._counting = Lock()
        self._drawing = Lock()

    @property
    def free(self) -> int:
        """How many places nobody is at."""
        return self._free

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Let one draw in here; raise `Busy` rather than let many wait, or any for long."""
        self._take()
        try:
            if not self._drawing.acquire(timeout=self._seconds):
                raise Busy
            try:
                yield
            finally:
                self._drawing.release()
        finally:
            self._give_back()

    def _take(self) -> None:
        with self._counting:
            if not self._free:
                raise Busy
            self._free -= 1

    def _give_back(self) -> None:
        with self._counting:
            self._free += 1
