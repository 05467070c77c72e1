"""Which programs a customer of a shop may take part in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from goodword.interface.referrals import Referrals
from goodword.model.people import Relation
from goodword.model.program import Program


def for_customers(referrals: Referrals, now: datetime) -> Mapping[str, Program]:
    """Return the programs that a customer may take part in now, by name."""
    return {one.name: one for one in referrals.programs.list() if _is_open(one, now)}


def _is_open(program: Program, now: datetime) -> bool:
    if program.paused is not None:
        return False
    takes = not program.relations or Relation.CUSTOMER in program.relations
    begun = program.starts is None or program.starts <= now
    return takes and begun and (program.ends is None or now < program.ends)
