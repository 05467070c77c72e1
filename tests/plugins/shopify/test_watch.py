"""A Shopify shop is watched: what tells us of it, what it still shows, what its coupons say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from goodword.model.followup import Grant
from goodword.model.worth import (
    Worth,
    amount_off,
    free_product,
    free_shipping,
    gift_card,
    percent_off,
    store_credit,
)
from goodword.platforms import ShowsLately, Till
from goodword.watching import Differing, Promised, Watch, Watches
from goodword_shopify import Shopify
from goodword_shopify.scopes import BASIC
from goodword_shopify.standin import SCOPES, Shop, StandIn, order
from goodword_shopify.webhooks import BY_CHOICE, BY_LAW, TOPICS
from tests.plugins.shopify.conftest import TEA, a_platform, till_of

ADDRESS = "https://thanks.example/hooks/shopify/app"
ENDS = datetime(2027, 1, 31, 23, 0, tzinfo=UTC)
MEI = "mei@example.com"


def watch_of(standin: StandIn, **settings: str) -> Watch:
    return a_platform(standin).watch(standin.installation("tea-house", TEA, **settings))


def subscribed(shop: Shop) -> list[tuple[str, str]]:
    return sorted((one["topic"], one["uri"]) for one in shop.subscriptions.values())


def as_enums(address: str = ADDRESS) -> list[tuple[str, str]]:
    return sorted((topic.upper().replace("/", "_"), address) for topic in TOPICS)


def is_subscribed(shop: Shop, topic: str, uri: str = ADDRESS, **told: Any) -> str:
    """Let somebody subscribe by the API; return the subscription's id."""
    made: str = shop._subscribe(topic, {"uri": uri, **told})["webhookSubscription"]["id"]
    return made


def test_it_is_a_platform_whose_shops_are_watched_and_show_what_is_new(standin: StandIn) -> None:
    shopify: object = Shopify()
    assert isinstance(shopify, Watches)
    assert isinstance(shopify, ShowsLately)
    now = standin.clock.now()
    standin.open(TEA)
    installation = standin.installation("tea-house", TEA)
    assert shopify.shown_since(installation, now) == now - timedelta(days=60)
    credentials = {**installation.credentials, "scope": "read_orders,read_all_orders"}
    assert shopify.shown_since(replace(installation, credentials=credentials), now) is None


# What tells us of it


def test_what_the_apps_configuration_declares_is_not_made_once_more(
    standin: StandIn, tea: Shop
) -> None:
    assert watch_of(standin).listen(ADDRESS, "s") == ()
    assert tea.subscriptions == {}


def test_what_would_tell_us_everything_twice_is_removed(standin: StandIn, tea: Shop) -> None:
    is_subscribed(tea, "ORDERS_PAID")
    is_subscribed(tea, "ORDERS_PAID", "https://old.example/hooks/shopify/app")
    other = is_subscribed(tea, "ORDERS_PAID", "https://somebody.example/hooks")
    assert watch_of(standin).listen(ADDRESS, "s") == ("doubled",)
    assert list(tea.subscriptions) == [other]


def test_where_nothing_declares_them_they_are_made_and_stand(standin: StandIn, tea: Shop) -> None:
    watch = watch_of(standin, subscribed="api")
    assert watch.listen(ADDRESS, "s") == ("made",)
    assert subscribed(tea) == as_enums()
    assert not set(TOPICS) & set(BY_LAW)
    assert watch.listen(ADDRESS, "s") == ()
    assert subscribed(tea) == as_enums()


def test_what_the_owner_was_not_asked_for_keeps_no_other_topic_away(standin: StandIn) -> None:
    tea = standin.open(TEA, scopes=frozenset(BASIC))
    watch = watch_of(standin, subscribed="api")
    assert watch.listen(ADDRESS, "s") == ("made",)
    assert watch.listen(ADDRESS, "s") == ()
    closed = {one.upper().replace("/", "_") for one in BY_CHOICE}
    assert subscribed(tea) == [one for one in as_enums() if one[0] not in closed]


def test_what_shopify_dropped_is_made_once_more(standin: StandIn, tea: Shop) -> None:
    watch = watch_of(standin, subscribed="api")
    watch.listen(ADDRESS, "s")
    tea.subscriptions.pop(next(iter(tea.subscriptions)))
    assert watch.listen(ADDRESS, "s") == ("made",)
    assert subscribed(tea) == as_enums()


@pytest.mark.parametrize("told", [{"filter": "id:1"}, {"includeFields": ["id"]}, {"format": "XML"}])
def test_what_tells_only_a_part_is_made_anew(
    standin: StandIn, tea: Shop, told: dict[str, Any]
) -> None:
    id = is_subscribed(tea, "ORDERS_PAID", **told)
    mended = watch_of(standin, subscribed="api").listen(ADDRESS, "s")
    assert mended == ("made", "moved")
    assert id not in tea.subscriptions
    assert subscribed(tea) == as_enums()


def test_what_tells_a_former_address_of_ours_moves(standin: StandIn, tea: Shop) -> None:
    watch = watch_of(standin, subscribed="api")
    watch.listen("https://old.example/hooks/shopify/app", "s")
    assert watch.listen(ADDRESS, "s") == ("moved",)
    assert subscribed(tea) == as_enums()


def test_afresh_all_are_made_anew(standin: StandIn, tea: Shop) -> None:
    watch = watch_of(standin, subscribed="api")
    watch.listen(ADDRESS, "s")
    before = set(tea.subscriptions)
    watch.listen(ADDRESS, "s", afresh=True)
    assert before.isdisjoint(tea.subscriptions)
    assert subscribed(tea) == as_enums()


def test_who_leaves_is_told_of_nothing_more(standin: StandIn, tea: Shop) -> None:
    watch = watch_of(standin, subscribed="api")
    watch.listen(ADDRESS, "s")
    other = is_subscribed(tea, "ORDERS_PAID", "https://somebody.example/hooks")
    watch.leave(ADDRESS)
    assert list(tea.subscriptions) == [other]


# What it still shows


def test_orders_that_are_not_there_are_missed(standin: StandIn, tea: Shop) -> None:
    at = standin.clock.now().isoformat()
    placed = [
        tea.place(order(tea.new_id("Order"), tea.till, [], at=at))["id"].rpartition("/")[2]
        for _ in range(60)
    ]
    del tea.orders[f"gid://shopify/Order/{placed[7]}"]
    # What can be no order of Shopify's is nobody's to judge.
    assert watch_of(standin).missing([*placed, "from-elsewhere"]) == [placed[7]]


# What its coupons say


WORTHS: dict[str, Worth] = {
    "amount": amount_off("5.00", "EUR"),
    "percent": percent_off("12.5"),
    "shipping": free_shipping(),
    "product": free_product("77"),
    "card": gift_card("5.00", "EUR"),
}


def promised(till: Till, kind: str = "amount", **changes: Any) -> Promised:
    grant = Grant(
        id="g-1", subject="1001", person="c-1", worth=WORTHS[kind], text="thanks-7q2k", email=MEI,
        expires=ENDS,
    )  # fmt: skip
    grant = replace(grant, **changes)
    return Promised(grant=grant, remote=till.grant(grant).remote)


@pytest.fixture
def till(standin: StandIn, tea: Shop) -> Till:
    return till_of(standin, free_product_beside="7")


@pytest.mark.parametrize("kind", WORTHS)
@pytest.mark.parametrize("expires", [ENDS, None])
def test_what_was_granted_says_what_was_promised(
    standin: StandIn, till: Till, kind: str, expires: datetime | None
) -> None:
    assert watch_of(standin).differing([promised(till, kind, expires=expires)]) == []


CHANGES: dict[str, tuple[str, dict[str, Any], str]] = {
    "ended": ("amount", {"endsAt": "2026-11-26T12:00:00Z"}, "status"),
    "without an end": ("amount", {"endsAt": None}, "expires"),
    "ends sooner": ("percent", {"endsAt": "2026-12-24T00:00:00Z"}, "expires"),
    "for many": ("amount", {"usageLimit": None}, "limit"),
    "for some": ("amount", {"context": {"__typename": "DiscountCustomers"}}, "narrowed"),
    "from a sum on": (
        "shipping", {"minimumRequirement": {"__typename": "DiscountMinimumSubtotal"}}, "narrowed",
    ),
    "to some countries": (
        "shipping", {"destinationSelection": {"__typename": "DiscountCountries"}}, "narrowed",
    ),
    "another kind": ("product", {"__typename": "DiscountCodeFreeShipping"}, "kind"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_a_code_that_was_changed_is_told(
    standin: StandIn, tea: Shop, till: Till, name: str
) -> None:
    kind, changes, what = CHANGES[name]
    one = promised(till, kind)
    tea.discounts.by_id[one.remote]["codeDiscount"] |= changes
    (found,) = watch_of(standin).differing([one])
    assert (found.text, what in found.what) == ("thanks-7q2k", True)


@pytest.mark.parametrize(("kind", "other"), [("amount", "6.00"), ("percent", "0.2")])
def test_a_code_of_another_worth_is_told(
    standin: StandIn, tea: Shop, till: Till, kind: str, other: str
) -> None:
    one = promised(till, kind)
    value = tea.discounts.by_id[one.remote]["codeDiscount"]["customerGets"]["value"]
    if kind == "amount":
        value["amount"]["amount"] = other
    else:
        value["percentage"] = float(other)
    assert watch_of(standin).differing([one]) == [Differing(text="thanks-7q2k", what=("amount",))]


def test_a_code_that_was_deleted_is_gone_and_one_that_was_used_is_kept(
    standin: StandIn, tea: Shop, till: Till
) -> None:
    first = promised(till)
    second = promised(till, id="g-2", text="thanks-m9xw")
    tea.discounts.by_id[first.remote]["codeDiscount"]["usageLimit"] = 9
    tea.discounts.use("thanks-7q2k")
    tea.discounts.by_id.pop(second.remote)
    assert watch_of(standin).differing([first, second]) == [
        Differing(text="thanks-m9xw", what=("gone",))
    ]


def test_a_gift_card_that_was_disabled_is_told_and_one_that_was_used_is_not(
    standin: StandIn, tea: Shop, till: Till
) -> None:
    first = promised(till, "card")
    second = promised(till, "card", id="g-2", text="thanks-m9xw-0002")
    tea.cards.by_id[first.remote] |= {"enabled": False, "expiresOn": "2026-12-24"}
    tea.cards.spend(second.remote, "1.00")
    tea.cards.by_id[second.remote]["enabled"] = False
    assert watch_of(standin).differing([first, second]) == [
        Differing(text="thanks-7q2k", what=("status", "expires"))
    ]


def test_credit_cannot_be_changed_by_anybody_and_is_not_asked_for(
    standin: StandIn, tea: Shop, till: Till
) -> None:
    tea.welcome(MEI)
    one = promised(till, worth=store_credit("5.00", "EUR"))
    standin.calls.clear()
    assert watch_of(standin).differing([one]) == []
    assert standin.calls == []


def test_a_hundred_codes_are_asked_for_some_at_a_time(standin: StandIn, till: Till) -> None:
    every = [promised(till, id=f"g-{n}", text=f"thanks-{n:04}") for n in range(100)]
    standin.calls.clear()
    assert watch_of(standin).differing(every) == []
    assert standin.calls == [f"{TEA} CodesStanding"] * 5


def test_a_shop_without_gift_cards_is_not_asked_for_them(standin: StandIn) -> None:
    few = {one for one in SCOPES if "gift" not in one}
    standin.open(TEA, scopes=frozenset(few))
    till = till_of(standin)
    assert watch_of(standin).differing([promised(till)]) == []
