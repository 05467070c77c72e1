"""Which of a shop's own discounts a cart does not take together with ours."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Final

from goodword.model.worth import Kind

ORDER, PRODUCT, SHIPPING = "order", "product", "shipping"
OF_KIND: Final[Mapping[Kind, str]] = {
    Kind.AMOUNT_OFF: ORDER,
    Kind.PERCENT_OFF: ORDER,
    Kind.FREE_SHIPPING: SHIPPING,
    Kind.FREE_PRODUCT: PRODUCT,
}
"""What each kind of ours takes something off."""


@dataclass(frozen=True, slots=True)
class Discount:
    """What one discount takes something off, and what else it lets be taken off beside."""

    classes: frozenset[str]
    beside: frozenset[str]
    title: str = ""


def ours(kind: Kind, beside: Set[str]) -> Discount:
    """Return a discount as we make it of this kind; ``beside``: what it may be used with."""
    return Discount(frozenset({OF_KIND[kind]}), frozenset(beside))


def clash(one: Discount, other: Discount) -> bool:
    """Whether a cart takes only one of two: each must let the other be."""
    if SHIPPING in one.classes & other.classes:
        # Of those a cart takes one alone, whatever they say.
        return True
    return not (other.classes <= one.beside and one.classes <= other.beside)


def clashing(ours: Collection[Discount], theirs: Iterable[Discount]) -> list[str]:
    """Return the titles of the shop's discounts that clash with what we make."""
    return [one.title for one in theirs if any(clash(own, one) for own in ours)]
