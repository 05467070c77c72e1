"""An id that no path can hold is told before anything is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import goodword
from goodword import Channel, Invalid, Referrals


@pytest.fixture
def referrals() -> Iterator[Referrals]:
    # Nobody listens there: what is asked of it ends in `ServerDown`.
    referrals = goodword.connect("http://127.0.0.1:1", api_key="gw_key")
    yield referrals
    referrals.close()


@pytest.mark.parametrize("id", [".", ".."])
def test_an_id_of_dots_is_told_before_a_request_is_made(referrals: Referrals, id: str) -> None:
    with pytest.raises(Invalid) as caught:
        referrals.credit.explain(id)
    assert caught.value.facts["field"] == "order"
    with pytest.raises(Invalid):
        referrals.advocates.find(id)


ASKS: dict[str, tuple[Callable[[Referrals], Any], str]] = {
    # Over there each would be another verb's request.
    "an advocate's rewards": (lambda r: r.advocates.find("x/rewards"), "id"),
    "a code's offer": (lambda r: r.find_code("x/offer"), "text"),
    "a claim's confirmation": (lambda r: r.find_claim("x/confirmation"), "id"),
    # And of these nobody over there knows a path.
    "a program": (lambda r: r.programs.find("a/b"), "name"),
    "a program's advocates": (
        lambda r: r.advocates.invite("a/b", goodword.Advocate(id="c-1")),
        "program",
    ),
    "a moment": (lambda r: r.messages.edit("friends", "a/b", Channel.PAGE, "x"), "moment"),
}


@pytest.mark.parametrize("ask", ASKS)
def test_an_id_that_leads_to_another_path_is_told(referrals: Referrals, ask: str) -> None:
    asks, field = ASKS[ask]
    with pytest.raises(Invalid) as caught:
        asks(referrals)
    assert caught.value.facts["field"] == field


def test_what_no_address_can_hold_is_told(referrals: Referrals) -> None:
    for asks, field in (
        (lambda: referrals.credit.explain("17", language="\ud800"), "language"),
        (lambda: referrals.advocates.why("c-1", "\ud800"), "order"),
        (lambda: referrals.advocates.find("\ud800"), "id"),
    ):
        with pytest.raises(Invalid) as caught:
            asks()
        assert caught.value.facts["field"] == field
