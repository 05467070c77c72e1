"""Two advocates turn out to be one person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from goodword import (
    Cap,
    Code,
    Lost,
    MergeRefused,
    Order,
    PersonInvalid,
    Referrals,
    Refund,
    Terms,
    UnknownAdvocate,
    Visiting,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import (
    PLACED,
    RELEASE,
    Clock,
    Obedient,
    a_program,
    an_order,
    carol,
    every_row,
    gbp,
    later,
    reported,
    standing,
    totals,
    used,
)

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def carols(referrals: Referrals, code: Code) -> Code:
    return carol(referrals)


def of_carol(id: str = "18", **changes: object) -> Order:
    return an_order(**({"id": id, "coupons": used("ref-carol")} | changes))


def merge(referrals: Referrals) -> None:
    """Carol turns out to be Alice."""
    assert referrals.advocates.merge("c-2", "c-1").id == "c-1"


def test_codes_are_handed_on_and_later_orders_credit_the_one_kept(referrals: Referrals) -> None:
    visit = referrals.record_visit(Visiting(code="CAROL"))
    merge(referrals)
    assert referrals.find_code("CAROL").advocate == "c-1"
    for id, order in (("18", of_carol()), ("19", an_order(coupons=(), visit=visit.id))):
        outcome = referrals.record_order(order if id == "18" else later(order, id=id))
        assert (reported(outcome).advocate, outcome.reasons) == ("c-1", ())


def test_codes_of_both_agree_from_then_on(referrals: Referrals) -> None:
    merge(referrals)
    referrals.record_order(an_order(coupons=(*used("ref-carol"), *used("ref-alice10"))))
    assert [one.why for one in referrals.credit.explain("17").lost] == [Lost.AGREES]


def test_what_both_earned_is_counted_together(referrals: Referrals) -> None:
    referrals.record_order(an_order())
    referrals.record_order(of_carol())
    merge(referrals)
    assert [one.order for one in referrals.rewards.list("c-1")] == ["17", "18"]
    assert standing(referrals).waiting == 1440


def test_an_order_decided_before_stays_with_whom_it_was_booked(referrals: Referrals) -> None:
    referrals.record_order(of_carol())
    merge(referrals)
    outcome = referrals.record_order(later(of_carol(), net=gbp("60.00")))
    assert reported(outcome).advocate == "c-2"
    assert totals(referrals, "18", "c-2") == (800, 600)
    assert standing(referrals).waiting == 600


@pytest.mark.parametrize("into", ["c-1", "c-2"])
def test_a_debt_of_one_is_paid_by_the_others_later_rewards(
    engine: Engine, referrals: Referrals, clock: Clock, into: str
) -> None:
    # Carol's reward was used before its order came back: she owes it.
    referrals.record_order(of_carol())
    clock.to(RELEASE)
    till = Obedient(used=True)
    engine.work({"till": till})
    referrals.record_refund("18", Refund(id="r", gross=gbp("72.00")))
    engine.work({"till": till})
    assert standing(referrals, "c-2").owed_back == -720
    referrals.advocates.merge("c-2" if into == "c-1" else "c-1", into)
    placed = clock.at
    referrals.record_order(an_order(placed=placed, modified=placed, paid=placed))
    clock.on(days=15)
    engine.work({"till": till})
    stands = standing(referrals, into)
    assert (stands.owed_back, stands.waiting, stands.due) == (0, 0, 0)
    # What Carol has is in her hands already; the new order gave nothing on top.
    assert stands.given + stands.spent == 720


def test_caps_keep_counting(referrals: Referrals) -> None:
    referrals.programs.save(a_program(terms=Terms(caps=(Cap(most=2),))))
    referrals.record_order(an_order())
    referrals.record_order(of_carol())
    merge(referrals)
    third = of_carol("19", email="eve@friend.example")
    assert referrals.record_order(third).reasons == ("cap_reached",)


def test_what_is_paid_after_the_merge_counts_for_the_one_kept(referrals: Referrals) -> None:
    referrals.programs.save(a_program(terms=Terms(caps=(Cap(most=1),))))
    referrals.record_order(an_order())
    unpaid = of_carol(paid=None)
    referrals.record_order(unpaid)
    merge(referrals)
    assert referrals.record_order(later(unpaid, paid=PLACED)).reasons == ("cap_reached",)


def test_what_earned_before_the_merge_keeps_its_place(referrals: Referrals) -> None:
    referrals.programs.save(a_program(terms=Terms(caps=(Cap(most=1),))))
    referrals.record_order(an_order())
    referrals.record_order(of_carol())
    merge(referrals)
    assert referrals.record_order(later(of_carol(), net=gbp("36.00"))).reasons == ()


@pytest.mark.parametrize(
    "who", [{"email": "carol@shop.example"}, {"customer": "c-2"}, {"email": "alice@shop.example"}]
)
def test_nobody_refers_themself_under_their_other_id(
    referrals: Referrals, who: dict[str, str]
) -> None:
    merge(referrals)
    assert referrals.record_order(an_order(**who)).reasons == ("self_referral",)
    assert referrals.record_order(of_carol(**who)).reasons == ("self_referral",)


def test_merging_twice_changes_nothing(engine: Engine, referrals: Referrals) -> None:
    merge(referrals)
    before = every_row(engine)
    merge(referrals)
    assert every_row(engine) == before


def test_the_one_that_is_gone_earns_no_more_but_is_found(
    referrals: Referrals, clock: Clock
) -> None:
    merge(referrals)
    assert referrals.advocates.find("c-2").ended == clock.at


def test_the_one_that_is_gone_gets_no_code_any_more(engine: Engine, referrals: Referrals) -> None:
    carol = replace(referrals.advocates.find("c-2"), ended=None)
    merge(referrals)
    before = every_row(engine)
    asks: list[Callable[[], object]] = [
        lambda: referrals.advocates.invite("friends", carol),
        lambda: referrals.advocates.rotate("friends", "c-2"),
        lambda: referrals.advocates.draw("friends", "c-2", 3),
    ]
    for ask in asks:
        with pytest.raises(PersonInvalid, match="was merged into 'c-1'"):
            ask()
    assert every_row(engine) == before


def test_three_become_one(referrals: Referrals) -> None:
    third = referrals.advocates.find("c-2")
    referrals.advocates.invite("friends", type(third)(id="c-3", name="Al"), coupon="ref-al")
    for order in (an_order(), of_carol(), an_order(id="19", coupons=used("ref-al"))):
        referrals.record_order(order)
    referrals.advocates.merge("c-3", "c-2")
    merge(referrals)
    assert [one.order for one in referrals.rewards.list("c-1")] == ["17", "18", "19"]


@pytest.mark.parametrize(
    ("gone", "into", "why"),
    [
        ("c-1", "c-1", "they are the same"),
        ("c-2", "c-3", "was merged into 'c-1'"),
        ("c-3", "c-2", "was itself merged"),
        ("c-1", "c-2", "was itself merged"),
    ],
)
def test_what_cannot_be_one_is_refused(
    engine: Engine, referrals: Referrals, gone: str, into: str, why: str
) -> None:
    kept = referrals.advocates.find("c-1")
    referrals.advocates.invite("friends", type(kept)(id="c-3"))
    merge(referrals)
    before = every_row(engine)
    with pytest.raises(MergeRefused, match=why):
        referrals.advocates.merge(gone, into)
    assert every_row(engine) == before


@pytest.mark.parametrize(("gone", "into"), [("c-9", "c-1"), ("c-1", "c-9")])
def test_whoever_is_unknown_is_said(referrals: Referrals, gone: str, into: str) -> None:
    with pytest.raises(UnknownAdvocate):
        referrals.advocates.merge(gone, into)


def test_replay_finds_nothing_amiss_after_a_merge(referrals: Referrals) -> None:
    referrals.record_order(an_order())
    referrals.record_order(of_carol())
    merge(referrals)
    day = timedelta(days=1)
    assert referrals.credit.replay(PLACED - day, PLACED + day).differences == ()
