"""The owner's own word on an order: evidence that beats all other, and that stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from goodword import (
    Code,
    Lost,
    Program,
    Referrals,
    Refund,
    RewardState,
    RulingInvalid,
    Rung,
    Terms,
    UnknownCode,
    UnknownOrder,
    share_of_order,
)
from goodword.embedded.engine import Engine
from goodword.words import LANGUAGES, say
from tests.sdk.builders import (
    PLACED,
    Clock,
    a_program,
    alice,
    an_order,
    booked,
    carol,
    every_row,
    gbp,
    later,
    reported,
    totals,
)

WHY = "Bob told us at the counter"
PERIOD = (PLACED - timedelta(days=1), PLACED + timedelta(days=1))


@pytest.fixture(autouse=True)
def carols(referrals: Referrals, code: Code, clock: Clock) -> Code:
    """Carol's code, and an order with Alice's coupon."""
    carols = carol(referrals)
    clock.to(PLACED)
    referrals.record_order(an_order())
    return carols


def assign(referrals: Referrals, code: str = "CAROL") -> str:
    """Assign the order; return who is credited."""
    outcome = referrals.credit.assign("17", code, reason=WHY)
    return reported(outcome).advocate


def test_it_beats_a_coupon_and_moves_the_booking(referrals: Referrals) -> None:
    outcome = referrals.credit.assign("17", "carol", reason=WHY)
    assert (outcome.result, reported(outcome).rung) == ("updated", Rung.ASSIGNMENT)
    assert totals(referrals) == (0, 0)
    assert totals(referrals, advocate="c-2") == (800, 720)
    entries = referrals.credit.explain("17").entries
    assert {one.cause for one in entries if one.advocate == "c-2"} == {"assigned"}


def test_the_last_word_counts(referrals: Referrals, clock: Clock) -> None:
    # Each at the same moment: who was told last is known without the clock.
    for word, advocate in (("CAROL", "c-2"), ("ALICE10", "c-1"), ("CAROL", "c-2")):
        assert assign(referrals, word) == advocate
    clock.on(days=1)
    assert assign(referrals, "ALICE10") == "c-1"
    assert totals(referrals) == (800, 720)
    assert totals(referrals, advocate="c-2") == (0, 0)


def test_the_hold_is_the_one_of_the_program_that_it_is_credited_in(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    referrals.programs.save(a_program(name="fast", terms=Terms(hold_days=1)))
    fast = referrals.advocates.invite("fast", alice())
    clock.on(hours=1)
    referrals.record_order(an_order(id="20", placed=clock.at, modified=clock.at, paid=clock.at))
    referrals.credit.assign("20", fast.text, reason=WHY)
    clock.on(days=1)
    engine.work()
    # It moved within what she has: nothing was booked, and still its hold is over.
    (reward,) = [one for one in referrals.rewards.list("c-1") if one.order == "20"]
    assert reward.state is RewardState.DUE


@pytest.mark.parametrize("reason", ["", "  ", "x" * 1001, "a\x00b"])
def test_a_reason_is_needed(engine: Engine, referrals: Referrals, reason: str) -> None:
    before = every_row(engine)
    with pytest.raises(RulingInvalid, match="say why") as caught:
        referrals.credit.assign("17", "CAROL", reason=reason)
    assert caught.value.facts["field"] == "reason"
    assert every_row(engine) == before


def test_who_says_so_is_needed(referrals: Referrals) -> None:
    with pytest.raises(RulingInvalid) as caught:
        referrals.credit.assign("17", "CAROL", reason=WHY, by=" ")
    assert caught.value.facts["field"] == "by"


def test_an_unknown_order_or_code_is_said_and_nothing_is_kept(
    engine: Engine, referrals: Referrals
) -> None:
    before = every_row(engine)
    with pytest.raises(UnknownCode):
        referrals.credit.assign("17", "NOBODY", reason=WHY)
    with pytest.raises(UnknownOrder):
        referrals.credit.assign("18", "CAROL", reason=WHY)
    assert every_row(engine) == before


def test_a_code_of_another_shop_is_unknown(engine: Engine, referrals: Referrals) -> None:
    other = engine.of("book-shop")
    other.programs.save(a_program())
    other.advocates.invite("friends", referrals.advocates.find("c-1"), code="BOOKS")
    with pytest.raises(UnknownCode):
        referrals.credit.assign("17", "BOOKS", reason=WHY)


def test_it_survives_every_later_report(referrals: Referrals) -> None:
    assign(referrals)
    assert referrals.record_order(an_order()).result == "duplicate"
    edits: list[dict[str, Any]] = [
        {"net": gbp("60.00")},
        {"paid": None},
        {"paid": PLACED},
        {"code": "ALICE10"},
    ]
    for second, changes in enumerate(edits, start=1):
        outcome = referrals.record_order(later(an_order(), second, **changes))
        assert reported(outcome).advocate == "c-2"
    referrals.record_refund("17", Refund(id="r", gross=gbp("36.00")))
    assert totals(referrals, advocate="c-2") == (400, 360)
    referrals.record_order(later(an_order(), 9, cancelled=PLACED))
    assert totals(referrals, advocate="c-2") == (0, 0)
    referrals.record_order(later(an_order(), 10))
    assert totals(referrals, advocate="c-2") == (400, 360)


def test_it_credits_an_order_that_nothing_else_led_from(referrals: Referrals) -> None:
    bare = an_order(id="18", coupons=())
    assert referrals.record_order(bare).result == "unattributed"
    outcome = referrals.credit.assign("18", "CAROL", reason=WHY)
    assert reported(outcome).advocate == "c-2"
    assert totals(referrals, "18", "c-2") == (0, 720)


def test_the_terms_still_decide_whether_it_earns(referrals: Referrals) -> None:
    referrals.record_order(an_order(id="18", coupons=(), paid=None))
    outcome = referrals.credit.assign("18", "CAROL", reason=WHY)
    assert outcome.reasons == ("not_paid",)
    own = an_order(id="19", coupons=(), email="carol@shop.example")
    referrals.record_order(own)
    assert referrals.credit.assign("19", "CAROL", reason=WHY).reasons == ("self_referral",)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_explained_with_what_it_beat(referrals: Referrals, language: str) -> None:
    assign(referrals)
    explained = referrals.credit.explain("17", language=language)
    assert explained.winner is not None
    assert explained.winner.source.startswith("assignment:")
    (loser,) = explained.lost
    assert (loser.candidate.source, loser.why, loser.to) == (
        "coupon:ref-alice10",
        Lost.WEAKER,
        explained.winner,
    )
    assert say("decided", language, seen=say("seen.assignment", language)) in explained.words


def test_replay_decides_by_it_and_finds_nothing_amiss(referrals: Referrals) -> None:
    assign(referrals)
    replayed = referrals.credit.replay(*PERIOD)
    assert (replayed.orders, replayed.differences) == (1, ())
    again = referrals.credit.replay(*PERIOD, as_placed=True)
    assert (again.orders, again.differences) == (1, ())


def test_its_program_version_is_the_one_live_when_the_order_was_placed(
    referrals: Referrals, clock: Clock
) -> None:
    clock.on(hours=1)
    saved: Program = referrals.programs.save(a_program(share_of_order(50)))
    outcome = referrals.credit.assign("17", "CAROL", reason=WHY)
    assert reported(outcome).version == saved.version - 1
    entries = referrals.credit.explain("17").entries
    assert booked(entries, entries[-1].part, "c-2") == 720
