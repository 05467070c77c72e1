"""Order 17 in many shops at once: each kind of reward meets each change of the order.

What should come out is worked out by `oracle`, which knows none of our rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import count
from typing import Any

from goodword import (
    Kind,
    Line,
    Order,
    Referrals,
    Refund,
    RefundedLine,
    RewardState,
    Standing,
    State,
    Terms,
    TillCarrier,
    Worth,
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
from tests.sdk import oracle
from tests.sdk.builders import (
    PLACED,
    Street,
    a_program,
    a_shop_with,
    an_order,
    gbp,
    reward_of,
    totals,
)
from tests.sdk.oracle import Promise
from tests.sdk.tills import Coupons

DISCOUNT = 800
MINIMUM = gbp("40.00")


def promise(reward: Worth, **numbers: Any) -> Promise:
    return Promise(reward=reward, minimum=MINIMUM.minor, **numbers)


KINDS = {
    "a share as amount off": promise(share_of_order("12.5"), share=Fraction(1, 8)),
    "a share as store credit": promise(
        share_of_order("7", as_=Kind.STORE_CREDIT), share=Fraction(7, 100)
    ),
    "a fixed amount off": promise(amount_off("5.00", "GBP"), fixed=500),
    "a proportional amount": promise(amount_off("5.00", "GBP"), fixed=500, proportional=True),
    "fixed store credit": promise(store_credit("3.33", "GBP"), fixed=333),
    "a gift card": promise(gift_card("10.00", "GBP"), fixed=1000),
    "percent off": promise(percent_off(15), fixed=1, unit="piece:percent_off"),
    "free shipping": promise(free_shipping(), fixed=1, unit="piece:free_shipping"),
    "a free product": promise(free_product("p-1"), fixed=1, unit="piece:free_product"),
    "points": promise(points(250), fixed=250, unit="points"),
    "proportional points": promise(points(250), fixed=250, unit="points", proportional=True),
}
COMMISSIONS = {
    "a share as commission": promise(
        share_of_order("10", as_=Kind.COMMISSION), share=Fraction(1, 10)
    ),
    "a fixed commission": promise(commission("5.00", "GBP"), fixed=500),
}

ALL_KINDS = KINDS | COMMISSIONS
SOME = ("a share as amount off", "proportional points", "a share as commission")
SOME_KINDS = {kind: ALL_KINDS[kind] for kind in SOME}

# Goods of 72.00 and shipping of 6.00, both with a fifth of tax on top.
WHOLE = an_order(
    gross=gbp("93.60"),
    lines=(Line(id="4", net=gbp("40.00")), Line(id="5", net=gbp("32.00"))),
)
BY_LINE = Refund(id="r1", gross=gbp("12.00"), lines=(RefundedLine(line="5", net=gbp("10.00")),))
BY_AMOUNT = Refund(id="r2", gross=gbp("11.11"))
SHIPPING = Refund(id="r3", gross=gbp("7.20"), lines=())
MUCH = Refund(id="r4", gross=gbp("50.00"))
ALL = Refund(id="r5", gross=gbp("93.60"))
MORE_THAN_GOODS = Refund(
    id="r6", gross=gbp("90.00"), lines=(RefundedLine(line="4", net=gbp("75.00")),)
)
DELETED = "deleted"

Step = dict[str, Any] | Refund | str
CHANGED = PLACED + timedelta(days=1)
EVENTS: dict[str, Sequence[Step]] = {
    "nothing": [],
    "refunded by line": [{"refunds": (BY_LINE,)}],
    "refunded by amount": [{"refunds": (BY_AMOUNT,)}],
    "refunded alone": [BY_LINE, BY_AMOUNT, BY_LINE],
    "refunded several times": [
        {"refunds": (BY_LINE,)},
        {"refunds": (BY_LINE, BY_AMOUNT)},
        {"refunds": (BY_LINE, BY_AMOUNT, SHIPPING)},
    ],
    "shipping refunded": [{"refunds": (SHIPPING,)}],
    "refunded below the minimum": [{"refunds": (MUCH,)}],
    "refunded more than the goods": [{"refunds": (MORE_THAN_GOODS,)}],
    "refunded whole": [{"refunds": (ALL,)}],
    "refunded whole in parts": [BY_LINE, SHIPPING, replace(ALL, id="r7", gross=gbp("74.40"))],
    "refunded by the shop's word": [{"refunded": True}],
    "a refund that was a mistake": [{"refunds": (MUCH,)}, {}],
    "edited down": [{"net": gbp("50.00"), "gross": gbp("67.20")}],
    "edited below the minimum": [{"net": gbp("39.99"), "gross": gbp("55.19")}],
    "edited up": [{"net": gbp("100.01"), "gross": gbp("127.21")}],
    "edited down, then up": [{"net": gbp("50.00")}, {"net": gbp("80.00")}],
    "cancelled": [{"cancelled": CHANGED}],
    "cancelled and restored": [{"cancelled": CHANGED}, {}],
    "disputed": [{"disputed": CHANGED}],
    "disputed and refunded": [{"disputed": CHANGED}, {"disputed": CHANGED, "refunds": (ALL,)}],
    "a dispute won": [{"disputed": CHANGED}, {}],
    "a dispute won after a refund": [{"disputed": CHANGED}, {"refunds": (BY_LINE,)}],
    "deleted": [DELETED],
    "deleted and seen again": [DELETED, {}],
}


@dataclass
class Life:
    """Order 17 in a shop of its own, and what became of it."""

    shop: str
    referrals: Referrals
    promised: Promise
    order: Order = WHOLE
    alone: dict[str, Refund] = field(default_factory=dict)
    coupons: Coupons = field(default_factory=Coupons)
    seconds: Iterator[int] = field(default_factory=count)

    def record(self, order: Order) -> Order:
        at = PLACED + timedelta(seconds=next(self.seconds))
        self.order = replace(order, modified=at)
        self.referrals.record_order(self.order)
        return self.order

    def take(self, step: Step, base: Order) -> None:
        if isinstance(step, Refund):
            self.alone[step.id] = step
            self.referrals.record_refund("17", step)
        elif isinstance(step, str):
            told = self.referrals.credit.explain("17").state
            self.order = replace(self.order, cancelled=CHANGED)
            self.referrals.record_order(replace(told, cancelled=CHANGED), confirmed=True)
        else:
            self.record(replace(base, **step))

    def wants(self) -> tuple[int, int]:
        """What should be booked by the newest state: offer and reward."""
        refunds = self.alone | {refund.id: refund for refund in self.order.refunds}
        stands = replace(self.order, refunds=tuple(refunds.values()))
        return oracle.offer_of(stands, DISCOUNT), oracle.reward_of(stands, self.promised)

    def standing(self) -> Standing:
        found = self.referrals.rewards.balance("c-1")
        nothing = Standing(advocate="c-1", unit=self.promised.unit)
        (one,) = found or [nothing]
        assert one.unit == self.promised.unit
        return one

    def where(self) -> tuple[int, int, int, int, int]:
        stands = self.standing()
        return stands.waiting, stands.due, stands.given, stands.spent, stands.owed_back

    def state(self) -> State | None:
        referral = self.referrals.credit.explain("17").referral
        return referral.state if referral else None


def lives(street: Street, promised: Promise) -> dict[str, Life]:
    """A shop for each event, with the promise made."""
    terms = Terms(hold_days=14, minimum=MINIMUM, proportional=promised.proportional)
    begun = {}
    for event in EVENTS:
        referrals = street.open_shop()
        life = Life(street.newest, referrals, promised)
        a_shop_with(life.referrals, a_program(promised.reward, terms=terms))
        begun[event] = life
    return begun


@dataclass
class Stage:
    """All events of one kind at one moment, played side by side."""

    street: Street
    played: dict[str, Life]

    def to(self, at: datetime) -> None:
        self.street.clock.to(at)

    def work(self, *, till: bool = True) -> None:
        counters = {life.shop: life.coupons for life in self.played.values()}
        elsewhere = Coupons()
        carrier = TillCarrier(lambda shop: counters.get(shop, elsewhere))
        self.street.engine.work({"till": carrier} if till else {})

    def paid(self) -> None:
        for life in self.played.values():
            life.record(WHOLE)

    def happen(self, *, till: bool = True, between: bool = True, base: Order = WHOLE) -> None:
        """Let every event happen, one step of each after another."""
        for step in range(max(map(len, EVENTS.values()))):
            for event, life in self.played.items():
                if step < len(EVENTS[event]):
                    life.take(EVENTS[event][step], base)
            if between:
                self.work(till=till)
        self.work(till=till)


UNDONE = {
    *("refunded more than the goods", "refunded whole", "refunded whole in parts"),
    *("refunded by the shop's word", "cancelled", "disputed", "disputed and refunded", "deleted"),
}


def booked(played: dict[str, Life]) -> dict[str, tuple[int, int]]:
    return {event: totals(life.referrals) for event, life in played.items()}


def wanted(played: dict[str, Life]) -> dict[str, tuple[int, int]]:
    return {event: life.wants() for event, life in played.items()}


def stood(played: dict[str, Life]) -> dict[str, tuple[int, int, int, int, int]]:
    return {event: life.where() for event, life in played.items()}


def states(played: dict[str, Life]) -> dict[str, State | None]:
    return {event: life.state() for event, life in played.items()}


def end(event: str, life: Life, good: State) -> State:
    """Where a paid order's referral should stand."""
    if event in UNDONE:
        return State.REVERSED
    if life.wants()[1] > 0:
        return good
    return State.REJECTED if event == "edited below the minimum" else State.REVERSED


def ends(played: dict[str, Life], good: State) -> dict[str, State]:
    return {event: end(event, life, good) for event, life in played.items()}


def reward_state(life: Life) -> RewardState:
    return reward_of(life.referrals).state


def use(life: Life) -> int:
    """Spend the one coupon at the shop; return what it was worth."""
    (text,) = life.coupons.worth
    life.coupons.used.add(text)
    return life.coupons.worth[text]


def beside(wanted: int, spent: int) -> tuple[int, int, int, int, int]:
    """What stands where, once so much was spent: more is given beside, less is a debt."""
    return 0, 0, max(0, wanted - spent), spent, min(0, wanted - spent)
