"""The goods of an order without tax, what its codes took off, and what came back of it.

Shopify counts in the shop's prices, which hold the tax in some shops; goodword never does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from goodword.model.money import Money
from goodword.model.order import Line, Refund, RefundedLine, UsedCoupon
from goodword_shopify.fields import Json, bare, in_shop_money, moment, number


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An order in the pieces that it is asked for in."""

    head: Json
    lines: Sequence[Json]
    shipping: Sequence[Json] = ()
    products: Mapping[str, str] | None = None
    """The product of each line, by their ids; None: the app may not ask."""
    refunds: Sequence[ToldRefund] = ()
    received: Json | None = None
    """What came of what was asked first, where only a part is paid; None: it was not asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRefund:
    """A refund with all its pages."""

    head: Json
    lines: Sequence[Json]
    shipping: Sequence[Json]
    adjustments: Sequence[Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One line, in minor units, with all that was ever on it."""

    id: str
    net: int
    gross: int
    quantity: int
    counts: bool
    """False: a gift card, which is money for later and not goods."""
    removed: int = 0
    """How many an edit of the order took away again."""


class Goods:
    """What an order's money is made of."""

    def __init__(self, told: Told) -> None:
        self._currency: str = told.head["currencyCode"]
        self._included: bool = told.head["taxesIncluded"]
        self._told = told
        returned = _returned(told.refunds)
        self._counted = {
            bare(row["id"]): self._count(row, returned.get(row["id"], 0)) for row in told.lines
        }
        self.is_paid_but_for_edits = self._is_paid_but_for_edits(told.received)
        if told.received is not None and self.is_paid_but_for_edits:
            self._count_what_is_paid(self._minor(told.received["totalReceivedSet"]))

    def _is_paid_but_for_edits(self, received: Json | None) -> bool:
        """Whether all that was asked at first came, and something was added later."""
        if received is None:
            return False
        asked = self._minor(received["originalTotalPriceSet"])
        return 0 < asked <= self._minor(received["totalReceivedSet"])

    def _count_what_is_paid(self, received: int) -> None:
        """Leave of the goods what was paid for: what an edit added stands behind the others."""
        beside = self._minor(self._told.head["totalPriceSet"])
        beside -= sum(one.gross for one in self._counted.values())
        left = received - beside
        for id, one in self._counted.items():
            covered = min(one.gross, max(0, left))
            left -= covered
            self._counted[id] = replace(one, net=_part(one.net, covered, one.gross))

    def money(self, minor: int) -> Money:
        return Money(minor, self._currency)

    def lines(self) -> tuple[Line, ...]:
        """Return the goods, less what edits of the order took away."""
        products = self._told.products or {}
        return tuple(
            Line(
                id=one.id,
                net=self.money(_part(one.net, one.quantity - one.removed, one.quantity)),
                product=products.get(one.id, ""),
                quantity=one.quantity - one.removed,
            )
            for one in self._counted.values()
            if one.counts
        )

    def coupons(self) -> tuple[UsedCoupon, ...]:
        """Return each code and what it took off goods and shipping, without tax."""
        off: dict[str, Fraction] = {}
        goods = [row for row in self._told.lines if not row["isGiftCard"]]
        for row in (*goods, *self._told.shipping):
            for allocation in row["discountAllocations"]:
                code = allocation["discountApplication"].get("code")
                if code:
                    key = code.upper()
                    off[key] = off.get(key, Fraction(0)) + self._without_tax(row, allocation)
        return tuple(
            UsedCoupon(text=code, discount=self.money(int(off.get(code.upper(), Fraction(0)))))
            for code in self._told.head["discountCodes"]
        )

    def refunds(self) -> tuple[Refund, ...]:
        """Return what came back, the earliest first."""
        told = sorted(self._told.refunds, key=lambda one: str(one.head["createdAt"]))
        before: dict[str, int] = {}
        return tuple(part for one in told for part in self._refund(one, before))

    def _refund(self, told: ToldRefund, before: dict[str, int]) -> Iterable[Refund]:
        """Return a refund; what was paid back beyond its lines is one by amount beside it."""
        id, at = bare(told.head["id"]), moment(told.head["createdAt"])
        paid = self._minor(told.head["totalRefundedSet"])
        if not told.lines and not told.shipping:
            yield Refund(id=id, gross=self.money(paid), at=at)
            return
        lines, worth = self._refunded(told.lines, before)
        worth += sum(self._shipping_gross(row) for row in told.shipping)
        # Without an adjustment a difference is only one of rounding.
        beyond = max(0, paid - worth) if told.adjustments else 0
        yield Refund(id=id, gross=self.money(paid - beyond), at=at, lines=lines)
        if beyond:
            yield Refund(id=f"{id}-beyond", gross=self.money(beyond), at=at)

    def _refunded(
        self, rows: Sequence[Json], before: dict[str, int]
    ) -> tuple[tuple[RefundedLine, ...], int]:
        """Return the lines that came back, and what they cost with tax.

        Counted by pieces and not by the amounts of the refund, so that the last piece of a line
        brings back just what is left of it.
        """
        lines, worth = [], 0
        for row in rows:
            one = self._counted[bare(row["lineItem"]["id"])]
            already = before.get(one.id, 0)
            now = before[one.id] = min(one.quantity, already + row["quantity"])
            worth += _between(one.gross, already, now, one.quantity)
            if one.counts:
                net = _between(one.net, already, now, one.quantity)
                lines.append(RefundedLine(line=one.id, net=self.money(net)))
        return tuple(lines), worth

    def _shipping_gross(self, row: Json) -> int:
        tax = 0 if self._included else self._minor(row["taxAmountSet"])
        return self._minor(row["subtotalAmountSet"]) + tax

    def _count(self, row: Json, returned: int) -> Counted:
        off = sum(self._minor(one["allocatedAmountSet"]) for one in row["discountAllocations"])
        tax = sum(self._minor(one["priceSet"]) for one in row["taxLines"])
        cost = self._minor(row["originalTotalSet"]) - off
        quantity: int = row["quantity"]
        return Counted(
            id=bare(row["id"]),
            net=max(0, cost - tax if self._included else cost),
            gross=cost if self._included else cost + tax,
            quantity=quantity,
            counts=not row["isGiftCard"],
            removed=max(0, quantity - row["currentQuantity"] - returned),
        )

    def _without_tax(self, row: Json, allocation: Json) -> Fraction:
        off = Fraction(self._minor(allocation["allocatedAmountSet"]))
        if not self._included:
            return off
        percent = sum((number(one["ratePercentage"] or 0) for one in row["taxLines"]), number(0))
        return off * 100 / (100 + Fraction(percent))

    def _minor(self, bag: Json) -> int:
        return in_shop_money(bag, self._currency).minor


def _returned(refunds: Sequence[ToldRefund]) -> Mapping[str, int]:
    """Return how many of each line came back."""
    returned: dict[str, int] = {}
    for refund in refunds:
        for row in refund.lines:
            line = row["lineItem"]["id"]
            returned[line] = returned.get(line, 0) + row["quantity"]
    return returned


def _part(amount: int, pieces: int, of: int) -> int:
    return amount * pieces // of if of else 0


def _between(amount: int, already: int, now: int, of: int) -> int:
    return _part(amount, now, of) - _part(amount, already, of)
