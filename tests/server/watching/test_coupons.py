"""Coupons that can still be used are held against what was promised."""

from __future__ import annotations

from datetime import timedelta

import pytest

from goodword import Claiming, amount_off
from goodword_woocommerce.standin import Fault
from tests.sdk.builders import Clock, a_program
from tests.server.builders import PAID
from tests.server.watching.conftest import Watched

pytestmark = pytest.mark.slow

FRIEND = "fred@friend.example"


@pytest.fixture
def granted(watched: Watched) -> Watched:
    """A shop with one reward and one friend's coupon."""
    program = a_program(reward=amount_off("5.00", "GBP"))
    watched.place.referrals.programs.save(program)
    watched.begin()
    watched.standin.shop.show(PAID)
    watched.work()
    watched.clock.on(days=15)
    watched.place.referrals.claim(Claiming(code="ALICE10", email=FRIEND))
    watched.work()
    assert len(watched.standin.shop.coupons.by_id) == 2
    return watched


def told(watched: Watched) -> list[list[object]]:
    notes = watched.rounds()["coupons"].notes
    assert notes["differing"] == len(notes["told"])
    found: list[list[object]] = notes["told"]
    return found


def texts(watched: Watched) -> dict[str, str]:
    """The reward's text and the friend's."""
    codes = [coupon["code"] for coupon in watched.standin.shop.coupons.by_id.values()]
    return {code.partition("-")[0]: code for code in codes}


def next_day(watched: Watched) -> None:
    watched.clock.on(days=1, minutes=1)
    watched.work()


def change(watched: Watched, code: str, **fields: object) -> None:
    for coupon in watched.standin.shop.coupons.by_id.values():
        if coupon["code"] == code:
            coupon |= fields


def test_what_was_made_is_what_was_promised(granted: Watched) -> None:
    next_day(granted)
    assert granted.rounds()["coupons"].notes == {"looked": 2, "differing": 0, "told": []}


def test_what_the_owner_changed_is_told_every_day_until_it_is_mended(granted: Watched) -> None:
    names = texts(granted)
    change(granted, names["thanks"], amount="1.00", usage_limit=3)
    change(granted, names["gift"], date_expires_gmt="2026-11-23T00:00:00")
    next_day(granted)
    assert told(granted) == [
        [names["thanks"], ["amount", "limit"]],
        [names["gift"], ["expires"]],
    ]
    change(granted, names["thanks"], amount="5.00", usage_limit=1)
    next_day(granted)
    assert [text for text, _ in told(granted)] == [names["gift"]]


def test_one_that_was_deleted_is_told_too(granted: Watched) -> None:
    names = texts(granted)
    for id, coupon in list(granted.standin.shop.coupons.by_id.items()):
        if coupon["code"] == names["thanks"]:
            granted.standin.shop.coupons.delete(id, force=True)
    next_day(granted)
    assert told(granted) == [[names["thanks"], ["gone"]]]


def test_what_was_used_or_is_over_is_not_looked_at(granted: Watched) -> None:
    names = texts(granted)
    granted.standin.shop.use_coupon(names["thanks"], "alice@shop.example")
    change(granted, names["thanks"], amount="0.00")
    next_day(granted)
    assert told(granted) == []
    # The friend's time is over.
    granted.clock.on(days=400)
    granted.work()
    assert granted.rounds()["coupons"].notes["looked"] <= 1


def test_a_shop_that_is_down_is_asked_later(granted: Watched) -> None:
    granted.clock.on(days=1, minutes=1)
    granted.standin.fail(*[Fault.DOWN] * 20)
    granted.work()
    one = granted.rounds()["coupons"]
    assert one.trouble is not None
    assert one.next - granted.clock.at <= timedelta(minutes=2)
    granted.standin._faults.clear()
    granted.clock.on(minutes=5)
    granted.work()
    assert granted.rounds()["coupons"].trouble is None


def test_a_forgotten_advocates_coupon_is_not_held_against_an_address(
    granted: Watched, clock: Clock
) -> None:
    granted.place.house.forget("tea-house", "c-1")
    next_day(granted)
    assert told(granted) == []
    assert clock.at == granted.clock.at
