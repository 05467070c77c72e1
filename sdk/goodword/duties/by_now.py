"""What a coupon says by its program as that is now, whatever its own version promised."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from goodword.model.followup import Duty, Grant
from goodword.model.ledger import Part
from goodword.storage import claims, deeds, pauses, programs
from goodword.storage.locks import alone
from goodword.storage.sql import Book


def by_now(book: Book, grant: Grant) -> Grant:
    """Return a grant with what its program says by now; all else of it was promised.

    What an advocate earned stays on while the program is paused.
    """
    newest = programs.newest(book, grant.program)
    found = replace(grant, combines_with=newest.combines_with if newest else None)
    if grant.part is Part.REWARD:
        return found
    paused = pauses.since(book, grant.program) is not None
    return replace(found, paused=paused, rests=claims.rests(book, grant.id))


def made(book: Book, grant: Grant, now: datetime) -> None:
    """Let a coupon that was just made be adjusted, if its program was changed meanwhile."""
    # Whoever changes the program finds the coupon made already, or is found here.
    alone(book, f"program {grant.program}")
    if grant.paused:
        claims.set_rests(book, grant.id, True)
    if by_now(book, grant) != grant:
        deeds.plan(book, Duty.ADJUST, grant.id, now, now)
