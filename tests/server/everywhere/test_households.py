"""A shared address is seen, said and forgotten the same in every mode."""

from __future__ import annotations

import pytest

from goodword import Code, Reason, Referrals, Shared
from goodword.embedded.engine import Engine
from tests.sdk.builders import alice, an_order, bare, every_row, later

pytestmark = pytest.mark.slow

HOME = "TW\n106\n和平東路二段12號之3 5樓"
SPELLED_OTHERWISE = "tw\n10663\n臺北市大安區和平東路2段12之3號五樓"


@pytest.fixture(autouse=True)
def at_home(referrals: Referrals, code: Code) -> None:
    """Alice has something sent to her home."""
    referrals.record_order(bare(id="1", email=alice().email, home=HOME))


def test_a_household_is_looked_at_and_told_why(referrals: Referrals) -> None:
    assert referrals.record_order(an_order(home=SPELLED_OTHERWISE)).reasons == ("risk_review",)
    told = referrals.credit.explain("17", language="zh-Hant")
    assert told.winner is not None
    assert told.winner.shared == (Shared.ADDRESS,)
    assert "朋友與推薦人的收件地址相同。" in told.words
    assert told.state.home is None


def test_it_is_tried_out_the_same(referrals: Referrals) -> None:
    trial = referrals.programs.try_out(an_order(home=HOME))
    assert trial.reasons == (Reason.RISK_REVIEW,)


def test_the_address_is_nowhere_and_its_hash_is_forgotten(
    engine: Engine, referrals: Referrals
) -> None:
    referrals.record_order(an_order(home=HOME))
    (row,) = referrals.people.export("c-1")["people"]
    written = [row for found in every_row(engine).values() for row in found]
    assert any(row["home"] in one for one in written)
    assert not any(word in one for one in written for word in ("和平東路", "12號", "12-3"))
    referrals.people.forget("c-1")
    referrals.people.forget("bob@friend.example")
    referrals.record_order(later(an_order(home=HOME)))
    assert not any(row["home"] in one for found in every_row(engine).values() for one in found)
