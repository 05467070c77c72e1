"""Carries out what is due, through carriers.

Take up (a fenced update and a lease), write down what will be done, let a carrier do it outside
any transaction, write down what came of it.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final, NamedTuple

from goodword.duties import (
    adjusting,
    expiring,
    granting,
    inviting,
    offering,
    releasing,
    taking_back,
    telling,
    thanking,
)
from goodword.duties.prepared import Prepared
from goodword.errors import Invalid
from goodword.model.followup import (
    Carried,
    Duty,
    FollowUp,
    Granted,
    How,
    TakenBack,
    again,
    done,
    unknown,
)
from goodword.model.trouble import Trouble, given_up
from goodword.platforms import Carrier
from goodword.storage import deeds, stuck
from goodword.storage.database import in_transaction
from goodword.storage.deeds import Claimed
from goodword.storage.desk import Desk
from goodword.storage.sql import Book

_log = logging.getLogger("goodword")
_LEASE: Final = timedelta(minutes=5)
_TRIES_MOST: Final = 12
_AT_ONCE: Final = 32


class _Duty(NamedTuple):
    """How one duty is done: what is written down before, who carries it, what its end books."""

    prepare: Callable[[Book, Claimed, datetime], Prepared | None]
    carrier: str | None = None
    conclude: Callable[[Book, Prepared, Carried, datetime], None] | None = None


DUTIES: Final = {
    Duty.RELEASE: _Duty(releasing.prepare),
    Duty.GRANT: _Duty(granting.prepare, "till", granting.conclude),
    Duty.OFFER: _Duty(offering.prepare, "till", offering.conclude),
    Duty.TAKE_BACK: _Duty(taking_back.prepare, "till", taking_back.conclude),
    Duty.EXPIRE: _Duty(expiring.prepare, "till", expiring.conclude),
    Duty.THANK: _Duty(thanking.prepare, thanking.CHANNEL, thanking.conclude),
    Duty.TELL: _Duty(telling.prepare, telling.CARRIER, telling.conclude),
    Duty.INVITE: _Duty(inviting.prepare, inviting.CARRIER, inviting.conclude),
    Duty.ADJUST: _Duty(adjusting.prepare, "till", adjusting.conclude),
}

ANSWERED: Final = frozenset({Duty.TAKE_BACK, Duty.EXPIRE})
"""The duties that end once somebody knows whether a coupon was used."""
_MEND_ANSWER: Final = "it does not ask whether a coupon was used: let it be tried again"
_MEND_EARLY: Final = "it cannot be said yet, and nothing is noted: {why}"


def doable(carriers: Mapping[str, Carrier]) -> list[Duty]:
    """Return the duties that can be done with these carriers."""
    return [duty for duty in Duty if DUTIES[duty].carrier in {*carriers, None}]


def work(desk: Desk, carriers: Mapping[str, Carrier], until: Callable[[], bool]) -> int:
    """Do what is due for one shop; return how many deeds were done or tried.

    Once ``until`` says so, what was taken up and not begun is given back.
    """
    duties = doable(carriers)
    claimed = desk.write(lambda book: _claimed(book, desk.now(), duties))
    for place, one in enumerate(claimed):
        if until():
            desk.write(partial(deeds.give_back, claimed=claimed[place:]))
            return place
        _do(desk, one, carriers)
    return len(claimed)


def _claimed(book: Book, now: datetime, duties: Sequence[Duty]) -> list[Claimed]:
    """Take up what is due; what may be many thousands at once crowds nothing else out."""
    first = [duty for duty in duties if duty is not Duty.ADJUST]
    last = [duty for duty in duties if duty is Duty.ADJUST]
    claimed = deeds.claim(book, now, _LEASE, _AT_ONCE, first)
    room = _AT_ONCE - len(claimed)
    return [*claimed, *deeds.claim(book, now, _LEASE, room, last)] if room and last else claimed


def _do(desk: Desk, one: Claimed, carriers: Mapping[str, Carrier]) -> None:
    try:
        prepared = desk.write(lambda book: _prepare(book, one, desk.now()))
    except Exception as error:
        # A fault with one deed must not stop the others.
        _log.exception("%s of %s in %s failed", one.duty, one.subject, desk.shop)
        kind = type(error).__name__
        why = Trouble(f"{kind} while it was prepared", "preparing_fault", kind=kind)
        prepared = Prepared(None, wait=why)
    if prepared is None:
        return
    if prepared.deed is None:
        carried = again(prepared.wait or "")
    else:
        carried = _carry(carriers[DUTIES[one.duty].carrier or ""], prepared.deed)
    desk.write(lambda book: _conclude(book, one, prepared, carried, desk.now()))


def _prepare(book: Book, one: Claimed, now: datetime) -> Prepared | None:
    """Write down what will be done, unless an earlier deed took so long that the lease is lost."""
    if not deeds.begin(book, one, now + _LEASE):
        return None
    return DUTIES[one.duty].prepare(book, one, now)


def by_hand(book: Book, id: str, *, used: bool, now: datetime) -> bool:
    """Let a person say, in the shop's place, whether a coupon was used; False: it is not stuck."""
    one = stuck.take_up(book, id, now, _LEASE)
    if one is None:
        return False
    if one.duty not in ANSWERED:
        raise Invalid(field="id", mend=_MEND_ANSWER)
    prepared = DUTIES[one.duty].prepare(book, one, now)
    if prepared is None:
        return True
    if prepared.deed is None:
        # What was said would be lost: the deed is put off, and does not keep it.
        raise Invalid(field="used", mend=_MEND_EARLY.format(why=prepared.wait))
    _conclude(book, one, prepared, _said(prepared.deed, used), now)
    return True


def asks_about(book: Book, duty: Duty, order: str, now: datetime) -> str | None:
    """Return the coupon that an answer would be about, of all that an order has."""
    kept = expiring.over(book, order, now) if duty is Duty.EXPIRE else None
    if duty is Duty.TAKE_BACK:
        kept = taking_back.about(book, order)
    return None if kept is None else kept.grant.text


def _said(deed: FollowUp, used: bool) -> Carried:
    """Return what a carrier would have told."""
    grant = deed.grant
    if grant is None:
        return done(taken_back=TakenBack(done=not used))
    return done(granted=Granted(grant=grant.id, text=grant.text, remote="", used=used))


def _carry(carrier: Carrier, deed: FollowUp) -> Carried:
    if in_transaction():
        raise AssertionError("no carrier is called inside a transaction: it could be rolled back")
    try:
        return _complete(deed, carrier.carry(deed))
    except Exception as error:
        # A carrier's own fault must not stop the shop's other deeds.
        _log.exception("%s of %s in %s failed", deed.duty, deed.subject, deed.shop)
        kind = type(error).__name__
        return again(Trouble(f"{kind} in the carrier", "carrier_fault", kind=kind))


def _complete(deed: FollowUp, carried: Carried) -> Carried:
    silent = (deed.grant is not None and carried.granted is None) or (
        deed.taking_back is not None and carried.taken_back is None
    )
    silent = silent or (deed.adjusting is not None and carried.adjusted is None)
    if carried.how is How.DONE and silent:
        return unknown(Trouble("the carrier does not say what it did", "carrier_silent"))
    return carried


def _conclude(
    book: Book, one: Claimed, prepared: Prepared, carried: Carried, now: datetime
) -> None:
    """Write down what came of a deed, unless its lease was lost meanwhile."""
    state = {How.DONE: "done", How.NEVER: "never"}.get(carried.how, "open")
    why = carried.reason
    if state == "open" and one.tries >= _TRIES_MOST:
        # Not as if the shop had refused it: a grant may stand there, and is never made anew.
        state, why = "never", given_up(one.tries, why)
    pause = _pause(one.tries) if carried.after is None else max(1.0, carried.after)
    next_try = now + timedelta(seconds=pause) if state == "open" else None
    if not deeds.finish(book, one, state, again=next_try, why=why or None):
        return
    conclude = DUTIES[one.duty].conclude
    if conclude is not None:
        conclude(book, prepared, carried, now)


def _pause(tries: int) -> float:
    """Seconds before the next try: longer each time, up to six hours, never in step with others."""
    return min(21_600.0, 10.0 * 2.0**tries) * random.uniform(0.5, 1.0)
