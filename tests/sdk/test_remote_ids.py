"""An id that no path can hold is told before anything is asked."""

from __future__ import annotations

import pytest

import goodword
from goodword import Invalid


@pytest.mark.parametrize("id", [".", ".."])
def test_an_id_of_dots_is_told_before_a_request_is_made(id: str) -> None:
    # Nobody listens there: what is asked of it ends in `ServerDown`.
    referrals = goodword.connect("http://127.0.0.1:1", api_key="gw_key")
    with pytest.raises(Invalid) as caught:
        referrals.credit.explain(id)
    assert caught.value.facts["field"] == "order"
    with pytest.raises(Invalid):
        referrals.advocates.find(id)
