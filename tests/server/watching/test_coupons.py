"""Coupons that can still be used are held against what was promised."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from goodword import Claiming, amount_off
from goodword_server.joining import joined
from goodword_woocommerce.standin import Fault
from tests.sdk.builders import Clock, a_program
from tests.server.builders import PAID, SHOP
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


def of(watched: Watched, use: str) -> dict[str, Any]:
    name = texts(watched)[use]
    (found,) = [one for one in watched.standin.shop.coupons.by_id.values() if one["code"] == name]
    return found


def test_what_follows_the_program_is_brought_to_it_and_all_else_is_told(granted: Watched) -> None:
    names = texts(granted)
    change(granted, names["gift"], individual_use=True, amount="1.00")
    change(granted, names["thanks"], individual_use=True)
    next_day(granted)
    assert told(granted) == [[names["gift"], ["amount"]]]
    assert not of(granted, "gift")["individual_use"]
    assert not of(granted, "thanks")["individual_use"]
    assert of(granted, "gift")["amount"] == "1.00"


def test_the_shops_own_setting_reaches_what_stands_when_it_is_connected_anew(
    granted: Watched,
) -> None:
    house = granted.place.house
    connected = house.installation_of(SHOP)
    assert connected is not None
    one = connected.installation
    house.connect(
        SHOP,
        one.platform,
        one.url,
        secrets=list(connected.secrets),
        credentials=one.credentials,
        settings={**one.settings, "combines_with": "shipping"},
        along=lambda session: joined.begin_rounds(session, house, SHOP, again=True),
    )
    granted.work()
    assert [of(granted, use)["individual_use"] for use in ("gift", "thanks")] == [True, True]
    assert told(granted) == []


def test_one_that_rests_is_as_it_should_be_and_is_switched_off_once_more(
    granted: Watched,
) -> None:
    programs = granted.place.referrals.programs
    ends = of(granted, "gift")["date_expires_gmt"]
    programs.pause("friends")
    granted.work()
    next_day(granted)
    assert told(granted) == []
    assert of(granted, "gift")["date_expires_gmt"] == "2000-01-01T00:00:00"
    assert of(granted, "thanks")["date_expires_gmt"] is None
    # By hand it is switched on, and the program rests still.
    change(granted, texts(granted)["gift"], date_expires_gmt=ends)
    next_day(granted)
    assert told(granted) == []
    assert of(granted, "gift")["date_expires_gmt"] == "2000-01-01T00:00:00"
    programs.resume("friends")
    granted.work()
    assert of(granted, "gift")["date_expires_gmt"] == ends


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
