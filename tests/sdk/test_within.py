"""In the host's transaction our rows stand or fall with the host's own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import Engine as HostEngine
from sqlalchemy.engine import make_url

import goodword
from goodword import Invalid, NotMigrated, OrderConflict, Referrals, Refund, UnknownOrder
from goodword.embedded.engine import Engine
from tests.sdk.builders import Clock, an_order, carol, every_row, gbp, totals, used

pytestmark = pytest.mark.usefixtures("code")


def host_on(url: str) -> HostEngine:
    """The host's own engine, as its framework would make it."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return create_engine(parsed)


@pytest.fixture
def host(url: str) -> Iterator[HostEngine]:
    """A host with a table of its own, named like one of ours would be without its prefix."""
    host = host_on(url)
    with host.begin() as connection:
        connection.execute(text("CREATE TABLE orders (id TEXT PRIMARY KEY)"))
    yield host
    host.dispose()


def place(connection: Connection, id: str = "17") -> None:
    connection.execute(text("INSERT INTO orders VALUES (:id)"), {"id": id})


def placed(host: HostEngine) -> list[str]:
    with host.connect() as connection:
        return list(connection.scalars(text("SELECT id FROM orders ORDER BY id")))


def test_a_commit_keeps_both(engine: Engine, referrals: Referrals, host: HostEngine) -> None:
    with host.begin() as connection:
        place(connection)
        outcome = engine.within(connection).of("tea-house").record_order(an_order())
        assert outcome.result == "created"
    assert placed(host) == ["17"]
    assert totals(referrals) == (800, 720)


def test_a_rollback_keeps_neither(engine: Engine, host: HostEngine) -> None:
    before = every_row(engine)
    with host.connect() as connection:
        place(connection)
        engine.within(connection).of("tea-house").record_order(an_order())
        connection.rollback()
    assert placed(host) == []
    assert every_row(engine) == before


def test_it_matters_not_who_writes_first(engine: Engine, host: HostEngine) -> None:
    before = every_row(engine)
    with host.connect() as connection:
        engine.within(connection).of("tea-house").record_order(an_order())
        place(connection)
        connection.rollback()
    assert placed(host) == []
    assert every_row(engine) == before


def test_several_verbs_share_one_transaction(
    engine: Engine, referrals: Referrals, host: HostEngine
) -> None:
    with host.begin() as connection:
        within = engine.within(connection).of("tea-house")
        carol(within)
        within.record_order(an_order(coupons=used("ref-carol")))
        within.record_refund("17", Refund(id="18", gross=gbp("36.00")))
        assert totals(within, advocate="c-2") == (400, 360)
    assert totals(referrals, advocate="c-2") == (400, 360)


def test_nobody_else_sees_it_before_the_commit(
    engine: Engine, referrals: Referrals, host: HostEngine
) -> None:
    with host.begin() as connection:
        engine.within(connection).of("tea-house").record_order(an_order())
        with pytest.raises(UnknownOrder):
            referrals.credit.explain("17")
    assert referrals.credit.explain("17").referral is not None


def test_our_error_leaves_the_host_able_to_go_on(
    engine: Engine, referrals: Referrals, host: HostEngine
) -> None:
    with host.begin() as connection:
        place(connection)
        within = engine.within(connection).of("tea-house")
        within.record_order(an_order())
        with pytest.raises(OrderConflict):
            within.record_order(an_order(net=gbp("60.00")))
        place(connection, "18")
        within.record_order(an_order(id="18"))
    assert placed(host) == ["17", "18"]
    assert totals(referrals) == totals(referrals, "18") == (800, 720)


def test_a_fault_of_the_database_leaves_the_host_able_to_go_on(
    engine: Engine, referrals: Referrals, host: HostEngine
) -> None:
    with host.begin() as connection:
        place(connection)
        within = engine.within(connection)
        within.of("tea-house").record_order(an_order())
        with pytest.raises((sqlite3.Error, psycopg.Error)):
            within.database.write(lambda session: session.driver.execute("SELECT nonsense"))
        within.of("tea-house").record_order(an_order(id="18"))
    assert placed(host) == ["17"]
    assert totals(referrals) == totals(referrals, "18") == (800, 720)


def test_the_hosts_own_error_takes_ours_along(engine: Engine, host: HostEngine) -> None:
    before = every_row(engine)
    with suppress(ZeroDivisionError), host.begin() as connection:
        engine.within(connection).of("tea-house").record_order(an_order())
        raise ZeroDivisionError
    assert every_row(engine) == before


def test_the_next_transaction_is_the_hosts_to_begin(
    engine: Engine, referrals: Referrals, host: HostEngine
) -> None:
    with host.connect() as connection:
        for id in ("17", "18"):
            engine.within(connection).of("tea-house").record_order(an_order(id=id))
            connection.commit()
        engine.within(connection).of("tea-house").record_order(an_order(id="19"))
    assert totals(referrals, "18") == (800, 720)
    with pytest.raises(UnknownOrder):
        referrals.credit.explain("19")


def test_a_savepoint_of_the_hosts_holds_ours(
    engine: Engine, referrals: Referrals, host: HostEngine
) -> None:
    with host.begin() as connection:
        engine.within(connection).of("tea-house").record_order(an_order())
        inner = connection.begin_nested()
        engine.within(connection).of("tea-house").record_order(an_order(id="18"))
        inner.rollback()
    assert totals(referrals) == (800, 720)
    with pytest.raises(UnknownOrder):
        referrals.credit.explain("18")


def test_closing_leaves_the_connection_to_its_host(engine: Engine, host: HostEngine) -> None:
    with host.begin() as connection:
        engine.within(connection).close()
        place(connection)
    assert placed(host) == ["17"]


def test_a_database_without_our_tables_leaves_the_host_able_to_go_on(
    url: str, engine: Engine, host: HostEngine, clock: Clock
) -> None:
    drop_ours(host)
    fresh = goodword.embed(url, clock=clock)
    with host.begin() as connection:
        place(connection)
        with pytest.raises(NotMigrated):
            fresh.within(connection).of("tea-house")
        place(connection, "18")
    fresh.close()
    assert placed(host) == ["17", "18"]


def drop_ours(host: HostEngine) -> None:
    with host.begin() as connection:
        connection.execute(text("DROP TABLE goodword_version"))


def test_whether_the_tables_are_there_is_asked_once(
    url: str, host: HostEngine, clock: Clock
) -> None:
    said: list[str] = []
    event.listen(host, "before_cursor_execute", lambda *call: said.append(call[2]))
    fresh = goodword.embed(url, clock=clock)
    for _ in range(3):
        with host.begin() as connection:
            fresh.within(connection).of("tea-house")
    fresh.close()
    assert sum("FROM goodword_version" in statement for statement in said) == 1


def test_a_driver_that_speaks_otherwise_is_refused_with_its_mend(
    engine: Engine, host: HostEngine
) -> None:
    host.dialect.driver = "psycopg2"
    with host.connect() as connection, pytest.raises(Invalid, match="psycopg 3") as caught:
        engine.within(connection)
    assert caught.value.facts["field"] == "connection"
