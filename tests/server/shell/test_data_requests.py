"""Who asked a shop what is kept of them: its owner hands it on, within thirty days."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from goodword import Advocate, Claiming
from goodword.platforms import DataAsked
from goodword_server.shell.roles import Role
from goodword_server.storage import audit as log
from goodword_server.storage import data_requests
from tests.sdk.builders import Clock, an_order
from tests.server.builders import SHOP, Place
from tests.server.shell.browser import AT, Browser, somebody

pytestmark = pytest.mark.slow

PATH = f"{AT}/data"
FRIEND = "friend@example.com"


@pytest.fixture
def owner(place: Place) -> Browser:
    return somebody(place.house, Role.OWNER)


def ask(place: Place, id: str = "9999", **told: object) -> None:
    asked = DataAsked(id=id, **({"email": FRIEND, "orders": ("17",)} | told))  # type: ignore[arg-type]
    house = place.house
    house.database.write(lambda s: data_requests.add(s, house.vault, SHOP, asked, house.now()))


def test_the_owner_reads_who_asked_and_until_when_and_hands_all_of_it_on(
    place: Place, owner: Browser
) -> None:
    place.referrals.claim(Claiming(code="ALICE10", email=FRIEND))
    place.referrals.record_order(an_order(email=FRIEND, customer="c-77"))
    ask(place)
    shop = owner.read(f"{AT}/")
    assert "1 to be answered" in shop.text
    page = owner.read(PATH)
    assert FRIEND in page.text
    answer = owner.get(f"{PATH}/9999")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "attachment" in answer.headers["Content-Disposition"]
    told = json.loads(answer.data)
    # Each table that the library keeps of a person, and the order that was named.
    assert {"people", "claims", "orders", "referrals", "codes", "proofs"} <= told.keys()
    assert [one["email"] for one in told["people"]] == [FRIEND]
    assert [one["id"] for one in told["orders"]] == ["17"]
    assert len(told["claims"]) == 1
    assert [one["state"]["id"] for one in told["orders_requested"]] == ["17"]


def test_an_advocate_is_told_what_they_earned(place: Place, owner: Browser) -> None:
    ask(place, email="alice@example.com", orders=())
    place.referrals.advocates.invite(
        "friends", Advocate(id="c-1", name="Alice", email="alice@example.com")
    )
    place.referrals.record_order(an_order(code="ALICE10"))
    told = json.loads(owner.get(f"{PATH}/9999").data)
    assert told["codes"]
    assert told["referrals"]


def test_somebody_of_whom_nothing_is_kept_is_told_so(place: Place, owner: Browser) -> None:
    ask(place, email="nobody@example.com", orders=("99",))
    told = json.loads(owner.get(f"{PATH}/9999").data)
    assert told == {"request": "9999", "orders_requested": []}


def test_who_asked_is_kept_no_longer_once_it_was_answered(place: Place, owner: Browser) -> None:
    ask(place)
    assert "kept here no longer" in owner.said(PATH, id="9999")
    page = owner.read(PATH)
    assert FRIEND not in page.text
    assert owner.get(f"{PATH}/9999").status_code == 404
    assert "answered before" in owner.said(PATH, id="9999")
    (line, *_) = place.house.database.read(lambda session: log.page(session, SHOP, 1))
    assert (line.did, line.about) == ("data_answered", "9999")
    assert "to be answered" not in owner.read(f"{AT}/").text


def test_what_is_late_is_told_so(place: Place, owner: Browser, clock: Clock) -> None:
    ask(place)
    assert "look" not in marks(owner)
    clock.at += timedelta(days=30, minutes=1)
    assert "look" in marks(somebody(place.house, Role.OWNER))


def marks(owner: Browser) -> str:
    return " ".join(told.get("class", "") for told in owner.read(PATH).all("span"))


@pytest.mark.parametrize("role", [Role.STAFF, Role.READONLY])
def test_nobody_but_an_owner_reads_it(place: Place, role: Role) -> None:
    ask(place)
    other = somebody(place.house, role)
    assert other.get(PATH).status_code == 403
    assert other.get(f"{PATH}/9999").status_code == 403
    assert "to be answered" not in other.read(f"{AT}/").text


def test_another_shops_is_not_there(place: Place, owner: Browser) -> None:
    assert owner.get(f"{PATH}/1").status_code == 404
