"""What is granted is there once, however the answer was lost, and is taken back once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from time import sleep
from typing import Any

import pytest

from goodword.errors import AnswerLost, TillDown, TillRefused
from goodword.model.followup import (
    Duty,
    FollowUp,
    Grant,
    Granted,
    How,
    TakenBack,
)
from goodword.model.money import Money
from goodword.model.trouble import trouble_of
from goodword.model.worth import (
    Kind,
    Worth,
    amount_off,
    points,
)
from goodword.platforms import Till
from goodword.tills import TillCarrier
from goodword.words import tell
from goodword_shopify.credit import end_of
from goodword_shopify.scopes import ALL_ORDERS, BASIC
from goodword_shopify.standin import Fault, Shop, StandIn
from goodword_shopify.standin.orders import Bought
from goodword_shopify.standin.orders import Till as Counts
from goodword_shopify.standin.orders import order as an_order
from tests.plugins.shopify.conftest import TEA, a_platform, till_of
from tests.plugins.shopify.granting import (
    ENDS,
    LOST,
    MEI,
    NOT_DONE,
    WORTHS,
    KeptSafe,
    a_grant,
    by_fault,
)

# Whose account it is, or what the shop counts in, is asked for in peace.
_ASKED_FIRST = ("amount", "credit")


def count(shop: Shop) -> int:
    """Return how much was made at the shop, of whatever kind."""
    credits = [
        row
        for account in shop.credit.by_id.values()
        for row in account["transactions"]
        if "remainingAmount" in row
    ]
    return len(shop.discounts.by_id) + len(shop.cards.by_id) + len(credits)


def asked_of(shop: Shop) -> dict[str, Any]:
    (node,) = shop.discounts.by_id.values()
    asked: dict[str, Any] = node["_asked"]
    return asked


def deed(grant: Grant, tries: int) -> FollowUp:
    return FollowUp(
        id="d-1",
        shop="tea-house",
        duty=Duty.GRANT,
        subject="37",
        due=ENDS,
        tries=tries,
        grant=grant,
    )


# Every way of granting


@pytest.mark.parametrize("kind", WORTHS)
def test_a_grant_is_made_and_found_again(till: Till, tea: Shop, kind: str) -> None:
    grant = a_grant(WORTHS[kind])
    assert till.look(grant) is None
    made = till.grant(grant)
    assert (made.grant, made.text, made.used) == ("g-1", grant.text, False)
    assert made.remote.startswith("gid://shopify/")
    assert till.look(grant) == made
    assert till.look(replace(grant, id="g-2", text="thanks-other00000000")) is None
    assert count(tea) == 1


@by_fault(*LOST)
@pytest.mark.parametrize("kind", WORTHS)
def test_a_grant_whose_answer_was_lost_is_there_once(
    standin: StandIn, till: Till, hurried: Till, tea: Shop, kind: str, fault: Fault
) -> None:
    grant, carrier = a_grant(WORTHS[kind]), TillCarrier(lambda shop: till)
    first = TillCarrier(lambda shop: hurried if fault is Fault.HANG else till)
    standin.fail(*[Fault.NONE] * (kind in _ASKED_FIRST), fault)
    assert first.carry(deed(grant, tries=1)).how is How.UNKNOWN
    assert count(tea) == 1
    again = carrier.carry(deed(grant, tries=2))
    assert again.how is How.DONE
    assert again.granted == till.look(grant)
    assert count(tea) == 1


@pytest.mark.parametrize("fault", [Fault.GATEWAY, Fault.RESET, Fault.GATEWAY_AFTER])
@pytest.mark.parametrize("kind", WORTHS)
def test_what_bears_no_key_is_looked_for_when_it_can_be_on_its_way_no_more(
    standin: StandIn, till: Till, kind: str, fault: Fault
) -> None:
    standin.fail(*[Fault.NONE] * (kind in _ASKED_FIRST), fault)
    carried = TillCarrier(lambda shop: till).carry(deed(a_grant(WORTHS[kind]), tries=1))
    # Shopify takes no code twice, so there nobody need wait.
    assert (carried.how, carried.after) == (How.UNKNOWN, 600 if kind == "credit" else None)


@pytest.mark.parametrize("fault", NOT_DONE)
@pytest.mark.parametrize("kind", WORTHS)
def test_a_grant_that_never_arrived_is_made_once(
    standin: StandIn, till: Till, tea: Shop, kind: str, fault: Fault
) -> None:
    grant, carrier = a_grant(WORTHS[kind]), TillCarrier(lambda shop: till)
    standin.fail(*[Fault.NONE] * (kind in _ASKED_FIRST), fault)
    assert carrier.carry(deed(grant, tries=1)).how is How.UNKNOWN
    assert count(tea) == 0
    assert carrier.carry(deed(grant, tries=2)).how is How.DONE
    assert count(tea) == 1


def test_the_same_grant_twice_makes_one_code(till: Till, tea: Shop) -> None:
    for kind in ("amount", "card"):
        assert till.grant(a_grant(WORTHS[kind])) == till.grant(a_grant(WORTHS[kind]))
    assert count(tea) == 2


def test_somebody_elses_code_of_the_same_text_is_left_alone(till: Till, tea: Shop) -> None:
    for kind in ("amount", "card"):
        till.grant(a_grant(WORTHS[kind]))
        other = replace(a_grant(WORTHS[kind], id="g-2"), text=a_grant().text.upper())
        with pytest.raises(TillRefused) as refused:
            till.grant(other)
        assert refused.value.facts["code"] == "TAKEN"


@pytest.mark.parametrize("worth", [points(5), Worth(Kind.COMMISSION), Worth(Kind.GIFT_CARD)])
def test_what_shopify_cannot_give_is_refused(till: Till, tea: Shop, worth: Worth) -> None:
    with pytest.raises(TillRefused):
        till.grant(a_grant(worth))
    assert count(tea) == 0


def test_many_grants_take_as_long_as_the_shop_lets_itself_be_asked(
    standin: StandIn, tea: Shop
) -> None:
    standin.bucket(TEA, holds=200, restores=100)
    shopify, installation = a_platform(standin), standin.installation("tea-house", TEA)
    begun = standin.clock.now()
    for number in range(100):
        shopify.open(installation).grant(a_grant(id=f"g-{number}"))
    waited = (standin.clock.now() - begun).total_seconds()
    least = (sum(standin.costs) - 200) / 100
    assert least <= waited <= least * 1.2
    assert (len(tea.discounts.by_id), standin.throttled) == (100, 0)
    # One line is enough for all of them.
    assert standin.lines == 1


def test_a_till_for_each_of_many_shops_keeps_few_lines_open(standin: StandIn) -> None:
    shopify = a_platform(standin)
    for number in range(40):
        shop = f"shop-{number}"
        standin.open(f"{shop}.myshopify.com")
        till = shopify.open(standin.installation(shop, f"{shop}.myshopify.com"))
        assert till.order("1") is None
    assert standin.lines == 40
    # The other end hears of a line that was hung up a moment later.
    for _ in range(250):
        if standin.open_lines <= 17:
            break
        sleep(0.02)
    assert standin.open_lines <= 17


# Codes


def test_a_code_is_for_one_order_and_ends(till: Till, tea: Shop) -> None:
    till.grant(a_grant())
    asked = asked_of(tea)
    assert (asked["usageLimit"], asked["appliesOncePerCustomer"]) == (1, True)
    assert asked["title"] == "goodword g-1"
    assert asked["endsAt"] == "2027-01-31T23:00:00+00:00"
    assert asked["combinesWith"] == {
        "orderDiscounts": False,
        "productDiscounts": False,
        "shippingDiscounts": True,
    }
    value = asked["customerGets"]["value"]
    assert value == {"discountAmount": {"amount": "5.00", "appliesOnEachItem": False}}


def test_no_code_is_without_an_end(standin: StandIn, till: Till, tea: Shop) -> None:
    till.grant(a_grant(expires=None))
    ends = datetime.fromisoformat(asked_of(tea)["endsAt"])
    assert ends == standin.clock.now() + timedelta(days=366)


def test_a_percentage_is_a_part_of_one(till: Till, tea: Shop) -> None:
    till.grant(a_grant(WORTHS["percent"]))
    assert asked_of(tea)["customerGets"]["value"] == {"percentage": 0.125}


def test_free_shipping_is_with_no_other_discount_on_shipping(standin: StandIn, tea: Shop) -> None:
    till = till_of(standin, combines_with="order,shipping")
    till.grant(a_grant(WORTHS["shipping"]))
    assert asked_of(tea)["combinesWith"] == {
        "orderDiscounts": True,
        "productDiscounts": False,
        # What was not given: Shopify takes it for no.
        "shippingDiscounts": False,
    }


def test_one_piece_of_a_product_is_free_beside_others(till: Till, tea: Shop) -> None:
    till.grant(a_grant(WORTHS["product"]))
    asked = asked_of(tea)
    assert asked["customerBuys"]["items"]["collections"]["add"] == [
        "gid://shopify/Collection/8",
        "gid://shopify/Collection/9",
    ]
    gets = asked["customerGets"]
    assert gets["items"]["products"]["productsToAdd"] == ["gid://shopify/Product/77"]
    assert gets["value"]["discountOnQuantity"]["quantity"] == "1"


def test_a_free_product_needs_to_know_beside_what(standin: StandIn, tea: Shop) -> None:
    with pytest.raises(TillRefused, match="free_product_beside"):
        till_of(standin).grant(a_grant(WORTHS["product"]))


def test_an_owner_says_what_ours_may_be_used_with(standin: StandIn, tea: Shop) -> None:
    till_of(standin, combines_with="order, product").grant(a_grant())
    assert asked_of(tea)["combinesWith"] == {
        "orderDiscounts": True,
        "productDiscounts": True,
        "shippingDiscounts": False,
    }


def test_an_amount_of_another_currency_is_no_code(standin: StandIn, till: Till, tea: Shop) -> None:
    # The code would name no currency, and take off 100 euros.
    with pytest.raises(TillRefused, match="counts in EUR, and TWD was promised") as refusal:
        till.grant(a_grant(amount_off("100", "TWD")))
    # An owner reads it in Chinese, too.
    assert refusal.value.facts["cause"] == "other_currency"
    assert "EUR" in tell(trouble_of(refusal.value), "zh-Hant")
    assert count(tea) == 0
    # What is no amount needs no currency, and the shop is asked once for the others.
    till.grant(a_grant(WORTHS["percent"], id="g-2"))
    for number in range(3, 6):
        till.grant(a_grant(id=f"g-{number}"))
    assert [call for call in standin.calls if "ShopCurrency" in call] == [f"{TEA} ShopCurrency"]


def test_amounts_are_written_in_their_currency(standin: StandIn) -> None:
    shop = standin.open(TEA, Counts(currency="JPY"))
    till_of(standin).grant(a_grant(amount_off("500", "JPY")))
    assert asked_of(shop)["customerGets"]["value"]["discountAmount"]["amount"] == "500"


def test_a_used_code_says_so_and_stays_used(till: Till, tea: Shop) -> None:
    made = till.grant(a_grant())
    tea.discounts.use(made.text.upper())
    assert till.look(a_grant()) == replace(made, used=True)
    assert till.take_back(made, None) == TakenBack(done=False)


@pytest.mark.parametrize("kind", ["amount", "percent", "shipping", "product"])
def test_an_unused_code_is_ended(till: Till, tea: Shop, kind: str) -> None:
    made = till.grant(a_grant(WORTHS[kind]))
    for _ in range(2):
        assert till.take_back(made, None) == TakenBack(done=True)
    (node,) = tea.discounts.by_id.values()
    assert node["codeDiscount"]["status"]() == "EXPIRED"


def test_a_code_may_become_smaller(till: Till, tea: Shop) -> None:
    made = till.grant(a_grant())
    assert till.take_back(made, Money(200, "EUR")) == TakenBack(done=True)
    value = asked_of(tea)["customerGets"]["value"]
    assert value["discountAmount"]["amount"] == "2.00"
    # Used since: what it was made smaller by was taken back all the same.
    tea.discounts.use(made.text)
    assert till.take_back(made, Money(200, "EUR")) == TakenBack(done=True)
    assert till.take_back(made, None) == TakenBack(done=False)


def test_a_code_that_the_owner_named_otherwise_is_still_ours(till: Till, tea: Shop) -> None:
    made = till.grant(a_grant())
    (node,) = tea.discounts.by_id.values()
    node["codeDiscount"]["title"] = "Thank you, Mei"
    assert till.look(a_grant()) == made
    assert till.take_back(made, None) == TakenBack(done=True)
    assert node["codeDiscount"]["status"]() == "EXPIRED"


def deleted(standin: StandIn, till: Till, tea: Shop, *codes: str, **order: Any) -> Granted:
    """Grant a code, place an order that bears some codes, and let the owner delete ours."""
    made = till.grant(a_grant())
    lines = [Bought(price="20.00", off=tuple((code, "5.00") for code in codes))]
    at = standin.clock.now().isoformat()
    tea.place(an_order(tea.new_id("Order"), tea.till, lines, at=at, **order))
    tea.discounts.by_id.clear()
    return replace(made, made=standin.clock.now())


@pytest.mark.parametrize("left", [None, Money(200, "EUR")])
def test_a_code_that_the_owner_deleted_unused_was_taken_back(
    standin: StandIn, till: Till, tea: Shop, left: Money | None
) -> None:
    granted = deleted(standin, till, tea, "thanks-other")
    assert till.take_back(granted, left) == TakenBack(done=True)
    assert till.look(a_grant(made=granted.made)) is None


@pytest.mark.parametrize("left", [None, Money(200, "EUR")])
def test_a_code_that_was_used_and_then_deleted_stays_used(
    standin: StandIn, till: Till, tea: Shop, left: Money | None
) -> None:
    granted = deleted(standin, till, tea, a_grant().text.upper())
    assert till.take_back(granted, left) == TakenBack(done=False)
    # However long ago: what an order says is known.
    assert till.take_back(replace(granted, made=None), left) == TakenBack(done=False)
    found = till.look(a_grant(made=granted.made))
    assert found is not None
    assert found.used


def test_an_order_that_was_cancelled_used_no_code(standin: StandIn, till: Till, tea: Shop) -> None:
    at = standin.clock.now().isoformat()
    granted = deleted(standin, till, tea, a_grant().text, cancelledAt=at)
    assert till.take_back(granted, None) == TakenBack(done=True)


def test_a_code_deleted_just_before_it_is_ended_is_looked_for_in_the_orders(
    standin: StandIn, till: Till, tea: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    granted = replace(till.grant(a_grant()), made=standin.clock.now())
    deactivate = tea.discounts.deactivate

    def deleted_first(id: str) -> Any:
        tea.discounts.by_id.clear()
        return deactivate(id)

    monkeypatch.setattr(tea.discounts, "deactivate", deleted_first)
    assert till.take_back(granted, None) == TakenBack(done=True)


def test_where_nobody_can_know_a_deleted_code_is_one_for_a_person(
    standin: StandIn, till: Till, tea: Shop
) -> None:
    granted = deleted(standin, till, tea)
    standin.clock.sleep(61 * 86_400)
    # A code of that time may have been used by an order that the app is not shown any more.
    with pytest.raises(TillRefused, match="whether it was used") as refused:
        till.take_back(granted, None)
    assert refused.value.facts["cause"] == "use_unknown"
    with pytest.raises(TillRefused, match="whether it was used"):
        till.take_back(replace(granted, made=None), None)
    with pytest.raises(TillRefused, match="whether it was used") as refused:
        till.look(a_grant(made=granted.made))
    assert refused.value.facts["cause"] == "use_unknown"


def test_an_app_that_sees_all_orders_knows_of_every_deleted_code(standin: StandIn) -> None:
    tea = standin.open(TEA, scopes=frozenset({*BASIC, ALL_ORDERS}))
    till = till_of(standin)
    granted = deleted(standin, till, tea)
    standin.clock.sleep(61 * 86_400)
    assert till.take_back(granted, None) == TakenBack(done=True)


# Gift cards


def test_a_gift_card_bears_its_text_without_hyphens(till: Till, tea: Shop) -> None:
    grant = a_grant(WORTHS["card"])
    till.grant(grant)
    (card,) = tea.cards.by_id.values()
    assert card["_code"] == grant.text.replace("-", "")
    assert card["_asked"]["expiresOn"] == "2027-01-31"
    assert card["_asked"]["initialAmount"] == {"amount": "5.00", "currencyCode": "EUR"}


@pytest.mark.parametrize("text", ["thanks-7Q2K-M9XW-2A3B-4C5D-6E7F", "t-7Q2KM9XW2"])
def test_whatever_its_text_a_gift_card_can_bear_it(till: Till, tea: Shop, text: str) -> None:
    till.grant(replace(a_grant(WORTHS["card"]), text=text))
    (card,) = tea.cards.by_id.values()
    assert text.replace("-", "").lower().endswith(card["_code"])


def test_a_strangers_gift_card_that_ends_alike_is_not_taken_for_ours(
    till: Till, tea: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = a_grant(WORTHS["card"])
    stranger = replace(ours, id="g-9", text=f"other-{ours.text[-8:]}")
    for grant in (stranger, ours):
        till.grant(grant)
    theirs, card = tea.cards.by_id.values()
    theirs["note"] = "sold at the counter"
    monkeypatch.setattr(tea.cards, "search", lambda **_: list(tea.cards.by_id.values()))
    made = till.look(ours)
    assert made is not None
    assert made.remote == card["id"]
    # An owner wrote another note: then its worth tells it.
    theirs["initialValue"] = {"amount": "4.00", "currencyCode": "EUR"}
    card["note"] = "for Mei"
    assert till.look(ours) == made
    del tea.cards.by_id[card["id"]]
    assert till.look(ours) is None


# Store credit


def balance(tea: Shop) -> str:
    (account,) = tea.credit.by_id.values()
    return str(account["balance"]["amount"])


def test_credit_goes_to_whoever_has_the_email_or_the_id(standin: StandIn, tea: Shop) -> None:
    mei, others = tea.welcome(MEI), tea.welcome(None)
    till = till_of(standin)
    till.grant(a_grant(WORTHS["credit"]))
    id = others["id"].rpartition("/")[2]
    till.grant(a_grant(WORTHS["credit"], id="g-2", email=None, person=id))
    owners = [account["_owner"] for account in tea.credit.by_id.values()]
    assert owners == [mei["id"], others["id"]]


@pytest.mark.parametrize("fault", [Fault.GATEWAY_AFTER, Fault.DROP, Fault.PARTIAL])
def test_credit_is_looked_for_where_it_was_given_whatever_tells_them_since(
    standin: StandIn, till: Till, tea: Shop, safe: KeptSafe, fault: Fault
) -> None:
    tea.welcome("mei@new.example")
    standin.fail(fault, at="StoreCreditGrant")
    with pytest.raises(AnswerLost):
        till.grant(a_grant(WORTHS["credit"]))
    found = till.look(a_grant(WORTHS["credit"], email="mei@new.example"))
    assert found is not None
    assert balance(tea) == "5.0"
    no_notes(safe)


def test_credit_that_was_not_given_goes_to_whoever_they_are_by_then(
    standin: StandIn, till: Till, tea: Shop, safe: KeptSafe
) -> None:
    new = tea.welcome("mei@new.example")
    standin.fail(Fault.GATEWAY, Fault.BUSY, at="StoreCreditGrant")
    moved = a_grant(WORTHS["credit"], email="mei@new.example")
    with pytest.raises(AnswerLost):
        till.grant(a_grant(WORTHS["credit"]))
    assert till.look(moved) is None
    with pytest.raises(TillDown):
        till.grant(a_grant(WORTHS["credit"]))
    no_notes(safe)
    till.grant(moved)
    assert [account["_owner"] for account in tea.credit.by_id.values()] == [new["id"]]
    no_notes(safe)


def no_notes(safe: KeptSafe) -> None:
    assert safe.kept is not None
    assert not [name for name in safe.kept if name.startswith("note:")]


def test_without_an_account_there_is_no_credit(standin: StandIn, tea: Shop) -> None:
    with pytest.raises(TillRefused, match="account"):
        till_of(standin).grant(a_grant(WORTHS["credit"]))


def test_each_credit_is_told_by_its_end() -> None:
    ends = {end_of(a_grant(id=f"g-{number}")) for number in range(100)}
    assert len(ends) == 100
    assert all(ENDS < one < ENDS + timedelta(days=1) for one in ends)
    endless = {end_of(a_grant(id=f"g-{number}", expires=None)) for number in range(100)}
    assert len(endless) == 100
    assert all(one.year >= 2099 for one in endless)


def test_two_credits_of_one_worth_are_two(till: Till, tea: Shop) -> None:
    grants = [a_grant(WORTHS["credit"], id=id) for id in ("g-1", "g-2")]
    made = [till.grant(grant) for grant in grants]
    assert [till.look(grant) for grant in grants] == made
    assert balance(tea) == "10.0"
