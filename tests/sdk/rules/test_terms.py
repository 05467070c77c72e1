"""Terms that contradict one another, or what is promised, are named with their mend."""

from __future__ import annotations

from typing import Any

import pytest

from goodword import (
    Budget,
    Campaign,
    Cap,
    Kind,
    Money,
    Per,
    Period,
    ProgramInvalid,
    Repeats,
    Rung,
    Terms,
    Tier,
    amount_off,
    commission,
    free_product,
    free_shipping,
    gift_card,
    money,
    percent_off,
    points,
    share_of_order,
    store_credit,
)
from goodword.rules.programs import check
from tests.sdk.builders import PLACED, START, a_program, gbp

ALL_BUT_ASSIGNMENT = tuple(rung for rung in Rung if rung is not Rung.ASSIGNMENT)
FIXED = amount_off("5.00", "GBP")


@pytest.mark.parametrize(
    "change",
    [
        {"terms": Terms(products=("tea",), without_collections=("tea",))},
        {"terms": Terms(countries=("TW", "GB"), without_countries=("FR",))},
        {"terms": Terms(first_order_only=True, repeats=Repeats(orders=1))},
        {"terms": Terms(repeats=Repeats(orders=3, days=90))},
        {"terms": Terms(caps=(Cap(most=1), Cap(most=1, every=Period.DAY)))},
        {"terms": Terms(caps=tuple(Cap(most=5, per=per) for per in Per))},
        {"terms": Terms(rungs_off=ALL_BUT_ASSIGNMENT[1:])},
        {"terms": Terms(rungs_off=(Rung.VISIT,), code_beats_bond=True)},
        {"terms": Terms(proportional=True)},
        {
            "terms": Terms(proportional=True),
            "reward": FIXED,
            "tiers": (Tier(start=2, reward=percent_off(5)),),
        },
        {"terms": Terms(budget=Budget(most=gbp("100")))},
        {"terms": Terms(budget=Budget(most=gbp("100"))), "reward": FIXED},
        {"terms": Terms(budget=Budget(most=Money(500, "points"))), "reward": points(5)},
        {
            "terms": Terms(minimum=gbp("20"), budget=Budget(most=Money(500, "points"))),
            "reward": points(5),
        },
        {"terms": Terms(minimum=gbp("20")), "reward": points(5)},
        {"terms": Terms(reward_days=1, bond_days=1, claim_days=1, grace_days=0)},
    ],
)
def test_terms_that_agree_are_let_through(change: dict[str, Any]) -> None:
    check(a_program(**change), None)


@pytest.mark.parametrize(
    ("field", "mend", "terms"),
    [
        ("terms.grace_days", "0 to 3650 days", Terms(grace_days=-1)),
        ("terms.claim_days", "1 to 3650 days", Terms(claim_days=0)),
        ("terms.reward_days", "1 to 3650 days", Terms(reward_days=0)),
        ("terms.bond_days", "1 to 3650 days", Terms(bond_days=3651)),
        ("terms.repeats.days", "1 to 3650 days", Terms(repeats=Repeats(days=0))),
        ("terms.repeats.orders", "1 to 1000000000 orders", Terms(repeats=Repeats(orders=0))),
        ("terms.caps[0].most", "1 to", Terms(caps=(Cap(most=0),))),
        (
            "terms.caps[1]",
            "a second cap per advocate and ever",
            Terms(caps=(Cap(most=1), Cap(most=2))),
        ),
        (
            "terms.without_products",
            "'tea' is both in and out",
            Terms(products=("tea",), without_products=("cup", "tea")),
        ),
        (
            "terms.without_collections",
            "both in and out",
            Terms(collections=("a",), without_collections=("a",)),
        ),
        (
            "terms.without_countries",
            "both in and out",
            Terms(countries=("TW",), without_countries=("TW",)),
        ),
        (
            "terms.without_order_kinds",
            "both in and out",
            Terms(order_kinds=("pos",), without_order_kinds=("pos",)),
        ),
        ("terms.countries", "two capital letters", Terms(countries=("tw",))),
        ("terms.without_countries", "two capital letters", Terms(without_countries=("TWN",))),
        ("terms.products", "no id of the shop's", Terms(products=("",))),
        ("terms.without_products", "no id of the shop's", Terms(without_products=("x" * 256,))),
        ("terms.without_order_kinds", "no id of the shop's", Terms(without_order_kinds=("a\0",))),
        (
            "terms.repeats",
            "contradicts first_order_only",
            Terms(first_order_only=True, repeats=Repeats(orders=2)),
        ),
        (
            "terms.repeats",
            "contradicts first_order_only",
            Terms(first_order_only=True, repeats=Repeats()),
        ),
        (
            "terms.repeats",
            "contradicts new_customer_only",
            Terms(new_customer_only=True, repeats=Repeats(days=9)),
        ),
        (
            "terms.repeats",
            "needs the rung of bonds",
            Terms(repeats=Repeats(), rungs_off=(Rung.BOND,)),
        ),
        ("terms.rungs_off", "keep one rung on", Terms(rungs_off=ALL_BUT_ASSIGNMENT)),
        ("terms.rungs_off", "keep one rung on", Terms(rungs_off=tuple(Rung))),
        (
            "terms.code_beats_bond",
            "one is off",
            Terms(code_beats_bond=True, rungs_off=(Rung.BOND,)),
        ),
        (
            "terms.code_beats_bond",
            "one is off",
            Terms(code_beats_bond=True, rungs_off=(Rung.COUPON,)),
        ),
        ("terms.minimum", "must not be below zero", Terms(minimum=gbp("-0.01"))),
        ("terms.minimum", "whole minor units", Terms(minimum=Money(10**15 + 1, "GBP"))),
        ("terms.minimum", "ISO 4217", Terms(minimum=Money(1, "points"))),
        ("terms.budget", "must be above 0", Terms(budget=Budget(most=gbp("0")))),
        ("terms.budget", "must be above 0", Terms(budget=Budget(most=Money(10**15 + 1, "GBP")))),
        ("terms.budget", "ISO 4217", Terms(budget=Budget(most=Money(5, "points")))),
        (
            "terms.budget",
            "is in GBP, the reward in EUR",
            Terms(budget=Budget(most=gbp("5")), minimum=money(5, "EUR")),
        ),
    ],
)
def test_a_contradiction_is_named_with_its_mend(field: str, mend: str, terms: Terms) -> None:
    refused(field, mend, terms=terms)


HALF: Any = 1.5
NOTHING: Any = None
TEXT: Any = "tea"


@pytest.mark.parametrize(
    ("field", "mend", "terms"),
    [
        ("terms.window_days", "1 to 3650 days", Terms(window_days=HALF)),
        ("terms.hold_days", "0 to 3650 days", Terms(hold_days=NOTHING)),
        ("terms.caps[0].most", "orders", Terms(caps=(Cap(most=HALF),))),
        ("terms.minimum", "whole minor units", Terms(minimum=Money(HALF, "GBP"))),
        ("terms.budget", "whole minor units", Terms(budget=Budget(most=Money(HALF, "GBP")))),
        ("terms.products", "give a list", Terms(products=TEXT)),
    ],
)
def test_what_no_type_checker_lets_through_is_named_too(
    field: str, mend: str, terms: Terms
) -> None:
    refused(field, mend, terms=terms)


def refused(field: str, mend: str, **change: Any) -> None:
    with pytest.raises(ProgramInvalid) as caught:
        check(a_program(**change), None)
    assert caught.value.facts["field"] == field
    assert mend in caught.value.facts["mend"]


@pytest.mark.parametrize("reward", [percent_off(10), free_shipping(), free_product("tea")])
def test_what_is_given_in_pieces_has_neither_proportion_nor_budget(reward: Any) -> None:
    refused("terms.proportional", "cannot be split", reward=reward, terms=Terms(proportional=True))
    in_kind = Terms(budget=Budget(most=gbp("5")))
    refused("terms.budget", "use a cap", reward=reward, terms=in_kind)
    refused("terms.budget", "use a cap", tiers=(Tier(start=2, reward=reward),), terms=in_kind)


@pytest.mark.parametrize(
    ("reward", "budget"),
    [
        (FIXED, money(5, "EUR")),
        (points(5), gbp("5")),
        (commission("5", "GBP"), Money(5, "points")),
        (store_credit("5", "TWD"), gbp("5")),
    ],
)
def test_a_budget_is_in_the_unit_of_the_reward(reward: Any, budget: Money) -> None:
    refused("terms.budget", "use one", reward=reward, terms=Terms(budget=Budget(most=budget)))


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("tiers[0].reward.kind", {"tiers": (Tier(start=2, reward=points(5)),)}),
        ("tiers[0].reward.kind", {"tiers": (Tier(start=2, reward=gift_card("5", "GBP")),)}),
        (
            "tiers[1].reward.amount",
            {"tiers": (Tier(start=2, reward=FIXED), Tier(start=3, reward=amount_off(5, "EUR")))},
        ),
        (
            "campaigns[0].reward.amount",
            {
                "reward": FIXED,
                "campaigns": (
                    Campaign(name="x", starts=START, ends=PLACED, reward=amount_off(5, "JPY")),
                ),
            },
        ),
        (
            "campaigns[0].reward.kind",
            {
                "campaigns": (
                    Campaign(
                        name="x",
                        starts=START,
                        ends=PLACED,
                        reward=share_of_order(5, as_=Kind.COMMISSION),
                    ),
                ),
            },
        ),
    ],
)
def test_all_money_of_a_program_is_one_kind_in_one_currency(
    field: str, change: dict[str, Any]
) -> None:
    refused(field, "use one", **change)


def test_pieces_may_stand_beside_money() -> None:
    tiers = (Tier(start=2, reward=free_product("tea")), Tier(start=5, reward=FIXED))
    check(a_program(tiers=tiers), None)


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("offer.amount", {"reward": FIXED}),
        ("offer.amount", {"terms": Terms(minimum=gbp("40"))}),
        ("offer.amount", {"terms": Terms(budget=Budget(most=gbp("40")))}),
        (
            "campaigns[0].offer.amount",
            {
                "campaigns": (
                    Campaign(name="x", starts=START, ends=PLACED, offer=amount_off(5, "GBP")),
                ),
            },
        ),
    ],
)
def test_an_offer_is_in_the_currency_of_what_it_earns(field: str, change: dict[str, Any]) -> None:
    refused(field, "use one currency", offer=amount_off(5, "EUR"), **change)


def test_beside_points_an_offer_may_be_money() -> None:
    check(a_program(points(5), offer=amount_off(5, "EUR")), None)
