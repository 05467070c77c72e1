"""A reward's time is over: the shop is asked whether it was used."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from goodword.duties import coupons
from goodword.duties.prepared import Prepared, follow_up
from goodword.model.credit import State
from goodword.model.followup import Carried, How
from goodword.model.ledger import Account
from goodword.model.money import Money
from goodword.model.trouble import Trouble
from goodword.rules import booking
from goodword.storage import deeds, ledger, orders
from goodword.storage.deeds import Claimed, KeptGrant
from goodword.storage.sql import Book

_TAKEN_BACK = Trouble("the coupon is being taken back", "coupon_taken_back")


def prepare(book: Book, one: Claimed, now: datetime) -> Prepared | None:
    """Find a coupon whose time is over and that nobody told us was used."""
    orders.find(book, one.subject, lock=True)
    kept = over(book, one.subject, now)
    if kept is None:
        deeds.finish(book, one, "done")
        coupons.plan_expiry(book, one.subject, now)
        return None
    if kept.state == coupons.TAKING:
        return Prepared(None, wait=_TAKEN_BACK)
    return Prepared(replace(follow_up(book, one), grant=kept.grant))


def conclude(book: Book, prepared: Prepared, carried: Carried, now: datetime) -> None:
    """Book a coupon as used, or as expired."""
    grant = prepared.deed.grant if prepared.deed else None
    if grant is None or carried.how is not How.DONE or carried.granted is None:
        return
    order = grant.subject
    orders.find(book, order, lock=True)
    (kept,) = [one for one in deeds.grants_of(book, order) if one.grant.id == grant.id]
    if kept.state == "granted":
        whole = booking.face(kept.grant.worth)
        end(book, kept, used=whole if carried.granted.used else Money(0, whole.unit), now=now)
    coupons.plan_expiry(book, order, now)


def end(book: Book, kept: KeptGrant, *, used: Money, now: datetime) -> None:
    """Book a coupon that can be used no more: as used so far, and as expired for the rest."""
    order, person = kept.grant.subject, kept.grant.person
    # What it stands at now, which may be less than when the shop was asked.
    rest = Money(booking.face(kept.grant.worth).minor - used.minor, used.unit)
    for worth, target, cause in (
        (used, Account.SPENT, "used"),
        (rest, Account.EXPIRED, "expired"),
    ):
        books = ledger.of_order(book, order)
        moves = booking.moved(books, Account.GIVEN, target, person, worth)
        ledger.post(book, order, moves, cause, now)
    if rest.minor > 0:
        # What nobody used is no debt, unless another reward paid it off already.
        debt = ledger.debts(book, [person], settling=order)
        unused = booking.never_used(ledger.of_order(book, order), debt)
        ledger.post(book, order, unused, "expired", now)
    deeds.leave_of(book, kept, "redeemed" if used.minor else "expired")
    if not used.minor and not coupons.standing(book, order):
        orders.set_state(book, order, State.REWARDED, State.EXPIRED)


def over(book: Book, order: str, now: datetime) -> KeptGrant | None:
    """Return the coupon of an order whose time is over."""
    for kept in coupons.standing(book, order):
        if kept.grant.expires is not None and kept.grant.expires <= now:
            return kept
    return None
