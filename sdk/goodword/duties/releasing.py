"""The hold is over: debts are paid off, the rest is due.  Needs no carrier."""

from __future__ import annotations

from datetime import datetime

from goodword.duties.prepared import Prepared
from goodword.model.credit import State
from goodword.model.followup import Duty
from goodword.model.ledger import Account, Part
from goodword.rules import booking
from goodword.rules.credit import credit
from goodword.storage import deeds, ledger, orders
from goodword.storage.deeds import Claimed
from goodword.storage.sql import Book


def prepare(book: Book, one: Claimed, now: datetime) -> Prepared | None:
    """Release what waits, unless the order's newest state holds it for longer."""
    kept = orders.find(book, one.subject, lock=True)
    program = credit(kept.order, kept.evidence).program if kept else None
    if kept is not None and program is not None:
        ends = booking.hold_ends(kept.order, program)
        if ends is None or ends > now:
            # It was moved since it was planned; without an end it is planned when that is known.
            deeds.finish(book, one, "done")
            if ends is not None:
                deeds.plan(book, Duty.RELEASE, one.subject, ends, now)
            return None
    books = ledger.of_order(book, one.subject)
    holders = {balance.advocate for balance in books if balance.part is Part.REWARD}
    debt = ledger.debts(book, sorted(holders))
    moves = booking.passed_on(books, (Account.WAITING, Account.DUE), debt)
    ledger.post(book, one.subject, moves, "release", now)
    if moves and not any(move.target is Account.DUE for move in moves):
        # All of it paid what was owed back: that was its reward.
        orders.set_state(book, one.subject, State.QUALIFIED, State.REWARDED)
    if any(move.target is Account.DUE for move in moves):
        deeds.plan(book, Duty.GRANT, one.subject, now, now)
    deeds.finish(book, one, "done")
    return None
