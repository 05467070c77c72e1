"""What is owed back is taken from a coupon as far as it was not used: made smaller, or disabled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from goodword.duties import coupons
from goodword.duties.prepared import Prepared, follow_up
from goodword.model.credit import State
from goodword.model.followup import Carried, Duty, How, TakenBack, TakingBack
from goodword.model.ledger import Account, Movement
from goodword.model.money import Money
from goodword.model.trouble import Trouble
from goodword.rules import booking
from goodword.storage import deeds, ledger, orders
from goodword.storage.deeds import Claimed, KeptGrant
from goodword.storage.sql import Book

_IN_MAKING = Trouble("the coupon is still being made", "coupon_in_making")


def prepare(book: Book, one: Claimed, now: datetime) -> Prepared | None:
    """Find what of a granted coupon is owed back."""
    order = one.subject
    orders.find(book, order, lock=True)
    stand = coupons.standing(book, order)
    books = ledger.of_order(book, order)
    # What later rewards have paid off by now is not taken once more.
    debt = ledger.debts(book, sorted({one.advocate for one in books}), settling=order)
    if not any(kept.state == coupons.TAKING for kept in stand):
        offset = booking.offset(books, debt)
        ledger.post(book, order, offset, "offset", now)
        debt = _less(debt, offset)
        if offset:
            # What is earned anew is what the coupon that stands is for.
            orders.set_state(book, order, State.QUALIFIED, State.REWARDED)
    if coupons.being_made(book, order) is not None:
        return Prepared(None, wait=_IN_MAKING)
    found = _owed_of(stand, booking.taken_back(ledger.of_order(book, order), debt))
    if found is None:
        deeds.finish(book, one, "done")
        return None
    kept, move = found
    # Before the shop is asked: what may have happened is finished, and settled in no other way.
    deeds.leave_of(book, kept, coupons.TAKING)
    left = booking.face(kept.grant.worth).minor - move.worth.minor
    taking = TakingBack(
        granted=coupons.as_granted(kept),
        left=Money(left, move.worth.unit) if left > 0 else None,
    )
    return Prepared(replace(follow_up(book, one), taking_back=taking), moves=(move,))


def about(book: Book, order: str) -> KeptGrant | None:
    """Return the coupon of which something would be taken back next."""
    owed = booking.taken_back(ledger.of_order(book, order))
    found = _owed_of(coupons.standing(book, order), owed)
    return None if found is None else found[0]


def conclude(book: Book, prepared: Prepared, carried: Carried, now: datetime) -> None:
    """Book what the shop could still take back."""
    deed = prepared.deed
    if deed is None or deed.taking_back is None:
        return
    order, taking = deed.subject, deed.taking_back
    orders.find(book, order, lock=True)
    books = ledger.of_order(book, order)
    (kept,) = [one for one in deeds.grants_of(book, order) if one.grant.id == taking.granted.grant]
    if carried.how is How.NEVER and kept.state == coupons.TAKING:
        # It stands as it stood, and can be spent or expire.
        deeds.leave_of(book, kept, "granted")
    if carried.how is not How.DONE or carried.taken_back is None:
        return
    # Else an order was told of meanwhile that spends it, or no more: what that says stands.
    untouched = kept.state == coupons.TAKING
    if untouched:
        # Only what the shop was told of; what came since is planned anew.
        came = list(_came_back(prepared.moves, carried.taken_back))
        moves = booking.at_most(booking.taken_back(books), came)
        ledger.post(book, order, moves, "take_back", now)
        left = replace(kept.grant.worth, amount=taking.left) if taking.left else None
        if carried.taken_back.done:
            deeds.leave_of(book, kept, "granted" if left else "reversed", left)
        else:
            _leave_spent(book, kept, came, now)
    if len(booking.taken_back(ledger.of_order(book, order))) > 0:
        deeds.plan(book, Duty.TAKE_BACK, order, now, now)


def _came_back(planned: Iterable[Movement], taken: TakenBack) -> Iterator[Movement]:
    """Yield of what was to be taken back as much as nobody had used."""
    for move in planned:
        missing = 0 if taken.done else move.worth.minor
        if taken.missing is not None:
            missing = min(missing, taken.missing.minor)
        if missing < move.worth.minor:
            yield replace(move, worth=Money(move.worth.minor - missing, move.worth.unit))


def _leave_spent(book: Book, kept: KeptGrant, came: Iterable[Movement], now: datetime) -> None:
    """Book a coupon as used but for what came back: the debt stands, and later rewards pay it."""
    order, worth = kept.grant.subject, booking.face(kept.grant.worth)
    rest = Money(worth.minor - sum(move.worth.minor for move in came), worth.unit)
    books, person = ledger.of_order(book, order), kept.grant.person
    moves = booking.moved(books, Account.GIVEN, Account.SPENT, person, rest)
    ledger.post(book, order, moves, f"spent:{kept.grant.text}", now)
    left = None if kept.grant.worth.amount is None else replace(kept.grant.worth, amount=rest)
    deeds.leave_of(book, kept, "redeemed", left)


def _less(
    debt: Mapping[tuple[str, str], int], paid: Iterable[Movement]
) -> dict[tuple[str, str], int]:
    """Return the debts after these payments."""
    left = dict(debt)
    for move in paid:
        left[move.advocate, move.worth.unit] -= move.worth.minor
    return left


def _owed_of(stand: list[KeptGrant], owed: list[Movement]) -> tuple[KeptGrant, Movement] | None:
    """Return the first coupon of which something is owed back, and how much of it."""
    for kept in stand:
        worth = booking.face(kept.grant.worth)
        for move in owed:
            if (move.advocate, move.worth.unit) == (kept.grant.person, worth.unit):
                most = Money(min(move.worth.minor, worth.minor), worth.unit)
                return kept, replace(move, worth=most)
    return None
