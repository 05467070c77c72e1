"""Carriers whose deeds are counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from goodword.model.followup import Carried, FollowUp
from goodword.platforms import Carrier

_FAILED: Final = "failed"


class Counted:
    """A carrier; ``count`` hears of each deed what came of it."""

    def __init__(self, carrier: Carrier, count: Callable[[str], None]) -> None:
        self._carrier = carrier
        self._count = count

    def carry(self, deed: FollowUp) -> Carried:
        try:
            carried = self._carrier.carry(deed)
        except Exception:
            self._count(_FAILED)
            raise
        self._count(carried.how.value)
        return carried
