"""Orders: the newest state of each, the evidence that was kept, and the referral."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, Select, String, bindparam, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword import wire
from goodword.model.credit import Evidence, State
from goodword.model.order import Order, Refund
from goodword.model.outcome import Referral
from goodword.model.rung import Rung
from goodword.rules import orders as rules
from goodword.storage.locks import alone
from goodword.storage.measuring import programs_of
from goodword.storage.sql import Book, Statement, micros, moment, spelled, through
from goodword.storage.tables import orders, referrals, refunds, shops

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
_listens = select(shops.c.listens).where(shops.c.shop == bindparam("shop"))
_REFERRAL: Final = Statement(
    select(
        referrals.c.code,
        referrals.c.advocate,
        referrals.c.program,
        referrals.c.version,
        referrals.c.rung,
        referrals.c.state,
        referrals.c.reasons,
        referrals.c.qualified,
    ).where(referrals.c.shop == bindparam("shop"), referrals.c.order_id == bindparam("order_id"))
)
# A row of its own to lock: two deliveries of a new order must meet somewhere.
_claim = upsert(orders).values(shop=bindparam("shop"), id=bindparam("id"))
_CLAIM: Final = Statement(
    _claim.on_conflict_do_update(
        index_elements=["shop", "id"], set_={"id": _claim.excluded.id}
    ).returning(orders.c.facts, _listens.scalar_subquery())
)
_LISTENS: Final = Statement(_listens)
_NEWEST: Final = (
    *("placed", "modified", "friend", "facts", "state", "evidence", "bought", "number"),
)
_put = upsert(orders)
_PUT: Final = Statement(
    _put.on_conflict_do_update(
        index_elements=["shop", "id"],
        set_={name: _put.excluded[name] for name in _NEWEST},
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


# A shop that moved houses may have begun to count anew.
_NUMBERED_MOST: Final = 20
_NUMBERED: Final = Statement(
    select(orders.c.id)
    .where(orders.c.shop == bindparam("shop"), orders.c.number == bindparam("number"))
    .limit(bindparam("most"))
)


def _of_friend(among: Select[Any]) -> Select[Any]:
    """Return the query among a friend's orders: those of a stretch of time are far more."""
    mine = among.where(orders.c.shop == bindparam("shop"), orders.c.friend == bindparam("friend"))
    return through(mine, orders, "shop", "friend")


_EARLIER: Final = Statement(
    _of_friend(
        select(orders.c.id)
        .where(
            orders.c.placed < bindparam("placed"),
            orders.c.id != bindparam("id"),
            orders.c.bought == 1,
        )
        .limit(1)
    )
)
_CREDITED: Final = Statement(
    _of_friend(
        select(orders.c.evidence)
        .join(
            referrals,
            (referrals.c.shop == orders.c.shop) & (referrals.c.order_id == orders.c.id),
        )
        .where(
            orders.c.id != bindparam("id"),
            orders.c.bought == 1,
            referrals.c.state != "rejected",
            referrals.c.state != "reversed",
        )
    )
)
_REFERRED: Final = Statement(
    _of_friend(
        select(orders.c.id, orders.c.placed, referrals.c.code, referrals.c.program)
        .join(
            referrals,
            (referrals.c.shop == orders.c.shop) & (referrals.c.order_id == orders.c.id),
        )
        .where(
            orders.c.placed < bindparam("placed"),
            orders.c.id != bindparam("id"),
            or_(
                *(
                    referrals.c.state == spelled(state)
                    for state in (State.QUALIFIED, State.REWARDED, State.EXPIRED)
                )
            ),
        )
        .order_by(orders.c.placed, orders.c.id)
    )
)
_RECENT: Final = Statement(
    _of_friend(
        select(orders.c.id).where(
            orders.c.placed >= bindparam("since"), orders.c.state.is_not(None)
        )
    )
)
_PAGE: Final = Statement(
    select(orders.c.placed, orders.c.id)
    .where(
        orders.c.shop == bindparam("shop"),
        orders.c.placed >= bindparam("since"),
        orders.c.placed < bindparam("until"),
        tuple_(orders.c.placed, orders.c.id)
        > tuple_(bindparam("after_placed", type_=BigInteger), bindparam("after_id", type_=String)),
        orders.c.state.is_not(None),
    )
    .order_by(orders.c.placed, orders.c.id)
    .limit(bindparam("most"))
)


PERSONAL: Final = ("email", "phone", "home", "named", "named_hint")
"""What an order tells of people; it stands with them, and not with the order."""


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

    ``lock``: nobody else may change it before this transaction ends (SQLite has one writer
    anyway), and whoever listens is told what this one changes.
    """
    if lock and not _take(book, id):
        return None
    row = book.one(_FIND, id=id)
    if row is None or row[3] is None:
        return None
    evidence = wire.unpack(Evidence, row[4])
    return Kept(
        order=wire.unpack(Order, row[3]),
        friend=row[2],
        facts=row[1],
        evidence=replace(evidence, programs=programs_of(book, evidence)),
        referral=None if row[5] is None else _referral(id, *row[5:]),
    )


def numbered(book: Book, number: str) -> list[str]:
    """Return the ids of orders of this number, where it is another than the id."""
    rows = book.all(_NUMBERED, number=rules.folded_number(number), most=_NUMBERED_MOST)
    return [id for (id,) in rows]


def _number_of(order: Order) -> str | None:
    folded = rules.folded_number(order.number or "")
    return folded if folded and folded != order.id else None


def _take(book: Book, id: str) -> bool:
    """Take hold of an order; False if it is surely new."""
    if book.session.dialect == "postgresql":
        (facts, listens) = book.one(_CLAIM, id=id) or (None, None)
    else:
        (listens,) = book.one(_LISTENS) or (0,)
        facts = ""
    if listens and book.watch is not None:
        book.watch.note(book, id)
    return facts is not None


def referral_of(book: Book, order: str) -> Referral | None:
    """Return the referral of an order."""
    row = book.one(_REFERRAL, order_id=order)
    return None if row is None else _referral(order, *row)


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
        state=wire.pack(order, leave_out=PERSONAL),
        bought=int(order.cancelled is None and not order.test),
        number=_number_of(order),
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
    """Whether our own history holds no earlier order of this person, nor one that counts as first.

    News of a friend's two orders may come in either sequence, and only one of them is the first.
    """
    # Two that come at once see each other: the second waits for the first.
    alone(book, friend)
    if book.one(_EARLIER, id=id, friend=friend, placed=micros(placed)) is not None:
        return False
    credited = book.all(_CREDITED, id=id, friend=friend)
    return not any(wire.unpack(Evidence, evidence).first_order for (evidence,) in credited)


def referred_before(
    book: Book, friend: str, id: str, placed: datetime
) -> list[tuple[str, datetime, str, str]]:
    """Return a friend's earlier orders that count, oldest first: id, placing, code, program."""
    return [
        (row[0], at, row[2], row[3])
        for row in book.all(_REFERRED, friend=friend, id=id, placed=micros(placed))
        if (at := moment(row[1])) is not None
    ]


def recent(book: Book, friend: str, since: datetime) -> list[str]:
    """Return a friend's orders placed since a moment."""
    return sorted(row[0] for row in book.all(_RECENT, friend=friend, since=micros(since)))


def placed_between(
    book: Book, since: datetime, until: datetime, after: tuple[int, str], most: int
) -> list[tuple[int, str]]:
    """Return a page of orders by their placing; ``after`` is where the last page ended."""
    rows = book.all(
        _PAGE,
        since=micros(since),
        until=micros(until),
        after_placed=after[0],
        after_id=after[1],
        most=most,
    )
    return [(row[0], row[1]) for row in rows]


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
