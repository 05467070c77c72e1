"""A person's word on an order: to whom it is owed, or whether it counts."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from goodword.embedded.orders import settle_again
from goodword.errors import NotInReview, RulingInvalid, UnknownCode, UnknownOrder
from goodword.model.credit import State, Verdict
from goodword.model.outcome import Outcome, Referral
from goodword.rules import codes, texts
from goodword.rules.qualification import verdict_on
from goodword.storage import orders, people, rulings
from goodword.storage.sql import Book

_REASON_LONGEST: Final = 1000


def assign(book: Book, order: str, code: str, reason: str, by: str, now: datetime) -> Outcome:
    """Credit an order by a person's word."""
    _check(reason, by)
    found = people.code(book, codes.folded(code))
    if found is None:
        raise UnknownCode(text=code)
    return _said(book, order, rulings.ASSIGNED, found.text, reason, by, now)


def decide(
    book: Book, order: str, verdict: Verdict, reason: str, by: str, now: datetime
) -> Outcome:
    """Say whether a referral in review counts."""
    _check(reason, by)
    kept = orders.find(book, order, lock=True)
    if kept is None:
        raise UnknownOrder(id=order)
    referral = kept.referral
    if referral is None:
        raise NotInReview(id=order, state="not a referral")
    said = verdict_on(referral.advocate, kept.evidence)
    if said is None and referral.state not in (State.IN_REVIEW, State.PENDING):
        raise NotInReview(id=order, state=str(referral.state))
    return _said(book, order, verdict, referral.code, reason, by, now)


def verdict(said: str) -> Verdict:
    """Return a verdict by its word; raise `RulingInvalid` for any other."""
    try:
        return Verdict(said)
    except ValueError:
        raise RulingInvalid(field="verdict", mend="say approved or refused") from None


def in_review(book: Book, after: str, most: int) -> list[Referral]:
    """Return the referrals that a person should look at, of orders after one."""
    found = (orders.find(book, order) for order in rulings.in_review(book, after, most))
    return [kept.referral for kept in found if kept is not None and kept.referral is not None]


def _said(
    book: Book, order: str, says: str, code: str | None, reason: str, by: str, now: datetime
) -> Outcome:
    if orders.find(book, order, lock=True) is None:
        raise UnknownOrder(id=order)
    rulings.add(book, order, says, code, reason, by, now)
    outcome = settle_again(book, order, says, now)
    assert outcome is not None
    return outcome


def _check(reason: str, by: str) -> None:
    if not 0 < len(reason.strip()) <= _REASON_LONGEST or not texts.can_be_kept(reason):
        raise RulingInvalid(
            field="reason", mend=f"say why, in 1 to {_REASON_LONGEST} characters; it is kept"
        )
    if not 0 < len(by.strip()) <= texts.LONGEST or not texts.can_be_kept(by):
        raise RulingInvalid(field="by", mend="say who decided, by an id of yours")
