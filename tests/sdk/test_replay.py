"""A period decided once more, and what cannot be true kept out of the book."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from goodword import (
    Account,
    Advocate,
    Budget,
    Cap,
    Claiming,
    Difference,
    Invalid,
    Order,
    OrderInvalid,
    Part,
    Referrals,
    Refund,
    Repeats,
    Result,
    Terms,
    Tier,
    UnknownVersion,
    Visiting,
    amount_off,
    share_of_order,
)
from goodword.embedded.engine import Engine
from goodword.storage.tables import entries, programs
from tests.sdk.builders import (
    DAY,
    HALVED,
    PLACED,
    RELEASE,
    Clock,
    Obedient,
    a_program,
    a_shop_with,
    an_order,
    carol,
    every_row,
    gbp,
    later,
    used,
)

SINCE, UNTIL = PLACED - DAY, PLACED + DAY
NOTHING = gbp("0")


def tamper(engine: Engine, **entry: Any) -> None:
    """Write an entry past all our rules, as a careless hand would."""
    row = {
        "shop": "tea-house",
        "id": "f" * 32,
        "order_id": "17",
        "part": "reward",
        "advocate": "c-1",
        "source": Account.GRANTED,
        "target": Account.WAITING,
        "unit": "GBP",
        "amount": 100,
        "cause": "by hand",
        "at": 0,
    }
    with engine.database.connect() as connection:
        connection.execute(entries.insert().values(**row | entry))
        connection.commit()


def test_a_book_that_nobody_touched_has_no_differences(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    terms = Terms(caps=(Cap(most=3),), budget=Budget(most=gbp("20.00")), repeats=Repeats(orders=3))
    tier = Tier(start=2, reward=amount_off("4.00", "GBP"))
    a_shop_with(referrals, a_program(terms=terms, tiers=(tier,)))
    carol(referrals)
    referrals.record_order(an_order())
    referrals.record_order(an_order(id="18", coupons=()))
    referrals.record_order(an_order(id="19", cancelled=PLACED))
    referrals.record_order(an_order(id="20", email="eve@friend.example"))
    referrals.credit.assign("20", "CAROL", reason="she told us")
    referrals.record_refund("17", Refund(id="r", gross=gbp("10.00")))
    clock.to(RELEASE)
    engine.work({"till": Obedient()})
    before = every_row(engine)
    replayed = referrals.credit.replay(SINCE, UNTIL)
    assert (replayed.orders, replayed.differences) == (4, ())
    assert every_row(engine) == before


def test_what_was_written_past_us_is_reported(engine: Engine, referrals: Referrals) -> None:
    a_shop_with(referrals)
    referrals.record_order(an_order())
    tamper(engine)
    assert referrals.credit.replay(SINCE, UNTIL).differences == (
        Difference(
            order="17",
            part=Part.REWARD,
            advocate="c-1",
            booked=gbp("8.20"),
            should=gbp("7.20"),
        ),
    )


@pytest.mark.parametrize("whose", [{"advocate": "c-2"}, {"unit": "EUR"}])
def test_what_belongs_to_nobody_is_reported(
    engine: Engine, referrals: Referrals, whose: dict[str, str]
) -> None:
    a_shop_with(referrals)
    referrals.record_order(an_order())
    tamper(engine, **whose)
    (found,) = referrals.credit.replay(SINCE, UNTIL).differences
    assert (found.booked.minor, found.should.minor) == (100, 0)
    assert found.advocate == whose.get("advocate", "c-1")


def test_the_next_state_of_the_order_mends_the_book(engine: Engine, referrals: Referrals) -> None:
    a_shop_with(referrals)
    referrals.record_order(an_order())
    tamper(engine)
    referrals.record_order(HALVED)
    assert referrals.credit.replay(SINCE, UNTIL).differences == ()


# By the placing, and not by the arrival.


@pytest.fixture
def arrived_in_reverse(referrals: Referrals) -> None:
    a_shop_with(referrals, a_program(terms=Terms(caps=(Cap(most=1),))))
    for id, minutes in (("late", 2), ("early", 1)):
        at = PLACED + timedelta(minutes=minutes)
        referrals.record_order(an_order(id=id, placed=at, modified=at, paid=at))


@pytest.mark.usefixtures("arrived_in_reverse")
def test_as_placed_tells_who_would_have_come_in(engine: Engine, referrals: Referrals) -> None:
    before = every_row(engine)
    told = referrals.credit.replay(SINCE, UNTIL, as_placed=True)
    assert (told.orders, told.differences) == (
        2,
        (
            Difference(
                order="early", booked=NOTHING, should=gbp("7.20"), part=Part.REWARD, advocate="c-1"
            ),
            Difference(
                order="late", booked=gbp("7.20"), should=NOTHING, part=Part.REWARD, advocate="c-1"
            ),
        ),
    )
    assert every_row(engine) == before


@pytest.mark.usefixtures("arrived_in_reverse")
def test_as_it_was_decided_nothing_differs(referrals: Referrals) -> None:
    assert referrals.credit.replay(SINCE, UNTIL).differences == ()


def test_as_placed_counts_tiers_and_budgets_anew(referrals: Referrals) -> None:
    tier = Tier(start=2, reward=share_of_order(20))
    terms = Terms(budget=Budget(most=gbp("21.60")))
    a_shop_with(referrals, a_program(tiers=(tier,), terms=terms))
    for id, minutes in (("3", 3), ("2", 2), ("1", 1)):
        at = PLACED + timedelta(minutes=minutes)
        referrals.record_order(an_order(id=id, placed=at, modified=at, paid=at))
    told = referrals.credit.replay(SINCE, UNTIL, as_placed=True).differences
    assert [(one.order, one.booked.minor, one.should.minor) for one in told] == [
        ("1", 0, 720),
        ("3", 720, 0),
    ]


# Periods.


def test_a_period_begins_at_its_first_moment_and_ends_before_its_last(
    referrals: Referrals,
) -> None:
    a_shop_with(referrals)
    referrals.record_order(an_order())
    tick = timedelta(microseconds=1)
    replay = referrals.credit.replay
    assert replay(PLACED, PLACED + tick).orders == 1
    assert replay(PLACED - DAY, PLACED).orders == 0
    assert replay(PLACED + tick, PLACED + DAY).orders == 0


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [
        (PLACED.replace(tzinfo=None), UNTIL, "since"),
        (SINCE, UNTIL.astimezone(timezone(timedelta(hours=8))), "until"),
        (PLACED, PLACED, "until"),
        (UNTIL, SINCE, "until"),
    ],
)
def test_a_period_that_is_none_is_named(
    referrals: Referrals, since: datetime, until: datetime, field: str
) -> None:
    for ask in (referrals.credit.replay, referrals.rewards.statement):
        with pytest.raises(Invalid) as caught:
            ask(since, until)
        assert caught.value.facts["field"] == field


@pytest.mark.slow
def test_a_long_period_is_read_to_its_end(referrals: Referrals) -> None:
    """More than a page of orders, many of them of one moment."""
    a_shop_with(referrals)
    for number in range(1, 1004):
        at = PLACED + timedelta(seconds=number // 300)
        referrals.record_order(an_order(id=str(number), placed=at, modified=at, coupons=()))
    replayed = referrals.credit.replay(SINCE, UNTIL)
    assert (replayed.orders, replayed.differences) == (1003, ())


# A version that is gone.


@pytest.fixture
def gone(engine: Engine, referrals: Referrals, clock: Clock) -> None:
    """Order 17 was decided by version 1, whose row somebody deleted."""
    a_shop_with(referrals)
    referrals.record_order(an_order())
    clock.on(days=1)
    referrals.programs.save(a_program(share_of_order(20)))
    with engine.database.connect() as connection:
        connection.execute(delete(programs).where(programs.c.version == 1))
        connection.commit()


@pytest.mark.usefixtures("gone")
@pytest.mark.parametrize(
    "ask",
    [
        lambda referrals: referrals.credit.replay(SINCE, UNTIL),
        lambda referrals: referrals.credit.explain("17"),
        lambda referrals: referrals.record_order(HALVED),
        lambda referrals: referrals.record_refund("17", Refund(id="r", gross=gbp("1.00"))),
        lambda referrals: referrals.credit.assign("17", "ALICE10", reason="she told us"),
    ],
    ids=["replay", "explain", "order", "refund", "assign"],
)
def test_a_version_that_is_gone_is_named_and_nothing_is_half_written(
    engine: Engine, referrals: Referrals, ask: Callable[[Referrals], object]
) -> None:
    before = every_row(engine)
    with pytest.raises(UnknownVersion, match="version 1 of program 'friends'") as caught:
        ask(referrals)
    assert caught.value.facts == {"name": "friends", "version": 1}
    assert every_row(engine) == before


# Clocks that are wrong.


@pytest.mark.parametrize(
    "field", ["placed", "modified", "paid", "fulfilled", "cancelled", "disputed", "customer_since"]
)
def test_a_moment_far_ahead_of_our_clock_is_named(
    engine: Engine, referrals: Referrals, clock: Clock, field: str
) -> None:
    a_shop_with(referrals)
    before = every_row(engine)
    ahead = clock.at + DAY

    def told(at: datetime) -> Order:
        moments: dict[str, Any] = {field: at}
        return replace(an_order(), **moments)

    with pytest.raises(OrderInvalid, match="more than a day ahead of our clock") as caught:
        referrals.record_order(told(ahead + timedelta(microseconds=1)))
    assert caught.value.facts["field"] == field
    assert every_row(engine) == before
    referrals.record_order(told(ahead))


# Evidence of another shop.


@pytest.fixture
def theirs(engine: Engine) -> dict[str, Order]:
    """Orders with evidence that means something in the book shop alone."""
    other = engine.of("book-shop")
    other.programs.save(a_program())
    wei = Advocate(id="c-9", name="Wei", email="wei@shop.example")
    other.advocates.invite("friends", wei, code="THEIRS", coupon="ref-theirs")
    visit = other.record_visit(Visiting(code="THEIRS"))
    claim = other.claim(Claiming(code="THEIRS", email="bob@friend.example"))
    plain = an_order(coupons=())
    return {
        "visit": replace(plain, visit=visit.id),
        "coupon": replace(plain, coupons=used("ref-theirs")),
        "code": replace(plain, code="THEIRS"),
        "gift": replace(plain, coupons=used(claim.coupon)),
        "claim": plain,
        "name": replace(plain, named="Wei"),
    }


@pytest.mark.parametrize("evidence", ["visit", "coupon", "code", "gift", "claim", "name"])
def test_evidence_of_another_shop_leads_nowhere(
    engine: Engine, referrals: Referrals, theirs: dict[str, Order], evidence: str
) -> None:
    a_shop_with(referrals)
    assert engine.of("book-shop").programs.try_out(theirs[evidence]).winner is not None
    outcome = referrals.record_order(theirs[evidence])
    assert (outcome.result, outcome.referral) == (Result.UNATTRIBUTED, None)
    assert referrals.credit.explain("17").entries == ()
    with engine.database.connect() as connection:
        booked = connection.scalar(select(func.count()).select_from(entries))
    assert booked == 0
    own = referrals.record_order(later(theirs[evidence], code="ALICE10"))
    assert own.result is Result.UPDATED
