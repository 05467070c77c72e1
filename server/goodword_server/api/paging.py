"""Long answers in pages: a cursor says where the next one begins, and nothing else."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from typing import Any, Final

from marshmallow import fields
from marshmallow.validate import Length, Range

from goodword import wire
from goodword.errors import Invalid

USUAL: Final = 100
MOST: Final = 1_000
CURSOR: Final = fields.String(
    validate=Length(1, 400),
    metadata={"description": "Where the page begins: the last one's `next`."},
)
LIMIT: Final = fields.Integer(
    validate=Range(1, MOST),
    load_default=USUAL,
    metadata={"description": f"How many at most; {USUAL} if not said."},
)


def page(found: Sequence[Any], cursor: str | None, limit: int) -> dict[str, Any]:
    """Return one page of what was found, and the cursor of the next.

    Found in the same sequence each time.  A cursor names the last thing told: what was added or
    taken away before it meanwhile moves nothing.  Raises `Invalid` for a cursor that is none.
    """
    told = [wire.plain(one) for one in found]
    start = 0 if cursor is None else _after(told, _read(cursor))
    items, rest = told[start : start + limit], told[start + limit :]
    return {"items": items, "next": _cursor(start + limit, items[-1]) if rest else None}


def _after(told: Sequence[Any], last: tuple[int, str]) -> int:
    place, mark = last
    marks = [_mark(one) for one in told]
    return marks.index(mark) + 1 if mark in marks else min(place, len(told))


def _mark(one: Any) -> str:
    return hashlib.sha256(json.dumps(one, sort_keys=True).encode()).hexdigest()[:16]


def _cursor(place: int, last: Any) -> str:
    text = f"{place}.{_mark(last)}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[int, str]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        place, _, mark = base64.urlsafe_b64decode(padded).decode("ascii").partition(".")
        return max(int(place), 0), mark
    except (ValueError, binascii.Error):
        raise Invalid(field="cursor", mend="take the `next` of the page before, as it is") from None
