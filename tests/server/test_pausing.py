"""A program's life over HTTP with a pause in it, in a Shopify and in a WooCommerce shop.

Saved with flags, a code, other flags, the code changed; paused, the code off and the page kind;
resumed, the code on; an order that earns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.test import Client

from goodword import State
from goodword_server.house import House
from goodword_server.joining.leaving import Coupons, leave
from goodword_server.storage.keys import KeyScope
from goodword_server.worker import Worker
from goodword_woocommerce.standin import StandIn, paid_37
from tests.sdk.builders import Clock
from tests.server.builders import PHONE, SHOP, Place, client_of
from tests.server.following import Page
from tests.server.gifts import BOB, Friend, coupon_on
from tests.server.streets import EUR, Street

pytestmark = pytest.mark.slow

PROGRAM = {
    "title": "Give 10%, get 5",
    "offer": {"kind": "percent_off", "percent": "10"},
    "reward": {"kind": "commission", "percent": "10", "of_order": True},
}
MEI = {"advocate": {"id": "c-1", "name": "Mei", "email": "mei@example.com"}, "code": "MEI12345"}


@dataclass
class Life:
    """One shop, its API, and a friend's browser."""

    house: House
    client: Client
    friend: Friend
    key: str
    version: int = 0

    def ask(self, method: str, path: str, status: int = 200, **given: Any) -> Any:
        bearer = {"Authorization": f"Bearer {self.key}"}
        answer = self.client.open(f"/v1{path}", method=method, headers=bearer, **given)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_json()

    def says(self, *beside: str) -> None:
        """Save the program: its coupons go with these other discounts."""
        saved = self.ask(
            "PUT", "/programs/friends", json={**PROGRAM, "combines_with": list(beside)}
        )
        assert saved.get("combines_with") == list(beside)
        self.work()

    def begin(self, *beside: str) -> str:
        """Save the program, invite Mei, and let a friend take the gift; return its coupon."""
        self.says(*beside)
        self.ask("POST", "/programs/friends/advocates", json=MEI)
        assert self.friend.take(code="MEI12345").status_code == 303
        self.work()
        coupon = coupon_on(self.friend.open("MEI12345"))
        assert coupon is not None
        return coupon

    def pause(self) -> None:
        self.ask("POST", "/programs/friends/pause")
        self.work()

    def resume(self) -> None:
        assert "paused" not in self.ask("POST", "/programs/friends/resumption")
        self.work()

    def promises_nothing(self) -> None:
        """Whoever comes while the program rests is told so, and the friend who came before."""
        visit = self.visit_on(self.friend)
        assert visit is not None
        new = Friend(client_of(self.house))
        for page in (self.friend, new, replace(new, language="zh-TW")):
            answer = page.open("MEI12345")
            assert (answer.status_code, coupon_on(answer)) == (200, None)
            assert Page(answer).of("form") == []
            assert ("resting" in answer.text) is (page.language == "en")
            assert ("休息" in answer.text) is (page.language != "en")
        # What the friend's browser keeps from before travels on, and nothing new does.
        assert (self.visit_on(self.friend), self.visit_on(new)) == (visit, None)
        # A form from before is led back to the page that says so.
        assert self.friend.send("ann@friend.example", "MEI12345").status_code == 303
        claim = {"code": "MEI12345", "email": "ann@friend.example"}
        problem = self.ask("POST", "/claims", 409, json=claim)
        assert (problem["reason"], problem["status"]) == ("program_paused", 409)
        assert self.ask("GET", "/codes/MEI12345/offer")["state"] == "paused"
        asked = {"key": self.house.new_key(SHOP, KeyScope.PUBLISHABLE), "code": "MEI12345"}
        sheet = self.client.get(f"/{SHOP}/widget.json", query_string=asked).get_json()
        assert (sheet["state"], sheet["code"]) == ("paused", "MEI12345")
        # Whoever brings no code is offered no program that rests.
        asked["code"] = ""
        assert (
            self.client.get(f"/{SHOP}/widget.json", query_string=asked).get_json()["days"] is None
        )
        way = self.client.get(f"/{SHOP}/r/MEI12345", headers={"User-Agent": PHONE})
        assert (way.status_code, "gw=" in way.headers["Location"]) == (302, False)

    def visit_on(self, friend: Friend) -> str | None:
        """The visit that the page's button leads to the shop with."""
        (way,) = [
            one["href"] for one in Page(friend.open("MEI12345")).of("a") if one.get("class") == "go"
        ]
        found = re.search("gw(?:=|%3D)([0-9a-f]+)", str(way))
        return found[1] if found else None

    def work(self) -> None:
        worker = Worker(self.house)
        while worker.once():
            pass


def a_life(house: House, client: Client) -> Life:
    return Life(house, client, Friend(client), house.new_key(SHOP))


@pytest.mark.parametrize("pooled", ["", "pooled"], ids=["a discount each", "one discount"])
def test_a_shopify_programs_life(street: Street, pooled: str) -> None:
    tea = street.open(SHOP, EUR, friend_codes=pooled)
    life = a_life(street.house, tea.client)
    coupon = life.begin("order")

    def stands() -> tuple[list[str], str]:
        found = tea.shop.discounts.find(coupon)
        assert found is not None
        told = found["codeDiscount"]
        beside = [flag for flag, is_so in told["combinesWith"].items() if is_so]
        return beside, told["status"]()

    def ends() -> str:
        found = tea.shop.discounts.find(coupon)
        assert found is not None
        return str(found["codeDiscount"]["endsAt"])

    until = ends()
    assert stands() == (["orderDiscounts"], "ACTIVE")
    life.says("product", "shipping")
    assert stands() == (["productDiscounts", "shippingDiscounts"], "ACTIVE")
    assert ends() == until
    street.on(minutes=1)
    life.pause()
    assert stands()[1] == "EXPIRED"
    life.promises_nothing()
    # What is saved while it rests reaches the code, which rests on.
    life.says()
    assert stands() == ([], "EXPIRED")
    street.on(days=2)
    life.resume()
    assert (stands(), ends()) == (([], "ACTIVE"), until)
    assert coupon_on(life.friend.open("MEI12345")) == coupon
    told = tea.sell("110.00", "11.00", code=coupon.upper())
    tea.shop.discounts.use(coupon)
    tea.tell("orders/paid", told)
    life.work()
    assert tea.state(told) is State.QUALIFIED


def test_a_woocommerce_programs_life(shop: Place, standin: StandIn, clock: Clock) -> None:
    life = a_life(shop.house, shop.client)
    coupon = life.begin("order")

    def stands() -> tuple[bool, str]:
        (found,) = standin.shop.coupons.by_id.values()
        return found["individual_use"], found["date_expires_gmt"]

    alone, until = stands()
    assert not alone
    life.says("shipping")
    assert stands() == (True, until)
    clock.on(minutes=1)
    life.pause()
    assert stands() == (True, "2000-01-01T00:00:00")
    life.promises_nothing()
    life.says("product")
    assert stands() == (False, "2000-01-01T00:00:00")
    clock.on(minutes=1)
    life.resume()
    assert stands() == (False, until)
    order = an_order(coupon, datetime(2026, 11, 22, 9, 40, tzinfo=UTC))
    standin.shop.show(order)
    clock.to(datetime(2026, 11, 22, 9, 41, tzinfo=UTC))
    assert shop.deliver(order) == 200
    life.work()
    told = life.ask("GET", "/orders/37/explanation")
    assert told["referral"]["state"] == "qualified"


def test_an_order_placed_while_it_rests_by_whoever_came_before_counts(
    shop: Place, standin: StandIn, clock: Clock
) -> None:
    life = a_life(shop.house, shop.client)
    coupon = life.begin()
    clock.on(minutes=1)
    life.pause()
    clock.to(datetime(2026, 11, 22, 9, 41, tzinfo=UTC))
    order = an_order(coupon, datetime(2026, 11, 22, 9, 40, tzinfo=UTC))
    standin.shop.show(order)
    assert shop.deliver(order) == 200
    life.work()
    assert life.ask("GET", "/orders/37/explanation")["referral"]["state"] == "qualified"


@pytest.mark.parametrize("choice", list(Coupons))
def test_who_leaves_while_a_program_rests_leaves_it_so(
    shop: Place, standin: StandIn, clock: Clock, choice: Coupons
) -> None:
    life = a_life(shop.house, shop.client)
    life.begin()
    life.pause()
    leave(shop.house, SHOP, choice)
    life.work()
    life.ask("POST", "/programs/friends/resumption")
    clock.on(days=1)
    life.work()
    (found,) = standin.shop.coupons.by_id.values()
    # Nothing opens the shop any more: who wants them on again connects it anew.
    assert found["date_expires_gmt"] == "2000-01-01T00:00:00"


def test_who_pauses_and_leaves_at_once_leaves_nothing_that_is_on(
    shop: Place, standin: StandIn
) -> None:
    life = a_life(shop.house, shop.client)
    life.begin()
    life.ask("POST", "/programs/friends/pause")
    leave(shop.house, SHOP, Coupons.DISABLE)
    life.work()
    (found,) = standin.shop.coupons.by_id.values()
    assert found["date_expires_gmt"] == "2000-01-01T00:00:00"


def an_order(coupon: str, at: datetime) -> Any:
    """Bob's order with his coupon."""
    local, gmt = "2026-11-22T04:40:00", f"{at:%Y-%m-%dT%H:%M:%S}"
    line: Sequence[Any] = [
        {"id": 9, "code": coupon, "discount": "8.00", "discount_tax": "0.00", "meta_data": []}
    ]
    billing = {**paid_37().json["billing"], "email": BOB}
    return paid_37(
        at,
        date_created=local,
        date_created_gmt=gmt,
        coupon_lines=line,
        billing=billing,
        meta_data=[],
    )
