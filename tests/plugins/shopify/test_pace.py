"""A shop says with every answer what it may still be asked, and is asked no faster."""

from __future__ import annotations

from typing import Any

import pytest

from goodword_shopify.pace import Pace


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def pace(time: Time) -> Pace:
    return Pace(time)


def told(left: float, cost: float = 10.0) -> dict[str, Any]:
    status = {"maximumAvailable": 100.0, "currentlyAvailable": left, "restoreRate": 5.0}
    return {"cost": {"requestedQueryCost": cost, "throttleStatus": status}}


def asked(pace: Pace, left: float) -> float:
    pause = pace.begin("Order")
    pace.end("Order")
    pace.heard("Order", told(left))
    return pause


def test_what_was_never_asked_is_asked_at_once(pace: Pace) -> None:
    assert asked(pace, 0.0) == 0.0


def test_what_is_not_there_yet_is_waited_for(pace: Pace, time: Time) -> None:
    asked(pace, 6.0)
    # It costs 10, and one is spared: 5 more, at 5 a second.
    assert pace.begin("Order") == 1.0
    pace.end("Order")
    time.now += 3
    # The one before is thought to have cost 10, though nothing was heard of it.
    assert pace.begin("Order") == 0.0


def test_who_comes_together_waits_one_behind_the_other(pace: Pace) -> None:
    asked(pace, 11.0)
    assert [pace.begin("Order") for _ in range(3)] == [0.0, 2.0, 4.0]


def test_what_was_not_charged_can_be_asked(pace: Pace) -> None:
    asked(pace, 90.0)
    for _ in range(50):
        assert asked(pace, 89.0) == 0.0


def test_a_refusal_says_how_long(pace: Pace) -> None:
    assert pace.refused("Order", told(1.0)) == 2.0
    assert Pace().refused("Order", None) == 1.0


@pytest.mark.parametrize(
    "extensions",
    [None, [], {}, {"cost": None}, {"cost": {"requestedQueryCost": "x", "throttleStatus": {}}}],
)
def test_who_says_nothing_of_costs_is_asked_all_the_same(pace: Pace, extensions: object) -> None:
    pace.begin("Order")
    pace.end("Order")
    pace.heard("Order", extensions)
    assert pace.begin("Order") == 0.0


def test_it_holds_no_more_than_it_holds(pace: Pace, time: Time) -> None:
    asked(pace, 100.0)
    time.now += 1_000_000
    assert [pace.begin("Order") for _ in range(11)][-1] == 2.2
