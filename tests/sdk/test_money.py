"""Money is whole minor units: never a float, never a digit lost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword import Money, MoneyInvalid, ProgramInvalid, amount_off, money, share_of_order
from goodword import percent_off as a_percentage
from goodword.model.money import DECIMALS, MOST, decimals, written


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("72.00", "GBP", 7200),
        ("72", "GBP", 7200),
        ("0.01", "GBP", 1),
        ("-3.50", "GBP", -350),
        ("72.000", "GBP", 7200),
        (72, "JPY", 72),
        ("72.0", "JPY", 72),
        ("1.234", "KWD", 1234),
        (Decimal("100"), "TWD", 10_000),
        ("1E+2", "TWD", 10_000),
        ("0", "GBP", 0),
        (" 5 ", "GBP", 500),
    ],
)
def test_an_amount_becomes_whole_minor_units(amount: Any, currency: str, minor: int) -> None:
    assert money(amount, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    "amount", [72.0, 0.1, True, None, "", "seventy", "1,000", "NaN", "Infinity", "1e999999", b"72"]
)
def test_what_is_no_amount_is_refused(amount: Any) -> None:
    with pytest.raises(MoneyInvalid, match="never a float") as caught:
        money(amount, "GBP")
    assert caught.value.facts["field"] == "amount"
    assert caught.value.facts["amount"] == repr(amount)


@pytest.mark.parametrize(
    ("amount", "currency"), [("0.001", "GBP"), ("0.5", "JPY"), ("1.2345", "KWD"), ("1e-13", "GBP")]
)
def test_surplus_digits_are_never_rounded_away(amount: str, currency: str) -> None:
    with pytest.raises(MoneyInvalid) as caught:
        money(amount, currency)
    assert caught.value.facts["field"] == "amount"


@pytest.mark.parametrize("currency", ["XXX", "gbp", "", "BTC", None, ["GBP"]])
def test_a_currency_is_one_of_iso_4217(currency: Any) -> None:
    with pytest.raises(MoneyInvalid, match="ISO 4217") as caught:
        money("1", currency)
    assert caught.value.facts["field"] == "currency"


@pytest.mark.parametrize(
    ("currency", "digits"),
    [("TWD", 2), ("JPY", 0), ("KRW", 0), ("KWD", 3), ("USD", 2), ("CLF", 4), ("HUF", 2)],
)
def test_decimals_are_those_of_the_standard(currency: str, digits: int) -> None:
    assert decimals(currency) == digits


def test_every_currency_has_three_letters_and_stands_once() -> None:
    assert all(len(code) == 3 and code.isupper() and code.isalpha() for code in DECIMALS)
    assert len(DECIMALS) > 150


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Money(500, "GBP"), "5.00"),
        (Money(1, "GBP"), "0.01"),
        (Money(-350, "GBP"), "-3.50"),
        (Money(500, "JPY"), "500"),
        (Money(1, "KWD"), "0.001"),
        (Money(MOST, "TWD"), "10000000000000.00"),
        (Money(2, "piece:percent_off"), "2"),
    ],
)
def test_an_amount_is_written_with_all_its_digits(amount: Money, text: str) -> None:
    assert written(amount) == text


@given(minor=st.integers(-(10**12), 10**12), currency=st.sampled_from(sorted(DECIMALS)))
def test_what_is_written_is_read_again(minor: int, currency: str) -> None:
    assert money(written(Money(minor, currency)), currency) == Money(minor, currency)


def test_a_fixed_worth_is_money_too() -> None:
    assert amount_off("100", "TWD").amount == Money(10_000, "TWD")
    with pytest.raises(MoneyInvalid):
        amount_off("0.001", "GBP")


@pytest.mark.parametrize("make", [a_percentage, share_of_order])
@pytest.mark.parametrize("percent", [0.1, True, "ten", "", None])
def test_a_percentage_is_no_float_either(make: Any, percent: Any) -> None:
    with pytest.raises(ProgramInvalid, match="never a float") as caught:
        make(percent)
    assert caught.value.facts["field"] == "percent"


@pytest.mark.parametrize("make", [a_percentage, share_of_order])
@pytest.mark.parametrize("percent", [12, "12.5", Decimal("0.1")])
def test_a_percentage_keeps_its_digits(make: Any, percent: Any) -> None:
    assert make(percent).percent == Decimal(percent)
