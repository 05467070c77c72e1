"""Long answers in pages: a cursor says where the next one begins, and nothing else."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, Final

from marshmallow import fields
from marshmallow.validate import Length, Range

from goodword import paging, wire
from goodword_server.api.spelling import Count

USUAL: Final = 100
MOST: Final = 1_000
_LONGEST: Final = 4_000
CURSOR: Final = fields.String(
    validate=Length(1, _LONGEST, error="take the `next` of the page before, as it is"),
    metadata={"description": "Where the page begins: the `next` of the one before, as it is."},
)
LIMIT: Final = Count(
    validate=Range(1, MOST, error=f"ask for 1 to {MOST} at a time"),
    load_default=USUAL,
    metadata={"description": "How many at most."},
)


def check(kind: type, cursor: str | None) -> None:
    """Raise `Invalid` for a cursor that is none of this list's."""
    paging.key_after(kind, cursor, "cursor")


def cut(found: Sequence[Any], limit: int) -> dict[str, Any]:
    """Return a page of what was asked for with one more than the page holds."""
    items = found[:limit]
    return _page(items, is_last=len(found) <= limit)


def page(kind: type, found: Sequence[Any], cursor: str | None, limit: int) -> dict[str, Any]:
    """Return a page of a list that is short enough to be found whole."""
    after = paging.key_after(kind, cursor, "cursor")
    ordered = sorted(found, key=paging.key_of)
    start = 0 if after is None else bisect_right(ordered, after, key=paging.key_of)
    return _page(ordered[start : start + limit], is_last=start + limit >= len(ordered))


def whole(found: Sequence[Any]) -> dict[str, Any]:
    """Return all that was made, as the only page there is."""
    return {"items": [wire.plain(one) for one in found], "next": None}


def _page(items: Sequence[Any], *, is_last: bool) -> dict[str, Any]:
    """Return a page, and the cursor of the next.

    A cursor names the last thing told: what was added, taken away or changed meanwhile moves
    nothing else.
    """
    told = [wire.plain(one) for one in items]
    return {"items": told, "next": None if is_last else paging.cursor(items[-1])}
