"""An order's newest state decides what is booked, however its states arrive."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from goodword import (
    IdentityChanged,
    Landing,
    Line,
    Money,
    OrderConflict,
    OrderInvalid,
    Outcome,
    Referral,
    Referrals,
    Refund,
    RefundedLine,
    Rung,
    State,
    Terms,
    UsedCoupon,
    Visiting,
    amount_off,
    money,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import (
    PLACED,
    Clock,
    a_program,
    a_shop_with,
    an_order,
    at_once,
    every_row,
    gbp,
    later,
    reported,
    standing,
    totals,
    used,
)

pytestmark = pytest.mark.usefixtures("code")


# What a report answers.


def test_a_paid_order_with_a_coupon_counts(referrals: Referrals, clock: Clock) -> None:
    clock.to(PLACED)
    outcome = referrals.record_order(an_order())
    assert (outcome.result, outcome.reasons) == ("created", ())
    assert outcome.referral == Referral(
        order="17",
        code="ALICE10",
        advocate="c-1",
        program="friends",
        version=1,
        rung=Rung.COUPON,
        state=State.QUALIFIED,
        qualified=PLACED,
    )
    assert totals(referrals) == (800, 720)


def test_an_order_that_leads_to_nobody_is_unattributed(referrals: Referrals) -> None:
    outcome = referrals.record_order(an_order(coupons=used("fix5")))
    assert outcome == Outcome(result=outcome.result)
    assert outcome.result == "unattributed"
    assert totals(referrals) == (0, 0)


def test_an_edit_may_lead_to_somebody_after_all(referrals: Referrals) -> None:
    bare = an_order(coupons=())
    referrals.record_order(bare)
    assert referrals.record_order(later(bare, coupons=used("ref-alice10"))).result == "updated"
    assert totals(referrals) == (800, 720)


def test_an_edit_may_lead_to_nobody_any_more(referrals: Referrals) -> None:
    referrals.record_order(an_order())
    outcome = referrals.record_order(later(an_order(), coupons=()))
    assert (outcome.result, outcome.referral) == ("unattributed", None)
    assert totals(referrals) == (0, 0)
    assert referrals.credit.explain("17").referral is None


def test_the_same_state_twice_is_a_duplicate(engine: Engine, referrals: Referrals) -> None:
    first = referrals.record_order(an_order())
    before = every_row(engine)
    again = referrals.record_order(an_order())
    assert again == replace(first, result=again.result)
    assert again.result == "duplicate"
    assert every_row(engine) == before


def test_what_the_caller_knows_of_first_orders_is_no_fact_of_the_state(
    referrals: Referrals,
) -> None:
    referrals.record_order(an_order())
    assert referrals.record_order(an_order(first_order=True)).result == "duplicate"


def test_an_older_state_is_ignored(engine: Engine, referrals: Referrals) -> None:
    first = referrals.record_order(later(an_order(), 5))
    before = every_row(engine)
    older = referrals.record_order(later(an_order(), 4, cancelled=PLACED))
    assert older == replace(first, result=older.result)
    assert older.result == "ignored"
    assert every_row(engine) == before


def test_an_older_state_is_ignored_even_if_the_shop_just_said_it(referrals: Referrals) -> None:
    referrals.record_order(later(an_order(), 5))
    older = later(an_order(), 4, cancelled=PLACED)
    assert referrals.record_order(older, confirmed=True).result == "ignored"


def test_other_facts_for_the_same_moment_are_a_conflict(
    engine: Engine, referrals: Referrals
) -> None:
    referrals.record_order(an_order())
    before = every_row(engine)
    with pytest.raises(OrderConflict, match="report it again with a later `modified`") as caught:
        referrals.record_order(an_order(net=gbp("60.00")))
    assert caught.value.facts == {"id": "17", "modified": str(PLACED)}
    assert every_row(engine) == before


def test_what_the_shop_just_said_counts_for_the_same_moment(referrals: Referrals) -> None:
    referrals.record_order(an_order())
    outcome = referrals.record_order(an_order(net=gbp("60.00")), confirmed=True)
    assert outcome.result == "updated"
    assert totals(referrals)[1] == 600
    assert referrals.record_order(an_order(net=gbp("60.00"))).result == "duplicate"


@pytest.mark.parametrize(
    "change", [{"email": "other@friend.example"}, {"customer": "c-9"}, {"paid": None}]
)
def test_every_fact_counts_for_a_conflict(referrals: Referrals, change: dict[str, Any]) -> None:
    referrals.record_order(an_order())
    with pytest.raises(OrderConflict):
        referrals.record_order(an_order(**change))


def test_without_a_moment_states_count_as_they_arrive(referrals: Referrals) -> None:
    first = an_order(modified=None)
    assert referrals.record_order(first).result == "created"
    assert referrals.record_order(first).result == "duplicate"
    assert referrals.record_order(replace(first, net=gbp("60.00"))).result == "updated"
    assert totals(referrals)[1] == 600
    assert referrals.record_order(first).result == "updated"
    assert totals(referrals)[1] == 720


@pytest.mark.parametrize(
    ("change", "facts"),
    [
        (
            {
                "net": money("72.00", "EUR"),
                "gross": money("72.00", "EUR"),
                "coupons": (UsedCoupon(text="ref-alice10", discount=money("8.00", "EUR")),),
            },
            {"id": "17", "field": "currency", "before": "GBP", "after": "EUR"},
        ),
        ({"test": True}, {"id": "17", "field": "test", "before": False, "after": True}),
    ],
)
def test_an_order_keeps_its_identity(
    engine: Engine, referrals: Referrals, change: dict[str, Any], facts: dict[str, Any]
) -> None:
    referrals.record_order(an_order())
    before = every_row(engine)
    with pytest.raises(IdentityChanged, match="use another order id") as caught:
        referrals.record_order(later(an_order(), **change))
    assert caught.value.facts == facts
    assert every_row(engine) == before


EUR = money("1.00", "EUR")
TAIPEI = PLACED.astimezone(ZoneInfo("Asia/Taipei"))


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("id", {"id": ""}),
        ("id", {"id": "1" * 256}),
        ("id", {"id": "1\0"}),
        ("customer", {"customer": "c" * 256}),
        ("customer", {"customer": "bob@friend.example"}),
        ("email", {"email": "bob\0@friend.example"}),
        ("code", {"code": "\ud800"}),
        ("visit", {"visit": "\0"}),
        ("landing.code", {"landing": Landing(code="\0")}),
        ("coupons.text", {"coupons": used("\0")}),
        ("lines.product", {"lines": (Line(id="4", net=gbp("1.00"), product="\ud800"),)}),
        ("placed", {"placed": datetime(2026, 11, 22)}),  # noqa: DTZ001
        ("modified", {"modified": TAIPEI}),
        ("gross", {"gross": EUR}),
        ("net", {"net": gbp("-0.01")}),
        ("coupons.discount", {"coupons": (UsedCoupon(text="x", discount=EUR),)}),
        ("refund.id", {"refunds": (Refund(id="", gross=gbp("1.00")),)}),
        ("refund.gross", {"refunds": (Refund(id="18", gross=gbp("72.01")),)}),
    ],
)
def test_an_order_that_cannot_be_true_leaves_nothing(
    engine: Engine, referrals: Referrals, field: str, change: dict[str, Any]
) -> None:
    before = every_row(engine)
    with pytest.raises(OrderInvalid) as caught:
        referrals.record_order(an_order(**change))
    assert caught.value.facts["field"] == field
    assert every_row(engine) == before


def test_texts_that_a_friend_can_make_long_never_lose_an_order(referrals: Referrals) -> None:
    long = "x" * 5000
    order = an_order(code=long, landing=Landing(code=long), coupons=(*used(long), *used(long)))
    assert referrals.record_order(replace(order, email=long + "@x.example")).reasons == ()


def test_a_moment_at_the_beginning_of_time_is_no_trouble(referrals: Referrals) -> None:
    visit = referrals.record_visit(Visiting(code="ALICE10"))
    first = datetime.min.replace(tzinfo=UTC)
    order = an_order(placed=first, modified=first, paid=first, visit=visit.id)
    assert referrals.record_order(order).reasons == ("program_not_live",)


@pytest.mark.parametrize("field", ["placed", "modified", "paid", "cancelled"])
def test_a_moment_at_the_end_of_time_is_refused(referrals: Referrals, field: str) -> None:
    with pytest.raises(OrderInvalid) as caught:
        referrals.record_order(an_order(**{field: datetime.max.replace(tzinfo=UTC)}))
    assert caught.value.facts["field"] == field


# The state of the order itself.


@pytest.mark.parametrize(
    ("change", "state", "reasons", "booked"),
    [
        ({"paid": None}, "pending", ("not_paid",), (0, 0)),
        ({"paid": None, "cancelled": PLACED}, "rejected", ("cancelled",), (0, 0)),
        ({"cancelled": PLACED}, "reversed", ("cancelled",), (0, 0)),
        ({"refunded": True}, "reversed", ("refunded",), (0, 0)),
        ({"paid": None, "refunded": True}, "rejected", ("refunded",), (0, 0)),
        ({"test": True}, "rejected", ("test_order",), (0, 0)),
        ({"net": gbp("0.09")}, "qualified", (), (800, 0)),
    ],
)
def test_only_what_is_paid_and_stands_counts(
    referrals: Referrals,
    change: dict[str, Any],
    state: str,
    reasons: tuple[str, ...],
    booked: tuple[int, int],
) -> None:
    outcome = referrals.record_order(an_order(**change))
    assert (reported(outcome).state, outcome.reasons) == (state, reasons)
    assert totals(referrals) == booked


def test_a_cancellation_takes_everything_back_and_its_undoing_gives_it_again(
    referrals: Referrals,
) -> None:
    referrals.record_order(an_order())
    cancelled = referrals.record_order(later(an_order(), cancelled=PLACED))
    assert (reported(cancelled).state, totals(referrals)) == (State.REVERSED, (0, 0))
    restored = referrals.record_order(later(an_order(), 2))
    assert (reported(restored).state, totals(referrals)) == (State.QUALIFIED, (800, 720))


@pytest.mark.parametrize(("net", "reasons"), [("20.00", ()), ("19.99", ("below_minimum",))])
def test_a_minimum_is_held_against_the_goods(
    referrals: Referrals, net: str, reasons: tuple[str, ...]
) -> None:
    referrals.programs.save(a_program(terms=Terms(minimum=gbp("20.00"))))
    order = an_order(net=gbp(net), gross=gbp("50.00"))
    assert referrals.record_order(order).reasons == reasons
    # The friend had the saving, whatever it comes to for the advocate.
    assert totals(referrals)[0] == 800


def test_a_fixed_reward_falls_with_the_minimum_as_a_whole(referrals: Referrals) -> None:
    program = a_program(amount_off("5.00", "GBP"), terms=Terms(minimum=gbp("50.00")))
    referrals.programs.save(program)
    lines = (RefundedLine(line="4", net=gbp("22.00")),)
    to_the_minimum = Refund(id="18", gross=gbp("22.00"), lines=lines)
    below = Refund(id="19", gross=gbp("0.01"))
    referrals.record_order(an_order(refunds=(to_the_minimum,)))
    assert totals(referrals)[1] == 500
    outcome = referrals.record_order(later(an_order(), refunds=(to_the_minimum, below)))
    assert outcome.reasons == ("below_minimum",)
    assert totals(referrals)[1] == 0


def test_a_promise_in_another_currency_does_not_count(referrals: Referrals) -> None:
    referrals.programs.save(a_program(amount_off("100", "TWD")))
    assert referrals.record_order(an_order()).reasons == ("currency_differs",)
    assert totals(referrals) == (800, 0)


def test_an_advocate_earns_in_each_currency_apart(referrals: Referrals) -> None:
    referrals.record_order(an_order())
    dollars = Money(719_999, "TWD")
    coupon = UsedCoupon(text="ref-alice10", discount=Money(80_000, "TWD"))
    twd = an_order(id="18", net=dollars, gross=dollars, coupons=(coupon,))
    referrals.record_order(twd)
    waiting = {one.unit: one.waiting for one in referrals.rewards.balance("c-1")}
    assert waiting == {"GBP": 720, "TWD": 71_900}


# What is kept, and where.


def test_an_address_is_kept_in_one_table(engine: Engine, referrals: Referrals) -> None:
    referrals.record_order(an_order())
    tables = {name for name, rows in every_row(engine).items() if "friend.example" in str(rows)}
    assert tables == {"goodword_people"}


# Many at once.


def test_the_states_of_one_order_may_arrive_all_at_once(
    engine: Engine, referrals: Referrals
) -> None:
    states = [later(an_order(), second, net=gbp(f"{second + 10}.00")) for second in range(8)]
    states += states[::3]
    Random(7).shuffle(states)
    answers = at_once(*(partial(engine.of("tea-house").record_order, one) for one in states))
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert totals(referrals)[1] == 170


def test_many_orders_may_arrive_at_once(engine: Engine, referrals: Referrals) -> None:
    orders = [an_order(id=str(number)) for number in range(12)]
    answers = at_once(*(partial(engine.of("tea-house").record_order, one) for one in orders))
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert standing(referrals).waiting == 12 * 720
    assert len(referrals.thanks.owed()) == 12


def test_a_shop_can_be_set_up_and_used_in_one_breath(engine: Engine) -> None:
    referrals = engine.of("book-shop")
    a_shop_with(referrals, a_program(amount_off("5.00", "GBP")))
    assert referrals.record_order(an_order()).result == "created"
