"""Long lists in pages: a cursor says where the next one begins, and nothing else."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from goodword.errors import Invalid
from goodword.model.followup import Thanks
from goodword.model.invitation import Brought
from goodword.model.message import Finding, Wording
from goodword.model.outcome import Referral, Reward, Standing
from goodword.model.people import Advocate, Code
from goodword.model.program import Program
from goodword.model.proof import Proof
from goodword.model.webhook import Webhook

T = TypeVar("T")
Key = tuple[Any, ...]
PAGE: Final = 500
"""How many `each` asks for at a time."""
_LONGEST: Final = 4_000
_MOST: Final = 2**62
# No id holds one: no database would take it.
_BETWEEN: Final = "\0"
_NUMBER: Final = re.compile("-?[0-9]{1,18}")
_START: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_MEND: Final = "take the cursor of the last thing in the page before, as it is"
# What tells one thing in a list from all others, whatever else of it changes meanwhile.
_KEYS: Final[Mapping[type, Callable[[Any], Key]]] = {
    Advocate: lambda one: (one.id,),
    Brought: lambda one: (one.number,),
    Code: lambda one: (one.program,),
    Program: lambda one: (one.name,),
    Referral: lambda one: (one.order,),
    Reward: lambda one: (one.order, one.advocate, one.worth.unit),
    Standing: lambda one: (one.unit,),
    Webhook: lambda one: (one.id,),
    Wording: lambda one: (one.channel, one.moment),
    Finding: lambda one: (one.channel, one.moment, one.language, one.doubt, one.found),
    Proof: lambda one: ((_START - one.consented) // _MICROSECOND, one.id),
    Thanks: lambda one: ((one.by - _START) // _MICROSECOND, one.id),
}
_SHAPES: Final[Mapping[type, tuple[type, ...]]] = {
    Advocate: (str,),
    Brought: (int,),
    Code: (str,),
    Program: (str,),
    Referral: (str,),
    Reward: (str, str, str),
    Standing: (str,),
    Webhook: (str,),
    Wording: (str, str),
    Finding: (str, str, str, str, str),
    Proof: (int, str),
    Thanks: (int, str),
}


def each(verb: Callable[..., Sequence[T]], *given: Any, **named: Any) -> Iterator[T]:
    """Yield what a verb lists, page by page: ``each(referrals.rewards.list, "c-1")``.

    For lists that are long: nothing but one page is held.  Takes a verb with ``after`` and
    ``limit``, of an engine or of a server.
    """
    after: str | None = None
    while True:
        found = verb(*given, **named, after=after, limit=PAGE)
        yield from found
        if len(found) < PAGE:
            return
        after = cursor(found[-1])


def cursor(last: object) -> str:
    """Return where the page begins that comes after something: `after` takes it."""
    text = _BETWEEN.join([type(last).__name__, *map(str, key_of(last))])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def key_of(one: object) -> Key:
    """Return what tells a thing from all others of its list, in the sequence of the list."""
    return _KEYS[type(one)](one)


def key_after(kind: type, after: str | None, field: str = "after") -> Key | None:
    """Return the key that a cursor names; raise `Invalid` for one that is none of this list's."""
    if after is None:
        return None
    try:
        return _key(kind, after)
    except ValueError:
        raise Invalid(field=field, mend=_MEND) from None


def most(limit: int | None) -> int:
    """Return how many at most; raise `Invalid` for none at all."""
    if limit is None:
        return _MOST
    if not 0 < limit <= _MOST:
        raise Invalid(field="limit", mend="ask for at least 1")
    return limit


def _key(kind: type, after: str) -> Key:
    if len(after) > _LONGEST:
        raise ValueError("too long")
    padded = after + "=" * (-len(after) % 4)
    told = base64.b64decode(padded, altchars="-_", validate=True).decode()
    named, *parts = told.split(_BETWEEN)
    if named != kind.__name__:
        raise ValueError("of another list")
    return tuple(_part(shape, one) for shape, one in zip(_SHAPES[kind], parts, strict=True))


def _part(shape: type, text: str) -> int | str:
    if shape is str:
        return text
    if not _NUMBER.fullmatch(text):
        raise ValueError("no number")
    return int(text)
