"""What friends call somebody is the given name alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword.rules.greeting import given_name


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Mei", "Mei"),
        ("Mei Lin", "Mei"),
        ("  Mei   Lin ", "Mei"),
        ("Lin, Mei-Chen", "Mei-Chen"),
        ("José Ángel", "José"),
        ("陳美玲", "美玲"),
        ("歐陽娜娜", "娜娜"),
        ("范姜小明", "小明"),
        ("張簡美", "張簡美"),
        ("美玲", "美玲"),
        ("陳美玲 Mei", "Mei"),
        ("陳美玲（小美）", "美玲"),
        ("王先生", "王先生"),
        ("Mr. Chen", "Mr. Chen"),
        ("يوسف علي", "يوسف"),
        ("Mei🌸 Lin", "Mei🌸"),
        ("<b>Mei</b>", "Mei"),
        ("Mei\nLin", "Mei"),
    ],
)
def test_the_family_stays_out(name: str, called: str) -> None:
    assert given_name(name) == called


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", "mei@example.com", "0912-345-678", "🌸", "(Mei)", "\0"),
        *("http://win.example", "Prizes www.win.example"),
    ],
)
def test_what_is_no_name_is_none(name: str) -> None:
    assert given_name(name) is None


def test_a_name_without_an_end_is_cut() -> None:
    assert given_name("x" * 200) == "x" * 40


@given(st.text(max_size=60))
def test_whatever_it_is_it_comes_from_the_name(name: str) -> None:
    called = given_name(name)
    assert called is None or (called and len(called) <= 40 and "\n" not in called)
