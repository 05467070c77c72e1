"""What a code offers a friend at this moment."""

from __future__ import annotations

from datetime import datetime

from goodword.model.offer import Offered
from goodword.rules.greeting import given_name
from goodword.rules.promises import ends_of, offer_of, state_of
from goodword.storage import people
from goodword.storage.measuring import measure
from goodword.storage.sql import Book


def offered(book: Book, code: str, now: datetime) -> Offered | None:
    """Return what the code offers; None if nobody holds it."""
    measured = measure(book, code, now, typed=False)
    if measured is None:
        return None
    program, advocate = measured.program, people.advocate(book, measured.advocate)
    shown = people.code(book, code)
    assert shown is not None
    assert advocate is not None
    return Offered(
        code=measured.code,
        shown=shown.shown,
        program=program.name,
        version=program.version,
        title=program.title,
        offer=offer_of(program, now),
        state=state_of(program, measured.against, now),
        advocate=given_name(advocate.name),
        relation=advocate.relation,
        claim_by=program.terms.claim_by,
        minimum=program.terms.minimum,
        starts=program.starts,
        ends=ends_of(program, now),
    )
