"""A lost connection to PostgreSQL loses nothing: what was undone is done anew, the rest is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Barrier

import psycopg
import pytest
from sqlalchemy import bindparam
from sqlalchemy import insert as inserting

import goodword
from goodword import Advocate, Referrals, Refund, RewardState, Visiting
from goodword.embedded.engine import Engine
from goodword.storage.postgresql import PostgreSQL
from goodword.storage.sql import Session, Statement
from goodword.storage.tables import shops
from tests.postgres import Server
from tests.sdk.builders import (
    Clock,
    a_program,
    a_shop_with,
    alice,
    an_order,
    at_once,
    every_row,
    gbp,
    later,
    the_reward,
)
from tests.sdk.storage.lines import COMMIT, Line, breaking_line
from tests.sdk.tills import FolderTill, at_the

pytestmark = pytest.mark.slow


@pytest.fixture
def url(on_postgresql: str) -> str:
    return on_postgresql


def insert(session: Session) -> None:
    session.driver.execute("INSERT INTO goodword_shops (shop) VALUES ('noodles')")


def count(session: Session) -> int:
    (found,) = session.driver.execute(
        "SELECT count(*) FROM goodword_shops WHERE shop = 'noodles'"
    ).fetchone()
    return int(found)


# In the pool.


VERBS: dict[str, Callable[[Referrals], object]] = {
    "read": lambda shop: shop.find_code("ALICE10"),
    "write": lambda shop: shop.record_order(an_order()),
    "click": lambda shop: shop.record_visit(Visiting(code="ALICE10")),
}


@pytest.mark.parametrize("many", [1, 12])
@pytest.mark.parametrize("verb", VERBS)
def test_however_many_were_lost_in_the_pool_nobody_notices(
    engine: Engine, referrals: Referrals, cut: Callable[[], None], verb: str, many: int
) -> None:
    a_shop_with(referrals)
    open_at_once(engine, many)
    cut()
    VERBS[verb](referrals)


TELL = Statement(inserting(shops).values(shop=bindparam("shop")).returning(shops.c.shop))


def test_nor_does_whoever_is_told_a_row(
    engine: Engine, database: PostgreSQL, cut: Callable[[], None]
) -> None:
    open_at_once(engine, 12)
    cut()
    assert database.tell_one(TELL, {"shop": "noodles"}) == ("noodles",)
    assert database.read(count) == 1


def open_at_once(engine: Engine, many: int) -> None:
    together = Barrier(many)
    answers = at_once(*[partial(engine.database.read, lambda session: together.wait(10))] * many)
    assert len(set(answers)) == many


# Under way.


def test_what_was_cut_off_under_way_is_done_anew(
    database: PostgreSQL, cut: Callable[[], None]
) -> None:
    seen = []

    def work(session: Session) -> None:
        seen.append(count(session))
        insert(session)
        if len(seen) == 1:
            cut()
        session.driver.execute("SELECT 1")

    database.write(work)
    assert seen == [0, 0]
    assert database.read(count) == 1


def test_what_is_cut_off_a_second_time_is_an_error_and_leaves_nothing(
    database: PostgreSQL, cut: Callable[[], None]
) -> None:
    tries = []

    def work(session: Session) -> None:
        tries.append(1)
        insert(session)
        cut()
        session.driver.execute("SELECT 1")

    with pytest.raises(psycopg.OperationalError, match="administrator"):
        database.write(work)
    assert len(tries) == 2
    assert database.read(count) == 0


def test_who_only_reads_begins_anew(database: PostgreSQL, cut: Callable[[], None]) -> None:
    seen = []

    def work(session: Session) -> int:
        seen.append(count(session))
        if len(seen) == 1:
            cut()
        return count(session)

    assert database.read(work) == 0
    assert seen == [0, 0]


def test_a_database_that_is_gone_is_an_error(
    referrals: Referrals, postgresql: Server, url: str
) -> None:
    a_shop_with(referrals)
    postgresql.drop(url)
    for verb in VERBS.values():
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            verb(referrals)


# During the commit.


@pytest.fixture
def line_and_url(url: str) -> Iterator[tuple[Line, str]]:
    with breaking_line(url) as found:
        yield found


@pytest.fixture
def line(line_and_url: tuple[Line, str]) -> Line:
    return line_and_url[0]


@pytest.fixture
def far(line_and_url: tuple[Line, str], clock: Clock) -> Iterator[Engine]:
    """An engine at the near end of the line."""
    engine = goodword.embed(line_and_url[1], clock=clock)
    # SQLAlchemy's own commits lie behind it.
    engine.of("tea-house").programs.list()
    yield engine
    engine.close()


@pytest.mark.parametrize("heard", [True, False])
def test_a_commit_without_an_answer_is_told_and_not_done_twice(
    far: Engine, database: PostgreSQL, line: Line, heard: bool
) -> None:
    tries = []

    def work(session: Session) -> None:
        tries.append(1)
        insert(session)

    line.breaks_at(COMMIT, heard=heard)
    with pytest.raises(psycopg.OperationalError):
        far.database.write(work)
    assert tries == [1]
    assert database.read(count) == heard


@pytest.mark.parametrize("heard", [True, False])
def test_a_click_without_an_answer_is_one_visit(
    far: Engine, engine: Engine, referrals: Referrals, line: Line, heard: bool
) -> None:
    a_shop_with(referrals)
    shop = far.of("tea-house")
    line.breaks_at(b"INSERT INTO goodword_visits", heard=heard)
    visit = shop.record_visit(Visiting(code="ALICE10"))
    assert line.words is None
    assert [visit.id in row for row in every_row(engine)["goodword_visits"]] == [True]


DORA = Advocate(id="c-4", name="Dora", email="dora@shop.example")
REPORTS: dict[str, Callable[[Referrals, str], object]] = {
    "a new order": lambda shop, _: shop.record_order(an_order(id="18")),
    "a later state": lambda shop, _: shop.record_order(later(an_order(), net=gbp("36.00"))),
    "a state without a moment": lambda shop, _: shop.record_order(an_order(modified=None)),
    "a refund": lambda shop, _: shop.record_refund("17", Refund(id="18", gross=gbp("36.00"))),
    "an early refund": lambda shop, _: shop.record_refund("19", Refund(id="18", gross=gbp("1"))),
    "a new program": lambda shop, _: shop.programs.save(a_program(name="partners")),
    "a new version": lambda shop, _: shop.programs.save(a_program(title="Give 10%, get thanks")),
    "an advocate": lambda shop, _: shop.advocates.invite("friends", DORA, coupon="ref-dora"),
    "a chosen code": lambda shop, _: shop.advocates.invite("friends", alice(), code="TEA4YOU"),
    "thanks kept": lambda shop, thanks: shop.thanks.keep(thanks),
}


@pytest.fixture
def thanks(referrals: Referrals) -> str:
    """A shop with one order, and the thanks that are owed for it."""
    a_shop_with(referrals)
    referrals.record_order(an_order())
    (owed,) = referrals.thanks.owed()
    return owed.id


@pytest.mark.parametrize("name", REPORTS)
def test_what_was_told_without_an_answer_may_be_told_again(
    far: Engine, engine: Engine, line: Line, thanks: str, name: str
) -> None:
    report = partial(REPORTS[name], far.of("tea-house"), thanks)
    before = every_row(engine)
    for heard in (False, True):
        line.breaks_at(COMMIT, heard=heard)
        with pytest.raises(psycopg.OperationalError):
            report()
        assert (every_row(engine) != before) == heard
    kept = every_row(engine)
    report()
    assert every_row(engine) == kept


@pytest.mark.parametrize("heard", [True, False])
@pytest.mark.parametrize("nth", range(5))
def test_whatever_a_worker_does_not_hear_a_coupon_is_made_once(
    far: Engine,
    referrals: Referrals,
    earned: None,
    line: Line,
    clock: Clock,
    tmp_path: Path,
    nth: int,
    heard: bool,
) -> None:
    till = FolderTill(tmp_path)
    line.breaks_at(COMMIT, heard=heard, passing=nth)
    with suppress(psycopg.OperationalError):
        far.work(at_the(till))
    assert line.words is None
    for _ in range(3):
        clock.on(hours=1)
        far.work(at_the(till))
    assert the_reward(referrals) == (RewardState.GRANTED, gbp("7.20"))
    assert (till.granted(), till.worth(), till.faults()) == (["17"], 720, [])
