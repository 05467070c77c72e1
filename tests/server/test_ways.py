"""Ways to the shop: with the coupon applied, where the shop's platform can."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from goodword import ClaimBy, Terms
from goodword.platforms import AppliesCoupons, Installation
from goodword_server import ways
from goodword_server.worker import Worker
from goodword_woocommerce import WooCommerce
from goodword_woocommerce.standin import StandIn
from tests.sdk.builders import Clock, a_program
from tests.server.builders import FRONT, Place, a_house, a_place
from tests.server.following import Page
from tests.server.gifts import a_friend, coupon_on

SHOP = Installation(shop="tea-house", platform="applying", url="https://茶.example")
PLUGGED = Installation(
    shop="tea-house", platform="woocommerce", url="https://tea.example/shop", plugin=True
)


class Applying(WooCommerce):
    """One whose shops take a coupon by an address."""

    def applying(self, installation: Installation, landing: str, coupon: str) -> str:
        way = f"{installation.url}/discount/{quote(coupon, safe='')}"
        return f"{way}?redirect={quote(landing, safe='')}"


class Bare:
    """One whose shops have no such address."""


def apply(place: Place) -> None:
    place.house.platforms = {**place.house.platforms, "woocommerce": Applying()}


def test_a_platform_says_whether_it_can() -> None:
    assert isinstance(Applying(), AppliesCoupons)
    assert not isinstance(Bare(), AppliesCoupons)


def test_a_coupon_is_applied_on_the_way() -> None:
    way = ways.to_shop(Applying(), SHOP, "/tea?ref=ALICE10&gw=v1", "10% off")
    assert way.isascii()
    assert way.startswith("https://xn--")
    assert way.endswith(".example/discount/10%25%20off?redirect=%2Ftea%3Fref%3DALICE10%26gw%3Dv1")


def test_where_there_is_no_coupon_or_no_such_address_the_way_is_plain() -> None:
    assert ways.to_shop(Applying(), SHOP, "/tea", None).endswith(".example/tea")
    assert ways.to_shop(WooCommerce(), SHOP, "/tea", "10OFF").endswith(".example/tea")
    assert ways.applied(WooCommerce(), SHOP, "/tea", "10OFF") is None


def test_where_our_plugin_is_the_coupon_travels_in_the_address() -> None:
    way = ways.applied(WooCommerce(), PLUGGED, "/tea?ref=ALICE10&gw=v1", "gift-7q2km9xw")
    assert way == "https://tea.example/shop/tea?ref=ALICE10&gw=v1&goodword_coupon=gift-7q2km9xw"
    way = ways.applied(WooCommerce(), PLUGGED, "/", "好友-7Q2K")
    assert way == "https://tea.example/shop/?goodword_coupon=%E5%A5%BD%E5%8F%8B-7Q2K"


@pytest.mark.parametrize("coupon", ["10% off", "tea house", "<b>", "x" * 65, "a&b=c", "a#b"])
def test_a_text_that_the_plugin_would_not_take_is_typed(coupon: str) -> None:
    assert ways.applied(WooCommerce(), PLUGGED, "/", coupon) is None


def test_a_landing_brings_no_coupon_of_its_own_along() -> None:
    assert ways.landing_of("/tea?goodword_coupon=OTHER&size=2&ref=X&gw=y") == "/tea?size=2"


def test_a_shared_coupon_is_applied(place: Place) -> None:
    apply(place)
    place.referrals.programs.save(a_program(terms=Terms(claim_by=ClaimBy.NOTHING)))
    page = a_friend(place).open(query_string={"to": "/tea"})
    (way,) = [one["href"] for one in Page(page).of("a") if one.get("class") == "go"]
    visit = place.visits()[0]["id"]
    landing = quote(f"/tea?ref=ALICE10&gw={visit}", safe="")
    assert way == f"{FRONT}/discount/ref-alice10?redirect={landing}"
    assert "To the shop, with the coupon" in page.text


def test_a_coupon_that_the_shop_has_not_made_yet_is_not_applied(
    on_sqlite: str, clock: Clock
) -> None:
    with StandIn() as standin, a_house(on_sqlite, clock) as house:
        place = a_place(house, url=standin.url)
        apply(place)
        friend = a_friend(place)
        friend.take()
        assert "/discount/" not in friend.open().text
        Worker(house).once()
        page = friend.open()
        assert f"/discount/{coupon_on(page)}?redirect=" in page.text


@pytest.mark.parametrize("text", ["tea house", "x" * 33, "<b>", "", "茶"])
def test_what_is_no_plain_word_does_not_travel_on(text: str) -> None:
    assert ways.word(text) is None
    assert ways.word("line-1_A") == "line-1_A"
