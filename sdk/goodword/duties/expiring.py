"""A reward's time is over: the shop is asked whether it was used."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from goodword.duties import coupons
from goodword.duties.prepared import Prepared, follow_up
from goodword.model.credit import State
from goodword.model.followup import Carried, How
from goodword.model.ledger import Account
from goodword.model.trouble import Trouble
from goodword.rules import booking
from goodword.storage import deeds, ledger, orders
from goodword.storage.deeds import Claimed, KeptGrant
from goodword.storage.sql import Book

_TAKEN_BACK = Trouble("the coupon is being taken back", "coupon_taken_back")


def prepare(book: Book, one: Claimed, now: datetime) -> Prepared | None:
    """Find a coupon whose time is over and that nobody told us was used."""
    orders.find(book, one.subject, lock=True)
    over = _over(book, one.subject, now)
    if over is None:
        deeds.finish(book, one, "done")
        coupons.plan_expiry(book, one.subject, now)
        return None
    if over.state == coupons.TAKING:
        return Prepared(None, wait=_TAKEN_BACK)
    return Prepared(replace(follow_up(book, one), grant=over.grant))


def conclude(book: Book, prepared: Prepared, carried: Carried, now: datetime) -> None:
    """Book a coupon as used, or as expired."""
    grant = prepared.deed.grant if prepared.deed else None
    if grant is None or carried.how is not How.DONE or carried.granted is None:
        return
    order = grant.subject
    orders.find(book, order, lock=True)
    (kept,) = [one for one in deeds.grants_of(book, order) if one.grant.id == grant.id]
    if kept.state == "granted":
        end(book, kept, used=carried.granted.used, now=now)
    coupons.plan_expiry(book, order, now)


def end(book: Book, kept: KeptGrant, *, used: bool, now: datetime) -> None:
    """Book a coupon that can be used no more: as used, or as expired."""
    order, person = kept.grant.subject, kept.grant.person
    target = Account.SPENT if used else Account.EXPIRED
    # What it stands at now, which may be less than when the shop was asked.
    moves = coupons.moves_of(kept.grant, ledger.of_order(book, order), Account.GIVEN, target)
    ledger.post(book, order, moves, "used" if used else "expired", now)
    if not used:
        # What nobody used is no debt, unless another reward paid it off already.
        debt = ledger.debts(book, [person], settling=order)
        unused = booking.never_used(ledger.of_order(book, order), debt)
        ledger.post(book, order, unused, "expired", now)
    deeds.leave_of(book, kept, "redeemed" if used else "expired")
    if not used and not coupons.standing(book, order):
        orders.set_state(book, order, State.REWARDED, State.EXPIRED)


def _over(book: Book, order: str, now: datetime) -> KeptGrant | None:
    for kept in coupons.standing(book, order):
        if kept.grant.expires is not None and kept.grant.expires <= now:
            return kept
    return None
