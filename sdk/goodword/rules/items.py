"""Which goods of an order count for a program, and what refunds leave of them."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from goodword.model.order import Line, Order, Refund
from goodword.model.terms import Terms

ALL: Final = Terms()
"""Terms that let everything count."""


def base(order: Order, terms: Terms) -> int:
    """Return what the goods that count cost, before refunds, in minor units."""
    if not _picks(terms):
        return order.net.minor
    return sum(line.net.minor for line in order.lines if _counts(line, terms))


def remaining(order: Order, terms: Terms = ALL) -> Fraction:
    """Return what refunds leave of the base, exactly.

    base - Σ net of refunded lines - Σ amounts refunded without lines x base ÷ gross, never below 0.
    """
    whole = base(order, terms)
    if not order.refunds and not order.refunded:
        return Fraction(whole)
    if is_refunded(order):
        return Fraction(0)
    others = _others(order, terms)
    left = Fraction(whole)
    for refund in order.refunds:
        left -= _came_back(refund, whole, order.gross.minor, others)
    return max(left, Fraction(0))


def nothing_left(order: Order, terms: Terms = ALL) -> bool:
    """Whether refunds leave nothing of the base to reward."""
    if not order.refunds and not order.refunded:
        return False
    return is_refunded(order) or base(order, terms) > 0 == remaining(order, terms)


def is_refunded(order: Order) -> bool:
    """Whether everything was given back: by the shop's word, or by the sum of its refunds."""
    if order.refunded:
        return True
    return bool(order.refunds) and (
        sum(refund.gross.minor for refund in order.refunds) >= order.gross.minor
    )


def _came_back(refund: Refund, whole: int, gross: int, others: frozenset[str]) -> Fraction:
    if refund.lines is None:
        return Fraction(refund.gross.minor * whole, gross)
    # A line that the order does not know is held against what counts.
    return Fraction(sum(line.net.minor for line in refund.lines if line.line not in others))


def _others(order: Order, terms: Terms) -> frozenset[str]:
    """Return the lines that do not count."""
    if not _picks(terms):
        return frozenset()
    return frozenset(line.id for line in order.lines if not _counts(line, terms))


def _picks(terms: Terms) -> bool:
    wanted = terms.products or terms.collections
    return bool(wanted or terms.without_products or terms.without_collections)


def _counts(line: Line, terms: Terms) -> bool:
    of = set(line.collections)
    if line.product in terms.without_products or of & set(terms.without_collections):
        return False
    if not terms.products and not terms.collections:
        return True
    return line.product in terms.products or bool(of & set(terms.collections))
