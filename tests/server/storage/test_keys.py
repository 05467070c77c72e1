"""API keys: shown once, kept as a hash."""

from __future__ import annotations

import hashlib

from goodword_server.house import House
from goodword_server.storage.tables import keys
from tests.server.builders import rows


def test_a_key_tells_whose_it_is(house: House) -> None:
    one, other = house.new_key("one"), house.new_key("other")
    assert (house.shop_of_key(one), house.shop_of_key(other)) == ("one", "other")


def test_a_shop_may_have_several_keys(house: House) -> None:
    made = {house.new_key("tea-house") for _ in range(3)}
    assert len(made) == 3
    assert {house.shop_of_key(key) for key in made} == {"tea-house"}


def test_whoever_steals_the_table_has_no_key(house: House) -> None:
    key = house.new_key("tea-house")
    (row,) = rows(house, keys)
    assert row["hash"] == hashlib.sha256(key.encode()).hexdigest()
    assert key not in repr(row)
    assert house.shop_of_key(row["hash"]) is None
    # The end of it, to tell one's keys apart by.
    assert row["hint"] == key[-4:]


def test_a_key_cannot_be_guessed_and_is_told_from_other_texts(house: House) -> None:
    key = house.new_key("tea-house")
    assert key.startswith("gw_")
    assert len(key) >= 43


def test_any_other_text_is_nobodys_key(house: House) -> None:
    key = house.new_key("tea-house")
    for wrong in ("", "gw_", key[:-1], key + "x", key.upper(), key.removeprefix("gw_"), "é", "\0"):
        assert house.shop_of_key(wrong) is None
