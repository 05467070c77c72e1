"""What an order should come to, worked out anew from the words of the promise.

Nothing here asks a rule of ours: it is written from the design's formula, in exact fractions, so
that it can disagree with the code.  Beside it a shop's counter that keeps its coupons.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from math import floor

from goodword import (
    AnswerLost,
    Grant,
    Granted,
    Money,
    Order,
    Refund,
    TakenBack,
    TillDown,
    TillRefused,
    Worth,
)


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


LOST = AnswerLost(shop="tea-house", what="no answer")
BEFORE = {
    "down": TillDown(shop="tea-house", what="busy"),
    "refused": TillRefused(shop="tea-house", what="no"),
    "lost before": LOST,
}
TROUBLES = ["none", *BEFORE, "lost after"]


@dataclass
class Coupons:
    """A shop's counter that keeps its coupons, and loses calls and answers as it is told."""

    troubles: list[str] = field(default_factory=list)
    worth: dict[str, int] = field(default_factory=dict)
    """What each coupon stands at, used or not."""
    used: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    """Those whose time was over before anybody used them."""
    of: dict[str, Grant] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    asked: list[tuple[int, int | None]] = field(default_factory=list)
    """What a coupon stood at when it was to be made smaller, and what was to be left."""

    def order(self, id: str) -> Order | None:
        raise NotImplementedError

    def orders_since(self, moment: datetime) -> Iterator[Order]:
        raise NotImplementedError

    def earlier_orders(self, order: Order) -> int | None:
        raise NotImplementedError

    def grant(self, grant: Grant) -> Granted:
        with self._in_trouble():
            if grant.text in self.worth:
                self.faults.append("made twice")
            self.worth[grant.text] = grant.worth.amount.minor if grant.worth.amount else 1
            self.of[grant.text] = grant
        return Granted(grant=grant.id, text=grant.text, remote=grant.text)

    def look(self, grant: Grant) -> Granted | None:
        if grant.text not in self.worth:
            return None
        used = grant.text in self.used
        return Granted(grant=grant.id, text=grant.text, remote=grant.text, used=used)

    def take_back(self, granted: Granted, left: Money | None) -> TakenBack:
        text = granted.text
        with self._in_trouble():
            if text in self.used:
                return TakenBack(done=False)
            before, after = self.worth[text], left.minor if left else 0
            self.asked.append((before, left.minor if left else None))
            if after > before:
                self.faults.append("made larger")
            if left is not None and (left.minor == 0 or self.of[text].worth.amount is None):
                self.faults.append(f"left {left} of {self.of[text].worth.kind}")
            self.worth[text] = after
        return TakenBack(done=True)

    def expire(self, now: datetime) -> None:
        """What is over by now can be used no more."""
        for text, grant in self.of.items():
            if grant.expires is not None and grant.expires <= now and text not in self.used:
                self.gone.add(text)

    def spendable(self) -> int:
        """What people could still spend."""
        return self._sum(self.worth.keys() - self.used - self.gone)

    def spent(self) -> int:
        return self._sum(self.used)

    def _sum(self, texts: Iterable[str]) -> int:
        return sum(self.worth[text] for text in texts)

    @contextmanager
    def _in_trouble(self) -> Iterator[None]:
        trouble = self.troubles.pop(0) if self.troubles else "none"
        if trouble in BEFORE:
            raise BEFORE[trouble]
        yield
        if trouble == "lost after":
            raise LOST
