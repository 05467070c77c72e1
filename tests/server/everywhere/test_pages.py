"""Long lists come in pages, the same in every mode: nothing is lost, nothing comes twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from goodword import Code, Invalid, Referrals, UnknownAdvocate, Verdict, cursor, each
from tests.sdk.builders import alice, an_order, carol, used

pytestmark = pytest.mark.slow

List = Callable[..., Sequence[Any]]
MANY = 7
LISTS: Mapping[str, Callable[[Referrals], List]] = {
    "rewards": lambda referrals: lambda **asked: referrals.rewards.list("c-1", **asked),
    "reviews": lambda referrals: referrals.reviews.open,
    "thanks": lambda referrals: referrals.thanks.owed,
}


@pytest.fixture
def many(referrals: Referrals, code: Code) -> Referrals:
    """A shop where Alice earned seven rewards, is owed as many thanks, and as many are reviewed."""
    for number in range(MANY):
        referrals.record_order(an_order(id=f"o-{number}", email=f"f{number}@friend.example"))
    referrals.advocates.invite("friends", replace(alice(), phone="+886912345678"))
    for number in range(MANY):
        one = an_order(id=f"r-{number}", email=f"r{number}@friend.example", phone="0912345678")
        assert referrals.record_order(one).reasons == ("risk_review",)
    return referrals


@pytest.fixture(params=LISTS)
def listing(many: Referrals, request: pytest.FixtureRequest) -> List:
    return LISTS[request.param](many)


def pages(listing: List, limit: int) -> list[Any]:
    told: list[Any] = []
    page = listing(limit=limit)
    while page:
        assert len(page) <= limit
        told += page
        page = listing(after=cursor(page[-1]), limit=limit)
    return told


def test_all_pages_together_are_the_list(listing: List) -> None:
    whole = list(listing())
    assert len(whole) >= MANY
    for limit in (1, 3, len(whole), len(whole) + 1):
        assert pages(listing, limit) == whole
    assert list(each(listing)) == whole
    assert list(listing(after=cursor(whole[2]))) == whole[3:]
    assert list(listing(limit=2)) == whole[:2]
    assert list(listing(after=cursor(whole[-1]))) == []


def test_thanks_that_are_kept_meanwhile_move_no_page(many: Referrals) -> None:
    owed = list(many.thanks.owed())
    assert [one.by for one in owed] == sorted(one.by for one in owed)
    first = many.thanks.owed(limit=3)
    for one in first:
        many.thanks.keep(one.id)
    rest = many.thanks.owed(after=cursor(first[-1]))
    assert list(rest) == owed[3:]


def test_a_review_that_is_decided_meanwhile_moves_no_page(many: Referrals) -> None:
    waiting = list(many.reviews.open())
    assert all(one.order < other.order for one, other in pairwise(waiting))
    (first,) = many.reviews.open(limit=1)
    many.reviews.decide(first.order, Verdict.REFUSED, reason="one flat, one purse")
    assert list(many.reviews.open(after=cursor(first), limit=3)) == waiting[1:4]


def test_rewards_of_who_was_merged_come_in_the_same_pages(many: Referrals) -> None:
    carols = carol(many)
    # An order that both earned by, one after the other; and one of Carol's own.
    many.credit.assign("o-3", carols.text, reason="she named Carol on the phone")
    many.record_order(an_order(id="o-9", coupons=used("ref-carol"), email="nine@friend.example"))
    many.advocates.merge("c-1", "c-2")
    whole = list(many.rewards.list("c-2"))
    assert [(one.order, one.advocate) for one in whole if one.order in ("o-3", "o-9")] == [
        ("o-3", "c-1"),
        ("o-3", "c-2"),
        ("o-9", "c-2"),
    ]
    for limit in (1, 2, 5):
        assert pages(lambda **asked: many.rewards.list("c-2", **asked), limit) == whole


@pytest.mark.parametrize("limit", [0, -1])
def test_no_page_is_smaller_than_one(listing: List, limit: int) -> None:
    with pytest.raises(Invalid) as refused:
        listing(limit=limit)
    assert refused.value.facts["field"] == "limit"


@pytest.mark.parametrize("after", ["", "tea", "%%%", "茶", "UmV3YXJkAA", "A" * 5000])
def test_a_cursor_that_is_none_is_told(referrals: Referrals, code: Code, after: str) -> None:
    for listing in LISTS.values():
        with pytest.raises(Invalid) as refused:
            listing(referrals)(after=after)
        assert refused.value.facts["field"] == "after"


def test_a_cursor_of_another_list_is_told(many: Referrals) -> None:
    (reward,) = many.rewards.list("c-1", limit=1)
    for verb in (many.reviews.open, many.thanks.owed):
        with pytest.raises(Invalid):
            verb(after=cursor(reward))


def test_nobody_has_a_page_who_is_not_known(referrals: Referrals, code: Code) -> None:
    with pytest.raises(UnknownAdvocate):
        referrals.rewards.list("c-9", limit=1)
