"""Cards that were drawn, kept in a folder for a day, so that none is drawn twice in it.

In a folder and not in the database: what can be drawn again at any time need not stand before a
click's visit in the queue to be written, nor in anybody's backups.
"""

from __future__ import annotations

import logging
import os
import stat
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

BYTES_MOST: Final = 64_000_000
SECONDS_MOST: Final = 86_400
"""Whoever is forgotten stands on no kept card for longer."""
_MINE: Final = 0o700
_log = logging.getLogger("goodword_server")


class Kept:
    """A folder of drawn cards, by their marks; without it each card is drawn when asked for."""

    def __init__(
        self,
        folder: Path,
        *,
        bytes_most: int = BYTES_MOST,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._folder = folder
        self._bytes_most = bytes_most
        self._now = now
        self._warned = False

    def find(self, mark: str) -> bytes | None:
        """Return a drawn card; None if it is not kept, or was kept for too long."""
        path = self._folder / mark
        try:
            if self._is_old(path.stat().st_mtime) or not self._is_mine():
                return None
            return path.read_bytes()
        except OSError:
            return None

    def keep(self, mark: str, content: bytes) -> None:
        """Keep a drawn card, and remove what is too old or, the oldest first, too much."""
        try:
            self._folder.mkdir(_MINE, parents=True, exist_ok=True)
            if not self._is_mine():
                raise PermissionError(f"{self._folder} is open to others")
            self._write(mark, content)
            self._sweep()
        except OSError as error:
            # A card that is drawn again costs a moment; one that is not shown costs a friend.
            self._warn(error)

    def _write(self, mark: str, content: bytes) -> None:
        # Whoever reads meanwhile sees the whole card, or none.
        handle, name = tempfile.mkstemp(dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).replace(self._folder / mark)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise

    def _sweep(self) -> None:
        left = self._bytes_most
        found = [(entry.stat(), entry.path) for entry in os.scandir(self._folder)]
        for facts, path in sorted(found, key=lambda one: one[0].st_mtime, reverse=True):
            left -= facts.st_size
            if left < 0 or self._is_old(facts.st_mtime):
                # Another process may have been faster.
                with suppress(FileNotFoundError):
                    Path(path).unlink()

    def _is_old(self, written: float) -> bool:
        return self._now() - written > SECONDS_MOST

    def _is_mine(self) -> bool:
        """Whether nobody else could have put a card there; Windows keeps its own guard."""
        if os.name == "nt":
            return True
        facts = self._folder.lstat()
        is_folder = stat.S_ISDIR(facts.st_mode)
        return is_folder and facts.st_uid == os.getuid() and not facts.st_mode & 0o022

    def _warn(self, error: OSError) -> None:
        if not self._warned:
            self._warned = True
            _log.warning("cards are not kept: %s", error)


def usual_folder() -> Path:
    """Return where cards are kept if nobody says otherwise: this user's own temporary folder."""
    owner = str(os.getuid()) if hasattr(os, "getuid") else "cards"
    return Path(tempfile.gettempdir()) / f"goodword-cards-{owner}"
