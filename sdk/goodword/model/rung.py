"""How strong a piece of evidence is."""

from __future__ import annotations

from enum import IntEnum


class Rung(IntEnum):
    """How strong a piece of evidence is; the smallest number wins."""

    ASSIGNMENT = 1
    """The owner's own word, with a reason."""
    BOND = 2
    """A confirmed claim, or an earlier order of a friend whose further orders count too."""
    COUPON = 3
    """A coupon, or a code typed at the checkout."""
    VISIT = 4
    """A visit whose id the link and the cart carried."""
    CLAIM = 5
    """An unconfirmed claim whose contact equals the order's."""
    NAME = 6
    """The advocate's name, as the friend gave it."""
    LANDING = 7
    """What the platform itself noted."""
