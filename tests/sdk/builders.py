"""A small shop for tests: a clock to move, people, programs, orders, and carriers that obey."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from goodword import (
    Advocate,
    Carried,
    Code,
    FollowUp,
    Granted,
    Money,
    Order,
    Program,
    Referrals,
    TakenBack,
    Terms,
    UsedCoupon,
    Worth,
    done,
    money,
    percent_off,
    share_of_order,
)

START = datetime(2026, 11, 22, 9, 20, tzinfo=UTC)
PLACED = datetime(2026, 11, 22, 9, 25, 23, tzinfo=UTC)


@dataclass
class Clock:
    """The time, until somebody moves it."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def to(self, at: datetime) -> None:
        self.at = at

    def on(self, **duration: float) -> None:
        self.at += timedelta(**duration)


def gbp(amount: str) -> Money:
    return money(amount, "GBP")


def a_program(reward: Worth | None = None, **changes: Any) -> Program:
    program = Program(
        name="friends",
        title="Give 10%, get 10%",
        offer=percent_off(10),
        reward=reward or share_of_order(10),
        terms=Terms(window_days=30, hold_days=14),
    )
    return replace(program, **changes)


def alice() -> Advocate:
    return Advocate(id="c-1", name="Alice", email="alice@shop.example")


def a_shop_with(referrals: Referrals, program: Program | None = None) -> Code:
    """Save the program and invite Alice, whose shared coupon is ref-alice10."""
    referrals.programs.save(program or a_program())
    return referrals.advocates.invite("friends", alice(), code="ALICE10", coupon="ref-alice10")


def an_order(**changes: Any) -> Order:
    """An order of 72.00 with Alice's coupon, paid as it was placed."""
    order = Order(
        id="17",
        placed=PLACED,
        modified=PLACED,
        paid=PLACED,
        net=gbp("72.00"),
        gross=gbp("72.00"),
        coupons=(UsedCoupon(text="ref-alice10", discount=gbp("8.00")),),
        email="bob@friend.example",
    )
    return replace(order, **changes)


def later(order: Order, seconds: float = 1, **changes: Any) -> Order:
    """The same order, changed and modified a little later."""
    assert order.modified is not None
    return replace(order, modified=order.modified + timedelta(seconds=seconds), **changes)


@dataclass
class Obedient:
    """A carrier that does what it is told, and remembers it."""

    used: bool = False
    deeds: list[FollowUp] = field(default_factory=list)

    def carry(self, deed: FollowUp) -> Carried:
        self.deeds.append(deed)
        if deed.grant is not None:
            return done(granted=Granted(grant=deed.grant.id, text=deed.grant.text, remote="40"))
        if deed.taking_back is not None:
            return done(taken_back=TakenBack(done=not self.used))
        return done()
