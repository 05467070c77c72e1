"""A shop that tells an endpoint of ours what happens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from goodword_server.house import House
from tests.sdk.builders import Clock, a_shop_with
from tests.server.builders import SHOP, a_house
from tests.server.telling.receivers import Receiver
from tests.server.telling.telling import Telling


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    return tmp_path / "mails"


@pytest.fixture
def house(url: str, clock: Clock, mails: Path) -> Iterator[House]:
    # Receivers hold the signature against their own clock.
    clock.to(datetime.now(UTC))
    with a_house(url, clock, hooks_local=True, mail=f"folder:{mails}") as house:
        yield house


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def telling(house: House, clock: Clock, receiver: Receiver) -> Telling:
    """A shop with Alice's code, which tells the receiver of all its events."""
    a_shop_with(house.referrals(SHOP))
    telling = Telling(house, clock, receiver)
    telling.add(contact="owner@tea.example")
    return telling
