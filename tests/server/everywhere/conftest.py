"""One shop's referrals in every mode: embedded on both databases, and asked of a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

import goodword
from goodword import Code, Referrals
from goodword.embedded.engine import Engine
from goodword.remote import Connection, RemoteReferrals
from goodword_server.app import create_app
from goodword_server.house import House
from tests.sdk.builders import Clock, a_shop_with, an_order
from tests.server.builders import PUBLIC, a_house
from tests.server.everywhere.wsgi import InProcess, on_a_socket


@dataclass
class Mode:
    """One way to speak with a shop, and the engine behind it."""

    referrals: Referrals
    engine: Engine


@contextmanager
def embedded(url: str, clock: Clock) -> Iterator[Mode]:
    engine = goodword.embed(url, clock=clock)
    yield Mode(engine.of("tea-house"), engine)
    engine.close()


@contextmanager
def remote(url: str, clock: Clock) -> Iterator[Mode]:
    with a_house(url, clock) as house:
        referrals = asking(house)
        yield Mode(referrals, house.engine)
        referrals.close()


@contextmanager
def over_a_socket(url: str, clock: Clock) -> Iterator[Mode]:
    with a_house(url, clock) as house, on_a_socket(create_app(house=house)) as address:
        referrals = goodword.connect(address, house.new_key("tea-house"))
        yield Mode(referrals, house.engine)
        referrals.close()


def asking(house: House, shop: str = "tea-house") -> RemoteReferrals:
    """Return a client that reaches the app without a network."""
    adapter = InProcess(create_app(house=house))
    return RemoteReferrals.over(Connection(PUBLIC, house.new_key(shop), adapter=adapter, tries=1))


MODES = {
    "sqlite": ("on_sqlite", embedded),
    "postgresql": ("on_postgresql", embedded),
    "remote": ("on_sqlite", remote),
    "remote-postgresql": ("on_postgresql", remote),
    "socket": ("on_sqlite", over_a_socket),
}


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest, clock: Clock) -> Iterator[Mode]:
    database, opened = MODES[request.param]
    with opened(request.getfixturevalue(database), clock) as mode:
        yield mode


@pytest.fixture
def referrals(mode: Mode) -> Referrals:
    return mode.referrals


@pytest.fixture
def engine(mode: Mode) -> Engine:
    return mode.engine


@pytest.fixture
def code(referrals: Referrals) -> Code:
    """Alice's code in a running program."""
    return a_shop_with(referrals)


@pytest.fixture
def order(referrals: Referrals, code: Code) -> str:
    """Order 17, by which Alice earned 7.20."""
    return referrals.record_order(an_order()).referral.order  # type: ignore[union-attr]
