"""What becomes of the deliveries in the inbox."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import update

from goodword.model.credit import State
from goodword.storage.tables import entries
from goodword_server import reading
from goodword_server.house import House
from goodword_server.storage.tables import inbox
from goodword_woocommerce.standin import recorded, signed
from tests.sdk.builders import Clock, a_shop_with, totals
from tests.server.builders import (
    COMPLETED,
    FIRST_SECRET,
    NEXT_SECRET,
    ON_HOLD,
    PAID,
    Place,
    a_house,
    a_place,
    connect,
    rows,
)
from tests.server.delivering import booked_once, order, read, told

# An order is recorded.


def test_a_delivery_is_recorded(place: Place) -> None:
    assert told(place, PAID) == ["order 17: created"]
    assert totals(place.referrals) == (800, 720)


def test_a_delivery_that_came_twice_is_recorded_once(place: Place) -> None:
    assert told(place, PAID, PAID) == ["order 17: created", "order 17: duplicate"]
    booked_once(place, "17")


def test_an_older_state_after_a_newer_is_ignored(place: Place) -> None:
    assert told(place, COMPLETED, ON_HOLD) == ["order 17: created", "order 17: ignored"]
    assert order(place).paid is not None


def test_what_is_not_an_order_is_read_and_left(place: Place) -> None:
    verdicts = told(place, "coupon-updated", "customer-created-rest", "customer-deleted")
    assert verdicts == ["nothing to record"] * 3


def test_a_signed_error_in_an_orders_place_is_read_and_left(place: Place) -> None:
    assert told(place, "order-created-body-is-error-404") == ["nothing to record"]


def test_an_alarm_of_the_shop_is_logged(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    lost = {"code": "woocommerce_rest_cannot_view", "message": "No.", "data": {"status": 401}}
    (verdict,) = told(place, signed(as_json(lost), "order.updated"))
    assert verdict == "alarm: webhook_owner_lost_rights"
    assert "tea-house: webhook_owner_lost_rights" in caplog.messages


def as_json(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body).encode()


def test_once_read_a_delivery_is_stripped_to_id_hash_and_verdict(place: Place) -> None:
    place.deliver(PAID)
    (before,) = place.inbox()
    read(place)
    (after,) = place.inbox()
    assert (after["id"], after["hash"]) == (before["id"], before["hash"])
    assert (after["headers"], after["body"], after["fence"]) == (None, None, None)
    assert (after["state"], after["verdict"]) == ("read", "order 17: created")


def test_what_was_read_is_swept_after_a_week_and_the_dead_stay(place: Place, clock: Clock) -> None:
    told(place, PAID, signed(b"not json", "order.updated"))
    clock.on(days=6, hours=23)
    assert reading.sweep(place.house) == 0
    clock.on(hours=2)
    assert reading.sweep(place.house) == 1
    assert [row["state"] for row in place.inbox()] == ["dead"]


def test_what_was_never_read_is_never_swept(place: Place, clock: Clock) -> None:
    place.deliver(PAID)
    clock.on(days=30)
    assert reading.sweep(place.house) == 0


# Sealed.


def test_a_secret_that_was_rotated_to_second_place_still_opens(
    place: Place, url: str, clock: Clock
) -> None:
    place.deliver(PAID)
    with a_house(url, clock, secrets=(NEXT_SECRET, FIRST_SECRET)) as later:
        reading.read_all(later)
    assert place.verdicts() == ["order 17: created"]


def test_with_a_secret_that_was_lost_nothing_can_be_opened_and_nothing_is_thrown_away(
    place: Place, url: str, clock: Clock
) -> None:
    place.deliver(PAID)
    with a_house(url, clock, secrets=(NEXT_SECRET,)) as later:
        connect(later)
        reading.read_all(later)
    (row,) = place.inbox()
    assert (row["state"], row["verdict"]) == ("dead", "it cannot be opened")
    assert row["body"] is not None


def test_a_sealed_row_that_was_moved_to_another_shop_does_not_open(house: House) -> None:
    place = a_place(house)
    other = connect(house, "other")
    a_shop_with(house.referrals("other"))
    place.deliver(PAID)
    with house.database.connect() as connection:
        connection.execute(update(inbox).values(shop="other", path=other.path))
        connection.commit()
    read(place)
    assert place.verdicts() == ["it cannot be opened"]
    assert [row["state"] for row in place.inbox()] == ["dead"]


def test_the_referral_that_was_read_is_the_shops_own(house: House) -> None:
    here, there = a_place(house), a_place(house, shop="other")
    there.deliver(PAID)
    read(here)
    assert there.referrals.credit.explain("17").referral is not None
    assert rows(house, entries)[0]["shop"] == "other"
    assert there.referrals.credit.explain("17").referral.state == State.QUALIFIED  # type: ignore[union-attr]


def test_recorded_orders_of_one_batch_stand_in_the_order_of_their_arrival(place: Place) -> None:
    verdicts = told(place, *(recorded(name) for name in (ON_HOLD, PAID, COMPLETED)))
    assert verdicts == ["order 17: created", "order 17: updated", "order 17: updated"]
