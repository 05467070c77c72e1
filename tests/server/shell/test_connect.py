"""The owner joins a shop, looks after its connection, and leaves it: as the pages show it."""

from __future__ import annotations

import pytest

from goodword import Claiming
from goodword_server.shell.roles import Role
from goodword_server.storage.tables import audit, installations
from goodword_woocommerce.standin import Fault
from tests.sdk.builders import Clock
from tests.server.builders import PAID, SHOP, a_house, client_of, connect, rows
from tests.server.shell.browser import somebody
from tests.server.shell.conftest import PAGE, Desk, health

pytestmark = pytest.mark.slow


# Joining.


def test_an_owner_finds_their_shop_agrees_there_and_is_connected(desk: Desk) -> None:
    assert "This shop is not connected yet." in desk.owner.read(PAGE).text
    found = desk.find()
    assert "Found: Bean Street Coffee" in found.text
    assert "You have 30 minutes." in found.text
    way = desk.way(found)
    assert way.startswith(f"{desk.standin.url}/wc-auth/v1/authorize?")
    # Until the shop answers, the page says that it was asked.
    assert "has not answered yet" in desk.owner.read(PAGE).text
    desk.join()
    told = desk.owner.read(PAGE).text
    assert f"Connected to WooCommerce at {desk.standin.url}." in told
    assert f"ends in {desk.standin.key[-7:]}." in told
    assert desk.standin.secret not in told
    assert "has not answered" not in told


def test_what_the_browser_brings_back_proves_nothing(desk: Desk) -> None:
    desk.find()
    told = desk.owner.read(f"{PAGE}?success=1&user_id=whatever").text
    assert "This shop is not connected yet." in told


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "Give the shop"),
        ("not an address", "Give the shop"),
        ("ftp://tea.example", "Give the shop"),
        ("http://127.0.0.1:1", "Nobody answers there just now"),
        ('"><script>alert(1)</script>', "Give the shop"),
    ],
)
def test_what_is_no_shop_is_told_in_plain_words(desk: Desk, address: str, said: str) -> None:
    told = desk.owner.said(PAGE, url=address)
    assert said in told
    assert "<script>alert" not in told
    chinese = somebody(desk.house, Role.OWNER, language="zh-TW")
    assert said not in chinese.said(PAGE, url=address)


def test_an_address_of_the_inner_network_is_refused(url: str, clock: Clock, desk: Desk) -> None:
    with a_house(url, clock) as strict:
        owner = somebody(strict, Role.OWNER)
        assert "not on the open internet" in owner.said(PAGE, url=desk.standin.url)
    assert desk.standin.calls == []


def test_a_try_that_did_not_work_is_told_in_both_languages(desk: Desk) -> None:
    address, body = desk.standin.agreed(desk.way(desk.find()))
    desk.standin.fail(Fault.WALL)
    path = address.removeprefix(desk.house.settings.public_url)
    assert client_of(desk.house).post(path, data=body).status_code == 422
    told = desk.owner.read(PAGE).text
    assert "The last try did not work: something in front of the shop keeps us out (403)." in told
    chinese = somebody(desk.house, Role.OWNER, language="zh-TW").read(PAGE).text
    assert "上一次沒有成功：商店前方的防護把我們擋下（403）。" in chinese


def test_without_encryption_the_owner_is_told_why_and_pairs(
    url: str, clock: Clock, desk: Desk
) -> None:
    with a_house(url, clock, hooks_local=True, public_url="http://thanks.example") as plain:
        owner = somebody(plain, Role.OWNER)
        told = owner.read(PAGE).text
        assert "only to an address with encryption" in told
        assert "Make a pairing code" in told
        assert "only to an address with encryption" in owner.said(PAGE, url=desk.standin.url)


def test_a_pairing_code_is_shown_once_and_names_the_place_to_bring_it(desk: Desk) -> None:
    code = desk.code()
    assert code.startswith(f"https://thanks.example/connect/woocommerce/{SHOP}/pairing#")
    assert code not in desk.owner.read(PAGE).text
    (line,) = [row for row in rows(desk.house, audit) if row["did"] == "pairing_code"]
    assert code.partition("#")[2] not in str(line)
    address, _, bare = code.partition("#")
    told = {
        "code": bare,
        "url": desk.standin.url,
        "consumer_key": desk.standin.key,
        "consumer_secret": desk.standin.secret,
        "key_permissions": "read_write",
    }
    path = address.removeprefix("https://thanks.example")
    assert client_of(desk.house).post(path, json=told).status_code == 200
    assert "Connected to WooCommerce" in desk.owner.read(PAGE).text


def test_the_plugin_is_offered_where_the_code_is_made(desk: Desk) -> None:
    where = "https://thanks.example/connect/woocommerce/plugin"
    assert f'href="{where}"' in desk.owner.read(PAGE).html
    path = where.removeprefix("https://thanks.example")
    assert client_of(desk.house).get(path).content_type == "application/zip"


def test_who_is_no_owner_sees_the_connection_and_changes_nothing(desk: Desk) -> None:
    desk.join()
    staff, looking = somebody(desk.house, Role.STAFF), somebody(desk.house, Role.READONLY)
    for browser in (staff, looking):
        page = browser.read(PAGE)
        assert "Connected to WooCommerce" in page.text
        assert "Disconnect" not in page.text
    assert "Look now" in staff.read(PAGE).text
    assert "Look now" not in looking.read(PAGE).text


# Looking after it.


def test_the_owner_looks_now_and_reads_how_the_shop_is_doing(desk: Desk) -> None:
    desk.join()
    assert "They were not looked at yet." in health(desk)
    desk.work()
    told = health(desk)
    assert "With the shop's own, just now: every one was known." in told
    assert "They stand and are on; looked at just now." in told
    assert "All that can still be used say what was promised: 0" in told
    desk.standin.shop.hooks.by_id.clear()
    desk.standin.shop.show(PAID)
    desk.clock.on(hours=4)
    assert "The shop is looked at now." in desk.owner.said(f"{PAGE}/now")
    desk.work()
    told = health(desk)
    assert "Last mended just now: some were missing and were made again." in told
    assert "nobody visits" in told


def test_orders_that_no_webhook_told_of_are_told(desk: Desk) -> None:
    desk.join()
    desk.work()
    desk.standin.shop.show(PAID)
    desk.clock.on(hours=2)
    desk.work()
    told = health(desk)
    assert "1 was found that no webhook had told of. It counts now." in told
    assert "Most often its WP-Cron sleeps" in told
    chinese = health(desk, somebody(desk.house, Role.OWNER, language="zh-TW"))
    assert "找到 1 筆沒有 Webhook 通知過的訂單" in chinese


def test_what_keeps_news_away_is_told_in_plain_words(desk: Desk) -> None:
    desk.join()
    desk.standin.shop.environment = {
        "wp_cron": False,
        "home_url": "https://moved.example",
        "version": "8.4.0",
    }
    desk.work()
    told = health(desk)
    for said in (
        "WP-Cron is switched off",
        "calls itself https://moved.example",
        "WooCommerce 8.4.0",
    ):
        assert said in told
    desk.standin.fail(*[Fault.WALL] * 9)
    desk.owner.post(f"{PAGE}/now")
    desk.work()
    assert "cannot be looked at: something in front of the shop keeps us out (403)." in health(desk)


def test_coupons_that_were_changed_are_named_with_what_is_wrong(desk: Desk) -> None:
    desk.join()
    desk.standin.shop.show(PAID)
    desk.work()
    desk.clock.on(days=15)
    desk.house.referrals(SHOP).claim(Claiming(code="ALICE10", email="fred@friend.example"))
    desk.work()
    for coupon in desk.standin.shop.coupons.by_id.values():
        coupon |= {"amount": "1.00", "usage_limit": None}
    desk.owner.post(f"{PAGE}/now")
    desk.work()
    told = health(desk)
    assert "2 of 2 do not say what was promised." in told
    for coupon in desk.standin.shop.coupons.by_id.values():
        assert f"{coupon['code']} is worth another amount, may not be used exactly once" in told
    chinese = health(desk, somebody(desk.house, Role.OWNER, language="zh-TW"))
    assert "金額不一樣、使用次數不是剛好一次" in chinese


def test_a_new_secret_is_made_and_told_to_the_shop(desk: Desk) -> None:
    desk.join()
    desk.work()
    before = set(desk.standin.shop.hooks.secrets.values())
    assert "There is a new secret" in desk.owner.said(f"{PAGE}/secret")
    desk.work()
    after = set(desk.standin.shop.hooks.secrets.values())
    assert len(after) == 1
    assert before.isdisjoint(after)
    connected = desk.house.installation_of(SHOP)
    assert connected is not None
    assert connected.secrets[0] in after
    assert not [row for row in rows(desk.house, audit) if connected.secrets[0] in str(row)]


def test_what_cannot_be_done_without_a_connection_says_so(desk: Desk) -> None:
    for form in ("now", "secret"):
        assert "This shop is not connected." in desk.owner.said(f"{PAGE}/{form}")
    assert "This shop is not connected." in desk.leave()


# Leaving.


def test_the_owner_leaves_and_reads_what_only_they_can_do(desk: Desk) -> None:
    desk.join()
    desk.work()
    assert "The shop is disconnected." in desk.leave()
    assert "is being removed" in desk.owner.read(PAGE).text
    desk.standin.fail(Fault.DOWN)
    desk.work()
    assert "It did not work yet: the shop asks us to wait (503)." in desk.owner.read(PAGE).text
    desk.clock.on(hours=1)
    desk.work()
    told = desk.owner.read(PAGE).text
    assert "None of our webhooks is left at the shop." in told
    assert f"delete the one that ends in {desk.standin.key[-7:]}" in told
    assert desk.standin.shop.hooks.by_id == {}
    assert "not connected to a platform" in health(desk)


@pytest.mark.parametrize(("coupons", "sure"), [("", "yes"), ("burn", "yes"), ("keep", "")])
def test_nobody_leaves_by_accident(desk: Desk, coupons: str, sure: str) -> None:
    desk.join()
    assert "Tick that you are sure" in desk.leave(coupons, sure)
    assert len(rows(desk.house, installations)) == 1


def test_a_shop_that_was_given_up_is_told_with_what_is_left_to_do(desk: Desk) -> None:
    desk.join()
    desk.work()
    desk.leave("disable")
    desk.standin.signatures = type(desk.standin.signatures)("ck_other", "cs_other")
    for _ in range(4):
        desk.work()
        desk.clock.on(days=2)
    told = desk.owner.read(PAGE).text
    assert "the shop did not let us tidy up: the keys were refused" in told
    assert "Delete the webhooks that begin with “goodword”" in told


def test_what_cannot_be_opened_any_more_can_be_left_and_joined_again(
    url: str, clock: Clock, desk: Desk
) -> None:
    connect(desk.house)
    with a_house(url, clock, secrets=("x" * 40,), hooks_local=True) as later:
        owner = somebody(later, Role.OWNER)
        assert "no longer among" in owner.read(PAGE).text
        assert "The shop is disconnected." in owner.said(
            f"{PAGE}/leave", coupons="keep", sure="yes"
        )
        assert "This shop is not connected yet." in owner.read(PAGE).text


def test_a_shops_name_cannot_write_on_the_page(desk: Desk) -> None:
    name = '"><script>alert(1)</script>'
    desk.standin.shop.name = name
    page = desk.find()
    assert not [told for told in page.all("script") if "src" not in told]
    assert f"Found: {name}" in page.text
