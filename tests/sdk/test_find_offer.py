"""What a code offers is told as it stands now."""

from __future__ import annotations

from datetime import timedelta

import pytest

from goodword import (
    Advocate,
    Campaign,
    ClaimBy,
    Code,
    OfferState,
    Referrals,
    Relation,
    Terms,
    UnknownCode,
    amount_off,
    money,
    percent_off,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import START, Clock, a_program


def test_it_tells_what_whose_and_on_which_terms(referrals: Referrals, code: Code) -> None:
    ends = START + timedelta(days=90)
    terms = Terms(minimum=money("300", "TWD"), claim_by=ClaimBy.PHONE)
    saved = referrals.programs.save(
        a_program(offer=amount_off("100", "TWD"), terms=terms, ends=ends)
    )
    found = referrals.find_offer(" alice-10 ")
    assert (found.code, found.program, found.version) == ("ALICE10", "friends", saved.version)
    assert (found.offer, found.title, found.state) == (saved.offer, saved.title, OfferState.LIVE)
    assert (found.minimum, found.ends) == (terms.minimum, ends)
    assert found.claim_by is ClaimBy.PHONE
    assert (found.advocate, found.relation) == ("Alice", Relation.CUSTOMER)


def test_a_campaign_offers_its_own_while_it_runs(
    referrals: Referrals, code: Code, clock: Clock
) -> None:
    begins, ends = START + timedelta(days=2), START + timedelta(days=4)
    spring = Campaign(name="spring", starts=begins, ends=ends, offer=percent_off(25))
    saved = referrals.programs.save(a_program(campaigns=(spring,)))
    assert (referrals.find_offer("alice10").offer, referrals.find_offer("alice10").ends) == (
        saved.offer,
        None,
    )
    clock.at = begins
    found = referrals.find_offer("alice10")
    assert (found.offer, found.ends) == (percent_off(25), ends)
    clock.at = ends
    assert referrals.find_offer("alice10").offer == saved.offer


def test_one_that_has_not_begun_or_is_over_says_so(
    referrals: Referrals, code: Code, clock: Clock
) -> None:
    begins, ends = START + timedelta(days=2), START + timedelta(days=4)
    referrals.programs.save(a_program(starts=begins, ends=ends))
    assert referrals.find_offer("alice10").state is OfferState.NOT_YET
    clock.at = begins
    assert referrals.find_offer("alice10").state is OfferState.LIVE
    clock.at = ends
    assert referrals.find_offer("alice10").state is OfferState.OVER


def test_a_forgotten_advocates_code_has_ended_and_no_name(referrals: Referrals, code: Code) -> None:
    referrals.people.forget("c-1")
    found = referrals.find_offer("alice10")
    assert (found.state, found.advocate) == (OfferState.CODE_ENDED, None)


def test_a_code_that_was_rotated_still_offers_to_whoever_has_the_link(
    referrals: Referrals, code: Code
) -> None:
    referrals.advocates.rotate("friends", "c-1")
    assert referrals.find_offer("alice10").state is OfferState.LIVE


def test_who_sent_them_is_told_by_what_friends_call_them(referrals: Referrals, code: Code) -> None:
    mei = Advocate(id="c-7", name="陳美玲", email="m@example.com", relation=Relation.EMPLOYEE)
    made = referrals.advocates.invite("friends", mei)
    found = referrals.find_offer(made.text)
    assert (found.advocate, found.relation, found.shown) == ("美玲", Relation.EMPLOYEE, made.shown)


def test_another_shops_code_is_nobodys(engine: Engine, referrals: Referrals, code: Code) -> None:
    with pytest.raises(UnknownCode):
        engine.of("other").find_offer(code.text)
