"""Commissions: due, marked as paid, kept for debts, and listed for the shop's books."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from goodword import (
    Advocate,
    Campaign,
    Invalid,
    Kind,
    NothingDue,
    Paid,
    Referrals,
    RewardState,
    State,
    UnknownAdvocate,
    UnknownOrder,
    commission,
    free_product,
    share_of_order,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import (
    INSTANT,
    PLACED,
    RELEASE,
    START,
    Clock,
    Obedient,
    a_program,
    a_shop_with,
    an_order,
    at_once,
    carol,
    every_row,
    gbp,
    later,
    standing,
    state_of,
    the_reward,
    used,
)

TENTH = a_program(share_of_order(10, as_=Kind.COMMISSION))


@pytest.fixture
def due(engine: Engine, referrals: Referrals, clock: Clock) -> None:
    """Orders 17 and 18 each earned Alice a commission of 7.20, which is due."""
    a_shop_with(referrals, TENTH)
    earn(engine, referrals, clock, "17", "18")


def earn(engine: Engine, referrals: Referrals, clock: Clock, *ids: str) -> None:
    for id in ids:
        referrals.record_order(an_order(id=id))
    clock.to(max(clock.at, RELEASE))
    engine.work({"till": Obedient()})


def paid(*ids: str, reference: str = "t-1") -> list[Paid]:
    return [Paid(order=id, advocate="c-1", worth=gbp("7.20"), reference=reference) for id in ids]


@pytest.mark.usefixtures("due")
def test_all_that_is_due_is_paid(referrals: Referrals) -> None:
    assert list(referrals.rewards.mark_paid("c-1", reference="t-1")) == paid("17", "18")
    assert (standing(referrals).due, standing(referrals).given) == (0, 1440)
    assert {one.state for one in referrals.rewards.list("c-1")} == {RewardState.PAID}
    assert state_of(referrals) is State.REWARDED


@pytest.mark.usefixtures("due")
def test_some_orders_are_paid_and_the_rest_stays_due(referrals: Referrals) -> None:
    assert list(referrals.rewards.mark_paid("c-1", reference="t-1", orders=["18"])) == paid("18")
    assert (standing(referrals).due, standing(referrals).given) == (720, 720)
    assert list(referrals.rewards.mark_paid("c-1", reference="t-2")) == paid("17", reference="t-2")


@pytest.mark.usefixtures("due")
def test_a_payment_told_twice_is_one_whatever_became_due_meanwhile(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    first = list(referrals.rewards.mark_paid("c-1", reference="t-1"))
    earn(engine, referrals, clock, "19")
    before = every_row(engine)
    assert list(referrals.rewards.mark_paid("c-1", reference="t-1")) == first
    assert list(referrals.rewards.mark_paid("c-1", reference="t-1", orders=["17"])) == paid("17")
    assert every_row(engine) == before
    assert standing(referrals).due == 720


@pytest.mark.usefixtures("due")
def test_one_payment_may_be_told_order_by_order(referrals: Referrals) -> None:
    for id in ("17", "18", "17"):
        assert list(referrals.rewards.mark_paid("c-1", reference="t-1", orders=[id])) == paid(id)
    assert standing(referrals).given == 1440


@pytest.mark.usefixtures("due")
def test_a_payment_told_from_many_sides_at_once_is_booked_once(referrals: Referrals) -> None:
    answers = at_once(*[lambda: referrals.rewards.mark_paid("c-1", reference="t-1")] * 8)
    assert [list(one) for one in answers if not isinstance(one, Exception)] == [
        paid("17", "18")
    ] * 8
    assert (standing(referrals).due, standing(referrals).given) == (0, 1440)


def test_what_waits_is_not_due(engine: Engine, referrals: Referrals) -> None:
    a_shop_with(referrals, TENTH)
    referrals.record_order(an_order())
    before = every_row(engine)
    with pytest.raises(NothingDue, match=r"no commission is due to 'c-1'$"):
        referrals.rewards.mark_paid("c-1", reference="t-1")
    with pytest.raises(NothingDue, match=r"for 17$"):
        referrals.rewards.mark_paid("c-1", reference="t-1", orders=["17"])
    assert every_row(engine) == before


@pytest.mark.usefixtures("due")
def test_an_unknown_order_stops_the_whole_payment(engine: Engine, referrals: Referrals) -> None:
    before = every_row(engine)
    with pytest.raises(UnknownOrder, match="'99'"):
        referrals.rewards.mark_paid("c-1", reference="t-1", orders=["17", "99"])
    with pytest.raises(UnknownAdvocate, match="'c-9'"):
        referrals.rewards.mark_paid("c-9", reference="t-1")
    for reference in ("", "  ", "x" * 201, "a\0"):
        with pytest.raises(Invalid) as caught:
            referrals.rewards.mark_paid("c-1", reference=reference)
        assert caught.value.facts["field"] == "reference"
    assert every_row(engine) == before


def test_a_coupon_is_not_paid_by_hand(engine: Engine, referrals: Referrals, clock: Clock) -> None:
    a_shop_with(referrals)
    referrals.record_order(an_order())
    clock.to(RELEASE)
    engine.work()
    with pytest.raises(NothingDue):
        referrals.rewards.mark_paid("c-1", reference="t-1")
    assert the_reward(referrals)[0] is RewardState.DUE


def test_a_gift_beside_commissions_is_granted_and_not_paid(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    gift = Campaign(
        name="gift",
        starts=START,
        ends=PLACED + timedelta(days=1),
        reward=free_product("tea-1"),
    )
    a_shop_with(referrals, a_program(commission("5.00", "GBP"), campaigns=(gift,)))
    referrals.record_order(an_order())
    clock.to(RELEASE)
    engine.work()
    with pytest.raises(NothingDue):
        referrals.rewards.mark_paid("c-1", reference="t-1")
    assert lines(referrals) == []
    till = Obedient()
    engine.work({"till": till})
    assert [deed.grant.worth for deed in till.deeds if deed.grant] == [free_product("tea-1")]


# Debts.


@pytest.mark.usefixtures("due")
def test_a_refund_after_payment_is_a_debt_at_once_that_later_commissions_pay_off(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    referrals.rewards.mark_paid("c-1", reference="t-1", orders=["17"])
    referrals.record_order(later(an_order(), cancelled=PLACED))
    assert (standing(referrals).owed_back, standing(referrals).due) == (-720, 720)
    # What is due goes for the debt first, and nothing of it is paid out.
    assert list(referrals.rewards.mark_paid("c-1", reference="t-2")) == []
    assert (standing(referrals).owed_back, standing(referrals).due) == (0, 0)
    earn(engine, referrals, clock, "19")
    assert list(referrals.rewards.mark_paid("c-1", reference="t-3")) == paid("19", reference="t-3")


@pytest.mark.usefixtures("due")
def test_a_debt_is_kept_when_the_next_hold_ends(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    referrals.rewards.mark_paid("c-1", reference="t-1")
    referrals.record_order(later(an_order(), net=gbp("36.00")))
    assert standing(referrals).owed_back == -360
    earn(engine, referrals, clock, "19")
    (part,) = referrals.rewards.mark_paid("c-1", reference="t-2")
    assert part.worth == gbp("3.60")
    assert (standing(referrals).owed_back, standing(referrals).due) == (0, 0)


# The statement.


def lines(
    referrals: Referrals,
    since: datetime = START,
    until: datetime = RELEASE + timedelta(days=99),
    advocate: str | None = None,
) -> list[dict[str, str]]:
    text = referrals.rewards.statement(since, until, advocate=advocate)
    assert text.splitlines()[0] == "advocate,order,at,what,amount,currency,reference"
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.usefixtures("due")
def test_a_statement_tells_every_movement(referrals: Referrals, clock: Clock) -> None:
    referrals.rewards.mark_paid("c-1", reference="t-1", orders=["17"])
    clock.on(days=1)
    referrals.record_order(later(an_order(), cancelled=PLACED))
    referrals.rewards.mark_paid("c-1", reference="t-2")
    told = [
        (one["order"], one["what"], one["amount"], one["reference"]) for one in lines(referrals)
    ]
    assert told == [
        ("17", "earned", "7.20", ""),
        ("18", "earned", "7.20", ""),
        ("17", "due", "7.20", ""),
        ("18", "due", "7.20", ""),
        ("17", "paid", "7.20", "t-1"),
        ("17", "owed back", "7.20", ""),
        ("18", "kept for what was owed back", "7.20", "t-2"),
    ]
    assert {(one["advocate"], one["currency"]) for one in lines(referrals)} == {("c-1", "GBP")}
    assert lines(referrals)[0]["at"] == START.isoformat()
    assert "Alice" not in str(lines(referrals))
    assert "@" not in str(lines(referrals))


@pytest.mark.usefixtures("due")
def test_a_statement_may_end_at_the_last_of_all_moments(referrals: Referrals) -> None:
    assert lines(referrals, until=datetime.max.replace(tzinfo=UTC)) == lines(referrals)


@pytest.mark.usefixtures("due")
def test_what_was_paid_stays_in_it_when_the_credit_passes_to_another(
    referrals: Referrals,
) -> None:
    referrals.rewards.mark_paid("c-1", reference="t-1")
    before = lines(referrals)
    referrals.programs.save(a_program(name="others"))
    other = Advocate(id="c-2", name="Carol")
    referrals.advocates.invite("others", other, code="CAROL", coupon="ref-carol")
    referrals.record_order(later(an_order(), 1, coupons=()))
    referrals.record_order(later(an_order(id="18"), 1, coupons=used("ref-carol")))
    assert lines(referrals)[: len(before)] == before
    owed = [(one["advocate"], one["order"], one["what"]) for one in lines(referrals)[len(before) :]]
    assert owed == [("c-1", "17", "owed back"), ("c-1", "18", "owed back")]
    assert {one.kind for one in referrals.rewards.list("c-1")} == {Kind.COMMISSION}


def test_its_period_begins_with_the_first_moment_and_ends_before_the_last(
    referrals: Referrals, clock: Clock
) -> None:
    a_shop_with(referrals, TENTH)
    at = START + timedelta(hours=1, microseconds=500)
    clock.to(at)
    referrals.record_order(an_order())
    assert len(lines(referrals, at, at + INSTANT)) == 1
    assert lines(referrals, at + INSTANT, at + timedelta(days=1)) == []
    assert lines(referrals, at - timedelta(days=1), at) == []
    assert lines(referrals, at - timedelta(days=1), at - INSTANT) == []


def test_it_may_be_of_one_advocate(referrals: Referrals) -> None:
    a_shop_with(referrals, TENTH)
    carol(referrals)
    referrals.record_order(an_order())
    referrals.record_order(an_order(id="18", coupons=used("ref-carol")))
    assert [one["order"] for one in lines(referrals)] == ["17", "18"]
    assert [one["order"] for one in lines(referrals, advocate="c-2")] == ["18"]
    with pytest.raises(UnknownAdvocate):
        lines(referrals, advocate="c-9")


def test_coupons_are_not_in_it(referrals: Referrals) -> None:
    a_shop_with(referrals)
    referrals.record_order(an_order())
    assert lines(referrals) == []


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_spreadsheet_takes_a_word_of_it_for_a_formula(
    engine: Engine, referrals: Referrals, clock: Clock, sign: str
) -> None:
    a_shop_with(referrals, TENTH)
    referrals.record_order(an_order(id=f"{sign}1+1"))
    clock.to(RELEASE)
    engine.work()
    referrals.rewards.mark_paid("c-1", reference=f"{sign}cmd|' /c calc'!A1")
    for one in lines(referrals):
        assert one["order"] == f"'{sign}1+1"
    assert lines(referrals)[-1]["reference"] == f"'{sign}cmd|' /c calc'!A1"
