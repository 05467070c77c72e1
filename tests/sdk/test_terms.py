"""On which terms an order earns: each term alone, at its edges, through the public door."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from goodword import (
    Line,
    Money,
    Order,
    Outcome,
    Referrals,
    Refund,
    RefundedLine,
    Result,
    State,
    Terms,
    UsedCoupon,
    Worth,
    amount_off,
    money,
    percent_off,
    share_of_order,
)
from tests.sdk.builders import (
    PLACED,
    START,
    Clock,
    a_program,
    a_shop_with,
    an_order,
    gbp,
    later,
    reported,
    totals,
)

FIXED = amount_off("5.00", "GBP")
TEA = Line(id="1", net=gbp("50.00"), product="tea", collections=("drinks", "gifts"))
CUP = Line(id="2", net=gbp("22.00"), product="cup", collections=("wares",))
BASKET = an_order(lines=(TEA, CUP))


def under(referrals: Referrals, reward: Worth | None = None, **terms: Any) -> None:
    """Save a program on these terms, and invite Alice."""
    a_shop_with(referrals, a_program(reward, terms=Terms(**terms)))


def refund_of(line: Line, net: str, id: str = "r1") -> Refund:
    return Refund(id=id, gross=gbp(net), lines=(RefundedLine(line=line.id, net=gbp(net)),))


def refused(outcome: Outcome) -> tuple[str, ...]:
    assert reported(outcome).state in (State.REJECTED, State.REVERSED)
    return outcome.reasons


# The minimum.


@pytest.mark.parametrize(
    ("net", "reasons"),
    [("19.99", ("below_minimum",)), ("20.00", ()), ("20.01", ()), ("0", ("below_minimum",))],
)
def test_the_minimum_is_compared_with_the_base(
    referrals: Referrals, net: str, reasons: tuple[str, ...]
) -> None:
    under(referrals, FIXED, minimum=gbp("20.00"))
    outcome = referrals.record_order(an_order(net=gbp(net), gross=gbp("90.00")))
    assert outcome.reasons == reasons
    assert totals(referrals)[1] == (0 if reasons else 500)


def test_a_fixed_reward_falls_whole_once_too_little_remains(referrals: Referrals) -> None:
    under(referrals, FIXED, minimum=gbp("50.00"))
    referrals.record_order(BASKET)
    stands = referrals.record_order(later(BASKET, 1, refunds=(refund_of(CUP, "22.00"),)))
    assert (stands.reasons, totals(referrals)[1]) == ((), 500)
    falls = referrals.record_order(later(BASKET, 2, refunds=(refund_of(CUP, "22.01"),)))
    assert refused(falls) == ("below_minimum",)
    assert totals(referrals)[1] == 0


def test_a_share_shrinks_and_a_refund_never_brings_it_below_the_minimum(
    referrals: Referrals,
) -> None:
    under(referrals, minimum=gbp("50.00"))
    outcome = referrals.record_order(later(BASKET, refunds=(refund_of(TEA, "50.00"),)))
    assert (outcome.reasons, totals(referrals)[1]) == ((), 220)


# Whose first order it is.


@pytest.mark.parametrize("term", ["first_order_only", "new_customer_only"])
@pytest.mark.parametrize(("told", "counts"), [(True, True), (False, False), (None, True)])
def test_the_shops_word_on_a_first_order_counts(
    referrals: Referrals, term: str, told: bool | None, counts: bool
) -> None:
    under(referrals, None, **{term: True})
    outcome = referrals.record_order(an_order(first_order=told))
    why = {"first_order_only": "not_first_order", "new_customer_only": "not_new_customer"}
    assert outcome.reasons == (() if counts else (why[term],))


@pytest.mark.parametrize("term", ["first_order_only", "new_customer_only"])
def test_without_the_shops_word_our_own_history_decides(referrals: Referrals, term: str) -> None:
    under(referrals, None, **{term: True})
    earlier = PLACED - timedelta(hours=1)
    referrals.record_order(
        an_order(id="1", coupons=(), placed=earlier, modified=earlier, paid=None)
    )
    assert refused(referrals.record_order(an_order()))


@pytest.mark.parametrize("undone", [{"cancelled": PLACED}, {"test": True}])
def test_what_was_cancelled_or_a_test_is_no_earlier_order(
    referrals: Referrals, undone: dict[str, Any]
) -> None:
    under(referrals, first_order_only=True)
    earlier = PLACED - timedelta(hours=1)
    referrals.record_order(an_order(id="1", coupons=(), placed=earlier, modified=earlier, **undone))
    assert referrals.record_order(an_order()).reasons == ()


def test_somebody_elses_order_is_no_earlier_one(referrals: Referrals) -> None:
    under(referrals, first_order_only=True)
    earlier = PLACED - timedelta(hours=1)
    referrals.record_order(an_order(id="1", placed=earlier, email="dan@friend.example"))
    assert referrals.record_order(an_order()).reasons == ()


def test_a_first_order_that_arrives_late_is_asked_once(referrals: Referrals) -> None:
    """What was measured as of the placing is kept, whatever is heard of afterwards."""
    under(referrals, first_order_only=True)
    assert referrals.record_order(an_order()).reasons == ()
    earlier = PLACED - timedelta(hours=1)
    referrals.record_order(an_order(id="1", coupons=(), placed=earlier))
    assert referrals.record_order(later(an_order())).reasons == ()


@pytest.mark.parametrize(
    ("days", "counts"), [(None, True), (0, True), (30, True), (30.001, False), (400, False)]
)
def test_an_account_older_than_the_window_is_no_new_customers(
    referrals: Referrals, days: float | None, counts: bool
) -> None:
    under(referrals, new_customer_only=True)
    since = None if days is None else PLACED - timedelta(days=days)
    outcome = referrals.record_order(an_order(customer="k-1", customer_since=since))
    assert outcome.reasons == (() if counts else ("not_new_customer",))


def test_an_old_account_may_still_place_its_first_order(referrals: Referrals) -> None:
    under(referrals, first_order_only=True)
    since = PLACED - timedelta(days=400)
    assert referrals.record_order(an_order(customer="k-1", customer_since=since)).reasons == ()


# Which goods count.


@pytest.mark.parametrize(
    ("terms", "share"),
    [
        ({"products": ("tea",)}, 500),
        ({"collections": ("gifts",)}, 500),
        ({"collections": ("wares", "drinks")}, 720),
        ({"products": ("cup",), "collections": ("gifts",)}, 720),
        ({"without_products": ("tea",)}, 220),
        ({"without_collections": ("wares",)}, 500),
        ({"collections": ("drinks",), "without_products": ("tea",)}, 0),
        ({"products": ("tea",), "without_collections": ("gifts",)}, 0),
        ({"products": ("pot",)}, 0),
        ({"without_products": ("pot",)}, 720),
    ],
)
def test_a_share_is_taken_of_the_goods_that_count(
    referrals: Referrals, terms: dict[str, Any], share: int
) -> None:
    under(referrals, **terms)
    outcome = referrals.record_order(BASKET)
    assert outcome.reasons == (() if share else ("excluded_items",))
    assert totals(referrals) == (800, share)


def test_a_minimum_is_of_the_goods_that_count(referrals: Referrals) -> None:
    under(referrals, FIXED, products=("cup",), minimum=gbp("22.01"))
    assert refused(referrals.record_order(BASKET)) == ("below_minimum",)


def test_a_fixed_reward_needs_goods_that_count(referrals: Referrals) -> None:
    under(referrals, FIXED, products=("pot",))
    assert refused(referrals.record_order(BASKET)) == ("excluded_items",)
    assert totals(referrals)[1] == 0


@pytest.mark.parametrize(
    ("refund", "share", "reasons"),
    [
        (refund_of(CUP, "22.00"), 500, ()),
        (refund_of(TEA, "20.00"), 300, ()),
        (refund_of(TEA, "50.00"), 0, ("refunded",)),
        (refund_of(Line(id="9", net=gbp("7")), "7.00"), 430, ()),
        (Refund(id="r1", gross=gbp("36.00")), 250, ()),
        (Refund(id="r1", gross=gbp("72.00")), 0, ("refunded",)),
        (Refund(id="r1", gross=gbp("7.00"), lines=()), 500, ()),
    ],
)
def test_a_refund_takes_of_what_counts_as_much_as_came_back_of_it(
    referrals: Referrals, refund: Refund, share: int, reasons: tuple[str, ...]
) -> None:
    under(referrals, products=("tea",))
    referrals.record_order(BASKET)
    outcome = referrals.record_order(later(BASKET, refunds=(refund,)))
    assert (outcome.reasons, totals(referrals)[1]) == (reasons, share)


# Where it goes, and what kind of order it is.


@pytest.mark.parametrize(
    ("terms", "country", "counts"),
    [
        ({"countries": ("TW", "GB")}, "GB", True),
        ({"countries": ("TW", "GB")}, "FR", False),
        ({"countries": ("TW", "GB")}, None, False),
        ({"without_countries": ("FR",)}, "GB", True),
        ({"without_countries": ("FR",)}, "FR", False),
        ({"without_countries": ("FR",)}, None, True),
        ({}, None, True),
    ],
)
def test_an_unknown_country_is_in_no_list(
    referrals: Referrals, terms: dict[str, Any], country: str | None, counts: bool
) -> None:
    under(referrals, **terms)
    outcome = referrals.record_order(an_order(country=country))
    assert outcome.reasons == (() if counts else ("country",))


@pytest.mark.parametrize(
    ("terms", "kind", "counts"),
    [
        ({"order_kinds": ("online",)}, "online", True),
        ({"order_kinds": ("online",)}, "pos", False),
        ({"without_order_kinds": ("renewal",)}, "renewal", False),
        ({"without_order_kinds": ("renewal",)}, "online", True),
    ],
)
def test_orders_of_some_kinds_count(
    referrals: Referrals, terms: dict[str, Any], kind: str, counts: bool
) -> None:
    under(referrals, **terms)
    outcome = referrals.record_order(an_order(kind=kind))
    assert outcome.reasons == (() if counts else ("order_kind",))


def test_all_that_stands_in_the_way_is_said(referrals: Referrals) -> None:
    under(referrals, FIXED, minimum=gbp("100"), countries=("TW",), order_kinds=("pos",))
    outcome = referrals.record_order(an_order(first_order=False))
    assert outcome.reasons == ("below_minimum", "country", "order_kind")


# Proportion.


@pytest.mark.parametrize(
    ("back", "reward"), [("0.01", 499), ("36.00", 250), ("71.99", 0), ("72.00", 0)]
)
def test_by_choice_a_fixed_reward_shrinks_in_proportion(
    referrals: Referrals, back: str, reward: int
) -> None:
    under(referrals, FIXED, proportional=True, minimum=gbp("60.00"))
    referrals.record_order(BASKET)
    referrals.record_order(later(BASKET, refunds=(Refund(id="r1", gross=gbp(back)),)))
    assert totals(referrals)[1] == reward


def test_what_shrinks_in_taiwan_stays_whole_dollars(referrals: Referrals) -> None:
    a_shop_with(referrals, a_program(amount_off("100", "TWD"), terms=Terms(proportional=True)))
    whole = money("1000", "TWD")
    coupon = UsedCoupon(text="ref-alice10", discount=money("100", "TWD"))
    order = an_order(net=whole, gross=whole, coupons=(coupon,))
    referrals.record_order(order)
    back = Refund(id="r1", gross=money("333", "TWD"))
    referrals.record_order(later(order, refunds=(back,)))
    assert totals(referrals)[1] == 66_00


# Versions.


@pytest.mark.parametrize("change", [{}, {"refunds": (Refund(id="r1", gross=gbp("36.00")),)}])
def test_an_earning_keeps_its_version(
    referrals: Referrals, clock: Clock, change: dict[str, Any]
) -> None:
    a_shop_with(referrals)
    referrals.record_order(an_order())
    clock.on(minutes=1)
    referrals.programs.save(a_program(share_of_order(50), terms=Terms(minimum=gbp("500"))))
    outcome = referrals.record_order(later(an_order(), **change))
    assert (reported(outcome).version, outcome.reasons) == (1, ())
    assert totals(referrals)[1] == (360 if change else 720)


def test_an_order_heard_of_late_is_decided_by_the_version_of_its_placing(
    referrals: Referrals, clock: Clock
) -> None:
    a_shop_with(referrals)
    clock.on(days=1)
    referrals.programs.save(a_program(percent_off(15)))
    outcome = referrals.record_order(an_order())
    after = an_order(id="18", placed=clock.at, modified=clock.at)
    assert (reported(outcome).version, reported(referrals.record_order(after)).version) == (1, 2)


def test_an_order_in_another_currency_than_what_is_fixed_earns_nothing(
    referrals: Referrals,
) -> None:
    under(referrals, FIXED)
    euro = money("72.00", "EUR")
    outcome = referrals.record_order(in_currency(an_order(), euro))
    assert (outcome.result, refused(outcome)) == (Result.CREATED, ("currency_differs",))


def in_currency(order: Order, amount: Money) -> Order:
    coupon = UsedCoupon(text="ref-alice10", discount=Money(800, amount.unit))
    return an_order(id=order.id, net=amount, gross=amount, coupons=(coupon,))


def test_before_the_program_was_saved_nothing_was_promised(referrals: Referrals) -> None:
    a_shop_with(referrals)
    long_before = START - timedelta(days=1)
    order = an_order(placed=long_before, modified=long_before, paid=long_before)
    assert refused(referrals.record_order(order)) == ("program_not_live",)
