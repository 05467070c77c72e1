"""Caps, tiers and budgets: who comes in, and what is given back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from goodword import (
    Budget,
    Campaign,
    Cap,
    Order,
    Per,
    Period,
    Referrals,
    Refund,
    Repeats,
    Terms,
    Tier,
    Worth,
    amount_off,
    money,
    percent_off,
    points,
    share_of_order,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import (
    DAY,
    PLACED,
    Clock,
    a_friends_order,
    a_program,
    a_shop_with,
    carol,
    gbp,
    later,
    totals,
    used,
)

FIXED = amount_off("5.00", "GBP")
NAMES = count()


def capped(*caps: Cap, **changes: Any) -> Any:
    return a_program(terms=Terms(caps=caps), **changes)


def placed(id: str, at: datetime, **changes: Any) -> Order:
    return a_friends_order(id, placed=at, modified=at, paid=at, **changes)


def earns(referrals: Referrals, one: Order) -> bool:
    outcome = referrals.record_order(one)
    assert set(outcome.reasons) <= {"cap_reached", "budget_spent", "cancelled", "refunded"}
    return not outcome.reasons


# Caps.


def test_a_cap_per_advocate_leaves_others_alone(referrals: Referrals) -> None:
    a_shop_with(referrals, capped(Cap(most=2)))
    carol(referrals)
    assert [earns(referrals, a_friends_order(id)) for id in "123"] == [True, True, False]
    assert earns(referrals, a_friends_order("4", coupons=used("ref-carol")))
    assert totals(referrals, "3") == (800, 0)


def test_a_cap_per_program_is_of_all_advocates(referrals: Referrals) -> None:
    a_shop_with(referrals, capped(Cap(most=2, per=Per.PROGRAM)))
    carol(referrals)
    assert earns(referrals, a_friends_order("1"))
    assert earns(referrals, a_friends_order("2", coupons=used("ref-carol")))
    assert not earns(referrals, a_friends_order("3", coupons=used("ref-carol")))


def test_a_cap_per_friend_counts_each_friend(referrals: Referrals) -> None:
    a_shop_with(referrals, capped(Cap(most=1, per=Per.FRIEND)))
    assert earns(referrals, a_friends_order("1", email="bob@friend.example"))
    assert not earns(referrals, a_friends_order("2", email="Bob@Friend.example"))
    assert earns(referrals, a_friends_order("3", email="eve@friend.example"))


def test_a_friend_whom_nothing_tells_apart_is_not_counted(referrals: Referrals) -> None:
    a_shop_with(referrals, capped(Cap(most=1, per=Per.FRIEND)))
    assert [earns(referrals, a_friends_order(id, email=None)) for id in "12"] == [True, True]


PERIODS = {
    Period.DAY: (datetime(2026, 11, 25, 23, 59, 59, tzinfo=UTC), timedelta(seconds=1)),
    Period.WEEK: (datetime(2026, 11, 29, 23, 59, 59, tzinfo=UTC), timedelta(seconds=1)),
    Period.MONTH: (datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), timedelta(seconds=1)),
    Period.YEAR: (datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), timedelta(seconds=1)),
}


@pytest.mark.parametrize("per", list(Per))
@pytest.mark.parametrize("every", list(PERIODS))
def test_a_stretch_of_time_ends_by_the_orders_placing(
    referrals: Referrals, clock: Clock, per: Per, every: Period
) -> None:
    last, tick = PERIODS[every]
    clock.to(last + 10 * DAY)
    a_shop_with(referrals, capped(Cap(most=1, per=per, every=every), starts=PLACED - 900 * DAY))
    who = {"email": "bob@friend.example"}
    # Heard of in another sequence than they were placed in.
    assert earns(referrals, placed("next", last + tick, **who))
    assert earns(referrals, placed("last", last, **who))
    assert not earns(referrals, placed("more", last - timedelta(minutes=1), **who))
    assert not earns(referrals, placed("next too", last + tick + tick, **who))


def test_for_good_means_for_good(referrals: Referrals, clock: Clock) -> None:
    a_shop_with(referrals, capped(Cap(most=1)))
    assert earns(referrals, a_friends_order("1"))
    clock.on(days=3000)
    assert not earns(referrals, placed("2", PLACED + 2900 * DAY))


def test_the_tightest_of_several_caps_counts_and_none_keeps_a_place_in_vain(
    referrals: Referrals, clock: Clock
) -> None:
    a_shop_with(
        referrals,
        capped(
            Cap(most=2, every=Period.DAY),
            Cap(most=3),
            Cap(most=5, per=Per.PROGRAM),
        ),
    )
    carol(referrals)
    clock.on(days=3)
    assert [earns(referrals, a_friends_order(id)) for id in "123"] == [True, True, False]
    # The one refused took no place in what is counted for good, or for the whole program.
    assert earns(referrals, placed("4", PLACED + DAY))
    assert not earns(referrals, placed("5", PLACED + 2 * DAY))
    others = [earns(referrals, a_friends_order(id, coupons=used("ref-carol"))) for id in "678"]
    assert others == [True, True, False]


@pytest.mark.parametrize(
    "undone",
    [{"cancelled": PLACED}, {"refunded": True}, {"refunds": (Refund(id="r", gross=gbp("72")),)}],
)
def test_a_place_is_given_back_and_taken_anew(referrals: Referrals, undone: Any) -> None:
    a_shop_with(referrals, capped(Cap(most=1)))
    first, second = a_friends_order("1"), a_friends_order("2")
    assert earns(referrals, first)
    assert not earns(referrals, later(first, 1, **undone))
    assert earns(referrals, second)
    # It comes back to life, and somebody else is in its place.
    assert not earns(referrals, later(first, 2))
    assert totals(referrals, "1")[1] == 0
    assert not earns(referrals, later(second, 1, **undone))
    assert earns(referrals, a_friends_order("3"))


def test_what_was_refused_stays_refused(referrals: Referrals) -> None:
    a_shop_with(referrals, capped(Cap(most=1)))
    first, second = a_friends_order("1"), a_friends_order("2")
    assert earns(referrals, first)
    assert not earns(referrals, second)
    referrals.record_order(later(first, cancelled=PLACED))
    assert not earns(referrals, later(second, 1))
    referrals.record_order(later(second, 2, cancelled=PLACED))
    assert not earns(referrals, later(second, 3))


def test_the_owners_word_for_another_advocate_is_asked_anew(referrals: Referrals) -> None:
    a_shop_with(referrals, capped(Cap(most=1)))
    carol(referrals)
    assert earns(referrals, a_friends_order("1"))
    assert not earns(referrals, a_friends_order("2"))
    assert referrals.credit.assign("2", "CAROL", reason="she told us").reasons == ()
    assert referrals.credit.assign("1", "CAROL", reason="and this").reasons == ("cap_reached",)
    assert earns(referrals, a_friends_order("3"))


def test_an_unpaid_order_takes_no_place(referrals: Referrals) -> None:
    a_shop_with(referrals, capped(Cap(most=1)))
    assert referrals.record_order(a_friends_order("1", paid=None)).reasons == ("not_paid",)
    assert earns(referrals, a_friends_order("2"))
    assert not earns(referrals, later(a_friends_order("1")))


def test_two_programs_count_apart(referrals: Referrals) -> None:
    a_shop_with(referrals, capped(Cap(most=1, per=Per.PROGRAM)))
    referrals.programs.save(capped(Cap(most=1, per=Per.PROGRAM), name="partners"))
    referrals.advocates.invite(
        "partners", referrals.advocates.find("c-1"), code="PARTNER", coupon="ref-partner"
    )
    assert [earns(referrals, a_friends_order(id)) for id in "12"] == [True, False]
    theirs = [earns(referrals, a_friends_order(id, coupons=used("ref-partner"))) for id in "34"]
    assert theirs == [True, False]


def test_two_shops_count_apart(engine: Engine, referrals: Referrals) -> None:
    program = capped(Cap(most=1, per=Per.PROGRAM))
    a_shop_with(referrals, program)
    other = engine.of("book-shop")
    a_shop_with(other, program)
    assert [earns(shop, a_friends_order("1")) for shop in (referrals, other)] == [True, True]
    assert [earns(shop, a_friends_order("2")) for shop in (referrals, other)] == [False, False]


def test_a_wider_cap_of_a_new_version_lets_further_orders_in(
    referrals: Referrals, clock: Clock
) -> None:
    a_shop_with(referrals, capped(Cap(most=1)))
    assert [earns(referrals, a_friends_order(id)) for id in "12"] == [True, False]
    clock.on(days=1)
    referrals.programs.save(capped(Cap(most=2)))
    assert [earns(referrals, placed(id, clock.at)) for id in "34"] == [True, False]


# Budgets.


def budgeted(most: str, reward: Worth = FIXED, every: Period = Period.EVER, **terms: Any) -> Any:
    budget = Budget(most=gbp(most), every=every)
    return a_program(reward, terms=Terms(budget=budget, **terms))


def test_a_budget_is_spent_to_the_last_penny(referrals: Referrals) -> None:
    a_shop_with(referrals, budgeted("10.00"))
    assert [earns(referrals, a_friends_order(id)) for id in "123"] == [True, True, False]


def test_a_budget_a_penny_short_is_not_passed(referrals: Referrals) -> None:
    a_shop_with(referrals, budgeted("9.99"))
    assert [earns(referrals, a_friends_order(id)) for id in "12"] == [True, False]


def test_a_budget_of_a_day_is_there_again_the_next_day(referrals: Referrals, clock: Clock) -> None:
    a_shop_with(referrals, budgeted("5.00", every=Period.DAY))
    clock.on(days=2)
    assert [earns(referrals, a_friends_order(id)) for id in "12"] == [True, False]
    assert earns(referrals, placed("3", PLACED + DAY))


def test_what_a_refund_leaves_over_is_there_for_others(referrals: Referrals) -> None:
    a_shop_with(referrals, budgeted("7.20", share_of_order(10)))
    assert [earns(referrals, a_friends_order(id)) for id in "12"] == [True, False]
    half = (Refund(id="r", gross=gbp("36.00")),)
    assert earns(referrals, later(a_friends_order("1"), refunds=half))
    # A budget is asked again at each state of an order.
    assert not earns(referrals, later(a_friends_order("2"), 1))
    assert earns(referrals, later(a_friends_order("2"), 2, refunds=half))
    assert (totals(referrals, "1")[1], totals(referrals, "2")[1]) == (360, 360)


def test_what_grows_past_the_budget_earns_nothing_until_it_fits(referrals: Referrals) -> None:
    a_shop_with(referrals, budgeted("10.00", share_of_order(10)))
    assert earns(referrals, a_friends_order("1"))
    grown = {"net": gbp("100.01"), "gross": gbp("200.00")}
    assert earns(referrals, later(a_friends_order("1"), 1, **grown))
    assert totals(referrals, "1")[1] == 1000
    assert not earns(referrals, later(a_friends_order("1"), 2, net=gbp("100.10"), gross=gbp("200")))
    assert totals(referrals, "1")[1] == 0
    assert earns(referrals, a_friends_order("2", net=gbp("20.00"), gross=gbp("72.00")))
    assert not earns(referrals, later(a_friends_order("1"), 3, **grown))
    assert earns(referrals, later(a_friends_order("1"), 4, net=gbp("80.00"), gross=gbp("80.00")))
    assert (totals(referrals, "1")[1], totals(referrals, "2")[1]) == (800, 200)


def test_a_budget_that_refuses_gives_the_place_in_the_cap_back(referrals: Referrals) -> None:
    a_shop_with(referrals, budgeted("5.00", share_of_order(10), caps=(Cap(most=1),)))
    assert not earns(referrals, a_friends_order("1"))
    assert earns(referrals, a_friends_order("2", net=gbp("50.00")))


def test_a_budget_may_be_of_points(referrals: Referrals) -> None:
    budget = Budget(most=points(250).amount or gbp("0"))
    a_shop_with(referrals, a_program(points(100), terms=Terms(budget=budget)))
    assert [earns(referrals, a_friends_order(id)) for id in "123"] == [True, True, False]


# Tiers, and repeats.

TIERS = (
    Tier(start=3, reward=amount_off("10.00", "GBP")),
    Tier(start=10, reward=amount_off("25.00", "GBP")),
)


def rewards(referrals: Referrals, ids: Any) -> list[int]:
    for id in ids:
        referrals.record_order(a_friends_order(str(id)))
    return [totals(referrals, str(id))[1] for id in ids]


def test_the_third_and_the_tenth_referral_earn_more(referrals: Referrals) -> None:
    a_shop_with(referrals, a_program(FIXED, tiers=TIERS))
    carol(referrals)
    referrals.record_order(a_friends_order("c", coupons=used("ref-carol")))
    assert rewards(referrals, range(1, 12)) == [500] * 2 + [1000] * 7 + [2500] * 2
    assert totals(referrals, "c", "c-2")[1] == 500


def test_what_was_reversed_is_no_referral_and_the_next_takes_its_number(
    referrals: Referrals,
) -> None:
    a_shop_with(referrals, a_program(FIXED, tiers=TIERS))
    assert rewards(referrals, range(1, 4)) == [500, 500, 1000]
    referrals.record_order(later(a_friends_order("3"), 1, cancelled=PLACED))
    assert rewards(referrals, [4]) == [1000]
    referrals.record_order(later(a_friends_order("4"), 1, cancelled=PLACED))
    referrals.record_order(later(a_friends_order("1"), 1, cancelled=PLACED))
    assert rewards(referrals, [5, 6]) == [500, 1000]
    # One that comes back to life is what it was when it was placed.
    referrals.record_order(later(a_friends_order("1"), 2))
    assert totals(referrals, "1")[1] == 500


def test_a_tier_keeps_its_number_through_every_state(referrals: Referrals) -> None:
    a_shop_with(referrals, a_program(FIXED, tiers=TIERS))
    rewards(referrals, range(1, 5))
    referrals.record_order(later(a_friends_order("3"), net=gbp("60.00")))
    assert totals(referrals, "3")[1] == 1000
    # Whether news of what was undone meanwhile came or not: the first is the first.
    referrals.record_order(later(a_friends_order("1"), 1, disputed=PLACED))
    referrals.record_order(later(a_friends_order("1"), 2))
    assert totals(referrals, "1")[1] == 500


def test_tiers_rest_during_a_campaign_and_go_on_counting(
    referrals: Referrals, clock: Clock
) -> None:
    campaign = Campaign(
        name="gift",
        starts=PLACED,
        ends=PLACED + DAY,
        reward=amount_off("7.00", "GBP"),
    )
    a_shop_with(referrals, a_program(FIXED, tiers=TIERS, campaigns=(campaign,)))
    clock.on(days=2)
    assert rewards(referrals, [1, 2]) == [700, 700]
    referrals.record_order(placed("3", PLACED + DAY))
    assert totals(referrals, "3")[1] == 1000


def test_a_tier_that_asks_more_of_an_order_refuses_it_for_good(referrals: Referrals) -> None:
    """A share shrinks with a refund; a tier in kind falls once too little remains."""
    tiers = (Tier(start=2, reward=percent_off(50)),)
    program = a_program(tiers=tiers, terms=Terms(minimum=gbp("50.00")))
    a_shop_with(referrals, program)
    assert earns(referrals, a_friends_order("1"))
    half = (Refund(id="r", gross=gbp("36.00")),)
    short = a_friends_order("2", refunds=half)
    for seconds in range(4):
        assert referrals.record_order(later(short, seconds)).reasons == ("below_minimum",)
    assert referrals.credit.replay(PLACED, PLACED + DAY).differences == ()
    # It holds no place meanwhile, and takes one when it meets the terms again.
    assert earns(referrals, a_friends_order("3"))
    assert earns(referrals, later(a_friends_order("2"), 9))


@pytest.mark.parametrize("orders", [1, 3])
def test_a_friends_further_orders_count_up_to_a_number(referrals: Referrals, orders: int) -> None:
    a_shop_with(referrals, a_program(terms=Terms(repeats=Repeats(orders=orders))))
    bob = {"email": "bob@friend.example"}
    assert earns(referrals, placed("0", PLACED, **bob))
    got = [
        earns(referrals, placed(str(id), PLACED + timedelta(minutes=id), coupons=(), **bob))
        for id in range(1, 5)
    ]
    assert got == [id < orders for id in range(1, 5)]
    assert earns(referrals, a_friends_order("9", email="eve@friend.example"))


@pytest.mark.parametrize(("days", "counts"), [(10, True), (10.001, False)])
def test_a_friends_further_orders_count_up_to_a_time(
    referrals: Referrals, clock: Clock, days: float, counts: bool
) -> None:
    a_shop_with(referrals, a_program(terms=Terms(repeats=Repeats(days=10))))
    clock.on(days=20)
    bob = {"email": "bob@friend.example"}
    assert earns(referrals, placed("1", PLACED, **bob))
    outcome = referrals.record_order(placed("2", PLACED + days * DAY, coupons=(), **bob))
    assert (outcome.referral is not None) is counts


def test_a_budget_in_yen_is_counted_in_yen(referrals: Referrals) -> None:
    budget = Budget(most=money(500, "JPY"))
    program = a_program(amount_off(300, "JPY"), terms=Terms(budget=budget))
    a_shop_with(referrals, program)
    yen = money(9000, "JPY")
    got = [
        not referrals.record_order(
            a_friends_order(id, net=yen, gross=yen, coupons=(), code="ALICE10")
        ).reasons
        for id in "12"
    ]
    assert got == [True, False]
