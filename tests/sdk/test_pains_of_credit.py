"""What the field gets wrong about credit, and no test elsewhere holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from goodword import (
    Claiming,
    Code,
    IdentityChanged,
    Lost,
    Part,
    Referrals,
    RulingInvalid,
    Rung,
    State,
    Verdict,
    Visiting,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import (
    PLACED,
    Clock,
    Obedient,
    a_shop_with,
    alice,
    an_order,
    carol,
    every_row,
    gbp,
    later,
    reported,
    totals,
)

pytestmark = pytest.mark.slow


# Who is who.


@pytest.mark.parametrize(
    "who",
    [
        {"customer": "c-1", "email": "second@friend.example"},
        {"email": "Alice+second@shop.example"},
        {"customer": "c-1", "email": None, "phone": "+886912345678"},
    ],
)
def test_who_refers_themself_is_known_by_account_or_mailbox(
    referrals: Referrals, who: dict[str, Any]
) -> None:
    a_shop_with(referrals)
    referrals.advocates.invite("friends", replace(alice(), phone="0912 345 678"))
    outcome = referrals.record_order(an_order(**who))
    assert "self_referral" in outcome.reasons
    assert totals(referrals)[1] == 0


def test_an_advocate_may_be_the_friend_of_another(referrals: Referrals, code: Code) -> None:
    carol(referrals)
    outcome = referrals.record_order(an_order(email="carol@shop.example", customer="c-2"))
    assert outcome.reasons == ()
    assert totals(referrals) == (800, 720)


@pytest.mark.usefixtures("code")
def test_a_refusal_says_why_in_both_languages(referrals: Referrals) -> None:
    referrals.record_order(an_order(email="alice@shop.example"))
    for language in ("en", "zh-Hant"):
        explained = referrals.credit.explain("17", language=language)
        assert explained.reasons == ("self_referral",)
        assert len(explained.words) > 1


@pytest.mark.parametrize(("verdict", "reward"), [(Verdict.APPROVED, 720), (Verdict.REFUSED, 0)])
def test_a_household_is_looked_at_and_then_earns_or_not(
    referrals: Referrals, verdict: Verdict, reward: int
) -> None:
    a_shop_with(referrals)
    referrals.advocates.invite("friends", replace(alice(), phone="0912 345 678"))
    outcome = referrals.record_order(an_order(phone="+886912345678"))
    assert outcome.reasons == ("risk_review",)
    assert reported(outcome).state is State.IN_REVIEW
    assert totals(referrals) == (800, 0)
    referrals.reviews.decide("17", verdict, reason="they live together")
    assert totals(referrals) == (800, reward)


# Codes and coupons.


def test_a_code_that_leaked_is_rotated_and_links_shared_before_still_count(
    referrals: Referrals, code: Code, clock: Clock
) -> None:
    visit = referrals.record_visit(Visiting(code=code.text))
    fresh = referrals.advocates.rotate("friends", "c-1")
    assert fresh.text != code.text
    clock.on(minutes=10)
    at = clock.at
    typed = an_order(id="18", coupons=(), code=code.text, placed=at, modified=at, paid=at)
    assert "code_ended" in referrals.record_order(typed).reasons
    linked = replace(typed, id="19", code=None, visit=visit.id)
    assert referrals.record_order(linked).reasons == ()
    assert totals(referrals, "19")[1] == 720


def test_a_friends_own_coupon_is_theirs_and_used_once(
    engine: Engine, referrals: Referrals, code: Code
) -> None:
    claim = referrals.claim(Claiming(code=code.text, email="bob@friend.example"))
    again = referrals.claim(Claiming(code=code.text, email="Bob@friend.example"))
    assert (again.id, again.coupon) == (claim.id, claim.coupon)
    till = Obedient()
    engine.work({"till": till})
    (made,) = [deed.grant for deed in till.deeds if deed.grant]
    assert (made.text, made.person, made.part) == (claim.coupon, claim.person, Part.OFFER)
    assert made.expires == claim.expires


# The friend left the page.


def test_a_friend_who_left_the_page_is_known_by_their_address(
    referrals: Referrals, code: Code
) -> None:
    referrals.claim(Claiming(code=code.text, email="bob@friend.example"))
    referrals.record_order(an_order(coupons=(), email="BOB@friend.example"))
    referral = referrals.credit.explain("17").referral
    assert referral is not None
    assert (referral.rung, referral.advocate) == (Rung.CLAIM, "c-1")


def test_a_claim_after_the_order_still_counts_within_its_grace(
    referrals: Referrals, code: Code, clock: Clock
) -> None:
    referrals.record_order(an_order(coupons=()))
    clock.to(PLACED + timedelta(days=2))
    referrals.claim(Claiming(code=code.text, email="bob@friend.example"))
    assert totals(referrals) == (0, 720)


def test_who_has_an_account_already_may_still_claim(referrals: Referrals, code: Code) -> None:
    referrals.claim(Claiming(code=code.text, account="c-9"))
    since = PLACED - timedelta(days=100)
    referrals.record_order(an_order(coupons=(), customer="c-9", customer_since=since))
    assert totals(referrals) == (0, 720)


def test_a_visit_that_the_link_carries_needs_no_cookie(referrals: Referrals, code: Code) -> None:
    visit = referrals.record_visit(Visiting(code=code.text, via="line"))
    outcome = referrals.record_order(an_order(coupons=(), visit=visit.id))
    assert reported(outcome).rung is Rung.VISIT


# One says this, another that.


def test_where_coupon_and_link_disagree_the_loser_is_told_and_kept(
    referrals: Referrals, code: Code
) -> None:
    visit = referrals.record_visit(Visiting(code=carol(referrals).text))
    referrals.record_order(an_order(visit=visit.id))
    explained = referrals.credit.explain("17")
    assert explained.winner is not None
    assert (explained.winner.rung, explained.winner.advocate) == (Rung.COUPON, "c-1")
    assert explained.winner.version == 1
    (lost,) = explained.lost
    assert (lost.candidate.rung, lost.candidate.advocate) == (Rung.VISIT, "c-2")
    assert (lost.why, lost.to, lost.candidate.at) == (Lost.WEAKER, explained.winner, visit.at)


def test_the_owner_may_credit_another_and_must_say_why(referrals: Referrals, code: Code) -> None:
    other = carol(referrals)
    referrals.record_order(an_order())
    with pytest.raises(RulingInvalid, match="reason"):
        referrals.credit.assign("17", other.text, reason=" ")
    referrals.credit.assign("17", other.text, reason="Carol told Bob of us")
    explained = referrals.credit.explain("17")
    assert explained.winner is not None
    assert explained.winner.rung is Rung.ASSIGNMENT
    assert (totals(referrals), totals(referrals, advocate="c-2")) == ((0, 0), (800, 720))


def test_deciding_otherwise_changes_no_visit(
    engine: Engine, referrals: Referrals, code: Code
) -> None:
    other = carol(referrals)
    visit = referrals.record_visit(Visiting(code=code.text))
    later_visit = referrals.record_visit(Visiting(code=other.text))
    before = every_row(engine)["goodword_visits"]
    for seconds, seen in enumerate((visit.id, later_visit.id, visit.id)):
        referrals.record_order(later(an_order(coupons=(), visit=seen), seconds))
    referrals.credit.assign("17", other.text, reason="it was Carol")
    assert every_row(engine)["goodword_visits"] == before


# What is said and what is so.


def test_what_failed_was_not_created(referrals: Referrals, engine: Engine, code: Code) -> None:
    referrals.record_order(an_order())
    before = every_row(engine)
    with pytest.raises(IdentityChanged, match="currency"):
        referrals.record_order(
            later(
                an_order(),
                net=replace(gbp("72.00"), unit="EUR"),
                gross=replace(gbp("72.00"), unit="EUR"),
                coupons=(),
            )
        )
    assert every_row(engine) == before


@pytest.mark.parametrize("who", [{"email": None}, {"email": None, "phone": "+886912345678"}, {}])
def test_a_guest_is_credited_like_anybody(
    referrals: Referrals, code: Code, who: dict[str, Any]
) -> None:
    outcome = referrals.record_order(an_order(**who))
    assert (outcome.reasons, totals(referrals)) == ((), (800, 720))


def test_who_ended_before_the_order_earns_nothing_though_linked_before(
    referrals: Referrals, code: Code
) -> None:
    visit = referrals.record_visit(Visiting(code=code.text))
    ended = replace(alice(), ended=PLACED - timedelta(seconds=1))
    referrals.advocates.invite("friends", ended)
    outcome = referrals.record_order(an_order(coupons=(), visit=visit.id))
    assert outcome.reasons == ("advocate_inactive",)
    assert totals(referrals) == (0, 0)
