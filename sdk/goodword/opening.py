"""The front door: opening an engine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from goodword.embedded.engine import Engine


def embed(
    url: str, *, clock: Callable[[], datetime] | None = None, prepared: bool = False
) -> Engine:
    """Open an engine in this process.

    ``url``: ``sqlite:///shop.db``, ``sqlite://`` (in memory) or ``postgresql://…``.  ``clock``
    returns the time in UTC, for tests and stories.  ``prepared`` turns on PostgreSQL's prepared
    statements, which PgBouncer's transaction mode cannot carry.  Raises `Invalid` for another URL.
    """
    # Here and not above: `import goodword` must stay light for a process that only asks a server.
    from goodword.embedded.engine import Engine, utc_now
    from goodword.storage.choosing import open_database

    return Engine(open_database(url, prepared=prepared), clock or utc_now)
