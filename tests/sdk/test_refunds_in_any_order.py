"""Whatever comes in whatever order, each order ends where its newest state alone would lead.

And the shop's coupons, all together, stand where the book says: given, spent, expired, owed back.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import goodword
from goodword import (
    Account,
    Kind,
    NothingDue,
    Order,
    Part,
    Referrals,
    Refund,
    Terms,
    TillCarrier,
    amount_off,
    commission,
    free_product,
    free_shipping,
    gift_card,
    percent_off,
    points,
    share_of_order,
    store_credit,
)
from goodword.embedded.engine import Engine
from tests.sdk import oracle
from tests.sdk.builders import (
    PLACED,
    Clock,
    Street,
    a_program,
    a_shop_with,
    an_order,
    gbp,
    on,
    totals,
    used,
)
from tests.sdk.oracle import Promise
from tests.sdk.tills import Coupons

pytestmark = pytest.mark.slow

IDS = ("17", "18", "19")
PROMISES = [
    Promise(reward=share_of_order("12.5"), share=Fraction(1, 8)),
    Promise(reward=share_of_order("12.5", as_=Kind.STORE_CREDIT), share=Fraction(1, 8)),
    Promise(reward=amount_off("5.00", "GBP"), fixed=500),
    Promise(reward=amount_off("5.00", "GBP"), fixed=500, proportional=True),
    Promise(reward=gift_card("10.00", "GBP"), fixed=1000),
    Promise(reward=store_credit("3.33", "GBP"), fixed=333, proportional=True),
    Promise(reward=points(250), fixed=250),
    Promise(reward=points(250), fixed=250, proportional=True),
    Promise(reward=percent_off(15), fixed=1),
    Promise(reward=free_shipping(), fixed=1),
    Promise(reward=free_product("p-1"), fixed=1),
    Promise(reward=commission("5.00", "GBP"), fixed=500, proportional=True),
    Promise(reward=share_of_order(10, as_=Kind.COMMISSION), share=Fraction(1, 10)),
]
MINIMUM = gbp("30.00")


@dataclass
class World:
    """One shop with three orders, its counter and its clock."""

    engine: Engine
    clock: Clock
    shop: str
    referrals: Referrals
    coupons: Coupons = field(default_factory=Coupons)
    newest: dict[str, Order] = field(default_factory=dict)
    alone: dict[str, dict[str, Refund]] = field(default_factory=dict)
    told: int = 0

    def report(self, id: str, order: Order) -> None:
        self.told += 1
        order = replace(order, id=id, modified=PLACED + timedelta(seconds=self.told))
        self.newest[id] = order
        self.referrals.record_order(order)

    def refund(self, id: str, refund: Refund) -> None:
        self.alone.setdefault(id, {})[refund.id] = refund
        self.referrals.record_refund(id, refund)

    def work(self, troubles: list[str]) -> None:
        self.coupons.troubles = list(troubles)
        self.coupons.expire(self.clock.at)
        elsewhere = Coupons()
        till = TillCarrier(lambda shop: self.coupons if shop == self.shop else elsewhere)
        self.engine.work({"till": till})
        self.coupons.troubles = []

    def use(self, heard: bool) -> None:
        """Spend a coupon at the checkout; the shop may tell us of it, or not."""
        free = self.coupons.worth.keys() - self.coupons.used - self.coupons.gone
        for text in sorted(text for text in free if self.coupons.worth[text])[:1]:
            self.coupons.used.add(text)
            if heard:
                self.referrals.record_order(an_order(id=f"by-{text}", coupons=used(text)))

    def pay(self) -> None:
        self.told += 1
        with suppress(NothingDue):
            self.referrals.rewards.mark_paid("c-1", reference=f"transfer {self.told}")

    def settle(self) -> None:
        for _ in range(4):
            self.clock.on(days=20)
            self.work([])

    def stands(self, account: Account) -> int:
        entries = [e for id in self.newest for e in self.referrals.credit.explain(id).entries]
        return on([entry for entry in entries if entry.part is Part.REWARD], account)


REFUNDS = (
    Refund(id="r1", gross=gbp("12.00"), lines=(goodword.RefundedLine(line="5", net=gbp("10.00")),)),
    Refund(id="r2", gross=gbp("11.11")),
    Refund(id="r3", gross=gbp("7.20"), lines=()),
    Refund(id="r4", gross=gbp("50.00")),
)
states = st.builds(
    an_order,
    net=st.sampled_from(["72.00", "72.00", "50.00", "29.99", "0.07", "100.01", "0"]).map(gbp),
    gross=st.just(gbp("130.00")),
    paid=st.sampled_from([PLACED, PLACED, PLACED, None]),
    cancelled=st.sampled_from([None, None, None, PLACED]),
    disputed=st.sampled_from([None, None, None, PLACED]),
    refunded=st.sampled_from([False, False, False, True]),
    refunds=st.lists(st.sampled_from(REFUNDS), unique=True, max_size=3).map(tuple),
)
ids = st.sampled_from(IDS)
troubles = st.lists(st.sampled_from(["none", "down", "lost before", "lost after"]), max_size=3)
Step = Callable[[World], None]


def reporting(id: str, order: Order) -> Step:
    return lambda world: world.report(id, order)


def refunding(id: str, refund: Refund) -> Step:
    return lambda world: world.refund(id, refund)


def working(faults: list[str]) -> Step:
    return lambda world: world.work(faults)


def passing(days: int) -> Step:
    return lambda world: world.clock.on(days=days)


def using(heard: bool) -> Step:
    return lambda world: world.use(heard)


steps = st.one_of(
    st.builds(reporting, ids, states),
    st.builds(refunding, ids, st.sampled_from(REFUNDS)),
    st.builds(working, troubles),
    st.builds(passing, st.sampled_from([1, 15, 40])),
    st.builds(using, st.booleans()),
    st.just(World.pay),
)


@settings(max_examples=30)
@given(
    promised=st.sampled_from(PROMISES),
    reward_days=st.sampled_from([None, None, 30]),
    life=st.lists(steps, min_size=3, max_size=20),
)
def test_whatever_comes_the_book_and_the_shop_agree_with_the_newest_states(
    street: Street, promised: Promise, reward_days: int | None, life: list[Step]
) -> None:
    referrals = street.open_shop()
    world = World(street.engine, street.clock, street.newest, referrals)
    promised = replace(promised, minimum=MINIMUM.minor)
    terms = Terms(
        hold_days=14,
        minimum=MINIMUM,
        proportional=promised.proportional,
        reward_days=reward_days,
    )
    a_shop_with(world.referrals, a_program(promised.reward, terms=terms))
    for id in IDS:
        world.report(id, an_order(gross=gbp("130.00")))
    for step in life:
        step(world)
    world.settle()
    check(world, promised)


def check(world: World, promised: Promise) -> None:
    for id, order in world.newest.items():
        refunds = world.alone.get(id, {}) | {refund.id: refund for refund in order.refunds}
        newest = replace(order, refunds=tuple(refunds.values()))
        expected = oracle.offer_of(newest, 800), oracle.reward_of(newest, promised)
        assert totals(world.referrals, id) == expected
    coupons, stands = world.coupons, world.stands
    assert coupons.faults == []
    assert stands(Account.WAITING) == 0
    # Nobody pays more than they owe.
    assert stands(Account.OWED_BACK) <= 0
    if promised.reward.kind is Kind.COMMISSION:
        assert not coupons.worth
        assert stands(Account.SPENT) == stands(Account.EXPIRED) == 0
        world.pay()
        assert stands(Account.DUE) == 0 or stands(Account.OWED_BACK) == 0
        return
    assert stands(Account.DUE) == 0
    # What was used and not told of stands as given until somebody asks.
    assert coupons.spendable() + coupons.spent() == stands(Account.GIVEN) + stands(Account.SPENT)
    assert stands(Account.SPENT) <= coupons.spent()
    if stands(Account.OWED_BACK) < 0:
        assert stands(Account.SPENT) > 0
