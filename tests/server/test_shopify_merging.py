"""Of two accounts a shop made one: who earned by either goes on by the one that is left."""

from __future__ import annotations

from typing import Any

import pytest

from goodword import Advocate, Claiming, State
from goodword_server.storage.tables import inbox
from goodword_shopify.standin import Bought, order
from goodword_shopify.standin.deliveries import sent
from tests.server.builders import rows
from tests.server.streets import Place, Street

pytestmark = pytest.mark.slow


def test_an_advocate_whose_accounts_became_one_is_one(street: Street, tea: Place) -> None:
    invite(tea, "11", "12")
    for _ in range(2):
        tell_merged(tea)
    street.work()
    assert holders(tea) == ["12", "12"]


def merged(gone: str = "11", kept: str = "12") -> dict[str, Any]:
    return {
        "admin_graphql_api_customer_kept_id": f"gid://shopify/Customer/{kept}",
        "admin_graphql_api_customer_deleted_id": f"gid://shopify/Customer/{gone}",
        "admin_graphql_api_job_id": None,
        "status": "completed",
        "errors": [],
    }


def tell_merged(tea: Place, gone: str = "11", kept: str = "12") -> None:
    """Let one account go into another at the shop, and let it be told."""
    tea.shop.customers.pop(f"gid://shopify/Customer/{gone}", None)
    tea.shop.customers.setdefault(f"gid://shopify/Customer/{kept}", a_customer(kept))
    assert tea.post(sent("customers/merge", tea.shop.domain, merged(gone, kept))) == 200


def a_customer(id: str) -> dict[str, Any]:
    return customer(id) | {"firstName": "Mei"}


def holders(tea: Place) -> list[str]:
    return [tea.referrals.find_code(text).advocate for text in ("MEI00011", "MEI00012")]


def invite(tea: Place, *ids: str) -> None:
    for id in ids:
        advocate = Advocate(id=id, name="Mei", email=f"mei{id}@example.com")
        tea.referrals.advocates.invite("friends", advocate, code=f"MEI000{id}")


def test_two_accounts_that_the_shop_knows_both_are_left_two(street: Street, tea: Place) -> None:
    invite(tea, "11", "12")
    for id in ("11", "12"):
        tea.shop.customers[f"gid://shopify/Customer/{id}"] = a_customer(id)
    # Signed, and with the header of another shop than it is about.
    assert tea.post(sent("customers/merge", tea.shop.domain, merged())) == 200
    street.work()
    assert holders(tea) == ["11", "12"]
    # It was told a little early: asked again, the shop says so too.
    del tea.shop.customers["gid://shopify/Customer/11"]
    street.on(hours=1)
    street.work()
    assert holders(tea) == ["12", "12"]


def test_a_merge_of_accounts_that_the_shop_never_knew_moves_nothing(
    street: Street, tea: Place
) -> None:
    invite(tea, "11", "12")
    assert tea.post(sent("customers/merge", tea.shop.domain, merged())) == 200
    for _ in range(25):
        street.work()
        street.on(hours=7)
    assert holders(tea) == ["11", "12"]
    (row,) = rows(street.house, inbox)
    # For a person to look at, in the end.
    assert row["state"] == "dead"


@pytest.mark.parametrize("status", ["failed", "in_progress", "requested"])
def test_a_merge_that_is_not_done_moves_nothing(street: Street, tea: Place, status: str) -> None:
    invite(tea, "11", "12")
    body = merged() | {"status": status}
    assert tea.post(sent("customers/merge", tea.shop.domain, body)) == 200
    street.work()
    assert holders(tea) == ["11", "12"]


@pytest.mark.parametrize("told", [("11", "12"), ("12", "11")], ids=["in order", "the other way"])
def test_accounts_that_went_on_into_a_third_are_followed_however_it_is_told(
    street: Street, tea: Place, told: tuple[str, str]
) -> None:
    invite(tea, "11", "12", "13")
    tea.shop.customers["gid://shopify/Customer/13"] = a_customer("13")
    into = {"11": "12", "12": "13"}
    for gone in (*told, told[0]):
        assert tea.post(sent("customers/merge", tea.shop.domain, merged(gone, into[gone]))) == 200
        street.work()
        street.on(hours=1)
    street.work()
    assert holders(tea) == ["13", "13"]


def test_an_advocate_whose_account_went_into_a_new_one_earns_on(street: Street, tea: Place) -> None:
    advocate = Advocate(id="11", name="Mei", email="mei11@example.com")
    tea.referrals.advocates.invite("friends", advocate, code="MEI00011", coupon="MEI11")
    for _ in range(2):
        tell_merged(tea)
    street.work()
    assert tea.referrals.find_code("MEI00011").advocate == "12"
    assert tea.referrals.advocates.find("12").email == "mei11@example.com"
    told = tea.sell("110.00", "11.00", code="MEI11")
    tea.tell("orders/paid", told)
    street.work()
    referral = tea.referrals.credit.explain(tea.id(told)).referral
    assert referral is not None
    assert referral.advocate == "12"


def test_a_friends_bond_and_orders_follow_their_account(street: Street, tea: Place) -> None:
    claim = tea.referrals.claim(Claiming(code="MEI12345", email="friend@example.com"))
    tea.referrals.confirm(claim.id, account="11")
    before = bought(tea, customer("11"))
    assert tea.state(before) is State.QUALIFIED
    tell_merged(tea)
    street.work()
    after = bought(tea, customer("12"))
    # By nothing but the account that is left.
    assert tea.state(after) is State.QUALIFIED
    orders = tea.referrals.people.export("12")["orders"]
    assert {one["id"] for one in orders} == {tea.id(before), tea.id(after)}


def customer(id: str) -> dict[str, Any]:
    return {
        "id": f"gid://shopify/Customer/{id}",
        "createdAt": "2026-01-01T00:00:00Z",
        "defaultEmailAddress": None,
        "defaultPhoneNumber": None,
    }


def bought(tea: Place, whose: dict[str, Any]) -> dict[str, Any]:
    at = tea.street.standin.clock.now().isoformat()
    line = Bought(price="110.00", tax="10")
    told = order(tea.shop.new_id("Order"), tea.shop.till, [line], at=at, customer=whose)
    tea.tell("orders/paid", tea.shop.place(told))
    tea.street.work()
    return told
