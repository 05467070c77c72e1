"""Of two who save over the same version at once, one does and the other is told."""

from __future__ import annotations

from functools import partial

import pytest
from werkzeug.test import Client, TestResponse

from goodword_server.api import changing
from goodword_server.house import House
from tests.sdk.builders import a_program, at_once
from tests.server.builders import client_of, connect, problem

BODY = {
    "offer": {"kind": "percent_off", "percent": "10"},
    "reward": {"kind": "amount_off", "amount": {"minor": 500, "unit": "GBP"}},
}


@pytest.fixture
def key(house: House) -> dict[str, str]:
    connect(house)
    house.referrals("tea-house").programs.save(a_program())
    return {"Authorization": f"Bearer {house.new_key('tea-house')}"}


def save(client: Client, key: dict[str, str], tag: str, title: str) -> TestResponse:
    return client.put(
        "/v1/programs/friends",
        json={**BODY, "title": title},
        headers={**key, "If-Match": tag},
    )


def test_of_many_who_save_over_one_tag_one_does(house: House, key: dict[str, str]) -> None:
    tag = client_of(house).get("/v1/programs/friends", headers=key).headers["ETag"]
    calls = [partial(save, client_of(house), key, tag, f"Title {number}") for number in range(5)]
    answers = [one for one in at_once(*calls) if isinstance(one, TestResponse)]
    assert sorted(one.status_code for one in answers) == [200, 412, 412, 412, 412]
    (saved,) = [one.get_json() for one in answers if one.status_code == 200]
    stands = house.referrals("tea-house").programs.find("friends")
    assert (stands.version, stands.title) == (2, saved["title"])


def test_a_change_between_the_look_and_the_saving_is_seen(
    house: House, key: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = changing.version_meant

    def then_somebody_saves(*given: object) -> int | None:
        found = looked(*given)  # type: ignore[arg-type]
        house.referrals("tea-house").programs.save(a_program(title="Somebody else's"))
        return found

    monkeypatch.setattr(changing, "version_meant", then_somebody_saves)
    tag = client_of(house).get("/v1/programs/friends", headers=key).headers["ETag"]
    told = problem(save(client_of(house), key, tag, "Mine"))
    assert (told["status"], told["facts"]["version"]) == (412, 2)
    assert house.referrals("tea-house").programs.find("friends").title == "Somebody else's"
