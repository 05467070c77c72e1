"""How a shop shows itself: what it may choose, and what is made of a colour."""

from __future__ import annotations

import doctest
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis.strategies import integers

from goodword.errors import Invalid
from goodword_server import looks
from goodword_server.house import House
from goodword_server.looks import Logo, Look, Share, checked, contrast
from goodword_server.storage import looks as kept
from goodword_server.storage.tables import looks as table
from tests.server.builders import SHOP, rows

TEA = Look(
    name="茶屋 Tea House",
    colour="#0b6e4f",
    shares=(Share.THREADS, Share.COPY),
    liff="1234567890-AbcdEfgh",
    language="zh-Hant",
    zone="Asia/Tokyo",
)


def test_what_docstrings_show_is_so() -> None:
    assert doctest.testmod(looks) == (0, doctest.testmod(looks).attempted)


@given(integers(0, 0xFFFFFF))
@example(0x008A8A)
def test_text_on_any_colour_can_be_read(number: int) -> None:
    look = Look(name="Tea", colour=f"#{number:06x}")
    assert contrast(look.ink, look.colour) >= 4.5
    assert contrast(look.accent, "#ffffff") >= 4.5


def test_a_colour_that_can_be_read_on_white_is_left_as_it_is() -> None:
    assert Look(name="Tea", colour="#003366").accent == "#003366"
    assert Look(name="Tea", colour="#ffd700").accent != "#ffd700"


def test_a_look_is_kept_as_it_was_told() -> None:
    assert checked(TEA) == TEA
    sloppy = replace(TEA, name="  茶屋 \n Tea House ", colour=" #0B6E4F", liff="")
    assert checked(sloppy) == replace(TEA, liff=None)
    twice = replace(TEA, shares=(Share.X, Share.X))
    assert checked(twice).shares == (Share.X,)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", " \u3000"),
        ("name", "茶" * 61),
        ("name", "Tea\u202eHouse"),
        ("name", "Tea\0"),
        ("name", "Tea\ud800"),
        ("colour", "green"),
        ("colour", "#fff"),
        ("colour", "#12345g"),
        ("colour", "#1234567"),
        ("colour", "#123456;background:url(//evil.example)"),
        ("shares", ("line",)),
        ("shares", ("facebook", "x", "email", "copy")),
        ("shares", ("\0",)),
        ("liff", "1234567890"),
        ("liff", "123456789-AbcdEfgh"),
        ("liff", '1234567890-Abcd"fgh'),
        ("language", "tlh"),
        ("language", ""),
        ("zone", "Taipei"),
        ("zone", "../../etc/passwd"),
        ("zone", "Asia"),
        ("zone", "a\0"),
    ],
)
def test_what_will_not_do_is_named(field: str, value: object) -> None:
    with pytest.raises(Invalid) as error:
        checked(replace(TEA, **{field: value}))  # type: ignore[arg-type]
    assert error.value.facts["field"] == field


# How it is kept.


def test_a_shop_that_chose_nothing_goes_by_its_plain_name(house: House) -> None:
    assert house.look(SHOP) == Look(name=SHOP)


def test_a_look_comes_back_as_it_was_kept(house: House) -> None:
    house.database.write(lambda session: kept.put(session, SHOP, TEA, house.now()))
    assert house.look(SHOP) == TEA
    assert house.look("other") == Look(name="other")


def test_a_logo_stays_while_the_rest_changes(house: House) -> None:
    logo = Logo("abc", 120, 80)
    house.database.write(lambda session: kept.put(session, SHOP, TEA, house.now()))
    house.database.write(lambda session: kept.put_logo(session, SHOP, logo, b"\x89PNG\0\xff"))
    house.database.write(
        lambda s: kept.put(s, SHOP, replace(TEA, name="Tea", liff=None), house.now())
    )
    assert house.look(SHOP) == replace(TEA, name="Tea", liff=None, logo=logo)
    read = house.database.read
    assert read(lambda s: kept.logo(s, SHOP, "abc")) == b"\x89PNG\0\xff"
    assert read(lambda s: kept.logo(s, SHOP, "of before")) is None
    assert read(lambda s: kept.logo(s, "other", "abc")) is None
    house.database.write(lambda session: kept.put_logo(session, SHOP, None, None))
    assert house.look(SHOP).logo is None
    assert read(lambda s: kept.logo(s, SHOP, "abc")) is None


def test_a_look_goes_with_its_shop(house: House) -> None:
    for shop in (SHOP, "other"):
        house.database.write(lambda s, shop=shop: kept.put(s, shop, TEA, house.now()))  # type: ignore[misc]
    house.database.write(lambda session: kept.drop(session, SHOP))
    assert [row["shop"] for row in rows(house, table)] == ["other"]
