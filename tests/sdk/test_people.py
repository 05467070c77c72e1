"""What is kept of people, who is told and forgotten by which name, and what is told of them."""

from __future__ import annotations

import json

import pytest

from goodword import Invalid, Referrals, UnknownPerson
from goodword.embedded.engine import Engine
from goodword.storage.tables import metadata
from tests.sdk.builders import (
    PLACED,
    RELEASE,
    Clock,
    Obedient,
    Saying,
    a_program,
    an_order,
    every_row,
)
from tests.sdk.telling import (
    FRIEND,
    FRIENDS_PHONE,
    OF_FRIEND,
    OF_XENIA,
    WHO,
    XENIA,
    tell_all,
    told_of,
)

pytestmark = pytest.mark.slow


def sums(engine: Engine) -> list[str]:
    return every_row(engine)["goodword_entries"]


@pytest.fixture
def told(referrals: Referrals) -> Referrals:
    return tell_all(referrals)


def test_personal_data_lives_in_one_table(engine: Engine, told: Referrals) -> None:
    found = told_of(engine, (*OF_FRIEND, *OF_XENIA))
    # Of a ruling's reason its writer is asked to name nobody; and it is forgotten all the same.
    assert found == {"goodword_people", "goodword_rulings"}


def test_once_forgotten_nobody_is_in_any_table(engine: Engine, told: Referrals) -> None:
    engine.work({"mail": Saying(answers=[RuntimeError("no"), RuntimeError("no")])})
    before = sums(engine)
    told.people.forget("quentin@googlemail.com")
    assert told_of(engine, OF_FRIEND) == set()
    told.people.forget("c-9")
    assert told_of(engine, (*OF_FRIEND, *OF_XENIA)) == set()
    assert sums(engine) == before


def test_all_shops_tables_are_looked_at(engine: Engine) -> None:
    assert every_row(engine).keys() == metadata.tables.keys()


@pytest.mark.parametrize("id", [FRIEND, "quentin@gmail.com", "+886912345678", FRIENDS_PHONE, "k-1"])
def test_a_friend_is_told_by_any_contact(engine: Engine, told: Referrals, id: str) -> None:
    assert told.people.export(id) == told.people.export(FRIEND)
    told.people.forget(id)
    assert told_of(engine, OF_FRIEND) == set()


@pytest.mark.parametrize("id", ["c-9", "xenia@shop.example", "+886 988-777-666"])
def test_an_advocate_is_told_by_id_or_contact(engine: Engine, told: Referrals, id: str) -> None:
    told.people.forget(id)
    assert told_of(engine, OF_XENIA) == set()


@pytest.mark.parametrize("id", ["c-404", "nobody@friend.example", "0911 000 111", "", "Xenia Zhao"])
def test_who_is_not_known_cannot_be_forgotten(engine: Engine, told: Referrals, id: str) -> None:
    before = every_row(engine)
    for verb in (told.people.export, told.people.forget):
        with pytest.raises(UnknownPerson):
            verb(id)
    assert every_row(engine) == before


def test_a_phone_of_several_people_tells_nobody(engine: Engine, told: Referrals) -> None:
    told.record_order(an_order(id="18", email="wife@friend.example", phone=FRIENDS_PHONE))
    before = every_row(engine)
    for verb in (told.people.export, told.people.forget):
        with pytest.raises(Invalid) as caught:
            verb(FRIENDS_PHONE)
        assert caught.value.facts["field"] == "id"
    assert every_row(engine) == before


def test_one_shop_forgets_nobody_of_another(engine: Engine, told: Referrals) -> None:
    other = engine.of("coffee-house")
    other.programs.save(a_program())
    other.record_order(an_order(**WHO))
    told.people.forget(FRIEND)
    assert other.people.export(FRIEND)["orders"][0]["id"] == "17"
    with pytest.raises(UnknownPerson):
        engine.of("third").people.forget(FRIEND)


def test_twice_is_once(engine: Engine, told: Referrals) -> None:
    (friend,) = told.people.export(FRIEND)["people"]
    told.people.forget(FRIEND)
    before = every_row(engine)
    with pytest.raises(UnknownPerson):
        told.people.forget(FRIEND)
    told.people.forget(friend["id"])
    assert every_row(engine) == before


# What is told of them.


def test_an_export_tells_all_of_a_friend(told: Referrals) -> None:
    found = json.loads(json.dumps(told.people.export(FRIEND)))
    (person,) = found["people"]
    assert (person["email"], person["phone"]) == (FRIEND, "+886912345678")
    assert (person["mailbox"], person["account"]) == ("quentin@gmail.com", "k-1")
    ((claim,), (order,), (ruling,)) = (found[name] for name in ("claims", "orders", "rulings"))
    assert (claim["person"], order["friend"]) == (person["id"], person["id"])
    assert (order["id"], order["placed"]) == ("17", PLACED.isoformat())
    assert order["state"]["net"] == {"minor": 7200, "unit": "GBP"}
    assert ruling["reason"] == "Quentin says that Xenia sent him"
    assert found["advocates"] == found["codes"] == found["entries"] == []


def test_an_export_tells_all_of_an_advocate(engine: Engine, told: Referrals, clock: Clock) -> None:
    clock.to(RELEASE)
    engine.work({"till": Obedient(), "mail": Obedient()})
    found = json.loads(json.dumps(told.people.export("c-9")))
    (person,) = found["people"]
    assert (person["name"], person["email"]) == (XENIA.name, XENIA.email)
    one = {name: found[name][0] for name in ("codes", "referrals", "grants", "thanks", "advocates")}
    assert (one["codes"]["text"], one["codes"]["coupon"]) == ("WORDOFMOUTH", "offer-1")
    assert (one["referrals"]["order_id"], one["referrals"]["state"]) == ("17", "rewarded")
    assert one["grants"]["worth"]["amount"] == {"minor": 720, "unit": "GBP"}
    assert (one["thanks"]["channel"], one["advocates"]["relation"]) == ("mail", "customer")
    moved = [entry["target"] for entry in found["entries"] if entry["part"] == "reward"]
    assert moved == ["advocate:waiting", "advocate:due", "advocate:given"]


def test_an_export_names_nobody_else(told: Referrals) -> None:
    of_friend = json.dumps({**told.people.export(FRIEND), "rulings": []}).lower()
    of_xenia = json.dumps({**told.people.export("c-9"), "rulings": []}).lower()
    assert not [word for word in OF_XENIA if word in of_friend]
    assert not [word for word in OF_FRIEND if word in of_xenia]
