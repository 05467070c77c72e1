"""Reading what is known of an order and deciding on it; nothing is written but its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

from goodword.embedded.evidence import Gathered, gather
from goodword.embedded.friends import Friend
from goodword.embedded.placing import CountsOf, placed
from goodword.model.credit import Decision, Evidence
from goodword.model.ledger import Share
from goodword.model.order import Order
from goodword.model.program import Program
from goodword.rules import booking
from goodword.rules.orders import with_refunds
from goodword.storage import orders, people
from goodword.storage.orders import Kept
from goodword.storage.sql import Book


@dataclass(frozen=True, slots=True)
class Decided:
    """What an order comes to."""

    order: Order
    """With the refunds that were recorded alone."""
    gathered: Gathered
    evidence: Evidence
    decision: Decision
    should: tuple[Share, ...]


def decide(
    book: Book,
    order: Order,
    friend: Friend,
    kept: Kept | None,
    counts: CountsOf,
    draft: Program | None = None,
) -> Decided:
    """Gather evidence for the order's newest state and decide by it."""
    gathered = gather(book, order, friend, kept, draft)
    whole = with_refunds(order, orders.refunds_alone(book, order.id))
    known = gathered.evidence.first_order if kept and kept.friend == friend.id else None
    first = known if known is not None else _first_order(book, order, friend, gathered.evidence)
    evidence = replace(gathered.evidence, first_order=first)
    one = partial(people.counted_as, book)
    evidence, decision = placed(whole, evidence, friend.id, counts, one)
    should = booking.should_be(decision, whole, evidence)
    return Decided(whole, gathered, evidence, decision, should)


def _first_order(book: Book, order: Order, friend: Friend, evidence: Evidence) -> bool | None:
    """Whether it is the friend's first order: asked once, and only where a program minds."""
    if order.first_order is not None:
        return order.first_order
    if friend.id is None or not _minds(evidence.programs):
        return None
    return orders.is_first(book, order.id, friend.id, order.placed)


def _minds(programs: Iterable[Program]) -> bool:
    return any(one.terms.first_order_only or one.terms.new_customer_only for one in programs)
