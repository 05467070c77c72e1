"""A shop with something on every page of the shell."""

from __future__ import annotations

from dataclasses import replace

from goodword import Outcome, never
from goodword.platforms import Delivery
from goodword_server.storage import inbox
from goodword_server.storage.tables import dispatches
from goodword_server.telling.endpoints import Endpoints
from goodword_server.worker import Worker
from tests.sdk.builders import Saying, alice, an_order, carol, used
from tests.server.builders import Place

REVIEWED = "18"


def fill(place: Place) -> None:
    """Record an order with thanks that cannot be said and one to review; break what can break."""
    carol(place.referrals)
    place.referrals.record_order(an_order(coupons=used("ref-alice10") + used("ref-carol", "1.00")))
    assert review(place).reasons == ("risk_review",)
    place.house.engine.work({"mail": Saying(answers=[never("no such address")])})
    break_a_delivery(place)
    leave_a_letter(place)


def review(place: Place) -> Outcome:
    """Record an order from the advocate's own household: they share a phone."""
    place.referrals.advocates.invite("friends", replace(alice(), phone="0912 345 678"))
    return place.referrals.record_order(an_order(id=REVIEWED, phone="+886912345678"))


def break_a_delivery(place: Place) -> None:
    """Let a delivery arrive that nobody can read."""
    house, shop = place.house, place.connected.installation.shop
    headers = {"content-type": "application/json", "x-wc-webhook-topic": "order.updated"}
    delivery = Delivery(place.connected.path, headers, b"{")
    row = inbox.sealed(house.vault, shop, delivery, house.now())
    house.database.write(lambda session: inbox.add(session, row))
    Worker(house).once()


def leave_a_letter(place: Place) -> None:
    """Let a webhook be one that was given up."""
    house, shop = place.house, place.connected.installation.shop
    added = Endpoints(house, shop).add("https://hooks.example/goodword")
    row = {
        "shop": shop,
        "id": "d-1",
        "endpoint": added.endpoint.id,
        "event": "e-1",
        "state": "dead",
    }
    row |= {"type": "referral.qualified", "body": "{}", "trouble": "no answer"}
    numbers = {"made": 0, "next": 0, "tries": 9, "status": 500}
    with house.database.connect() as connection:
        connection.execute(dispatches.insert(), {**row, **numbers})
        connection.commit()
