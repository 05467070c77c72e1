"""What the plugin's tests share: the stand-in shop, and its till over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from goodword.model.followup import Grant
from goodword.model.money import Money
from goodword.model.worth import amount_off
from goodword.platforms import Installation
from goodword_woocommerce.client import Client
from goodword_woocommerce.standin import StandIn
from goodword_woocommerce.till import WooTill

SHOP = Installation(
    shop="bean",
    platform="woocommerce",
    url="https://shop.example",
    credentials={"consumer_key": "ck", "consumer_secret": "cs"},
)


def gbp(minor: int) -> Money:
    return Money(minor, "GBP")


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as running:
        yield running


@pytest.fixture
def till(standin: StandIn) -> WooTill:
    return till_of(standin.installation("bean-street"))


def till_of(installation: Installation, timeout: float = 5.0) -> WooTill:
    return WooTill(Client(installation, timeout=timeout), installation.settings)


@pytest.fixture
def grant() -> Grant:
    return Grant(
        id="grant-1",
        subject="37",
        person="c-17",
        worth=amount_off("3.60", "GBP"),
        text="Thanks-7Q2KM9XW2A",
        email="alice.advocate@shop.example",
    )
