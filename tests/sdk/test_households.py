"""Friend and advocate of one address: a person looks, and the address is nowhere to read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from goodword import (
    Advocate,
    Order,
    OrderInvalid,
    Reason,
    Referrals,
    Refund,
    Shared,
    State,
    Verdict,
)
from goodword.embedded.engine import Engine
from goodword.embedded.orders import fingerprint
from goodword.storage.homes import PEOPLE_MOST
from tests.sdk.builders import (
    a_shop_with,
    an_order,
    bare,
    carol,
    every_row,
    gbp,
    later,
    reported,
)

HOME = "TW\n106\n和平東路二段12號之3 5樓"
SPELLED_OTHERWISE = "tw\n10663\n臺北市大安區和平東路2段12之3號五樓"
NEXT_DOOR = "TW\n106\n和平東路二段12號之3 6樓"
ALICE, BOB = "alice@shop.example", "bob@friend.example"


@pytest.fixture(autouse=True)
def shop(referrals: Referrals) -> None:
    a_shop_with(referrals)


def at_alices(**changes: object) -> Order:
    """An order of Alice's own, sent to where she lives."""
    return bare(**({"id": "1", "email": ALICE, "home": HOME} | changes))


def shared_in(referrals: Referrals, order: str = "17") -> tuple[Shared, ...]:
    winner = referrals.credit.explain(order).winner
    assert winner is not None
    return winner.shared


def test_an_advocates_address_tells_the_household(referrals: Referrals) -> None:
    referrals.record_order(at_alices())
    outcome = referrals.record_order(an_order(home=SPELLED_OTHERWISE))
    assert (reported(outcome).state, outcome.reasons) == (State.IN_REVIEW, (Reason.RISK_REVIEW,))
    assert shared_in(referrals) == (Shared.ADDRESS,)


@pytest.mark.parametrize("home", [NEXT_DOOR, None, "TW\n106\n和平東路", "TW\n106\n全家 12號取貨"])
def test_another_address_or_none_tells_nothing(referrals: Referrals, home: str | None) -> None:
    referrals.record_order(at_alices(home=home if home != NEXT_DOOR else HOME))
    assert reported(referrals.record_order(an_order(home=home))).state is State.QUALIFIED
    assert shared_in(referrals) == ()


def test_nobody_is_refused_and_a_person_decides(referrals: Referrals) -> None:
    referrals.record_order(at_alices())
    referrals.record_order(an_order(home=HOME))
    assert [one.order for one in referrals.reviews.open()] == ["17"]
    decided = referrals.reviews.decide("17", Verdict.APPROVED, reason="her mother")
    assert reported(decided).state is State.QUALIFIED
    # What was seen is still said.
    assert shared_in(referrals) == (Shared.ADDRESS,)


def test_oneself_is_no_household(referrals: Referrals) -> None:
    referrals.record_order(at_alices())
    mine = referrals.record_order(an_order(email=ALICE, home=HOME))
    assert mine.reasons == (Reason.SELF_REFERRAL,)
    assert shared_in(referrals) == ()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Friend and advocate have parcels sent to the same address."),
        ("zh-Hant", "朋友與推薦人的收件地址相同。"),
    ],
)
def test_it_is_said_what_they_share_and_not_where(
    referrals: Referrals, language: str, sentence: str
) -> None:
    referrals.record_order(at_alices())
    referrals.record_order(an_order(home=HOME))
    told = referrals.credit.explain("17", language=language)
    assert sentence in told.words
    assert told.state.home is None
    assert not any(word in repr(told) for word in ("和平東路", "12-3"))


def test_phone_and_address_are_told_apart(referrals: Referrals) -> None:
    dave = Advocate(id="c-7", name="Dave", email="dave@shop.example", phone="+886912345678")
    referrals.advocates.invite("friends", dave, code="DAVE")
    referrals.record_order(bare(id="1", email=dave.email, home=HOME))
    by_phone = an_order(id="2", coupons=(), code="DAVE", phone="0912 345 678", country="TW")
    referrals.record_order(by_phone)
    assert shared_in(referrals, "2") == (Shared.PHONE,)
    assert "Friend and advocate share a phone number." in referrals.credit.explain("2").words
    referrals.record_order(replace(by_phone, id="3", home=HOME, email="eve@friend.example"))
    assert shared_in(referrals, "3") == (Shared.PHONE, Shared.ADDRESS)


def test_who_ordered_as_a_friend_and_was_invited_since_is_told(referrals: Referrals) -> None:
    referrals.record_order(bare(id="1", email="carol@shop.example", home=HOME))
    carol(referrals)
    ordered = referrals.record_order(an_order(coupons=(), code="CAROL", home=HOME))
    assert ordered.reasons == (Reason.RISK_REVIEW,)


def test_who_goes_by_an_account_alone_is_told(referrals: Referrals) -> None:
    dave = Advocate(id="k-7", name="Dave", email=None)
    referrals.record_order(bare(id="1", email=None, customer="k-7", home=HOME))
    referrals.advocates.invite("friends", dave, code="DAVE")
    ordered = referrals.record_order(an_order(coupons=(), code="DAVE", home=HOME))
    assert ordered.reasons == (Reason.RISK_REVIEW,)


def test_inviting_again_leaves_the_address_known(referrals: Referrals) -> None:
    referrals.record_order(at_alices())
    referrals.advocates.invite("friends", Advocate(id="c-1", name="Alice", email=ALICE))
    assert referrals.record_order(an_order(home=HOME)).reasons == (Reason.RISK_REVIEW,)


def test_whoever_was_merged_lives_where_they_lived(referrals: Referrals) -> None:
    carol(referrals)
    referrals.record_order(bare(id="1", email="carol@shop.example", home=HOME))
    referrals.advocates.merge("c-2", "c-1")
    assert referrals.record_order(an_order(home=HOME)).reasons == (Reason.RISK_REVIEW,)


def test_what_one_order_told_is_known_of_the_next(referrals: Referrals) -> None:
    referrals.record_order(at_alices())
    referrals.record_order(bare(id="2", home=HOME))
    assert referrals.record_order(an_order()).reasons == (Reason.RISK_REVIEW,)


def test_the_first_address_that_somebody_told_is_theirs(referrals: Referrals) -> None:
    referrals.record_order(at_alices())
    referrals.record_order(at_alices(id="2", home=NEXT_DOOR))
    assert reported(referrals.record_order(an_order(home=NEXT_DOOR))).state is State.QUALIFIED
    assert referrals.record_order(an_order(id="18", home=HOME)).reasons == (Reason.RISK_REVIEW,)


def test_what_was_found_stays_found(referrals: Referrals) -> None:
    referrals.record_order(at_alices())
    referrals.record_order(bare(id="2", home=NEXT_DOOR))
    order = an_order(home=HOME)
    referrals.record_order(order)
    # A refund that comes alone decides anew, by an order that is kept without its address.
    refunded = referrals.record_refund("17", Refund(id="18", gross=gbp("1.00")))
    assert refunded.reasons == (Reason.RISK_REVIEW,)
    assert shared_in(referrals) == (Shared.ADDRESS,)
    again = referrals.record_order(later(order, net=gbp("50.00")))
    assert again.reasons == (Reason.RISK_REVIEW,)


@pytest.mark.parametrize(("others", "state"), [(6, State.IN_REVIEW), (7, State.QUALIFIED)])
def test_where_more_than_eight_live_it_says_nothing(
    referrals: Referrals, others: int, state: State
) -> None:
    assert PEOPLE_MOST == 8
    referrals.record_order(at_alices())
    for n in range(others):
        # A second order of theirs makes nobody a second person.
        for id in (f"1{n}0", f"1{n}1"):
            referrals.record_order(bare(id=id, email=f"friend-{n}@friend.example", home=HOME))
    assert reported(referrals.record_order(an_order(home=HOME))).state is state


def test_the_address_is_in_no_table(engine: Engine, referrals: Referrals) -> None:
    referrals.record_order(at_alices())
    referrals.record_order(an_order(home=HOME))
    rows = [row for found in every_row(engine).values() for row in found]
    assert rows
    assert not any(word in row for row in rows for word in ("和平東路", "12-3", "12號"))
    homes = [one["home"] for who in (ALICE, BOB) for one in referrals.people.export(who)["people"]]
    assert len(homes) == 2
    assert len(set(homes)) == 1
    assert len(str(homes[0])) == 64


def test_another_shop_keeps_another_hash(engine: Engine, referrals: Referrals) -> None:
    other = engine.of("book-shop")
    a_shop_with(other)
    for one in (referrals, other):
        one.record_order(at_alices())
    here, there = (one.people.export(ALICE)["people"][0]["home"] for one in (referrals, other))
    assert here != there


def test_forgetting_takes_it_away(engine: Engine, referrals: Referrals) -> None:
    referrals.record_order(at_alices())
    (home,) = (one["home"] for one in referrals.people.export(ALICE)["people"])
    referrals.people.forget(ALICE)
    assert not any(home in row for found in every_row(engine).values() for row in found)
    # Told again, it is not kept again.
    referrals.record_order(later(at_alices(), net=gbp("50.00")))
    assert not any(home in row for found in every_row(engine).values() for row in found)


def test_a_household_stays_in_review_when_its_advocate_is_forgotten(referrals: Referrals) -> None:
    referrals.record_order(at_alices())
    order = an_order(home=HOME)
    referrals.record_order(order)
    referrals.people.forget("c-1")
    again = referrals.record_order(later(order, net=gbp("50.00")))
    assert again.reasons == (Reason.RISK_REVIEW,)


def test_trying_out_looks_at_it_and_writes_nothing(engine: Engine, referrals: Referrals) -> None:
    before = every_row(engine)
    referrals.programs.try_out(an_order(home=HOME))
    assert every_row(engine) == before
    referrals.record_order(at_alices())
    before = every_row(engine)
    trial = referrals.programs.try_out(an_order(home=HOME))
    assert trial.reasons == (Reason.RISK_REVIEW,)
    assert every_row(engine) == before


def test_an_order_of_before_homes_is_told_again_as_the_same() -> None:
    """What was kept of an order by an older release is still its fingerprint."""
    assert fingerprint(an_order(home=HOME)) == fingerprint(an_order())


def test_no_log_shows_it() -> None:
    assert "和平東路" not in repr(an_order(home=HOME))


def test_the_address_alone_is_no_other_state(referrals: Referrals) -> None:
    referrals.record_order(an_order())
    assert referrals.record_order(an_order(home=HOME)).result == "duplicate"


def test_an_address_that_no_database_keeps_is_named(referrals: Referrals) -> None:
    with pytest.raises(OrderInvalid) as caught:
        referrals.record_order(an_order(home="TW\n106\n和平東路\0 12號"))
    assert caught.value.facts["field"] == "home"
