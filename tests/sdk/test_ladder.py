"""The ladder: each kind of evidence alone, against each other, and several of one kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from goodword import (
    Code,
    CodeVia,
    Lost,
    Referrals,
    Rung,
    Terms,
    Within,
)
from tests.sdk.builders import (
    INSTANT,
    PLACED,
    Clock,
    Street,
    a_program,
    an_order,
    totals,
)
from tests.sdk.buying import PHONE, Buying, terms_of

pytestmark = pytest.mark.slow

# The kinds of evidence of which one order may hold several.
SEVERAL = (Rung.ASSIGNMENT, Rung.BOND, Rung.COUPON, Rung.CLAIM, Rung.LANDING)


@pytest.fixture
def referrals(street: Street) -> Referrals:
    return street.open_shop()


@pytest.fixture
def clock(street: Street, referrals: Referrals) -> Clock:
    return street.clock


@pytest.fixture
def buying(referrals: Referrals, clock: Clock, codes: tuple[Code, Code]) -> Buying:
    return Buying(referrals, clock, an_order(coupons=(), phone=PHONE))


# One alone, and one against another.


@pytest.mark.parametrize("rung", Rung)
def test_each_rung_alone_credits(buying: Buying, codes: tuple[Code, Code], rung: Rung) -> None:
    buying.lay(rung, codes[1])
    winner = buying.end()
    assert (winner.rung, winner.advocate, winner.at) == (rung, "c-2", winner.at)
    assert totals(buying.referrals, advocate="c-2")[1] == 720
    assert buying.referrals.credit.explain("17").lost == ()


@pytest.mark.parametrize(("alices", "carols"), list(permutations(Rung, 2)))
def test_the_stronger_rung_wins_and_the_weaker_is_told_what_it_lost_to(
    buying: Buying, codes: tuple[Code, Code], alices: Rung, carols: Rung
) -> None:
    buying.lay(alices, codes[0])
    buying.lay(carols, codes[1])
    winner = buying.end()
    strongest = ("c-1", alices) if alices < carols else ("c-2", carols)
    assert (winner.advocate, winner.rung) == strongest
    (loser,) = buying.referrals.credit.explain("17").lost
    assert (loser.why, loser.to) == (Lost.WEAKER, winner)
    assert {loser.candidate.rung, winner.rung} == {alices, carols}
    assert {loser.candidate.advocate, winner.advocate} == {"c-1", "c-2"}
    assert totals(buying.referrals, advocate=winner.advocate)[1] == 720


@pytest.mark.parametrize("rung", Rung)
def test_a_program_may_switch_each_rung_off(
    buying: Buying, codes: tuple[Code, Code], rung: Rung
) -> None:
    terms_of(buying.referrals, rungs_off=(rung,))
    buying.lay(rung, codes[1])
    # The next weaker one decides instead; below the weakest nobody is left.
    weaker = Rung(rung + 1) if rung < Rung.LANDING else None
    if weaker is not None:
        buying.lay(weaker, codes[0])
        assert buying.end().rung is weaker
    else:
        buying.clock.to(PLACED)
        assert buying.referrals.record_order(buying.order).result == "unattributed"
    (loser,) = buying.referrals.credit.explain("17").lost
    assert (loser.candidate.rung, loser.why, loser.to) == (rung, Lost.RUNG_OFF, None)


def test_a_rung_is_off_in_its_own_program_only(buying: Buying, codes: tuple[Code, Code]) -> None:
    referrals = buying.referrals
    referrals.programs.save(
        a_program(name="partners", terms=Terms(window_days=30, rungs_off=(Rung.VISIT,)))
    )
    carols = referrals.advocates.invite("partners", referrals.advocates.find("c-2"))
    buying.lay(Rung.VISIT, carols)
    buying.lay(Rung.LANDING, codes[0])
    assert buying.end().program == "friends"


# Several on one rung.


def lay_both(buying: Buying, rung: Rung, first: Code, second: Code) -> None:
    """Lay two pieces of evidence of one kind, as far as one order can hold them."""
    buying.lay(rung, first)
    if rung is Rung.BOND:
        buying.bond(second, None, phone=PHONE)
    elif rung is Rung.CLAIM:
        buying.claim(second, None, email="bob@friend.example")
    elif rung is Rung.LANDING:
        first_noted = buying.order.landing
        assert first_noted is not None
        buying.change(code=first.text, code_via=CodeVia.LINK)
        buying.change(landing=replace(first_noted, code=second.text))
    else:
        buying.lay(rung, second)


@pytest.mark.parametrize("rung", SEVERAL)
@pytest.mark.parametrize("within", Within)
def test_of_several_on_one_rung_the_last_counts_or_the_first_by_choice(
    buying: Buying, codes: tuple[Code, Code], rung: Rung, within: Within
) -> None:
    terms_of(buying.referrals, within_rung=within)
    lay_both(buying, rung, *codes)
    winner = buying.end()
    # Of what people said the last word counts, whatever the program chose.
    last = within is Within.LAST or rung in (Rung.ASSIGNMENT, Rung.LANDING)
    assert (winner.rung, winner.advocate) == (rung, "c-2" if last else "c-1")
    (loser,) = buying.referrals.credit.explain("17").lost
    assert loser.to == winner


# The window.


def at_the_edges(back: timedelta, ahead: timedelta = timedelta()) -> list[tuple[timedelta, bool]]:
    """How long after the evidence an order may be placed: the last moments in, the first out."""
    return [
        (-ahead - INSTANT, False),
        (-ahead, True),
        (back, True),
        (back + INSTANT, False),
    ]


def counts(buying: Buying, rung: Rung, code: Code, after: timedelta) -> bool:
    """Whether evidence laid ten days on counts for an order placed so long after it."""
    buying.clock.on(days=10)
    placed = buying.clock() + after
    buying.lay(rung, code)
    buying.clock.to(max(placed, buying.clock()))
    buying.change(placed=placed, modified=placed, paid=placed)
    outcome = buying.referrals.record_order(buying.order)
    assert outcome.reasons == (() if outcome.referral else ("outside_window",))
    return outcome.referral is not None


@pytest.mark.parametrize(("after", "inside"), at_the_edges(timedelta(days=7)))
@pytest.mark.parametrize("rung", [Rung.VISIT, Rung.LANDING])
def test_a_visit_or_landing_counts_until_the_window_closes(
    buying: Buying, codes: tuple[Code, Code], rung: Rung, after: timedelta, inside: bool
) -> None:
    terms_of(buying.referrals, window_days=7)
    assert counts(buying, rung, codes[0], after) is inside


@pytest.mark.parametrize(("after", "inside"), at_the_edges(timedelta(days=7), timedelta(days=2)))
def test_a_claim_counts_from_its_grace_until_the_window_closes(
    buying: Buying, codes: tuple[Code, Code], after: timedelta, inside: bool
) -> None:
    terms_of(buying.referrals, window_days=7, grace_days=2)
    assert counts(buying, Rung.CLAIM, codes[0], after) is inside


@pytest.mark.parametrize(("after", "inside"), at_the_edges(timedelta(days=100), timedelta(days=2)))
def test_a_bond_counts_for_its_own_days_however_short_the_window(
    buying: Buying, codes: tuple[Code, Code], after: timedelta, inside: bool
) -> None:
    terms_of(buying.referrals, window_days=7, grace_days=2, bond_days=100)
    assert counts(buying, Rung.BOND, codes[0], after) is inside


def test_a_bond_without_days_counts_for_good(buying: Buying, codes: tuple[Code, Code]) -> None:
    assert counts(buying, Rung.BOND, codes[0], timedelta(days=3000))


def test_a_coupon_has_no_window_but_its_own_dates(buying: Buying, codes: tuple[Code, Code]) -> None:
    assert counts(buying, Rung.COUPON, codes[0], timedelta(days=3000))


# A bond and what is used at the checkout.


@pytest.mark.parametrize("how", ["typed", "coupon"])
@pytest.mark.parametrize("beaten", [False, True])
def test_a_bond_beats_what_is_used_at_the_checkout_unless_the_program_says_otherwise(
    buying: Buying, codes: tuple[Code, Code], how: str, beaten: bool
) -> None:
    terms_of(buying.referrals, code_beats_bond=beaten)
    buying.lay(Rung.BOND, codes[0])
    if how == "typed":
        buying.change(code=codes[1].text)
    else:
        buying.lay(Rung.COUPON, codes[1])
    winner = buying.end()
    expected = ("c-2", Rung.COUPON) if beaten else ("c-1", Rung.BOND)
    assert (winner.advocate, winner.rung) == expected
    (loser,) = buying.referrals.credit.explain("17").lost
    assert (loser.why, loser.to) == (Lost.WEAKER, winner)


def test_a_bond_that_codes_beat_still_beats_a_visit(
    buying: Buying, codes: tuple[Code, Code]
) -> None:
    terms_of(buying.referrals, code_beats_bond=True)
    buying.lay(Rung.BOND, codes[0])
    buying.lay(Rung.VISIT, codes[1])
    assert buying.end().rung is Rung.BOND


def test_the_friends_coupon_costs_the_same_whoever_is_credited(
    buying: Buying, codes: tuple[Code, Code]
) -> None:
    buying.lay(Rung.BOND, codes[0])
    buying.lay(Rung.COUPON, codes[1])
    buying.end()
    assert totals(buying.referrals, advocate="c-1") == (800, 720)
    assert totals(buying.referrals, advocate="c-2") == (0, 0)
