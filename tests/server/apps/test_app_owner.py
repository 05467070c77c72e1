"""An owner connects a Shopify shop from their own pages, and reads there how it is doing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from goodword import Kind, Terms, amount_off, share_of_order
from goodword.watching import SIGNS
from goodword_server.languages import LANGUAGES
from goodword_server.shell.language import sentences
from goodword_server.shell.roles import Role
from goodword_server.storage.tables import audit, installations
from goodword_shopify.scopes import BASIC
from goodword_shopify.standin import SCOPES, Bought, Shop, order
from tests.sdk.builders import a_program
from tests.server.apps.conftest import BEAN, TEA, Admin
from tests.server.builders import PUBLIC, rows
from tests.server.shell.browser import AT, Browser, Page, somebody

pytestmark = pytest.mark.slow

PLATFORM = {"platform": "shopify"}


@dataclass
class Desk:
    """An owner before their shop's pages, and Shopify."""

    admin: Admin
    owner: Browser

    def find(self, url: str = TEA, browser: Browser | None = None) -> Page:
        sent = (browser or self.owner).post(f"{AT}/connect", url=url, **PLATFORM)
        assert sent.status_code == 200, sent.headers
        return Page(sent.text)

    def way(self, url: str = TEA) -> str:
        (told,) = [told for told in self.find(url).all("a") if told.get("role") == "button"]
        return told["href"]

    def back(self, address: str, browser: Browser | None = None) -> Any:
        client = (browser or self.owner).client
        path = address.removeprefix(PUBLIC)
        return client.get(path, base_url=PUBLIC, headers={"Accept": "text/html"})

    def join(self) -> None:
        assert self.back(self.admin.consent(self.way())).status_code == 302

    def health(self, language: str = "en") -> str:
        self.owner.language = language
        return " ".join(self.owner.read(f"{AT}/").text.split())


@pytest.fixture
def desk(admin: Admin, tea: Shop) -> Desk:
    return Desk(admin, somebody(admin.house, Role.OWNER))


# Connecting.


def test_an_owner_connects_their_shop(desk: Desk) -> None:
    way = desk.way("https://admin.shopify.com/store/tea-house")
    parts = urlsplit(way)
    assert (parts.netloc, parts.path) == (TEA, "/admin/oauth/authorize")
    asked = parse_qs(parts.query)
    assert asked["redirect_uri"] == [f"{PUBLIC}/app/shopify/callback"]
    assert asked["scope"] == ["read_orders,read_customers,write_discounts"]
    answer = desk.back(desk.admin.consent(way))
    assert answer.headers["Location"] == f"{PUBLIC}{AT}/connect"
    kept = desk.admin.connected()
    assert kept is not None
    assert kept.path == TEA
    assert "Connected to Shopify" in desk.owner.read(f"{AT}/connect").text
    (line,) = [row for row in rows(desk.admin.house, audit) if row["did"] == "connected"]
    assert line["account"] is not None


def test_it_asks_for_what_the_programs_need(desk: Desk) -> None:
    program = a_program(reward=share_of_order(10, as_=Kind.STORE_CREDIT))
    desk.admin.house.referrals("tea-house").programs.save(program)
    (scope,) = parse_qs(urlsplit(desk.way()).query)["scope"]
    assert "write_store_credit_account_transactions" in scope
    assert "read_products" not in scope


@pytest.mark.parametrize("terms", [Terms(products=("1",)), Terms(without_products=("2",))])
def test_it_asks_to_read_products_where_terms_name_some(desk: Desk, terms: Terms) -> None:
    desk.admin.house.referrals("tea-house").programs.save(a_program(terms=terms))
    (scope,) = parse_qs(urlsplit(desk.way()).query)["scope"]
    assert scope.split(",") == [*BASIC, "read_products"]


@pytest.mark.parametrize(
    "address", ["tea.example", "https://evil.example/tea-house.myshopify.com", "-"]
)
def test_what_is_no_shop_of_shopifys_is_told(desk: Desk, address: str) -> None:
    said = desk.owner.said(f"{AT}/connect", url=address, **PLATFORM)
    assert "myshopify.com" in said


def test_only_the_owners_own_browser_comes_back(desk: Desk) -> None:
    back = desk.admin.consent(desk.way())
    # Somebody whom another one sent there: their shop must not become the sender's.
    other = somebody(desk.admin.house, Role.OWNER, shop="bean")
    assert desk.back(back, other).status_code == 401
    assert rows(desk.admin.house, installations) == []
    assert desk.back(back).status_code == 302
    assert desk.back(back).status_code == 401


def test_another_shop_than_the_one_that_was_meant_is_not_connected(desk: Desk) -> None:
    desk.admin.standin.open(BEAN)
    answer = desk.back(desk.admin.consent(desk.way(), BEAN))
    assert answer.status_code == 302
    assert rows(desk.admin.house, installations) == []
    assert "did not work" in desk.owner.read(f"{AT}/connect").text


def test_a_shop_is_connected_once(desk: Desk) -> None:
    desk.join()
    bean = Desk(desk.admin, somebody(desk.admin.house, Role.OWNER, shop="bean"))
    sent = bean.owner.post("/owner/shops/bean/connect", url=TEA, **PLATFORM)
    (told,) = [told for told in Page(sent.text).all("a") if told.get("role") == "button"]
    assert bean.back(bean.admin.consent(told["href"])).status_code == 302
    (row,) = rows(desk.admin.house, installations)
    assert row["shop"] == "tea-house"
    assert "another shop" in bean.owner.read("/owner/shops/bean/connect").text


def test_an_owner_who_is_none_any_more_connects_nothing(desk: Desk) -> None:
    back = desk.admin.consent(desk.way())
    somebody(desk.admin.house, Role.OWNER, shop="tea-house")
    from goodword_server.storage import accounts

    def deed(session: Any) -> None:
        found = accounts.find(session, email=f"{Role.OWNER}@tea-house.example")
        assert found is not None
        accounts.join(session, "tea-house", found.id, Role.STAFF, desk.admin.clock())

    desk.admin.house.database.write(deed)
    assert desk.back(back).status_code == 401
    assert rows(desk.admin.house, installations) == []


def test_what_the_platform_decides_is_not_offered(desk: Desk) -> None:
    desk.join()
    page = desk.owner.read(f"{AT}/connect").text
    assert "A new secret for webhooks" not in page
    assert "changed there" in desk.owner.said(f"{AT}/connect/secret")
    assert desk.owner.post(f"{AT}/connect/code", **PLATFORM).status_code == 404
    assert desk.owner.post(f"{AT}/connect", platform="none", url=TEA).status_code == 404


# How it is doing.


def test_a_sound_shop_is_told_so(desk: Desk) -> None:
    desk.join()
    desk.admin.work()
    told = desk.health()
    for sentence in ("lets us do all", "renewed by itself", "2026-07", "stands in the way"):
        assert sentence in told
    assert "自動更新" in desk.health("zh-TW")


def test_scopes_that_are_missing_are_named(desk: Desk) -> None:
    desk.join()
    program = a_program(reward=share_of_order(10, as_=Kind.GIFT_CARD))
    desk.admin.house.referrals("tea-house").programs.save(program)
    desk.admin.standin.doors.scopes[TEA] = SCOPES - {"write_gift_cards"}
    # What the app holds was given before that.
    desk.admin.on(hours=7)
    desk.admin.work()
    assert "agree to: write_gift_cards." in desk.health()


def test_a_change_of_scopes_is_looked_at_at_once(desk: Desk) -> None:
    from goodword_shopify.standin.deliveries import example, sent

    desk.join()
    desk.admin.work()
    desk.admin.standin.doors.scopes[TEA] = SCOPES - {"write_discounts"}
    # Rather less than six hours, and more than an hour: then tokens are new.
    desk.admin.on(minutes=90)
    what = sent("app/scopes_update", TEA, example("app/scopes_update"))
    headers = dict(what.headers)
    client = desk.admin.client
    assert client.post("/hooks/shopify/app", data=what.body, headers=headers).status_code == 200
    desk.admin.work()
    desk.admin.work()
    assert "agree to: write_discounts." in desk.health()


def test_another_version_is_told(desk: Desk) -> None:
    desk.join()
    desk.admin.standin.answers_as = "2026-10"
    desk.admin.work()
    assert "answers as of 2026-10" in desk.health()


def test_discounts_that_clash_are_named(desk: Desk, tea: Shop) -> None:
    desk.join()
    program = a_program(reward=amount_off("5.00", "EUR"))
    desk.admin.house.referrals("tea-house").programs.save(program)
    tea.discounts.offer("Autumn", "ORDER", "order", "shipping")
    tea.discounts.offer("Free parcel", "SHIPPING", "order")
    tea.discounts.offer("Over", "ORDER", status="EXPIRED")
    desk.admin.work()
    told = desk.health()
    assert "not both: Autumn." in told


def test_credit_that_nobody_could_spend_is_told(desk: Desk, tea: Shop) -> None:
    desk.join()
    tea.accounts = "CLASSIC"
    desk.admin.work()
    assert "old kind" not in desk.health()
    program = a_program(reward=share_of_order(10, as_=Kind.STORE_CREDIT))
    desk.admin.house.referrals("tea-house").programs.save(program)
    desk.owner.said(f"{AT}/connect/now")
    desk.admin.work()
    assert "old kind" in desk.health()


def test_an_app_that_was_removed_is_told(desk: Desk) -> None:
    desk.join()
    desk.admin.standin.doors.shut(TEA)
    desk.admin.on(hours=2)
    desk.admin.work()
    assert "open the app again" in desk.health()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sign_has_its_sentence(language: str) -> None:
    known = sentences(language)
    assert not [one for one in SIGNS if not {f"sign.{one}", f"sign.{one}.title"} <= known.keys()]


# Trying out.


def test_a_test_order_says_what_a_real_one_would_earn(desk: Desk, tea: Shop) -> None:
    from goodword_shopify.standin.deliveries import of_order

    desk.join()
    referrals = desk.admin.house.referrals("tea-house")
    referrals.programs.save(a_program(reward=amount_off("5.00", "EUR")))
    from goodword import Advocate

    mei = Advocate(id="c-1", name="Mei", email="mei@example.com")
    referrals.advocates.invite("friends", mei, coupon="MEI10")
    told = order(
        tea.new_id("Order"),
        tea.till,
        [Bought(price="100.00", off=(("MEI10", "10.00"),))],
        at=desk.admin.clock().isoformat(),
        test=True,
    )
    tea.place(told)
    what = of_order("orders/paid", TEA, told)
    desk.admin.client.post("/hooks/shopify/app", data=what.body, headers=dict(what.headers))
    desk.admin.work()
    id = str(told["id"]).rpartition("/")[2]
    page = " ".join(desk.owner.read(f"{AT}/why?order={id}").text.split())
    assert "Had it been a real one" in page
    assert "€5.00" in page
    desk.admin.on(days=40)
    desk.admin.work()
    # And nothing of it is booked or given.
    assert referrals.credit.explain(id).entries == ()
    assert tea.discounts.by_id == {}
