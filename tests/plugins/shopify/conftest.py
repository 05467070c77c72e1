"""What the plugin's tests share: the stand-in, and clients of its shops over real HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
import requests
import responses
from requests import PreparedRequest

from goodword.platforms import Installation, Safe, Till
from goodword_shopify import Shopify
from goodword_shopify.calling import Caller
from goodword_shopify.client import Client
from goodword_shopify.door import Door
from goodword_shopify.pace import Pace
from goodword_shopify.standin import CLIENT, SECRET, Api, Fault, Shop, StandIn
from goodword_shopify.tokens import KeptTokens, Pocket
from tests.plugins.shopify.granting import MEI, KeptSafe

TEA = "tea-house.myshopify.com"
BEAN = "bean-street.myshopify.com"
AT_HOME = {
    "address1": "和平東路2段12號",
    "address2": "5樓",
    "zip": "106",
    "city": "台北市",
    "countryCodeV2": "TW",
}


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as running:
        yield running
    assert running.unresolved == []


@pytest.fixture
def tea(standin: StandIn) -> Shop:
    return standin.open(TEA)


def door_of(standin: StandIn, domain: str = TEA, timeouts: tuple[float, float] = (5, 30)) -> Door:
    return Door(Caller("tea-house", f"{standin.url}/{domain}", timeouts), CLIENT, SECRET)


def tokens_of(standin: StandIn, installation: Installation, safe: Safe | None = None) -> KeptTokens:
    safe = safe or Pocket().of(installation)
    caller = Caller(installation.shop, installation.url, (5, 30))
    door = Door(caller, CLIENT, SECRET)
    return KeptTokens(installation, door, safe, standin.clock.now)


def client_of(
    standin: StandIn,
    domain: str = TEA,
    *,
    shop: str = "tea-house",
    timeouts: tuple[float, float] = (5, 30),
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


def mounted(api: Api, domain: str) -> None:
    """Let `responses` answer for a shop out of the stand-in."""

    def answer(request: PreparedRequest) -> tuple[int, Mapping[str, str], str]:
        path = f"/{domain}{urlsplit(str(request.url)).path}"
        body = request.body if isinstance(request.body, bytes) else b""
        said, fault = api.answer("POST", path, dict(request.headers), body)
        if fault in (Fault.RESET, Fault.DROP):
            raise requests.ConnectionError("reset")
        if fault in (Fault.HANG, Fault.SLOW):
            raise requests.ReadTimeout("no answer")
        return said.status, said.headers, said.body

    responses.add_callback("POST", re.compile(f"https://{re.escape(domain)}/admin/.*"), answer)


def till_of(
    standin: StandIn,
    domain: str = TEA,
    *,
    timeouts: tuple[float, float] = (5, 30),
    safe: Safe | None = None,
    **settings: str,
) -> Till:
    """Return a shop's till as the platform opens it."""
    shop = domain.partition(".")[0]
    installation = replace(standin.installation(shop, domain, **settings), safe=safe)
    return a_platform(standin, timeouts).open(installation)


def a_platform(standin: StandIn, timeouts: tuple[float, float] = (5, 30)) -> Shopify:
    """Return the platform on the stand-in's time."""
    return Shopify(
        now=standin.clock.now,
        clock=lambda: standin.clock.now().timestamp(),
        sleep=standin.clock.sleep,
        timeouts=timeouts,
    )


@pytest.fixture
def safe() -> KeptSafe:
    return KeptSafe()


@pytest.fixture
def till(standin: StandIn, tea: Shop, safe: KeptSafe) -> Till:
    tea.welcome(MEI)
    return till_of(standin, safe=safe, free_product_beside="8, 9")


@pytest.fixture
def hurried(standin: StandIn, till: Till, safe: KeptSafe) -> Till:
    """The same till, for whoever will not be answered."""
    return till_of(standin, timeouts=(2, 1), safe=safe, free_product_beside="8, 9")
