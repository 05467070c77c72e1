"""What may lead an order to somebody, and what is decided by it."""

from __future__ import annotations

from typing import Any

from goodword import Candidate, Landing, Order, Program, Rung
from goodword.model.credit import Decision, Evidence
from goodword.rules.credit import credit
from tests.sdk.builders import START, a_candidate, a_program, an_order, used

PROGRAM = a_program(version=1)
BOTH = (*used("ref-carol"), *used("ref-alice10"))


def coupon(text: str = "ref-alice10", **changes: Any) -> Candidate:
    return a_candidate(Rung.COUPON, f"coupon:{text}", **changes)


def typed(text: str = "ALICE10", **changes: Any) -> Candidate:
    return a_candidate(Rung.COUPON, f"code:{text}", **changes)


def visit(id: str = "v1", **changes: Any) -> Candidate:
    return a_candidate(Rung.VISIT, f"visit:{id}", **{"at": START, **changes})


def landing(text: str = "ALICE10", **changes: Any) -> Candidate:
    return a_candidate(Rung.LANDING, f"landing:{text}", **changes)


def decided(
    *candidates: Candidate,
    order: Order | None = None,
    program: Program = PROGRAM,
    first: bool | None = None,
    **further: Any,
) -> Decision:
    everything = an_order(
        code="ALICE10", visit="v1", landing=Landing(code="alice10", at=START), coupons=BOTH
    )
    evidence = Evidence(candidates=candidates, programs=(program,), first_order=first, **further)
    return credit(order or everything, evidence)
