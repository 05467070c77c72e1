"""Forgetting on a server: book, inbox and logs hold nothing of the person, and no order is lost."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pytest

from goodword import Advocate, UnknownPerson
from goodword.platforms import Delivery, Installation, News, PersonForgotten
from goodword.storage.tables import metadata as of_sdk
from goodword_server import reading
from goodword_server.house import House
from goodword_server.storage import inbox as deliveries
from goodword_server.storage.tables import metadata as of_server
from goodword_server.worker import Worker
from goodword_woocommerce import WooCommerce
from goodword_woocommerce.standin import Fault, Recorded, StandIn, derived, signed
from tests.sdk.builders import Clock, totals
from tests.server.builders import PAID, REFUND_18, Place, a_house, a_place, rows

pytestmark = pytest.mark.slow

BOB = "bob.buyer@friend.example"
OF_BOB = ("bob.buyer", "buyer", "7946 0000", "79460000")


def held(house: House) -> str:
    """Everything in every table, sealed bodies opened, as one text."""
    tables = [*of_sdk.sorted_tables, *of_server.sorted_tables]
    found = [str(row) for table in tables for row in rows(house, table)]
    shops = {str(row["shop"]) for row in rows(house, of_server.tables["goodword_server_inbox"])}
    for shop in shops:
        for _, _, delivery in house.database.read(
            lambda s, shop=shop: list(deliveries.with_body(s, house.vault, shop))  # type: ignore[misc]
        ):
            assert delivery is not None
            found.append(delivery.body.decode("utf-8", "replace"))
    return "\n".join(found).lower()


def told_of(house: House, words: Iterable[str] = OF_BOB) -> list[str]:
    text = held(house)
    return [word for word in words if word in text]


def states(place: Place) -> list[tuple[str, str | None]]:
    return [(row["state"], row["verdict"]) for row in place.inbox()]


def test_of_what_is_unread_the_till_is_asked(shop: Place, standin: StandIn, clock: Clock) -> None:
    standin.shop.show(REFUND_18)
    standin.fail(Fault.DOWN)
    shop.deliver(REFUND_18)
    reading.read_all(shop.house)
    assert told_of(shop.house)
    shop.house.forget("tea-house", BOB)
    assert told_of(shop.house) == []
    clock.on(minutes=1)
    reading.read_all(shop.house)
    assert shop.verdicts() == ["order 17: created"]
    assert totals(shop.referrals) == (400, 360)


def test_who_was_read_of_before_is_not_kept_again(shop: Place, standin: StandIn) -> None:
    shop.deliver(PAID)
    reading.read_all(shop.house)
    shop.house.forget("tea-house", BOB)
    standin.shop.show(REFUND_18)
    shop.deliver(REFUND_18)
    reading.read_all(shop.house)
    assert told_of(shop.house) == []
    assert shop.verdicts() == ["order 17: created", "order 17: updated"]
    assert totals(shop.referrals) == (400, 360)


@pytest.mark.parametrize(
    "body",
    [
        b'{"id": 17, "note": "call 020 7946-0000"}',
        b'{"id": 17, "billing": {"email": "Bob.Buyer+tea@Friend.Example"}}',
        b'cut off {"billing": {"email": "bob.buyer@friend.example',
        b'{"url": "https:\\/\\/tea.example\\/?email=bob.buyer%40friend.example"}',
        b"%s" % json.dumps({"note": "b\u006fb.buyer@friend.example"}).encode(),
    ],
)
def test_what_is_dead_is_stripped(place: Place, body: bytes) -> None:
    place.deliver(signed(body, "order.updated"))
    place.deliver(signed(b"another's, not json", "order.updated"))
    place.deliver(PAID)
    reading.read_all(place.house)
    before = place.inbox()
    assert [row["state"] for row in before] == ["dead", "dead", "read"]
    place.house.forget("tea-house", BOB)
    stripped, other, _ = place.inbox()
    assert (stripped["headers"], stripped["body"]) == (None, None)
    assert (stripped["hash"], stripped["state"]) == (before[0]["hash"], "dead")
    assert stripped["verdict"] == "somebody whom it told of was forgotten"
    assert other == before[1]


def test_an_advocate_named_in_a_delivery_is_found(place: Place) -> None:
    place.referrals.advocates.invite("friends", Advocate(id="c-9", name="陳美玲"))
    note = {"id": 18, "customer_note": "from 美玲 陳", "line_items": None}
    place.deliver(signed(json.dumps(note).encode(), "order.updated"))
    reading.read_all(place.house)
    place.house.forget("tea-house", "c-9")
    assert states(place) == [("dead", "somebody whom it told of was forgotten")]


def test_who_stands_in_the_inbox_alone_is_forgotten_too(place: Place) -> None:
    place.deliver(derived(PAID, total="72.001"))
    reading.read_all(place.house)
    assert [row["state"] for row in place.inbox()] == ["dead"]
    place.house.forget("tea-house", BOB)
    assert told_of(place.house) == []


def test_who_is_nowhere_is_unknown(place: Place) -> None:
    place.deliver(signed(b"not json", "order.updated"))
    with pytest.raises(UnknownPerson):
        place.house.forget("tea-house", "nobody@friend.example")
    assert [row["state"] for row in place.inbox()] == ["new"]


def test_another_shops_inbox_is_left(place: Place) -> None:
    other = a_place(place.house, shop="coffee-house")
    for one in (place, other):
        one.deliver(PAID)
    before = [row for row in place.inbox() if row["shop"] == "coffee-house"]
    place.house.forget("tea-house", BOB)
    after = [row for row in place.inbox() if row["shop"] == "coffee-house"]
    assert after == before


def test_who_reads_it_right_now_ends_as_they_would_have(
    shop: Place, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    standin.shop.show(PAID)
    read = WooCommerce.read

    def slowly(self: WooCommerce, delivery: Delivery, installation: Installation) -> Any:
        news = read(self, delivery, installation)
        monkeypatch.undo()
        shop.house.forget("tea-house", BOB)
        return news

    monkeypatch.setattr(WooCommerce, "read", slowly)
    shop.deliver(PAID)
    reading.read_all(shop.house)
    assert shop.verdicts() == ["order 17: created"]
    assert totals(shop.referrals) == (800, 720)


@dataclass
class Asking(WooCommerce):
    """A platform that tells of somebody who asked to be forgotten."""

    def read(self, delivery: Delivery, installation: Installation) -> Iterable[News]:
        if delivery.body.startswith(b'{"forget'):
            told = json.loads(delivery.body)["forget"]
            return (PersonForgotten(**told),)
        return super().read(delivery, installation)


def asking(**told: str) -> Recorded:
    return signed(json.dumps({"forget": told}).encode(), "customers.redact")


@pytest.fixture
def asked(url: str, clock: Clock) -> Any:
    with a_house(url, clock) as house:
        house.platforms = {**house.platforms, "woocommerce": Asking()}
        yield a_place(house)


def test_a_platform_that_says_so_is_obeyed(asked: Place) -> None:
    asked.deliver(PAID)
    asked.deliver(asking(email=BOB, phone="+44 20 7946 0000", account="7"))
    reading.read_all(asked.house)
    assert asked.verdicts() == ["order 17: created", "somebody was forgotten"]
    assert told_of(asked.house) == []
    assert totals(asked.referrals) == (800, 720)


def test_a_housemate_with_the_same_phone_is_not_forgotten(asked: Place) -> None:
    asked.deliver(PAID)
    asked.deliver(asking(email="nobody@friend.example", account="404"))
    asked.deliver(asking(email="wife@friend.example"))
    reading.read_all(asked.house)
    assert asked.verdicts()[1:] == ["nobody to forget is known"] * 2
    assert asked.referrals.people.export(BOB)["people"]


def test_a_request_that_is_unread_is_not_lost(asked: Place) -> None:
    for what in (PAID, asking(email=BOB)):
        asked.deliver(what)
    asked.house.forget("tea-house", BOB)
    assert [row["state"] for row in asked.inbox()] == ["new", "new"]


def test_after_twelve_months_the_worker_lets_go_of_the_hash(place: Place, clock: Clock) -> None:
    place.deliver(PAID)
    worker = Worker(place.house)
    worker.once()
    place.house.forget("tea-house", BOB)
    forgotten = of_sdk.tables["goodword_forgotten"]
    assert len(rows(place.house, forgotten)) == 2
    clock.on(days=365)
    worker.once()
    assert rows(place.house, forgotten) == []


def test_no_log_holds_a_person(
    shop: Place, standin: StandIn, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    worker = Worker(shop.house)
    standin.shop.show(REFUND_18)
    standin.fail(Fault.DOWN)
    for what in (
        REFUND_18,
        derived(PAID, id=18, total="72.001"),
        derived(PAID, id=19, date_modified_gmt="yesterday"),
        derived(PAID, id=20, line_items=None),
        signed(b'{"billing": {"email": "bob.buyer@friend.example"}', "order.updated"),
        signed(b'{"code": "woocommerce_rest_cannot_view"}', "order.updated"),
    ):
        shop.deliver(what)
    for _ in range(3):
        worker.once()
        clock.on(days=15)
    shop.house.forget("tea-house", BOB)
    shop.house.forget("tea-house", "c-1")
    with pytest.raises(UnknownPerson):
        shop.house.forget("tea-house", BOB)
    text = caplog.text.lower()
    assert "tea-house" in text
    assert [word for word in (*OF_BOB, "alice@shop.example") if word in text] == []
