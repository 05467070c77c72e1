"""What an offer or a reward may be, and what a shop's platform can grant."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from goodword import (
    Campaign,
    Kind,
    Money,
    ProgramInvalid,
    Tier,
    Worth,
    amount_off,
    commission,
    free_product,
    free_shipping,
    gift_card,
    percent_off,
    points,
    share_of_order,
    store_credit,
    thank_you,
)
from goodword.rules import programs, worths
from tests.sdk.builders import START, a_program, gbp

OF_EACH_KIND = {
    Kind.AMOUNT_OFF: amount_off("5.00", "GBP"),
    Kind.PERCENT_OFF: percent_off(10),
    Kind.FREE_SHIPPING: free_shipping(),
    Kind.FREE_PRODUCT: free_product("tea"),
    Kind.STORE_CREDIT: store_credit("5.00", "GBP"),
    Kind.GIFT_CARD: gift_card("5.00", "GBP"),
    Kind.POINTS: points(50),
    Kind.COMMISSION: commission("5.00", "GBP"),
    Kind.THANKS: thank_you(),
}
# What no platform has to grant.
OURS = {Kind.COMMISSION, Kind.THANKS}
OFFERS = {Kind.AMOUNT_OFF, Kind.PERCENT_OFF, Kind.FREE_SHIPPING, Kind.FREE_PRODUCT}
SHARES = {Kind.AMOUNT_OFF, Kind.STORE_CREDIT, Kind.GIFT_CARD, Kind.COMMISSION}


def campaign(**changes: Any) -> Campaign:
    return Campaign(name="week", starts=START, ends=START + timedelta(days=7), **changes)


def field_of(caught: pytest.ExceptionInfo[ProgramInvalid]) -> str:
    assert str(caught.value) == f"{caught.value.facts['field']}: {caught.value.facts['mend']}"
    return str(caught.value.facts["field"])


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_may_be_a_reward_and_some_an_offer(kind: Kind) -> None:
    worth = OF_EACH_KIND[kind]
    worths.check("reward", worth)
    if kind in OFFERS:
        worths.check_offer("offer", worth)
        return
    with pytest.raises(ProgramInvalid, match="is spent in the order itself") as caught:
        worths.check_offer("offer", worth)
    assert field_of(caught) == "offer"


@pytest.mark.parametrize("kind", list(Kind))
def test_a_share_of_the_order_is_given_as_money(kind: Kind) -> None:
    share = share_of_order(10, as_=kind)
    if kind in SHARES:
        worths.check("reward", share)
        return
    with pytest.raises(ProgramInvalid) as caught:
        worths.check("reward", share)
    assert field_of(caught) == "reward.kind"


@pytest.mark.parametrize(
    ("field", "worth"),
    [
        ("reward", Worth(Kind.STORE_CREDIT)),
        ("reward", Worth(Kind.POINTS)),
        ("reward.kind", Worth(Kind.FREE_PRODUCT)),
        ("reward.kind", Worth(Kind.FREE_SHIPPING, product="tea")),
        ("reward.kind", Worth(Kind.FREE_SHIPPING, percent=Decimal(5))),
        ("reward.kind", Worth(Kind.FREE_PRODUCT, amount=gbp("5"), product="tea")),
        ("reward.kind", Worth(Kind.POINTS, percent=Decimal(5), of_order=True)),
        ("reward.product", free_product("")),
        ("reward.product", free_product("x" * 256)),
        ("reward.product", free_product("a\0b")),
        ("reward.amount", points(0)),
        ("reward.amount", points(-5)),
        ("reward.amount", points(1.5)),  # type: ignore[arg-type]
        ("reward.amount", Worth(Kind.POINTS, amount=gbp("5"))),
        ("reward.amount", Worth(Kind.STORE_CREDIT, amount=Money(5, "points"))),
        ("reward.amount", Worth(Kind.GIFT_CARD, amount=Money(5, "piece:gift_card"))),
        ("reward.amount", commission("0", "GBP")),
        ("reward.amount", gift_card("99.50", "TWD")),
        ("reward.amount", store_credit("0.01", "TWD")),
    ],
)
def test_what_is_worth_nothing_or_two_things_is_named(field: str, worth: Worth) -> None:
    with pytest.raises(ProgramInvalid) as caught:
        worths.check("reward", worth)
    assert field_of(caught) == field


def test_a_percentage_is_never_a_float() -> None:
    given: Any = 12.5
    for maker in (percent_off, share_of_order):
        with pytest.raises(ProgramInvalid, match="never a float") as caught:
            maker(given)
        assert field_of(caught) == "percent"


# What the platform can grant.


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in OURS])
@pytest.mark.parametrize("where", ["reward", "tiers[0].reward", "campaigns[0].reward"])
def test_a_kind_that_the_platform_cannot_grant_is_named_wherever_it_stands(
    kind: Kind, where: str
) -> None:
    worth = OF_EACH_KIND[kind]
    plain = free_product("cup") if kind is Kind.PERCENT_OFF else percent_off(5)
    program = {
        "reward": a_program(worth),
        "tiers[0].reward": a_program(plain, tiers=(Tier(start=2, reward=worth),)),
        "campaigns[0].reward": a_program(plain, campaigns=(campaign(reward=worth),)),
    }[where]
    programs.check(program, set(Kind))
    with pytest.raises(ProgramInvalid, match=f"cannot grant {kind}") as caught:
        programs.check(program, set(Kind) - {kind})
    assert field_of(caught) == f"{where}.kind"


@pytest.mark.parametrize("kind", sorted(OURS))
def test_a_commission_and_thanks_need_no_platform(kind: Kind) -> None:
    programs.check(a_program(OF_EACH_KIND[kind]), set())


# Tiers and campaigns.


@pytest.mark.parametrize(
    ("starts", "place"), [([1], 0), ([0], 0), ([-3], 0), ([3, 3], 1), ([10, 3], 1), ([2, 5, 4], 2)]
)
def test_tiers_go_up_one_after_another(starts: list[int], place: int) -> None:
    tiers = tuple(Tier(start=start, reward=share_of_order(20)) for start in starts)
    with pytest.raises(ProgramInvalid, match="tiers go up from 2") as caught:
        programs.check(a_program(tiers=tiers), None)
    assert field_of(caught) == f"tiers[{place}].start"


def test_tiers_and_campaigns_that_follow_one_another_are_let_through() -> None:
    tiers = tuple(Tier(start=start, reward=share_of_order(start)) for start in (2, 3, 10))
    first = campaign(offer=percent_off(20))
    second = Campaign(
        name="next", starts=first.ends, ends=first.ends + timedelta(1), reward=share_of_order(9)
    )
    programs.check(a_program(tiers=tiers, campaigns=(second, first)), None)


@pytest.mark.parametrize(
    ("field", "mend", "changes"),
    [
        ("campaigns[0].name", "small letters", {"name": "Big week"}),
        ("campaigns[0]", "changes nothing", {"offer": None}),
        ("campaigns[0].ends", "swap the two dates", {"ends": START}),
        ("campaigns[0].starts", "in UTC", {"starts": START.replace(tzinfo=None)}),
        ("campaigns[0].offer", "spent in the order itself", {"offer": share_of_order(5)}),
        ("campaigns[0].reward.percent", "at most 100", {"reward": share_of_order(101)}),
    ],
)
def test_a_campaign_that_cannot_be_is_named(field: str, mend: str, changes: Any) -> None:
    facts = {
        "name": "week",
        "starts": START,
        "ends": START + timedelta(days=7),
        "offer": percent_off(20),
    }
    with pytest.raises(ProgramInvalid, match=mend) as caught:
        programs.check(a_program(campaigns=(Campaign(**facts | changes),)), None)
    assert field_of(caught) == field


@pytest.mark.parametrize(
    "dates",
    [{"ends": START}, {"starts": START + timedelta(days=7)}, {"starts": START + timedelta(days=9)}],
)
def test_a_campaign_outside_the_programs_own_dates_is_refused(dates: dict[str, Any]) -> None:
    program = a_program(campaigns=(campaign(offer=percent_off(20)),), **dates)
    with pytest.raises(ProgramInvalid, match="outside the program's own dates") as caught:
        programs.check(program, None)
    assert field_of(caught) == "campaigns[0]"


def test_a_campaign_may_reach_beyond_the_programs_dates() -> None:
    dates: dict[str, Any] = {"starts": START + timedelta(days=1), "ends": START + timedelta(days=2)}
    programs.check(a_program(campaigns=(campaign(offer=percent_off(20)),), **dates), None)


def test_two_campaigns_never_run_at_once() -> None:
    first = campaign(offer=percent_off(20))
    second = Campaign(
        name="rush",
        starts=START + timedelta(days=6),
        ends=START + timedelta(days=9),
        offer=percent_off(30),
    )
    with pytest.raises(ProgramInvalid, match="'rush' starts before 'week' is over") as caught:
        programs.check(a_program(campaigns=(second, first)), None)
    assert field_of(caught) == "campaigns"


@pytest.mark.parametrize("priority", [1001, -1001])
def test_a_priority_has_its_bounds(priority: int) -> None:
    with pytest.raises(ProgramInvalid, match="within ±1000") as caught:
        programs.check(a_program(priority=priority), None)
    assert field_of(caught) == "priority"
