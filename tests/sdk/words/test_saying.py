"""Sentences and amounts as people read them."""

from __future__ import annotations

import pytest

from goodword import Invalid, Money
from goodword.words import LANGUAGES, amount, put, say


@pytest.mark.parametrize(
    ("worth", "text"),
    [
        (Money(720, "GBP"), "£7.20"),
        (Money(10_000, "TWD"), "NT$100"),
        (Money(10_050, "TWD"), "NT$100.50"),
        (Money(500, "JPY"), "500 JPY"),
        (Money(1234, "KWD"), "1.234 KWD"),
        (Money(1, "piece:percent_off"), "1 in kind"),
    ],
)
def test_an_amount_is_written_as_people_read_it(worth: Money, text: str) -> None:
    assert amount(worth, "en") == text


def test_pieces_are_counted_in_both_languages() -> None:
    pieces = {amount(Money(3, "piece:percent_off"), language) for language in LANGUAGES}
    assert len(pieces) == 2
    assert all("3" in one for one in pieces)


def test_values_are_filled_in() -> None:
    assert "Mei" in say("lost.agrees", "zh-Hant", seen="…", advocate="Mei")


def test_a_language_without_a_catalogue_is_refused() -> None:
    with pytest.raises(Invalid, match="'fr' is not spoken here; use en or zh-Hant") as caught:
        say("nobody", "fr")
    assert caught.value.facts["field"] == "language"


@pytest.mark.parametrize(
    ("text", "facts", "read"),
    [
        ("{shop} 的 {sender} 提供", {"shop": "茶屋", "sender": "王經理"}, "茶屋的王經理提供"),
        ("{shop} 的 {sender} 提供", {"shop": "Tea", "sender": "Wang"}, "Tea 的 Wang 提供"),
        ("於 {when} 向您致謝", {"when": "2026 年 12 月 7 日"}, "於 2026 年 12 月 7 日向您致謝"),
        ("{a} {b}", {"a": "茶", "b": "屋"}, "茶屋"),
        ("by {sender}", {"sender": "王經理"}, "by 王經理"),
        ("{coupon} {when}", {"coupon": "{when}", "when": "today"}, "{when} today"),
        ("{link}", {}, "{link}"),
    ],
)
def test_what_is_put_in_stands_as_its_language_is_written(
    text: str, facts: dict[str, str], read: str
) -> None:
    assert put(text, **facts) == read
