"""A shop with something on every page of the shell."""

from __future__ import annotations

from dataclasses import replace

from goodword import Outcome, never
from goodword.platforms import Delivery
from goodword_server.storage import inbox
from goodword_server.worker import Worker
from tests.sdk.builders import Saying, alice, an_order, carol, used
from tests.server.builders import Place

REVIEWED = "18"


def fill(place: Place) -> None:
    """Record an order with thanks that cannot be said, one to review, and a broken delivery."""
    carol(place.referrals)
    place.referrals.record_order(an_order(coupons=used("ref-alice10") + used("ref-carol", "1.00")))
    assert review(place).reasons == ("risk_review",)
    place.house.engine.work({"mail": Saying(answers=[never("no such address")])})
    break_a_delivery(place)


def review(place: Place) -> Outcome:
    """Record an order from the advocate's own household: they share a phone."""
    place.referrals.advocates.invite("friends", replace(alice(), phone="0912 345 678"))
    return place.referrals.record_order(an_order(id=REVIEWED, phone="+886912345678"))


def break_a_delivery(place: Place) -> None:
    """Let a delivery arrive that nobody can read."""
    house, shop = place.house, place.connected.installation.shop
    headers = {"content-type": "application/json", "x-wc-webhook-topic": "order.updated"}
    delivery = Delivery(place.connected.path, headers, b"{")
    house.database.write(lambda s: inbox.add(s, house.vault, shop, delivery, house.now()))
    Worker(house).once()
