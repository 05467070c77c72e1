"""On PostgreSQL who clashed begins anew, with nothing half-written, and succeeds in the end."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from threading import Barrier, BrokenBarrierError, Event
from typing import Any

import psycopg
import pytest
from psycopg.errors import DeadlockDetected, LockNotAvailable, QueryCanceled, SerializationFailure
from sqlalchemy import bindparam, create_engine, update
from sqlalchemy.engine import make_url

from goodword import Outcome, Referrals
from goodword.embedded.engine import Engine
from goodword.storage.postgresql import PostgreSQL
from goodword.storage.sql import Session, Statement
from goodword.storage.tables import shops
from tests.sdk.builders import a_shop_with, an_order, at_once, every_row, later, totals

pytestmark = pytest.mark.slow

SetForAll = Callable[[str, str], None]
UPDATE = Statement(
    update(shops).where(shops.c.shop == bindparam("shop")).values(grants=bindparam("told"))
)


@pytest.fixture
def url(on_postgresql: str) -> str:
    return on_postgresql


def names(session: Session) -> set[str]:
    return {name for (name,) in session.driver.execute("SELECT shop FROM goodword_shops")}


def insert(session: Session, shop: str) -> None:
    session.driver.execute("INSERT INTO goodword_shops (shop) VALUES (%s)", (shop,))


def have(database: PostgreSQL, *shops: str) -> None:
    for shop in shops:
        database.write(partial(insert, shop=shop))


def lock(session: Session, shop: str) -> None:
    session.driver.execute("SELECT 1 FROM goodword_shops WHERE shop = %s FOR UPDATE", (shop,))


def touch(url: str) -> None:
    """Change a row from outside, and commit at once."""
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE goodword_shops SET grants = 'theirs' WHERE shop = 'a'")


def meet(together: Barrier) -> None:
    """Wait for the other once; who tries again finds nobody."""
    try:
        together.wait(5)
    except BrokenBarrierError:
        return
    together.abort()


# Deadlocks.


def test_a_deadlock_is_tried_again_from_the_start(
    database: PostgreSQL, set_for_all: SetForAll
) -> None:
    set_for_all("deadlock_timeout", "20ms")
    have(database, "a", "b")
    together, found = Barrier(2), []

    def cross(first: str, second: str) -> str:
        def work(session: Session) -> str:
            found.append((first, names(session)))
            insert(session, f"by-{first}")
            lock(session, first)
            meet(together)
            lock(session, second)
            return first

        return database.write(work)

    assert at_once(partial(cross, "a", "b"), partial(cross, "b", "a")) == ["a", "b"]
    assert len(found) > 2
    # Of what a try had written nothing was left for the next one.
    assert all(f"by-{who}" not in seen for who, seen in found)
    assert database.read(names) == {"a", "b", "by-a", "by-b"}


def test_two_batches_that_cross_are_both_recorded(
    engine: Engine, referrals: Referrals, set_for_all: SetForAll
) -> None:
    a_shop_with(referrals)
    engine.close()
    set_for_all("deadlock_timeout", "20ms")
    together, tries = Barrier(2), []

    def batch(*ids: str) -> list[str]:
        def work(session: Session) -> list[str]:
            tries.append(ids)
            shop = engine.within(session).of("tea-house")
            first = shop.record_order(an_order(id=ids[0]))
            meet(together)
            return [first.result, shop.record_order(an_order(id=ids[1])).result]

        return engine.database.write(work)

    answers = at_once(partial(batch, "17", "18"), partial(batch, "18", "17"))
    assert sorted(answers, key=str) == [["created", "created"], ["duplicate", "duplicate"]]
    assert len(tries) > 2
    assert totals(referrals, "17") == totals(referrals, "18") == (800, 720)


# Serialization failures.


def test_what_read_the_same_and_wrote_is_tried_again(
    database: PostgreSQL, set_for_all: SetForAll
) -> None:
    set_for_all("default_transaction_isolation", "serializable")
    together, seen = Barrier(2), []

    def add(shop: str) -> int:
        def work(session: Session) -> int:
            count = len(names(session))
            seen.append(count)
            meet(together)
            insert(session, shop)
            return count

        return database.write(work)

    # Each counted as if the other had been alone before it, so one had to count again.
    assert sorted(at_once(partial(add, "a"), partial(add, "b")), key=str) == [0, 1]
    assert sorted(seen) == [0, 0, 1]


@pytest.mark.parametrize("isolation", ["repeatable read", "serializable"])
@pytest.mark.parametrize("way", ["run", "send", "savepoint"])
def test_a_row_that_changed_meanwhile_is_read_anew(
    database: PostgreSQL, url: str, set_for_all: SetForAll, isolation: str, way: str
) -> None:
    set_for_all("default_transaction_isolation", isolation)
    have(database, "a")
    found = []

    def work(session: Session) -> None:
        found.append(grants_of_a(session))
        insert(session, "mine")
        if len(found) == 1:
            touch(url)
        told = {"shop": "a", "told": f"{found[-1]}, ours"}
        if way == "savepoint":
            with session.savepoint():
                session.send(UPDATE, told)
        else:
            getattr(session, way)(UPDATE, told)

    database.write(work)
    assert found == [None, "theirs"]
    assert database.read(grants_of_a) == "theirs, ours"
    assert database.read(names) == {"a", "mine"}


def grants_of_a(session: Session) -> Any:
    question = "SELECT grants FROM goodword_shops WHERE shop = 'a'"
    return session.driver.execute(question).fetchone()[0]


def test_a_single_statement_is_tried_again(
    database: PostgreSQL, postgresql_waits: Callable[[], bool], set_for_all: SetForAll
) -> None:
    set_for_all("default_transaction_isolation", "repeatable read")
    have(database, "a")
    changed = Event()

    def change(session: Session) -> int:
        touched = session.run(UPDATE, {"shop": "a", "told": "theirs"})
        changed.set()
        while not postgresql_waits():
            time.sleep(0.005)
        return touched

    def click() -> int:
        assert changed.wait(10)
        return database.write_one(UPDATE, {"shop": "a", "told": "ours"})

    assert at_once(partial(database.write, change), click) == [1, 1]
    assert database.read(grants_of_a) == "ours"


@pytest.mark.usefixtures("unhurried")
def test_after_twenty_tries_the_clash_itself_is_raised_and_nothing_is_kept(
    database: PostgreSQL, url: str, set_for_all: SetForAll
) -> None:
    set_for_all("default_transaction_isolation", "repeatable read")
    have(database, "a")
    tries = []

    def work(session: Session) -> None:
        tries.append(names(session))
        insert(session, "mine")
        touch(url)
        session.run(UPDATE, {"shop": "a", "told": "ours"})

    with pytest.raises(SerializationFailure, match="could not serialize access"):
        database.write(work)
    assert tries == [{"a"}] * 20
    assert database.read(names) == {"a"}
    assert database.read(grants_of_a) == "theirs"


@pytest.mark.usefixtures("unhurried")
def test_after_twenty_tries_a_deadlock_is_raised(database: PostgreSQL) -> None:
    tries = []

    def work(session: Session) -> None:
        tries.append(1)
        raise DeadlockDetected

    with pytest.raises(DeadlockDetected):
        database.write(work)
    assert len(tries) == 20


@pytest.mark.parametrize("isolation", ["repeatable read", "serializable"])
def test_the_library_works_at_a_stricter_isolation(
    engine: Engine, referrals: Referrals, set_for_all: SetForAll, isolation: str
) -> None:
    a_shop_with(referrals)
    engine.close()
    set_for_all("default_transaction_isolation", isolation)
    states = [later(an_order(id=str(number % 2)), number // 2) for number in range(6)]
    answers = at_once(*(partial(engine.of("tea-house").record_order, one) for one in states))
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert totals(referrals, "0") == totals(referrals, "1") == (800, 720)


@pytest.mark.parametrize(
    ("default", "ours"),
    [
        ("read committed", "read committed"),
        ("repeatable read", "serializable"),
        ("serializable", "serializable"),
    ],
)
def test_no_default_lets_who_waited_for_a_lock_miss_what_its_holder_wrote(
    database: PostgreSQL, set_for_all: SetForAll, default: str, ours: str
) -> None:
    set_for_all("default_transaction_isolation", default)
    show = "SHOW transaction_isolation"
    assert database.write(lambda session: session.driver.execute(show).fetchone()) == (ours,)


def test_in_the_hosts_transaction_a_clash_is_the_hosts(
    engine: Engine, referrals: Referrals, url: str, set_for_all: SetForAll
) -> None:
    a_shop_with(referrals)
    referrals.record_order(an_order())
    set_for_all("default_transaction_isolation", "repeatable read")
    host = create_engine(make_url(url).set(drivername="postgresql+psycopg"))

    def record() -> Outcome:
        with host.begin() as connection:
            shop = engine.within(connection).of("tea-house")
            seen.append(shop.credit.explain("17").state.modified)
            if len(seen) == 1:
                referrals.record_order(later(an_order(), 1))
            return shop.record_order(later(an_order(), 2))

    seen: list[Any] = []
    # Only the host can begin its transaction anew.
    with pytest.raises(SerializationFailure):
        record()
    assert record().result == "updated"
    assert len(set(seen)) == 2
    host.dispose()


# What is no clash.


def test_an_error_that_would_come_again_is_not_tried_again(database: PostgreSQL) -> None:
    tries = []

    def work(session: Session) -> None:
        tries.append(1)
        session.driver.execute("SELECT nonsense")

    with pytest.raises(psycopg.errors.UndefinedColumn):
        database.write(work)
    assert tries == [1]


@pytest.mark.parametrize(
    ("limit", "error"),
    [("lock_timeout", LockNotAvailable), ("statement_timeout", QueryCanceled)],
)
def test_who_may_wait_no_longer_is_told_so_and_wrote_nothing(
    engine: Engine,
    referrals: Referrals,
    url: str,
    set_for_all: SetForAll,
    limit: str,
    error: type[psycopg.Error],
) -> None:
    a_shop_with(referrals)
    referrals.record_order(an_order(id="18"))
    before = every_row(engine)
    engine.close()
    set_for_all(limit, "100ms")
    tries = []

    def work(session: Session) -> str:
        tries.append(1)
        shop = engine.within(session).of("tea-house")
        shop.record_order(an_order(id="17"))
        return shop.record_order(later(an_order(id="18"))).result

    with psycopg.connect(url) as other:
        other.execute("SELECT 1 FROM goodword_orders WHERE id = '18' FOR UPDATE")
        with pytest.raises(error):
            engine.database.write(work)
    assert tries == [1]
    assert every_row(engine) == before
    assert engine.database.write(work) == "updated"
