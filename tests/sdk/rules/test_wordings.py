"""A text may promise what its program gives at this moment, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from goodword import (
    Campaign,
    ClaimBy,
    Doubt,
    Program,
    Terms,
    Tier,
    amount_off,
    commission,
    free_product,
    free_shipping,
    money,
    percent_off,
)
from goodword.rules.wordings import doubts
from tests.sdk.builders import DAY, START, a_program

PROGRAM = a_program(
    amount_off("100", "TWD"),
    terms=Terms(minimum=money("500", "TWD")),
    ends=START + 30 * DAY,
    tiers=(Tier(start=3, reward=amount_off("300", "TWD")),),
)


def found(
    text: str, program: Program = PROGRAM, moment: str = "advocate.text", **ago: Any
) -> set[Doubt]:
    return {doubt for doubt, _ in doubts(text, program, START + timedelta(**ago), moment)}


@pytest.mark.parametrize(
    "text",
    [
        "10% off, and NT$100 for whoever sent you",
        "9 折，推薦人得 100 元",
        "From the third friend on NT$300",
        "10% off orders from NT$500",
        "滿五百元享九折",
        "until 22 December",
        "12/22 止",
        "2026 年 12 月 22 日",
        "100% organic tea, open 24/7, since 1998",
        "Let us help you find a tea",
        "讓朋友獲得 {{ offer }}",
        "{% if minimum %}from {{ minimum }}{% else %}on any order{% endif %}",
        "{% if minimum %}滿 {{ minimum }}{% else %}不限金額{% endif %}",
        "十二月二十二日止，現折 100",
    ],
)
def test_what_the_program_gives_may_be_said(text: str) -> None:
    assert found(text) == set()


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("15% off", Doubt.PERCENT),
        ("八折", Doubt.PERCENT),
        ("半價", Doubt.PERCENT),
        ("NT$200 off", Doubt.AMOUNT),
        ("兩百元折扣", Doubt.AMOUNT),
        ("NT$500 for you", Doubt.AMOUNT),
        ("on orders from NT$300", Doubt.AMOUNT),
        ("滿三百元", Doubt.AMOUNT),
        ("US$100", Doubt.CURRENCY),
        ("€100", Doubt.CURRENCY),
        ("until 31 December", Doubt.DATE),
        ("1/31 止", Doubt.DATE),
        ("until 22 December 2027", Doubt.DATE),
        ("{{ offer }} and free shipping", Doubt.FREE),
        ("{{ offer }}，再送贈品", Doubt.FREE),
        ("全館免運", Doubt.FREE),
        ("運費全免", Doubt.FREE),
        ("Buy one, get one", Doubt.FREE),
        ("買一送一", Doubt.FREE),
        ("{{ offer }} on any order", Doubt.AMOUNT),
        ("{{ offer }}，無低消", Doubt.AMOUNT),
        ("折抵兩百", Doubt.AMOUNT),
        ("十二月三十一日止", Doubt.DATE),
        ("{{ offer }} until Friday", Doubt.DATE),
        ("本週日止", Doubt.DATE),
        ("Within 48 hours", Doubt.DURATION),
        ("Help {{ advocate }} earn NT$100", Doubt.ASKS_FOR_HELP),
        ("help me get my reward", Doubt.ASKS_FOR_HELP),
        ("Order now so I can earn", Doubt.ASKS_FOR_HELP),
        ("幫{{ advocate }}賺回饋", Doubt.ASKS_FOR_HELP),
        ("幫忙小美拿到回饋", Doubt.ASKS_FOR_HELP),
    ],
)
def test_what_the_program_does_not_give_is_doubted(text: str, doubt: Doubt) -> None:
    assert found(text) == {doubt}


def test_a_campaign_is_what_the_program_gives_while_it_runs() -> None:
    sale = Campaign(
        name="sale",
        starts=START + DAY,
        ends=START + 3 * DAY,
        offer=percent_off(20),
        reward=amount_off("200", "TWD"),
    )
    program = replace(PROGRAM, campaigns=(sale,))
    assert found("20% off, NT$200", program) == {Doubt.PERCENT, Doubt.AMOUNT}
    assert found("20% off until 25 November, NT$200", program, days=1) == set()
    # The campaign's day, and tiers that rest meanwhile.
    assert found("10% off until 22 December", program, days=1) == {Doubt.PERCENT, Doubt.DATE}
    assert found("NT$300", program, days=1) == {Doubt.AMOUNT}


def test_a_program_without_end_minimum_or_money_promises_none() -> None:
    endless = a_program(percent_off(10))
    assert found("until 22 December", endless) == {Doubt.DATE}
    assert found("from NT$500", endless) == {Doubt.AMOUNT}
    assert found("NT$100", endless) == {Doubt.AMOUNT}


def test_what_is_free_may_be_said_where_it_is() -> None:
    shipping = replace(PROGRAM, offer=free_shipping())
    assert found("Free shipping, 免運", shipping) == set()
    assert found("a free product", shipping) == {Doubt.FREE}
    assert found("a free product", replace(PROGRAM, offer=free_product("mug"))) == set()
    # A sentence about freedom promises nothing.
    assert found("Feel free to pass it on; sugar free") == set()


@pytest.mark.parametrize("text", ["a bonus", "cash for you", "現金回饋", "獎金", "分紅"])
def test_an_employee_is_promised_no_cash(text: str) -> None:
    assert found(text, moment="message.employee") == {Doubt.CASH}
    assert found(text, moment="message.customer") == set()


@pytest.mark.parametrize("text", ["You get {{ reward }}", "{{ tiers }}", "{{reward}}"])
def test_an_employee_is_promised_no_commission_by_a_placeholder(text: str) -> None:
    paid = a_program(commission("100", "TWD"))
    assert found(text, paid, moment="message.employee") == {Doubt.CASH}
    assert found(text, PROGRAM, moment="message.employee") == set()


@pytest.mark.parametrize("moment", ["friend.title", "card.offer", "offer.text", "coupon.body"])
def test_a_friend_is_told_of_the_offer_and_not_of_the_reward(moment: str) -> None:
    assert found("10% off", moment=moment) == set()
    assert found("NT$100 off", moment=moment) == {Doubt.AMOUNT}
    assert found("NT$300 off orders from NT$500", moment=moment) == {Doubt.AMOUNT}
    # An advocate may say openly what they get.
    assert found("You get 10%, and I get NT$100", moment="message.customer") == set()


def test_the_words_in_doubt_are_told() -> None:
    told = list(doubts("Help {{ advocate }} earn US$5", PROGRAM, START, "friend.title"))
    assert told == [(Doubt.CURRENCY, "US$5"), (Doubt.ASKS_FOR_HELP, "Help … earn")]


@pytest.mark.parametrize(
    "text",
    [
        "good for 30 days",
        "within a month",
        "30 天內有效",
        "一個月內",
        "領取後三十天",
        "your reward comes two weeks later",
        "14 天後發放",
        "the gift runs for 30 days",
        "within 90 days",
    ],
)
def test_a_time_that_the_program_gives_may_be_said(text: str) -> None:
    program = replace(PROGRAM, terms=replace(PROGRAM.terms, reward_days=90))
    assert found(text, program) == set()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("good for 60 days", "friend.got.text"),
        ("within two weeks", "friend.terms"),
        ("兩週內有效", "friend.terms"),
        ("60 天內有效", "advocate.how"),
        ("一年內有效", "reward.body"),
        ("your reward comes 30 days later, within 7 days", "advocate.how"),
    ],
)
def test_a_time_that_the_program_does_not_give_is_in_doubt(text: str, moment: str) -> None:
    assert found(text, moment=moment) == {Doubt.DURATION}


def test_how_long_a_reward_waits_is_not_how_long_a_gift_is_good_for() -> None:
    assert found("within 14 days", moment="friend.terms") == {Doubt.DURATION}
    assert found("within 14 days", moment="advocate.how") == set()


def test_a_gift_that_nobody_takes_up_is_good_for_no_time() -> None:
    shared = replace(PROGRAM, terms=Terms(claim_by=ClaimBy.NOTHING, claim_days=45))
    assert found("good for 45 days", shared, "friend.terms") == {Doubt.DURATION}
