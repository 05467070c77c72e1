"""Once somebody was forgotten, the sums stay and later news is decided as ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from goodword import (
    Advocate,
    Claiming,
    CodeEnded,
    CodeTaken,
    OrderConflict,
    Referrals,
    Result,
    RewardState,
    State,
    Terms,
    amount_off,
)
from goodword.embedded.engine import Engine
from goodword.storage.personal import CONTACT_FREE
from goodword.storage.tables import orders
from tests.sdk.builders import (
    PLACED,
    RELEASE,
    Clock,
    Obedient,
    a_program,
    an_order,
    every_row,
    gbp,
    later,
    reported,
    standing,
    the_reward,
    totals,
)
from tests.sdk.telling import FRIEND, FRIENDS_PHONE, NAMED, OF_FRIEND, WHO, XENIA, tell_all, told_of

pytestmark = pytest.mark.slow


@pytest.fixture
def told(referrals: Referrals) -> Referrals:
    return tell_all(referrals)


# An advocate who was forgotten.


def test_an_advocate_ends_with_their_codes_and_keeps_what_was_earned(
    engine: Engine, told: Referrals, clock: Clock
) -> None:
    clock.to(PLACED + timedelta(hours=1))
    told.people.forget("c-9")
    assert told.advocates.find("c-9") == Advocate(id="c-9", ended=clock.at)
    assert told.find_code("WORDOFMOUTH").ended == clock.at
    clock.on(days=1)
    new = an_order(id="18", placed=clock.at, email="eve@friend.example", coupons=())
    outcome = told.record_order(replace(new, code="WORDOFMOUTH", modified=clock.at))
    assert outcome.reasons == ("code_ended", "advocate_inactive")
    with pytest.raises(CodeEnded):
        told.claim(Claiming(code="WORDOFMOUTH", email="eve@friend.example"))
    clock.to(RELEASE)
    till = Obedient()
    engine.work({"till": till})
    assert the_reward(told, "c-9") == (RewardState.GRANTED, gbp("7.20"))
    granted = [deed.grant for deed in till.deeds if deed.grant and deed.grant.person == "c-9"]
    assert {(grant.email, grant.phone) for grant in granted} == {(None, None)}


def test_who_was_forgotten_is_not_thanked(engine: Engine, told: Referrals) -> None:
    assert len(told.thanks.owed()) == 1
    told.people.forget("c-9")
    mail = Obedient()
    engine.work({"mail": mail})
    assert (list(told.thanks.owed()), mail.deeds) == ([], [])


@pytest.mark.parametrize("refunded", [{"refunded": True}, {"net": gbp("36.00")}])
def test_a_refund_after_it_is_booked_as_ever(told: Referrals, refunded: dict[str, Any]) -> None:
    told.people.forget("c-9")
    told.people.forget(FRIEND)
    again = an_order(coupons=(), customer="k-1", **WHO, **NAMED)
    told.record_order(later(again, **refunded))
    assert totals(told, advocate="c-9")[1] == (0 if "refunded" in refunded else 360)


def test_what_is_decided_once_more_is_what_stands_in_the_book(told: Referrals) -> None:
    told.people.forget("c-9")
    told.people.forget(FRIEND)
    replay = told.credit.replay(PLACED - timedelta(days=1), PLACED + timedelta(days=1))
    assert (replay.orders, replay.differences) == (1, ())
    told.credit.assign("17", "WORDOFMOUTH", reason="said again")
    assert totals(told, advocate="c-9")[1] == 720


def test_merged_advocates_are_forgotten_together(engine: Engine, told: Referrals) -> None:
    twin = Advocate(id="c-8", name="Xenia Z. Zhao", email="zhao@work.example")
    told.advocates.invite("friends", twin)
    told.advocates.merge("c-8", into="c-9")
    told.people.forget("zhao@work.example")
    assert told_of(engine, ("xenia", "zhao")) == set()
    assert standing(told, "c-9").waiting == 720


def test_an_advocate_may_come_back_with_a_new_code(told: Referrals, clock: Clock) -> None:
    told.people.forget("c-9")
    clock.on(days=1)
    with pytest.raises(CodeTaken):
        told.advocates.invite("friends", XENIA, code="WORDOFMOUTH")
    code = told.advocates.invite("friends", XENIA)
    assert code.text != "WORDOFMOUTH"
    assert code.ended is None
    order = an_order(id="18", placed=clock.at, email="eve@friend.example", code=code.text)
    outcome = told.record_order(later(order, coupons=()))
    assert reported(outcome).state is State.QUALIFIED


def test_who_referred_themself_is_not_rewarded_for_being_forgotten(told: Referrals) -> None:
    mine = an_order(id="18", email=XENIA.email, code="WORDOFMOUTH", coupons=())
    assert told.record_order(mine).reasons == ("self_referral",)
    told.people.forget("c-9")
    again = told.record_order(later(mine, net=gbp("50.00")))
    assert again.reasons == ("self_referral",)


def test_a_household_stays_in_review(told: Referrals) -> None:
    near = an_order(id="18", email="eve@friend.example", phone=XENIA.phone, coupons=())
    near = later(near, code="WORDOFMOUTH")
    assert told.record_order(near).reasons == ("risk_review",)
    told.people.forget("c-9")
    assert told.record_order(later(near, net=gbp("50.00"))).reasons == ("risk_review",)


def test_a_name_that_led_to_somebody_leads_there_still(referrals: Referrals) -> None:
    referrals.programs.save(a_program())
    referrals.advocates.invite("friends", XENIA)
    namesake = Advocate(id="c-10", name="Xenia Zhao", email="other@shop.example")
    referrals.advocates.invite("friends", namesake)
    order = an_order(coupons=(), named="Xenia Zhao", named_hint="xenia@shop.example")
    assert reported(referrals.record_order(order)).advocate == "c-9"
    referrals.people.forget("c-9")
    assert reported(referrals.record_order(later(order, net=gbp("50.00")))).advocate == "c-9"
    assert totals(referrals, advocate="c-9")[1] == 500


@pytest.mark.parametrize("asked", [True, False])
def test_nor_does_a_friend_who_is_erased_take_their_thanks_along(
    referrals: Referrals, asked: bool
) -> None:
    referrals.programs.save(a_program())
    referrals.advocates.invite("friends", XENIA)
    order = an_order(coupons=(), named="Xenia Zhao", **WHO)
    assert reported(referrals.record_order(order)).advocate == "c-9"
    if asked:
        referrals.people.forget(FRIEND)
    # The shop took what they wrote off the order, and maybe who they are.
    left = order if asked else replace(order, email=None, phone=None)
    erased = later(left, named=None)
    assert reported(referrals.record_order(erased)).advocate == "c-9"
    assert reported(referrals.record_order(later(erased, 2, net=gbp("50.00")))).advocate == "c-9"
    assert totals(referrals, advocate="c-9")[1] == 500


def test_a_name_that_was_taken_back_leads_nowhere(referrals: Referrals) -> None:
    referrals.programs.save(a_program())
    referrals.advocates.invite("friends", XENIA)
    order = an_order(coupons=(), named="Xenia Zhao", **WHO)
    referrals.record_order(order)
    assert referrals.record_order(later(order, named=None)).referral is None


# A friend who was forgotten, and comes back.


def test_who_comes_back_is_told_again_and_not_kept(engine: Engine, told: Referrals) -> None:
    (before,) = told.people.export(FRIEND)["people"]
    told.people.forget(FRIEND)
    new = an_order(id="18", placed=PLACED + timedelta(hours=1), coupons=(), **WHO)
    told.record_order(later(new, 7200))
    told.record_order(later(new, 7300, phone="0933 444 555"))
    assert told_of(engine, (*OF_FRIEND, "933444555")) == set()
    orders = told.people.export(before["id"])["orders"]
    assert [order["id"] for order in orders] == ["17", "18"]


@pytest.mark.parametrize("known", [{"phone": FRIENDS_PHONE}, {"customer": "k-1"}])
def test_a_phone_or_account_alone_tells_them_too(
    engine: Engine, told: Referrals, known: dict[str, str]
) -> None:
    (before,) = told.people.export(FRIEND)["people"]
    told.people.forget(FRIEND)
    told.record_order(an_order(id="18", coupons=(), email=None, **known))
    assert len(told.people.export(before["id"])["orders"]) == 2
    assert told_of(engine, OF_FRIEND) == set()


def test_a_housemate_is_somebody_else(told: Referrals) -> None:
    (before,) = told.people.export(FRIEND)["people"]
    told.people.forget(FRIEND)
    told.record_order(an_order(id="18", email="wife@friend.example", phone=FRIENDS_PHONE))
    (wife,) = told.people.export("wife@friend.example")["people"]
    assert wife["id"] != before["id"]


def test_a_second_first_order_is_still_refused(referrals: Referrals) -> None:
    terms = Terms(first_order_only=True)
    referrals.programs.save(a_program(terms=terms))
    referrals.advocates.invite("friends", XENIA, code="WORDOFMOUTH")
    first = an_order(coupons=(), code="WORDOFMOUTH", **WHO)
    assert referrals.record_order(first).reasons == ()
    referrals.people.forget(FRIEND)
    second = later(first, 60, id="18", placed=PLACED + timedelta(minutes=1))
    assert referrals.record_order(second).reasons == ("not_first_order",)


def test_no_second_coupon_while_the_first_stands(engine: Engine, told: Referrals) -> None:
    (claim,) = told.people.export(FRIEND)["claims"]
    told.people.forget(FRIEND)
    again = told.claim(Claiming(code="WORDOFMOUTH", email="quentin@gmail.com", account="k-1"))
    assert (again.id, again.coupon) == (claim["id"], claim["coupon"])
    assert told_of(engine, OF_FRIEND) == set()


def test_their_coupon_is_made_for_nobody(engine: Engine, told: Referrals) -> None:
    told.people.forget(FRIEND)
    till = Obedient()
    engine.work({"till": till})
    (grant,) = [deed.grant for deed in till.deeds if deed.grant]
    assert (grant.email, grant.phone) == (None, None)


def test_a_bond_still_speaks_for_its_order(told: Referrals) -> None:
    order = an_order(id="18", coupons=(), **WHO)
    assert reported(told.record_order(order)).code == "WORDOFMOUTH"
    told.people.forget(FRIEND)
    outcome = told.record_order(later(order, net=gbp("36.00")))
    assert (outcome.reasons, totals(told, "18", "c-9")[1]) == ((), 360)
    told.record_order(later(order, 2, net=gbp("36.00"), email=None, phone=None))
    assert totals(told, "18", "c-9")[1] == 360


# An order told again, whose fingerprint holds nothing of the person any more.


def test_the_same_state_told_again_is_a_duplicate_and_no_conflict(
    engine: Engine, told: Referrals
) -> None:
    order = an_order(coupons=(), customer="k-1", **WHO, **NAMED)
    told.people.forget(FRIEND)
    told.people.forget("c-9")
    before = every_row(engine)
    assert told.record_order(order).result is Result.DUPLICATE
    assert told.record_order(an_order(coupons=(), customer="k-1")).result is Result.DUPLICATE
    assert every_row(engine) == before
    with pytest.raises(OrderConflict):
        told.record_order(later(order, 0, net=gbp("50.00")))


@pytest.mark.parametrize("other", [{"email": "r@friend.example"}, {"phone": "0933 444 555"}])
def test_another_contact_for_the_same_moment_is_a_conflict_as_ever(
    told: Referrals, other: dict[str, str]
) -> None:
    order = an_order(coupons=(), customer="k-1", **WHO, **NAMED)
    with pytest.raises(OrderConflict):
        told.record_order(later(order, 0, **other))


@pytest.mark.parametrize("who", [FRIEND, "c-9"])
def test_a_guess_cannot_be_held_against_an_order(engine: Engine, told: Referrals, who: str) -> None:
    def fingerprint() -> str:
        with engine.database.connect() as connection:
            return str(connection.execute(select(orders.c.facts)).scalar_one())

    assert len(fingerprint()) > CONTACT_FREE
    told.people.forget(who)
    assert len(fingerprint()) == CONTACT_FREE


def test_nor_once_it_is_told_anew(engine: Engine, told: Referrals) -> None:
    told.people.forget(FRIEND)
    told.record_order(later(an_order(coupons=(), **WHO, **NAMED), net=gbp("50.00")))
    with engine.database.connect() as connection:
        assert len(connection.execute(select(orders.c.facts)).scalar_one()) == CONTACT_FREE


# After twelve months.


def test_after_twelve_months_the_hash_is_gone(
    engine: Engine, told: Referrals, clock: Clock
) -> None:
    told.people.forget(FRIEND)
    assert len(every_row(engine)["goodword_forgotten"]) == 3
    clock.on(days=364, hours=23)
    engine.work()
    assert len(every_row(engine)["goodword_forgotten"]) == 3
    clock.on(hours=1)
    engine.work()
    assert every_row(engine)["goodword_forgotten"] == []


def test_then_they_are_a_stranger(told: Referrals, clock: Clock) -> None:
    (before,) = told.people.export(FRIEND)["people"]
    told.people.forget(FRIEND)
    clock.on(days=366)
    told.record_order(an_order(id="18", placed=clock.at, coupons=(), **WHO))
    (after,) = told.people.export(FRIEND)["people"]
    assert after["id"] != before["id"]
    # An order from before stays whose it was.
    told.record_order(later(an_order(coupons=(), **WHO), net=gbp("50.00")))
    assert [one["id"] for one in told.people.export(FRIEND)["orders"]] == ["18"]


def test_forgetting_another_sweeps_too(engine: Engine, told: Referrals, clock: Clock) -> None:
    told.people.forget(FRIEND)
    clock.on(days=366)
    told.people.forget("c-9")
    assert len(every_row(engine)["goodword_forgotten"]) == 1


def test_shops_have_keys_of_their_own(engine: Engine, told: Referrals) -> None:
    other = engine.of("coffee-house")
    other.record_order(an_order(coupons=(), **WHO))
    told.people.forget(FRIEND)
    other.people.forget(FRIEND)
    hashes = [row.split("'")[3] for row in every_row(engine)["goodword_forgotten"]]
    assert len(set(hashes)) == len(hashes) == 5


def test_a_reward_that_is_fixed_is_kept_too(referrals: Referrals) -> None:
    referrals.programs.save(a_program(amount_off("5.00", "GBP")))
    referrals.advocates.invite("friends", XENIA, code="WORDOFMOUTH")
    referrals.record_order(an_order(coupons=(), code="WORDOFMOUTH", **WHO))
    referrals.people.forget("c-9")
    assert standing(referrals, "c-9").waiting == 500
