"""What an app's parts in a shop ask for: of the shop that they prove, and that customer alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from werkzeug.test import TestResponse

from goodword import Advocate, Relation, State
from goodword_shopify.standin import Bought, Shop, order
from goodword_shopify.standin.deliveries import of_order
from tests.sdk.builders import a_program
from tests.server.apps.conftest import BEAN, OLD, PAGE, TEA, Admin
from tests.server.builders import PUBLIC, problem

pytestmark = pytest.mark.slow

STOREFRONT, CHECKOUT = f"{PAGE}/storefront", f"{PAGE}/checkout"
MEI = "mei@example.com"


@dataclass
class Counter:
    """A connected shop with a program, and whoever asks from its pages."""

    admin: Admin
    shop: Shop
    mei: str
    """The shop's own id of a customer."""

    @property
    def referrals(self):  # type: ignore[no-untyped-def]
        return self.admin.house.referrals("tea-house")

    def storefront(
        self, what: str, domain: str = TEA, customer: str = "", told: Any = None, **other: str
    ) -> TestResponse:
        query = self.admin.proxied(domain, customer, **other)
        at = f"{STOREFRONT}/{what}?{query}"
        client = self.admin.client
        return client.get(at) if told is None else client.post(at, json=told)

    def checkout(
        self,
        what: str,
        customer: str = "",
        told: Any = None,
        query: str = "",
        domain: str = TEA,
        **other: Any,
    ) -> TestResponse:
        sub = f"gid://shopify/Customer/{customer}" if customer else None
        headers = self.admin.bearer(domain, **{"sub": sub, **other})
        at = f"{CHECKOUT}/{what}{query}"
        client = self.admin.client
        if told is None:
            return client.get(at, headers=headers)
        return client.post(at, json=told, headers=headers)


@pytest.fixture
def counter(admin: Admin, tea: Shop) -> Counter:
    admin.open()
    admin.house.referrals("tea-house").programs.save(a_program())
    mei = tea.welcome(MEI, name="Mei")["id"].rpartition("/")[2]
    return Counter(admin, tea, mei)


def own_code(counter: Counter) -> dict[str, Any]:
    told = counter.storefront("own", customer=counter.mei, told={}).get_json()
    (code,) = told["codes"]
    return dict(code)


# Who is signed in.


def test_a_customer_gets_a_link_of_their_own(counter: Counter) -> None:
    before = counter.storefront("own", customer=counter.mei).get_json()
    assert before == {
        "advocate": None,
        "programs": [{"program": "friends", "title": "Give 10%, get 10%"}],
        "codes": [],
    }
    told = counter.storefront("own", customer=counter.mei, told={}).get_json()
    (code,) = told["codes"]
    assert told["advocate"] == counter.mei
    assert code["link"].startswith(f"{PUBLIC}/tea-house/r/{code['code']}")
    assert (code["live"], told["friends"], told["rewards"]) == (True, [], [])
    mei = counter.referrals.advocates.find(counter.mei)
    assert (mei.name, mei.email, mei.relation) == ("Mei", MEI, Relation.CUSTOMER)
    # And from the checkout, and again, the same.
    for again in (
        counter.storefront("own", customer=counter.mei),
        counter.storefront("own", customer=counter.mei, told={"program": "friends"}),
        counter.checkout("own", counter.mei),
    ):
        assert again.get_json()["codes"] == [code]


def test_it_is_said_in_the_pages_language(counter: Counter) -> None:
    english = own_code(counter)["message"]
    told = counter.storefront("own", customer=counter.mei, language="zh-TW").get_json()
    assert told["codes"][0]["message"] != english


def test_what_is_to_be_had_is_told_with_the_way_to_use_it(counter: Counter) -> None:
    code, admin = own_code(counter), counter.admin
    at = admin.clock().isoformat()
    line = Bought(price="100.00")
    told = order(
        counter.shop.new_id("Order"),
        counter.shop.till,
        [line],
        at=at,
        customAttributes=[
            {"key": "_goodword_code", "value": code["code"]},
            {"key": "_goodword_via", "value": "typed"},
        ],
    )
    counter.shop.place(told)
    what = of_order("orders/paid", TEA, told)
    sent = admin.client.post("/hooks/shopify/app", data=what.body, headers=dict(what.headers))
    assert sent.status_code == 200
    admin.work()
    waiting = counter.storefront("own", customer=counter.mei).get_json()
    (friend,), (reward,) = waiting["friends"], waiting["rewards"]
    assert reward["coupon"] is None
    assert friend["words"]
    admin.on(days=31)
    admin.work()
    (reward,) = counter.storefront("own", customer=counter.mei).get_json()["rewards"]
    assert reward["coupon"]
    assert reward["use"].endswith(f"/discount/{reward['coupon']}?redirect=%2F")
    id = told["id"].rpartition("/")[2]
    assert counter.referrals.credit.explain(id).referral.state is State.REWARDED


def test_nobody_reads_what_is_anothers(counter: Counter) -> None:
    own_code(counter)
    lin = counter.shop.welcome("lin@example.com")["id"].rpartition("/")[2]
    assert counter.storefront("own", customer=lin).get_json()["codes"] == []
    assert counter.checkout("own", lin).get_json()["codes"] == []
    for guest in (counter.storefront("own"), counter.checkout("own")):
        assert guest.status_code == 403
    # Who is signed in is told by the shop, and by nobody else.
    forged = counter.admin.proxied() + f"&logged_in_customer_id={counter.mei}"
    assert counter.admin.client.get(f"{STOREFRONT}/own?{forged}").status_code == 401
    assert counter.storefront("own", told={"customer": counter.mei}).status_code == 422


def test_what_somebody_is_to_the_shop_stays(counter: Counter) -> None:
    staff = Advocate(id=counter.mei, name="Mei", email=MEI, relation=Relation.EMPLOYEE)
    counter.referrals.advocates.invite("friends", staff)
    own_code(counter)
    assert counter.referrals.advocates.find(counter.mei).relation is Relation.EMPLOYEE


def test_a_customer_whom_the_shop_does_not_know_gets_nothing(counter: Counter) -> None:
    assert counter.storefront("own", customer="7", told={}).status_code == 404
    answer = counter.storefront("own", customer=counter.mei, told={"program": "none"})
    assert (answer.status_code, problem(answer)["reason"]) == (404, "unknown_program")


def test_where_nothing_takes_customers_that_is_said(counter: Counter) -> None:
    counter.referrals.programs.save(a_program(relations=(Relation.PARTNER,)))
    assert counter.storefront("own", customer=counter.mei).get_json()["programs"] == []
    answer = counter.storefront("own", customer=counter.mei, told={})
    assert problem(answer)["reason"] == "no_program"


def test_what_is_kept_from_the_app_leaves_a_code_all_the_same(counter: Counter) -> None:
    counter.admin.standin.hides = frozenset({"firstName", "defaultEmailAddress"})
    assert own_code(counter)["code"]
    mei = counter.referrals.advocates.find(counter.mei)
    assert (mei.name, mei.email) == ("", None)


# A guest at the thank-you page.


def bought(counter: Counter, token: str | None = "a1b2c3", customer: bool = True) -> str:
    lin = counter.shop.welcome("lin@example.com", name="Lin")
    told = order(
        counter.shop.new_id("Order"),
        counter.shop.till,
        [Bought(price="10.00")],
        at=counter.admin.clock().isoformat(),
        checkoutToken=token,
        customer=lin if customer else None,
    )
    return str(counter.shop.place(told)["id"])


def test_a_guest_gets_a_link_by_the_order_of_this_checkout(counter: Counter) -> None:
    answer = counter.checkout("own", told={"order": bought(counter), "checkout": "a1b2c3"})
    assert answer.status_code == 200
    # The code alone: whoever holds the order may not be who earned something.
    assert answer.get_json().keys() == {"codes"}
    assert len(answer.get_json()["codes"]) == 1


@pytest.mark.parametrize("told", ["other", "", "é" * 9, "a1b2c3x"])
def test_another_checkouts_order_gives_nothing(counter: Counter, told: str) -> None:
    for token in ("a1b2c3", None):
        answer = counter.checkout("own", told={"order": bought(counter, token), "checkout": told})
        assert answer.status_code in (403, 404)


def test_an_order_without_a_customer_or_of_nobody_gives_nothing(counter: Counter) -> None:
    for id in (bought(counter, customer=False), "gid://shopify/Order/7", "x", "1" * 300):
        answer = counter.checkout("own", told={"order": id, "checkout": "a1b2c3"})
        assert answer.status_code == 404


def test_a_storefront_gives_nothing_for_an_order(counter: Counter) -> None:
    told = {"order": bought(counter), "checkout": "a1b2c3"}
    assert counter.storefront("own", told=told).status_code == 403


# Friends.


def test_a_friend_is_told_of_the_offer(counter: Counter) -> None:
    code = own_code(counter)["code"]
    for answer in (
        counter.storefront("offer", code=code),
        counter.checkout("offer", query=f"?code={code}"),
    ):
        told = answer.get_json()
        assert (told["code"], told["state"], told["advocate"]) == (code, "live", "Mei")
        assert told["words"]["offer.title"]
        assert "coupon" in told
    answer = counter.storefront("offer", code="NOBODY22")
    assert (answer.status_code, problem(answer)["reason"]) == (404, "unknown_code")


def test_codes_are_not_guessed(counter: Counter) -> None:
    house = counter.admin.house
    guarded = replace(house.settings, guess_limit=3)
    house.limits = type(house.limits)(house.database, house.now, guarded)
    headers = {"X-Forwarded-For": "203.0.113.7"}

    def guess(n: int, **other: str) -> int:
        at = f"{STOREFRONT}/offer?{counter.admin.proxied(code=f'NOBODY{n}')}"
        return counter.admin.client.get(at, headers=headers | other).status_code

    assert [guess(n) for n in range(5)] == [404, 404, 404, 429, 429]
    # Another shopper comes through the same relay, and is another one.
    assert guess(9, **{"X-Forwarded-For": "203.0.113.8"}) == 404


def test_a_visit_is_kept(counter: Counter) -> None:
    code = own_code(counter)["code"]
    for answer in (
        counter.storefront("visits", told={"code": code, "landing": "/tea", "via": "line"}),
        counter.checkout("visits", told={"code": code}),
    ):
        assert answer.status_code == 201
        assert answer.get_json()["code"] == code
        assert answer.get_json()["id"]


def test_an_offer_is_taken_up_by_account_or_address(counter: Counter) -> None:
    code = own_code(counter)["code"]
    lin = counter.shop.welcome("lin@example.com")["id"].rpartition("/")[2]
    for answer in (
        counter.storefront("claims", customer=lin, told={"code": code}),
        counter.checkout("claims", lin, told={"code": code}),
    ):
        assert answer.status_code == 201
        assert answer.get_json().keys() <= {"id", "code", "coupon", "made", "expires"}
        assert answer.get_json()["coupon"]
    guest = counter.storefront("claims", told={"code": code, "email": "bo@example.com"})
    assert guest.status_code == 201
    assert counter.storefront("claims", told={"code": code}).status_code == 422
    # Nobody takes an offer up in another's name.
    forged = counter.storefront("claims", told={"code": code, "account": lin})
    assert (forged.status_code, problem(forged)["facts"]["field"]) == (422, "account")
    mine = counter.storefront("claims", customer=counter.mei, told={"code": code})
    assert problem(mine)["reason"] == "own_code"


# Who proves nothing.


def test_a_storefront_that_proves_nothing_is_told_nothing(counter: Counter) -> None:
    admin = counter.admin
    code = own_code(counter)["code"]
    good = admin.proxied(code=code)
    old = replace(admin, clock=type(admin.clock)(admin.clock()))
    old.clock.on(seconds=-91)
    forged = replace(admin, secret="shpss_another")
    for query in (
        "",
        f"code={code}",
        good.replace(code, "ALICE10"),
        good.replace(TEA, BEAN),
        f"{good}&more=1",
        f"{good}&shop={BEAN}",
        old.proxied(code=code),
        forged.proxied(code=code),
        good.replace("signature=", "signature=%00"),
    ):
        answer = admin.client.get(f"{STOREFRONT}/offer?{query}")
        assert (answer.status_code, problem(answer)["reason"]) == (401, "request_refused"), query
    assert admin.client.get(f"{STOREFRONT}/offer?{good}").status_code == 200
    before = replace(admin, secret=OLD)
    assert admin.client.get(f"{STOREFRONT}/offer?{before.proxied(code=code)}").status_code == 200


@pytest.mark.parametrize(
    "other",
    [
        {"exp": 1},
        {"exp": None},
        {"nbf": 9_999_999_999},
        {"aud": "another app"},
        {"aud": None},
        {"dest": None},
        {"dest": f"{TEA}.evil.example"},
        {"dest": f"https://{TEA}@evil.example"},
        {"secret": "shpss_another-0123456789abcdef0123"},
    ],
    ids=str,
)
def test_a_checkout_that_proves_nothing_is_told_nothing(
    counter: Counter, other: dict[str, Any]
) -> None:
    headers = counter.admin.bearer(**other)
    answer = counter.admin.client.get(f"{CHECKOUT}/own", headers=headers)
    assert (answer.status_code, problem(answer)["reason"]) == (401, "request_refused")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer a.b.c", "Basic x", "Bearer \xe9"])
def test_a_header_that_proves_nothing_is_told_nothing(counter: Counter, header: str) -> None:
    for at in (f"{CHECKOUT}/own", f"{PAGE}/admin/status"):
        answer = counter.admin.client.get(at, headers={"Authorization": header})
        assert answer.status_code == 401


def test_what_another_shop_signed_opens_that_shop_alone(counter: Counter) -> None:
    admin = counter.admin
    code = own_code(counter)["code"]
    # One that is not here.
    for answer in (
        counter.storefront("offer", BEAN, code=code),
        counter.checkout("own", counter.mei, domain=BEAN),
    ):
        assert answer.status_code == 404
    admin.standin.open(BEAN)
    admin.open(BEAN)
    admin.house.referrals("bean-street").programs.save(a_program())
    assert counter.storefront("offer", BEAN, code=code).status_code == 404
    assert counter.storefront("visits", BEAN, told={"code": code}).status_code == 404
    told = counter.checkout("own", counter.mei, domain=BEAN).get_json()
    assert told["advocate"] is None
    assert counter.storefront("own", BEAN, customer=counter.mei, told={}).status_code == 404


def test_what_is_good_at_one_place_is_not_at_another(counter: Counter) -> None:
    client, admin = counter.admin.client, counter.admin
    session = {"Authorization": f"Bearer {admin.token()}"}
    # Of the checkout's kind it has all that one needs, but nobody is signed in as a customer.
    assert client.get(f"{CHECKOUT}/own", headers=session).status_code == 403
    buyer = admin.bearer(sub=f"gid://shopify/Customer/{counter.mei}")
    assert client.get(f"{PAGE}/admin/status", headers=buyer).status_code == 401
    assert client.get(f"{STOREFRONT}/own", headers=buyer).status_code == 401
    assert client.get(f"{CHECKOUT}/own?{admin.proxied(customer=counter.mei)}").status_code == 401


def test_nothing_is_changed_by_looking(counter: Counter) -> None:
    for what in ("visits", "claims"):
        assert counter.storefront(what, code="ALICE10").status_code == 405
    # A form of another site cannot send JSON.
    at = f"{STOREFRONT}/own?{counter.admin.proxied(customer=counter.mei)}"
    assert counter.admin.client.post(at, data={"program": "friends"}).status_code == 415
    assert counter.referrals.programs.list()
    assert counter.storefront("own", customer=counter.mei).get_json()["advocate"] is None


@pytest.mark.parametrize(
    "body", ["", "[]", "{", '"x"', "[" * 5000, '{"code": 7}', '{"code": "\\ud800"}']
)
def test_nonsense_is_named_and_never_an_error(counter: Counter, body: str) -> None:
    for what in ("visits", "claims"):
        at = f"{STOREFRONT}/{what}?{counter.admin.proxied()}"
        answer = counter.admin.client.post(at, data=body, content_type="application/json")
        assert 400 <= answer.status_code < 500


def test_a_checkout_may_ask_from_anywhere(counter: Counter) -> None:
    asked = counter.admin.client.options(f"{CHECKOUT}/own")
    assert (asked.status_code, asked.data) == (204, b"")
    assert asked.headers["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
    told = counter.checkout("own", counter.mei)
    assert told.headers["Access-Control-Allow-Origin"] == "*"
    assert told.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in counter.storefront("own").headers


# Its staff.


def test_staff_are_told_how_the_shop_is_connected(counter: Counter) -> None:
    admin = counter.admin
    admin.work()
    headers = {"Authorization": f"Bearer {admin.token()}"}
    told = admin.client.get(f"{PAGE}/admin/status", headers=headers).get_json()
    assert (told["shop"], told["owned"], told["trouble"]) == ("tea-house", False, None)
    assert told["programs"] == ["friends"]
    assert {one["reason"] for one in told["signs"]} == {
        *("scopes_given", "keys_renewed", "version_kept", "discounts_fit", "test_shop")
    }
    at = f"{PAGE}/admin/status?language=zh-TW"
    chinese = admin.client.get(at, headers=headers).get_json()
    words = [one["words"] for one in told["signs"]]
    assert not {one["words"] for one in chinese["signs"]} & set(words)


def test_staff_with_a_stale_token_are_asked_for_another(counter: Counter) -> None:
    stale = counter.admin.token(exp=int(counter.admin.clock().timestamp()) - 60)
    headers = {"Authorization": f"Bearer {stale}"}
    answer = counter.admin.client.get(f"{PAGE}/admin/status", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["X-Shopify-Retry-Invalid-Session-Request"] == "1"
    shopper = counter.admin.client.get(f"{CHECKOUT}/own", headers=headers)
    assert "X-Shopify-Retry-Invalid-Session-Request" not in shopper.headers
