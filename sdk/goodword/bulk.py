"""Many orders at once: what a platform may do, too, whose shops write them all into one file.

A shop writes beside its other work, and says now and then how far it came; then the file is read
from wherever one likes, so that whoever was interrupted goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, runtime_checkable

from goodword.model.order import Order
from goodword.platforms import Installation, Unreadable

BUSY: Final = "bulk_busy"
"""The cause of a refusal: the shop writes something else first.  Ask again later."""
ANEW: Final = frozenset({"bulk_failed", "file_gone"})
"""The causes after which it can be begun anew: what was begun before brings nothing any more."""
NEVER: Final = frozenset({"bulk_refused", "file_elsewhere", "file_too_large", "file_unreadable"})
"""The causes after which orders are to be read at the till, one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """How far a shop came."""

    begun: datetime
    """When it began, by its own clock: what changed later may be missing."""
    done: bool
    orders: int
    """How many are in the file."""


class Bulk(Protocol):
    """One shop's file of orders.

    Raises what a till raises; a `TillRefused` names as its ``cause`` what can be done: `BUSY`, one
    of `ANEW`, one of `NEVER`.
    """

    def begin(self, since: datetime) -> str:
        """Let the shop begin to write the orders that changed since; return what it calls that."""

    def look(self, id: str) -> Writing:
        """Say how far it came."""

    def orders(self, id: str, at: int = 0) -> Iterator[tuple[Order | Unreadable | None, int]]:
        """Yield each order of the file from a place on, as the till would, and where the next is.

        None for one that is no longer shown.  An order may have changed since it was written down.
        """

    def stop(self, id: str) -> None:
        """Let the shop write no further; nothing, if it is done already."""


@runtime_checkable
class WritesInBulk(Protocol):
    """A platform whose shops write many orders into one file."""

    def bulk(self, installation: Installation) -> Bulk:
        """Return what a shop writes its orders into."""
