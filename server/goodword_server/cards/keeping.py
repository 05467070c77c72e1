"""Cards that were drawn, kept in a folder for a day, so that none is drawn twice in it.

In a folder and not in the database: what can be drawn again at any time need not stand before a
click's visit in the queue to be written, nor in anybody's backups.

What is kept opens with the card's mark alone, which the folder does not hold: it is made of all
that stands on the card.  So whoever is forgotten is gone from every folder at once, wherever the
processes run: their name is in no database any more, and nobody can make the mark again.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import stat
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

BYTES_MOST: Final = 64_000_000
SECONDS_MOST: Final = 86_400
_NONCE: Final = 12
_MINE: Final = 0o700
_log = logging.getLogger("goodword_server")


class Kept:
    """A folder of drawn cards, by their marks; without it each card is drawn when asked for."""

    def __init__(
        self,
        folder: Path,
        secret: str,
        *,
        bytes_most: int = BYTES_MOST,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._folder = folder
        self._secret = secret.encode()
        self._bytes_most = bytes_most
        self._now = now
        self._warned = False

    def find(self, mark: str) -> bytes | None:
        """Return a drawn card; None if it is not kept, or was kept for too long."""
        path = self._folder / self._name(mark)
        try:
            if self._is_old(path.stat().st_mtime) or not self._is_mine():
                return None
            sealed = path.read_bytes()
            return self._key(mark).decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
        except (OSError, ValueError, InvalidTag):
            # Cut off, or kept by an older release.
            return None

    def keep(self, mark: str, content: bytes) -> None:
        """Keep a drawn card, and remove what is too old or, the oldest first, too much."""
        try:
            self._folder.mkdir(_MINE, parents=True, exist_ok=True)
            if not self._is_mine():
                raise PermissionError(f"{self._folder} is open to others")
            nonce = os.urandom(_NONCE)
            sealed = nonce + self._key(mark).encrypt(nonce, content, None)
            self._write(self._name(mark), sealed)
            self._sweep()
        except OSError as error:
            # A card that is drawn again costs a moment; one that is not shown costs a friend.
            self._warn(error)

    def _name(self, mark: str) -> str:
        """Return the file of a card, which does not tell its mark."""
        return self._made_of(mark, "name").hex()

    def _key(self, mark: str) -> AESGCM:
        return AESGCM(self._made_of(mark, "key"))

    def _made_of(self, mark: str, use: str) -> bytes:
        return hmac.digest(self._secret, f"goodword card {use} {mark}".encode(), hashlib.sha256)

    def _write(self, named: str, content: bytes) -> None:
        # Whoever reads meanwhile sees the whole card, or none.
        handle, name = tempfile.mkstemp(dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).replace(self._folder / named)
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
