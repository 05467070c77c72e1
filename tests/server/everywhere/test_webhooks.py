"""Webhooks of a server, asked for over HTTP: added, listed, found, rotated, removed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from goodword import Invalid, TooManyEndpoints, UnknownEndpoint
from goodword.remote import RemoteReferrals
from goodword_server.house import House
from goodword_server.storage.keys import KeyScope
from goodword_server.storage.tables import endpoints
from tests.sdk.builders import Clock
from tests.server.builders import a_house, client_of, problem, rows
from tests.server.everywhere.conftest import asking

pytestmark = pytest.mark.slow

URL = "https://tea.example/hooks"


@pytest.fixture
def house(url: str, clock: Clock) -> Iterator[House]:
    with a_house(url, clock) as house:
        yield house


@pytest.fixture
def referrals(house: House) -> Iterator[RemoteReferrals]:
    referrals = asking(house)
    yield referrals
    referrals.close()


def test_one_is_added_found_and_removed(referrals: RemoteReferrals, house: House) -> None:
    added = referrals.webhooks.add(URL, types=["reward.due"], contact="mei@tea.example")
    assert added.secret.startswith("whsec_")
    one = added.webhook
    assert (one.url, one.types, one.contact) == (URL, ("reward.due",), "mei@tea.example")
    assert (one.failing, one.paused, one.why) == (None, None, None)
    assert list(referrals.webhooks.list()) == [one]
    assert referrals.webhooks.find(one.id) == one
    referrals.webhooks.remove(one.id)
    assert list(referrals.webhooks.list()) == []
    assert rows(house, endpoints) == []
    for verb in (referrals.webhooks.find, referrals.webhooks.rotate, referrals.webhooks.remove):
        with pytest.raises(UnknownEndpoint):
            verb(one.id)


def test_another_secret_is_told_once(referrals: RemoteReferrals) -> None:
    added = referrals.webhooks.add(URL)
    rotated = referrals.webhooks.rotate(added.webhook.id)
    assert rotated.webhook == added.webhook
    assert rotated.secret.startswith("whsec_")
    assert rotated.secret != added.secret


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"url": "http://127.0.0.1/"}, "url"),
        ({"url": "https://169.254.169.254/latest"}, "url"),
        ({"types": ["reward.lost"]}, "types"),
        ({"contact": "nobody"}, "contact"),
    ],
)
def test_what_cannot_be_one_is_told(
    referrals: RemoteReferrals, given: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        referrals.webhooks.add(**{"url": URL, **given})  # type: ignore[arg-type]
    assert refused.value.facts["field"] == field
    assert list(referrals.webhooks.list()) == []


def test_an_eleventh_is_one_too_many(referrals: RemoteReferrals) -> None:
    for _ in range(10):
        referrals.webhooks.add(URL)
    with pytest.raises(TooManyEndpoints) as refused:
        referrals.webhooks.add(URL)
    assert refused.value.facts == {"most": 10}


def test_another_shops_are_not_known(referrals: RemoteReferrals, house: House) -> None:
    added = referrals.webhooks.add(URL)
    other = asking(house, "book-shop")
    assert list(other.webhooks.list()) == []
    for verb in (other.webhooks.find, other.webhooks.rotate, other.webhooks.remove):
        with pytest.raises(UnknownEndpoint):
            verb(added.webhook.id)
    other.close()
    assert list(referrals.webhooks.list()) == [added.webhook]


@pytest.mark.parametrize("scope", [KeyScope.READ, KeyScope.PUBLISHABLE])
def test_no_other_key_than_a_secret_one_is_good_for_them(house: House, scope: KeyScope) -> None:
    key = house.new_key("tea-house", scope)
    headers = {"Authorization": f"Bearer {key}"}
    assert problem(client_of(house).get("/v1/webhooks", headers=headers))["status"] == 403


def test_a_webhook_that_is_asked_for_twice_by_one_key_is_one(house: House) -> None:
    headers = {
        "Authorization": f"Bearer {house.new_key('tea-house')}",
        "Idempotency-Key": "once",
    }
    client = client_of(house)
    told = [client.post("/v1/webhooks", json={"url": URL}, headers=headers) for _ in range(2)]
    assert [one.status_code for one in told] == [201, 201]
    assert told[0].get_json() == told[1].get_json()
    assert len(rows(house, endpoints)) == 1
