"""A shop that a stranger named is called on the open internet alone."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from goodword import reaching
from goodword.errors import Invalid, TillRefused
from goodword.platforms import Installation
from goodword_woocommerce import WooCommerce
from goodword_woocommerce import client as asking
from goodword_woocommerce.client import Client
from goodword_woocommerce.standin import StandIn

INNER = [
    *("127.0.0.1", "10.0.0.5", "172.16.3.4", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
    *("100.64.0.1", "192.88.99.1", "224.0.0.1", "255.255.255.255"),
    *("::1", "::", "fe80::1", "fd00:ec2::254", "::ffff:10.0.0.5", "64:ff9b::a00:5", "2002:a00:5::"),
]


def named(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Let every name lead to these addresses; return who was connected to."""
    called: list[str] = []

    def lookup(host: str, port: Any, *_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    def connect(address: tuple[str, int], *_: Any, **__: Any) -> socket.socket:
        called.append(address[0])
        raise OSError("nobody")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(reaching, "create_connection", connect)
    return called


def client(url: str, **settings: str) -> Client:
    keys = {"consumer_key": "ck", "consumer_secret": "cs"}
    return Client(
        Installation(
            shop="tea", platform="woocommerce", url=url, credentials=keys, settings=settings
        )
    )


@pytest.mark.parametrize("address", INNER)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_name_leads_inside(monkeypatch: pytest.MonkeyPatch, address: str, scheme: str) -> None:
    called = named(monkeypatch, address)
    with pytest.raises(TillRefused, match="no address of the open internet"):
        client(f"{scheme}://tea.example", reach="public").one("orders/1")
    with pytest.raises(Invalid, match="no address of the open internet"):
        WooCommerce().introduced(f"{scheme}://tea.example", public=True)
    assert called == []


def test_one_inner_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    called = named(monkeypatch, "203.0.114.7", "10.0.0.5")
    with pytest.raises(TillRefused, match="no address of the open internet"):
        client("https://tea.example", reach="public").one("orders/1")
    assert called == []


def test_the_call_goes_to_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    called = named(monkeypatch, "203.0.114.7")
    with pytest.raises(Exception, match="nobody answers there"):
        client("https://tea.example", reach="public").one("orders/1")
    assert called == ["203.0.114.7"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://[::1]:1", "http://2130706433:1"])
def test_addresses_spelled_out_lead_nowhere_either(url: str) -> None:
    with pytest.raises(TillRefused, match=r"open internet|cannot be used"):
        client(url, reach="public").one("orders/1")


def test_whoever_runs_the_server_may_name_a_shop_beside_it(standin: StandIn) -> None:
    let_in = Client(standin.installation("tea"))
    assert list(let_in.many("orders")) == []
    kept_out = Client(standin.installation("tea", reach="public"))
    with pytest.raises(TillRefused, match="no address of the open internet"):
        list(kept_out.many("orders"))


def test_no_proxy_of_the_environment_looks_names_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    called = named(monkeypatch, "203.0.114.7")
    with pytest.raises(Exception, match="nobody answers there"):
        client("https://tea.example", reach="public").one("orders/1")
    assert called == ["203.0.114.7"]


def test_a_line_that_never_ends_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "WHOLE", 0.2)
    monkeypatch.setattr(asking, "is_public", lambda _: True)
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        bound.listen()
        port = bound.getsockname()[1]
        with pytest.raises(Exception, match="could not be reached"):
            client(f"http://127.0.0.1:{port}", reach="public").one("orders/1")
