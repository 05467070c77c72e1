"""Where a day begins: time zones by name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from goodword.errors import Invalid


@lru_cache(maxsize=64)
def zone_of(name: str | None) -> tzinfo:
    """Return the time zone of this name, or UTC for none; raise `Invalid` if it is none.

    >>> zone_of("Asia/Taipei"), zone_of(None)
    (zoneinfo.ZoneInfo(key='Asia/Taipei'), datetime.timezone.utc)
    """
    if name is None:
        return UTC
    # Looked up and never tried: a name is a path to a file.
    if name not in zones():
        raise Invalid(field="zone", mend="name a time zone, like Asia/Taipei or Europe/London")
    return ZoneInfo(name)


@cache
def zones() -> Sequence[str]:
    """Return the names of all time zones that this machine knows, sorted."""
    return tuple(sorted(available_timezones()))
