"""A refund reported alone joins its order's state, whichever comes first."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from goodword import (
    OrderInvalid,
    Outcome,
    Referrals,
    Refund,
    RefundConflict,
    RefundedLine,
    Result,
    State,
    UnknownOrder,
    money,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import PLACED, REFUND_18, an_order, at_once, every_row, gbp, later, totals

pytestmark = pytest.mark.usefixtures("code")

BY_AMOUNT = Refund(id="19", gross=gbp("18.00"))


def test_a_refund_takes_its_share_back(referrals: Referrals) -> None:
    first = referrals.record_order(an_order())
    outcome = referrals.record_refund("17", REFUND_18)
    assert outcome == Outcome(result=outcome.result, referral=first.referral)
    assert outcome.result == "updated"
    assert totals(referrals) == (400, 360)
    assert referrals.record_refund("17", BY_AMOUNT).result == "updated"
    assert totals(referrals) == (200, 180)


def test_a_refund_of_everything_reverses_the_referral(referrals: Referrals) -> None:
    referrals.record_order(an_order())
    outcome = referrals.record_refund("17", replace(BY_AMOUNT, gross=gbp("72.00")))
    assert outcome.reasons == ("refunded",)
    assert outcome.referral is not None
    assert outcome.referral.state is State.REVERSED
    assert totals(referrals) == (0, 0)


def test_a_refund_before_its_order_waits_for_it(referrals: Referrals) -> None:
    for _ in range(2):
        assert referrals.record_refund("17", REFUND_18) == Outcome(result=Result.QUEUED)
    with pytest.raises(UnknownOrder):
        referrals.credit.explain("17")
    assert referrals.record_order(an_order()).result == "created"
    assert totals(referrals) == (400, 360)


def test_the_same_refund_twice_counts_once(engine: Engine, referrals: Referrals) -> None:
    referrals.record_order(an_order())
    first = referrals.record_refund("17", REFUND_18)
    before = every_row(engine)
    again = referrals.record_refund("17", REFUND_18)
    assert again == replace(first, result=again.result)
    assert again.result == "duplicate"
    assert every_row(engine) == before


def test_a_refund_that_the_order_names_too_counts_once(referrals: Referrals) -> None:
    referrals.record_order(an_order())
    referrals.record_refund("17", REFUND_18)
    referrals.record_order(later(an_order(), refunds=(REFUND_18, BY_AMOUNT)))
    assert totals(referrals) == (200, 180)


def test_a_refund_stays_though_a_later_state_does_not_name_it(referrals: Referrals) -> None:
    referrals.record_order(an_order())
    referrals.record_refund("17", REFUND_18)
    referrals.record_order(later(an_order(), net=gbp("60.00")))
    assert totals(referrals)[1] == 240


def test_a_refund_that_only_an_older_state_named_is_gone(referrals: Referrals) -> None:
    referrals.record_order(an_order(refunds=(REFUND_18,)))
    referrals.record_order(later(an_order()))
    assert totals(referrals) == (800, 720)


def test_the_orders_own_word_on_a_refund_counts(referrals: Referrals) -> None:
    referrals.record_refund("17", replace(REFUND_18, lines=None))
    referrals.record_order(an_order(gross=gbp("144.00"), refunds=(REFUND_18,)))
    assert totals(referrals) == (400, 360)


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    "change", [{"gross": gbp("35.00")}, {"lines": None}, {"lines": ()}, {"at": None}]
)
def test_the_same_refund_with_other_facts_is_a_conflict(
    engine: Engine, referrals: Referrals, known: bool, change: dict[str, Any]
) -> None:
    if known:
        referrals.record_order(an_order())
    referrals.record_refund("17", REFUND_18)
    before = every_row(engine)
    with pytest.raises(RefundConflict, match="use another refund id") as caught:
        referrals.record_refund("17", replace(REFUND_18, **change))
    assert caught.value.facts == {"id": "18", "order": "17"}
    assert every_row(engine) == before


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("refund.gross", {"gross": gbp("72.01")}),
        ("refund.gross", {"gross": gbp("-1.00")}),
        ("refund.gross", {"gross": money("36.00", "EUR")}),
        ("refund.lines.net", {"lines": (RefundedLine(line="4", net=money("1", "EUR")),)}),
        ("refund.lines.net", {"lines": (RefundedLine(line="4", net=gbp("-1.00")),)}),
        ("refund.lines.line", {"lines": (RefundedLine(line="\0", net=gbp("1.00")),)}),
        ("refund.at", {"at": PLACED.replace(tzinfo=None)}),
        ("refund.id", {"id": ""}),
        ("refund.id", {"id": "1" * 256}),
    ],
)
def test_a_refund_that_cannot_be_true_leaves_nothing(
    engine: Engine, referrals: Referrals, field: str, change: dict[str, Any]
) -> None:
    referrals.record_order(an_order())
    before = every_row(engine)
    with pytest.raises(OrderInvalid) as caught:
        referrals.record_refund("17", replace(REFUND_18, **change))
    assert caught.value.facts["field"] == field
    assert every_row(engine) == before


@pytest.mark.parametrize("order", ["", "1" * 256, "\0"])
def test_a_refund_of_no_order_leaves_nothing(
    engine: Engine, referrals: Referrals, order: str
) -> None:
    before = every_row(engine)
    with pytest.raises(OrderInvalid) as caught:
        referrals.record_refund(order, REFUND_18)
    assert caught.value.facts["field"] == "order"
    assert every_row(engine) == before


def test_a_refund_larger_than_its_order_is_told_both_sums(referrals: Referrals) -> None:
    referrals.record_order(an_order())
    with pytest.raises(OrderInvalid, match="more than order '17' cost") as caught:
        referrals.record_refund("17", replace(REFUND_18, gross=gbp("72.01")))
    assert (caught.value.facts["refund"], caught.value.facts["gross"]) == (7201, 7200)


def test_a_queued_refund_that_does_not_fit_never_loses_the_order(referrals: Referrals) -> None:
    referrals.record_refund("17", replace(REFUND_18, gross=money("36.00", "EUR"), lines=None))
    referrals.record_refund("17", replace(BY_AMOUNT, gross=gbp("99.00")))
    assert referrals.record_order(an_order()).reasons == ("refunded",)


def test_currencies_never_add_up(referrals: Referrals) -> None:
    referrals.record_refund("17", replace(REFUND_18, gross=money("72.00", "EUR"), lines=None))
    referrals.record_order(an_order())
    assert totals(referrals) == (800, 720)


def test_an_order_and_its_refunds_may_arrive_all_at_once(
    engine: Engine, referrals: Referrals
) -> None:
    report = partial(engine.of("tea-house").record_refund, "17")
    answers = at_once(
        partial(report, REFUND_18),
        partial(report, BY_AMOUNT),
        partial(engine.of("tea-house").record_order, an_order()),
        partial(report, REFUND_18),
    )
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert totals(referrals) == (200, 180)
