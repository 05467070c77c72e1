"""Amounts, percentages, dates and times are found however somebody wrote them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from goodword.rules.handwritten import amounts, days, passing_days, percentages, spans, words_of


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
        ("現折200", "200", "TWD", False),
        ("折抵兩百", "200", "TWD", False),
        ("折抵兩百元", "200", "TWD", False),
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
        "現折兩成",
        "折抵優惠",
        "折抵 {{ offer }}",
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
        ("十二月三十一日止", 12, 31, None),
        ("十月十日", 10, 10, None),
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


@pytest.mark.parametrize(
    "text",
    [
        *("until Friday", "by the end of the month", "before next weekend", "This week only"),
        *("本週日止", "週五前", "月底前", "年底截止", "明天之前", "只到今天"),
    ],
)
def test_a_day_that_passes_is_found(text: str) -> None:
    assert len(list(passing_days(words_of(text)))) == 1


@pytest.mark.parametrize(
    "text",
    ["by the week", "every Friday", "before {{ ends }}", "今天、明天", "週五的茶", "週年前夕"],
)
def test_what_names_no_passing_day_is_passed_over(text: str) -> None:
    assert list(passing_days(words_of(text))) == []


@pytest.mark.parametrize("text", ["9" * 4000, "一" * 4000, "滿" * 4000, "$" * 4000, "1," * 2000])
def test_a_long_text_is_looked_through_all_the_same(text: str) -> None:
    words = words_of(text)
    for found in (amounts, percentages, days, spans, passing_days):
        assert len(list(found(words))) <= 1


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("Your coupon is good for 60 days.", 60, 60),
        ("good for the next 60 days", 60, 60),
        ("within two weeks", 14, 14),
        ("valid 30 days", 30, 30),
        ("valid for a month", 28, 31),
        ("The gift is yours for 90 days", 90, 90),
        ("Your reward comes 14 days later", 14, 14),
        ("Your reward is there after 14 days", 14, 14),
        ("in two weeks it is yours", 14, 14),
        ("You have thirty days to use it", 30, 30),
        ("a 60-day return period", 60, 60),
        ("a 30-day window", 30, 30),
        ("it expires after three months", 84, 93),
        ("it lasts one year", 365, 366),
        ("you get it 7 days after your friend orders", 7, 7),
        ("within 48 hours", 2, 2),
        ("36 小時內", 1, 2),
        ("半小時內", 0, 1),
        ("Good for 6 0 days? Good for 60 DAYS!", 60, 60),
        ("60 天內有效", 60, 60),
        ("６０天內", 60, 60),
        ("兩週內使用完畢", 14, 14),
        ("請在一個月內使用", 28, 31),
        ("一個 月之內", 28, 31),
        ("半年內有效", 182, 183),
        ("半個月內", 14, 16),
        ("三十天有效", 30, 30),
        ("有效期限 90 天", 90, 90),
        ("有效期限為 90 天", 90, 90),
        ("效期：一年", 365, 366),
        ("回饋保留十四天", 14, 14),
        ("14 天後發放", 14, 14),
        ("兩星期後就是您的", 14, 14),
        ("兩個禮拜以後", 14, 14),
        ("領取後 30 天", 30, 30),
        ("限 7 天", 7, 7),
        ("七日內領取", 7, 7),
    ],
)
def test_a_time_is_found_in_days(text: str, least: int, most: int) -> None:
    (found,) = spans(words_of(text))
    assert (found.least, found.most) == (least, most)


@pytest.mark.parametrize(
    "text",
    [
        "open 7 days a week",
        "a day in the mountains",
        "perfect for a day in the mountains",
        "brewed for 12 days, slowly",
        "tea makers for 30 years",
        "in 30 years we never missed a harvest",
        "three generations, 100 years",
        "We roast every two weeks",
        "our 365-day tea",
        "a cup a day",
        "two weeks' holiday",
        "no later than 5",
        "good for {{ claim_days }}",
        "within {{ hold_days }}",
        "30 days",
        "a 10 day old leaf",
        "the one day sale",
        "Day 30",
        "每天一杯，每 7 天一批",
        "百年老店",
        "二十年來的堅持",
        "三年釀造",
        "十年後我們還在",
        "2026 年 12 月 31 日內",
        "12 月 31 日內",
        "至 12 月 31 日止",
        "第 3 天後更香",
        "三天兩夜的旅行",
        "七天鑑賞期",
        "兩週年慶",
        "一日遊",
        "今天、明天、後天",
        "領取後 {{ claim_days }}內有效",
        "兩天後來店",
        "",
    ],
)
def test_what_promises_no_time_is_passed_over(text: str) -> None:
    assert [span.found for span in spans(words_of(text))] == []
