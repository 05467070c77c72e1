"""One order of Bob's, and the evidence that speaks for whoever sent him."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from goodword import Candidate, Claiming, Code, Landing, Order, Program, Referrals, Rung, Visiting
from tests.sdk.builders import PLACED, Clock, a_program, used

PHONE = "+886912345678"
NAMES = {"c-1": "Alice", "c-2": "Carol"}


@dataclass
class Buying:
    """An order of Bob's that evidence is laid before, on and beside."""

    referrals: Referrals
    clock: Clock
    order: Order
    owed: tuple[Code, ...] = ()

    def lay(self, rung: Rung, code: Code) -> None:
        """Lay one piece of evidence; a second one on the same rung comes a second later."""
        getattr(self, rung.name.lower())(code)
        self.clock.on(seconds=1)

    def assignment(self, code: Code) -> None:
        self.owed += (code,)

    def bond(self, code: Code, email: str | None = "bob@friend.example", **contact: Any) -> None:
        claim = self.referrals.claim(Claiming(code=code.text, email=email, **contact))
        self.referrals.confirm(claim.id)

    def coupon(self, code: Code) -> None:
        assert code.coupon is not None
        self.change(coupons=self.order.coupons + used(code.coupon))

    def visit(self, code: Code) -> None:
        self.change(visit=self.referrals.record_visit(Visiting(code=code.text)).id)

    def claim(self, code: Code, phone: str | None = PHONE, **contact: Any) -> None:
        self.referrals.claim(Claiming(code=code.text, phone=phone, **contact))

    def name(self, code: Code) -> None:
        self.change(named=NAMES[code.advocate])

    def landing(self, code: Code) -> None:
        self.change(landing=Landing(code=code.text, at=self.clock()))

    def change(self, **changes: Any) -> None:
        self.order = replace(self.order, **changes)

    def end(self) -> Candidate:
        """Report the order, say to whom it is owed, and return who won."""
        self.clock.to(PLACED)
        self.referrals.record_order(self.order)
        for code in self.owed:
            self.clock.on(seconds=1)
            self.referrals.credit.assign("17", code.text, reason="Bob told us at the counter")
        winner = self.referrals.credit.explain("17").winner
        assert winner is not None
        return winner


def terms_of(referrals: Referrals, **changes: Any) -> Program:
    """Save the program friends with other terms."""
    return referrals.programs.save(a_program(terms=replace(a_program().terms, **changes)))
