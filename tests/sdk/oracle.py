"""What an order should come to, worked out anew from the words of the promise.

Nothing here asks a rule of ours: it is written from the design's formula, in exact fractions, so
that it can disagree with the code.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor

from goodword import Order, Refund, Worth


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A program's promise, in numbers."""

    reward: Worth
    share: Fraction | None = None
    """Of each minor unit of goods; None: it is fixed."""
    fixed: int = 0
    """Minor units, points or pieces."""
    unit: str = "GBP"
    proportional: bool = False
    minimum: int = 0
    counting: frozenset[str] | None = None
    """The products that count; None: all goods."""


def offer_of(order: Order, discount: int) -> int:
    """What the friend's offer cost: what of its discount fell on goods that stay bought."""
    if not _stands(order) or _all_back(order):
        return 0
    if order.net.minor == 0:
        return discount
    stays = _staying(order, None)
    return 0 if stays == 0 else floor(discount * stays / order.net.minor)


def reward_of(order: Order, promise: Promise) -> int:
    """What the advocate has earned by the order as it stands."""
    goods = _goods(order, promise.counting)
    stays = _staying(order, promise.counting)
    if not _stands(order) or _all_back(order) or (goods > 0 and stays == 0):
        return 0
    if goods == 0 < order.net.minor:
        return 0
    if promise.share is not None:
        earned = 0 if goods < promise.minimum else floor(promise.share * stays)
    elif promise.proportional:
        part = stays / goods if goods else Fraction(1)
        earned = 0 if goods < promise.minimum else floor(promise.fixed * part)
    else:
        earned = 0 if stays < promise.minimum else promise.fixed
    return earned // 100 * 100 if promise.unit == "TWD" else earned


def _stands(order: Order) -> bool:
    return not order.test and order.paid is not None and not (order.cancelled or order.disputed)


def _all_back(order: Order) -> bool:
    back = sum(refund.gross.minor for refund in order.refunds)
    return order.refunded or (len(order.refunds) > 0 and back >= order.gross.minor)


def _goods(order: Order, counting: frozenset[str] | None) -> int:
    if counting is None:
        return order.net.minor
    return sum(line.net.minor for line in order.lines if line.product in counting)


def _staying(order: Order, counting: frozenset[str] | None) -> Fraction:
    goods = _goods(order, counting)
    if not order.refunds:
        return Fraction(goods)
    if _all_back(order):
        return Fraction(0)
    left_out = {
        line.id for line in order.lines if counting is not None and line.product not in counting
    }
    back = sum((_goods_of(refund, order, goods, left_out) for refund in order.refunds), Fraction(0))
    return max(Fraction(0), goods - back)


def _goods_of(refund: Refund, order: Order, goods: int, left_out: set[str]) -> Fraction:
    if refund.lines is None:
        return Fraction(refund.gross.minor) * goods / order.gross.minor
    return Fraction(sum(one.net.minor for one in refund.lines if one.line not in left_out))
