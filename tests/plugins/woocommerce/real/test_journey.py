"""A referral from the owner's first click to the last trace, through a shop that is real."""

from __future__ import annotations

import re
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Locator, Page, expect

from goodword import RewardState, State
from goodword.storage.tables import claims, visits
from tests.browser.looking import PHONE, Browse
from tests.plugins.woocommerce.real.backend import Backend
from tests.plugins.woocommerce.real.naming import Named
from tests.plugins.woocommerce.real.owner import Owner
from tests.plugins.woocommerce.real.shopper import Shopper
from tests.sdk.builders import standing, state_of, the_reward
from tests.server.builders import SHOP, rows

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PASSWORD: Final = "a-pot-of-oolong-at-four"
TWO: Final = "72.00"
"""Two pieces, less the friend's tenth."""


@dataclass
class Walk:
    """One shop, one advocate, one friend."""

    kind: str
    owner: Owner
    backend: Backend
    browse: Browse
    product: str
    account: str
    checkout: str
    alice: Shopper
    bob: Shopper
    advocate: str
    """Alice's number in the shop, which is her id at ours."""
    made: list[str] = field(default_factory=list)

    def order(self, id: str) -> Any:
        """Return an order that somebody placed; it is gone after the test."""
        self.owner.undoing.append(
            lambda: self.owner.ask("DELETE", f"/wc/v3/orders/{id}?force=true")
        )
        return self.owner.order(id)

    def coupon(self, text: str) -> Any:
        """Return a coupon that was made at the shop; it is gone after the test."""
        found = self.owner.coupon(text)
        if text not in self.made:
            self.made.append(text)
            at = f"/wc/v3/coupons/{found['id']}?force=true"
            self.owner.undoing.append(lambda: self.owner.ask("DELETE", at))
        return found

    def until(self, found: Any) -> Any:
        return self.backend.until(found, self.owner.look_in)

    def stands(self, order: str, state: State) -> None:
        """Wait until the shop's webhook told of an order, and what follows is done."""
        told = self.backend.told_of
        self.until(
            lambda: (told(order) and state_of(self.backend.referrals, order) == state) or None
        )

    def is_rewarded(self, state: RewardState, minor: int) -> None:
        self.until(lambda: (self.reward == (state, minor)) or None)

    @property
    def reward(self) -> tuple[RewardState, int]:
        state, worth = the_reward(self.backend.referrals, self.advocate)
        return state, worth.minor

    @property
    def balance(self) -> tuple[int, ...]:
        """What waits, is due, given, spent, expired, is owed back; empty at first."""
        if not self.backend.referrals.rewards.balance(self.advocate):
            return ()
        one = standing(self.backend.referrals, self.advocate)
        return one.waiting, one.due, one.given, one.spent, one.expired, one.owed_back


@pytest.fixture(params=["block", "classic"])
def walk(
    request: pytest.FixtureRequest,
    shop: Named,
    owner: Owner,
    backend: Backend,
    browse: Browse,
    tmp_path: Path,
) -> Walk:
    """A connected shop in which nobody was yet."""
    product, sign = owner.open(request.param), secrets.token_hex(3)
    alice, bob = (f"{name}-{sign}@friend.example" for name in ("alice", "bob"))
    told = {"email": alice, "username": f"alice-{sign}", "password": PASSWORD}
    customer = owner.make("/wc/v3/customers", first_name="Alice", **told)
    owner.forget(backend.url)
    owner.install(tmp_path)
    backend.promise()
    owner.pair(backend.pairing_code(browse))
    backend.work()
    pages = [browse(PHONE, ignore_https_errors=True) for _ in (alice, bob)]
    return Walk(
        kind=request.param,
        owner=owner,
        backend=backend,
        browse=browse,
        product=product,
        account=owner.page_of("myaccount"),
        checkout=owner.page_of("checkout"),
        alice=Shopper(pages[0], alice, "02079460001"),
        bob=Shopper(pages[1], bob, "02079460002"),
        advocate=str(customer["id"]),
    )


def test_from_a_link_to_the_reward_and_back(walk: Walk) -> None:
    assert len(walk.owner.hooks_to(walk.backend.url)) == 4
    code = joined(walk)
    gift = taken(walk, code)
    order = bought(walk, code, gift)
    thanked(walk, order)
    mine = used(walk, order)
    clawed_back(walk, order, mine)
    left(walk)


def joined(walk: Walk) -> str:
    """Alice asks for a link of her own; return its code."""
    page = walk.alice.page
    user = walk.alice.email.partition("@")[0]
    walk.alice.sign_in(walk.account, user, PASSWORD)
    page.get_by_role("link", name="Recommend us").click()
    page.get_by_role("button", name="Give me my link").click()
    link = page.locator(".goodword-own p[dir='ltr']")
    expect(link).to_have_text(re.compile(f"^{re.escape(walk.backend.url)}/{SHOP}/r/"))
    (code,) = walk.backend.referrals.advocates.codes(walk.advocate)
    assert link.inner_text() == f"{walk.backend.url}/{SHOP}/r/{code.text}"
    return code.text


def taken(walk: Walk, code: str) -> str:
    """Bob opens the friend's page, takes the gift and goes to the shop; return the coupon."""
    page, shop = walk.bob.page, walk.owner.url
    page.goto(f"{walk.backend.url}/{SHOP}/c/{code}?via=line&to={walk.product.removeprefix(shop)}")
    page.get_by_role("textbox").fill(walk.bob.email)
    page.get_by_role("main").get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("It is yours")
    walk.backend.work()
    (claim,) = rows(walk.backend.house, claims)
    text = str(claim["coupon"])
    found = walk.coupon(text)
    assert (found["discount_type"], found["amount"]) == ("percent", "10.00")
    assert (found["usage_limit"], found["email_restrictions"]) == (1, [walk.bob.email])
    page.reload()
    with page.expect_response("**/goodword/v1/arrived"):
        page.locator(f"a[href^='{shop}']").first.click()
    assert [visit["via"] for visit in rows(walk.backend.house, visits)] == ["line"]
    return text


def bought(walk: Walk, code: str, gift: str) -> str:
    """Bob buys two pieces: the coupon is in the basket already; return the order."""
    walk.bob.put_in(walk.bob.page.url)
    id = walk.bob.buy(walk.kind, walk.checkout, TWO)
    order = walk.order(id)
    assert (order["total"], order["discount_total"], order["status"]) == (TWO, "8.00", "on-hold")
    assert [line["code"] for line in order["coupon_lines"]] == [gift]
    told = {one["key"]: one["value"] for one in order["meta_data"]}
    (claim,) = rows(walk.backend.house, claims)
    assert (told["_goodword_code"], told["_goodword_visit"]) == (code, claim["visit"])
    walk.stands(id, State.PENDING)
    assert walk.balance == ()
    return id


def thanked(walk: Walk, order: str) -> None:
    """The order is paid, and when the hold is over Alice has a coupon."""
    walk.owner.ask("PUT", f"/wc/v3/orders/{order}", status="processing")
    walk.stands(order, State.QUALIFIED)
    assert walk.reward == (RewardState.WAITING, 720)
    assert walk.balance == (720, 0, 0, 0, 0, 0)
    walk.backend.clock.on(days=15)
    walk.backend.work()
    assert walk.reward == (RewardState.GRANTED, 720)
    assert walk.balance == (0, 0, 720, 0, 0, 0)
    found = walk.coupon(walk.backend.coupon_of(walk.advocate))
    assert (found["discount_type"], found["amount"]) == ("fixed_cart", "7.20")
    assert (found["usage_limit"], found["email_restrictions"]) == (1, [walk.alice.email])


def used(walk: Walk, order: str) -> str:
    """Half of Bob's order comes back; Alice uses what is left of her thanks; return her order."""
    refund(walk, order, pieces=1, amount="36.00")
    walk.is_rewarded(RewardState.GRANTED, 360)
    text = walk.backend.coupon_of(walk.advocate)
    assert walk.coupon(text)["amount"] == "3.60"
    if walk.kind == "block":
        walk.alice.put_in(walk.product)
    use_now(walk)
    if walk.kind == "classic":
        walk.alice.put_in(walk.product)
    id = walk.alice.buy(walk.kind, walk.checkout, "76.40")
    mine = walk.order(id)
    assert (mine["total"], mine["discount_total"]) == ("76.40", "3.60")
    assert [line["code"] for line in mine["coupon_lines"]] == [text]
    walk.owner.ask("PUT", f"/wc/v3/orders/{id}", status="processing")
    walk.is_rewarded(RewardState.REDEEMED, 360)
    assert walk.balance == (0, 0, 0, 360, 0, 0)
    assert walk.coupon(text)["usage_count"] == 1
    return id


def use_now(walk: Walk) -> None:
    """Alice finds her thanks under My Account, and presses the button beside it."""
    page = walk.alice.page
    page.goto(walk.account)
    page.get_by_role("link", name="Recommend us").click()
    use = page.locator(".goodword-own").get_by_role("link", name="Use now")
    # The shop keeps what it was told of her rewards for five minutes.
    walk.until(lambda: is_seen(page, use) or None)
    use.click()
    page.wait_for_url("**goodword_coupon=**")


def is_seen(page: Page, one: Locator) -> bool:
    with page.expect_response("**/goodword/v1/mine"):
        page.reload()
    with suppress(AssertionError):
        expect(one).to_be_visible(timeout=1000)
    return one.is_visible()


def clawed_back(walk: Walk, order: str, mine: str) -> None:
    """The other half comes back, too: what Alice spent she owes; her own order led to nobody."""
    refund(walk, order, pieces=1, amount="36.00")
    walk.stands(order, State.REVERSED)
    assert walk.balance == (0, 0, 0, 360, 0, -360)
    assert walk.backend.referrals.credit.explain(mine).referral is None
    assert len(walk.backend.referrals.rewards.list(walk.advocate)) == 1


def refund(walk: Walk, order: str, *, pieces: int, amount: str) -> None:
    (line,) = walk.owner.order(order)["line_items"]
    returned = {"id": line["id"], "quantity": pieces, "refund_total": amount}
    told = {"amount": amount, "api_refund": False, "line_items": [returned]}
    walk.owner.ask("POST", f"/wc/v3/orders/{order}/refunds", **told)


def left(walk: Walk) -> None:
    """The owner disconnects on both sides: nothing of ours stays in the shop but what was sold."""
    page = walk.backend.owner_page(walk.browse)
    leave(walk.backend, page)
    assert walk.owner.hooks_to(walk.backend.url) == []
    walk.owner.disconnect()
    assert "goodword" not in str(walk.owner.rest_keys())
    walk.owner.uninstall()
    assert not [name for name in walk.owner.options() if "goodword" in name]


def leave(backend: Backend, page: Page) -> None:
    page.goto(backend.connecting)
    page.check("#coupons-disable")
    page.check("#sure")
    page.click("form[action$='/leave'] button")
    page.wait_for_selector(".told.good")
    backend.work()


def test_a_shop_is_joined_with_a_click(owner: Owner, backend: Backend, browse: Browse) -> None:
    before = set(owner.rest_keys().values())
    owner.forget(backend.url)
    backend.promise()
    page = backend.sign_in(owner.page.context.new_page())
    page.goto(backend.connecting)
    page.fill("#url-woocommerce", owner.url)
    page.get_by_role("button", name="Find").click()
    page.locator(f"a[href^='{owner.url}/wc-auth/']").click()
    page.locator("a.wc-auth-approve").click()
    page.wait_for_url(f"{backend.url}/**")
    expect(page.locator("main")).to_contain_text(owner.url)
    backend.work()
    hooks = owner.hooks_to(backend.url)
    assert [hook["status"] for hook in hooks] == ["active"] * 4
    (key,) = set(owner.rest_keys().values()) - before
    assert "goodword" in key
    leave(backend, page)
    assert owner.hooks_to(backend.url) == []
    page.goto(backend.connecting)
    # No REST API can end its own key: the owner is told which one it is.
    told = page.locator(".told.good").inner_text()
    hint = re.search(r"\b([0-9a-f]{7})\b", told)
    assert hint is not None
    assert hint[1] in key
