"""What cannot be recorded is left to a person, and holds up nobody."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from goodword import Order
from goodword.embedded import orders
from goodword_woocommerce.standin import derived, signed
from tests.sdk.builders import Clock
from tests.server.builders import PAID, Place
from tests.server.delivering import LATER, another, booked_once, order, read, told

pytestmark = pytest.mark.slow

# What cannot be recorded.

UNREADABLE = {
    "no json": signed(b"not json", "order.updated"),
    "surplus digits": derived(PAID, total="72.001"),
    "no currency": derived(PAID, currency="XXX"),
    "no moment": derived(PAID, date_modified_gmt="yesterday"),
    "no lines": derived(PAID, line_items=None),
    "a list": signed(b"[]", "order.updated"),
    "nested without end": signed(b"[" * 100_000, "order.updated"),
    "below zero": derived(PAID, total="-1.00"),
    "a deletion that says more": signed(b'{"id":17,"status":"trash"}', "order.deleted"),
    "another error": signed(b'{"code":"rest_forbidden","message":"No."}', "order.updated"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_read_is_left_to_a_person_and_its_neighbours_are_recorded(
    place: Place, what: str
) -> None:
    for one in (another(101), UNREADABLE[what], another(102)):
        place.deliver(one)
    assert read(place) == 3
    before, dead, after = place.inbox()
    assert (before["verdict"], after["verdict"]) == ("order 101: created", "order 102: created")
    assert dead["state"] == "dead"
    assert dead["verdict"]
    booked_once(place, "101", "102")
    # Nothing of it is lost: mended, it could still be read.
    sealed = bytes(dead["body"])
    assert place.house.vault.open(sealed, "tea-house", "inbox") == UNREADABLE[what].body
    assert dead["headers"]


def test_the_verdict_on_what_cannot_be_read_names_the_field(place: Place) -> None:
    (verdict,) = told(place, UNREADABLE["surplus digits"])
    assert verdict == "total: 72.001 has more decimals than GBP, which has 2"


def test_another_currency_for_a_known_order_is_left_to_a_person(place: Place) -> None:
    verdicts = told(place, PAID, derived(PAID, currency="EUR", **LATER))
    assert "currency" in str(verdicts[1])
    assert [row["state"] for row in place.inbox()] == ["read", "dead"]
    assert order(place).net.unit == "GBP"


ODD: dict[str, dict[str, Any]] = {
    "a very long address": {"billing": {"email": "b" * 3000 + "@friend.example"}},
    "a very long coupon": {"coupon_lines": [{"code": "c" * 3000, "discount": "8.00"}]},
    "a very long number": {"id": 10**300},
    "a very great sum": {"total": "9" * 13},
    "the first of years": {"date_created_gmt": "0001-01-01T00:00:00"},
    "the last of years": {"date_paid_gmt": "9999-12-31T23:59:59"},
}


@pytest.mark.parametrize("what", ODD)
def test_nothing_odd_in_a_signed_order_holds_up_its_neighbours(place: Place, what: str) -> None:
    for one in (another(101), derived(PAID, **{"id": 17} | ODD[what]), another(102)):
        assert place.deliver(one) == 200
    assert read(place) == 3
    before, odd, after = place.inbox()
    assert (before["verdict"], after["verdict"]) == ("order 101: created", "order 102: created")
    assert odd["state"] in {"read", "dead"}


def test_an_order_that_the_database_refuses_holds_up_nobody(
    place: Place, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    keep = orders.record_order

    def refuse(book: Any, order: Order, *rest: Any, **options: Any) -> Any:
        if order.id == "17":
            book.session.driver.execute("SELECT nonsense FROM nowhere")
        return keep(book, order, *rest, **options)

    monkeypatch.setattr(orders, "record_order", refuse)
    told(place, another(101), PAID, another(102))
    assert [row["state"] for row in place.inbox()] == ["read", "new", "read"]
    booked_once(place, "101", "102")
    # It may have been the database's fault: it is tried again.
    monkeypatch.undo()
    clock.on(minutes=1)
    assert told(place)[1] == "order 17: created"


def test_a_fault_of_ours_is_logged_and_left_to_a_person(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(*_: object) -> None:
        raise KeyError("a slip of ours")

    monkeypatch.setattr(place.house.platforms["woocommerce"], "read", stumble)
    with caplog.at_level(logging.ERROR, "goodword_server"):
        assert told(place, PAID) == ["KeyError while it was read"]
    assert "a slip of ours" in caplog.text
    assert [row["state"] for row in place.inbox()] == ["dead"]


def test_a_platform_that_was_uninstalled_is_waited_for(place: Place, clock: Clock) -> None:
    place.deliver(PAID)
    installed, place.house.platforms = place.house.platforms, {}
    assert told(place) == ["the platform woocommerce is not installed"]
    place.house.platforms = installed
    clock.on(minutes=1)
    assert told(place) == ["order 17: created"]
