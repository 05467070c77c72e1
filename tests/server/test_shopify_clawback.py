"""What was given too much is taken back at Shopify to the last unit, and the rest is owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest

from goodword import Kind, Money, share_of_order
from goodword.model.followup import Duty, Stuck
from goodword.storage import owing
from goodword.storage.owing import Debt
from goodword.storage.sql import Book
from goodword.words import tell
from goodword_server.joining.leaving import Coupons, leave
from goodword_shopify.standin import Bought, Fault, order
from goodword_shopify.standin.orders import Till as Counts
from tests.server.streets import EUR, JPY, TWD, Place, Street

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Sold:
    """An order of some currency whose reward is 9.00, 100 or 90."""

    counts: Counts
    price: str
    off: str
    reward: int
    """In minor units."""
    spent: str
    """What the advocate spends of it."""
    minor: int
    """The same in minor units."""


SOLD = [
    Sold(EUR, "110.00", "11.00", 900, "5.55", 555),
    Sold(JPY, "1100", "100", 100, "63", 63),
    Sold(TWD, "1000", "100", 9000, "40.00", 4000),
]
LOST = [Fault.GATEWAY_AFTER, Fault.DROP, Fault.PARTIAL, Fault.GATEWAY]
CASES = [*((sold, Fault.GATEWAY_AFTER) for sold in SOLD), *((SOLD[0], fault) for fault in LOST[1:])]
NAMED = [f"{sold.counts.currency} {fault.name}" for sold, fault in CASES]


def given(street: Street, sold: Sold, kind: Kind) -> tuple[Place, dict[str, Any]]:
    """Open a shop in which a reward was given; return it and the order."""
    tea = street.open("tea-house", sold.counts)
    tea.invite(share_of_order(10, as_=kind))
    told = tea.sell(sold.price, sold.off)
    tea.tell("orders/paid", told)
    street.work()
    street.on(days=15)
    street.work()
    return tea, told


def come_back(street: Street, tea: Place, told: dict[str, Any], times: int = 4) -> None:
    """Let all of an order come back, and the deed that follows be tried as often as it needs."""
    whole = told["totalPriceSet"]["shopMoney"]["amount"]
    tea.give_back(told, whole, quantities={0: 1})
    tea.tell("refunds/create", told)
    for _ in range(times):
        street.work()
        street.on(minutes=11)


def owed(street: Street, tea: Place) -> list[Debt]:
    street.house.referrals(tea.name)
    return street.house.database.read(lambda s: owing.debts(Book(s, tea.name), 20))


def dead(street: Street, tea: Place) -> Sequence[Stuck]:
    return street.house.engine.stuck(tea.name)


@pytest.mark.parametrize(("sold", "fault"), CASES, ids=NAMED)
def test_of_spent_credit_the_rest_comes_back_once_and_what_was_spent_is_owed(
    street: Street, sold: Sold, fault: Fault
) -> None:
    tea, told = given(street, sold, Kind.STORE_CREDIT)
    (account,) = tea.shop.credit.by_id
    tea.shop.credit.spend(account, sold.spent)
    street.standin.fail(fault, at="StoreCreditTakeBack")
    come_back(street, tea, told)
    rows = tea.shop.credit.by_id[account]["transactions"]
    debits = [one for one in rows if "Debit" in one["__typename"] and one["event"] == "ADJUSTMENT"]
    left = Decimal(tea.shop.credit.by_id[account]["balance"]["amount"])
    assert (int(left * 100), len(debits)) == (0, 1)
    (standing,) = tea.referrals.rewards.balance("c-1")
    assert (standing.given, standing.spent, standing.owed_back) == (0, sold.minor, -sold.minor)
    unit = sold.counts.currency
    (debt,) = owed(street, tea)
    assert (debt.name, debt.worth, debt.orders) == ("Mei", Money(sold.minor, unit), (tea.id(told),))
    # The next reward pays it, as far as it goes.
    tea.tell("orders/paid", tea.sell(sold.price, sold.off))
    street.work()
    street.on(days=15)
    street.work()
    (standing,) = tea.referrals.rewards.balance("c-1")
    assert (standing.given, standing.owed_back) == (sold.reward - sold.minor, 0)
    assert owed(street, tea) == []


@pytest.mark.parametrize(("sold", "fault"), CASES, ids=NAMED)
def test_of_a_used_gift_card_the_rest_comes_back_and_what_was_spent_is_owed(
    street: Street, sold: Sold, fault: Fault
) -> None:
    tea, told = given(street, sold, Kind.GIFT_CARD)
    (card,) = tea.shop.cards.by_id.values()
    tea.shop.cards.spend(card["id"], sold.spent)
    street.standin.fail(fault, at="GiftCardVoid")
    come_back(street, tea, told)
    assert (card["enabled"], len(card["transactions"])) == (False, 1)
    (standing,) = tea.referrals.rewards.balance("c-1")
    assert (standing.given, standing.spent, standing.owed_back) == (0, sold.minor, -sold.minor)
    (debt,) = owed(street, tea)
    assert debt.worth == Money(sold.minor, sold.counts.currency)


def used_and_deleted(street: Street, tea: Place, *, days: int) -> None:
    """Let a reward's code be used by an order that nobody tells us of, and be deleted then."""
    (node,) = tea.shop.discounts.by_id.values()
    text = node["_codes"][0]["code"]
    lines = [Bought(price="50.00", off=((text, "9.00"),))]
    at = street.standin.clock.now().isoformat()
    tea.shop.place(order(tea.shop.new_id("Order"), tea.shop.till, lines, at=at))
    tea.shop.discounts.by_id.clear()
    street.on(days=days)


def test_a_code_that_was_used_and_deleted_is_owed_and_not_taken_back(street: Street) -> None:
    tea, told = given(street, SOLD[0], Kind.AMOUNT_OFF)
    used_and_deleted(street, tea, days=1)
    come_back(street, tea, told)
    (standing,) = tea.referrals.rewards.balance("c-1")
    assert (standing.given, standing.spent, standing.owed_back) == (0, 900, -900)
    assert [one.worth for one in owed(street, tea)] == [Money(900, "EUR")]


def test_a_code_that_was_deleted_unused_is_taken_back(street: Street) -> None:
    tea, told = given(street, SOLD[0], Kind.AMOUNT_OFF)
    tea.shop.discounts.by_id.clear()
    street.on(days=30)
    come_back(street, tea, told)
    (standing,) = tea.referrals.rewards.balance("c-1")
    assert (standing.given, standing.owed_back) == (0, 0)
    assert (owed(street, tea), dead(street, tea)) == ([], [])


def test_a_code_of_which_nobody_can_know_is_told_to_the_owner(street: Street) -> None:
    tea, told = given(street, SOLD[0], Kind.AMOUNT_OFF)
    tea.shop.discounts.by_id.clear()
    street.on(days=30)
    street.standin.fail(Fault.GATEWAY, at="CodeLookup")
    come_back(street, tea, told, times=1)
    # Two months after its making, an order that used it may not be shown any more.
    street.on(days=31)
    street.work()
    (standing,) = tea.referrals.rewards.balance("c-1")
    assert (standing.given, standing.owed_back) == (900, -900)
    (stuck,) = dead(street, tea)
    assert stuck.duty is Duty.TAKE_BACK
    assert "whether it was used" in tell(stuck.why, "en")
    assert "沒有算作已收回" in tell(stuck.why, "zh-Hant")
    # Who looked it up at the shop's own books says so, and it is over.
    assert street.house.engine.answer(stuck.id, tea.name, used=True)
    (standing,) = tea.referrals.rewards.balance("c-1")
    assert (standing.given, standing.spent, standing.owed_back) == (0, 900, -900)
    assert [one.worth for one in owed(street, tea)] == [Money(900, "EUR")]
    assert dead(street, tea) == []


def test_what_nobody_can_know_is_not_taken_for_unused_when_its_time_is_over(
    street: Street,
) -> None:
    tea = street.open("tea-house", EUR)
    tea.invite(share_of_order(10, as_=Kind.AMOUNT_OFF))
    (friends,) = tea.referrals.programs.list()
    tea.referrals.programs.save(replace(friends, terms=replace(friends.terms, reward_days=90)))
    told = tea.sell("110.00", "11.00")
    tea.tell("orders/paid", told)
    street.work()
    street.on(days=15)
    street.work()
    tea.shop.discounts.by_id.clear()
    street.on(days=30)
    street.standin.fail(Fault.GATEWAY, at="CodeLookup")
    come_back(street, tea, told, times=1)
    for _ in range(2):
        street.on(days=31)
        street.work()
    assert {one.duty for one in dead(street, tea)} == {Duty.TAKE_BACK, Duty.EXPIRE}
    (standing,) = tea.referrals.rewards.balance("c-1")
    assert (standing.given, standing.expired, standing.owed_back) == (900, 0, -900)
    for stuck in dead(street, tea):
        assert street.house.engine.answer(stuck.id, tea.name, used=True)
    (standing,) = tea.referrals.rewards.balance("c-1")
    assert (standing.given, standing.spent, standing.owed_back) == (0, 900, -900)
    assert dead(street, tea) == []


# An owner leaves, and takes back what nobody used


def test_who_leaves_takes_back_what_is_left_of_spent_credit(street: Street) -> None:
    tea, _told = given(street, SOLD[0], Kind.STORE_CREDIT)
    (account,) = tea.shop.credit.by_id
    tea.shop.credit.spend(account, "5.55")
    leave(street.house, tea.name, Coupons.DISABLE)
    street.work()
    assert tea.credits() == ["0.0"]
    (standing,) = tea.referrals.rewards.balance("c-1")
    assert (standing.given, standing.spent, standing.expired) == (0, 555, 345)


def test_a_deleted_code_of_which_nobody_can_know_holds_up_no_farewell(street: Street) -> None:
    tea, _told = given(street, SOLD[0], Kind.AMOUNT_OFF)
    tea.tell("orders/paid", tea.sell("110.00", "11.00"))
    street.work()
    (deleted,) = tea.shop.discounts.by_id
    del tea.shop.discounts.by_id[deleted]
    street.on(days=61)
    street.work()
    leave(street.house, tea.name, Coupons.DISABLE)
    street.work()
    (node,) = tea.shop.discounts.by_id.values()
    assert node["codeDiscount"]["status"]() == "EXPIRED"
    # Of the one that is gone the book says nothing new.
    (standing,) = tea.referrals.rewards.balance("c-1")
    assert (standing.given, standing.expired) == (900, 900)
