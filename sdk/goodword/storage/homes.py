"""Who lives together, by a keyed hash of where: the address itself is in no table."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, select

from goodword.homes import canonical_home
from goodword.storage import forgotten, friends
from goodword.storage.friends import Contact
from goodword.storage.sql import Book, Statement, through
from goodword.storage.tables import people

PEOPLE_MOST: Final = 8
"""An office, a dormitory or a parcel shop: where more than these get their parcels, it is no home.
Each may stand in several rows."""
_ROWS_MOST: Final = PEOPLE_MOST * 5
_AT: Final = Statement(
    through(
        select(people.c.id, people.c.mailbox, people.c.account)
        .where(people.c.shop == bindparam("shop"), people.c.home == bindparam("told_home"))
        .limit(bindparam("most")),
        people,
        "shop",
        "home",
    )
)


def hashed(book: Book, home: str | None, *, writes: bool) -> str | None:
    """Return what is kept of a home; ``writes``: the shop's key may be made for it."""
    told = canonical_home(home)
    if told is None:
        return None
    # By a name of its own: no home is taken for a contact of somebody who was forgotten.
    return (forgotten.hashed if writes else forgotten.hashed_before)(book, f"home:{told}")


def advocates_at(book: Book, home: str, themselves: frozenset[str]) -> frozenset[str]:
    """Return the advocates who share a home with somebody, by every id that they go by."""
    rows = book.all(_AT, told_home=home, most=_ROWS_MOST)
    others = {
        mailbox or id: (id, mailbox, account)
        for id, mailbox, account in rows
        if id not in themselves
    }
    if len(others) >= PEOPLE_MOST or len(rows) == _ROWS_MOST:
        return frozenset()
    # Who ordered as a friend may have been invited since, under another id.
    found = (
        friends.look(book, Contact(None, mailbox, None, account or id))
        for id, mailbox, account in others.values()
    )
    those = friends.selves(one for each in found for one in each.people if one.met_as == "advocate")
    return those - themselves
