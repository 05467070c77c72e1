"""Who is credited for an order, by what it names and by how things stood when it was placed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from goodword import (
    Advocate,
    Code,
    CodeVia,
    Landing,
    Referrals,
    Rung,
    State,
    Terms,
    Visiting,
    share_of_order,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import (
    PLACED,
    START,
    Clock,
    Obedient,
    a_program,
    alice,
    an_order,
    carol,
    gbp,
    later,
    reported,
    standing,
    state_of,
    totals,
    used,
)

pytestmark = pytest.mark.usefixtures("code")


# Who is credited.


@pytest.mark.parametrize("text", ["ref-alice10", "REF-ALICE10", " Ref-Alice10 "])
def test_a_coupon_is_ours_in_any_case(referrals: Referrals, text: str) -> None:
    assert reported(referrals.record_order(an_order(coupons=used(text)))).code == "ALICE10"


def test_a_coupon_is_never_guessed_from_a_code(referrals: Referrals) -> None:
    outcome = referrals.record_order(an_order(coupons=used("alice10")))
    assert outcome.result == "unattributed"


@pytest.mark.parametrize(("via", "rung"), [("typed", Rung.COUPON), ("link", Rung.LANDING)])
def test_a_code_on_the_order_weighs_as_it_came_there(
    referrals: Referrals, via: str, rung: Rung
) -> None:
    order = an_order(coupons=(), code="alice-10", code_via=CodeVia(via))
    assert reported(referrals.record_order(order)).rung is rung
    assert totals(referrals) == (0, 720)


def test_what_the_platform_noted_is_the_last_resort(referrals: Referrals) -> None:
    order = an_order(coupons=(), landing=Landing(code="alice10", at=START))
    assert reported(referrals.record_order(order)).rung is Rung.LANDING


@pytest.mark.parametrize(
    ("after", "reasons"),
    [
        (timedelta(), ()),
        (timedelta(days=30), ()),
        (timedelta(days=30, microseconds=1), ("outside_window",)),
        (timedelta(microseconds=-1), ("outside_window",)),
    ],
)
def test_a_visit_counts_within_its_window(
    referrals: Referrals, clock: Clock, after: timedelta, reasons: tuple[str, ...]
) -> None:
    visit = referrals.record_visit(Visiting(code="ALICE10"))
    clock.at += after
    order = an_order(coupons=(), visit=visit.id, placed=visit.at + after)
    outcome = referrals.record_order(order)
    assert outcome.reasons == reasons
    assert outcome.result == ("unattributed" if reasons else "created")


def test_a_visit_that_nobody_made_leads_nowhere(referrals: Referrals) -> None:
    outcome = referrals.record_order(an_order(coupons=(), visit="0" * 32))
    assert outcome.result == "unattributed"


def test_a_coupon_beats_another_advocates_link(referrals: Referrals) -> None:
    carol(referrals)
    visit = referrals.record_visit(Visiting(code="CAROL"))
    assert reported(referrals.record_order(an_order(visit=visit.id))).advocate == "c-1"
    (lost,) = referrals.credit.explain("17").lost
    assert (lost.candidate.advocate, lost.why) == ("c-2", "weaker")


@pytest.mark.parametrize("before", [("ref-alice10",), ("ref-carol",), ()])
def test_of_two_coupons_the_last_on_the_order_counts_whatever_it_was_before(
    referrals: Referrals, before: tuple[str, ...]
) -> None:
    carol(referrals)
    first = an_order(coupons=sum(map(used, before), ()))
    referrals.record_order(first)
    both = later(first, coupons=(*used("ref-carol"), *used("ref-alice10")))
    assert reported(referrals.record_order(both)).advocate == "c-1"


def test_an_edit_to_another_advocates_coupon_moves_the_booking(referrals: Referrals) -> None:
    carol(referrals)
    referrals.record_order(an_order())
    outcome = referrals.record_order(later(an_order(), coupons=used("ref-carol")))
    assert reported(outcome).advocate == "c-2"
    assert totals(referrals, advocate="c-1") == (0, 0)
    assert totals(referrals, advocate="c-2") == (800, 720)


def test_a_reward_that_moved_on_is_not_given_yet(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    carol(referrals)
    referrals.record_order(an_order())
    clock.to(PLACED + timedelta(days=14))
    engine.work({"till": Obedient(), "mail": Obedient()})
    assert reported(referrals.record_order(later(an_order(), 9, test=False))).state == "rewarded"

    moved = referrals.record_order(later(an_order(), 10, coupons=used("ref-carol")))
    assert reported(moved).state is State.QUALIFIED
    assert standing(referrals, "c-1").owed_back == -720
    assert standing(referrals, "c-2").waiting == 720
    engine.work({"till": Obedient()})
    assert standing(referrals, "c-1").given == 0
    assert standing(referrals, "c-2").given == 720
    assert state_of(referrals) is State.REWARDED


# Nobody is rewarded for referring themself.


@pytest.mark.parametrize(
    "who",
    [
        {"customer": "c-1"},
        {"email": "alice@shop.example"},
        {"email": " Alice+tea@SHOP.example "},
        {"email": "other@friend.example", "customer": "c-1"},
    ],
)
def test_nobody_refers_themself(referrals: Referrals, who: dict[str, Any]) -> None:
    outcome = referrals.record_order(an_order(**who))
    assert outcome.reasons == ("self_referral",)
    assert reported(outcome).state is State.REJECTED
    # The friend's saving was spent all the same.
    assert totals(referrals) == (800, 0)


def test_a_mailbox_is_known_with_and_without_its_dots(referrals: Referrals) -> None:
    mei = Advocate(id="c-17", email="mei.chen@gmail.com")
    referrals.advocates.invite("friends", mei, coupon="ref-mei")
    order = an_order(coupons=used("ref-mei"), email="MeiChen+x@googlemail.com")
    assert referrals.record_order(order).reasons == ("self_referral",)


def test_a_dot_tells_people_apart_elsewhere(referrals: Referrals) -> None:
    assert referrals.record_order(an_order(email="al.ice@shop.example")).reasons == ()


@pytest.mark.parametrize("who", [{"customer": "c-1"}, {"email": "alice@shop.example"}])
def test_who_the_friend_is_may_be_learned_later(referrals: Referrals, who: dict[str, Any]) -> None:
    unknown = an_order(email=None)
    assert referrals.record_order(unknown).reasons == ()
    assert referrals.record_order(later(unknown, **who)).reasons == ("self_referral",)
    assert totals(referrals) == (800, 0)
    other = later(unknown, 2, email="bob@friend.example")
    assert referrals.record_order(other).reasons == ()
    assert totals(referrals) == (800, 720)


def test_what_was_once_known_of_the_friend_is_not_forgotten_by_an_erasure(
    referrals: Referrals,
) -> None:
    own = an_order(email="alice@shop.example")
    referrals.record_order(own)
    erased = later(own, email="deleted@site.invalid")
    assert referrals.record_order(erased).reasons == ("self_referral",)


# Facts are kept as of the order's placing.


def test_a_version_saved_later_does_not_touch_an_earlier_order(
    referrals: Referrals, clock: Clock
) -> None:
    clock.to(PLACED + timedelta(hours=1))
    referrals.programs.save(a_program(share_of_order(50)))
    assert reported(referrals.record_order(an_order())).version == 1
    assert totals(referrals)[1] == 720

    after = an_order(id="18", placed=clock.at)
    assert reported(referrals.record_order(after)).version == 2
    assert totals(referrals, "18")[1] == 3600


def test_an_advocate_who_ends_later_keeps_the_earlier_order(referrals: Referrals) -> None:
    ended = replace(alice(), ended=PLACED + timedelta(seconds=1))
    referrals.record_order(an_order())
    referrals.advocates.invite("friends", ended)
    assert referrals.record_order(later(an_order(), net=gbp("60.00"))).reasons == ()
    assert totals(referrals)[1] == 600
    next_order = an_order(id="18", placed=ended.ended)
    assert referrals.record_order(next_order).reasons == ("advocate_inactive",)


@pytest.mark.parametrize(
    ("dates", "live"),
    [
        ({"starts": PLACED}, True),
        ({"starts": PLACED + timedelta(microseconds=1)}, False),
        ({"ends": PLACED + timedelta(microseconds=1)}, True),
        ({"ends": PLACED}, False),
        ({"starts": PLACED - timedelta(days=1), "ends": PLACED}, False),
    ],
)
def test_a_code_counts_while_its_program_is_live(
    referrals: Referrals, dates: dict[str, Any], live: bool
) -> None:
    referrals.programs.save(a_program(**dates))
    outcome = referrals.record_order(an_order())
    assert outcome.reasons == (() if live else ("program_not_live",))


def test_an_order_placed_before_the_program_was_saved_does_not_count(referrals: Referrals) -> None:
    outcome = referrals.record_order(an_order(placed=START - timedelta(seconds=1)))
    assert outcome.reasons == ("program_not_live",)


# First orders.


@pytest.fixture
def first_only(referrals: Referrals, code: Code) -> None:
    referrals.programs.save(a_program(terms=Terms(first_order_only=True)))


@pytest.mark.usefixtures("first_only")
@pytest.mark.parametrize(
    ("email", "reasons"),
    [("BOB+tea@friend.example", ("not_first_order",)), ("eve@friend.example", ())],
)
def test_our_own_history_tells_a_first_order(
    referrals: Referrals, email: str, reasons: tuple[str, ...]
) -> None:
    earlier = an_order(id="16", placed=PLACED - timedelta(days=1), coupons=())
    referrals.record_order(earlier)
    assert referrals.record_order(an_order(email=email)).reasons == reasons


@pytest.mark.usefixtures("first_only")
def test_only_one_order_is_the_first_whichever_we_heard_of_first(
    referrals: Referrals, clock: Clock
) -> None:
    clock.on(days=1)
    after = an_order(id="18", placed=PLACED + timedelta(days=1))
    assert referrals.record_order(after).reasons == ()
    assert referrals.record_order(an_order()).reasons == ("not_first_order",)


@pytest.mark.usefixtures("first_only")
@pytest.mark.parametrize(("first", "reasons"), [(True, ()), (False, ("not_first_order",))])
def test_the_shops_own_word_on_first_orders_counts_before_ours(
    referrals: Referrals, first: bool, reasons: tuple[str, ...]
) -> None:
    referrals.record_order(an_order(id="16", placed=PLACED - timedelta(days=1), coupons=()))
    assert referrals.record_order(an_order(first_order=first)).reasons == reasons


@pytest.mark.usefixtures("first_only")
def test_whether_it_is_the_first_is_asked_once(referrals: Referrals) -> None:
    referrals.record_order(an_order())
    referrals.record_order(an_order(id="16", placed=PLACED - timedelta(days=1), coupons=()))
    again = later(an_order(), net=gbp("60.00"), first_order=False)
    assert referrals.record_order(again).reasons == ()


def test_an_order_without_an_address_is_nobodys_second(
    referrals: Referrals, first_only: None
) -> None:
    for id in ("17", "18"):
        assert referrals.record_order(an_order(id=id, email=None)).reasons == ()
