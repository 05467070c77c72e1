"""What comes next with the orders from before, by what the shop said: nobody is asked here."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from goodword.bulk import ANEW, BUSY, NEVER
from goodword.errors import AnswerLost, TillDown, TillRefused, TillTrouble
from goodword.model.trouble import Trouble
from goodword.platforms import CAUSES
from goodword_server.watching import backfill
from goodword_server.watching.backfill import Backfill, State

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
FRESH = Backfill(since=NOW - timedelta(days=60), wanted=NOW)
WRITING = backfill.begun(FRESH, "b-1", NOW)
DOWN = TillDown(shop="tea-house", what="the shop failed (502)", cause="failed", status=502)


def refused(cause: str, **facts: Any) -> TillRefused:
    return TillRefused(shop="tea-house", what="no", cause=cause, **facts)


@pytest.mark.parametrize(
    "one",
    [
        FRESH,
        WRITING,
        replace(WRITING, state=State.READING, begun=NOW, at=2**40, orders=7),
        replace(FRESH, state=State.DONE, ended=NOW),
        backfill.page_by_page(FRESH, Trouble("it is slow", "bulk_slow", hours=6)),
    ],
)
def test_it_is_noted_and_read_again(one: Backfill) -> None:
    told = json.loads(json.dumps(backfill.noted(one)))
    found = backfill.of(told)
    assert found == one
    assert found is not None
    assert getattr(found.why, "facts", None) == getattr(one.why, "facts", None)


def test_of_what_was_never_begun_nothing_is_noted() -> None:
    assert backfill.of({"cursor": NOW.isoformat()}) is None
    assert not backfill.is_open(None)


def test_it_is_waited_for_longer_and_longer() -> None:
    pauses = [backfill.pause(replace(WRITING, looks=looks)) for looks in range(20)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (timedelta(seconds=5), timedelta(minutes=5))


def test_the_causes_are_known_to_everybody() -> None:
    assert {BUSY, *ANEW, *NEVER} <= CAUSES
    assert not ANEW & NEVER


@pytest.mark.parametrize("cause", sorted(ANEW))
def test_what_is_lost_is_begun_anew_twice(cause: str) -> None:
    one = FRESH
    states = []
    for number in range(3):
        one = replace(backfill.begun(one, f"b-{number}", NOW), at=100, orders=5)
        after = backfill.after(one, refused(cause), NOW)
        assert after is not None
        one = after
        states.append((one.state, one.id, one.at, one.orders))
    assert states[:2] == [(State.ASKING, "", 0, 0)] * 2
    assert states[2][0] is State.PAGES
    assert str(one.why) == "no"


@pytest.mark.parametrize("cause", sorted(NEVER))
def test_what_cannot_be_is_read_at_the_till(cause: str) -> None:
    after = backfill.after(WRITING, refused(cause), NOW)
    assert after is not None
    assert (after.state, backfill.is_open(after)) == (State.PAGES, False)


@pytest.mark.parametrize(("hours", "state"), [(1.9, State.ASKING), (2.1, State.PAGES)])
def test_others_may_be_first_for_two_hours(hours: float, state: State) -> None:
    after = backfill.after(FRESH, refused(BUSY), NOW + timedelta(hours=hours))
    assert after is not None
    assert after.state is state


@pytest.mark.parametrize(("hours", "state"), [(5.9, State.WRITING), (6.1, State.PAGES)])
def test_it_may_be_written_for_six_hours(hours: float, state: State) -> None:
    after = backfill.looked_at(WRITING, 3, NOW + timedelta(hours=hours))
    assert after.state is state


@pytest.mark.parametrize("error", [DOWN, AnswerLost(shop="tea-house", what="no answer")])
def test_a_shop_may_be_down_for_a_day(error: TillTrouble) -> None:
    assert backfill.after(WRITING, error, NOW + timedelta(hours=23)) is None
    after = backfill.after(WRITING, error, NOW + timedelta(hours=25))
    assert after is not None
    assert after.state is State.PAGES


@pytest.mark.parametrize("cause", ["disconnected", "frozen", "kept_out"])
def test_a_shop_that_says_no_to_all_says_it_to_the_till_too(cause: str) -> None:
    assert backfill.after(WRITING, refused(cause), NOW + timedelta(days=9)) is None
