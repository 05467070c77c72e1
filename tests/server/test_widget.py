"""What pages of shops take from us: a small script, and one sheet of JSON."""

from __future__ import annotations

import gzip
import hashlib
from base64 import b64encode
from typing import Any

import pytest
from werkzeug.test import TestResponse

from goodword import Advocate, Relation
from goodword_server.house import House
from goodword_server.looks import Look
from goodword_server.storage import looks
from goodword_server.storage.keys import KeyScope
from goodword_server.widget import script
from tests.sdk.builders import DAY, START, Clock, a_program
from tests.server.builders import SHOP, Place, a_house, a_place, problem

KILOBYTES = 4_000
LONG_AGO = START - 9 * DAY


@pytest.fixture
def key(door: Place) -> str:
    return door.house.new_key(SHOP, KeyScope.PUBLISHABLE)


def ask(
    place: Place, key: str, *, shop: str = SHOP, code: str = "ALICE10", **more: str
) -> TestResponse:
    query = {"key": key, "code": code, "language": "en", **more}
    return place.client.get(f"/{shop}/widget.json", query_string=query)


def test_the_script_weighs_less_than_four_kilobytes(door: Place) -> None:
    answer = door.client.get("/goodword.js", headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) < KILOBYTES
    assert gzip.decompress(answer.data) == door.client.get("/goodword.js").data


def test_the_script_travels_without_what_only_its_readers_need() -> None:
    written = script.FILE.read_text("utf-8")
    assert "docs/widget.md" in written
    assert "docs/widget.md" not in script.tight().decode()
    # What is left out stands on lines of its own: nothing that runs is touched.
    kept = [line.strip() for line in written.splitlines()]
    assert set(script.tight().decode().splitlines()) <= set(kept)


def test_any_page_may_load_the_script_and_check_it(door: Place) -> None:
    answer = door.client.get("/goodword.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    hashed = b64encode(hashlib.sha384(answer.data).digest()).decode()
    assert script.integrity() == f"sha384-{hashed}"


def test_the_script_is_kept_for_an_hour_and_then_asked_after(door: Place) -> None:
    answer = door.client.get("/goodword.js")
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert answer.headers["Vary"] == "Accept-Encoding"
    again = door.client.get("/goodword.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_an_address_with_its_version_is_kept_for_good(door: Place) -> None:
    def told(version: str) -> str:
        return door.client.get(f"/goodword.js?v={version}").headers["Cache-Control"]

    assert told(script.version()) == "public, max-age=31536000, immutable"
    assert told("another") == "public, max-age=3600"


def test_a_sheet_tells_how_the_offer_stands(door: Place, key: str) -> None:
    answer = ask(door, key, code="alice-10")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    sheet = answer.get_json()
    assert (sheet["code"], sheet["state"], sheet["days"]) == ("ALICE10", "live", 30)
    assert sheet["words"]["offer.text"] == "10% off"
    assert set(sheet) == {
        *("advocate", "code", "shown", "state", "days"),
        *("language", "direction", "colour", "words"),
    }


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh-Hant", "zh-Hant"),
        ("zh-TW", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("en-GB", "en"),
        ("ar", "en"),
        ("zh-Hans", "en"),
        ("", "en"),
    ],
)
def test_a_sheet_speaks_the_pages_language(door: Place, key: str, tag: str, language: str) -> None:
    sheet = ask(door, key, language=tag).get_json()
    assert sheet["language"] == language
    assert sheet["words"]["close"] == {"en": "Close", "zh-Hant": "關閉"}[language]


def test_a_sheet_shows_the_shop_as_its_owner_chose(house: House) -> None:
    place = a_place(house)
    look = Look(name="Tea & Co.", colour="#ffd700", language="zh-Hant")
    house.database.write(lambda session: looks.put(session, SHOP, look, house.now()))
    key = house.new_key(SHOP, KeyScope.PUBLISHABLE)
    told = {tag: ask(place, key, language=tag).get_json() for tag in ("en", "ar")}
    assert told["en"]["colour"] == look.accent != look.colour
    assert "Tea & Co." in told["en"]["words"]["share.message"]
    # Who reads neither of ours gets the shop's own.
    assert [told[tag]["language"] for tag in ("en", "ar")] == ["en", "zh-Hant"]


@pytest.mark.parametrize("relation", ["customer", "employee", "supplier", "partner"])
def test_what_an_advocate_passes_on_says_how_they_stand_to_the_shop(
    door: Place, key: str, relation: Any
) -> None:
    advocate = Advocate(id=f"a-{relation}", relation=relation)
    code = door.referrals.advocates.invite("friends", advocate)
    sheet = ask(door, key, code=code.text).get_json()
    said = door.referrals.messages.say("friends", channel="share", code=code.text)  # type: ignore[arg-type]
    assert sheet["words"]["share.message"] == said[f"message.{relation}"]


def test_only_a_sheet_that_names_nobody_is_kept_between(door: Place, key: str) -> None:
    invite = door.referrals.advocates.invite
    named = invite("friends", Advocate(id="mei", name="Mei Lin"))
    nameless = invite("friends", Advocate(id="nobody"))
    told = [ask(door, key, code=code.text) for code in (named, nameless)]
    assert [one.get_json()["advocate"] for one in told] == ["Mei", None]
    kept = [one.headers["Cache-Control"] for one in told]
    assert kept == ["private, max-age=60", "public, max-age=60"]


# Who may ask.


def test_a_secret_key_is_refused_and_its_owner_told(door: Place) -> None:
    answer = ask(door, door.house.new_key(SHOP))
    assert answer.status_code == 403
    assert "revoke this key" in problem(answer)["detail"]


def test_who_brings_no_key_or_one_of_another_shop_is_told_so(door: Place) -> None:
    stranger = ask(door, "gw_pub_made_up")
    assert (stranger.status_code, problem(stranger)["reason"]) == (401, "unauthorized")
    # A page can read why.
    assert stranger.headers["Access-Control-Allow-Origin"] == "*"
    foreign = ask(door, door.house.new_key("coffee", KeyScope.PUBLISHABLE))
    assert (foreign.status_code, problem(foreign)["reason"]) == (404, "not_found")


def test_a_code_of_another_shop_is_unknown(door: Place, key: str) -> None:
    answer = ask(door, door.house.new_key("coffee", KeyScope.PUBLISHABLE), shop="coffee")
    assert (answer.status_code, problem(answer)["reason"]) == (404, "unknown_code")


def test_without_a_code_it_is_told_what_a_customer_may_take_part_in(house: House) -> None:
    place = a_place(house)
    key = house.new_key(SHOP, KeyScope.PUBLISHABLE)
    sheet = ask(place, key, code="").get_json()
    assert (sheet["code"], sheet["advocate"], sheet["state"]) == (None, None, None)
    assert sheet["words"]["share.text"] == "Pass it on: your friends get 10% off."
    assert sheet["words"]["share.button"] == "Get my link"
    # Once it is for others, or over, there is nothing to join.
    for changes in ({"relations": (Relation.EMPLOYEE,)}, {"starts": LONG_AGO, "ends": START}):
        place.referrals.programs.save(a_program(**changes))
        assert ask(place, key, code="").get_json()["words"] == {}


@pytest.mark.parametrize("more", [{"colour": "red"}, {"code": " "}, {"code": "x" * 500}])
def test_nonsense_is_refused(door: Place, key: str, more: dict[str, str]) -> None:
    assert ask(door, key, **more).status_code in (404, 422)


def test_a_key_that_is_revoked_opens_nothing_more(house: House) -> None:
    place = a_place(house)
    key = house.new_key(SHOP, KeyScope.PUBLISHABLE)
    assert ask(place, key).status_code == 200
    house.keyring.revoke(SHOP, house.keyring.of(SHOP)[-1].id)
    assert ask(place, key).status_code == 401


def test_codes_cannot_be_guessed_here_either(on_sqlite: str, clock: Clock) -> None:
    with a_house(on_sqlite, clock, guess_limit=5) as house:
        place = a_place(house)
        key = house.new_key(SHOP, KeyScope.PUBLISHABLE)
        told = [ask(place, key, code=f"GUESS{one}").status_code for one in range(7)]
        assert told == [404, 404, 404, 404, 404, 429, 429]
        # Not even one that there is.
        assert ask(place, key).status_code == 429
