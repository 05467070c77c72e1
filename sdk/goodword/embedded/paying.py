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
from goodword.model.money import written
from goodword.model.outcome import Paid
from goodword.model.worth import Kind
from goodword.rules import booking, texts
from goodword.rules.credit import credit
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
    paid: list[Paid] = []
    for order in sorted(_due(book, ids)):
        if only is None or order in only:
            paid += _paid(book, order, ids, cause, reference, now)
    if paid:
        return tuple(paid)
    # Told a second time, it is the same payment.
    before = [entry for id in ids for entry in ledger.entries_by_cause(book, id, cause)]
    if not before:
        _say_why_not(book, advocate, only)
    return tuple(
        Paid(order=one.order, advocate=one.advocate, worth=one.worth, reference=reference)
        for one in before
        if one.target is Account.GIVEN
    )


def statement(entries: Iterable[Entry], commissions: Collection[str], ids: Collection[str]) -> str:
    """Return the movements of commissions as CSV, a line each; ``ids``: of these advocates."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for entry in entries:
        if entry.order in commissions and (not ids or entry.advocate in ids):
            writer.writerow([_harmless(cell) for cell in _line(entry)])
    return text.getvalue()


def commissions_among(book: Book, found: Iterable[str]) -> set[str]:
    """Return the orders whose reward is a commission."""
    return {order for order in set(found) if _is_commission(book, order)}


def _line(entry: Entry) -> Sequence[str]:
    what = _WORDS.get((entry.source, entry.target), f"{entry.source}>{entry.target}")
    reference = entry.cause.removeprefix("paid:") if entry.cause.startswith("paid:") else ""
    at = entry.at.isoformat()
    worth = entry.worth
    return (entry.advocate, entry.order, at, what, written(worth), worth.unit, reference)


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _due(book: Book, ids: Iterable[str]) -> Iterator[str]:
    for id in ids:
        for order, one in ledger.of_advocate(book, id):
            due = one.part is Part.REWARD and one.account is Account.DUE and one.worth.minor > 0
            if due and _is_commission(book, order):
                yield order


def _paid(
    book: Book, order: str, ids: Sequence[str], cause: str, reference: str, now: datetime
) -> Iterator[Paid]:
    orders.find(book, order, lock=True)
    books = [one for one in ledger.of_order(book, order) if one.advocate in ids]
    holders = sorted({one.advocate for one in books})
    moves = booking.passed_on(books, _PATH, ledger.debts(book, holders))
    ledger.post(book, order, moves, cause, now)
    for move in moves:
        if move.target is Account.GIVEN:
            orders.set_state(book, order, State.QUALIFIED, State.REWARDED)
            yield Paid(order=order, advocate=move.advocate, worth=move.worth, reference=reference)


def _is_commission(book: Book, order: str) -> bool:
    kept = orders.find(book, order)
    program = credit(kept.order, kept.evidence).program if kept else None
    return program is not None and booking.money_kind(program) is Kind.COMMISSION


def _say_why_not(book: Book, advocate: str, only: Collection[str] | None) -> None:
    for order in sorted(only or ()):
        if orders.find(book, order) is None:
            raise UnknownOrder(id=order)
    where = f" for {', '.join(sorted(only))}" if only else ""
    raise NothingDue(advocate=advocate, where=where)


def check_reference(reference: str) -> None:
    """Raise `Invalid`, if a payment cannot be told by this."""
    if not 0 < len(reference.strip()) <= _REFERENCE_LONGEST or not texts.can_be_kept(reference):
        raise Invalid(
            field="reference",
            mend=f"name the payment in 1 to {_REFERENCE_LONGEST} characters, like a transfer's id",
        )
