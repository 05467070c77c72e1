"""What was promised is taken back as far as it must be, whenever and however an order changes.

Each kind of reward x each moment of its life x each change of its order, on both databases; what
should come out is worked out by `oracle`, which knows none of our rules.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from goodword import RewardState, State
from tests.sdk.builders import PLACED, RELEASE, Street, an_order, used
from tests.sdk.oracle import Promise
from tests.sdk.refunding import (
    ALL_KINDS,
    CHANGED,
    COMMISSIONS,
    KINDS,
    SOME,
    SOME_KINDS,
    WHOLE,
    Stage,
    beside,
    booked,
    ends,
    lives,
    reward_state,
    states,
    stood,
    use,
    wanted,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def stage(request: pytest.FixtureRequest) -> Stage:
    database, promised = request.param
    street: Street = request.getfixturevalue(f"street_on_{database}")
    return Stage(street, lives(street, promised))


def each(kinds: dict[str, Promise]) -> pytest.MarkDecorator:
    """Every kind on SQLite, and of those that are booked alike one on PostgreSQL."""
    cases = {("sqlite", kind): promised for kind, promised in kinds.items()}
    cases |= {("postgresql", kind): kinds[kind] for kind in SOME if kind in kinds}
    return pytest.mark.parametrize(
        "stage",
        [(database, promised) for (database, _), promised in cases.items()],
        ids=[f"{kind} on {database}" for database, kind in cases],
        indirect=True,
    )


BETWEEN = pytest.mark.parametrize("between", [True, False], ids=["followed up", "at once"])


@each(SOME_KINDS)
@BETWEEN
def test_before_payment_nothing_is_booked_and_afterwards_what_is_left(
    stage: Stage, between: bool
) -> None:
    stage.to(CHANGED)
    unpaid = replace(WHOLE, paid=None)
    for life in stage.played.values():
        life.record(unpaid)
    stage.happen(between=between, base=unpaid)
    assert set(booked(stage.played).values()) == {(0, 0)}
    for life in stage.played.values():
        life.record(replace(life.order, paid=PLACED))
    assert booked(stage.played) == wanted(stage.played)
    assert stood(stage.played) == {
        event: (life.wants()[1], 0, 0, 0, 0) for event, life in stage.played.items()
    }
    assert states(stage.played) == ends(stage.played, State.QUALIFIED)


@each(ALL_KINDS)
def test_inside_the_hold_what_waits_is_taken_back(stage: Stage) -> None:
    stage.paid()
    stage.to(CHANGED)
    stage.happen()
    assert booked(stage.played) == wanted(stage.played)
    assert stood(stage.played) == {
        event: (life.wants()[1], 0, 0, 0, 0) for event, life in stage.played.items()
    }
    assert states(stage.played) == ends(stage.played, State.QUALIFIED)


@each(ALL_KINDS)
@BETWEEN
def test_what_is_due_and_not_granted_is_taken_back(stage: Stage, between: bool) -> None:
    stage.paid()
    stage.to(RELEASE)
    stage.work(till=False)
    stage.happen(till=False, between=between)
    assert booked(stage.played) == wanted(stage.played)
    assert stood(stage.played) == {
        event: (0, life.wants()[1], 0, 0, 0) for event, life in stage.played.items()
    }
    assert states(stage.played) == ends(stage.played, State.QUALIFIED)


@each(KINDS)
@BETWEEN
def test_an_unused_coupon_is_made_smaller_or_disabled(stage: Stage, between: bool) -> None:
    stage.paid()
    stage.to(RELEASE)
    stage.work()
    stage.happen(between=between)
    assert booked(stage.played) == wanted(stage.played)
    assert stood(stage.played) == {
        event: (0, 0, life.wants()[1], 0, 0) for event, life in stage.played.items()
    }
    at_the_shop = {event: life.coupons.spendable() for event, life in stage.played.items()}
    assert at_the_shop == {event: life.wants()[1] for event, life in stage.played.items()}
    assert not [fault for life in stage.played.values() for fault in life.coupons.faults]
    assert states(stage.played) == ends(stage.played, State.REWARDED)
    assert {event: reward_state(life) for event, life in stage.played.items()} == {
        event: RewardState.GRANTED if life.wants()[1] else RewardState.REVERSED
        for event, life in stage.played.items()
    }


@each(KINDS)
@BETWEEN
def test_a_used_coupon_stays_used_and_leaves_a_debt(stage: Stage, between: bool) -> None:
    stage.paid()
    stage.to(RELEASE)
    stage.work()
    worth = {event: use(life) for event, life in stage.played.items()}
    for life in stage.played.values():
        (text,) = life.coupons.used
        life.referrals.record_order(an_order(id="40", coupons=used(text)))
    stage.happen(between=between)
    assert booked(stage.played) == wanted(stage.played)
    assert stood(stage.played) == {
        event: beside(life.wants()[1], worth[event]) for event, life in stage.played.items()
    }
    assert {event: life.coupons.spendable() for event, life in stage.played.items()} == {
        event: max(0, life.wants()[1] - worth[event]) for event, life in stage.played.items()
    }
    assert {event: life.coupons.spent() for event, life in stage.played.items()} == worth
    assert not [fault for life in stage.played.values() for fault in life.coupons.faults]
    assert states(stage.played) == ends(stage.played, State.REWARDED)
    assert {reward_state(life) for life in stage.played.values()} == {RewardState.REDEEMED}


@each(KINDS)
def test_a_coupon_that_was_used_before_we_came_is_not_pretended_away(stage: Stage) -> None:
    stage.paid()
    stage.to(RELEASE)
    stage.work()
    worth = {event: use(life) for event, life in stage.played.items()}
    stage.happen()
    assert booked(stage.played) == wanted(stage.played)
    for event, life in stage.played.items():
        stands, (_, want) = life.standing(), life.wants()
        assert life.coupons.spent() == worth[event], event
        assert life.coupons.spendable() == max(0, want - worth[event]), event
        # Where nothing was to be taken back nobody asked, and we have not heard of it.
        assert stands.given + stands.spent == life.coupons.spent() + life.coupons.spendable(), event
        assert stands.owed_back == min(0, want - worth[event]), event
        if want < worth[event]:
            assert stands.spent == worth[event], event
    assert states(stage.played) == ends(stage.played, State.REWARDED)


@each(COMMISSIONS)
@pytest.mark.parametrize("till", [True, False], ids=["with a till", "without a till"])
@BETWEEN
def test_a_commission_that_was_paid_leaves_a_debt(stage: Stage, between: bool, till: bool) -> None:
    stage.paid()
    stage.to(RELEASE)
    stage.work(till=till)
    paid = {}
    for event, life in stage.played.items():
        (one,) = life.referrals.rewards.mark_paid("c-1", reference="transfer 1")
        paid[event] = one.worth.minor
    stage.happen(till=till, between=between)
    assert booked(stage.played) == wanted(stage.played)
    assert stood(stage.played) == {
        event: (
            0,
            max(0, life.wants()[1] - paid[event]),
            paid[event],
            0,
            min(0, life.wants()[1] - paid[event]),
        )
        for event, life in stage.played.items()
    }
    assert states(stage.played) == ends(stage.played, State.REWARDED)
