"""Carries out what is due, through carriers.

Take up (a fenced update and a lease), write down what will be done, let a carrier do it outside
any transaction, write down what came of it.
"""

from __future__ import annotations

import logging
import os
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from goodword.model.credit import State
from goodword.model.followup import (
    Carried,
    Duty,
    FollowUp,
    Grant,
    Granted,
    How,
    TakingBack,
    again,
    unknown,
)
from goodword.model.ledger import Account, Balance, Movement, Part
from goodword.model.money import Money
from goodword.model.program import Kind, Worth
from goodword.platforms import Carrier
from goodword.rules import booking, codes
from goodword.storage import deeds, ledger, orders, people, programs
from goodword.storage.deeds import Claimed, KeptGrant
from goodword.storage.desk import Desk
from goodword.storage.sql import Book, new_id

_log = logging.getLogger("goodword")
CARRIERS: Final = {Duty.GRANT: "till", Duty.TAKE_BACK: "till", Duty.THANK: "mail"}
_LEASE: Final = timedelta(minutes=5)
_TRIES_MOST: Final = 12
_AT_ONCE: Final = 32
_TAKING: Final = "taking"
_STANDING: Final = ("granted", _TAKING)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A deed that is written down and ready to be carried; without one it is done already."""

    deed: FollowUp | None
    moves: tuple[Movement, ...] = ()
    """What its success will book."""
    wait: str | None = None
    """Why it cannot be done yet."""


def work(desk: Desk, carriers: Mapping[str, Carrier], until: Callable[[], bool]) -> int:
    """Do what is due for one shop; return how many deeds were done or tried.

    Once ``until`` says so, what was taken up and not begun is given back.
    """
    duties = [duty for duty in Duty if CARRIERS.get(duty, duty) in {*carriers, Duty.RELEASE}]
    claimed = desk.write(lambda book: deeds.claim(book, desk.now(), _LEASE, _AT_ONCE, duties))
    for place, one in enumerate(claimed):
        if until():
            desk.write(partial(deeds.give_back, claimed=claimed[place:]))
            return place
        _do(desk, one, carriers)
    return len(claimed)


def _do(desk: Desk, one: Claimed, carriers: Mapping[str, Carrier]) -> None:
    try:
        prepared = desk.write(lambda book: _prepare(book, one, desk.now()))
    except Exception as error:
        # A fault with one deed must not stop the others.
        _log.exception("%s of order %s in %s failed", one.duty, one.order, desk.shop)
        prepared = Prepared(None, wait=f"{type(error).__name__} while it was prepared")
    if prepared is None:
        return
    if prepared.deed is None:
        carried = again(prepared.wait or "")
    else:
        carried = _carry(carriers[CARRIERS[one.duty]], prepared.deed)
    desk.write(lambda book: _conclude(book, one, prepared, carried, desk.now()))


def _prepare(book: Book, one: Claimed, now: datetime) -> Prepared | None:
    """Write down what will be done, unless an earlier deed took so long that the lease is lost."""
    return _PREPARE[one.duty](book, one, now) if deeds.begin(book, one, now + _LEASE) else None


def _carry(carrier: Carrier, deed: FollowUp) -> Carried:
    try:
        return _complete(deed, carrier.carry(deed))
    except Exception as error:
        # A carrier's own fault must not stop the shop's other deeds.
        _log.exception("%s of order %s in %s failed", deed.duty, deed.order, deed.shop)
        return again(f"{type(error).__name__} in the carrier")


def _complete(deed: FollowUp, carried: Carried) -> Carried:
    silent = (deed.grant is not None and carried.granted is None) or (
        deed.taking_back is not None and carried.taken_back is None
    )
    if carried.how is How.DONE and silent:
        return unknown("the carrier does not say what it did")
    return carried


def _release(book: Book, one: Claimed, now: datetime) -> Prepared | None:
    """The hold is over: debts are paid off, the rest is due.  Needs no carrier."""
    orders.find(book, one.order, lock=True)
    books = ledger.of_order(book, one.order)
    holders = sorted({balance.advocate for balance in books if balance.part is Part.REWARD})
    for holder in holders:
        people.lock_advocate(book, holder)
    moves = booking.released(books, ledger.debts(book, holders))
    ledger.post(book, one.order, moves, "release", now)
    if any(move.target is Account.DUE for move in moves):
        deeds.plan(book, Duty.GRANT, one.order, now, now)
    deeds.finish(book, one, "done")
    return None


def _grant(book: Book, one: Claimed, now: datetime) -> Prepared | None:
    """Write the coupon's text down and move what is due, before the shop is asked."""
    kept = orders.find(book, one.order, lock=True)
    grant = _open_grant(book, one.order)
    if grant is not None:
        # It may have been made by an earlier try: with the second one a carrier looks first.
        one = replace(one, tries=max(one.tries, 2))
    else:
        due = _first(ledger.of_order(book, one.order), Account.DUE)
        if due is None or kept is None or kept.referral is None:
            deeds.finish(book, one, "done")
            return None
        reward = programs.version(book, kept.referral.program, kept.referral.version).reward
        grant = _write_grant(book, one.order, due, reward, now)
    return Prepared(_follow_up(book, one, grant=grant))


def _take_back(book: Book, one: Claimed, now: datetime) -> Prepared | None:
    """Find what of a granted coupon is owed back."""
    orders.find(book, one.order, lock=True)
    coupons = _standing(book, one.order)
    if not any(kept.state == _TAKING for kept in coupons):
        offset = booking.offset(ledger.of_order(book, one.order))
        ledger.post(book, one.order, offset, "offset", now)
    if _open_grant(book, one.order) is not None:
        return Prepared(None, wait="the coupon is still being made")
    found = _owed_of(coupons, booking.taken_back(ledger.of_order(book, one.order)))
    if found is None:
        deeds.finish(book, one, "done")
        return None
    kept, move = found
    # Before the shop is asked: what may have happened is finished, and settled in no other way.
    deeds.leave_of(book, kept, _TAKING)
    left = booking.face(kept.grant.worth).minor - move.worth.minor
    taking = TakingBack(
        granted=_as_granted(kept), left=Money(left, move.worth.unit) if left > 0 else None
    )
    return Prepared(_follow_up(book, one, taking_back=taking), moves=(move,))


def _thank(book: Book, one: Claimed, now: datetime) -> Prepared | None:
    """Thanks are said once; who has no address is thanked by a person."""
    thanks = deeds.thanks_of(book, one.order)
    if thanks is None or thanks.kept is not None:
        deeds.finish(book, one, "done")
        return None
    if not thanks.email:
        deeds.finish(book, one, "never", why="no e-mail address: thank them in person")
        return None
    return Prepared(replace(_follow_up(book, one), thanks=thanks))


_PREPARE: Final[dict[Duty, Callable[[Book, Claimed, datetime], Prepared | None]]] = {
    Duty.RELEASE: _release,
    Duty.GRANT: _grant,
    Duty.TAKE_BACK: _take_back,
    Duty.THANK: _thank,
}


def _conclude(
    book: Book, one: Claimed, prepared: Prepared, carried: Carried, now: datetime
) -> None:
    """Write down what came of a deed, unless its lease was lost meanwhile."""
    state = {How.DONE: "done", How.NEVER: "never"}.get(carried.how, "open")
    why = carried.reason
    if state == "open" and one.tries >= _TRIES_MOST:
        # Not as if the shop had refused it: a grant may stand there, and is never made anew.
        state, why = "never", f"given up after {one.tries} tries: {why}"
    pause = _pause(one.tries) if carried.after is None else max(1.0, carried.after)
    next_try = now + timedelta(seconds=pause) if state == "open" else None
    if not deeds.finish(book, one, state, again=next_try, why=why or None):
        return
    orders.find(book, one.order, lock=True)
    deed = prepared.deed
    if deed is not None and deed.grant is not None:
        _conclude_grant(book, deed.grant, carried, now)
    elif deed is not None and deed.taking_back is not None:
        _conclude_taking_back(book, one.order, deed.taking_back, prepared.moves, carried, now)
    elif deed is not None and deed.thanks is not None and carried.how is How.DONE:
        deeds.keep_thanks(book, deed.thanks.id, CARRIERS[Duty.THANK], now)


def _conclude_grant(book: Book, grant: Grant, carried: Carried, now: datetime) -> None:
    books = ledger.of_order(book, grant.order)
    if carried.how is How.DONE and carried.granted is not None:
        deeds.set_grant(book, grant.id, "granted", carried.granted.remote)
        orders.set_state(book, grant.order, State.QUALIFIED, State.REWARDED)
        if _first(books, Account.DUE) is not None:
            deeds.plan(book, Duty.GRANT, grant.order, now, now)
    elif carried.how is How.NEVER:
        deeds.set_grant(book, grant.id, "refused", None)
        back = _moves_of(grant, books, Account.GIVEN, Account.DUE)
        ledger.post(book, grant.order, back, "refused", now)
    elif carried.how is How.UNKNOWN:
        deeds.set_grant(book, grant.id, "unknown", None)


def _conclude_taking_back(
    book: Book,
    order: str,
    taking: TakingBack,
    planned: tuple[Movement, ...],
    carried: Carried,
    now: datetime,
) -> None:
    if carried.how is not How.DONE or carried.taken_back is None:
        return
    books = ledger.of_order(book, order)
    (kept,) = [one for one in deeds.grants_of(book, order) if one.grant.id == taking.granted.grant]
    if carried.taken_back.done:
        # Only what the shop was told of; what came since is planned anew.
        moves = booking.at_most(booking.taken_back(books), planned)
        ledger.post(book, order, moves, "take_back", now)
        left = Worth(Kind.AMOUNT_OFF, amount=taking.left) if taking.left else None
        deeds.leave_of(book, kept, "granted" if left else "reversed", left)
    else:
        # Used before we came: the debt stands, and later rewards pay it off.
        moves = _moves_of(kept.grant, books, Account.GIVEN, Account.SPENT)
        ledger.post(book, order, moves, f"spent:{taking.granted.text}", now)
        deeds.leave_of(book, kept, "redeemed")
    if len(booking.taken_back(ledger.of_order(book, order))) > 0:
        deeds.plan(book, Duty.TAKE_BACK, order, now, now)


def _write_grant(book: Book, order: str, due: Balance, reward: Worth, now: datetime) -> Grant:
    in_kind = due.worth.unit.startswith(booking.PIECE)
    worth = reward if in_kind else Worth(Kind.AMOUNT_OFF, amount=due.worth)
    advocate = people.advocate(book, due.advocate)
    text = _text(book, order, due.advocate)
    grant = Grant(
        id=new_id(now),
        order=order,
        advocate=due.advocate,
        worth=worth,
        text=text,
        email=advocate.email if advocate else None,
    )
    deeds.add_grant(book, grant, now)
    move = Movement(
        part=Part.REWARD,
        advocate=due.advocate,
        source=Account.DUE,
        target=Account.GIVEN,
        worth=due.worth,
    )
    ledger.post(book, order, [move], "grant", now)
    return grant


def _text(book: Book, order: str, advocate: str) -> str:
    """Draw a coupon's text that nobody can guess, and write it down."""
    while True:
        text = "thanks-" + codes.from_random(os.urandom(10)).lower()
        if people.add_reward(book, text, order, advocate):
            return text


def _open_grant(book: Book, order: str) -> Grant | None:
    for kept in deeds.grants_of(book, order):
        if kept.state in ("granting", "unknown"):
            return kept.grant
    return None


def _standing(book: Book, order: str) -> list[KeptGrant]:
    """Return the order's coupons that can be used: what is being taken back, then the newest."""
    stand = [one for one in deeds.grants_of(book, order)[::-1] if one.state in _STANDING]
    return sorted(stand, key=lambda one: one.state != _TAKING)


def _owed_of(coupons: list[KeptGrant], owed: list[Movement]) -> tuple[KeptGrant, Movement] | None:
    """Return the first coupon of which something is owed back, and how much of it."""
    for kept in coupons:
        worth = booking.face(kept.grant.worth)
        for move in owed:
            if (move.advocate, move.worth.unit) == (kept.grant.advocate, worth.unit):
                most = Money(min(move.worth.minor, worth.minor), worth.unit)
                return kept, replace(move, worth=most)
    return None


def _moves_of(
    grant: Grant, books: list[Balance], source: Account, target: Account
) -> list[Movement]:
    return booking.moved(books, source, target, grant.advocate, booking.face(grant.worth))


def _as_granted(kept: KeptGrant) -> Granted:
    return Granted(grant=kept.grant.id, text=kept.grant.text, remote=kept.remote or "")


def _first(books: list[Balance], account: Account) -> Balance | None:
    for balance in books:
        if balance.account is account and balance.worth.minor > 0:
            return balance
    return None


def _follow_up(
    book: Book, one: Claimed, *, grant: Grant | None = None, taking_back: TakingBack | None = None
) -> FollowUp:
    return FollowUp(
        id=one.id,
        shop=book.shop,
        duty=one.duty,
        order=one.order,
        due=one.due,
        tries=one.tries,
        grant=grant,
        taking_back=taking_back,
    )


def _pause(tries: int) -> float:
    """Seconds before the next try: longer each time, up to six hours, never in step with others."""
    return min(21_600.0, 10.0 * 2.0**tries) * random.uniform(0.5, 1.0)
