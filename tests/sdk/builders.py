"""A small shop for tests: a clock to move, people, programs, orders, and carriers that obey."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any, TypeVar

from goodword import (
    Account,
    Adjusted,
    Advocate,
    Candidate,
    Carried,
    Code,
    Entry,
    FollowUp,
    Granted,
    Money,
    Order,
    Outcome,
    Part,
    Program,
    Referral,
    Referrals,
    Refund,
    RefundedLine,
    Reward,
    RewardState,
    Rung,
    Standing,
    State,
    TakenBack,
    Terms,
    UsedCoupon,
    Worth,
    done,
    money,
    percent_off,
    share_of_order,
)
from goodword.embedded.engine import Engine
from goodword.storage.tables import metadata

T = TypeVar("T")
START = datetime(2026, 11, 22, 9, 20, tzinfo=UTC)
PLACED = datetime(2026, 11, 22, 9, 25, 23, tzinfo=UTC)
DAY, INSTANT = timedelta(days=1), timedelta(microseconds=1)


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


@dataclass
class Street:
    """Many shops on one database and by one clock."""

    engine: Engine
    clock: Clock
    shops: int = 0

    def open_shop(self) -> Referrals:
        """Return a shop that nobody was in before; its day begins anew."""
        self.shops += 1
        self.clock.to(START)
        return self.engine.of(self.newest)

    @property
    def newest(self) -> str:
        """The name of the shop that was opened last."""
        return f"shop-{self.shops}"


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


def carol(referrals: Referrals) -> Code:
    """Invite a second advocate, whose shared coupon is ref-carol."""
    advocate = Advocate(id="c-2", name="Carol", email="carol@shop.example")
    return referrals.advocates.invite("friends", advocate, code="CAROL", coupon="ref-carol")


def used(text: str, discount: str = "8.00") -> tuple[UsedCoupon, ...]:
    """One coupon on an order."""
    return (UsedCoupon(text=text, discount=gbp(discount)),)


def an_order(**changes: Any) -> Order:
    """An order of 72.00 with Alice's coupon, paid as it was placed."""
    order = Order(
        id="17",
        placed=PLACED,
        modified=PLACED,
        paid=PLACED,
        net=gbp("72.00"),
        gross=gbp("72.00"),
        coupons=used("ref-alice10"),
        email="bob@friend.example",
    )
    return replace(order, **changes)


def bare(**changes: Any) -> Order:
    """Bob's order with nothing on it that leads to anybody."""
    return an_order(**({"coupons": ()} | changes))


def a_friends_order(id: str, **changes: Any) -> Order:
    """An order of a friend of its own."""
    return an_order(**{"id": id, "email": f"friend-{id}@friend.example"} | changes)


def later(order: Order, seconds: float = 1, **changes: Any) -> Order:
    """The same order, changed and modified a little later."""
    assert order.modified is not None
    return replace(order, modified=order.modified + timedelta(seconds=seconds), **changes)


# The states of order 17 as they were recorded, and what came back.
ON_HOLD = an_order(paid=None)
PAID = later(ON_HOLD, 2, paid=PLACED + timedelta(seconds=2))
COMPLETED = later(PAID, 4)
REFUND_18 = Refund(
    id="18",
    gross=gbp("36.00"),
    at=PLACED + timedelta(seconds=8),
    lines=(RefundedLine(line="4", net=gbp("36.00")),),
)
REFUND_19 = Refund(id="19", gross=gbp("36.00"), at=PLACED + timedelta(seconds=10))
HALF = later(COMPLETED, 2, refunds=(REFUND_18,))
NOTHING = later(HALF, 3, refunds=(REFUND_18, REFUND_19), refunded=True)

# Order 17 paid as it was placed: when its hold is over, and once half of it was a mistake.
RELEASE = PLACED + timedelta(days=14)
HALVED = later(an_order(), net=gbp("36.00"))


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
        if deed.adjusting is not None:
            return done(adjusted=Adjusted(rests=deed.adjusting.grant.paused))
        return done()


@dataclass
class Saying(Obedient):
    """A carrier that gives the answers it was told, one after another, and then obeys."""

    answers: list[Carried | BaseException] = field(default_factory=list)

    def carry(self, deed: FollowUp) -> Carried:
        obeyed = super().carry(deed)
        answer = self.answers.pop(0) if self.answers else obeyed
        if isinstance(answer, BaseException):
            raise answer
        return answer


def a_candidate(
    rung: Rung = Rung.COUPON, source: str = "coupon:ref-alice10", **changes: Any
) -> Candidate:
    """What leads an order to Alice's code: her shared coupon, unless told otherwise."""
    candidate = Candidate(
        rung=rung, source=source, code="ALICE10", advocate="c-1", program="friends", version=1
    )
    return replace(candidate, **changes)


def on(entries: Iterable[Entry], account: Account) -> int:
    """What stands on an account: what came in minus what went out."""
    return sum(
        entry.worth.minor * ((entry.target is account) - (entry.source is account))
        for entry in entries
    )


def booked(entries: Iterable[Entry], part: Part, advocate: str = "c-1") -> int:
    """The net outflow of the shop's promise for one part."""
    theirs = [one for one in entries if one.part is part and one.advocate == advocate]
    return -on(theirs, Account.GRANTED)


def totals(referrals: Referrals, order: str = "17", advocate: str = "c-1") -> tuple[int, int]:
    """What is booked for an order: offer and reward."""
    entries = referrals.credit.explain(order).entries
    return booked(entries, Part.OFFER, advocate), booked(entries, Part.REWARD, advocate)


def reported(outcome: Outcome) -> Referral:
    """The referral of an outcome that has one."""
    assert outcome.referral is not None
    return outcome.referral


def state_of(referrals: Referrals, order: str = "17") -> State:
    """Where the referral stands that an order has."""
    referral = referrals.credit.explain(order).referral
    assert referral is not None
    return referral.state


def reward_of(referrals: Referrals, advocate: str = "c-1") -> Reward:
    """An advocate's one reward."""
    (one,) = referrals.rewards.list(advocate)
    return one


def the_reward(referrals: Referrals, advocate: str = "c-1") -> tuple[RewardState, Money]:
    """Where an advocate's one reward stands."""
    one = reward_of(referrals, advocate)
    return one.state, one.worth


def standing(referrals: Referrals, advocate: str = "c-1") -> Standing:
    """What an advocate has in their one unit."""
    (one,) = referrals.rewards.balance(advocate)
    return one


def every_row(engine: Engine) -> Mapping[str, list[str]]:
    """Everything in our tables, to hold what was before against what is after."""
    with engine.database.connect() as connection:
        return {
            name: sorted(map(repr, connection.exec_driver_sql(f"SELECT * FROM {name}")))
            for name in metadata.tables
        }


def at_once(*calls: Callable[[], T]) -> list[T | Exception]:
    """Make the calls together, in a thread each; return what each gave or raised."""
    together = Barrier(len(calls))

    def outcome(call: Callable[[], T]) -> T | Exception:
        together.wait(30)
        try:
            return call()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(outcome, calls))
