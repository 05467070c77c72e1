"""What comes of moving in: how many of each kind, and everything that is wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, TypeVar

from goodword.errors import RowsInvalid
from goodword.model.moving import MovedIn, Tally, Wrong
from goodword.rules.moving import Fate, Fault

T = TypeVar("T")
KINDS: Final = ("programs", "advocates", "codes", "referrals")
AT_ONCE: Final = 1_000
_TOLD_MOST: Final = 100


class Report:
    """Counts what comes, and gathers what is wrong; of that only the first are told."""

    def __init__(self) -> None:
        self._fates: dict[str, Counter[Fate]] = defaultdict(Counter)
        self._wrong: list[Wrong] = []
        self._many = 0

    def count(self, kind: str, fate: Fate, many: int = 1) -> None:
        self._fates[kind][fate] += many

    def count_each(self, kind: str, fates: Iterable[Fate]) -> None:
        """Count many at once."""
        self._fates[kind].update(fates)

    def blame(self, kind: str, line: int, fault: Fault) -> None:
        """Keep what is wrong with one."""
        self.take(Wrong(fault.column, fault.mend, line, fault.column, kind))

    def take(self, wrong: Wrong) -> None:
        """Keep what was wrong before it came here."""
        self._many += 1
        if self._many <= _TOLD_MOST:
            self._wrong.append(wrong)

    def readable(self, rows: Iterable[T | Wrong]) -> Iterator[T]:
        """Yield the rows that could be read."""
        for one in rows:
            if isinstance(one, Wrong):
                self.take(one)
            else:
                yield one

    def check(self) -> None:
        """Raise `RowsInvalid`, if anything is wrong."""
        if self._many:
            raise RowsInvalid(
                field="rows",
                mend=f"mend {self._many:,} of them; nothing was brought in",
                wrong=tuple(sorted(self._wrong, key=_place)),
                more=self._many - len(self._wrong),
            )

    def told(self) -> MovedIn:
        """Return how many of each kind there are."""
        return MovedIn(
            **{
                kind: Tally(**{str(fate): many for fate, many in fates.items()})
                for kind, fates in self._fates.items()
            }
        )


def _place(wrong: Wrong) -> tuple[int, int]:
    return (KINDS.index(wrong.kind) if wrong.kind in KINDS else 0, wrong.line)


def some(rows: Iterable[T]) -> Iterator[list[T]]:
    """Yield rows, so many at a time."""
    left = iter(rows)
    while found := list(islice(left, AT_ONCE)):
        yield found
