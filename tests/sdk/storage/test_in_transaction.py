"""Storage knows when a thread is inside a transaction, and then lets no carrier be called."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from threading import Event

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import Engine as HostEngine
from sqlalchemy.engine import make_url

from goodword import Code, Duty, FollowUp, Invalid, Referrals, RewardState, followup
from goodword.embedded.engine import Engine
from goodword.storage.database import Database, Durability, in_transaction
from goodword.storage.sql import Session
from tests.sdk.builders import PLACED, Obedient, at_once, every_row, gbp, the_reward

Inside = Callable[[Callable[[Session], object]], object]


@pytest.fixture
def host(url: str) -> Iterator[HostEngine]:
    """The host's own engine, as its framework would make it."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    host = create_engine(parsed)
    yield host
    host.dispose()


def look(session: Session) -> bool:
    return in_transaction()


@pytest.mark.parametrize("durability", Durability)
def test_who_writes_is_inside(engine: Engine, durability: Durability) -> None:
    assert engine.database.write(look, durability)
    assert not in_transaction()


def test_who_reads_is_inside(engine: Engine) -> None:
    assert engine.database.read(look)
    assert not in_transaction()


def test_within_the_hosts_transaction_a_verb_is_inside(engine: Engine, host: HostEngine) -> None:
    with host.begin() as connection:
        within = engine.within(connection).database
        assert within.read(look)
        assert within.write(look)


def test_who_joins_is_inside_to_the_end_of_what_was_joined(engine: Engine) -> None:
    def work(session: Session) -> list[bool]:
        joined = engine.within(session).database
        return [joined.read(look), joined.write(look), in_transaction()]

    assert engine.database.write(work) == [True, True, True]
    assert not in_transaction()


def test_to_read_meanwhile_ends_nothing(engine: Engine) -> None:
    def work(session: Session) -> list[bool]:
        return [engine.database.read(look), in_transaction()]

    assert engine.database.write(work) == [True, True]


def test_who_fails_is_outside_again(engine: Engine) -> None:
    for work in (engine.database.read, engine.database.write):
        with pytest.raises(ZeroDivisionError):
            work(lambda session: 1 // 0)
        assert not in_transaction()


def test_one_threads_transaction_is_not_anothers(engine: Engine) -> None:
    inside, looked = Event(), Event()

    def work(session: Session) -> bool:
        inside.set()
        return looked.wait(10)

    def other() -> bool:
        assert inside.wait(10)
        try:
            return in_transaction()
        finally:
            looked.set()

    assert at_once(partial(engine.database.write, work), other) == [True, False]


# Carriers.


A_DEED = FollowUp(id="1", shop="tea-house", duty=Duty.GRANT, subject="17", due=PLACED, tries=1)


@pytest.mark.parametrize("way", ["read", "write"])
def test_no_carrier_is_called_inside(engine: Engine, way: str) -> None:
    carrier = Obedient()
    inside: Inside = getattr(engine.database, way)
    with pytest.raises(AssertionError, match="inside a transaction"):
        inside(lambda session: followup._carry(carrier, A_DEED))
    assert carrier.deeds == []


@pytest.mark.usefixtures("earned")
def test_who_works_inside_a_transaction_is_refused_with_the_mend(
    engine: Engine, referrals: Referrals
) -> None:
    till, before = Obedient(), every_row(engine)
    with pytest.raises(Invalid, match="after the commit") as caught:
        engine.database.write(lambda session: engine.work({"till": till}))
    assert caught.value.facts["field"] == "carriers"
    assert till.deeds == []
    assert every_row(engine) == before


@pytest.mark.usefixtures("earned")
def test_a_coupon_is_not_given_in_a_transaction_that_the_host_may_roll_back(
    engine: Engine, referrals: Referrals, host: HostEngine
) -> None:
    till = Obedient()
    with host.connect() as connection:
        with pytest.raises(Invalid, match="after the commit"):
            engine.within(connection).work({"till": till})
        connection.rollback()
    assert till.deeds == []
    engine.work({"till": till})
    assert len(till.deeds) == 1
    assert the_reward(referrals) == (RewardState.GRANTED, gbp("7.20"))


@pytest.mark.usefixtures("earned")
def test_what_needs_no_carrier_may_be_done_in_the_hosts_transaction(
    engine: Engine, referrals: Referrals, host: HostEngine
) -> None:
    with host.begin() as connection:
        assert engine.within(connection).work() == 1
    assert the_reward(referrals) == (RewardState.DUE, gbp("7.20"))


def test_each_kind_of_database_says_whether_its_writing_awaits_a_commit(
    engine: Engine, code: Code, host: HostEngine
) -> None:
    def asked(database: Database) -> bool:
        return database.is_under_way()

    assert not asked(engine.database)
    assert engine.database.write(lambda session: asked(engine.database))
    assert engine.database.write(lambda session: asked(engine.within(session).database))
    with host.begin() as connection:
        assert asked(engine.within(connection).database)
