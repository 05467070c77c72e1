"""An error that a server told of, as it was raised there."""

from __future__ import annotations

from typing import Any

from goodword import errors


def revive(reason: str, facts: dict[str, Any], detail: str) -> errors.GoodwordError:
    """Return the error that a server told of; one that this release does not know is `Refused`."""
    kind = _by_reason().get(reason)
    try:
        return kind(**facts) if kind else errors.Refused(kind=reason, detail=detail, **facts)
    except (KeyError, TypeError, ValueError):
        return errors.Refused(kind=reason, detail=detail)


def _by_reason() -> dict[str, type[errors.GoodwordError]]:
    found: dict[str, type[errors.GoodwordError]] = {}
    waiting: list[type[errors.GoodwordError]] = [errors.GoodwordError]
    while waiting:
        kind = waiting.pop()
        found.setdefault(kind.reason, kind)
        waiting += kind.__subclasses__()
    return found
