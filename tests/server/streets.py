"""Shopify shops on one server: told by webhook, asked by their own tokens, in their own time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from werkzeug.test import Client

from goodword import Advocate, Program, Referrals, State, Terms, UnknownOrder, percent_off
from goodword.model.worth import Worth
from goodword_server import house as houses
from goodword_server.house import House
from goodword_server.joining.joined import begin_rounds
from goodword_server.storage import rounds
from goodword_server.storage.rounds import Made
from goodword_server.watching import backfill
from goodword_server.watching.backfill import Backfill
from goodword_server.worker import Worker
from goodword_shopify import Shopify
from goodword_shopify.standin import SECRET, Bought, Shop, StandIn, order, refund
from goodword_shopify.standin.deliveries import Sent, example, of_order, sent
from goodword_shopify.standin.orders import Till as Counts
from tests.sdk.builders import START, Clock
from tests.server.builders import client_of

NEXT = "shpss_ffffffffffffffffffffffffffffffff"
MEI = "mei@example.com"
TEN_OFF = percent_off(10)
EUR = Counts(currency="EUR", taxes_included=True)
JPY = Counts(currency="JPY", step=Decimal(1))
TWD = Counts(currency="TWD")


@dataclass
class Place:
    """One connected shop, its counter, and Shopify's side of it."""

    street: Street
    name: str
    shop: Shop
    client: Client
    told: list[dict[str, Any]] = field(default_factory=list)

    @property
    def referrals(self) -> Referrals:
        return self.street.house.referrals(self.name)

    def invite(self, reward: Worth, offer: Worth = TEN_OFF) -> None:
        terms = Terms(window_days=30, hold_days=14)
        program = Program(
            name="friends", title="Give and get", offer=offer, reward=reward, terms=terms
        )
        self.referrals.programs.save(program)
        mei = Advocate(id="c-1", name="Mei", email=MEI)
        self.referrals.advocates.invite("friends", mei, code="MEI12345", coupon="MEI10")
        self.shop.welcome(MEI)

    def sell(self, price: str, off: str, code: str = "MEI10", **told: Any) -> dict[str, Any]:
        at = self.street.standin.clock.now().isoformat()
        line = Bought(price=price, tax="10", off=((code, off),))
        new = self.shop.new_id("Order")
        return self.shop.place(order(new, self.shop.till, [line], at=at, **told))

    def post(self, what: Sent) -> int:
        answer = self.client.post("/hooks/shopify/app", data=what.body, headers=dict(what.headers))
        return answer.status_code

    def tell(self, topic: str, told: dict[str, Any], **headers: str) -> None:
        assert self.post(of_order(topic, self.shop.domain, told, **headers)) == 200

    def pay(self, told: dict[str, Any]) -> None:
        at = (self.street.standin.clock.now() + timedelta(seconds=1)).isoformat()
        told |= {"displayFinancialStatus": "PAID", "updatedAt": at}
        told["transactions"] = [
            {"kind": "SALE", "status": "SUCCESS", "processedAt": at, "createdAt": at}
        ]

    def give_back(self, told: dict[str, Any], amount: str, **lines: Any) -> None:
        at = (self.street.standin.clock.now() + timedelta(seconds=2)).isoformat()
        new = self.shop.new_id("Refund")
        refund(told, self.shop.till, new, at=at, paid_back=amount, **lines)

    def signed(self, topic: str, body: dict[str, Any]) -> Sent:
        """Return anything that Shopify may tell of this shop."""
        return sent(topic, self.shop.domain, body)

    def uninstall(self) -> Sent:
        """Let the owner remove us; return what Shopify tells of it."""
        domain = self.shop.domain
        self.street.standin.doors.shut(domain)
        body = example("app/uninstalled") | {"myshopify_domain": domain}
        at = self.street.standin.clock.now().isoformat()
        return sent("app/uninstalled", domain, body, X_Shopify_Triggered_At=at)

    def by_law(self, topic: str, **told: Any) -> Sent:
        """Return what the law wants told."""
        domain = self.shop.domain
        return sent(topic, domain, example(topic) | {"shop_domain": domain, **told})

    def state(self, told: dict[str, Any]) -> State | None:
        referral = self.referrals.credit.explain(self.id(told)).referral
        return referral.state if referral else None

    def id(self, told: dict[str, Any]) -> str:
        return str(told["id"]).rpartition("/")[2]

    def credits(self) -> list[str]:
        """Return what each account of the shop holds."""
        return [one["balance"]["amount"] for one in self.shop.credit.by_id.values()]


@dataclass
class Street:
    """Shops on one server."""

    house: House
    standin: StandIn
    clock: Clock

    def open(self, name: str, counts: Counts = EUR, **settings: str) -> Place:
        """Let a shop's owner let us in."""
        shop = self.standin.open(f"{name}.myshopify.com", counts)
        self.join(name, **settings)
        return Place(self, name, shop, client_of(self.house))

    def join(self, name: str, **settings: str) -> None:
        """Join a shop, for the first time or anew: its tokens are new each time."""
        joined = self.standin.installation(name, f"{name}.myshopify.com")
        self.house.connect(
            name,
            "shopify",
            joined.url,
            secrets=[SECRET, NEXT],
            credentials=joined.credentials,
            settings=settings,
            along=lambda session: begin_rounds(session, self.house, name, again=True),
        )

    def on(self, **duration: float) -> None:
        self.clock.on(**duration)
        self.standin.clock.to(self.clock())

    def orders_of(self, name: str) -> Made | None:
        """Return how it stands with comparing a shop's orders."""
        return self.house.database.read(lambda session: rounds.of(session, name)).get("orders")

    def backfill(self, name: str = "tea-house") -> Backfill | None:
        """Return how it stands with what a shop sold before it was joined."""
        made = self.orders_of(name)
        return backfill.of(made.notes) if made else None

    def catch_up(self, name: str = "tea-house") -> None:
        """Work until what a shop sold before is known."""
        self.work()
        for _ in range(200):
            made, one = self.orders_of(name), self.backfill(name)
            if made is None:
                return
            if made.done and not backfill.is_open(one) and not made.wanted:
                return
            self.on(minutes=1)
            self.work()
        raise AssertionError(self.backfill(name))

    def work(self) -> None:
        worker = Worker(self.house)
        while worker.once():
            pass


@contextmanager
def a_street(house: House, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Street]:
    """A server whose shops of Shopify's are those of a stand-in."""
    with StandIn() as standin:
        standin.clock.to(START)
        shopify = Shopify(
            now=standin.clock.now,
            clock=lambda: standin.clock.now().timestamp(),
            sleep=standin.clock.sleep,
        )
        monkeypatch.setattr(houses, "platform", {"shopify": shopify}.__getitem__)
        house.platforms = {**house.platforms, "shopify": shopify}
        yield Street(house, standin, clock)
    assert standin.unresolved == []


def before(place: Place, days: float, number: int = 0, **told: Any) -> dict[str, Any]:
    """An order that was placed and paid so long ago, and nobody told of it."""
    at = place.street.clock() - timedelta(days=days) + timedelta(seconds=number)
    line = Bought(price="110.00", tax="10", off=(("MEI10", "11.00"),))
    new = place.shop.new_id("Order")
    return place.shop.place(order(new, place.shop.till, [line], at=at.isoformat(), **told))


def is_known(place: Place, told: dict[str, Any]) -> bool:
    try:
        place.referrals.credit.explain(place.id(told))
    except UnknownOrder:
        return False
    return True
