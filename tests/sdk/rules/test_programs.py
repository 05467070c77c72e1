"""Whether a program can be promised."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from goodword import (
    Kind,
    Money,
    Program,
    ProgramInvalid,
    Terms,
    Worth,
    amount_off,
    money,
    percent_off,
    share_of_order,
)
from goodword.rules.programs import check
from tests.sdk.builders import START, a_program, gbp

NAIVE = datetime(2026, 11, 22)  # noqa: DTZ001
ELSEWHERE = datetime(2026, 11, 22, tzinfo=timezone(timedelta(hours=8)))


@pytest.mark.parametrize(
    "program",
    [
        a_program(),
        a_program(name="x" * 32),
        a_program(name="2026-friends"),
        a_program(title="x" * 120),
        a_program(title="邀請好友 🍵"),
        a_program(offer=amount_off("0.01", "GBP")),
        a_program(percent_off("0.1")),
        a_program(percent_off(100)),
        a_program(share_of_order("12.5")),
        a_program(amount_off("100", "TWD")),
        a_program(amount_off("100", "JPY")),
        a_program(terms=Terms(window_days=1, hold_days=0, minimum=gbp("0"))),
        a_program(terms=Terms(window_days=3650, hold_days=3650)),
        a_program(amount_off("5.00", "GBP"), terms=Terms(minimum=gbp("20"))),
        a_program(terms=Terms(minimum=money("20", "EUR"))),
        a_program(starts=START, ends=START + timedelta(microseconds=1)),
        a_program(ends=START),
    ],
)
def test_what_can_be_promised_is_let_through(program: Program) -> None:
    check(program, None)
    check(program, set(Kind))


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("name", {"name": ""}),
        ("name", {"name": "x" * 33}),
        ("name", {"name": "Friends"}),
        ("name", {"name": "-friends"}),
        ("name", {"name": "my friends"}),
        ("name", {"name": "friends\n"}),
        ("name", {"name": "朋友"}),
        ("title", {"title": ""}),
        ("title", {"title": " \n"}),
        ("title", {"title": "x" * 121}),
        ("title", {"title": "\ud800"}),
        ("offer", {"offer": share_of_order(10)}),
        ("offer", {"offer": Worth(Kind.PERCENT_OFF)}),
        ("offer.percent", {"offer": percent_off(0)}),
        ("offer.percent", {"offer": percent_off("100.1")}),
        ("offer.amount", {"offer": amount_off("0", "GBP")}),
        ("reward", {"reward": Worth(Kind.AMOUNT_OFF)}),
        ("reward", {"reward": Worth(Kind.AMOUNT_OFF, amount=gbp("1"), percent=Decimal(1))}),
        ("reward.percent", {"reward": percent_off(0)}),
        ("reward.percent", {"reward": percent_off(-5)}),
        ("reward.percent", {"reward": percent_off(101)}),
        ("reward.percent", {"reward": share_of_order(101)}),
        ("reward.percent", {"reward": percent_off("NaN")}),
        ("reward.percent", {"reward": percent_off("Infinity")}),
        ("reward.amount", {"reward": amount_off("-1", "GBP")}),
        ("reward.amount", {"reward": amount_off("0", "GBP")}),
        ("reward.amount", {"reward": amount_off("100.50", "TWD")}),
        ("reward.amount", {"reward": Worth(Kind.AMOUNT_OFF, amount=Money(10**15 + 1, "GBP"))}),
        ("reward.amount", {"reward": Worth(Kind.AMOUNT_OFF, amount=Money(100, "gbp"))}),
        ("terms.minimum", {"terms": Terms(minimum=Money(100, "gbp"))}),
        ("reward.kind", {"reward": Worth(Kind.PERCENT_OFF, amount=gbp("5"))}),
        ("reward.kind", {"reward": Worth(Kind.AMOUNT_OFF, percent=Decimal(5))}),
        ("reward.kind", {"reward": share_of_order(10, as_=Kind.PERCENT_OFF)}),
        ("terms.window_days", {"terms": Terms(window_days=0)}),
        ("terms.window_days", {"terms": Terms(window_days=3651)}),
        ("terms.hold_days", {"terms": Terms(hold_days=-1)}),
        ("terms.hold_days", {"terms": Terms(hold_days=3651)}),
        ("terms.minimum", {"terms": Terms(minimum=gbp("-0.01"))}),
        (
            "terms.minimum",
            {"terms": Terms(minimum=gbp("20")), "reward": amount_off("5", "EUR")},
        ),
        ("starts", {"starts": NAIVE}),
        ("starts", {"starts": ELSEWHERE}),
        ("ends", {"ends": NAIVE}),
        ("ends", {"starts": START, "ends": START}),
        ("ends", {"starts": START, "ends": START - timedelta(days=1)}),
    ],
)
def test_what_contradicts_itself_is_named_with_its_mend(field: str, change: dict[str, Any]) -> None:
    with pytest.raises(ProgramInvalid) as caught:
        check(a_program(**change), None)
    assert caught.value.facts["field"] == field
    assert str(caught.value) == f"{field}: {caught.value.facts['mend']}"


def test_swapped_dates_are_told_both() -> None:
    with pytest.raises(ProgramInvalid, match="swap the two dates") as caught:
        check(a_program(starts=START, ends=START - timedelta(days=1)), None)
    assert caught.value.facts["starts"] == "2026-11-22T09:20:00+00:00"
    assert caught.value.facts["ends"] == "2026-11-21T09:20:00+00:00"


@pytest.mark.parametrize(
    ("grants", "can"),
    [(set(), "nothing"), ({Kind.AMOUNT_OFF}, "amount_off")],
)
def test_a_platform_grants_what_it_can(grants: set[Kind], can: str) -> None:
    with pytest.raises(ProgramInvalid, match=f"cannot grant percent_off; it can grant: {can}$"):
        check(a_program(percent_off(10)), grants)


def test_an_offer_needs_no_grant() -> None:
    check(a_program(offer=percent_off(10)), {Kind.AMOUNT_OFF})
