"""Credentials that run out are renewed by one at a time, kept sealed, and never written over."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from goodword.errors import TillDown, TillRefused
from goodword_server import safe as safes
from goodword_server.house import House
from goodword_server.safe import DatabaseSafe
from goodword_server.storage import leases
from goodword_server.storage.tables import installations
from tests.sdk.builders import Clock
from tests.server.builders import SHOP, a_house, connect, rows

pytestmark = pytest.mark.slow

Credentials = Mapping[str, str]


@pytest.fixture
def connected(house: House) -> House:
    connect(house, credentials={"token": "1", "secret": "hush"})
    connect(house, "bean-street", credentials={"token": "1"})
    return house


def one_more(kept: Credentials) -> Credentials:
    return {**kept, "token": str(int(kept["token"]) + 1)}


def token(house: House, shop: str = SHOP) -> str:
    return house.safe.renew(shop, lambda kept: kept)["token"]


def test_what_was_renewed_is_kept(connected: House) -> None:
    assert connected.safe.renew(SHOP, one_more) == {"token": "2", "secret": "hush"}
    installation = connected.installation_of(SHOP)
    assert installation is not None
    assert installation.installation.credentials["token"] == "2"
    assert token(connected, "bean-street") == "1"


def test_another_process_finds_it(url: str, connected: House, clock: Clock) -> None:
    connected.safe.renew(SHOP, one_more)
    with a_house(url, clock) as other:
        assert token(other) == "2"


def test_sixteen_at_once_renew_one_after_the_other(connected: House) -> None:
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda _: connected.safe.renew(SHOP, one_more), range(16)))
    assert token(connected) == "17"


def test_who_waited_sees_what_was_renewed_meanwhile(connected: House) -> None:
    def once(kept: Credentials) -> Credentials:
        return one_more(kept) if kept["token"] == "1" else kept

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: connected.safe.renew(SHOP, once)["token"], range(8)))
    assert found == ["2"] * 8


def test_what_fails_leaves_everything_as_it_was(connected: House) -> None:
    def fails(kept: Credentials) -> Credentials:
        raise TillRefused(shop=SHOP, what="no")

    with pytest.raises(TillRefused):
        connected.safe.renew(SHOP, fails)
    assert connected.safe.renew(SHOP, one_more)["token"] == "2"


def test_whoever_died_with_it_holds_nobody_up_for_long(connected: House, clock: Clock) -> None:
    now = clock()
    connected.database.write(
        lambda s: leases.take(s, SHOP, "dead", now, now + timedelta(minutes=2))
    )
    clock.at += timedelta(minutes=2)
    assert connected.safe.renew(SHOP, one_more)["token"] == "2"


def test_while_it_is_held_others_are_told_to_come_again(
    connected: House, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safes, "_WAIT_MOST_SECONDS", 0.05)
    now = clock()
    connected.database.write(
        lambda s: leases.take(s, SHOP, "other", now, now + timedelta(minutes=2))
    )
    with pytest.raises(TillDown, match="renewed by another"):
        connected.safe.renew(SHOP, one_more)
    # Another shop's is another matter.
    assert connected.safe.renew("bean-street", one_more)["token"] == "2"


def test_who_was_too_slow_writes_over_nothing(connected: House, clock: Clock) -> None:
    def slow(kept: Credentials) -> Credentials:
        clock.at += timedelta(minutes=3)
        connected.safe.renew(SHOP, one_more)
        return {**kept, "token": "90"}

    with pytest.raises(TillDown, match="meanwhile"):
        connected.safe.renew(SHOP, slow)
    assert token(connected) == "2"


def test_a_shop_that_is_not_connected_has_none(house: House) -> None:
    with pytest.raises(TillDown, match="not connected"):
        house.safe.renew("nobody", one_more)


def test_they_are_sealed(connected: House) -> None:
    connected.safe.renew(SHOP, lambda kept: {**kept, "token": "shpat_secret"})
    for row in rows(connected, installations):
        assert b"shpat_secret" not in bytes(row["credentials"])


def test_whatever_is_opened_knows_the_safe(connected: House) -> None:
    opened = []

    class Noting:
        def open(self, installation: object) -> object:
            opened.append(installation)
            return object()

    connected.platforms = {"woocommerce": Noting()}  # type: ignore[dict-item]
    connected.till(SHOP)
    (installation,) = opened
    assert isinstance(installation.safe, DatabaseSafe)  # type: ignore[attr-defined]
    assert "hush" not in repr(installation)
