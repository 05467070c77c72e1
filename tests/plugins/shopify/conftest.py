"""What the plugin's tests share: the stand-in, and clients of its shops over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from goodword.platforms import Installation
from goodword_shopify.calling import Caller
from goodword_shopify.client import Client
from goodword_shopify.door import Door
from goodword_shopify.pace import Pace
from goodword_shopify.standin import CLIENT, SECRET, Shop, StandIn
from goodword_shopify.tokens import KeptTokens, Pocket

TEA = "tea-house.myshopify.com"
BEAN = "bean-street.myshopify.com"


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as running:
        yield running
    assert running.unresolved == []


@pytest.fixture
def tea(standin: StandIn) -> Shop:
    return standin.open(TEA)


def door_of(standin: StandIn, domain: str = TEA, timeouts: tuple[float, float] = (2, 5)) -> Door:
    return Door(Caller("tea-house", f"{standin.url}/{domain}", timeouts), CLIENT, SECRET)


def tokens_of(
    standin: StandIn, installation: Installation, pocket: Pocket | None = None
) -> KeptTokens:
    safe = (pocket or Pocket()).of(installation)
    caller = Caller(installation.shop, installation.url, (2, 5))
    door = Door(caller, CLIENT, SECRET)
    return KeptTokens(installation, door, safe, standin.clock.now)


def client_of(
    standin: StandIn,
    domain: str = TEA,
    *,
    shop: str = "tea-house",
    timeouts: tuple[float, float] = (2, 5),
    version: str = "2026-07",
) -> Client:
    installation = standin.installation(shop, domain)
    return Client(
        Caller(shop, installation.url, timeouts),
        tokens_of(standin, installation),
        pace=Pace(lambda: standin.clock.now().timestamp()),
        version=version,
        sleep=standin.clock.sleep,
    )


class Fixed:
    """A token that is what it is."""

    def __init__(self, token: str) -> None:
        self._token = token

    def access(self) -> str:
        return self._token

    def instead_of(self, refused: str) -> str:
        raise AssertionError(refused)


Credentials = Mapping[str, str]
