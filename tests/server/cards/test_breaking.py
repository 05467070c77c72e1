"""Lines: where they may end, and how a text is made to fit."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis.strategies import integers, text

from goodword_server.cards import breaking
from goodword_server.cards.breaking import ELLIPSIS, broken, fitted

CLOSING = "、。，．：；？！）」』】》〉…"
OPENING = "（「『【《〈"
MIXED = "送您「好茶」禮物，訂單滿 NT$500 可用（限新朋友），2026 年 12 月 31 日前有效。"


def width(text: str) -> float:
    """Chinese is twice as wide."""
    return sum(2 if ord(sign) > 0x2E80 else 1 for sign in text)


def sized(text: str, size: int) -> float:
    return width(text) * size


def test_what_docstrings_show_is_so() -> None:
    assert doctest.testmod(breaking).failed == 0


@pytest.mark.parametrize("room", range(12, 40))
def test_no_line_begins_with_a_closing_sign_or_ends_with_an_opening_one(room: int) -> None:
    lines = broken(MIXED, room, width)
    assert lines is not None
    assert not [line for line in lines if line[0] in CLOSING]
    assert not [line for line in lines if line[-1] in OPENING]
    assert all(width(line) <= room for line in lines)


@pytest.mark.parametrize("room", range(12, 40))
def test_what_belongs_together_stays_so(room: int) -> None:
    lines = broken(MIXED, room, width)
    assert lines is not None
    for whole in ("NT$500", "2026 年", "12 月", "31 日"):
        assert any(whole in line for line in lines), (whole, lines)


def test_latin_words_stay_whole_and_numbers_with_what_they_count() -> None:
    assert broken("Good until 31 December, for 30 days", 14, len) == [
        *("Good until", "31 December,", "for 30 days")
    ]
    assert broken("省下100元", 6, width) == ["省下", "100元"]
    # A number that counts nothing is a word like others.
    assert broken("in 2026 (once)", 8, len) == ["in 2026", "(once)"]


def test_a_word_wider_than_a_line_is_told() -> None:
    assert broken("A Maximilian", 5, len) is None
    assert broken("", 5, len) == []
    assert broken("  \n ", 5, len) == []


def test_lines_are_about_as_long_as_each_other() -> None:
    assert fitted("A gift from Mei and Tom", 20, (1,), 2, sized).lines == (
        *("A gift from", "Mei and Tom"),
    )
    assert fitted("首購折抵好茶", 10, (1,), 2, sized).lines == ("首購折", "抵好茶")


def test_the_largest_size_that_fits_is_taken() -> None:
    fit = fitted("A gift from Mei", 40, (10, 5, 4, 2), 1, sized)
    assert (fit.lines, fit.size) == (("A gift from Mei",), 2)
    assert fitted("A gift from Mei", 40, (10, 5, 4, 2), 2, sized).size == 5


def test_what_fits_in_no_size_ends_in_an_ellipsis() -> None:
    fit = fitted("Maximilian " * 9, 24, (4, 2), 2, sized)
    assert fit.size == 2
    assert fit.lines == ("Maximilian", f"Maximilian{ELLIPSIS}")
    long = fitted("M" * 200, 24, (4, 2), 2, sized)
    assert long.lines == ("M" * 12, "M" * 11 + ELLIPSIS)
    assert fitted("送您好茶，送您好茶", 8, (1,), 1, sized).lines == (f"送您好{ELLIPSIS}",)
    # Nothing but the ellipsis stands behind a comma.
    assert fitted("好茶，送給您", 7, (1,), 1, sized).lines == (f"好茶{ELLIPSIS}",)


@pytest.mark.slow
@given(text(max_size=60), integers(3, 40), integers(1, 4))
def test_any_text_fits_and_loses_nothing_that_had_room(said: str, room: int, most: int) -> None:
    fit = fitted(said, room, (3, 2, 1), most, sized)
    assert len(fit.lines) <= most
    assert all(sized(line, fit.size) <= room for line in fit.lines)
    whole = "".join("".join(fit.lines).split())
    if not whole.endswith(ELLIPSIS):
        assert whole == "".join(said.split())
