"""The modes in which one behaviour suite runs."""

from __future__ import annotations

from collections.abc import Iterator

import goodword
import pytest
from goodword import Referrals
from goodword.embedded.engine import Engine

from tests.sdk.builders import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite_url", "postgresql_url"])
def url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def engine(url: str, clock: Clock) -> Iterator[Engine]:
    engine = goodword.embed(url, clock=clock)
    engine.migrate()
    yield engine
    engine.close()


@pytest.fixture
def referrals(engine: Engine) -> Referrals:
    return engine.of("tea-house")
