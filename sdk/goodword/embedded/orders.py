"""An order or a refund arrives: keep the newest state, and book the difference it makes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from goodword import wire
from goodword.duties.coupons import plan_expiry
from goodword.embedded import friends
from goodword.embedded.deciding import Decided, decide
from goodword.embedded.evidence import SpentReward
from goodword.errors import IdentityChanged, OrderConflict, RefundConflict
from goodword.model.credit import Candidate, Decision, Evidence, State
from goodword.model.followup import Duty
from goodword.model.ledger import Account, Balance, Movement
from goodword.model.order import Order, Refund
from goodword.model.outcome import Outcome, Referral, Result
from goodword.model.program import Program
from goodword.rules import booking
from goodword.rules.credit import state
from goodword.rules.orders import Newness, check_refund, newness
from goodword.storage import deeds, ledger, orders, spendings, thanks
from goodword.storage.deeds import KeptGrant
from goodword.storage.orders import Kept
from goodword.storage.places import Counts
from goodword.storage.sql import Book

# Thanks are a promise with a term: said within a day, or they count as late.
_THANK_WITHIN: Final = timedelta(days=1)


def record_order(book: Book, order: Order, now: datetime, *, confirmed: bool) -> Outcome:
    """Take a reported state in."""
    kept = orders.find(book, order.id, lock=True)
    facts = fingerprint(order)
    if kept is not None:
        _check_identity(kept.order, order)
        same = _same(kept.facts, facts)
        match newness(order.modified, same, kept.order.modified, confirmed=confirmed, now=now):
            case Newness.SAME:
                return _as_it_stands(Result.DUPLICATE, kept)
            case Newness.OLD:
                return _as_it_stands(Result.IGNORED, kept)
            case Newness.CONFLICT:
                raise OrderConflict(id=order.id, modified=str(order.modified))
            case Newness.NEW:
                pass
    return settle(book, order, facts, kept, "order", now)


def record_refund(book: Book, order: str, refund: Refund, now: datetime) -> Outcome:
    """Take a refund in that was reported alone."""
    kept = orders.find(book, order, lock=True)
    check_refund(refund, kept.order if kept else None)
    before = orders.add_refund(book, order, refund)
    if before is not None and before != refund:
        raise RefundConflict(id=refund.id, order=order)
    if kept is None:
        return Outcome(result=Result.QUEUED)
    if before is not None:
        return _as_it_stands(Result.DUPLICATE, kept)
    return settle(book, kept.order, kept.facts, kept, f"refund:{refund.id}", now)


def settle(
    book: Book, order: Order, facts: str, kept: Kept | None, cause: str, now: datetime
) -> Outcome:
    """Decide by the newest state, and post what it changes."""
    friend = friends.meet(book, order, kept, now)
    decided = decide(book, order, friend, kept, partial(Counts, book))
    books = ledger.of_order(book, order.id) if kept else []
    moves = booking.entries(decided.should, books)
    referral = _referral(decided.decision, decided.order, kept.referral if kept else None, now)

    kept_facts = _parted(facts)[0] if friend.forgotten else facts
    orders.put(book, Kept(order, friend.id, kept_facts, decided.evidence, referral))
    ledger.post(book, order.id, moves, cause, now)
    _plan(book, order, decided, referral, moves, kept, now)
    for reward in sorted(decided.gathered.spends):
        _spend(book, reward, order.id, now)
    for reward in sorted(decided.gathered.frees):
        _free(book, reward, order.id, now)
    return _outcome(referral, decided.decision, kept)


def settle_again(book: Book, order: str, cause: str, now: datetime) -> Outcome | None:
    """Decide anew by new evidence on the state that is kept; None if there is no such order."""
    kept = orders.find(book, order, lock=True)
    if kept is None:
        return None
    return settle(book, kept.order, kept.facts, kept, cause, now)


def fingerprint(order: Order) -> str:
    """Return what is equal for equal facts: of the state, and apart of what tells people."""
    # By the home alone no state is another: an address is easily guessed, and this has no key.
    told = tuple(getattr(order, name) for name in orders.PERSONAL if name != "home")
    beside = ("modified", "first_order", "customer_since", *orders.PERSONAL)
    return f"{wire.fingerprint(order, leave_out=beside)}.{wire.fingerprint(told)}"


def _parted(facts: str) -> tuple[str, str]:
    state, _, told = facts.partition(".")
    return state, told


def _same(kept: str, facts: str) -> bool:
    """Whether both tell the same; of who was forgotten, only the state can be compared."""
    (before, told), (state, tells) = _parted(kept), _parted(facts)
    return before == state and told in ("", tells)


def _plan(
    book: Book,
    order: Order,
    decided: Decided,
    referral: Referral | None,
    moves: Iterable[Movement],
    kept: Kept | None,
    now: datetime,
) -> None:
    """Write down what must happen later."""
    decision = decided.decision
    sources = {move.source for move in moves}
    targets = {move.target for move in moves}
    if decision.program is not None:
        ends = booking.hold_ends(order, decision.program)
        before = _program(kept.referral, decided.evidence) if kept and kept.referral else None
        changed = kept and before and ends != booking.hold_ends(kept.order, before)
        if ends is not None and (Account.WAITING in targets or changed):
            deeds.plan(book, Duty.RELEASE, order.id, ends, now)
    # What was paid by hand has no coupon to be taken back: it is a debt at once.
    if Account.OWED_BACK in sources and deeds.grants_of(book, order.id):
        deeds.plan(book, Duty.TAKE_BACK, order.id, now, now)
    thanked = kept is not None and kept.referral is not None and kept.referral.qualified
    if referral is not None and referral.qualified is not None and not thanked:
        thanks.owe(book, order.id, referral.advocate, now + _THANK_WITHIN, now)
        deeds.plan(book, Duty.THANK, order.id, now, now)


def _program(referral: Referral, evidence: Evidence) -> Program | None:
    """Return the program version that a referral was decided by."""
    named = (referral.program, referral.version)
    found = (one for one in evidence.programs if (one.name, one.version) == named)
    return next(found, None)


def _spend(book: Book, reward: SpentReward, by: str, now: datetime) -> None:
    """Book a reward's coupon as spent by another order."""
    orders.find(book, reward.order, lock=True)
    spendings.add(book, reward.text, by)
    kept = _move_spent(book, reward, Account.SPENT, f"spent:{by}", now)
    if kept is not None and kept.state == "expired":
        orders.set_state(book, reward.order, State.EXPIRED, State.REWARDED)


def _free(book: Book, reward: SpentReward, by: str, now: datetime) -> None:
    """Book a reward's coupon as free again, unless yet another order spends it."""
    orders.find(book, reward.order, lock=True)
    spendings.drop(book, reward.text, by)
    if spendings.is_spent(book, reward.text):
        return
    if _move_spent(book, reward, Account.GIVEN, f"freed:{by}", now) is not None:
        # Free again it can be taken back, and its time can be over.
        deeds.plan(book, Duty.TAKE_BACK, reward.order, now, now)
        plan_expiry(book, reward.order, now)


def _move_spent(
    book: Book, reward: SpentReward, target: Account, cause: str, now: datetime
) -> KeptGrant | None:
    """Book a coupon as spent or given; return how it stood, None if it stands so already."""
    after = "redeemed" if target is Account.SPENT else "granted"
    for kept in deeds.grants_of(book, reward.order):
        if kept.grant.text == reward.text and kept.state != after:
            moves = _moves_spent(ledger.of_order(book, reward.order), kept, target)
            ledger.post(book, reward.order, moves, cause, now)
            deeds.leave_of(book, kept, after)
            return kept
    return None


def _moves_spent(books: list[Balance], kept: KeptGrant, target: Account) -> list[Movement]:
    worth, whose = booking.face(kept.grant.worth), kept.grant.person
    if target is Account.GIVEN:
        return booking.moved(books, Account.SPENT, target, whose, worth)
    if kept.state in ("expired", "reversed"):
        return booking.used_after_all(books, whose, worth, expired=kept.state == "expired")
    return booking.moved(books, Account.GIVEN, target, whose, worth)


def _check_identity(kept: Order, order: Order) -> None:
    for field, before, after in (
        ("currency", kept.net.unit, order.net.unit),
        ("test", kept.test, order.test),
    ):
        if before != after:
            raise IdentityChanged(id=order.id, field=field, before=before, after=after)


def _referral(
    decision: Decision, order: Order, before: Referral | None, now: datetime
) -> Referral | None:
    winner = decision.winner
    if winner is None:
        return None
    stands = state(decision, order)
    if stands is State.QUALIFIED and before and _was_rewarded(before, winner):
        stands = before.state
    qualified = before.qualified if before else None
    if stands is State.QUALIFIED and qualified is None:
        qualified = now
    return Referral(
        order=order.id,
        code=winner.code,
        advocate=winner.advocate,
        program=winner.program,
        version=winner.version,
        rung=winner.rung,
        state=stands,
        reasons=tuple(str(reason) for reason in decision.reasons),
        qualified=qualified,
    )


def _was_rewarded(before: Referral, winner: Candidate) -> bool:
    rewarded = before.state in (State.REWARDED, State.EXPIRED)
    return rewarded and before.advocate == winner.advocate


def _outcome(referral: Referral | None, decision: Decision, kept: Kept | None) -> Outcome:
    if referral is None:
        result = Result.UNATTRIBUTED
    else:
        result = Result.CREATED if kept is None else Result.UPDATED
    reasons = tuple(str(reason) for reason in decision.reasons)
    return Outcome(result=result, referral=referral, reasons=reasons)


def _as_it_stands(result: Result, kept: Kept) -> Outcome:
    reasons = kept.referral.reasons if kept.referral else ()
    return Outcome(result=result, referral=kept.referral, reasons=reasons)
