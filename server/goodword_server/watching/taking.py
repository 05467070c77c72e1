"""Orders that were found at a shop are recorded; what cannot be is asked for by the inbox's way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final, NamedTuple, TypeVar

from goodword.model.order import Order
from goodword.platforms import Unreadable
from goodword_server.reading import Reader
from goodword_server.storage import inbox
from goodword_server.watching.step import Step

T = TypeVar("T")
JOINED: Final = "joined"
"""In a round's notes: the moment from which on webhooks should have told."""
AT_ONCE: Final = 64
READ_MOST: Final = 16 * AT_ONCE
"""How many are read of a shop until the others have their turn."""
# A shop tells of its orders late: what is younger may still be on its way.
_LATE: Final = timedelta(minutes=30)


class Took(NamedTuple):
    """What came of some orders."""

    news: int
    """Of how many a webhook should have told."""
    odd: list[str]
    """The ids of those that could not be recorded."""


def take(
    step: Step, reader: Reader, some: Sequence[Order | Unreadable], *, fresh: bool = True
) -> Took:
    """Record orders; ``fresh``: they stand so just now, and did not only when they were written."""
    orders = [one for one in some if isinstance(one, Order)]
    pages = reader.take_in(orders, fresh=fresh)
    both = list(zip(orders, pages, strict=True))
    odd = [one.id for one in some if isinstance(one, Unreadable)]
    odd += [order.id for order, page in both if page.dead or page.later]
    return Took(sum(_is_news(step, order, page.verdict) for order, page in both), odd)


def keep(step: Step, notes: Mapping[str, Any], asked: Sequence[str]) -> None:
    """Keep how far it came; what has to be asked for goes the way of every delivery."""
    house, shop = step.house, step.shop
    step.keep(
        notes,
        lambda session: (
            inbox.ask(session, house.vault, shop, asked, house.now()) if asked else None
        ),
    )


def _is_news(step: Step, order: Order, verdict: str) -> bool:
    changed = verdict.endswith((": created", ": updated"))
    at, joined = order.modified or order.placed, step.taken.notes.get(JOINED)
    before = joined is not None and at < datetime.fromisoformat(joined)
    return changed and not before and at < step.house.now() - _LATE


def batches(listed: Iterable[T]) -> Iterator[list[T]]:
    """Yield so many as are recorded at once."""
    rest = iter(listed)
    while some := list(islice(rest, AT_ONCE)):
        yield some
