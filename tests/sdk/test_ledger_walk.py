"""The recorded deliveries through the ledger, row by row, on both databases.

The facts are those of `goodword_woocommerce/standin/recorded`; the plugin's own tests hold its
reader to them.  GBP minor units.  Two alternative programs: 10 % of the order, and a fixed 5.00.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from goodword import (
    Account,
    Entry,
    Order,
    Outcome,
    Part,
    Referrals,
    State,
    UsedCoupon,
    amount_off,
    share_of_order,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import (
    COMPLETED,
    HALF,
    NOTHING,
    ON_HOLD,
    PAID,
    Clock,
    Obedient,
    a_program,
    a_shop_with,
    an_order,
    gbp,
    later,
    totals,
)

GRANTED, FRIEND = Account.GRANTED, Account.SPENT_BY_FRIEND
WAITING, DUE, GIVEN = Account.WAITING, Account.DUE, Account.GIVEN
SPENT, OWED = Account.SPENT, Account.OWED_BACK
Row = tuple[Account, Account, int]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


RELEASE = at("2026-12-06T09:25:25")


@dataclass
class Walk:
    """One program's shop, and what each step added to the book."""

    engine: Engine
    clock: Clock
    referrals: Referrals
    till: Obedient
    seen: int = 0

    def report(self, order: Order) -> Outcome:
        assert order.modified is not None
        self.clock.to(max(self.clock.at, order.modified))
        return self.referrals.record_order(order)

    def work(self) -> None:
        self.engine.work({"till": self.till, "mail": Obedient()})

    def rows(self, part: Part) -> list[Row]:
        """The rows of one part since this was last asked."""
        return [(e.source, e.target, e.worth.minor) for e in self.new if e.part is part]

    @property
    def new(self) -> Sequence[Entry]:
        return self.referrals.credit.explain("17").entries[self.seen :]

    def step(self) -> tuple[list[Row], list[Row]]:
        """The offer rows and the reward rows since the last step."""
        rows = self.rows(Part.OFFER), self.rows(Part.REWARD)
        self.seen += len(self.new)
        return rows

    def booked(self) -> tuple[int, int]:
        return totals(self.referrals)

    def balances(self) -> tuple[int, int, int, int, int]:
        (standing,) = self.referrals.rewards.balance("c-1")
        return (
            standing.waiting,
            standing.due,
            standing.given,
            standing.spent,
            standing.owed_back,
        )


@pytest.fixture(params=["share", "fixed"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def reward(kind: str) -> int:
    return {"share": 720, "fixed": 500}[kind]


@pytest.fixture
def walk(engine: Engine, clock: Clock, referrals: Referrals, kind: str) -> Walk:
    worth = share_of_order(10) if kind == "share" else amount_off("5.00", "GBP")
    a_shop_with(referrals, a_program(worth))
    return Walk(engine, clock, referrals, Obedient())


def to_completed(walk: Walk, reward: int) -> None:
    outcome = walk.report(ON_HOLD)
    assert (outcome.result, outcome.reasons) == ("created", ("not_paid",))
    assert walk.step() == ([], [])
    assert walk.booked() == (0, 0)

    outcome = walk.report(PAID)
    assert (outcome.result, outcome.reasons) == ("updated", ())
    assert walk.step() == ([(GRANTED, FRIEND, 800)], [(GRANTED, WAITING, reward)])
    assert walk.booked() == (800, reward)
    (owed,) = walk.referrals.thanks.owed()
    assert (owed.order, owed.advocate) == ("17", "c-1")
    (earned,) = walk.referrals.rewards.list("c-1")
    assert earned.release == RELEASE

    assert walk.report(COMPLETED).result == "updated"
    assert walk.step() == ([], [])
    assert walk.booked() == (800, reward)


def test_refunds_inside_the_hold(walk: Walk, reward: int, kind: str) -> None:
    to_completed(walk, reward)

    assert walk.report(HALF).result == "updated"
    assert walk.step() == (
        [(FRIEND, GRANTED, 400)],
        [(WAITING, GRANTED, 360)] if kind == "share" else [],
    )
    assert walk.booked() == (400, 360 if kind == "share" else 500)

    outcome = walk.report(NOTHING)
    assert (outcome.result, outcome.reasons) == ("updated", ("refunded",))
    assert outcome.referral is not None
    assert outcome.referral.state is State.REVERSED
    left = 360 if kind == "share" else 500
    assert walk.step() == ([(FRIEND, GRANTED, 400)], [(WAITING, GRANTED, left)])
    assert walk.booked() == (0, 0)

    walk.clock.to(RELEASE)
    walk.work()
    assert walk.step() == ([], [])
    assert walk.booked() == (0, 0)


def granted(walk: Walk, reward: int) -> None:
    to_completed(walk, reward)
    walk.clock.to(at("2026-12-06T09:25:24"))
    walk.work()
    assert walk.step() == ([], [])
    walk.clock.to(RELEASE)
    walk.work()
    assert walk.step() == ([], [(WAITING, DUE, reward), (DUE, GIVEN, reward)])
    assert walk.balances() == (0, 0, reward, 0, 0)
    explained = walk.referrals.credit.explain("17")
    assert explained.referral is not None
    assert explained.referral.state is State.REWARDED


def test_refunds_after_the_grant(walk: Walk, reward: int, kind: str) -> None:
    granted(walk, reward)

    walk.report(HALF)
    assert walk.step() == (
        [(FRIEND, GRANTED, 400)],
        [(OWED, GRANTED, 360)] if kind == "share" else [],
    )
    assert walk.balances() == ((0, 0, 720, 0, -360) if kind == "share" else (0, 0, 500, 0, 0))

    walk.work()
    if kind == "share":
        taking = walk.till.deeds[-1].taking_back
        assert taking is not None
        assert taking.left == gbp("3.60")
        assert walk.step() == ([], [(GIVEN, OWED, 360)])
        assert walk.balances() == (0, 0, 360, 0, 0)

    walk.report(NOTHING)
    left = 360 if kind == "share" else 500
    assert walk.step() == ([(FRIEND, GRANTED, 400)], [(OWED, GRANTED, left)])
    assert walk.balances() == (0, 0, left, 0, -left)

    walk.work()
    taking = walk.till.deeds[-1].taking_back
    assert taking is not None
    assert taking.left is None
    assert walk.step() == ([], [(GIVEN, OWED, left)])
    assert walk.balances() == (0, 0, 0, 0, 0)


def test_a_coupon_used_before_the_refunds_leaves_a_debt(walk: Walk, reward: int, kind: str) -> None:
    granted(walk, reward)
    (earned,) = walk.referrals.rewards.list("c-1")
    assert earned.text is not None
    walk.referrals.record_order(
        an_order(
            id="40",
            coupons=(UsedCoupon(text=earned.text.upper(), discount=gbp("5.00")),),
            email="alice@shop.example",
        )
    )
    assert walk.step() == ([], [(GIVEN, SPENT, reward)])

    walk.report(HALF)
    walk.report(NOTHING)
    walk.work()
    rows = walk.step()[1]
    assert rows == ([(OWED, GRANTED, 360)] * 2 if kind == "share" else [(OWED, GRANTED, 500)])
    assert walk.balances() == (0, 0, 0, reward, -reward)
    assert not any(deed.taking_back for deed in walk.till.deeds)


def test_a_later_release_pays_the_debt_off(walk: Walk, reward: int) -> None:
    granted(walk, reward)
    walk.till.used = True
    walk.report(NOTHING)
    walk.work()
    assert walk.balances() == (0, 0, 0, reward, -reward)

    next_order = an_order(id="90", modified=walk.clock.at, paid=walk.clock.at)
    walk.referrals.record_order(next_order)
    walk.clock.on(days=14)
    walk.work()
    assert walk.balances() == (0, 0, 0, reward, 0)
    assert sum(deed.grant is not None for deed in walk.till.deeds) == 1


UNPAID_37 = an_order(
    id="17",
    placed=at("2026-11-22T09:34:47"),
    modified=at("2026-11-22T09:34:47"),
    paid=None,
    net=gbp("36.00"),
    gross=gbp("36.00"),
    coupons=(UsedCoupon(text="ref-alice10", discount=gbp("4.00")),),
)


def test_cash_on_delivery_is_paid_only_when_it_is_completed(walk: Walk, kind: str) -> None:
    outcome = walk.report(UNPAID_37)
    assert (outcome.result, outcome.reasons) == ("created", ("not_paid",))
    assert walk.step() == ([], [])

    paid = at("2026-11-22T09:40:00")
    walk.report(later(UNPAID_37, 313, paid=paid))
    reward = 360 if kind == "share" else 500
    assert walk.step() == ([(GRANTED, FRIEND, 400)], [(GRANTED, WAITING, reward)])

    walk.clock.to(at("2026-12-06T09:40:00"))
    walk.work()
    assert walk.step() == ([], [(WAITING, DUE, reward), (DUE, GIVEN, reward)])
    assert walk.booked() == (400, reward)


def test_a_share_is_rounded_down_once(walk: Walk, kind: str) -> None:
    walk.report(an_order(net=gbp("47.25"), gross=gbp("47.25")))
    assert walk.booked()[1] == (472 if kind == "share" else 500)
