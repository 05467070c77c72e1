"""How a shop is set up: each thing that its owner should know is told, by what the shop says."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword.model.worth import POINTS, Kind
from goodword.model.worth import Discount as Combined
from goodword.watching import SIGNS, Giving, Sign
from goodword_shopify.clashes import ORDER, PRODUCT, SHIPPING, Discount, clash, clashing, ours
from goodword_shopify.standin import SCOPES, Shop, StandIn
from goodword_shopify.standin.schema import VERSIONS
from tests.plugins.shopify.conftest import TEA, a_platform

CLASSES = (ORDER, PRODUCT, SHIPPING)


def signs(
    standin: StandIn, kinds: Collection[Kind | Giving] = (), **credentials: str
) -> dict[str, Sign]:
    installation = standin.installation("tea-house", TEA)
    kept = {**installation.credentials, **credentials}
    kept = {name: value for name, value in kept.items() if value != "-"}
    watch = a_platform(standin).watch(replace(installation, credentials=kept))
    giving = [one if isinstance(one, Giving) else Giving(kind=one) for one in kinds]
    found = watch.condition(giving).signs
    assert {one.reason for one in found} <= SIGNS
    return {one.reason: one for one in found}


@pytest.mark.parametrize("answers_as", VERSIONS)
def test_a_sound_shop_is_sound_in_both_versions(
    standin: StandIn, tea: Shop, answers_as: str
) -> None:
    tea.discounts.offer("Autumn", "PRODUCT", "order")
    standin.answers_as = answers_as
    found = signs(standin, [Kind.STORE_CREDIT, Kind.GIFT_CARD, Kind.PERCENT_OFF])
    odd = {reason for reason, one in found.items() if not one.is_well}
    # Ours may not be used with theirs, unless the installation says so.
    drifted = {"version_drifts"} if answers_as != "2026-07" else set()
    assert odd == drifted | {"discounts_clash"}


def test_what_was_not_granted_is_named_by_what_is_given(standin: StandIn) -> None:
    standin.open(TEA, scopes=SCOPES - {"write_gift_cards", "read_store_credit_accounts"})
    assert "scopes_given" in signs(standin)
    assert signs(standin, [Kind.GIFT_CARD])["scopes_lacking"].facts == {
        "scopes": "write_gift_cards"
    }
    both = signs(standin, [Kind.GIFT_CARD, Kind.STORE_CREDIT])["scopes_lacking"]
    assert both.facts == {"scopes": "write_gift_cards, read_store_credit_accounts"}


def test_terms_that_name_products_need_to_read_them(standin: StandIn) -> None:
    standin.open(TEA, scopes=SCOPES - {"read_products"})
    assert "scopes_given" in signs(standin, [Kind.PERCENT_OFF])
    naming = Giving(kind=Kind.PERCENT_OFF, by_product=True)
    assert signs(standin, [naming])["scopes_lacking"].facts == {"scopes": "read_products"}


def test_how_long_its_keys_last(standin: StandIn, tea: Shop) -> None:
    now = standin.clock.now()
    fresh = signs(standin, given=now.isoformat())["keys_renewed"]
    assert fresh.is_well
    assert fresh.facts["given"] == now.isoformat()
    assert datetime.fromisoformat(str(fresh.facts["until"])) == now + timedelta(days=90)
    soon = (now + timedelta(days=13)).isoformat()
    assert not signs(standin, refresh_expires=soon)["keys_ending"].is_well
    permanent = standin.doors.permanent(TEA)
    # Read before it is changed for another one, which the first question does.
    found = signs(
        standin, access_token=permanent, expires="-", refresh_token="-", refresh_expires="-"
    )
    assert "keys_forever" in found
    assert "keys_own" in signs(standin, refresh_token="-", refresh_expires="-")


def test_another_version_than_was_asked_for_is_told(standin: StandIn, tea: Shop) -> None:
    assert signs(standin)["version_kept"].facts == {"version": "2026-07"}
    standin.answers_as = "2026-10"
    drifts = signs(standin)["version_drifts"]
    assert drifts.facts == {"asked": "2026-07", "served": "2026-10"}
    assert not drifts.is_well


def test_credit_of_old_accounts_cannot_be_spent(standin: StandIn, tea: Shop) -> None:
    tea.accounts = "CLASSIC"
    assert "credit_unspendable" in signs(standin, [Kind.STORE_CREDIT])
    assert "credit_unspendable" not in signs(standin, [Kind.GIFT_CARD])


def test_an_amount_of_another_currency_is_told(standin: StandIn, tea: Shop) -> None:
    euros = Giving(kind=Kind.AMOUNT_OFF, unit="EUR")
    points, percent = Giving(kind=Kind.POINTS, unit=POINTS), Giving(kind=Kind.PERCENT_OFF)
    assert "currency_differs" not in signs(standin, [euros, points, percent])
    dollars = Giving(kind=Kind.AMOUNT_OFF, unit="TWD")
    differs = signs(standin, [euros, dollars])["currency_differs"]
    assert (differs.facts, differs.is_well) == ({"currency": "EUR", "promised": "TWD"}, False)


def test_discounts_are_not_asked_for_where_nothing_of_ours_is_one(
    standin: StandIn, tea: Shop
) -> None:
    tea.discounts.offer("Autumn")
    assert signs(standin, [Kind.STORE_CREDIT])["discounts_fit"].is_well
    assert f"{TEA} AutomaticDiscounts" not in standin.calls
    found = signs(standin, [Kind.AMOUNT_OFF])["discounts_clash"]
    assert (found.facts, found.is_well) == ({"count": 1, "titles": "Autumn"}, False)


def test_many_discounts_are_read_page_by_page_and_few_are_named(
    standin: StandIn, tea: Shop
) -> None:
    for number in range(120):
        tea.discounts.offer(f"No. {number}")
    facts = signs(standin, [Kind.PERCENT_OFF])["discounts_clash"].facts
    assert facts["count"] == 120
    assert facts["titles"] == "No. 0, No. 1, No. 2, No. 3, No. 4, …"


# The rule.


def of(*classes: str, beside: Collection[str] = (), title: str = "") -> Discount:
    return Discount(frozenset(classes), frozenset(beside), title)


def test_both_must_let_the_other_be() -> None:
    open_to_all = of(ORDER, beside=CLASSES)
    assert not clash(open_to_all, open_to_all)
    assert clash(open_to_all, of(ORDER))
    assert clash(of(ORDER), open_to_all)
    assert not clash(of(ORDER, beside=[SHIPPING]), of(SHIPPING, beside=[ORDER]))
    # What takes something off two things must be let be with both.
    assert clash(of(ORDER, beside=[PRODUCT]), of(PRODUCT, SHIPPING, beside=[ORDER]))


def test_of_shipping_a_cart_takes_one_alone() -> None:
    assert clash(of(SHIPPING, beside=CLASSES), of(SHIPPING, beside=CLASSES))


DISCOUNTS = st.builds(
    Discount,
    st.frozensets(st.sampled_from(CLASSES), min_size=1),
    st.frozensets(st.sampled_from(CLASSES)),
)


@given(DISCOUNTS, DISCOUNTS)
def test_it_is_the_same_from_both_sides(one: Discount, other: Discount) -> None:
    assert clash(one, other) == clash(other, one)


def test_only_what_clashes_with_what_is_given_is_named() -> None:
    theirs = [
        of(ORDER, beside=CLASSES, title="a"),
        of(SHIPPING, beside=CLASSES, title="b"),
        of(PRODUCT, title="c"),
    ]
    beside = frozenset(CLASSES)
    percent, shipping = ours(Kind.PERCENT_OFF, beside), ours(Kind.FREE_SHIPPING, beside)
    assert clashing([percent], theirs) == ["c"]
    assert clashing([shipping], theirs) == ["b", "c"]
    assert clashing([ours(Kind.PERCENT_OFF, frozenset({SHIPPING}))], theirs) == ["a", "c"]
    assert clashing([], theirs) == []


def test_what_a_program_says_of_its_own_coupons_decides(standin: StandIn, tea: Shop) -> None:
    tea.discounts.offer("Autumn", "PRODUCT", "order")
    alone = Giving(kind=Kind.PERCENT_OFF, combines_with=())
    open_to_all = Giving(kind=Kind.PERCENT_OFF, combines_with=tuple(Combined))
    assert "discounts_clash" in signs(standin, [alone])
    assert "discounts_fit" in signs(standin, [open_to_all])
    assert "discounts_clash" in signs(standin, [open_to_all, alone])
