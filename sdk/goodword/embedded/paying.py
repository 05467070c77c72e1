"""Commissions: paid out by the shop itself, marked as paid, and listed for its books."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from goodword.errors import Invalid, NothingDue, UnknownOrder
from goodword.model.credit import State
from goodword.model.ledger import Account, Entry, Part
from goodword.model.money import Money, written
from goodword.model.outcome import Paid
from goodword.model.worth import Kind
from goodword.rules import booking, texts
from goodword.rules.credit import earned_by
from goodword.storage import ledger, orders, people
from goodword.storage.sql import Book

_REFERENCE_LONGEST: Final = 200
_PATH: Final = (Account.DUE, Account.GIVEN)
_WORDS: Final = {
    (Account.GRANTED, Account.WAITING): "earned",
    (Account.WAITING, Account.DUE): "due",
    (Account.DUE, Account.GIVEN): "paid",
    (Account.WAITING, Account.GRANTED): "reversed",
    (Account.DUE, Account.GRANTED): "reversed",
    (Account.OWED_BACK, Account.GRANTED): "owed back",
    (Account.WAITING, Account.OWED_BACK): "kept for what was owed back",
    (Account.DUE, Account.OWED_BACK): "kept for what was owed back",
}
COLUMNS: Final = ("advocate", "order", "at", "what", "amount", "currency", "reference")


def mark_paid(
    book: Book, advocate: str, reference: str, only: Collection[str] | None, now: datetime
) -> tuple[Paid, ...]:
    """Book commissions that are due as paid; what is owed back is kept for that first."""
    check_reference(reference)
    ids = people.ids_of(book, advocate)
    cause = f"paid:{reference}"
    _check_orders(book, only)
    # Told a second time, it is the same payment, whatever became due meanwhile.
    before = {one.order for one in _told(book, ids, cause)}
    for order in sorted(_due(book, ids)) if not before or only else ():
        if order not in before and (only is None or order in only):
            _pay(book, order, ids, cause, now)
    told = [one for one in _told(book, ids, cause) if only is None or one.order in only]
    if not told:
        where = f" for {', '.join(sorted(only))}" if only else ""
        raise NothingDue(advocate=advocate, where=where)
    return tuple(
        Paid(order=one.order, advocate=one.advocate, worth=one.worth, reference=reference)
        for one in told
        if one.target is Account.GIVEN
    )


def statement(
    entries: Iterable[Entry], commissions: Collection[tuple[str, str]], ids: Collection[str]
) -> str:
    """Return the movements of commissions as CSV, a line each; ``ids``: of these advocates."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for entry in entries:
        earned = (entry.order, entry.advocate) in commissions and not _in_kind(entry.worth)
        if earned and (not ids or entry.advocate in ids):
            writer.writerow([_harmless(cell) for cell in _line(entry)])
    return text.getvalue()


def commissions_among(book: Book, found: Iterable[Entry]) -> set[tuple[str, str]]:
    """Return the orders, each with who earned by it, whose reward is a commission."""
    pairs = {(entry.order, entry.advocate) for entry in found}
    return {pair for pair in pairs if _is_commission(book, *pair)}


def _line(entry: Entry) -> Sequence[str]:
    what = _WORDS.get((entry.source, entry.target), f"{entry.source}>{entry.target}")
    reference = entry.cause.removeprefix("paid:") if entry.cause.startswith("paid:") else ""
    at = entry.at.isoformat()
    worth = entry.worth
    return (entry.advocate, entry.order, at, what, written(worth), worth.unit, reference)


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _told(book: Book, ids: Iterable[str], cause: str) -> list[Entry]:
    """Return what one payment booked."""
    return [entry for id in ids for entry in ledger.entries_by_cause(book, id, cause)]


def _due(book: Book, ids: Iterable[str]) -> Iterator[str]:
    for id in ids:
        for order, one in ledger.of_advocate(book, id):
            due = one.part is Part.REWARD and one.account is Account.DUE and one.worth.minor > 0
            if due and not _in_kind(one.worth) and _is_commission(book, order, id):
                yield order


def _pay(book: Book, order: str, ids: Sequence[str], cause: str, now: datetime) -> None:
    orders.find(book, order, lock=True)
    books = [
        one
        for one in ledger.of_order(book, order)
        if one.advocate in ids and not _in_kind(one.worth)
    ]
    holders = sorted({one.advocate for one in books})
    moves = booking.passed_on(books, _PATH, ledger.debts(book, holders))
    ledger.post(book, order, moves, cause, now)
    if any(move.target is Account.GIVEN for move in moves):
        orders.set_state(book, order, State.QUALIFIED, State.REWARDED)


def _in_kind(worth: Money) -> bool:
    """Whether it is a piece, which a till gives even where all money is a commission."""
    return worth.unit.startswith(booking.PIECE)


def _is_commission(book: Book, order: str, advocate: str) -> bool:
    kept = orders.find(book, order)
    program = earned_by(kept.order, kept.evidence, advocate) if kept else None
    return program is not None and booking.money_kind(program) is Kind.COMMISSION


def _check_orders(book: Book, only: Collection[str] | None) -> None:
    for order in sorted(only or ()):
        if orders.find(book, order) is None:
            raise UnknownOrder(id=order)


def check_reference(reference: str) -> None:
    """Raise `Invalid`, if a payment cannot be told by this."""
    if not 0 < len(reference.strip()) <= _REFERENCE_LONGEST or not texts.can_be_kept(reference):
        raise Invalid(
            field="reference",
            mend=f"name the payment in 1 to {_REFERENCE_LONGEST} characters, like a transfer's id",
        )
