"""For the tests of whoever embeds goodword: a plugin of pytest, found by it where goodword is.

Four fixtures, each made anew for a test: `goodword_engine`, `goodword_referrals`, `goodword_clock`
and `goodword_till`.  Three builders, to be imported: `a_program`, `an_advocate`, `an_order`::

    from goodword.testing import a_program, an_advocate, an_order

    def test_whoever_sent_a_friend_gets_a_coupon(
        goodword_engine, goodword_referrals, goodword_clock, goodword_till
    ):
        goodword_referrals.programs.save(a_program())
        code = goodword_referrals.advocates.invite("friends", an_advocate())
        goodword_referrals.record_order(an_order(code=code.text))
        goodword_clock.on(days=14)
        goodword_engine.work({"till": goodword_till})
        assert [grant.person for grant in goodword_till.grants] == ["c-1"]

The engine's database is in memory.  Threads may share it, and take turns; another process, or a
connection of your own for `Engine.within`, cannot see it: for those embed a file in ``tmp_path``.
A suite that uses none of this loads no database: pytest can also be told ``-p no:goodword``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from goodword.errors import Invalid
from goodword.interface.referrals import Referrals
from goodword.model.followup import (
    Adjusted,
    Carried,
    Duty,
    FollowUp,
    Grant,
    Granted,
    TakenBack,
    done,
)
from goodword.model.money import money
from goodword.model.order import Order
from goodword.model.people import Advocate
from goodword.model.program import Program
from goodword.model.terms import Terms
from goodword.model.worth import percent_off, share_of_order

if TYPE_CHECKING:
    from goodword.embedded.engine import Engine
    from goodword.storage.sqlite import SQLite

START: Final = datetime(2026, 11, 22, 9, 20, tzinfo=UTC)
"""When each test begins, and when `an_order` was placed."""


@dataclass
class Clock:
    """The time, which stands still until it is moved."""

    at: datetime = START

    def __call__(self) -> datetime:
        """Return the time in UTC."""
        return self.at

    def to(self, moment: datetime) -> None:
        """Move to a moment, earlier or later; raise `Invalid` for one without a time zone."""
        if moment.tzinfo is None:
            raise Invalid(field="moment", mend="give it a time zone, as datetime.now(UTC) has")
        self.at = moment.astimezone(UTC)

    def on(self, **duration: float) -> None:
        """Move on by days, hours, minutes, seconds: whatever `timedelta` takes."""
        self.at += timedelta(**duration)


@dataclass
class ObedientTill:
    """A carrier that does as it is told, and remembers it.

    Give it to `Engine.work` under any name: ``engine.work({"till": till, "mail": till})``.
    """

    deeds: list[FollowUp] = field(default_factory=list)
    """All that it was asked to do, in turn."""
    grants: list[Grant] = field(default_factory=list)
    """What it granted: rewards of advocates, and coupons of friends who claimed."""
    used: set[str] = field(default_factory=set)
    """Texts of coupons that were spent: put one in, and it cannot be taken back."""
    answers: list[Carried | Exception] = field(default_factory=list)
    """What it answers or raises first, one a deed, doing nothing; then it obeys.  As from `again`,
    `never` and `unknown`."""

    def carry(self, deed: FollowUp) -> Carried:
        """Do the deed, unless there is an answer to be given instead."""
        self.deeds.append(deed)
        if not self.answers:
            return self._obey(deed)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _obey(self, deed: FollowUp) -> Carried:
        if deed.taking_back is not None:
            text = deed.taking_back.granted.text
            return done(taken_back=TakenBack(done=text not in self.used))
        if deed.adjusting is not None:
            return done(adjusted=Adjusted(rests=deed.adjusting.grant.paused))
        if deed.grant is None:
            return done()
        # The end of a coupon's time only asks what became of it.
        if deed.duty is not Duty.EXPIRE and deed.grant not in self.grants:
            self.grants.append(deed.grant)
        used = deed.grant.text in self.used
        return done(
            granted=Granted(grant=deed.grant.id, text=deed.grant.text, remote="1", used=used)
        )


def a_program(**changes: Any) -> Program:
    """Return a program: 10% for the friend, 10% of the order for the advocate, held 14 days.

    ``changes`` are fields of `Program`, like ``reward=amount_off("100", "TWD")``.
    """
    program = Program(
        name="friends",
        title="Give 10%, get 10%",
        offer=percent_off(10),
        reward=share_of_order(10),
        terms=Terms(window_days=30, hold_days=14),
    )
    return replace(program, **changes)


def an_advocate(**changes: Any) -> Advocate:
    """Return an advocate, Mei; ``changes`` are fields of `Advocate`, like ``id="c-2"``."""
    return replace(Advocate(id="c-1", name="Mei", email="mei@shop.example"), **changes)


def an_order(**changes: Any) -> Order:
    """Return an order of NT$1,000 that a friend paid as it was placed, at `START`.

    ``changes`` are fields of `Order`, like ``code=code.text``.  Unless it is said, the order is
    paid when it is placed, and its gross is its net.
    """
    placed = changes.get("placed", START)
    net = changes.get("net", money("1000", "TWD"))
    order = Order(
        id="1001", placed=placed, paid=placed, net=net, gross=net, email="bob@friend.example"
    )
    return replace(order, **changes)


@pytest.fixture
def goodword_clock() -> Clock:
    """The engine's time: it stands at `START` until it is moved, ``goodword_clock.on(days=14)``.

    Where your shop asks for the real time, begin with ``goodword_clock.to(datetime.now(UTC))``.
    """
    return Clock()


@pytest.fixture
def goodword_till() -> ObedientTill:
    """A carrier that does as it is told, and remembers it."""
    return ObedientTill()


@pytest.fixture(scope="session")
def _goodword_tables() -> Iterator[SQLite]:
    """A database with our tables and nothing in them, to be copied."""
    # Here and not above: a suite that does without us must not load a database.
    from goodword.embedded.engine import Engine
    from goodword.storage.sqlite import SQLite

    tables = SQLite(":memory:")
    engine = Engine(tables)
    engine.migrate()
    yield tables
    engine.close()


@pytest.fixture
def goodword_engine(_goodword_tables: SQLite, goodword_clock: Clock) -> Iterator[Engine]:
    """An engine in memory, migrated and empty, that goes by `goodword_clock`."""
    from goodword.embedded.engine import Engine

    engine = Engine(_goodword_tables.copied(), goodword_clock)
    yield engine
    engine.close()


@pytest.fixture
def goodword_referrals(goodword_engine: Engine) -> Referrals:
    """One shop of `goodword_engine`, which nobody was in before."""
    return goodword_engine.of()
