"""The modes in which one behaviour suite runs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import goodword
from goodword import Code, Referrals
from goodword.embedded.engine import Engine
from tests.postgres import Server
from tests.sdk.builders import RELEASE, Clock, Street, a_shop_with, an_order, carol
from tests.sdk.crowd import Crowd, Four, Processes, Threads, four_processes
from tests.sdk.invariants import faults
from tests.sdk.whole import read

# What is wrong with a book is told by the assertion that finds it.
pytest.register_assert_rewrite("tests.sdk.playing")


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with our tables, to be copied: cheaper than to migrate for each test."""
    path = tmp_path_factory.mktemp("migrated") / "goodword.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql: Server) -> Iterator[str]:
    """A database with our tables that nobody is connected to, to be copied."""
    url = postgresql.fresh()
    migrate(url)
    yield url
    postgresql.drop(url)


def migrate(url: str) -> None:
    engine = goodword.embed(url)
    engine.migrate()
    engine.close()


@pytest.fixture
def engine(url: str, clock: Clock) -> Iterator[Engine]:
    engine = goodword.embed(url, clock=clock)
    yield engine
    engine.close()


@pytest.fixture
def referrals(engine: Engine) -> Referrals:
    return engine.of("tea-house")


@pytest.fixture
def code(referrals: Referrals) -> Code:
    """Alice's code in a running program: 10 % for the friend, 10 % of the order for her."""
    return a_shop_with(referrals)


@pytest.fixture
def codes(referrals: Referrals) -> tuple[Code, Code]:
    """Alice's code in a running program, and Carol's."""
    return a_shop_with(referrals), carol(referrals)


@pytest.fixture
def earned(referrals: Referrals, code: Code, clock: Clock) -> None:
    """Order 17 earned Alice 7.20, and its hold is over."""
    referrals.record_order(an_order())
    clock.to(RELEASE)


@pytest.fixture(scope="session")
def four() -> Iterator[Four]:
    with four_processes() as four:
        yield four


@pytest.fixture(params=["threads", "processes"])
def crowd(
    request: pytest.FixtureRequest, engine: Engine, url: str, clock: Clock
) -> Iterator[Crowd]:
    """Many who speak at once; whatever they said, the book is sound in the end."""
    crowd: Crowd = Threads(engine)
    if request.param == "processes":
        crowd = Processes(request.getfixturevalue("four"), url, clock)
    yield crowd
    with engine.database.connect() as connection:
        assert faults(read(connection), crowd.invariants) == []


# Many small tests on one database, each in a shop of its own: cheaper than one for each.


@pytest.fixture(scope="module")
def street_on_sqlite(migrated_sqlite: Path) -> Iterator[Street]:
    with (
        TemporaryDirectory() as folder,
        a_street(f"sqlite:///{shutil.copy(migrated_sqlite, folder)}") as street,
    ):
        yield street


@pytest.fixture(scope="module")
def street_on_postgresql(postgresql: Server, migrated_postgresql: str) -> Iterator[Street]:
    url = postgresql.like(migrated_postgresql)
    with a_street(url) as street:
        yield street
    postgresql.drop(url)


@contextmanager
def a_street(url: str) -> Iterator[Street]:
    clock = Clock()
    engine = goodword.embed(url, clock=clock)
    yield Street(engine, clock)
    engine.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def street(request: pytest.FixtureRequest) -> Street:
    found: Street = request.getfixturevalue(f"street_on_{request.param}")
    return found
