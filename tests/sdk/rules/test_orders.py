"""Whether an order can be true, which of its states counts, and what refunds leave of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword import (
    Landing,
    Line,
    Money,
    Order,
    OrderInvalid,
    Refund,
    RefundedLine,
    UsedCoupon,
    money,
)
from goodword.rules.items import is_refunded, remaining
from goodword.rules.orders import (
    Newness,
    check,
    check_id,
    check_refund,
    newness,
    with_refunds,
)
from tests.sdk.builders import PLACED, an_order, gbp, used

SOONER, LATER = PLACED, PLACED + timedelta(seconds=1)
EUR = money("1.00", "EUR")


def by_line(*nets: str, gross: str = "1.00", id: str = "18") -> Refund:
    lines = (RefundedLine(line=str(place), net=gbp(net)) for place, net in enumerate(nets))
    return Refund(id=id, gross=gbp(gross), lines=tuple(lines))


def by_amount(gross: str, id: str = "19") -> Refund:
    return Refund(id=id, gross=gbp(gross))


# Which state counts.


@pytest.mark.parametrize(
    ("modified", "same_facts", "kept", "confirmed", "expected"),
    [
        (LATER, False, SOONER, False, Newness.NEW),
        (LATER, True, SOONER, False, Newness.NEW),
        (SOONER, False, LATER, False, Newness.OLD),
        (SOONER, True, LATER, False, Newness.OLD),
        (SOONER, False, LATER, True, Newness.OLD),
        (SOONER, True, SOONER, False, Newness.SAME),
        (SOONER, True, SOONER, True, Newness.SAME),
        (SOONER, False, SOONER, False, Newness.CONFLICT),
        (SOONER, False, SOONER, True, Newness.NEW),
        (None, False, None, False, Newness.NEW),
        (None, True, None, False, Newness.SAME),
        (None, False, SOONER, False, Newness.NEW),
        (None, True, SOONER, False, Newness.NEW),
        (SOONER, False, None, False, Newness.NEW),
        (SOONER, True, None, False, Newness.NEW),
    ],
)
def test_newness(
    modified: datetime | None,
    same_facts: bool,
    kept: datetime | None,
    confirmed: bool,
    expected: Newness,
) -> None:
    assert newness(modified, same_facts, kept, confirmed=confirmed) is expected
    assert newness(modified, same_facts, kept, confirmed=confirmed, now=LATER) is expected


@pytest.mark.parametrize(
    ("ahead", "confirmed", "expected"),
    [
        (timedelta(minutes=9), True, Newness.OLD),
        (timedelta(minutes=11), True, Newness.NEW),
        (timedelta(minutes=11), False, Newness.OLD),
    ],
)
def test_a_clock_that_ran_ahead_holds_off_nothing_that_the_shop_says_now(
    ahead: timedelta, confirmed: bool, expected: Newness
) -> None:
    kept = SOONER + ahead
    assert newness(SOONER, False, kept, confirmed=confirmed, now=SOONER) is expected


# What refunds leave.


@pytest.mark.parametrize(
    ("refunds", "left"),
    [
        ((), 7200),
        ((by_line("36.00"),), 3600),
        ((by_line("36.00", "0.01"),), 3599),
        ((by_amount("36.00"),), 3600),
        ((by_line("12.00"), by_amount("36.00")), 2400),
        ((by_line(),), 7200),
        ((by_line("99.00"),), 0),
        ((by_line("72.00"),), 0),
        ((by_amount("71.00"), by_line("36.00")), 0),
        ((by_amount("36.00", "18"), by_amount("36.00", "19")), 0),
        ((by_amount("99.00"),), 0),
    ],
)
def test_what_refunds_leave_of_the_goods(refunds: tuple[Refund, ...], left: int) -> None:
    assert remaining(an_order(refunds=refunds)) == left


def test_tax_and_shipping_are_given_back_in_proportion() -> None:
    order = an_order(net=gbp("60.00"), gross=gbp("90.00"), refunds=(by_amount("30.00"),))
    assert remaining(order) == 4000


def test_a_refund_of_shipping_leaves_the_goods() -> None:
    shipping = Refund(id="18", gross=gbp("4.95"), lines=())
    order = an_order(gross=gbp("76.95"), refunds=(shipping,))
    assert remaining(order) == 7200


def test_what_is_left_is_exact() -> None:
    order = an_order(net=gbp("10.00"), gross=gbp("30.00"), refunds=(by_amount("0.01"),))
    assert remaining(order) == Fraction(1000) - Fraction(1, 3)


def test_an_order_that_cost_nothing_has_nothing_left_to_refund() -> None:
    free = an_order(net=gbp("0"), gross=gbp("0"))
    assert remaining(free) == 0
    assert not is_refunded(free)
    given_back = an_order(net=gbp("0"), gross=gbp("0"), refunds=(by_amount("0"),))
    assert remaining(given_back) == 0
    assert is_refunded(given_back)


def test_goods_paid_with_a_gift_card_only_are_still_goods() -> None:
    assert remaining(an_order(net=gbp("72.00"), gross=gbp("0"))) == 7200


def test_the_shops_word_is_enough() -> None:
    order = an_order(refunded=True)
    assert is_refunded(order)
    assert remaining(order) == 0


amounts = st.integers(0, 10_000).map(lambda minor: Money(minor, "GBP"))
refund_lines = st.lists(amounts.map(lambda net: RefundedLine(line="4", net=net)), max_size=3)
refunds = st.builds(
    Refund, id=st.text("123", min_size=1), gross=amounts, lines=st.none() | refund_lines.map(tuple)
)


@given(net=amounts, gross=amounts, refunds=st.lists(refunds, max_size=4).map(tuple))
def test_something_between_nothing_and_all_is_left(
    net: Money, gross: Money, refunds: tuple[Refund, ...]
) -> None:
    order = an_order(net=net, gross=gross, refunds=refunds)
    assert 0 <= remaining(order) <= net.minor
    assert remaining(order) == remaining(an_order(net=net, gross=gross, refunds=refunds[::-1]))


@given(net=amounts, gross=amounts, refunds=st.lists(refunds, min_size=1, max_size=4))
def test_each_refund_leaves_less(net: Money, gross: Money, refunds: list[Refund]) -> None:
    less = an_order(net=net, gross=gross, refunds=tuple(refunds))
    more = an_order(net=net, gross=gross, refunds=tuple(refunds[1:]))
    assert remaining(less) <= remaining(more)


# Refunds reported alone.


def test_refunds_are_joined_by_id() -> None:
    order = an_order(refunds=(by_line("1.00", id="2"), by_line("2.00", id="3")))
    joined = with_refunds(order, [by_amount("5.00", "3"), by_amount("5.00", "1")])
    assert joined.refunds == (
        by_amount("5.00", "1"),
        by_line("1.00", id="2"),
        by_line("2.00", id="3"),
    )


def test_without_refunds_alone_the_order_stays_as_it_is() -> None:
    order = an_order(refunds=(by_amount("2.00", "9"), by_amount("1.00", "8")))
    assert with_refunds(order, ()) is order


def test_a_refund_in_another_currency_is_none_of_the_orders() -> None:
    assert with_refunds(an_order(), [Refund(id="18", gross=EUR)]) == an_order()


# What cannot be true.


def test_an_order_that_can_be_true_is_let_through() -> None:
    check(
        an_order(
            lines=(Line(id="4", net=gbp("72.00"), product="茶"),),
            code="美好",
            landing=Landing(code="x", at=PLACED),
            cancelled=PLACED,
            refunds=(by_line("1.00"),),
        )
    )


NAIVE = datetime(2026, 11, 22)  # noqa: DTZ001
ELSEWHERE = datetime(2026, 11, 22, tzinfo=timezone(timedelta(hours=8)))
TOO_LATE = datetime(9001, 1, 1, tzinfo=UTC)
MOMENTS = [
    (name, {name: moment})
    for name in ("placed", "modified", "paid", "cancelled")
    for moment in (NAIVE, ELSEWHERE, TOO_LATE)
]


@pytest.mark.parametrize(
    ("field", "change"),
    [
        *MOMENTS,
        ("id", {"id": ""}),
        ("id", {"id": "x" * 256}),
        ("id", {"id": "\0"}),
        ("customer", {"customer": "x" * 256}),
        ("customer", {"customer": "\0"}),
        ("email", {"email": "\0"}),
        ("code", {"code": "\0"}),
        ("visit", {"visit": "\ud800"}),
        ("landing.code", {"landing": Landing(code="\0")}),
        ("landing.at", {"landing": Landing(code="x", at=NAIVE)}),
        ("net", {"net": Money(72.5, "GBP")}),  # type: ignore[arg-type]
        ("net", {"net": gbp("-0.01")}),
        ("gross", {"gross": gbp("-0.01")}),
        ("gross", {"gross": EUR}),
        ("net", {"net": Money(100, "gbp"), "gross": Money(100, "gbp")}),
        ("net", {"net": Money(1, "piece:percent_off")}),
        ("gross", {"gross": Money(10**15 + 1, "GBP")}),
        ("lines.id", {"lines": (Line(id="\0", net=gbp("1")),)}),
        ("lines.product", {"lines": (Line(id="4", product="\0", net=gbp("1")),)}),
        ("lines.net", {"lines": (Line(id="4", net=EUR),)}),
        ("lines.net", {"lines": (Line(id="4", net=gbp("-1")),)}),
        ("coupons.text", {"coupons": used("\0")}),
        ("coupons.discount", {"coupons": (UsedCoupon(text="x", discount=EUR),)}),
        ("coupons.discount", {"coupons": used("x", "-1")}),
        ("refund.gross", {"refunds": (Refund(id="18", gross=EUR),)}),
        ("refunds", {"refunds": (by_amount("1.00"), by_amount("2.00"))}),
    ],
)
def test_what_cannot_be_true_is_named(field: str, change: dict[str, Any]) -> None:
    refuses(field, lambda: check(an_order(**change)))


def refuses(field: str, ask: Any) -> None:
    with pytest.raises(OrderInvalid) as caught:
        ask()
    assert caught.value.facts["field"] == field
    assert caught.value.facts["mend"]
    assert caught.value.facts["mend"] in str(caught.value)


@pytest.mark.parametrize("order", [an_order(), None])
@pytest.mark.parametrize(
    ("field", "refund"),
    [
        ("refund.id", by_amount("1.00", "")),
        ("refund.id", by_amount("1.00", "\0")),
        ("refund.at", Refund(id="18", gross=gbp("1.00"), at=NAIVE)),
        ("refund.at", Refund(id="18", gross=gbp("1.00"), at=TOO_LATE)),
        ("refund.gross", by_amount("-0.01")),
        ("refund.gross", Refund(id="18", gross=Money(1, "XXX"))),
        ("refund.lines.net", by_line("-0.01")),
        (
            "refund.lines.net",
            Refund(id="1", gross=gbp("1"), lines=(RefundedLine(line="4", net=EUR),)),
        ),
        (
            "refund.lines.line",
            Refund(id="1", gross=gbp("1"), lines=(RefundedLine(line="\0", net=gbp("1")),)),
        ),
    ],
)
def test_a_refund_that_cannot_be_true_is_named_with_and_without_its_order(
    field: str, refund: Refund, order: Order | None
) -> None:
    refuses(field, lambda: check_refund(refund, order))


def test_a_refund_gives_back_at_most_what_its_order_cost() -> None:
    check_refund(by_amount("72.00"), an_order())
    check_refund(by_amount("72.01"), None)
    refuses("refund.gross", lambda: check_refund(by_amount("72.01"), an_order()))


@pytest.mark.parametrize("id", ["1", "x" * 255, "茶-1"])
def test_a_shops_own_id_is_let_through(id: str) -> None:
    check_id("id", id)
