"""A shop that is left is heard no more, and nothing of ours stays there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from goodword import Account, Claiming, amount_off
from goodword.storage.tables import claims, entries
from goodword_server.house import UnknownShop
from goodword_server.joining import leaving
from goodword_server.joining.leaving import Coupons
from goodword_server.storage import farewells
from goodword_server.storage.farewells import Said
from goodword_server.storage.tables import audit, installations, keys
from goodword_server.storage.tables import farewells as kept
from goodword_server.storage.tables import rounds as looked_at
from goodword_woocommerce.standin import CouponRefused, Fault, recorded
from tests.sdk.builders import a_program, standing
from tests.server.builders import PAID, REFUND_18, SHOP, rows
from tests.server.joining.conftest import Joining

pytestmark = pytest.mark.slow

ALICE, FRIEND = "alice@shop.example", "fred@friend.example"


@pytest.fixture
def joined(joining: Joining) -> Joining:
    """A connected shop with one reward and one friend's coupon that can be used."""
    program = a_program(reward=amount_off("5.00", "GBP"))
    joining.house.referrals(SHOP).programs.save(program)
    assert joining.pair(joining.code()).status_code == 200
    joining.standin.shop.show(PAID)
    joining.work()
    joining.clock.on(days=15)
    joining.house.referrals(SHOP).claim(Claiming(code="ALICE10", email=FRIEND))
    joining.work()
    assert sorted(coupon.partition("-")[0] for coupon in coupons(joining)) == ["gift", "thanks"]
    return joining


def coupons(joining: Joining) -> list[str]:
    return [coupon["code"] for coupon in joining.standin.shop.coupons.by_id.values()]


def said(joining: Joining) -> Said:
    found = joining.house.database.read(lambda s: farewells.last(s, SHOP))
    assert found is not None
    return found


def usable(joining: Joining) -> list[str]:
    """Which coupons the checkout takes, by what they begin with."""
    taken = []
    for code in coupons(joining):
        try:
            joining.standin.shop.use_coupon(code, ALICE if code[0] == "t" else FRIEND)
        except CouponRefused:
            continue
        taken.append(code.partition("-")[0])
    return sorted(taken)


def test_it_leaves_no_webhook_and_no_key_of_ours_behind(joined: Joining) -> None:
    leaving.leave(joined.house, SHOP, Coupons.KEEP, joined.account)
    joined.work()
    assert joined.hooks() == []
    assert rows(joined.house, installations) == []
    assert rows(joined.house, looked_at) == []
    (row,) = rows(joined.house, kept)
    assert row["installation"] is None
    assert said(joined).done is not None
    # Its own keys no REST API can end: the owner is told which they are.
    assert said(joined).left == joined.standin.key[-7:]
    assert [row["ended"] is not None for row in rows(joined.house, keys)] == [True, True]
    (line,) = [one for one in rows(joined.house, audit) if one["did"] == "disconnected"]
    assert (line["account"], line["about"]) == (joined.account, "keep")


def test_late_deliveries_are_turned_away_at_once(joined: Joining) -> None:
    place = joined.place
    ((_, sent),) = joined.standin.shop.hooks.tell("order.updated", recorded(PAID).body)
    before = len(place.inbox())
    leaving.leave(joined.house, SHOP, Coupons.KEEP)
    answer = place.post(sent.body, sent.headers)
    assert (answer.status_code, answer.text) == (404, "no shop delivers here")
    assert place.deliver("ping") == 404
    assert len(place.inbox()) == before


def test_coupons_that_are_kept_can_be_used(joined: Joining) -> None:
    leaving.leave(joined.house, SHOP, Coupons.KEEP)
    joined.work()
    assert usable(joined) == ["gift", "thanks"]
    assert standing(joined.house.referrals(SHOP)).given == 500


def test_unused_ones_are_disabled_by_choice_and_expire_in_the_book(joined: Joining) -> None:
    leaving.leave(joined.house, SHOP, Coupons.DISABLE)
    joined.work()
    assert usable(joined) == []
    left = standing(joined.house.referrals(SHOP))
    assert (left.given, left.expired, left.owed_back) == (0, 500, 0)
    (claim,) = rows(joined.house, claims)
    assert claim["state"] == "ended"
    (reward,) = joined.house.referrals(SHOP).rewards.list("c-1")
    assert reward.state == "expired"


def test_one_that_was_used_stays_used(joined: Joining) -> None:
    joined.standin.shop.use_coupon(
        next(code for code in coupons(joined) if code.startswith("thanks")), ALICE
    )
    leaving.leave(joined.house, SHOP, Coupons.DISABLE)
    joined.work()
    left = standing(joined.house.referrals(SHOP))
    assert (left.given, left.spent, left.expired) == (0, 500, 0)


@pytest.mark.parametrize("done", range(9))
def test_broken_off_anywhere_it_is_taken_up_again_and_books_once(
    joined: Joining, done: int
) -> None:
    leaving.leave(joined.house, SHOP, Coupons.DISABLE)
    joined.standin.fail(*[Fault.NONE] * done, Fault.DROP)
    joined.work()
    joined.clock.on(hours=1)
    joined.work()
    assert said(joined).done is not None
    assert joined.hooks() == []
    assert usable(joined) == []
    expired = [row for row in rows(joined.house, entries) if row["target"] == Account.EXPIRED]
    assert [row["amount"] for row in expired] == [500]


def test_a_shop_that_is_down_is_told_when_it_is_back(joined: Joining) -> None:
    leaving.leave(joined.house, SHOP, Coupons.KEEP)
    for _ in range(6):
        joined.standin.fail(Fault.DOWN)
        joined.work()
        assert said(joined).trouble == "the shop asks us to wait (503)"
        assert len(joined.hooks()) == 4
        joined.clock.on(hours=6)
    joined.work()
    assert said(joined).done is not None
    assert said(joined).trouble is None
    assert joined.hooks() == []


def test_what_opens_it_is_kept_sealed_until_then(joined: Joining) -> None:
    leaving.leave(joined.house, SHOP, Coupons.KEEP)
    (row,) = rows(joined.house, kept)
    assert row["installation"] is not None
    for hidden in (joined.standin.key, joined.standin.secret):
        assert hidden not in repr(row)


def test_a_shop_that_never_comes_back_is_given_up(joined: Joining) -> None:
    leaving.leave(joined.house, SHOP, Coupons.DISABLE)
    for _ in range(80):
        joined.standin.fail(Fault.DOWN)
        leaving.say_all(joined.house)
        joined.clock.on(hours=6)
    assert said(joined).done is not None
    assert said(joined).trouble == "the shop asks us to wait (503)"
    (row,) = rows(joined.house, kept)
    assert row["installation"] is None
    joined.standin._faults.clear()
    joined.standin.calls.clear()
    joined.work()
    assert joined.standin.calls == []


def test_keys_that_the_owner_ended_first_are_not_tried_for_ever(joined: Joining) -> None:
    leaving.leave(joined.house, SHOP, Coupons.KEEP)
    joined.standin.signatures = type(joined.standin.signatures)("ck_other", "cs_other")
    tried = 0
    while said(joined).done is None:
        tried += leaving.say_all(joined.house)
        joined.clock.on(days=1)
    assert tried == 3
    assert "the keys were refused" in str(said(joined).trouble)


def test_nobody_leaves_a_shop_that_is_not_connected(joining: Joining) -> None:
    with pytest.raises(UnknownShop):
        leaving.leave(joining.house, SHOP, Coupons.KEEP)


def test_joined_again_before_farewell_was_said_its_coupons_stay(joined: Joining) -> None:
    leaving.leave(joined.house, SHOP, Coupons.DISABLE)
    joined.standin.fail(Fault.DOWN)
    leaving.say_all(joined.house)
    assert joined.pair(joined.code()).status_code == 200
    joined.clock.on(hours=1)
    joined.work()
    assert usable(joined) == ["gift", "thanks"]
    # The old address is heard no more; the new one is, and was not taken down with it.
    assert len(joined.hooks()) == 4
    paths = {hook["delivery_url"] for hook in joined.standin.shop.hooks.by_id.values()}
    assert paths == {joined.house.hook_url(joined.place.connected)}


def test_the_book_stays_and_goes_on_where_it_was(joined: Joining) -> None:
    before = rows(joined.house, entries)
    leaving.leave(joined.house, SHOP, Coupons.KEEP)
    joined.work()
    assert rows(joined.house, entries) == before
    assert joined.pair(joined.code()).status_code == 200
    joined.work()
    assert rows(joined.house, entries) == before


def test_what_is_due_waits_until_it_is_connected_again(joining: Joining) -> None:
    program = a_program(reward=amount_off("5.00", "GBP"))
    joining.house.referrals(SHOP).programs.save(program)
    joining.pair(joining.code())
    joining.standin.shop.show(PAID)
    joining.work()
    leaving.leave(joining.house, SHOP, Coupons.KEEP)
    joining.clock.on(days=15)
    joining.work()
    assert coupons(joining) == []
    assert joining.pair(joining.code()).status_code == 200
    joining.clock.on(hours=6)
    joining.work()
    assert [code.partition("-")[0] for code in coupons(joining)] == ["thanks"]


def test_what_was_refused_with_the_old_keys_is_given_with_the_new_ones(joining: Joining) -> None:
    program = a_program(reward=amount_off("5.00", "GBP"))
    joining.house.referrals(SHOP).programs.save(program)
    joining.pair(joining.code())
    joining.standin.shop.show(PAID)
    joining.work()
    # It moved, or its keys were revoked: whatever is asked of it is refused.
    home, joining.standin.shop.home = joining.standin.shop.home, "http://localhost:1"
    joining.clock.on(days=15)
    joining.work()
    ((_, sent),) = joining.standin.shop.hooks.tell("order.updated", recorded(REFUND_18).body)
    assert joining.place.deliver(sent) == 200
    joining.work()
    assert coupons(joining) == []
    assert [row["state"] for row in joining.place.inbox()] == ["dead"]
    joining.standin.shop.home = home
    assert joining.pair(joining.code()).status_code == 200
    joining.work()
    assert [row["state"] for row in joining.place.inbox()] == ["read"]
    assert [code.partition("-")[0] for code in coupons(joining)] == ["thanks"]


def test_each_retry_waits_longer(joined: Joining) -> None:
    leaving.leave(joined.house, SHOP, Coupons.KEEP)
    pauses = []
    for _ in range(6):
        joined.standin.fail(Fault.DOWN)
        leaving.say_all(joined.house)
        (row,) = rows(joined.house, kept)
        pauses.append(row["next"] / 1_000_000 - joined.clock.at.timestamp())
        joined.clock.on(seconds=pauses[-1] + 1)
    assert pauses[0] <= 120
    assert pauses[-1] >= 60 * 2**5 / 2
    assert max(pauses) <= timedelta(hours=6).total_seconds()
