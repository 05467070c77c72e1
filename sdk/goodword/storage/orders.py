"""Orders: the newest state of each, the evidence that was kept, and the referral."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword import wire
from goodword.model.credit import Candidate, Evidence, Reason, Rung, State
from goodword.model.order import Order, Refund
from goodword.model.outcome import Referral
from goodword.model.program import Program
from goodword.rules.credit import against
from goodword.storage import programs as program_rows
from goodword.storage.sql import Book, Statement, micros, moment
from goodword.storage.tables import (
    advocates,
    codes,
    orders,
    people,
    programs,
    referrals,
    refunds,
)

_STATE: Final = (
    orders.c.modified,
    orders.c.facts,
    orders.c.friend,
    orders.c.state,
    orders.c.evidence,
    referrals.c.code,
    referrals.c.advocate,
    referrals.c.program,
    referrals.c.version,
    referrals.c.rung,
    referrals.c.state.label("referral_state"),
    referrals.c.reasons,
    referrals.c.qualified,
)
_FIND: Final = Statement(
    select(*_STATE)
    .outerjoin(
        referrals,
        (referrals.c.shop == orders.c.shop) & (referrals.c.order_id == orders.c.id),
    )
    .where(orders.c.shop == bindparam("shop"), orders.c.id == bindparam("id"))
)
# A row of its own to lock: two deliveries of a new order must meet somewhere.
_claim = upsert(orders).values(shop=bindparam("shop"), id=bindparam("id"))
_CLAIM: Final = Statement(
    _claim.on_conflict_do_update(
        index_elements=["shop", "id"], set_={"id": _claim.excluded.id}
    ).returning(orders.c.facts)
)
_put = upsert(orders)
_PUT: Final = Statement(
    _put.on_conflict_do_update(
        index_elements=["shop", "id"],
        set_={
            name: _put.excluded[name]
            for name in ("placed", "modified", "friend", "facts", "state", "evidence")
        },
    )
)
_put_referral = upsert(referrals)
_PUT_REFERRAL: Final = Statement(
    _put_referral.on_conflict_do_update(
        index_elements=["shop", "order_id"],
        set_={
            column.name: _put_referral.excluded[column.name]
            for column in referrals.c
            if not column.primary_key
        },
    )
)
_DROP_REFERRAL: Final = Statement(
    referrals.delete().where(
        referrals.c.shop == bindparam("shop"), referrals.c.order_id == bindparam("order_id")
    )
)
_SET_STATE: Final = Statement(
    referrals.update()
    .where(
        referrals.c.shop == bindparam("shop"),
        referrals.c.order_id == bindparam("key"),
        referrals.c.state == bindparam("before"),
    )
    .values(state=bindparam("after"))
)
_ADD_REFUND: Final = Statement(
    upsert(refunds).on_conflict_do_nothing(index_elements=["shop", "order_id", "id"])
)
_REFUNDS: Final = Statement(
    select(refunds.c.body)
    .where(refunds.c.shop == bindparam("shop"), refunds.c.order_id == bindparam("order_id"))
    .order_by(refunds.c.id)
)
_REFUND: Final = Statement(
    select(refunds.c.body).where(
        refunds.c.shop == bindparam("shop"),
        refunds.c.order_id == bindparam("order_id"),
        refunds.c.id == bindparam("id"),
    )
)
# A row for each version up to the order's placing, and for the first in any case: a join that
# chose the right one would take PostgreSQL longer to plan than all the rest.
_MEASURE: Final = Statement(
    select(
        codes.c.text,
        codes.c.advocate,
        codes.c.ended,
        advocates.c.ended.label("advocate_ended"),
        people.c.mailbox,
        programs.c.name,
        programs.c.version,
        programs.c.saved,
        programs.c.body,
    )
    .join(advocates, (advocates.c.shop == codes.c.shop) & (advocates.c.id == codes.c.advocate))
    .join(people, (people.c.shop == codes.c.shop) & (people.c.id == codes.c.advocate))
    .join(programs, (programs.c.shop == codes.c.shop) & (programs.c.name == codes.c.program))
    .where(
        codes.c.shop == bindparam("shop"),
        codes.c.text == bindparam("code"),
        (programs.c.saved <= bindparam("placed", type_=programs.c.saved.type))
        | (programs.c.version == 1),
    )
    .order_by(programs.c.version)
)
_EARLIER: Final = Statement(
    select(orders.c.id)
    .where(
        orders.c.shop == bindparam("shop"),
        orders.c.friend == bindparam("friend"),
        orders.c.placed < bindparam("placed"),
        orders.c.id != bindparam("id"),
    )
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of an order."""

    order: Order
    friend: str | None
    facts: str
    evidence: Evidence
    referral: Referral | None


def find(book: Book, id: str, *, lock: bool = False) -> Kept | None:
    """Return what is kept of an order.

    ``lock``: nobody else may change it before this transaction ends (SQLite has one writer anyway).
    """
    if lock and book.session.dialect == "postgresql" and book.one(_CLAIM, id=id) == (None,):
        return None
    row = book.one(_FIND, id=id)
    if row is None or row[3] is None:
        return None
    evidence = wire.unpack(Evidence, row[4])
    return Kept(
        order=wire.unpack(Order, row[3]),
        friend=row[2],
        facts=row[1],
        evidence=replace(evidence, programs=programs_of(book, evidence.candidates)),
        referral=None if row[5] is None else _referral(id, *row[5:]),
    )


def put(book: Book, kept: Kept) -> None:
    """Keep the newest state, without any personal data."""
    order = kept.order
    book.send(
        _PUT,
        id=order.id,
        placed=micros(order.placed),
        modified=micros(order.modified),
        friend=kept.friend,
        facts=kept.facts,
        state=wire.pack(order, leave_out=("email",)),
        evidence=wire.pack(replace(kept.evidence, programs=())),
    )
    if kept.referral is None:
        book.send(_DROP_REFERRAL, order_id=order.id)
    else:
        _put_row(book, kept.referral)


def set_state(book: Book, order: str, before: State, after: State) -> None:
    """Move a referral from one state to another; one in any other state stays there."""
    book.run(_SET_STATE, key=order, before=before, after=after)


def add_refund(book: Book, order: str, refund: Refund) -> Refund | None:
    """Keep a refund that was recorded alone; return the one that stood there before."""
    body = wire.pack(refund)
    if book.run(_ADD_REFUND, order_id=order, id=refund.id, body=body) == 1:
        return None
    row = book.one(_REFUND, order_id=order, id=refund.id)
    assert row is not None
    return wire.unpack(Refund, row[0])


def refunds_alone(book: Book, order: str) -> list[Refund]:
    """Return the refunds of an order that were recorded alone."""
    return [wire.unpack(Refund, body) for (body,) in book.all(_REFUNDS, order_id=order)]


def is_first(book: Book, id: str, friend: str, placed: datetime) -> bool:
    """Whether our own history holds no earlier order of this person."""
    return book.one(_EARLIER, id=id, friend=friend, placed=micros(placed)) is None


@dataclass(frozen=True, slots=True)
class Measured:
    """A code as it stood when the order was placed."""

    code: str
    advocate: str
    program: Program
    """In the version that was live."""
    mailbox: str | None
    against: tuple[Reason, ...]


def measure(book: Book, code: str, placed: datetime) -> Measured | None:
    """Return how a code, its advocate and its program stood at a moment; None if unknown."""
    rows = book.all(_MEASURE, code=code, placed=micros(placed))
    if not rows:
        return None
    text, advocate, code_ended, advocate_ended, mailbox = rows[-1][:5]
    first, program = (program_rows.read(*row[5:]) for row in (rows[0], rows[-1]))
    live_from = program.starts or first.saved
    assert live_from is not None
    return Measured(
        code=text,
        advocate=advocate,
        program=program,
        mailbox=mailbox,
        against=against(
            placed,
            code_ended=moment(code_ended),
            advocate_ended=moment(advocate_ended),
            live_from=live_from,
            live_until=program.ends,
        ),
    )


def programs_of(book: Book, candidates: tuple[Candidate, ...]) -> tuple[Program, ...]:
    """Return the program versions that the candidates name."""
    named = sorted({(one.program, one.version) for one in candidates})
    return tuple(program_rows.version(book, name, version) for name, version in named)


def _put_row(book: Book, referral: Referral) -> None:
    book.send(
        _PUT_REFERRAL,
        order_id=referral.order,
        code=referral.code,
        advocate=referral.advocate,
        program=referral.program,
        version=referral.version,
        rung=int(referral.rung),
        state=referral.state,
        reasons=",".join(referral.reasons),
        qualified=micros(referral.qualified),
    )


def _referral(
    order: str,
    code: str,
    advocate: str,
    program: str,
    version: int,
    rung: int,
    state: str,
    reasons: str,
    qualified: int | None,
) -> Referral:
    return Referral(
        order=order,
        code=code,
        advocate=advocate,
        program=program,
        version=version,
        rung=Rung(rung),
        state=State(state),
        reasons=tuple(reasons.split(",")) if reasons else (),
        qualified=moment(qualified),
    )
