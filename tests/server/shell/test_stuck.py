"""What is stuck, on its page: tried again, or answered by whoever knows."""

from __future__ import annotations

import pytest

from goodword import never, unknown
from goodword.storage.tables import followups
from goodword_server.shell.roles import Role
from goodword_server.storage.tables import dispatches, inbox
from goodword_server.worker import Worker
from tests.sdk.builders import (
    HALVED,
    RELEASE,
    Clock,
    Obedient,
    Saying,
    an_order,
    gbp,
    later,
    standing,
)
from tests.server.builders import SHOP, Place, rows
from tests.server.shell.browser import AT, somebody
from tests.server.shell.busy import fill

pytestmark = pytest.mark.slow


@pytest.fixture
def busy(place: Place) -> Place:
    fill(place)
    return place


def test_a_delivery_that_was_dead_is_read_again(busy: Place) -> None:
    staff = somebody(busy.house, Role.STAFF)
    (dead,) = [row for row in rows(busy.house, inbox) if row["state"] == "dead"]
    said = staff.said(f"{AT}/stuck", kind="delivery", id=str(dead["id"]))
    assert "It is tried again" in said
    (row,) = rows(busy.house, inbox)
    assert (row["state"], row["tries"]) == ("new", 0)
    assert "It is not stuck any more." in staff.said(
        f"{AT}/stuck", kind="delivery", id=str(dead["id"])
    )
    Worker(busy.house).once()
    assert [row["state"] for row in rows(busy.house, inbox)] == ["dead"]


def test_a_deed_that_was_dead_is_done_after_all(busy: Place) -> None:
    staff = somebody(busy.house, Role.STAFF)
    (dead,) = [row for row in rows(busy.house, followups) if row["state"] == "never"]
    assert "no such address" in staff.read(f"{AT}/stuck").text
    staff.said(f"{AT}/stuck", kind="deed", id=str(dead["id"]))
    carrier = Obedient()
    busy.house.engine.work({"mail": carrier})
    assert [deed.subject for deed in carrier.deeds] == [dead["subject"]]
    # As a second try: what was given up may have happened, and a till is asked first.
    assert [deed.tries for deed in carrier.deeds] == [2]
    assert "It is not stuck" in staff.said(f"{AT}/stuck", kind="deed", id=str(dead["id"]))
    assert "It is not stuck" in staff.said(f"{AT}/stuck", kind="shop", id="17")


def test_who_found_out_whether_a_coupon_was_used_says_so(place: Place, clock: Clock) -> None:
    place.referrals.record_order(an_order())
    clock.to(RELEASE)
    engine, till = place.house.engine, Obedient()
    engine.work({"till": till})
    (text,) = [deed.grant.text for deed in till.deeds if deed.grant]
    place.referrals.record_order(HALVED)
    engine.work({"till": Saying(answers=[never("nobody can say")])})
    (stuck,) = engine.stuck(SHOP)
    told = somebody(place.house, Role.READONLY).read(f"{AT}/stuck")
    assert f"Coupon {text}" in told.text
    assert "Nobody used it" not in told.text
    staff, at = somebody(place.house, Role.STAFF), f"{AT}/stuck/coupon"
    assert "Nobody used it" in staff.read(f"{AT}/stuck").text
    assert "Say whether it was used" in staff.said(at, id=stuck.id, used="perhaps")
    assert "It is noted" in staff.said(at, id=stuck.id, used="yes")
    assert standing(place.referrals).spent == 720
    assert "It is not stuck" in staff.said(at, id=stuck.id, used="no")
    assert "Nothing is stuck" in staff.read(f"{AT}/stuck").text
    log = staff.read(f"{AT}/log").text
    assert "said that a coupon was used" in log
    assert "take_back 17" in log


def test_of_two_coupons_the_page_names_the_one_that_an_answer_is_about(
    place: Place, clock: Clock
) -> None:
    place.referrals.record_order(an_order())
    clock.to(RELEASE)
    engine, till = place.house.engine, Obedient()
    engine.work({"till": till})
    place.referrals.record_order(later(an_order(), net=gbp("144.00"), gross=gbp("144.00")))
    engine.work({"till": till})
    first, second = (deed.grant.text for deed in till.deeds if deed.grant)
    place.referrals.record_order(later(HALVED, net=gbp("108.00"), gross=gbp("144.00")))
    engine.work({"till": Saying(answers=[never("nobody can say")])})
    told = somebody(place.house, Role.READONLY).read(f"{AT}/stuck").text
    assert f"Coupon {second}" in told
    assert first not in told


def test_what_waits_for_something_else_is_not_said_to_be_noted(place: Place, clock: Clock) -> None:
    place.referrals.record_order(an_order())
    clock.to(RELEASE)
    engine = place.house.engine
    engine.work({"till": Obedient()})
    place.referrals.record_order(HALVED)
    engine.work({"till": Saying(answers=[never("nobody can say")])})
    (stuck,) = engine.stuck(SHOP)
    place.referrals.record_order(later(HALVED, net=gbp("144.00"), gross=gbp("144.00")))
    engine.work({"till": Saying(answers=[unknown("no answer")])})
    staff, at = somebody(place.house, Role.STAFF), f"{AT}/stuck/coupon"
    assert "comes first" in staff.said(at, id=stuck.id, used="yes")
    assert engine.stuck(SHOP) == [stuck]
    assert "said that a coupon" not in staff.read(f"{AT}/log").text


def test_of_what_asks_nothing_of_a_coupon_nothing_can_be_said(busy: Place) -> None:
    staff = somebody(busy.house, Role.STAFF)
    (dead,) = busy.house.engine.stuck(SHOP)
    before = rows(busy.house, followups)
    assert "It is not stuck" in staff.said(f"{AT}/stuck/coupon", id=dead.id, used="yes")
    assert rows(busy.house, followups) == before


def test_a_webhook_that_nobody_took_is_sent_again(busy: Place) -> None:
    staff = somebody(busy.house, Role.STAFF)
    told = staff.read(f"{AT}/stuck").text
    assert "referral.qualified" in told
    assert "no answer" in told
    assert "3 need a person." in staff.read(f"{AT}/").text
    assert "It is tried again" in staff.said(f"{AT}/stuck", kind="letter", id="d-1")
    assert [row["state"] for row in rows(busy.house, dispatches)] == ["open"]
    assert "It is not stuck" in staff.said(f"{AT}/stuck", kind="letter", id="d-1")
    assert "had a webhook sent again" in staff.read(f"{AT}/log").text
