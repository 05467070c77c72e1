"""How a code, its advocate and its program stood when an order was placed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select

from goodword.model.credit import Evidence, Reason
from goodword.model.program import Program
from goodword.rules.credit import against
from goodword.storage import programs as program_rows
from goodword.storage.pauses import paused
from goodword.storage.sql import Book, Statement, micros, moment
from goodword.storage.tables import advocates, codes, programs

# A row for each version up to the order's placing, and for the first in any case: a join that
# chose the right one would take PostgreSQL longer to plan than all the rest.
_MEASURE: Final = Statement(
    select(
        codes.c.text,
        codes.c.advocate,
        codes.c.ended,
        codes.c.rotated,
        advocates.c.ended.label("advocate_ended"),
        paused(codes.c.program, "seen").label("paused"),
        programs.c.name,
        programs.c.version,
        programs.c.saved,
        programs.c.body,
    )
    .join(advocates, (advocates.c.shop == codes.c.shop) & (advocates.c.id == codes.c.advocate))
    .join(programs, (programs.c.shop == codes.c.shop) & (programs.c.name == codes.c.program))
    .where(
        codes.c.shop == bindparam("shop"),
        codes.c.text == bindparam("code"),
        (programs.c.saved <= bindparam("placed", type_=programs.c.saved.type))
        | (programs.c.version == 1),
    )
    .order_by(programs.c.version)
)


@dataclass(frozen=True, slots=True)
class Measured:
    """A code as it stood when the order was placed."""

    code: str
    advocate: str
    program: Program
    """In the version that was live."""
    against: tuple[Reason, ...]


def measure(
    book: Book,
    code: str,
    placed: datetime,
    *,
    typed: bool,
    seen: datetime | None = None,
    draft: Program | None = None,
) -> Measured | None:
    """Return how a code, its advocate and its program stood at a moment; None if unknown.

    ``typed``: it was used at the checkout, where a code that was rotated counts no more.  ``seen``:
    when the friend was promised something by it, if not when they ordered: a pause that began
    later takes nothing from them.
    ``draft`` stands in for the saved program of its name.
    """
    rows = book.all(_MEASURE, code=code, placed=micros(placed), seen=micros(seen or placed))
    if not rows:
        return None
    text, advocate, code_ended, rotated, advocate_ended, is_paused = rows[-1][:6]
    first, program = (program_rows.read(*row[6:]) for row in (rows[0], rows[-1]))
    live_from = program.starts or first.saved
    if draft is not None and draft.name == program.name:
        # One that is tried out without a start is live for whatever it is held against.
        program, live_from = replace(draft, version=0), draft.starts or placed
    assert live_from is not None
    ends = [at for at in (code_ended, rotated if typed else None) if at is not None]
    return Measured(
        code=text,
        advocate=advocate,
        program=program,
        against=against(
            placed,
            code_ended=moment(min(ends, default=None)),
            advocate_ended=moment(advocate_ended),
            live_from=live_from,
            live_until=program.ends,
            paused=bool(is_paused),
        ),
    )


def programs_of(book: Book, evidence: Evidence) -> tuple[Program, ...]:
    """Return the program versions that the evidence names; raise `UnknownVersion`."""
    found = (*evidence.candidates, *evidence.set_aside)
    named = sorted({(one.program, one.version) for one in found})
    return tuple(program_rows.version(book, name, version) for name, version in named)
