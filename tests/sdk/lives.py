"""What may happen to a shop, as strategies: programs, orders' lives, and a counter in trouble."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from goodword import (
    Advocate,
    AnswerLost,
    Budget,
    Campaign,
    Cap,
    Carried,
    CodeVia,
    FollowUp,
    Grant,
    Granted,
    HoldFrom,
    Kind,
    Line,
    Money,
    Order,
    Per,
    Period,
    Program,
    Refund,
    RefundedLine,
    Repeats,
    Rung,
    TakenBack,
    Terms,
    Tier,
    TillDown,
    TillRefused,
    Within,
    amount_off,
    free_product,
    free_shipping,
    money,
    percent_off,
    points,
    share_of_order,
    store_credit,
)
from goodword import again as again_later
from goodword import done as done_now
from goodword import never as never_more
from goodword import unknown as not_known
from goodword.platforms import Unreadable
from tests.sdk.builders import START, gbp

NAMES: Final = ("friends", "partners")
ADVOCATES: Final = (
    Advocate(id="c-1", name="Mei Chen", email="mei@shop.example", phone="+886912345678"),
    Advocate(id="c-2", name="Chen Mei", email="chen@shop.example"),
    Advocate(id="c-3", name="Ann Lee", email=None, phone="+886922222222"),
)
EMAILS: Final = ("bob@friend.example", "eve@friend.example", "mei+x@shop.example")
PHONES: Final = (None, "+886 912345678", "+886 933333333")
ACCOUNTS: Final = (None, "c-2", "f-9")
ORDERS: Final = ("1", "2", "3", "4", "5", "6")
IN_TWD: Final = "6"

# Each of a kind of its own: a program's amounts are all of one kind.
AMOUNTS: Final = (
    (share_of_order(10), amount_off("5.00", "GBP"), amount_off("9.00", "GBP")),
    (share_of_order(20, as_=Kind.COMMISSION), share_of_order(5, as_=Kind.COMMISSION)),
    (store_credit("4.00", "GBP"), share_of_order("12.5", as_=Kind.STORE_CREDIT)),
    (points(50), points(80)),
)
IN_KIND: Final = (percent_off(15), free_shipping(), free_product("p-1"))


def rarely(*values: Any) -> st.SearchStrategy[Any]:
    """None twice as often as anything else."""
    return st.sampled_from([*[None] * 3 * len(values), *values])


terms = st.builds(
    Terms,
    grace_days=st.sampled_from([3, 0, 10]),
    hold_days=st.sampled_from([14, 0, 1]),
    hold_from=st.sampled_from([HoldFrom.PAID] * 4 + [HoldFrom.FULFILLED]),
    minimum=rarely(gbp("40.00")),
    first_order_only=st.sampled_from([False] * 4 + [True]),
    new_customer_only=st.sampled_from([False] * 5 + [True]),
    without_products=st.sampled_from([(), (), ("p-2",)]),
    countries=st.sampled_from([(), (), ("TW",)]),
    caps=st.lists(
        st.builds(
            Cap,
            most=st.integers(1, 2),
            per=st.sampled_from(Per),
            every=st.sampled_from([Period.EVER, Period.DAY, Period.WEEK, Period.MONTH]),
        ),
        max_size=2,
        unique_by=lambda cap: (cap.per, cap.every),
    ).map(tuple),
    budget=rarely(*(Budget(most=gbp("12.00"), every=every) for every in (Period.EVER, Period.DAY))),
    repeats=rarely(Repeats(), Repeats(orders=2), Repeats(orders=3, days=20)),
    proportional=st.booleans(),
    claim_days=st.sampled_from([30, 2]),
    reward_days=rarely(5, 30),
    bond_days=rarely(10),
    rungs_off=st.sampled_from([(), (), (), (Rung.COUPON,), (Rung.VISIT, Rung.NAME)]),
    within_rung=st.sampled_from(Within),
    code_beats_bond=st.sampled_from([False, False, True]),
)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Draw a program; a few contradict themselves."""
    amounts = draw(st.sampled_from(AMOUNTS))
    worths = st.sampled_from([*amounts, *amounts, *IN_KIND])
    starts = START + timedelta(days=draw(st.integers(-5, 30)))
    dated = Campaign(
        name="days", starts=starts, ends=starts + timedelta(days=7), reward=draw(worths)
    )
    return Program(
        name=draw(st.sampled_from(NAMES)),
        title="Tell a friend",
        offer=draw(st.sampled_from([percent_off(10), amount_off("5", "GBP"), free_shipping()])),
        reward=draw(worths),
        terms=draw(terms),
        tiers=draw(rarely((Tier(start=2, reward=draw(worths)),))) or (),
        campaigns=draw(rarely((dated,))) or (),
        priority=draw(st.sampled_from([0, 0, 5])),
        ends=draw(rarely(None, None, START + timedelta(days=25))),
    )


# The life of an order.


def in_unit(order: str, amount: str) -> Money:
    return money(amount, "TWD" if order == IN_TWD else "GBP")


def refunds_of(order: str) -> tuple[Refund, ...]:
    """Return all refunds that the order can ever have: one id, one refund."""
    return (
        Refund(id="r-1", gross=in_unit(order, "30"), lines=(_back(order, "1", "30"),)),
        Refund(id="r-2", gross=in_unit(order, "10")),
        Refund(id="r-3", gross=in_unit(order, "5"), lines=()),
        Refund(id="r-4", gross=in_unit(order, "20"), lines=(_back(order, "2", "20"),)),
        Refund(id="r-5", gross=in_unit(order, "36")),
    )


def _back(order: str, line: str, net: str) -> RefundedLine:
    return RefundedLine(line=line, net=in_unit(order, net))


@dataclass(frozen=True)
class Written:
    """One state of an order, before a shop's own codes, visits and coupons are filled in."""

    net: str
    paid: bool
    cancelled: bool
    disputed: bool
    refunded: bool
    fulfilled: bool
    coupons: tuple[tuple[str, int], ...]
    """``shared``, ``foreign``, ``gift`` or ``reward``, and which."""
    code: int | None
    code_via: CodeVia
    visit: int | None
    landing: int | None
    customer: str | None
    email: int
    named: str | None
    named_hint: str | None
    country: str | None
    refunds: tuple[int, ...]


which = st.integers(0, 3)
at_times = st.sampled_from([False] * 9 + [True])
coupons = st.lists(
    st.tuples(st.sampled_from(["shared"] * 4 + ["gift", "reward", "reward", "foreign"]), which),
    max_size=2,
    unique=True,
).map(tuple) | st.just((("shared", 0),))
written = st.builds(
    Written,
    net=st.sampled_from(["80", "80", "80", "50", "36", "0"]),
    paid=st.sampled_from([True] * 5 + [False]),
    cancelled=at_times,
    disputed=at_times,
    refunded=st.sampled_from([False] * 14 + [True]),
    fulfilled=st.booleans(),
    coupons=coupons,
    code=rarely(0, 1, 2),
    code_via=st.sampled_from(CodeVia),
    visit=rarely(0, 1, 2),
    landing=rarely(0, 1),
    customer=st.sampled_from([None] * 5 + ["c-2", "f-9"]),
    email=st.sampled_from([0, 0, 0, 1, 1, 1, 2]),
    named=rarely("Mei Chen", "ann lee"),
    named_hint=rarely("mei@shop.example"),
    country=st.sampled_from(["TW"] * 5 + ["DE", None]),
    refunds=st.just(()) | st.lists(st.integers(0, 4), max_size=2, unique=True).map(tuple),
)


# A shop's counter.


@dataclass
class Made:
    """A coupon as the shop has it."""

    minor: int
    expires: datetime | None
    used: bool = False


@dataclass
class Counter:
    """One shop's counter: loses calls and answers as it is told, and keeps what it made."""

    shop: str
    troubles: list[str] = field(default_factory=list)
    coupons: dict[str, Made] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    orders: dict[str, Order] = field(default_factory=dict)

    def buy(self, order: Order) -> None:
        """An order stands as told here: what it was bought with is used, and all else free."""
        self.orders[order.id] = order
        standing = [one for one in self.orders.values() if one.cancelled is None]
        spent = {coupon.text for one in standing for coupon in one.coupons}
        for text, made in self.coupons.items():
            made.used = text in spent

    def usable(self, order: str, at: datetime) -> list[str]:
        """Return the rewards that an order may be bought with, the oldest first."""
        mine = (
            {coupon.text for coupon in self.orders[order].coupons} if order in self.orders else ()
        )
        return [
            text
            for text, made in self.coupons.items()
            if text.startswith("thanks-") and (text in mine or self._is_good(made, at))
        ]

    def _is_good(self, made: Made, at: datetime) -> bool:
        alive = made.expires is None or at < made.expires
        return made.minor > 0 and alive and not made.used

    def order(self, id: str) -> Order | None:
        raise NotImplementedError

    def orders_since(self, moment: datetime) -> Iterator[Order | Unreadable]:
        raise NotImplementedError

    def earlier_orders(self, order: Order) -> int | None:
        raise NotImplementedError

    def grant(self, grant: Grant) -> Granted:
        with self._in_trouble():
            if grant.text in self.coupons:
                self.faults.append(f"{grant.text} was made twice")
            self.coupons[grant.text] = Made(
                grant.worth.amount.minor if grant.worth.amount else 1, grant.expires
            )
        return Granted(grant=grant.id, text=grant.text, remote=grant.text)

    def look(self, grant: Grant) -> Granted | None:
        made = self.coupons.get(grant.text)
        if made is None:
            return None
        return Granted(grant=grant.id, text=grant.text, remote=grant.text, used=made.used)

    def take_back(self, granted: Granted, left: Money | None) -> TakenBack:
        with self._in_trouble():
            made = self.coupons[granted.text]
            after = left.minor if left else 0
            if after > made.minor:
                self.faults.append(f"{granted.text} was made larger")
            if not made.used:
                made.minor = after
        return TakenBack(done=not made.used)

    @contextmanager
    def _in_trouble(self) -> Iterator[None]:
        trouble = self.troubles.pop(0) if self.troubles else "none"
        said = {"shop": self.shop, "what": trouble}
        if trouble == "down":
            raise TillDown(**said)
        if trouble == "refused":
            raise TillRefused(**said)
        if trouble == "lost before":
            raise AnswerLost(**said)
        if trouble == "broken":
            raise RuntimeError(trouble)
        yield
        if trouble == "lost after":
            raise AnswerLost(**said)


TROUBLES: Final = ("none", "none", "down", "refused", "lost before", "lost after", "broken")


@dataclass
class Mail:
    """Says thanks, unless it is told to fail."""

    troubles: list[str] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)

    def carry(self, deed: FollowUp) -> Carried:
        match self.troubles.pop(0) if self.troubles else "none":
            case "down":
                return again_later("down")
            case "refused":
                return never_more("refused")
            case "lost before":
                return not_known("lost")
            case "broken":
                raise RuntimeError("broken")
        self.said.append((deed.shop, deed.subject))
        return done_now()


def lines_of(order: str, net: str) -> tuple[Line, ...]:
    """Two lines, of which one may be excluded, that add up."""
    first = min(30, int(net))
    return (
        Line(id="1", net=in_unit(order, str(first)), product="p-1"),
        Line(id="2", net=in_unit(order, str(int(net) - first)), product="p-2"),
    )
