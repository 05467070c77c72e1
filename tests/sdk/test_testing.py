"""The plugin of pytest, as the suite of somebody who embeds goodword sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from textwrap import dedent
from typing import Final

import pytest

from goodword import (
    Duty,
    FollowUp,
    Grant,
    Granted,
    Invalid,
    Kind,
    Money,
    TakingBack,
    Worth,
    again,
    done,
    money,
    testing,
)
from goodword.testing import START, Clock, ObedientTill, a_program, an_advocate, an_order

pytestmark = pytest.mark.slow

pytest_plugins = ["pytester"]

Play = Callable[..., pytest.RunResult]


@pytest.fixture
def play(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Play:
    """Run a stranger's suite, with our plugin alone, in which every warning is an error."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def played(suite: str, *words: str) -> pytest.RunResult:
        pytester.makepyfile(suite)
        return pytester.runpytest_subprocess("-W", "error", "-p", "goodword.testing", *words)

    return played


def test_a_suite_gets_an_engine_a_shop_a_clock_and_a_till(play: Play) -> None:
    example = (testing.__doc__ or "").partition("to be imported:")[2].partition("\n\nThe engine")[0]
    seen = """
    (reward,) = goodword_referrals.rewards.list("c-1")
    assert (reward.state, reward.text) == ("granted", goodword_till.grants[0].text)
    assert goodword_till.grants[0].worth.amount == reward.worth == money("100", "TWD")
"""
    suite = "from goodword import money\n" + dedent(example.partition("::\n")[2]) + seen
    play(suite).assert_outcomes(passed=1)


@pytest.mark.slow
def test_every_test_begins_with_nothing(play: Play) -> None:
    suite = """
        import pytest
        from goodword.testing import START, a_program

        @pytest.mark.parametrize("turn", range(3))
        def test_it(turn, goodword_engine, goodword_referrals, goodword_clock, goodword_till):
            assert goodword_referrals.programs.list() == []
            assert goodword_engine.of("another").programs.list() == []
            assert (goodword_clock(), goodword_till.deeds) == (START, [])
            goodword_referrals.programs.save(a_program())
            goodword_clock.on(days=1)
            goodword_till.deeds.append(None)
    """
    play(suite).assert_outcomes(passed=3)


@pytest.mark.slow
def test_the_tables_are_made_once_for_all_tests(play: Play) -> None:
    suite = """
        import pytest
        from goodword.embedded.engine import Engine

        made = []

        @pytest.fixture(scope="session", autouse=True)
        def counting():
            migrate = Engine.migrate
            Engine.migrate = lambda engine: (made.append(engine), migrate(engine))

        @pytest.mark.parametrize("turn", range(3))
        def test_it(turn, goodword_engine):
            assert len(made) == 1
            assert goodword_engine not in made
    """
    play(suite).assert_outcomes(passed=3)


@pytest.mark.slow
def test_threads_may_share_the_engine(play: Play) -> None:
    suite = """
        from concurrent.futures import ThreadPoolExecutor
        from goodword.testing import a_program, an_advocate, an_order

        def test_it(goodword_referrals):
            goodword_referrals.programs.save(a_program())
            code = goodword_referrals.advocates.invite("friends", an_advocate())

            def buy(n):
                email = f"friend-{n}@shop.example"
                goodword_referrals.record_order(an_order(id=str(n), email=email, code=code.text))
                return goodword_referrals.credit.explain(str(n)).referral.state

            with ThreadPoolExecutor(8) as threads:
                assert set(threads.map(buy, range(80))) == {"qualified"}
            (standing,) = goodword_referrals.rewards.balance("c-1")
            assert standing.waiting == 80 * 100_00
    """
    play(suite).assert_outcomes(passed=1)


@pytest.mark.slow
def test_a_suite_that_does_without_it_loads_no_database(play: Play) -> None:
    suite = """
        import sys

        def test_it():
            assert "goodword.testing" in sys.modules
            heavy = {"sqlalchemy", "alembic", "marshmallow", "requests", "flask", "sqlite3"}
            assert not heavy & set(sys.modules)
    """
    play(suite).assert_outcomes(passed=1)


@pytest.mark.slow
def test_its_fixtures_explain_themselves(play: Play) -> None:
    told = play("", "--fixtures").stdout.str()
    for name in ("engine", "referrals", "clock", "till"):
        assert f"goodword_{name} -- " in told
    assert "_goodword_tables" not in told


def test_a_builder_takes_whatever_is_changed() -> None:
    assert an_advocate(id="c-2", name="Bo").id == "c-2"
    assert a_program(reward=Worth(kind=Kind.FREE_SHIPPING)).reward.kind is Kind.FREE_SHIPPING
    later = START + timedelta(days=3)
    order = an_order(placed=later, net=money("5.00", "GBP"))
    assert (order.paid, order.gross) == (later, money("5.00", "GBP"))
    assert an_order(paid=None, gross=money("1050", "TWD")).paid is None
    with pytest.raises(TypeError, match="nett"):
        an_order(nett=money("1", "TWD"))


def test_a_clock_stands_still_until_it_is_moved() -> None:
    clock = Clock()
    assert clock() == clock() == START
    clock.on(days=1, hours=2)
    assert clock() == START + timedelta(hours=26)
    clock.to(datetime.fromisoformat("2027-01-01T08:00:00+08:00"))
    assert clock() == datetime(2027, 1, 1, tzinfo=UTC)
    assert clock().tzinfo is UTC
    with pytest.raises(Invalid, match="moment"):
        clock.to(datetime(2027, 1, 1))  # noqa: DTZ001


GRANT: Final = Grant(
    id="g-1", subject="1001", person="c-1", worth=a_program().reward, text="THANKS-1"
)


def a_deed(duty: Duty = Duty.GRANT, left: Money | None = None) -> FollowUp:
    granted = Granted(grant="g-1", text="THANKS-1", remote="1")
    return FollowUp(
        id="d-1",
        shop="shop",
        duty=duty,
        subject="1001",
        due=START,
        tries=1,
        grant=GRANT if duty in (Duty.GRANT, Duty.EXPIRE) else None,
        taking_back=TakingBack(granted=granted, left=left) if duty is Duty.TAKE_BACK else None,
    )


def test_a_till_remembers_what_it_was_told_and_grants_a_thing_once() -> None:
    till = ObedientTill()
    first, second = till.carry(a_deed()), till.carry(a_deed())
    assert first == second
    assert first.granted == Granted(grant="g-1", text="THANKS-1", remote="1")
    assert till.grants == [GRANT]
    assert till.deeds == [a_deed()] * 2
    assert till.carry(a_deed(Duty.THANK)) == done()


def test_a_till_knows_what_was_used() -> None:
    till = ObedientTill(used={"THANKS-1"})
    taken, ended = till.carry(a_deed(Duty.TAKE_BACK)), till.carry(a_deed(Duty.EXPIRE))
    assert taken.taken_back is not None
    assert not taken.taken_back.done
    assert ended.granted is not None
    assert ended.granted.used
    assert till.grants == []
    till.used.clear()
    taken = till.carry(a_deed(Duty.TAKE_BACK))
    assert taken.taken_back is not None
    assert taken.taken_back.done


def test_a_till_answers_as_it_was_told_and_then_obeys() -> None:
    till = ObedientTill(answers=[again("closed for lunch"), OSError("no line")])
    assert till.carry(a_deed()) == again("closed for lunch")
    with pytest.raises(OSError, match="no line"):
        till.carry(a_deed())
    assert till.grants == []
    assert till.carry(a_deed()).granted is not None
