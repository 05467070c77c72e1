"""Servers to test, on both databases, and the shop behind the till."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from goodword import Kind, share_of_order
from goodword_server.house import House
from goodword_woocommerce.standin import StandIn
from tests.postgres import Server
from tests.sdk.builders import Clock
from tests.server import streets
from tests.server.builders import Place, a_house, a_place, client_of
from tests.server.streets import Street

# What is wrong with a delivery or an answer is told by the assertion that finds it.
pytest.register_assert_rewrite("tests.server.delivering", "tests.server.following")


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with all tables, to be copied: cheaper than to migrate for each test."""
    path = tmp_path_factory.mktemp("migrated") / "goodword.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql: Server) -> Iterator[str]:
    """A database with all tables that nobody is connected to, to be copied."""
    url = postgresql.fresh()
    migrate(url)
    yield url
    postgresql.drop(url)


def migrate(url: str) -> None:
    with a_house(url, Clock()) as house:
        house.migrate()


@pytest.fixture
def house(url: str, clock: Clock) -> Iterator[House]:
    with a_house(url, clock) as house:
        yield house


@pytest.fixture
def place(house: House) -> Place:
    """A connected shop with Alice's code; its till is never opened."""
    return a_place(house)


@pytest.fixture(scope="session")
def door(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A place for tests that look at an answer and at nothing else: one for all of them."""
    path = shutil.copy(migrated_sqlite, tmp_path_factory.mktemp("door"))
    with a_house(f"sqlite:///{path}", Clock()) as house:
        yield replace(a_place(house), client=client_of(house, use_cookies=False))


@pytest.fixture
def standin() -> Iterator[StandIn]:
    """The shop behind the till, with nothing in it yet."""
    with StandIn() as standin:
        yield standin


@pytest.fixture
def shop(house: House, standin: StandIn) -> Place:
    """A connected shop with Alice's code, and a till to be asked."""
    return a_place(house, url=standin.url)


@pytest.fixture
def street(house: House, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Street]:
    """Shops of Shopify's."""
    with streets.a_street(house, clock, monkeypatch) as street:
        yield street


@pytest.fixture
def tea(street: Street) -> streets.Place:
    """A shop of Shopify's that gives store credit for a tenth of an order."""
    place = street.open("tea-house")
    place.invite(share_of_order(10, as_=Kind.STORE_CREDIT))
    return place
