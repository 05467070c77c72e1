"""What moves in, for tests: Mei and Lin with their codes, and Bob whom Mei brought."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from goodword import Advocate, MovedAdvocate, MovedCode, MovedIn, PastReferral, RowsInvalid, money
from goodword.embedded.engine import Engine

SHOP = "tea-house"
LAST_YEAR = datetime(2025, 3, 1, 2, 22, tzinfo=UTC)


def mei(**changes: Any) -> MovedAdvocate:
    """Mei, with a code of her own choice."""
    who = {"name", "email", "phone", "relation", "ended", "id"}
    told: dict[str, Any] = {"id": "m-1", "name": "Mei", "email": "mei@shop.example"}
    told |= {name: changes.pop(name) for name in who & changes.keys()}
    moved = MovedAdvocate(advocate=Advocate(**told), code="Mei-10", line=2)
    return replace(moved, **changes)


def lin(**changes: Any) -> MovedAdvocate:
    """Lin, who comes without a code."""
    told = {"id": "m-2", "name": "Lin", "email": "lin@shop.example", "code": None, "line": 3}
    return mei(**told | changes)


def bobs(**changes: Any) -> PastReferral:
    """Bob's order of last year, for which Mei was rewarded by another tool."""
    past = PastReferral(
        order="1001",
        placed=LAST_YEAR,
        total=money("80.00", "GBP"),
        advocate="m-1",
        email="bob@friend.example",
        reward="a 5 pound voucher",
        line=2,
    )
    return replace(past, **changes)


def a_code(text: str, **changes: Any) -> MovedCode:
    """A further code of Mei's."""
    return replace(MovedCode(text=text, advocate="m-1", line=2), **changes)


def bring(engine: Engine, *, dry_run: bool = False, **rows: Iterable[Any]) -> MovedIn:
    """Bring rows into the program of friends."""
    return engine.bring_in(SHOP, "friends", dry_run=dry_run, **rows)


def refused(call: Callable[[], object]) -> list[tuple[str, int, str]]:
    """Return what is told to be wrong: the kind, the line and the column of each."""
    with pytest.raises(RowsInvalid) as caught:
        call()
    assert all(one.mend for one in caught.value.facts["wrong"])
    return [(one.kind, one.line, one.column) for one in caught.value.facts["wrong"]]
