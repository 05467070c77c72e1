"""Long answers in pages: a cursor says where the next one begins, and nothing else."""

from __future__ import annotations

import base64
import json
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from marshmallow import fields
from marshmallow.validate import Length, Range

from goodword import wire
from goodword.errors import Invalid
from goodword.model.followup import Thanks
from goodword.model.message import Finding, Wording
from goodword.model.outcome import Referral, Reward, Standing
from goodword.model.program import Program
from goodword.model.proof import Proof
from goodword_server.api.spelling import Count

USUAL: Final = 100
MOST: Final = 1_000
_LONGEST: Final = 4_000
_START: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
CURSOR: Final = fields.String(
    validate=Length(1, _LONGEST, error="take the `next` of the page before, as it is"),
    metadata={"description": "Where the page begins: the `next` of the one before, as it is."},
)
LIMIT: Final = Count(
    validate=Range(1, MOST, error=f"ask for 1 to {MOST} at a time"),
    load_default=USUAL,
    metadata={"description": "How many at most."},
)

_Key = Callable[[Any], tuple[Any, ...]]
# What tells one thing in a list from all others, whatever else of it changes meanwhile.
_KEYS: Final[Mapping[type, _Key]] = {
    Program: lambda one: (one.name,),
    Referral: lambda one: (one.order,),
    Reward: lambda one: (one.order, one.advocate, one.worth.unit),
    Standing: lambda one: (one.unit,),
    Wording: lambda one: (one.channel, one.moment),
    Finding: lambda one: (one.channel, one.moment, one.language, one.doubt, one.found),
    Proof: lambda one: ((_START - one.consented) // _MICROSECOND, one.id),
    Thanks: lambda one: ((one.by - _START) // _MICROSECOND, one.id),
}


def page(
    verb: str, kind: type, found: Sequence[Any], cursor: str | None, limit: int
) -> dict[str, Any]:
    """Return one page of what was found, and the cursor of the next.

    A cursor names the last thing told: what was added, taken away or changed meanwhile moves
    nothing else.  Raises `Invalid` for a cursor that is none of this list's.
    """
    key = _KEYS[kind]
    ordered = sorted(found, key=key)
    start = 0 if cursor is None else _after(_read(verb, cursor), ordered, key)
    items = ordered[start : start + limit]
    is_last = start + limit >= len(ordered)
    return {
        "items": [wire.plain(one) for one in items],
        "next": None if is_last else _cursor(verb, key(items[-1])),
    }


def whole(found: Sequence[Any]) -> dict[str, Any]:
    """Return all that was made, as the only page there is."""
    return {"items": [wire.plain(one) for one in found], "next": None}


def _cursor(verb: str, last: tuple[Any, ...]) -> str:
    text = json.dumps([verb, *last], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(verb: str, cursor: str) -> tuple[Any, ...]:
    """Return the key that a cursor names."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        named, *last = json.loads(base64.b64decode(padded, altchars="-_", validate=True))
    except (ValueError, TypeError, RecursionError):
        raise _wrong() from None
    if named != verb:
        raise _wrong()
    return tuple(last)


def _after(last: tuple[Any, ...], ordered: Sequence[Any], key: _Key) -> int:
    """Return where the first one stands that comes after a key."""
    if not ordered:
        return 0
    if [type(part) for part in last] != [type(part) for part in key(ordered[0])]:
        raise _wrong()
    return bisect_right(ordered, last, key=key)


def _wrong() -> Invalid:
    return Invalid(field="cursor", mend="take the `next` of the page before, as it is")
