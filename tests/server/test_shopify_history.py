"""What a shop shows of its past, and what becomes of orders, though no webhook tells of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from goodword import Kind, Reason, State, share_of_order
from goodword.model.credit import Verdict
from goodword.model.order import Order
from goodword.platforms import Unreadable
from goodword_server.storage import rounds
from goodword_server.storage.tables import inbox
from goodword_server.watching import rounds as making
from goodword_shopify.standin import Bought, order
from goodword_shopify.standin.bulk import Ending
from goodword_shopify.standin.orders import Till as Counts
from goodword_shopify.till import ShopifyTill
from tests.server.builders import rows
from tests.server.streets import EUR, JPY, TWD, Place, Street, before, is_known

pytestmark = pytest.mark.slow

Change = Callable[[Place, dict[str, Any]], None]


def found(street: Street) -> int:
    notes = street.house.database.read(lambda s: rounds.of(s, "tea-house"))["orders"].notes
    return int(notes["found"])


def by_page(street: Street, *places: Place) -> None:
    """Let shops write no file, so that their orders are read one after the other from now on."""
    for place in places:
        place.shop.bulk.takes = 0
        place.shop.bulk.endings.append(Ending("FAILED", "ACCESS_DENIED"))
    making.make_all(street.house)
    street.on(minutes=1)


# What was before


def test_sixty_days_are_read_when_a_shop_is_joined(street: Street) -> None:
    tea = street.open("tea-house")
    old, new = before(tea, 61), before(tea, 59)
    street.catch_up()
    assert (is_known(tea, old), is_known(tea, new)) == (False, True)
    # Of these no webhook could have told.
    assert found(street) == 0


def test_many_pages_are_read_and_one_that_broke_off_goes_on(street: Street, tea: Place) -> None:
    by_page(street, tea)
    told = [before(tea, 30, number) for number in range(130)]
    making.make_all(street.house, lambda: is_known(tea, told[0]))
    known = [one for one in told if is_known(tea, one)]
    assert known == told[:64]
    street.work()
    assert all(is_known(tea, one) for one in told)


def test_an_order_that_changes_while_it_is_read_hides_none_behind_it(
    street: Street, tea: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_page(street, tea)
    told = [before(tea, 30 - number / 10, number) for number in range(130)]
    read = ShopifyTill.found

    def changed_meanwhile(till: ShopifyTill, id: str) -> Order | Unreadable | None:
        # Its owner writes something onto it, between the list and the question for it.
        if id == tea.id(told[60]):
            told[60]["updatedAt"] = street.standin.clock.now().isoformat()
        return read(till, id)

    monkeypatch.setattr(ShopifyTill, "found", changed_meanwhile)
    making.make_all(street.house, lambda: is_known(tea, told[0]))
    assert [one for one in told if is_known(tea, one)] == told[:64]
    street.on(minutes=30)
    street.work()
    assert all(is_known(tea, one) for one in told)


def test_a_shop_that_lets_itself_be_asked_slowly_is_asked_slowly(
    street: Street, tea: Place
) -> None:
    by_page(street, tea)
    street.standin.bucket(tea.shop.domain, holds=300.0, restores=20.0)
    told = [before(tea, 30, number) for number in range(70)]
    street.work()
    assert all(is_known(tea, one) for one in told)
    # Only what was never asked before, and whose cost nobody knew, may come too soon.
    refused = [call for call in street.standin.calls if call.endswith("THROTTLED")]
    assert len(refused) == len(set(refused))


def test_with_more_than_a_thousand_orders_other_shops_have_their_turn(
    street: Street, tea: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("goodword_server.watching.taking.READ_MOST", 64)
    bean = street.open("bean-street")
    by_page(street, tea, bean)
    # They changed over many days, and not within one minute.
    told = [before(tea, 50 - number / 4, number) for number in range(130)]
    mine = before(bean, 5)
    street.work()
    assert all(is_known(tea, one) for one in told)
    assert is_known(bean, mine)
    heads = [call for call in street.standin.calls if call.endswith("OrderHead")]
    first_of_bean = next(at for at, call in enumerate(heads) if call.startswith("bean"))
    assert first_of_bean <= 65


# What is too old to be seen


def test_an_order_that_is_too_old_to_be_seen_is_not_gone(street: Street, tea: Place) -> None:
    told = tea.sell("110.00", "11.00")
    tea.tell("orders/paid", told)
    street.work()
    street.on(days=15)
    street.work()
    assert tea.credits() == ["9.0"]
    street.on(days=50)
    for _ in range(3):
        street.on(days=1)
        street.work()
    assert (tea.state(told), tea.credits()) == (State.REWARDED, ["9.0"])
    # It came back after all: the shop does not show it, so a person looks there.
    tea.tell("refunds/create", told)
    street.work()
    (dead,) = [row for row in rows(street.house, inbox) if row["state"] == "dead"]
    assert "too old for the shop to show it" in str(dead["verdict"])
    assert (tea.state(told), tea.credits()) == (State.REWARDED, ["9.0"])


def test_an_order_that_was_deleted_is_gone(street: Street, tea: Place) -> None:
    told = tea.sell("110.00", "11.00")
    tea.tell("orders/paid", told)
    street.work()
    del tea.shop.orders[told["id"]]
    street.on(days=1, hours=1)
    street.work()
    assert tea.state(told) is State.REVERSED


# What becomes of an order: told of, or only compared


def cancelled(place: Place, told: dict[str, Any]) -> None:
    told["cancelledAt"] = told["updatedAt"]


def half_removed(place: Place, told: dict[str, Any]) -> None:
    """An edit takes one of two away, and money is paid back for it later, or never was paid."""
    told["lineItems"][0]["currentQuantity"] -= 1


def added_to(place: Place, told: dict[str, Any]) -> None:
    """An edit adds as much again as the first piece, for which no money came yet."""
    (line,) = told["lineItems"]
    told["lineItems"].append(line | {"id": "gid://shopify/LineItem/9007199254742999"})
    whole = Decimal(told["totalPriceSet"]["shopMoney"]["amount"])
    told["totalPriceSet"] = place.shop.till.bag(whole * 2)
    told["displayFinancialStatus"] = "PARTIALLY_PAID"


def half_back(place: Place, told: dict[str, Any]) -> None:
    half = float(told["totalPriceSet"]["shopMoney"]["amount"]) / 2
    place.give_back(told, f"{half:.2f}", quantities={0: 1})


def all_back(place: Place, told: dict[str, Any]) -> None:
    whole = told["totalPriceSet"]["shopMoney"]["amount"]
    place.give_back(told, str(whole), quantities={0: 2})


def charged_back(place: Place, told: dict[str, Any]) -> None:
    told["disputes"] = [{"initiatedAs": "CHARGEBACK", "status": "NEEDS_RESPONSE"}]


def doubted(place: Place, told: dict[str, Any]) -> None:
    told["risk"] = {"recommendation": "CANCEL"}


HAPPENS: dict[str, tuple[Change, str, State, tuple[Reason, ...], int]] = {
    # What happens, the topic that tells of it, what becomes of the referral and why, and the
    # part of the credit that is left, in halves.
    "cancelled": (cancelled, "orders/cancelled", State.REVERSED, (Reason.CANCELLED,), 0),
    "edited": (half_removed, "orders/edited", State.REWARDED, (), 1),
    "added to": (added_to, "orders/edited", State.REWARDED, (), 2),
    "partly refunded": (half_back, "refunds/create", State.REWARDED, (), 1),
    "refunded": (all_back, "refunds/create", State.REVERSED, (Reason.REFUNDED,), 0),
    "charged back": (charged_back, "disputes/create", State.REVERSED, (Reason.DISPUTED,), 0),
    "doubted": (
        doubted, "orders/risk_assessment_changed", State.IN_REVIEW, (Reason.RISK_REVIEW,), 0,
    ),
}  # fmt: skip
MONEY = {
    # Two pieces of 110.00 with 10 % in it; two of ¥1,100 and NT$1,100 without.
    "EUR with tax": (EUR, "110.00", ["0.0", "10.0", "20.0"]),
    "JPY": (JPY, "1100", ["0.0", "110.0", "220.0"]),
    "TWD": (TWD, "1100", ["0.0", "110.0", "220.0"]),
    "EUR, shown in JPY": (
        Counts(currency="EUR", taxes_included=True, shown=("JPY", "160")),
        "110.00",
        ["0.0", "10.0", "20.0"],
    ),
}


def two_pieces(place: Place, price: str, **told: Any) -> dict[str, Any]:
    at = place.street.standin.clock.now().isoformat()
    new = place.shop.new_id("Order")
    lines = [Bought(price=price, quantity=2, tax="10")]
    note = {"key": "_goodword_code", "value": "MEI12345"}
    made = order(new, place.shop.till, lines, at=at, customAttributes=[note], **told)
    return place.shop.place(made)


@pytest.mark.parametrize("hears", [True, False], ids=["told", "only compared"])
@pytest.mark.parametrize("money", MONEY)
@pytest.mark.parametrize("what", HAPPENS)
def test_what_becomes_of_an_order_after_its_reward(
    street: Street, what: str, money: str, *, hears: bool
) -> None:
    change, topic, state, reasons, halves = HAPPENS[what]
    counts, price, credits = MONEY[money]
    tea = street.open("tea-house", counts)
    tea.invite(share_of_order(10, as_=Kind.STORE_CREDIT))
    told = two_pieces(tea, price)
    news(tea, "orders/paid", told, hears=hears)
    street.on(days=15)
    street.work()
    assert (tea.state(told), tea.credits()) == (State.REWARDED, [credits[2]])
    told["updatedAt"] = (street.clock() + timedelta(seconds=1)).isoformat()
    change(tea, told)
    news(tea, topic, told, hears=hears)
    explained = tea.referrals.credit.explain(tea.id(told))
    assert explained.referral is not None
    assert (explained.referral.state, explained.referral.reasons) == (state, reasons)
    assert tea.credits() == [credits[halves]]
    (standing,) = tea.referrals.rewards.balance("c-1")
    assert standing.owed_back == 0


def news(place: Place, topic: str, told: dict[str, Any], *, hears: bool) -> None:
    """Let the shop tell of something, or let it be found when the shop is compared."""
    if hears:
        if topic == "orders/risk_assessment_changed":
            body = {"order_id": int(place.id(told))}
            assert place.post(place.signed(topic, body)) == 200
        else:
            place.tell(topic, told)
    else:
        place.street.on(hours=2)
    place.street.work()


def test_a_cancellation_that_comes_before_the_order_counts(street: Street, tea: Place) -> None:
    told = tea.sell("110.00", "11.00")
    cancelled(tea, told)
    tea.tell("orders/cancelled", told)
    tea.tell("orders/create", told)
    street.work()
    street.on(days=15)
    street.work()
    assert (tea.state(told), tea.credits()) == (State.REVERSED, [])


def test_a_person_lets_an_order_count_that_is_doubted(street: Street, tea: Place) -> None:
    told = tea.sell("110.00", "11.00", risk={"recommendation": "INVESTIGATE"})
    tea.tell("orders/paid", told)
    street.on(days=15)
    street.work()
    assert (tea.state(told), tea.credits()) == (State.IN_REVIEW, [])
    tea.referrals.reviews.decide(tea.id(told), Verdict.APPROVED, reason="known to us", by="owner")
    street.work()
    assert (tea.state(told), tea.credits()) == (State.REWARDED, ["9.0"])


def test_spent_credit_is_owed_and_paid_off_by_the_next(street: Street, tea: Place) -> None:
    first = tea.sell("110.00", "11.00")
    tea.tell("orders/paid", first)
    street.work()
    street.on(days=15)
    street.work()
    (account,) = tea.shop.credit.by_id
    tea.shop.credit.spend(account, "6.00")
    tea.give_back(first, "99.00", quantities={0: 1})
    tea.tell("refunds/create", first)
    street.work()
    assert tea.credits() == ["0.0"]
    (standing,) = tea.referrals.rewards.balance("c-1")
    assert standing.owed_back == -600
    # The next one pays it off, and the rest of it is given.
    second = tea.sell("110.00", "11.00")
    tea.tell("orders/paid", second)
    street.on(days=15)
    street.work()
    (standing,) = tea.referrals.rewards.balance("c-1")
    assert (standing.owed_back, tea.credits()) == (0, ["3.0"])
