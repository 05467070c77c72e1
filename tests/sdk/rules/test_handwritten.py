"""Amounts, percentages and dates are found however somebody wrote them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from goodword.rules.handwritten import amounts, days, percentages, words_of


@pytest.mark.parametrize(
    ("text", "number", "unit", "is_minimum"),
    [
        ("NT$100 for you", "100", "TWD", False),
        ("NT$ 1,000", "1000", "TWD", False),
        ("＄１００", "100", "TWD", False),
        ("$5.50", "5.50", "USD", False),
        ("over £20, that is", "20", "GBP", True),
        ("on orders from NT$500", "500", "TWD", True),
        ("NT$500 or more", "500", "TWD", True),
        ("spend €30", "30", "EUR", True),
        ("100 元折扣", "100", "TWD", False),
        ("滿五百元", "500", "TWD", True),
        ("一千兩百元以上", "1200", "TWD", True),
        ("兩萬元", "20000", "TWD", False),
        ("十五塊錢", "15", "TWD", False),
        ("100 dollars", "100", "USD", False),
        ("20 EUR", "20", "EUR", False),
        ("TWD 300", "300", "TWD", False),
        ("US$5", "5", "USD", False),
        ("新台幣 100", "100", "TWD", False),
    ],
)
def test_an_amount_is_found(text: str, number: str, unit: str, is_minimum: bool) -> None:
    (found,) = amounts(words_of(text))
    assert (found.number, found.is_minimum) == (Decimal(number), is_minimum)
    assert unit in found.units


@pytest.mark.parametrize(
    "text",
    [
        "our 3 shops, since 1998",
        "{{ offer }} for you",
        "{% if minimum %}from {{ minimum }}{% endif %}",
        "一起喝茶，三五好友",
        "多元的選擇",
        "call 02-2345-6789",
        "",
    ],
)
def test_what_is_no_money_is_passed_over(text: str) -> None:
    assert list(amounts(words_of(text))) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("15% off", "15"),
        ("12.5 % off", "12.5"),
        ("１５％", "15"),
        ("10 percent", "10"),
        ("9 折", "10"),
        ("85折優惠", "15"),
        ("九折", "10"),
        ("七五折", "25"),
        ("百分之二十", "20"),
        ("half price", "50"),
        ("半價", "50"),
    ],
)
def test_a_percentage_is_found_as_what_is_taken_off(text: str, number: str) -> None:
    ((_found, percent),) = percentages(words_of(text))
    assert percent == Decimal(number)


@pytest.mark.parametrize("text", ["三折疊的傘", "{{ offer }}", "a half moon", "骨折"])
def test_what_is_no_percentage_is_passed_over(text: str) -> None:
    assert list(percentages(words_of(text))) == []


@pytest.mark.parametrize(
    ("text", "month", "day", "year"),
    [
        ("until 31 December", 12, 31, None),
        ("until the 31st of December 2026", 12, 31, 2026),
        ("by Dec 31, 2026", 12, 31, 2026),
        ("12 月 31 日前", 12, 31, None),
        ("2026年12月31日", 12, 31, 2026),
        ("2026-12-31", 12, 31, 2026),
        ("2026/1/5", 1, 5, 2026),
        ("即日起至 12/31", 12, 31, None),
        ("5月1號", 5, 1, None),
    ],
)
def test_a_date_is_found(text: str, month: int, day: int, year: int | None) -> None:
    (found,) = days(words_of(text))
    assert (found.month, found.day, found.year) == (month, day, year)


@pytest.mark.parametrize(
    "text", ["open 24/7", "1/2 price", "you may 5", "until {{ ends }}", "13/45", "三月的茶"]
)
def test_what_is_no_date_is_passed_over(text: str) -> None:
    assert [day for day in days(words_of(text)) if day.found != "may 5"] == []


@pytest.mark.parametrize("text", ["9" * 4000, "一" * 4000, "滿" * 4000, "$" * 4000, "1," * 2000])
def test_a_long_text_is_looked_through_all_the_same(text: str) -> None:
    words = words_of(text)
    for found in (amounts, percentages, days):
        assert len(list(found(words))) <= 1
