"""Whoever is told to end finishes the deed in hand; what was not begun was not tried."""

from __future__ import annotations

from datetime import timedelta

import pytest

from goodword import Code, Duty, Referrals, RewardState, again
from goodword.embedded.engine import Engine
from goodword.storage import deeds
from goodword.storage.sql import Book
from tests.sdk.builders import (
    PLACED,
    RELEASE,
    Clock,
    Obedient,
    Saying,
    an_order,
    every_row,
    later,
)

SECOND, LEASE = timedelta(seconds=1), timedelta(minutes=5)


@pytest.fixture
def two_earned(referrals: Referrals, code: Code, clock: Clock) -> None:
    """Two orders earned something, and the hold of both is over."""
    referrals.record_order(an_order())
    referrals.record_order(an_order(id="18", paid=PLACED + SECOND))
    clock.to(RELEASE + SECOND)


def states(referrals: Referrals) -> dict[str, RewardState]:
    return {reward.order: reward.state for reward in referrals.rewards.list("c-1")}


@pytest.mark.usefixtures("two_earned")
def test_deeds_that_were_not_begun_are_done_by_others_at_once(engine: Engine) -> None:
    here, there = Obedient(), Obedient()
    # Two releases and a grant.
    assert engine.work({"till": here}, until=lambda: len(here.deeds) == 1) == 3
    assert engine.work({"till": there}) == 1
    assert {deed.subject for deed in here.deeds + there.deeds} == {"17", "18"}
    # What was not begun was not tried.
    assert [deed.tries for deed in there.deeds] == [1]


@pytest.mark.usefixtures("two_earned")
def test_who_is_told_to_end_takes_up_nothing(engine: Engine) -> None:
    before = every_row(engine)
    assert engine.work({"till": Obedient()}, until=lambda: True) == 0
    assert every_row(engine) == before


@pytest.mark.usefixtures("two_earned")
def test_what_was_put_off_while_it_was_held_stays_put_off(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    asked = 0

    def paid_anew_meanwhile() -> bool:
        nonlocal asked
        asked += 1
        # Asked before they are taken up, before the first, and before the second.
        if asked == 3:
            paid = PLACED + timedelta(days=1)
            referrals.record_order(later(an_order(id="18"), paid=paid))
        return asked >= 3

    engine.work(until=paid_anew_meanwhile)
    engine.work()
    assert states(referrals) == {"17": RewardState.DUE, "18": RewardState.WAITING}
    clock.to(RELEASE + timedelta(days=1))
    engine.work()
    assert states(referrals)["18"] is RewardState.DUE


@pytest.mark.usefixtures("earned")
def test_deeds_that_dead_workers_held_are_not_given_up(engine: Engine, clock: Clock) -> None:
    engine.work()
    for _ in range(30):
        engine.database.write(
            lambda s: deeds.claim(Book(s, "tea-house"), clock(), LEASE, 32, [Duty.GRANT])
        )
        clock.on(minutes=5)
    till = Saying(answers=[again("busy")])
    engine.work({"till": till})
    clock.on(hours=7)
    engine.work({"till": till})
    assert [deed.tries for deed in till.deeds] == [1, 2]
