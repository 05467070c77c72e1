"""Past referrals: they count as history, and nothing more is ever owed for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from goodword import (
    Cap,
    PastReferral,
    Program,
    Reason,
    Referrals,
    Refund,
    Repeats,
    Result,
    Rung,
    State,
    Tally,
    Terms,
    Tier,
    Visiting,
    amount_off,
    money,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import (
    DAY,
    PLACED,
    START,
    Clock,
    Obedient,
    a_program,
    an_order,
    every_row,
    gbp,
    reported,
    state_of,
    totals,
    used,
)
from tests.sdk.moved import LAST_YEAR, SHOP, bobs, bring, lin, mei, refused

LIVE = START - 90 * DAY


def save(referrals: Referrals, **terms: Any) -> None:
    """Save the program of friends, live since long before."""
    program: Program = a_program(terms=Terms(**terms))
    referrals.programs.save(program)


@pytest.fixture
def came(engine: Engine, referrals: Referrals) -> None:
    """Mei, and Bob's order of last year."""
    save(referrals, first_order_only=True)
    told = bring(engine, advocates=[mei(coupon="mei10"), lin()], referrals=[bobs()])
    assert told.referrals == Tally(new=1)


def bobs_again(**changes: Any) -> Any:
    """The state of Bob's old order, as his shop tells it when anything changes."""
    told = {"id": "1001", "placed": LAST_YEAR, "paid": LAST_YEAR, "coupons": used("mei10")}
    told |= {"net": gbp("72.00"), "gross": gbp("80.00")}
    return an_order(**told | changes)


def work(engine: Engine, clock: Clock) -> int:
    """Do what is due until long after every hold."""
    clock.to(PLACED + 400 * DAY)
    carrier = Obedient()
    engine.work({"till": carrier, "mail": carrier})
    return len(carrier.deeds)


# What it is.


@pytest.mark.usefixtures("came")
def test_it_is_rewarded_and_nothing_is_booked_or_owed(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    told = referrals.credit.explain("1001")
    assert told.referral is not None
    assert (told.referral.state, told.referral.advocate) == (State.REWARDED, "m-1")
    assert told.winner is not None
    assert told.winner.rung is Rung.ASSIGNMENT
    assert told.reasons == (Reason.SETTLED_ELSEWHERE,)
    assert told.entries == ()
    assert referrals.rewards.list("m-1") == []
    assert referrals.rewards.balance("m-1") == []
    assert referrals.thanks.owed() == []
    assert work(engine, clock) == 0


@pytest.mark.usefixtures("came")
def test_its_advocate_sees_it_and_reads_why(referrals: Referrals) -> None:
    (brought,) = referrals.advocates.brought("m-1")
    assert (brought.friend, brought.state, brought.code) == ("B.", State.REWARDED, "MEI10")
    words = referrals.advocates.why("m-1", "1001").words
    assert "It was rewarded before, by another tool." in words
    chinese = referrals.advocates.why("m-1", "1001", language="zh-Hant").words
    assert "先前已由其他工具發放回饋。" in chinese
    told = referrals.credit.explain("1001").words
    assert "Rewarded before, by another tool: nothing more is owed for it." in told


@pytest.mark.usefixtures("came")
def test_its_friend_is_no_new_customer_any_more(referrals: Referrals) -> None:
    again = an_order(id="18", coupons=used("mei10"), email="Bob@Friend.example")
    assert referrals.record_order(again).reasons == ("not_first_order",)
    other = an_order(id="19", coupons=used("mei10"), email="new@friend.example")
    assert reported(referrals.record_order(other)).state is State.QUALIFIED


def test_its_friends_further_orders_are_credited_where_a_program_lets_them(
    engine: Engine, referrals: Referrals
) -> None:
    save(referrals, repeats=Repeats(orders=2))
    bring(engine, advocates=[mei()], referrals=[bobs()])
    second = referrals.record_order(an_order(id="18", coupons=()))
    assert reported(second).advocate == "m-1"
    third = referrals.record_order(an_order(id="19", coupons=()))
    assert third.reasons == ("cap_reached",)


# The same twice.


@pytest.mark.usefixtures("came")
def test_the_same_twice_changes_nothing(engine: Engine) -> None:
    before = every_row(engine)
    rows: dict[str, Any] = {"advocates": [mei(coupon="mei10"), lin()], "referrals": [bobs()]}
    assert bring(engine, **rows).referrals == Tally(stand=1)
    assert every_row(engine) == before


@pytest.mark.usefixtures("came")
def test_what_its_shop_told_meanwhile_stands(engine: Engine, referrals: Referrals) -> None:
    referrals.record_order(bobs_again(refunded=True))
    assert bring(engine, referrals=[bobs()]).referrals == Tally(stand=1)
    assert state_of(referrals, "1001") is State.REVERSED


# What its shop tells of it later.


@pytest.mark.usefixtures("came")
@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, State.REWARDED),
        ({"net": gbp("500.00"), "gross": gbp("500.00")}, State.REWARDED),
        ({"paid": LAST_YEAR + DAY}, State.REWARDED),
        ({"coupons": used("ref-alice10")}, State.REWARDED),
        ({"refunded": True}, State.REVERSED),
        ({"refunds": (Refund(id="r", gross=gbp("80.00")),)}, State.REVERSED),
        ({"refunds": (Refund(id="r", gross=gbp("8.00")),)}, State.REWARDED),
        ({"cancelled": PLACED}, State.REVERSED),
        ({"disputed": PLACED}, State.REVERSED),
    ],
)
def test_news_of_its_order_books_nothing(
    engine: Engine, referrals: Referrals, clock: Clock, changes: dict[str, Any], state: State
) -> None:
    outcome = referrals.record_order(bobs_again(**changes))
    assert (outcome.result, reported(outcome).state) == (Result.UPDATED, state)
    assert referrals.credit.explain("1001").entries == ()
    assert work(engine, clock) == 0
    assert referrals.rewards.balance("m-1") == []


@pytest.mark.usefixtures("came")
def test_a_refund_alone_takes_nothing_back(referrals: Referrals) -> None:
    outcome = referrals.record_refund("1001", Refund(id="r", gross=gbp("80.00")))
    assert reported(outcome).state is State.REVERSED
    assert totals(referrals, "1001", "m-1") == (0, 0)


def test_a_refund_that_came_first_is_joined(engine: Engine, referrals: Referrals) -> None:
    save(referrals)
    referrals.record_refund("1001", Refund(id="r", gross=gbp("80.00")))
    bring(engine, advocates=[mei()], referrals=[bobs()])
    assert state_of(referrals, "1001") is State.REVERSED


@pytest.mark.usefixtures("came")
def test_other_evidence_on_its_order_moves_no_credit(engine: Engine, referrals: Referrals) -> None:
    (lins,) = referrals.advocates.codes("m-2")
    visit = referrals.record_visit(Visiting(code=lins.text))
    order = bobs_again(code=lins.text, visit=visit.id, placed=START, paid=START)
    assert reported(referrals.record_order(order)).advocate == "m-1"
    assert totals(referrals, "1001", "m-2") == (0, 0)


@pytest.mark.usefixtures("came")
def test_a_replay_finds_no_difference(referrals: Referrals) -> None:
    for as_placed in (False, True):
        told = referrals.credit.replay(LAST_YEAR - DAY, PLACED, as_placed=as_placed)
        assert (told.orders, told.differences) == (1, ())


# Orders that are here already.


def test_one_that_led_to_nobody_is_credited(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    save(referrals)
    referrals.record_order(bobs_again(coupons=()))
    bring(engine, advocates=[mei()], referrals=[bobs()])
    assert state_of(referrals, "1001") is State.REWARDED
    assert referrals.thanks.owed() == []
    assert work(engine, clock) == 0
    assert bring(engine, referrals=[bobs()]).referrals == Tally(stand=1)


def test_one_that_counts_here_is_wrong(engine: Engine, referrals: Referrals) -> None:
    save(referrals)
    bring(engine, advocates=[mei(coupon="mei10")])
    referrals.record_order(an_order(coupons=used("mei10")))
    before = every_row(engine)
    told = refused(lambda: bring(engine, referrals=[bobs(order="17")]))
    assert told == [("referrals", 2, "order")]
    assert every_row(engine) == before


@pytest.mark.usefixtures("came")
def test_one_that_came_as_anothers_is_wrong(engine: Engine) -> None:
    told = refused(lambda: bring(engine, referrals=[bobs(advocate="m-2")]))
    assert told == [("referrals", 2, "order")]


# Caps, tiers and budgets.


def tiered(**terms: Any) -> Program:
    tier = Tier(start=3, reward=amount_off("9", "GBP"))
    return a_program(amount_off("5", "GBP"), tiers=(tier,), terms=Terms(**terms))


def test_it_counts_in_tiers_and_its_refund_gives_the_place_back(
    engine: Engine, referrals: Referrals
) -> None:
    referrals.programs.save(tiered())
    second = bobs(order="1002", email="carl@friend.example", line=3)
    bring(engine, advocates=[mei(coupon="mei10")], referrals=[bobs(), second])
    referrals.record_order(an_order(coupons=used("mei10"), email="dora@friend.example"))
    (reward,) = referrals.rewards.list("m-1")
    assert reward.worth == gbp("9.00")


def test_a_cap_counts_it_and_never_refuses_it(engine: Engine, referrals: Referrals) -> None:
    save(referrals, caps=(Cap(most=2),))
    many = [
        bobs(order=str(number), email=f"f{number}@friend.example", line=number)
        for number in range(2, 5)
    ]
    bring(engine, advocates=[mei(coupon="mei10")], referrals=many)
    assert [state_of(referrals, one.order) for one in many] == [State.REWARDED] * 3
    order = an_order(coupons=used("mei10"), email="dora@friend.example")
    assert referrals.record_order(order).reasons == ("cap_reached",)
    for one in many[:2]:
        referrals.record_order(bobs_again(id=one.order, email=one.email, refunded=True))
    later = an_order(id="18", coupons=used("mei10"), email="emma@friend.example")
    assert reported(referrals.record_order(later)).state is State.QUALIFIED


# Who it was, and what cannot be.


@pytest.mark.parametrize(
    ("contact", "again"),
    [
        ({"phone": "0912 345 678"}, {"phone": "+886912345678"}),
        ({"account": "77"}, {"customer": "77"}),
        ({"email": "b@friend.example", "account": "77"}, {"customer": "77"}),
        ({"phone": "0912 345 678", "account": "77"}, {"customer": "77"}),
    ],
)
def test_a_friend_is_known_by_any_contact(
    engine: Engine, referrals: Referrals, contact: dict[str, Any], again: dict[str, Any]
) -> None:
    save(referrals, first_order_only=True)
    past = replace(bobs(email=None), **contact)
    second = replace(past, order="1002", line=3)
    bring(engine, advocates=[mei(coupon="mei10")], referrals=[past, second])
    order = an_order(coupons=used("mei10"), **{"email": None} | again)
    assert referrals.record_order(order).reasons == ("not_first_order",)
    assert bring(engine, referrals=[past, second]).referrals == Tally(stand=2)


@pytest.mark.usefixtures("came")
def test_a_friend_who_was_forgotten_is_not_kept_again(engine: Engine, referrals: Referrals) -> None:
    referrals.people.forget("bob@friend.example")
    assert bring(engine, referrals=[bobs(order="1002")]).referrals == Tally(new=1)
    assert "bob@friend.example" not in repr(every_row(engine))


@pytest.mark.usefixtures("came")
@pytest.mark.parametrize("state", [State.QUALIFIED, State.PENDING, State.IN_REVIEW, State.REJECTED])
def test_what_was_not_rewarded_yet_is_left_out(engine: Engine, state: State) -> None:
    told = bring(engine, referrals=[bobs(order="1002", state=state)])
    assert told.referrals == Tally(left_out=1)


@pytest.mark.usefixtures("came")
def test_what_was_taken_back_over_there_comes_as_such(engine: Engine, referrals: Referrals) -> None:
    bring(engine, referrals=[bobs(order="1002", state=State.REVERSED)])
    assert state_of(referrals, "1002") is State.REVERSED


@pytest.mark.usefixtures("came")
@pytest.mark.parametrize(
    ("one", "column"),
    [
        (bobs(order=""), "order"),
        (bobs(order="1\0"), "order"),
        (bobs(placed=LAST_YEAR.replace(tzinfo=None)), "placed"),
        (bobs(placed=START + timedelta(hours=1)), "placed"),
        (bobs(total=money("-1", "GBP")), "total"),
        (bobs(total=replace(gbp("1"), unit="XXX")), "total"),
        (bobs(net=gbp("90.00")), "net"),
        (bobs(net=money("80", "EUR")), "total"),
        (bobs(email="bob at friend"), "friend_email"),
        (bobs(account="bob@friend.example"), "friend_account"),
        (bobs(reward="x" * 201), "reward"),
        (bobs(reward="\0"), "reward"),
        (bobs(advocate=None), "advocate"),
        (bobs(advocate="nobody"), "advocate"),
        (bobs(code="nothing"), "code"),
        (bobs(code="mei10", advocate="m-2"), "code"),
        (bobs(program="nothing"), "advocate"),
    ],
)
def test_what_is_wrong_is_told(engine: Engine, one: PastReferral, column: str) -> None:
    new = replace(one, order=one.order and f"{one.order}-2")
    assert refused(lambda: engine.bring_in(SHOP, "friends", referrals=[new])) == [
        ("referrals", 2, column)
    ]


@pytest.mark.usefixtures("came")
def test_one_order_stands_in_a_file_once(engine: Engine) -> None:
    twice = [bobs(order="1002"), bobs(order="1002", line=3)]
    assert refused(lambda: bring(engine, referrals=twice)) == [("referrals", 3, "order")]
