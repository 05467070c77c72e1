"""Whole lives over HTTP, in two shops at once of which one lags behind.

Install, code, click, order, paid, hold, store credit, partial refund, claw-back, redact, uninstall,
reinstall: however the deliveries come, and whether they come.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import cycle
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest

from goodword import Kind, State, share_of_order
from goodword.errors import UnknownPerson
from goodword_shopify.standin import Bought, order
from goodword_shopify.standin.deliveries import Sent, of_order
from goodword_shopify.standin.orders import Till as Counts
from tests.server.apps.conftest import Admin
from tests.server.builders import PHONE, client_of
from tests.server.streets import EUR, JPY, TWD, Place, Street

pytestmark = pytest.mark.slow

WAYS: Final = (
    *("once", "twice", "at once eight times", "the newest first", "with all before it"),
    *("with another shop's name, too", "never"),
)


@dataclass(frozen=True, slots=True)
class Worth:
    """What an order costs, and what it earns in store credit."""

    counts: Counts
    price: str
    earned: str
    after: str
    """What is left of it once half came back."""
    twice: str
    """What a second order makes of that."""


# 110.00 with 10 % in it: a tenth of 100.00.  ¥1,000 and NT$1,000 without tax: a tenth of those.
IN_EUR: Final = Worth(EUR, "110.00", "10.0", "5.0", "15.0")
IN_JPY: Final = Worth(JPY, "1000", "100.0", "50.0", "150.0")
IN_TWD: Final = Worth(TWD, "1000", "100.0", "50.0", "150.0")
PAIRS: Final = ((IN_EUR, IN_JPY), (IN_TWD, IN_EUR))


@dataclass
class Journey:
    """One shop's life, a step at a time, and how its deliveries come."""

    admin: Admin
    name: str
    worth: Worth
    way: str
    other: str
    """The domain of the other shop."""
    waiting: list[Sent] = field(default_factory=list)
    before: list[Sent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.domain = f"{self.name}.myshopify.com"
        self.shop = self.admin.standin.open(self.domain, self.worth.counts)
        self.street = Street(self.admin.house, self.admin.standin, self.admin.clock)
        self.place = Place(self.street, self.name, self.shop, client_of(self.admin.house))

    def steps(self) -> Iterator[None]:
        assert self.admin.open(self.domain).status_code == 200
        yield
        self.place.invite(share_of_order(10, as_=Kind.STORE_CREDIT))
        visit = self.click()
        yield
        self.bought = self.buy(visit, "friend@example.com")
        self.tell("orders/create", self.bought)
        yield
        self.arrive()
        self.is_so(State.PENDING, credits=[])
        self.pay(self.bought)
        self.tell("orders/paid", self.bought)
        self.tell("orders/updated", self.bought)
        yield
        self.arrive()
        self.is_so(State.QUALIFIED, credits=[])
        self.admin.on(days=15)
        yield
        self.admin.work()
        self.is_so(State.REWARDED, credits=[self.worth.earned])
        self.give_half_back()
        yield
        self.arrive()
        self.is_so(State.REWARDED, credits=[self.worth.after], given=1, taken=1)
        yield from self.is_left()

    def is_left(self) -> Iterator[None]:
        assert self.place.referrals.people.export("friend@example.com")["people"]
        customer = {"id": 7, "email": "friend@example.com", "phone": None}
        self.send(self.place.by_law("customers/redact", customer=customer))
        yield
        self.arrive(always=True)
        with pytest.raises(UnknownPerson):
            self.place.referrals.people.export("friend@example.com")
        self.is_so(State.REWARDED, credits=[self.worth.after], given=1, taken=1)
        visit = self.click()
        self.send(self.place.uninstall())
        yield
        self.arrive()
        # Nobody hears of this one.
        self.pay(self.buy(visit, "second@example.com"))
        self.admin.on(hours=2)
        yield
        assert self.admin.open(self.domain).status_code == 200
        yield
        self.street.catch_up(self.name)
        self.admin.on(days=15)
        self.admin.work()
        self.is_so(State.REWARDED, credits=[self.worth.twice], given=2, taken=1)
        self.give_half_back()
        yield
        self.arrive()
        self.is_so(State.REVERSED, credits=[self.worth.earned], given=2, taken=2)

    # What happens

    def click(self) -> str:
        answer = self.place.client.get(
            f"/{self.name}/r/MEI12345?to=/tea", headers={"User-Agent": PHONE}
        )
        query = parse_qs(urlsplit(answer.headers["Location"]).query)
        assert query["ref"] == ["MEI12345"]
        return query["gw"][0]

    def buy(self, visit: str, email: str) -> dict[str, Any]:
        """Order as somebody does whose cart carries what their link led them here with."""
        notes = [
            {"key": "_goodword_code", "value": "MEI12345"},
            {"key": "_goodword_visit", "value": visit},
        ]
        made = order(
            self.shop.new_id("Order"),
            self.shop.till,
            [Bought(price=self.worth.price, tax="10")],
            at=self.now(1),
            financial="PENDING",
            email=email,
            customAttributes=notes,
        )
        return self.shop.place(made)

    def pay(self, told: dict[str, Any]) -> None:
        self.place.pay(told)
        told["updatedAt"] = self.now(2)

    def give_half_back(self) -> None:
        half = Decimal(self.bought["totalPriceSet"]["shopMoney"]["amount"]) / 2
        self.place.give_back(self.bought, str(half), discrepancy=str(-half))
        self.tell("refunds/create", self.bought)
        self.tell("orders/updated", self.bought)

    def now(self, later: int) -> str:
        return (self.admin.standin.clock.now() + timedelta(seconds=later)).isoformat()

    # What is told of it

    def tell(self, topic: str, told: dict[str, Any]) -> None:
        self.send(of_order(topic, self.domain, told))

    def send(self, what: Sent) -> None:
        self.waiting.append(what)

    def arrive(self, *, always: bool = False) -> None:
        """Let what was sent arrive, one way or another, and be read."""
        sent, self.waiting = self.waiting, []
        if self.way != "never" or always:
            for what in self._as_it_comes(sent):
                self._deliver(what)
        else:
            self.admin.on(hours=2)
        self.before += sent
        self.street.catch_up(self.name)

    def _as_it_comes(self, sent: list[Sent]) -> list[Sent]:
        match self.way:
            case "twice":
                return [*sent, *sent]
            case "the newest first":
                return sent[::-1]
            case "with all before it":
                return [*sent, *self.before]
            case _:
                return sent

    def _deliver(self, what: Sent) -> None:
        times = 8 if self.way == "at once eight times" else 1
        clients = [client_of(self.admin.house) for _ in range(times)]

        def post(client: Any) -> int:
            headers = dict(what.headers)
            answer = client.post("/hooks/shopify/app", data=what.body, headers=headers)
            return int(answer.status_code)

        with ThreadPoolExecutor(times) as threads:
            assert set(threads.map(post, clients)) == {200}
        if self.way == "with another shop's name, too":
            headers = {**what.headers, "X-Shopify-Shop-Domain": self.other}
            self.place.client.post("/hooks/shopify/app", data=what.body, headers=headers)

    # What comes of it

    def is_so(
        self, state: State, *, credits: list[str], given: int | None = None, taken: int = 0
    ) -> None:
        """Hold referral, account, and the number of times that anything was given and taken."""
        assert self.place.state(self.bought) is state
        assert self.place.credits() == credits
        rows = [
            row["__typename"].removeprefix("StoreCreditAccount").removesuffix("Transaction")
            for account in self.shop.credit.by_id.values()
            for row in account["transactions"]
        ]
        wanted = len(credits) if given is None else given
        assert (rows.count("Credit"), rows.count("Debit")) == (wanted, taken)


@pytest.mark.parametrize(
    ("way", "ahead", "behind"),
    # Each way with one pair, each pair in some of the ways.
    [(way, *pair) for way, pair in zip(WAYS, cycle(PAIRS), strict=False)],
    ids=WAYS,
)
def test_two_shops_live_through_everything_and_never_meet(
    admin: Admin, way: str, ahead: Worth, behind: Worth
) -> None:
    tea, bean = "tea-house", "bean-street"
    first = Journey(admin, tea, ahead, way, f"{bean}.myshopify.com")
    second = Journey(admin, bean, behind, way, f"{tea}.myshopify.com")
    steps = [first.steps(), second.steps()]
    # One is three steps ahead, so that nothing happens in both at one time.
    for _ in range(3):
        next(steps[0])
    while steps:
        steps = [one for one in steps if next(one, "over") is None]
    for one in (first, second):
        # Each shop's book is of its own orders alone.
        explained = one.place.referrals.credit.explain(one.place.id(one.bought))
        assert {entry.worth.unit for entry in explained.entries} == {one.worth.counts.currency}
