"""What is kept of a person, and forgetting them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from goodword.storage.sql import Book


def export(book: Book, id: str) -> dict[str, Any]:
    """Return all that is kept of a person."""
    raise NotImplementedError


def forget(book: Book, id: str, now: datetime) -> None:
    """Forget a person."""
    raise NotImplementedError
