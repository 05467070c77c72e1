"""Net or gross, in yen, dollars or fils, with goods that do not count: a share is exact."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from goodword import (
    Line,
    Money,
    Order,
    OrderInvalid,
    Part,
    Referrals,
    Refund,
    RefundedLine,
    Terms,
    UsedCoupon,
    amount_off,
    money,
    share_of_order,
)
from goodword.model.credit import Evidence
from goodword.rules import booking
from goodword.rules.credit import credit
from tests.sdk import oracle
from tests.sdk.builders import PLACED, a_candidate, a_program, a_shop_with, an_order, later, totals
from tests.sdk.oracle import Promise

SHARE = Promise(reward=share_of_order("12.5"), share=Fraction(1, 8))


def order_in(unit: str, net: str, gross: str, off: str = "0", **changes: Any) -> Order:
    coupon = UsedCoupon(text="ref-alice10", discount=money(off, unit))
    return an_order(net=money(net, unit), gross=money(gross, unit), coupons=(coupon,), **changes)


def by_line(unit: str, gross: str, net: str, line: str = "4", id: str = "r1") -> Refund:
    lines = (RefundedLine(line=line, net=money(net, unit)),)
    return Refund(id=id, gross=money(gross, unit), lines=lines)


def by_amount(unit: str, gross: str, id: str = "r2") -> Refund:
    return Refund(id=id, gross=money(gross, unit))


# What is left, worked out by hand: offer, reward.
CASES = {
    # Tax on top: 100.00 goods, 20.00 tax; half the payment back is half the goods.
    "tax on top, by amount": (
        *("GBP", "100.00", "120.00", "10.00"),
        (by_amount("GBP", "60.00"),),
        (500, 625),
    ),
    # A share of 12.5 % of 100.00 - 33.33 = 66.67.
    "tax on top, by line": (
        *("GBP", "100.00", "120.00", "10.00"),
        (by_line("GBP", "40.00", "33.33"),),
        (666, 833),
    ),
    "no tax at all": (*("GBP", "72.00", "72.00", "8.00"), (by_amount("GBP", "18.00"),), (600, 675)),
    # Yen have no decimals: 7,205 goods in a price of 8,425 with tax and shipping.
    "yen by amount": (*("JPY", "7205", "8425", "800"), (by_amount("JPY", "1000"),), (705, 793)),
    "yen by line": (*("JPY", "7205", "8425", "800"), (by_line("JPY", "1100", "1000"),), (688, 775)),
    # What the engine grants in TWD is whole dollars: 12.5 % of 1,999.00 - 500.00 is 187.375.
    "dollars of Taiwan by line": (
        *("TWD", "1999.00", "2099.00", "200.00"),
        (by_line("TWD", "525.00", "500.00"),),
        (14997, 18700),
    ),
    "dollars of Taiwan by amount": (
        *("TWD", "1999.00", "2099.00", "200.00"),
        (by_amount("TWD", "1.00"),),
        (19990, 24900),
    ),
    # Fils are thousandths: 12.5 % of 12.345 - 0.001.
    "dinars by line": (
        *("KWD", "12.345", "12.345", "1.234"),
        (by_line("KWD", "0.001", "0.001"),),
        (1233, 1543),
    ),
    "dinars by amount": (
        *("KWD", "12.345", "13.345", "1.234"),
        (by_amount("KWD", "6.000"),),
        (679, 849),
    ),
    "shipping alone": (
        *("GBP", "72.00", "79.20", "8.00"),
        (Refund(id="r3", gross=money("7.20", "GBP"), lines=()),),
        (800, 900),
    ),
    "more than the goods": (
        *("GBP", "72.00", "99.00", "8.00"),
        (by_line("GBP", "90.00", "80.00"),),
        (0, 0),
    ),
    "by line and by amount": (
        *("GBP", "100.00", "120.00", "10.00"),
        (by_line("GBP", "24.00", "20.00"), by_amount("GBP", "12.00")),
        (700, 875),
    ),
}


@pytest.mark.parametrize(
    ("unit", "net", "gross", "off", "refunds", "left"), CASES.values(), ids=CASES
)
@pytest.mark.parametrize("alone", [False, True], ids=["in the state", "alone"])
def test_a_refund_leaves_an_exact_share(
    referrals: Referrals,
    unit: str,
    net: str,
    gross: str,
    off: str,
    refunds: tuple[Refund, ...],
    left: tuple[int, int],
    alone: bool,
) -> None:
    a_shop_with(referrals, a_program(share_of_order("12.5")))
    order = order_in(unit, net, gross, off)
    referrals.record_order(order)
    if alone:
        for refund in reversed(refunds):
            referrals.record_refund("17", refund)
    else:
        referrals.record_order(later(order, refunds=refunds))
    assert totals(referrals) == left
    whole = replace(order, refunds=refunds)
    discount = order.coupons[0].discount.minor
    promised = replace(SHARE, unit=unit)
    assert (oracle.offer_of(whole, discount), oracle.reward_of(whole, promised)) == left


def test_one_refund_of_more_than_the_order_cost_is_refused_by_field(referrals: Referrals) -> None:
    a_shop_with(referrals)
    referrals.record_order(an_order())
    with pytest.raises(OrderInvalid, match=r"refund\.gross"):
        referrals.record_refund("17", by_amount("GBP", "72.01"))
    assert totals(referrals) == (800, 720)


def test_a_refund_that_one_state_tells_twice_is_one(referrals: Referrals) -> None:
    a_shop_with(referrals)
    back = by_amount("GBP", "36.00")
    referrals.record_order(an_order(refunds=(back, back)))
    assert totals(referrals) == (400, 360)
    referrals.record_refund("17", back)
    assert totals(referrals) == (400, 360)


# Goods that do not count.

TEA, CUP = (
    Line(id="4", product="tea", net=money("40.00", "GBP")),
    Line(id="5", product="cup", net=money("32.00", "GBP")),
)
TEA_ONLY = replace(SHARE, counting=frozenset({"tea"}))


@pytest.mark.parametrize(
    ("refunds", "reward"),
    [
        ((), 500),
        ((by_line("GBP", "32.00", "32.00", line="5"),), 500),
        ((by_line("GBP", "10.00", "10.00", line="4"),), 375),
        ((by_amount("GBP", "36.00"),), 250),
        ((by_line("GBP", "40.00", "40.00", line="4"),), 0),
        # A line that the order does not know is held against what counts.
        ((by_line("GBP", "8.00", "8.00", line="9"),), 400),
    ],
)
@pytest.mark.parametrize(
    "terms", [Terms(products=("tea",)), Terms(without_products=("cup",))], ids=["only", "without"]
)
def test_a_refund_of_goods_that_do_not_count_takes_nothing_back(
    referrals: Referrals, terms: Terms, refunds: tuple[Refund, ...], reward: int
) -> None:
    a_shop_with(referrals, a_program(share_of_order("12.5"), terms=terms))
    order = an_order(lines=(TEA, CUP), refunds=refunds)
    referrals.record_order(order)
    assert totals(referrals)[1] == reward == oracle.reward_of(order, TEA_ONLY)


@pytest.mark.parametrize(("net", "stands"), [("40.00", True), ("39.99", False), ("33.00", False)])
def test_what_is_fixed_is_held_against_the_goods_that_count(
    referrals: Referrals, net: str, stands: bool
) -> None:
    terms = Terms(products=("tea",), minimum=money("40.00", "GBP"))
    a_shop_with(referrals, a_program(amount_off("5.00", "GBP"), terms=terms))
    referrals.record_order(an_order(lines=(replace(TEA, net=money(net, "GBP")), CUP)))
    assert totals(referrals)[1] == (500 if stands else 0)


# Any amounts: the rule against the oracle.

WINNER = a_candidate()
units = st.sampled_from(["GBP", "JPY", "TWD", "KWD"])
minors = st.integers(0, 10_000_000)
percents = st.integers(1, 10_000)
lines = st.lists(st.tuples(st.sampled_from("456"), minors), max_size=2)


@given(
    unit=units,
    net=minors,
    on_top=minors,
    hundredths=percents,
    back=st.lists(st.tuples(minors, st.none() | lines), max_size=4),
    split=st.integers(0, 100),
    only_tea=st.booleans(),
)
def test_whatever_came_back_a_share_is_what_the_formula_says(
    unit: str,
    net: int,
    on_top: int,
    hundredths: int,
    back: list[tuple[int, list[tuple[str, int]] | None]],
    split: int,
    only_tea: bool,
) -> None:
    gross = net + on_top
    assume(all(amount <= gross for amount, _ in back))
    refunds = tuple(
        Refund(
            id=str(place),
            gross=Money(amount, unit),
            lines=None
            if came is None
            else tuple(RefundedLine(line=line, net=Money(part, unit)) for line, part in came),
        )
        for place, (amount, came) in enumerate(back)
    )
    tea = net * split // 100
    order = an_order(
        net=Money(net, unit),
        gross=Money(gross, unit),
        lines=(
            Line(id="4", product="tea", net=Money(tea, unit)),
            Line(id="5", product="cup", net=Money(net - tea, unit)),
        ),
        coupons=(UsedCoupon(text="ref-alice10", discount=Money(net // 9, unit)),),
        refunds=refunds,
    )
    terms = Terms(products=("tea",) if only_tea else ())
    percent = f"{hundredths // 100}.{hundredths % 100:02}"
    program = replace(a_program(share_of_order(percent), terms=terms), version=1)
    program = replace(program, starts=PLACED)
    evidence = Evidence(candidates=(WINNER,), programs=(program,), offers=("ref-alice10",))
    decision = credit(order, evidence)
    shares = {one.part: one.worth.minor for one in booking.should_be(decision, order, evidence)}
    promised = Promise(
        reward=program.reward,
        share=Fraction(hundredths, 10_000),
        unit=unit,
        counting=frozenset({"tea"}) if only_tea else None,
    )
    assert shares.get(Part.REWARD, 0) == oracle.reward_of(order, promised)
    assert shares.get(Part.OFFER, 0) == oracle.offer_of(order, net // 9)
