"""A Shopify shop behind the server: told by webhook, asked by its own token, granted once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import ROUND_DOWN, Decimal

import pytest
from werkzeug.test import Client

from goodword import (
    Claiming,
    Invalid,
    Kind,
    State,
    amount_off,
    percent_off,
    share_of_order,
)
from goodword.errors import UnknownOrder, UnknownPerson
from goodword.model.worth import Worth
from goodword_server.joining.joined import renew_secret
from goodword_server.joining.leaving import Coupons, leave
from goodword_server.storage.tables import inbox
from goodword_server.tending import tend_all
from goodword_shopify.standin import SECRET, Fault
from goodword_shopify.standin.deliveries import example, of_order, sent
from goodword_shopify.standin.orders import Till as Counts
from tests.server.builders import client_of, rows
from tests.server.streets import EUR, JPY, NEXT, TWD, Place, Street

pytestmark = pytest.mark.slow


# Whole lives


@pytest.mark.parametrize(
    ("counts", "price", "off", "earned", "after"),
    [
        # 110.00 with 10 % in it, less 11.00: 90.00 of goods.
        (EUR, "110.00", "11.00", "9.0", "4.5"),
        (JPY, "1100", "100", "100.0", "50.0"),
        # 1,000 less 100: NT$90, and half of it NT$45.
        (TWD, "1000", "100", "90.0", "45.0"),
    ],
    ids=["EUR with tax", "JPY", "TWD"],
)
def test_from_order_to_reward_to_claw_back(
    street: Street, counts: Counts, price: str, off: str, earned: str, after: str
) -> None:
    tea = street.open("tea-house", counts)
    tea.invite(share_of_order(10, as_=Kind.STORE_CREDIT))
    told = tea.sell(price, off, financial="PENDING")
    tea.tell("orders/create", told)
    street.work()
    assert tea.state(told) is State.PENDING
    tea.pay(told)
    tea.tell("orders/paid", told)
    street.work()
    assert (tea.state(told), tea.credits()) == (State.QUALIFIED, [])
    street.on(days=15)
    street.work()
    assert (tea.state(told), tea.credits()) == (State.REWARDED, [earned])
    half = Decimal(told["totalPriceSet"]["shopMoney"]["amount"]) / 2
    tea.give_back(told, str(half), discrepancy=str(-half))
    tea.tell("refunds/create", told)
    street.work()
    assert tea.credits() == [after]
    tea.give_back(told, str(half), discrepancy=str(-half))
    tea.tell("refunds/create", told)
    street.work()
    assert (tea.state(told), tea.credits()) == (State.REVERSED, ["0.0"])


def test_two_shops_with_swapped_timings_never_meet(street: Street) -> None:
    tea, bean = street.open("tea-house"), street.open("bean-street", JPY)
    for place in (tea, bean):
        place.invite(share_of_order(10, as_=Kind.STORE_CREDIT))
    first, second = tea.sell("110.00", "11.00"), bean.sell("1100", "100", financial="PENDING")
    tea.tell("orders/paid", first)
    bean.tell("orders/create", second)
    street.work()
    street.on(days=15)
    bean.pay(second)
    bean.tell("orders/paid", second)
    street.work()
    assert (tea.credits(), bean.credits()) == (["9.0"], [])
    tea.give_back(first, "99.00", quantities={0: 1})
    tea.tell("refunds/create", first)
    street.on(days=15)
    street.work()
    assert (tea.credits(), bean.credits()) == (["0.0"], ["100.0"])


@pytest.mark.parametrize("fault", [Fault.GATEWAY_AFTER, Fault.DROP, Fault.PARTIAL, Fault.GATEWAY])
def test_credit_is_given_once_however_its_answer_was_lost(
    street: Street, tea: Place, fault: Fault
) -> None:
    told = tea.sell("110.00", "11.00")
    tea.tell("orders/paid", told)
    street.work()
    street.on(days=15)
    street.standin.fail(fault, at="StoreCreditGrant")
    street.work()
    for _ in range(5):
        street.on(hours=6)
        street.work()
    assert tea.credits() == ["9.0"]
    (standing,) = tea.referrals.rewards.balance("c-1")
    assert (standing.given, standing.due) == (900, 0)


def test_credit_that_may_still_be_on_its_way_is_not_given_anew(street: Street, tea: Place) -> None:
    told = tea.sell("110.00", "11.00")
    tea.tell("orders/paid", told)
    street.work()
    street.on(days=15)
    street.standin.fail(Fault.GATEWAY, at="StoreCreditGrant")
    street.work()
    for _ in range(3):
        street.on(minutes=3)
        street.work()
    assert tea.credits() == []
    street.on(minutes=3)
    street.work()
    assert tea.credits() == ["9.0"]


@pytest.mark.parametrize(
    ("offer", "price", "off"),
    [(percent_off(10), "110.00", "11.00"), (amount_off("5.00", "EUR"), "110.00", "5.50")],
    ids=["percent", "amount"],
)
def test_a_friend_who_takes_the_offer_up_gets_a_code_of_their_own(
    street: Street, offer: Worth, price: str, off: str
) -> None:
    tea = street.open("tea-house")
    tea.invite(share_of_order(10, as_=Kind.GIFT_CARD), offer=offer)
    claiming = Claiming(code="MEI12345", email="friend@example.com")
    claim = tea.referrals.claim(claiming)
    assert claim.coupon is not None
    street.work()
    assert tea.referrals.find_claim(claim.id).made
    node = tea.shop.discounts.find(claim.coupon)
    assert node is not None
    assert node["_asked"]["usageLimit"] == 1
    # Shopify shows a code as the buyer typed it.
    told = tea.sell(price, off, code=claim.coupon.upper())
    tea.shop.discounts.use(claim.coupon)
    tea.tell("orders/paid", told)
    street.work()
    assert tea.state(told) is State.QUALIFIED
    street.on(days=15)
    street.work()
    (card,) = tea.shop.cards.by_id.values()
    worth = Decimal(told["totalPriceSet"]["shopMoney"]["amount"]) / Decimal("1.1") / 10
    assert Decimal(card["balance"]["amount"]) == worth.quantize(Decimal("0.01"), ROUND_DOWN)


@pytest.mark.parametrize("pooled", [False, True], ids=["a discount each", "one discount"])
def test_a_burst_of_friends_leaves_nobody_without_a_code(street: Street, *, pooled: bool) -> None:
    tea = street.open("tea-house", EUR, friend_codes="pooled" if pooled else "")
    tea.invite(share_of_order(10, as_=Kind.STORE_CREDIT))
    friends = [f"friend-{number}@example.com" for number in range(40)]
    claims = [
        tea.referrals.claim(Claiming(code="MEI12345", email=friend, visit=None))
        for friend in friends
    ]
    street.work()
    made = [tea.referrals.find_claim(claim.id) for claim in claims]
    assert all(claim.made for claim in made)
    assert len({claim.coupon for claim in made}) == 40
    assert all(tea.shop.discounts.find(str(claim.coupon)) for claim in made)
    assert len(tea.shop.discounts.by_id) == (1 if pooled else 40)


# Deliveries


def test_one_delivery_many_times_at_once_counts_once(street: Street, tea: Place) -> None:
    told = tea.sell("110.00", "11.00")
    what = of_order("orders/paid", tea.shop.domain, told)
    clients = [client_of(street.house) for _ in range(8)]

    def post(client: Client) -> int:
        headers = dict(what.headers)
        return client.post("/hooks/shopify/app", data=what.body, headers=headers).status_code

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(post, clients)) == {200}
    street.work()
    street.on(days=15)
    street.work()
    assert tea.credits() == ["9.0"]


def test_what_comes_late_or_in_the_wrong_order_changes_nothing(street: Street, tea: Place) -> None:
    told = tea.sell("110.00", "11.00", financial="PENDING")
    create = of_order("orders/create", tea.shop.domain, told)
    tea.pay(told)
    tea.give_back(told, "99.00", quantities={0: 1})
    tea.tell("refunds/create", told)
    tea.tell("orders/paid", told)
    street.work()
    assert tea.post(create) == 200
    street.work()
    street.on(days=15)
    street.work()
    assert (tea.state(told), tea.credits()) == (State.REVERSED, [])


def test_amounts_of_a_delivery_are_never_believed(street: Street, tea: Place) -> None:
    told = tea.sell("110.00", "11.00", financial="PENDING")
    body = example("orders/paid") | {
        "id": int(tea.id(told)),
        "admin_graphql_api_id": told["id"],
        "financial_status": "paid",
        "test": False,
        "cancelled_at": None,
    }
    assert tea.post(sent("orders/paid", tea.shop.domain, body)) == 200
    street.work()
    # The shop itself says that nobody has paid.
    assert tea.state(told) is State.PENDING


def test_another_shops_header_moves_no_money(street: Street, tea: Place) -> None:
    bean = street.open("bean-street")
    bean.invite(share_of_order(10, as_=Kind.STORE_CREDIT))
    told = tea.sell("110.00", "11.00")
    assert tea.post(of_order("orders/paid", bean.shop.domain, told)) == 200
    street.work()
    street.on(days=15)
    street.work()
    # It is the shop's own all the same, which is compared now and then.
    assert (tea.credits(), bean.credits()) == (["9.0"], [])
    with pytest.raises(UnknownOrder):
        bean.referrals.credit.explain(bean.id(told))


def test_either_secret_signs_while_they_change(tea: Place) -> None:
    told = tea.sell("110.00", "11.00")
    body = example("orders/paid") | {"admin_graphql_api_id": told["id"]}
    for secret, status in ((SECRET, 200), (NEXT, 200), ("shpss_other", 401)):
        what = sent("orders/paid", tea.shop.domain, body, secret=secret)
        assert tea.post(what) == status


def test_what_nobody_signed_is_refused_and_never_an_error(tea: Place) -> None:
    what = sent("orders/paid", tea.shop.domain)
    for header in ("", "=" * 9000, "\xff\xfe"):
        headers = {**what.headers, "X-Shopify-Hmac-SHA256": header}
        answer = tea.client.post("/hooks/shopify/app", data=what.body, headers=headers)
        assert answer.status_code == 401
    assert tea.post(sent("orders/paid", "nobody.myshopify.com")) == 401
    assert tea.post(sent("orders/paid", "")) == 401
    for lacking in ("X-Shopify-Topic", "X-Shopify-Webhook-Id"):
        headers = {name: text for name, text in what.headers.items() if name != lacking}
        answer = tea.client.post("/hooks/shopify/app", data=what.body, headers=headers)
        assert (answer.status_code, lacking.lower() in answer.text) == (400, True)
    assert tea.client.get("/hooks/shopify/app").status_code == 405


def test_the_secret_is_the_apps_and_not_ours_to_change(street: Street, tea: Place) -> None:
    with pytest.raises(Invalid, match="platform chose the secret"):
        renew_secret(street.house, "tea-house")
    assert tea.post(sent("customers/create", tea.shop.domain)) == 200


def test_a_topic_that_nobody_knows_is_kept_and_does_nothing(street: Street, tea: Place) -> None:
    assert tea.post(sent("customers/create", tea.shop.domain)) == 200
    street.work()
    assert not [call for call in street.standin.calls if call.endswith("OrderHead")]
    assert (tea.credits(), tea.referrals.rewards.list("c-1")) == ([], [])


def test_what_nobody_told_of_is_found_when_the_shop_is_compared(street: Street, tea: Place) -> None:
    street.catch_up()
    told = tea.sell("110.00", "11.00")
    street.on(hours=2)
    street.work()
    assert tea.state(told) is State.QUALIFIED
    street.on(days=15)
    street.work()
    assert tea.credits() == ["9.0"]
    tea.give_back(told, "99.00", quantities={0: 1})
    street.on(hours=2)
    street.work()
    assert (tea.state(told), tea.credits()) == (State.REVERSED, ["0.0"])


# Tokens


def test_a_token_that_ran_out_is_renewed_and_kept(street: Street, tea: Place) -> None:
    told = tea.sell("110.00", "11.00")
    before = street.house.installation_of("tea-house")
    street.on(hours=2)
    tea.tell("orders/paid", told)
    street.work()
    after = street.house.installation_of("tea-house")
    assert tea.state(told) is State.QUALIFIED
    assert before is not None
    assert after is not None
    assert (
        before.installation.credentials["access_token"]
        != after.installation.credentials["access_token"]
    )
    calls = [call for call in street.standin.calls if "access_token" in call]
    assert calls == [f"{tea.shop.domain} access_token refresh_token"]


def test_a_shop_whose_owner_removed_the_app_leaves_its_deliveries_to_a_person(
    street: Street, tea: Place
) -> None:
    told = tea.sell("110.00", "11.00")
    street.standin.doors.shut(tea.shop.domain)
    tea.tell("orders/paid", told)
    street.work()
    (row,) = rows(street.house, inbox)
    assert row["state"] == "dead"
    assert "tea-house: its owner must open the app again" in row["verdict"]
    assert "disconnected" in row["verdict"]


# The law


def test_somebody_who_is_forgotten_is_forgotten_and_the_book_stands(
    street: Street, tea: Place
) -> None:
    told = tea.sell("110.00", "11.00", email="friend@example.com")
    tea.tell("orders/paid", told)
    street.work()
    assert tea.referrals.people.export("friend@example.com")["people"]
    body = example("customers/redact") | {
        "shop_domain": tea.shop.domain,
        "customer": {"id": 7, "email": "friend@example.com", "phone": None},
    }
    assert tea.post(sent("customers/redact", tea.shop.domain, body)) == 200
    street.work()
    assert tea.state(told) is State.QUALIFIED
    is_forgotten(tea, "friend@example.com")


def test_an_order_that_somebody_placed_by_another_address_is_forgotten_with_them(
    street: Street, tea: Place
) -> None:
    friend, office = "friend@example.com", "friend@office.example"
    orders = {one: tea.sell("110.00", "11.00", email=one) for one in (friend, office)}
    for told in orders.values():
        tea.tell("orders/paid", told)
    street.work()
    assert tea.referrals.people.export(office)["people"]
    redact = tea.by_law(
        "customers/redact",
        customer={"id": 7, "email": friend, "phone": None},
        orders_to_redact=[int(tea.id(orders[office])), 4711],
    )
    assert tea.post(redact) == 200
    street.work()
    for email, told in orders.items():
        assert tea.state(told) is State.QUALIFIED
        is_forgotten(tea, email)


def is_forgotten(tea: Place, email: str) -> None:
    with pytest.raises(UnknownPerson):
        tea.referrals.people.export(email)


@pytest.mark.parametrize("choice", list(Coupons))
def test_who_leaves_chooses_what_becomes_of_codes(
    street: Street, tea: Place, choice: Coupons
) -> None:
    claim = tea.referrals.claim(Claiming(code="MEI12345", email="friend@example.com"))
    street.work()
    leave(street.house, "tea-house", choice)
    street.work()
    node = tea.shop.discounts.find(claim.coupon)
    assert node is not None
    over = choice is Coupons.DISABLE
    assert node["codeDiscount"]["status"]() == ("EXPIRED" if over else "ACTIVE")
    # The address is every shop's: what it tells is kept for the law, and moves nothing.
    told = tea.sell("110.00", "11.00")
    tea.tell("orders/paid", told)
    street.work()
    with pytest.raises(UnknownOrder):
        tea.referrals.credit.explain(tea.id(told))


# Being connected, and looked after


def test_a_shop_is_found_by_the_domain_that_its_deliveries_claim(street: Street) -> None:
    tea = street.open("tea-house")
    connected = street.house.installation_of("tea-house")
    assert connected is not None
    assert connected.path == tea.shop.domain
    tea.invite(share_of_order(10))
    tea.tell("orders/paid", tea.sell("110.00", "11.00"))


def test_a_shop_that_nobody_visits_stays_connected(street: Street, tea: Place) -> None:
    for _ in range(200):
        street.on(days=1)
        tend_all(street.house)
    refreshed = [call for call in street.standin.calls if call.endswith("refresh_token")]
    assert len(refreshed) == 3
    told = tea.sell("110.00", "11.00")
    tea.tell("orders/paid", told)
    street.work()
    assert tea.state(told) is State.QUALIFIED


def test_one_shop_that_cannot_be_looked_after_holds_up_no_other(street: Street) -> None:
    tea, bean = street.open("tea-house"), street.open("bean-street")
    street.on(days=61)
    street.standin.doors.shut(bean.shop.domain)
    assert tend_all(street.house) == 1
    assert [call for call in street.standin.calls if "refresh" in call] == [
        f"{bean.shop.domain} access_token refresh_token",
        f"{tea.shop.domain} access_token refresh_token",
    ]
