"""Counts that are never passed, however many write: each step is a statement that may say no."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword.rules.places import Key
from goodword.storage.sql import Book, Statement
from goodword.storage.tables import places

_most = bindparam("most", type_=BigInteger)
_OPEN: Final = Statement(
    upsert(places).on_conflict_do_nothing(
        index_elements=["shop", "program", "per", "whose", "period"]
    )
)
_here = (
    (places.c.shop == bindparam("shop"))
    & (places.c.program == bindparam("of_program"))
    & (places.c.per == bindparam("of_per"))
    & (places.c.whose == bindparam("of_whose"))
    & (places.c.period == bindparam("of_period"))
)
_by = bindparam("by", type_=BigInteger)
_TAKE: Final = Statement(
    update(places)
    .where(_here, places.c.taken + _by <= _most)
    .values(taken=places.c.taken + _by)
    .returning(places.c.taken)
)
_TAKEN: Final = Statement(select(places.c.taken).where(_here))
_MOST: Final = 2**62


_OF: Final = Statement(
    select(places.c.program, places.c.per, places.c.whose, places.c.period, places.c.taken).where(
        places.c.shop == bindparam("shop"),
        places.c.per == "advocate",
        places.c.whose == bindparam("advocate"),
    )
)


def hand_on(book: Book, gone: str, kept: str) -> None:
    """Count an advocate's places for another, who is the same person.

    A place that is given back later stays counted: rather one too few than one too many.
    """
    for program, per, _whose, period, taken in book.all(_OF, advocate=gone):
        Counts(book, program).take(Key(per, kept, period), taken, None)


class Counts:
    """The counts of one shop's program, in the transaction of its book."""

    def __init__(self, book: Book, program: str) -> None:
        self._book = book
        self._program = program

    def take(self, key: Key, by: int, most: int | None) -> int | None:
        """Count on and return where it stands; None if that would pass the most."""
        row = self._take(key, by, most)
        if row is None and by > 0 and self.taken(key) is None:
            # Nobody was counted here before; two that come first meet at the key.
            self._book.run(_OPEN, taken=0, program=self._program, **_parts(key))
            row = self._take(key, by, most)
        return row

    def give(self, key: Key, by: int) -> None:
        """Count back."""
        self._take(key, -by, None)

    def taken(self, key: Key) -> int | None:
        """Return where a count stands; None if nobody was counted there."""
        row = self._book.one(_TAKEN, **self._named(key))
        return None if row is None else int(row[0])

    def _take(self, key: Key, by: int, most: int | None) -> int | None:
        bound = _MOST if most is None else most
        row = self._book.one(_TAKE, by=by, most=bound, **self._named(key))
        return None if row is None else int(row[0])

    def _named(self, key: Key) -> dict[str, str]:
        return {
            "of_program": self._program,
            **{f"of_{name}": value for name, value in _parts(key).items()},
        }


def _parts(key: Key) -> dict[str, str]:
    return {"per": key.per, "whose": key.whose, "period": key.period}
