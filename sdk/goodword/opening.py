"""The front door: opening an engine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from goodword.errors import Invalid

if TYPE_CHECKING:
    from goodword.embedded.engine import Engine
    from goodword.remote import RemoteReferrals


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


def connect(
    url: str,
    api_key: str,
    *,
    timeout: tuple[float, float] = (3.05, 30.0),
    deadline: float = 120.0,
    tries: int = 4,
) -> RemoteReferrals:
    """Return one shop's referrals at a goodword server: the shop whose key this is.

    ``url``: where the server answers, like ``https://thanks.example``.  ``timeout``: seconds to
    connect, and to wait for the next byte.  ``deadline``: seconds for a whole call, with all its
    tries and pauses; for each page of a list.  What did not arrive is sent again, once in effect:
    ``tries`` in all, each after a longer pause; 1 where somebody waits and would rather hear of it.
    Raises `Invalid` for what is no address or key; the first verb tells whether they are right.
    """
    from goodword.remote import Connection, RemoteReferrals

    if not _is_address(url):
        raise Invalid(field="url", mend="give the server's address, like https://thanks.example")
    if not api_key.strip() or not api_key.isascii() or not api_key.strip().isprintable():
        raise Invalid(field="api_key", mend="give a key of the shop, as `goodword key` makes it")
    if tries < 1:
        raise Invalid(field="tries", mend="try at least once")
    if not _are_seconds(timeout):
        raise Invalid(field="timeout", mend="give two numbers of seconds, like (3, 30)")
    if not _are_seconds((deadline, deadline)):
        raise Invalid(field="deadline", mend="give a number of seconds, like 120")
    return RemoteReferrals.over(
        Connection(url, api_key.strip(), timeout=timeout, deadline=deadline, tries=tries)
    )


def _are_seconds(given: object) -> bool:
    if not isinstance(given, tuple) or len(given) != 2:
        return False
    return all(isinstance(one, (int, float)) and one > 0 for one in given)


def _is_address(url: str) -> bool:
    """Whether it can be a server's address; a password in it would show in every error."""
    try:
        parts = urlsplit(url)
        # Asked for, since a port that is none shows only then.
        _ = parts.port
    except ValueError:
        return False
    beside = parts.query or parts.fragment or "@" in parts.netloc
    is_spoken = parts.scheme in ("http", "https") and url.isprintable() and " " not in url
    return bool(is_spoken and parts.hostname and not beside)
