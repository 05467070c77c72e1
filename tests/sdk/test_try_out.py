"""What would an order come to: told before it is recorded, and nothing is changed by asking."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import goodword
from goodword import (
    Advocate,
    Budget,
    Campaign,
    Cap,
    Claiming,
    Landing,
    Money,
    Order,
    OrderInvalid,
    Part,
    Per,
    Program,
    ProgramInvalid,
    Referrals,
    Refund,
    Repeats,
    Rung,
    Terms,
    Tier,
    Trial,
    Visiting,
    amount_off,
    percent_off,
    share_of_order,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import (
    PLACED,
    START,
    Street,
    a_program,
    a_shop_with,
    an_order,
    booked,
    carol,
    every_row,
    gbp,
    used,
)

pytestmark = pytest.mark.slow


TERMS = (
    Terms(),
    Terms(first_order_only=True, countries=("TW",)),
    Terms(caps=(Cap(most=1), Cap(most=1, per=Per.FRIEND)), minimum=gbp("30.00")),
    Terms(budget=Budget(most=gbp("9.00"))),
    Terms(repeats=Repeats(orders=2)),
    Terms(rungs_off=(Rung.COUPON, Rung.NAME), within_rung=goodword.Within.FIRST),
)
FRIENDS = ["bob@friend.example", "eve@friend.example", "alice@shop.example", None]
all_orders = st.builds(
    an_order,
    net=st.sampled_from(["0", "20.00", "72.00", "120.00"]).map(gbp),
    gross=st.just(gbp("150.00")),
    paid=st.sampled_from([PLACED, PLACED, None]),
    cancelled=st.sampled_from([None, None, None, PLACED]),
    coupons=st.sampled_from([(), used("ref-alice10"), used("ref-carol"), used("fix5")]),
    code=st.sampled_from([None, "ALICE10", "CAROL", "NOBODY"]),
    visit=st.sampled_from([None, "told", "unknown"]),
    landing=st.sampled_from([None, Landing(code="CAROL", at=START)]),
    named=st.sampled_from([None, "Alice", "carol"]),
    email=st.sampled_from(FRIENDS),
    customer=st.sampled_from([None, None, "k-1", "c-1"]),
    country=st.sampled_from([None, "TW", "FR"]),
    refunds=st.sampled_from([(), (Refund(id="r", gross=gbp("75.00")),)]),
    first_order=st.sampled_from([None, None, True, False]),
)


def numbered(orders: list[Order]) -> list[Order]:
    moments = [PLACED + timedelta(seconds=second) for second in range(len(orders))]
    return [
        replace(one, id=str(number), placed=at, modified=at)
        for number, (one, at) in enumerate(zip(orders, moments, strict=True))
    ]


@settings(max_examples=30)
@given(
    orders=st.lists(all_orders, min_size=2, max_size=6).map(numbered),
    terms=st.sampled_from(TERMS),
    claims=st.booleans(),
)
def test_it_says_what_recording_then_does(
    street: Street, orders: list[Order], terms: Terms, claims: bool
) -> None:
    referrals = street.open_shop()
    tier = Tier(start=2, reward=share_of_order(20))
    a_shop_with(referrals, a_program(terms=terms, tiers=(tier,)))
    carol(referrals)
    visit = referrals.record_visit(Visiting(code="CAROL"))
    if claims:
        referrals.claim(Claiming(code="ALICE10", email="eve@friend.example"))
    for one in orders:
        order = replace(one, visit=visit.id) if one.visit == "told" else one
        assert told(referrals.programs.try_out(order)) == done(referrals, order)


Facts = tuple[object, ...]


def told(trial: Trial) -> Facts:
    winner = trial.winner.source if trial.winner else None
    lost = tuple(f"{one.candidate.source} {one.why}" for one in trial.lost)
    worths = [amount.minor if amount else 0 for amount in (trial.offer, trial.reward)]
    return winner, lost, trial.state, trial.reasons, *worths


def done(referrals: Referrals, order: Order) -> Facts:
    referrals.record_order(order)
    found = referrals.credit.explain(order.id)
    winner = found.winner
    lost = tuple(f"{one.candidate.source} {one.why}" for one in found.lost)
    state = found.referral.state if found.referral else None
    worths = [booked(found.entries, part, winner.advocate if winner else "") for part in Part]
    return winner.source if winner else None, lost, state, found.reasons, *worths


def test_asking_changes_nothing(engine: Engine, referrals: Referrals) -> None:
    terms = Terms(caps=(Cap(most=5),), budget=Budget(most=gbp("90")), first_order_only=True)
    a_shop_with(referrals, a_program(terms=terms))
    referrals.record_order(an_order(id="1", email="eve@friend.example"))
    before = every_row(engine)
    for _ in range(3):
        trial = referrals.programs.try_out(an_order(phone="+886912345678", customer="k-9"))
        assert trial.reward == gbp("7.20")
    assert every_row(engine) == before


def test_asking_within_the_hosts_transaction_changes_nothing(
    engine: Engine, referrals: Referrals
) -> None:
    a_shop_with(referrals, a_program(terms=Terms(caps=(Cap(most=1),))))
    before = every_row(engine)
    with engine.database.connect() as connection:
        within = engine.within(connection).of("tea-house")
        assert within.programs.try_out(an_order()).reasons == ()
        assert within.programs.try_out(an_order()).reasons == ()
        connection.commit()
    assert every_row(engine) == before


def test_caps_and_budgets_count_as_of_now(referrals: Referrals) -> None:
    terms = Terms(caps=(Cap(most=2),), budget=Budget(most=gbp("8.00")))
    a_shop_with(referrals, a_program(terms=terms))
    asked = an_order(id="9", email="eve@friend.example")
    assert referrals.programs.try_out(asked).reasons == ()
    referrals.record_order(an_order())
    assert referrals.programs.try_out(asked).reasons == ("budget_spent",)
    small = replace(asked, net=gbp("8.00"))
    assert referrals.programs.try_out(small).reward == gbp("0.80")
    referrals.record_order(replace(small, id="18"))
    assert referrals.programs.try_out(small).reasons == ("cap_reached",)


@pytest.mark.parametrize("terms", [Terms(caps=(Cap(most=1),)), Terms(budget=Budget(most=gbp("8")))])
def test_an_order_that_was_recorded_does_not_count_against_itself(
    engine: Engine, referrals: Referrals, terms: Terms
) -> None:
    a_shop_with(referrals, a_program(terms=terms))
    referrals.record_order(an_order())
    before = every_row(engine)
    assert referrals.programs.try_out(an_order()).reward == gbp("7.20")
    assert referrals.programs.try_out(an_order(id="18", email="eve@friend.example")).reasons != ()
    assert every_row(engine) == before


# A program that is not saved yet.


@pytest.mark.parametrize(
    ("changes", "reward"),
    [
        ({"reward": share_of_order(20)}, gbp("14.40")),
        ({"reward": percent_off(5)}, Money(1, "piece:percent_off")),
        ({"reward": amount_off("5.00", "GBP"), "terms": Terms(minimum=gbp("72.01"))}, None),
        (
            {
                "campaigns": (
                    Campaign(
                        name="now",
                        starts=START,
                        ends=PLACED + timedelta(days=1),
                        reward=share_of_order(30),
                    ),
                )
            },
            gbp("21.60"),
        ),
        ({"starts": PLACED + timedelta(seconds=1)}, None),
    ],
)
def test_a_change_is_tried_before_it_is_saved(
    engine: Engine, referrals: Referrals, changes: dict[str, Any], reward: Money | None
) -> None:
    a_shop_with(referrals)
    before = every_row(engine)
    trial = referrals.programs.try_out(an_order(), program=a_program(**changes))
    assert trial.reward == reward
    assert every_row(engine) == before


def test_a_change_that_lets_a_friends_further_orders_count_is_tried_too(
    referrals: Referrals,
) -> None:
    a_shop_with(referrals)
    referrals.record_order(an_order())
    after = PLACED + timedelta(minutes=5)
    second = an_order(id="18", coupons=(), placed=after, modified=after)
    assert referrals.programs.try_out(second).winner is None
    draft = a_program(terms=Terms(repeats=Repeats(orders=2)))
    trial = referrals.programs.try_out(second, program=draft)
    assert trial.winner is not None
    assert (trial.winner.source, trial.reward) == ("earlier:17", gbp("7.20"))


def test_a_draft_of_another_program_leaves_this_one_alone(referrals: Referrals) -> None:
    a_shop_with(referrals)
    draft = a_program(share_of_order(50), name="partners")
    assert referrals.programs.try_out(an_order(), program=draft).reward == gbp("7.20")


@pytest.mark.parametrize(
    ("order", "draft", "error", "field"),
    [
        (an_order(country="tw"), None, OrderInvalid, "country"),
        (an_order(placed=START + timedelta(days=2)), None, OrderInvalid, "placed"),
        (an_order(), a_program(percent_off(0)), ProgramInvalid, "reward.percent"),
        (an_order(), a_program(terms=Terms(hold_days=-1)), ProgramInvalid, "terms.hold_days"),
    ],
)
def test_what_cannot_be_is_named(
    referrals: Referrals,
    order: Order,
    draft: Program | None,
    error: type[goodword.Invalid],
    field: str,
) -> None:
    a_shop_with(referrals)
    with pytest.raises(error) as caught:
        referrals.programs.try_out(order, program=draft)
    assert caught.value.facts["field"] == field


def test_it_is_said_in_words_of_both_languages(referrals: Referrals) -> None:
    a_shop_with(referrals, a_program(terms=Terms(minimum=gbp("100"))))
    english = referrals.programs.try_out(an_order()).words
    chinese = referrals.programs.try_out(an_order(), language="zh-Hant").words
    assert len(english) == len(chinese)
    assert any("minimum" in sentence for sentence in english)
    assert any("最低門檻" in sentence for sentence in chinese)


def test_an_advocate_of_one_name_is_told_by_it(referrals: Referrals) -> None:
    a_shop_with(referrals)
    order = an_order(coupons=(), named="alice")
    assert referrals.programs.try_out(order).reward == gbp("7.20")
    referrals.advocates.invite("friends", Advocate(id="c-3", name="Alice"))
    assert referrals.programs.try_out(order).winner is None
