"""Whether an offer or a reward can be promised."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Final

from goodword.errors import ProgramInvalid
from goodword.model.money import DECIMALS, MOST, Money
from goodword.model.worth import MONEY_KINDS, POINTS, Kind, Worth
from goodword.rules import texts

_OFFERS: Final = frozenset(
    {Kind.AMOUNT_OFF, Kind.PERCENT_OFF, Kind.FREE_SHIPPING, Kind.FREE_PRODUCT}
)
_PRICELESS: Final = frozenset({Kind.FREE_SHIPPING, Kind.FREE_PRODUCT, Kind.THANKS})
# What the shop gives by itself, whatever its platform can do.
_OWN: Final = frozenset({Kind.COMMISSION, Kind.THANKS})
_MAKERS: Final = "use amount_off, percent_off, share_of_order or one of their kin"


def check_offer(field: str, offer: Worth) -> None:
    """Raise `ProgramInvalid`, if a friend cannot be given this."""
    check(field, offer)
    if offer.of_order or offer.kind not in _OFFERS:
        raise ProgramInvalid(
            field=field,
            mend="is spent in the order itself: use percent_off, amount_off, free_shipping or "
            "free_product",
        )


def check_granted(field: str, worth: Worth, grants: Collection[Kind] | None) -> None:
    """Raise `ProgramInvalid`, if the shop's platform has to grant it, and cannot."""
    if grants is None or worth.kind in {*grants, *_OWN}:
        return
    can = ", ".join(sorted(grants)) or "nothing"
    raise ProgramInvalid(
        field=f"{field}.kind",
        mend=f"this shop's platform cannot grant {worth.kind}; it can grant: {can}",
    )


def check(field: str, worth: Worth) -> None:
    """Raise `ProgramInvalid`, if this is worth nothing, or two things at once."""
    wanting = worth.amount is None and worth.percent is None and worth.kind not in _PRICELESS
    if wanting or (worth.amount is not None and worth.percent is not None):
        raise ProgramInvalid(field=field, mend="has either an amount or a percentage")
    if worth.percent is not None and not _is_percentage(worth.percent):
        raise ProgramInvalid(field=f"{field}.percent", mend="must be above 0 and at most 100")
    if not _fits(worth):
        raise ProgramInvalid(field=f"{field}.kind", mend=f"{worth.kind} does not fit; {_MAKERS}")
    if worth.amount is not None:
        _check_amount(f"{field}.amount", worth.amount, worth.kind)
    product = worth.product
    if product is not None and not (0 < len(product) <= 255 and texts.can_be_kept(product)):
        raise ProgramInvalid(field=f"{field}.product", mend="give the shop's own id of the product")


def check_unit(field: str, amount: Money) -> None:
    """Raise `ProgramInvalid`, if it is not in a currency."""
    if amount.unit not in DECIMALS:
        raise ProgramInvalid(
            field=field, mend=f"is in {amount.unit!r}; give a currency's ISO 4217 code, like TWD"
        )


def is_whole(number: object) -> bool:
    """Whether it is a whole number, whatever a caller without a type checker hands over."""
    return isinstance(number, int)


def _fits(worth: Worth) -> bool:
    """Whether kind and worth go together."""
    has = (worth.amount is not None, worth.percent is not None, worth.of_order)
    if (worth.product is not None) != (worth.kind is Kind.FREE_PRODUCT):
        return False
    if worth.kind in MONEY_KINDS:
        return has in ((True, False, False), (False, True, True))
    if worth.kind is Kind.POINTS:
        return has == (True, False, False)
    return has == (False, worth.kind is Kind.PERCENT_OFF, False)


def _check_amount(field: str, amount: Money, kind: Kind) -> None:
    if kind is Kind.POINTS and amount.unit != POINTS:
        raise ProgramInvalid(field=field, mend=f"is in {amount.unit!r}; points have no currency")
    if kind is not Kind.POINTS:
        check_unit(field, amount)
    if not is_whole(amount.minor) or not 0 < amount.minor <= MOST:
        raise ProgramInvalid(field=field, mend="must be above 0, whole, and an amount to give")
    if amount.unit == "TWD" and amount.minor % 100:
        raise ProgramInvalid(field=field, mend="must be whole dollars in TWD")


def _is_percentage(number: Decimal) -> bool:
    return number.is_finite() and 0 < number <= 100
