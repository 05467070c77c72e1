from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from goodword.errors import Invalid, MoneyInvalid, OrderInvalid
from goodword.model.money import Money
from goodword_woocommerce import fields


def test_numbers_with_a_point_never_become_floats() -> None:
    assert fields.parsed(b'{"price": 11.25}') == {"price": Decimal("11.25")}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"webhook_id=1", b"\xff\xfe\xfd", b"[" * 100_000, b'{"a": 1e99999999999999999999}'],
    ids=["empty", "cut off", "a form", "no text", "too deep", "too large"],
)
def test_what_is_not_json_is_refused_by_name(body: bytes) -> None:
    with pytest.raises(OrderInvalid, match="body: is not JSON"):
        fields.parsed(body)


@pytest.mark.parametrize("found", [None, True, "17", -1, 1.5, 2**63, []])
def test_an_id_is_a_whole_number(found: Any) -> None:
    with pytest.raises(OrderInvalid) as caught:
        fields.number({"id": found}, "id")
    assert caught.value.facts["field"] == "id"


@pytest.mark.parametrize("found", [None, 7, "\x00", "a\ud800", ["GBP"]])
def test_a_text_is_one_that_a_database_keeps(found: Any) -> None:
    with pytest.raises(OrderInvalid, match="currency"):
        fields.text({"currency": found}, "currency")


def test_moments_are_utc_though_the_shop_does_not_say_so() -> None:
    at = datetime(2026, 11, 22, 9, 25, 31, tzinfo=UTC)
    assert fields.moment({"at": "2026-11-22T09:25:31"}, "at") == at
    assert fields.as_moment("2026-11-22 09:25:31") == at
    assert fields.moment({"at": None}, "at") is None


@pytest.mark.parametrize(
    "found", ["", "2026-13-45T99:99:99", "2026-11-22T09:25:31+05:00", "soon", 1795340081, "٢٠٢٦"]
)
def test_what_is_no_moment_names_its_field(found: Any) -> None:
    with pytest.raises(OrderInvalid, match="date_paid_gmt"):
        fields.moment({"date_paid_gmt": found}, "date_paid_gmt")


@pytest.mark.parametrize("found", ["12.345", "", "free", None, True, [], {}, Decimal("0.001")])
def test_an_amount_that_cannot_be_one_names_its_field(found: Any) -> None:
    with pytest.raises(MoneyInvalid) as caught:
        fields.amount({"total": found}, "total", "GBP", within="line_items[0].")
    assert caught.value.facts["field"] == "line_items[0].total"


def test_an_unknown_currency_is_told_as_such() -> None:
    with pytest.raises(MoneyInvalid) as caught:
        fields.amount({"total": "1.00"}, "total", "XXZ")
    assert caught.value.facts["field"] == "currency"


@pytest.mark.parametrize(
    ("written", "currency", "minor"),
    [
        ("72.00", "GBP", 7200),
        ("8", "GBP", 800),
        ("100", "TWD", 10000),
        ("1.234", "KWD", 1234),
        ("100.00", "JPY", 100),
        ("-36.00", "GBP", -3600),
    ],
)
def test_amounts_are_counted_in_the_units_of_their_currency(
    written: str, currency: str, minor: int
) -> None:
    assert fields.amount({"total": written}, "total", currency) == Money(minor, currency)


def test_of_meta_data_with_one_key_the_first_counts() -> None:
    rows = [{"key": "a", "value": 1}, {"key": "a", "value": 2}, {"key": ["a"]}, "odd", {}]
    assert fields.meta({"meta_data": rows}) == {"a": 1}


@pytest.mark.parametrize("found", [None, {}, "odd"])
def test_meta_data_that_is_no_list_holds_nothing(found: Any) -> None:
    assert fields.meta({"meta_data": found}) == {}


@pytest.mark.parametrize("found", [None, {}, [1], [[]]])
def test_rows_are_objects(found: Any) -> None:
    with pytest.raises(Invalid, match="line_items"):
        fields.rows({"line_items": found}, "line_items")
