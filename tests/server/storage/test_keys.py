"""API keys: shown once, kept as a hash, and looked up each time that they are shown."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import text

from goodword.errors import Invalid
from goodword.interface.routes import Scope
from goodword.storage.migrating import upgrade
from goodword_server.house import House
from goodword_server.keyring import UnknownKey
from goodword_server.storage import keys as kept_keys
from goodword_server.storage.keys import PREFIX, Key, KeyScope
from goodword_server.storage.tables import BRANCH, keys
from tests.plans import statements_in, steps
from tests.sdk.builders import START, Clock
from tests.server.builders import SHOP, a_house, rows


def held(house: House, key: str) -> Key:
    """What is kept of a key that opens something."""
    found = house.keyring.holder(key)
    assert found is not None
    return found


# What is made.


def test_a_key_tells_whose_it_is(house: House) -> None:
    one, other = house.new_key("one"), house.new_key("other")
    assert (held(house, one).shop, held(house, other).shop) == ("one", "other")


@pytest.mark.parametrize("scope", KeyScope)
def test_a_key_begins_with_what_it_is(house: House, scope: KeyScope) -> None:
    key = house.new_key(SHOP, scope, "the till")
    assert key.startswith(
        {"publishable": "gw_pub_", "read": "gw_read_", "secret": "gw_secret_"}[scope]
    )
    # 32 random bytes in base64.
    assert len(key.removeprefix(PREFIX[scope])) == 43
    found = held(house, key)
    assert (found.scope, found.label, found.made, found.ended) == (scope, "the till", START, None)


def test_a_key_that_is_not_said_to_be_another_can_do_everything(house: House) -> None:
    assert held(house, house.new_key(SHOP)).scope is KeyScope.SECRET


def test_what_a_key_opens() -> None:
    opens = {one: {needed for needed in Scope if one.may(needed)} for one in KeyScope}
    assert opens == {
        KeyScope.PUBLISHABLE: {Scope.BROWSER},
        KeyScope.READ: {Scope.BROWSER, Scope.READ},
        KeyScope.SECRET: {Scope.BROWSER, Scope.READ, Scope.WRITE},
    }


def test_whoever_steals_the_table_has_no_key(house: House) -> None:
    key = house.new_key(SHOP)
    (row,) = rows(house, keys)
    assert row["hash"] == hashlib.sha256(key.encode()).hexdigest()
    assert key not in repr(row)
    assert house.keyring.holder(row["hash"]) is None
    # The end of it, to tell one's keys apart by.
    assert row["hint"] == key[-4:]


def test_any_other_text_is_nobodys_key(house: House) -> None:
    key = house.new_key(SHOP)
    wrong = ("", "gw_", "gw_secret_", key[:-1], key + "x", key.upper(), key[3:], "é", "\0")
    for one in wrong:
        assert house.keyring.holder(one) is None


@pytest.mark.parametrize("label", ["x" * 65, "two\nlines", "nothing\0", "\ud800"])
def test_a_label_is_one_short_line(house: House, label: str) -> None:
    with pytest.raises(Invalid) as refused:
        house.new_key(SHOP, label=label)
    assert refused.value.facts["field"] == "label"
    assert rows(house, keys) == []


# Told apart, rotated, revoked.


def test_a_shop_sees_its_own_keys_and_no_others(house: House, clock: Clock) -> None:
    made = []
    for label in ("first", "second"):
        made.append(house.new_key(SHOP, label=label))
        clock.on(hours=1)
    house.new_key("other")
    assert [(one.label, one.hint) for one in house.keyring.of(SHOP)] == [
        ("first", made[0][-4:]),
        ("second", made[1][-4:]),
    ]


def test_a_revoked_key_opens_nothing_from_that_moment_in_any_process(
    house: House, url: str, clock: Clock
) -> None:
    key, kept = house.new_key(SHOP), house.new_key(SHOP)
    with a_house(url, clock) as other:
        id = held(other, key).id
        house.keyring.revoke(SHOP, id)
        assert other.keyring.holder(key) is None
        assert held(other, kept).ended is None
        # It stays in the list, and its end does not move.
        clock.on(hours=1)
        other.keyring.revoke(SHOP, id)
        assert {one.id: one.ended for one in other.keyring.of(SHOP)}[id] == START


def test_a_rotated_key_works_until_its_overlap_ends(house: House, clock: Clock) -> None:
    old = house.new_key(SHOP, KeyScope.READ, "the report")
    new = house.keyring.rotate(SHOP, held(house, old).id)
    told = held(house, new)
    assert (told.scope, told.label, told.shop) == (KeyScope.READ, "the report", SHOP)
    clock.to(START + timedelta(hours=24) - timedelta(microseconds=1))
    assert held(house, old).ended == START + timedelta(hours=24)
    clock.on(microseconds=1)
    assert house.keyring.holder(old) is None
    assert held(house, new).ended is None


def test_without_an_overlap_it_ends_at_once(house: House) -> None:
    old = house.new_key(SHOP)
    new = house.keyring.rotate(SHOP, held(house, old).id, 0)
    assert house.keyring.holder(old) is None
    assert held(house, new).shop == SHOP


def test_a_rotation_lengthens_no_life(house: House, clock: Clock) -> None:
    old = house.new_key(SHOP)
    id = held(house, old).id
    house.keyring.rotate(SHOP, id, 1)
    house.keyring.rotate(SHOP, id, 24)
    assert held(house, old).ended == START + timedelta(hours=1)
    house.keyring.revoke(SHOP, id)
    assert house.keyring.holder(old) is None
    with pytest.raises(Invalid, match="this key has ended"):
        house.keyring.rotate(SHOP, id)


@pytest.mark.parametrize("hours", [-1, 2161])
def test_an_overlap_that_cannot_be_is_told_so_and_nothing_is_made(house: House, hours: int) -> None:
    id = held(house, house.new_key(SHOP)).id
    with pytest.raises(Invalid) as refused:
        house.keyring.rotate(SHOP, id, hours)
    assert refused.value.facts["field"] == "overlap_hours"
    assert len(house.keyring.of(SHOP)) == 1


def test_nobody_ends_another_shops_key(house: House) -> None:
    key = house.new_key(SHOP)
    id = held(house, key).id
    for end in (house.keyring.revoke, house.keyring.rotate):
        with pytest.raises(UnknownKey):
            end("other", id)
        with pytest.raises(UnknownKey):
            end(SHOP, "000000000000")
    assert held(house, key).ended is None
    assert len(rows(house, keys)) == 1


# Used.


def test_its_use_is_noted_once_a_minute(house: House, clock: Clock) -> None:
    key = house.new_key(SHOP)
    seen = []
    for seconds in (0, 30, 29, 2, 60):
        clock.on(seconds=seconds)
        house.keyring.holder(key)
        (row,) = house.keyring.of(SHOP)
        seen.append((row.last_used or START) - START)
    assert [one.total_seconds() for one in seen] == [0, 0, 0, 61, 121]


def test_a_key_is_looked_up_by_one_step_in_one_index(on_sqlite: str) -> None:
    (step,) = steps(on_sqlite, statements_in(kept_keys)["keys._HOLDER"])
    assert step.startswith("SEARCH goodword_server_keys USING INDEX")
    assert step.endswith("(hash=?)")


def test_a_key_is_looked_up_by_one_statement(on_sqlite: str, clock: Clock) -> None:
    with a_house(on_sqlite, clock) as house:
        key = house.new_key(SHOP)
        held(house, key)
        asked: list[str] = []
        house.database.read(lambda session: session.driver.set_trace_callback(asked.append))  # type: ignore[attr-defined]
        asked.clear()
        held(house, key)
    assert [one.partition(" ")[0] for one in asked] == ["BEGIN", "SELECT", "ROLLBACK"]


# Made before there were scopes.


def test_a_key_of_an_older_release_still_can_do_everything(sqlite_url: str, clock: Clock) -> None:
    key = "gw_" + "k" * 43
    hash = hashlib.sha256(key.encode()).hexdigest()
    with a_house(sqlite_url, clock) as house:
        to_version(house, "0001")
        with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as file:
            row = (hash, SHOP, "kkkk", 1)
            file.execute("INSERT INTO goodword_server_keys VALUES (?, ?, ?, ?)", row)
            file.commit()
        house.migrate()
        found = held(house, key)
        assert (found.shop, found.scope, found.hint) == (SHOP, KeyScope.SECRET, "kkkk")
        house.keyring.revoke(SHOP, found.id)
        assert house.keyring.holder(key) is None


def to_version(house: House, version: str) -> None:
    """Bring the server's tables to an older version, as a server of that release did."""
    with house.database.connect() as connection:
        upgrade(connection, BRANCH, version)
        assert connection.execute(text("SELECT count(*) FROM goodword_server_keys")).scalar() == 0
