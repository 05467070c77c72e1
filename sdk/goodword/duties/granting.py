"""A reward is given: its coupon's text is written down before the shop is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from goodword.duties import by_now, coupons
from goodword.duties.prepared import Prepared, first, follow_up
from goodword.model.credit import Decision, State
from goodword.model.followup import Carried, Duty, Grant, How
from goodword.model.ledger import Account, Balance, Movement, Part
from goodword.model.worth import Kind, Worth
from goodword.rules import booking
from goodword.rules.credit import credit
from goodword.storage import deeds, ledger, orders, people
from goodword.storage.deeds import Claimed
from goodword.storage.sql import Book, new_id


def prepare(book: Book, one: Claimed, now: datetime) -> Prepared | None:
    """Write the coupon's text down and move what is due, before the shop is asked."""
    kept = orders.find(book, one.subject, lock=True)
    grant = coupons.being_made(book, one.subject)
    if grant is not None:
        # It may have been made by an earlier try: with the second one a carrier looks first.
        one = replace(one, tries=max(one.tries, 2))
    else:
        due = first(ledger.of_order(book, one.subject), Account.DUE)
        decision = credit(kept.order, kept.evidence) if kept else Decision()
        worth = _worth(due, decision)
        if due is None or worth is None or decision.program is None:
            deeds.finish(book, one, "done")
            return None
        days = decision.program.terms.reward_days
        expires = None if days is None else now + timedelta(days=days)
        grant = _written(book, one.subject, due, worth, expires, decision.program.name, now)
    return Prepared(replace(follow_up(book, one), grant=by_now.by_now(book, grant)))


def conclude(book: Book, prepared: Prepared, carried: Carried, now: datetime) -> None:
    """Book what the shop said of the grant."""
    grant = prepared.deed.grant if prepared.deed else None
    if grant is None:
        return
    orders.find(book, grant.subject, lock=True)
    books = ledger.of_order(book, grant.subject)
    if carried.how is How.DONE and carried.granted is not None:
        deeds.set_grant(book, grant.id, "granted", carried.granted.remote)
        orders.set_state(book, grant.subject, State.QUALIFIED, State.REWARDED)
        coupons.plan_expiry(book, grant.subject, now)
        by_now.made(book, grant, now)
        if first(books, Account.DUE) is not None:
            deeds.plan(book, Duty.GRANT, grant.subject, now, now)
    elif carried.how is How.NEVER:
        deeds.set_grant(book, grant.id, "refused", None)
        back = coupons.moves_of(grant, books, Account.GIVEN, Account.DUE)
        ledger.post(book, grant.subject, back, "refused", now)
    elif carried.how is How.UNKNOWN:
        deeds.set_grant(book, grant.id, "unknown", None)


def _worth(due: Balance | None, decision: Decision) -> Worth | None:
    """Return as what the due is given; a commission is paid by the shop itself."""
    if due is None or decision.program is None or decision.reward is None:
        return None
    if due.worth.unit.startswith(booking.PIECE):
        return decision.reward if decision.reward.in_kind else None
    kind = booking.money_kind(decision.program)
    return None if kind is Kind.COMMISSION else Worth(kind, amount=due.worth)


def _written(
    book: Book,
    order: str,
    due: Balance,
    worth: Worth,
    expires: datetime | None,
    program: str,
    now: datetime,
) -> Grant:
    advocate = people.advocate(book, due.advocate)
    keep = partial(people.add_reward, book, order=order, advocate=due.advocate)
    grant = Grant(
        id=new_id(now),
        subject=order,
        person=due.advocate,
        worth=worth,
        text=coupons.drawn(keep, "thanks"),
        email=advocate.email if advocate else None,
        phone=advocate.phone if advocate else None,
        expires=expires,
        made=now,
        program=program,
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
