"""What is kept of people, and forgetting them: the person is gone, and the sums stay."""

from __future__ import annotations

import json
from collections.abc import Iterable
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
    Invalid,
    OrderConflict,
    Referrals,
    Result,
    RewardState,
    State,
    Terms,
    UnknownPerson,
    amount_off,
)
from goodword.embedded.engine import Engine
from goodword.storage.personal import CONTACT_FREE
from goodword.storage.tables import metadata, orders
from tests.sdk.builders import (
    PLACED,
    RELEASE,
    Clock,
    Obedient,
    Saying,
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

pytestmark = pytest.mark.slow

FRIEND = "Q.uentin+tea@gmail.com"
FRIENDS_PHONE = "0912 345 678"
WHO = {"email": FRIEND, "phone": FRIENDS_PHONE}
XENIA = Advocate(id="c-9", name="Xenia Zhao", email="Xenia@Shop.example", phone="0988 777 666")
NAMED = {"named": "ZHAO, Xenia", "named_hint": "0988777666"}
# What would tell them, in any spelling that the tables may hold.
OF_FRIEND = ("quentin", "q.uentin", "912345678", "912 345 678")
OF_XENIA = ("xenia", "zhao", "988777666", "988 777 666")


def told_of(engine: Engine, words: Iterable[str]) -> set[str]:
    """The tables that hold any of the words."""
    return {
        table
        for table, found in every_row(engine).items()
        for row in found
        if any(word in row.lower() for word in words)
    }


def sums(engine: Engine) -> list[str]:
    return every_row(engine)["goodword_entries"]


@pytest.fixture
def told(referrals: Referrals) -> Referrals:
    """A friend who claimed and ordered, by the name of an advocate who has done all there is."""
    referrals.programs.save(a_program())
    referrals.advocates.invite("friends", XENIA, code="WORDOFMOUTH", coupon="offer-1")
    claim = referrals.claim(Claiming(code="WORDOFMOUTH", account="k-1", **WHO))
    referrals.confirm(claim.id, account="k-1")
    referrals.record_order(an_order(coupons=(), customer="k-1", **WHO, **NAMED))
    referrals.credit.assign("17", "WORDOFMOUTH", reason="Quentin says that Xenia sent him")
    return referrals


def test_personal_data_lives_in_one_table(engine: Engine, told: Referrals) -> None:
    found = told_of(engine, (*OF_FRIEND, *OF_XENIA))
    # Of a ruling's reason its writer is asked to name nobody; and it is forgotten all the same.
    assert found == {"goodword_people", "goodword_rulings"}


def test_once_forgotten_nobody_is_in_any_table(engine: Engine, told: Referrals) -> None:
    engine.work({"mail": Saying(answers=[RuntimeError("no"), RuntimeError("no")])})
    before = sums(engine)
    told.people.forget("quentin@googlemail.com")
    assert told_of(engine, OF_FRIEND) == set()
    told.people.forget("c-9")
    assert told_of(engine, (*OF_FRIEND, *OF_XENIA)) == set()
    assert sums(engine) == before


def test_all_shops_tables_are_looked_at(engine: Engine) -> None:
    assert every_row(engine).keys() == metadata.tables.keys()


@pytest.mark.parametrize("id", [FRIEND, "quentin@gmail.com", "+886912345678", FRIENDS_PHONE, "k-1"])
def test_a_friend_is_told_by_any_contact(engine: Engine, told: Referrals, id: str) -> None:
    assert told.people.export(id) == told.people.export(FRIEND)
    told.people.forget(id)
    assert told_of(engine, OF_FRIEND) == set()


@pytest.mark.parametrize("id", ["c-9", "xenia@shop.example", "+886 988-777-666"])
def test_an_advocate_is_told_by_id_or_contact(engine: Engine, told: Referrals, id: str) -> None:
    told.people.forget(id)
    assert told_of(engine, OF_XENIA) == set()


@pytest.mark.parametrize("id", ["c-404", "nobody@friend.example", "0911 000 111", "", "Xenia Zhao"])
def test_who_is_not_known_cannot_be_forgotten(engine: Engine, told: Referrals, id: str) -> None:
    before = every_row(engine)
    for verb in (told.people.export, told.people.forget):
        with pytest.raises(UnknownPerson):
            verb(id)
    assert every_row(engine) == before


def test_a_phone_of_several_people_tells_nobody(engine: Engine, told: Referrals) -> None:
    told.record_order(an_order(id="18", email="wife@friend.example", phone=FRIENDS_PHONE))
    before = every_row(engine)
    for verb in (told.people.export, told.people.forget):
        with pytest.raises(Invalid) as caught:
            verb(FRIENDS_PHONE)
        assert caught.value.facts["field"] == "id"
    assert every_row(engine) == before


def test_one_shop_forgets_nobody_of_another(engine: Engine, told: Referrals) -> None:
    other = engine.of("coffee-house")
    other.programs.save(a_program())
    other.record_order(an_order(**WHO))
    told.people.forget(FRIEND)
    assert other.people.export(FRIEND)["orders"][0]["id"] == "17"
    with pytest.raises(UnknownPerson):
        engine.of("third").people.forget(FRIEND)


def test_twice_is_once(engine: Engine, told: Referrals) -> None:
    (friend,) = told.people.export(FRIEND)["people"]
    told.people.forget(FRIEND)
    before = every_row(engine)
    with pytest.raises(UnknownPerson):
        told.people.forget(FRIEND)
    told.people.forget(friend["id"])
    assert every_row(engine) == before


# What is told of them.


def test_an_export_tells_all_of_a_friend(told: Referrals) -> None:
    found = json.loads(json.dumps(told.people.export(FRIEND)))
    (person,) = found["people"]
    assert (person["email"], person["phone"]) == (FRIEND, "+886912345678")
    assert (person["mailbox"], person["account"]) == ("quentin@gmail.com", "k-1")
    ((claim,), (order,), (ruling,)) = (found[name] for name in ("claims", "orders", "rulings"))
    assert (claim["person"], order["friend"]) == (person["id"], person["id"])
    assert (order["id"], order["placed"]) == ("17", PLACED.isoformat())
    assert order["state"]["net"] == {"minor": 7200, "unit": "GBP"}
    assert ruling["reason"] == "Quentin says that Xenia sent him"
    assert found["advocates"] == found["codes"] == found["entries"] == []


def test_an_export_tells_all_of_an_advocate(engine: Engine, told: Referrals, clock: Clock) -> None:
    clock.to(RELEASE)
    engine.work({"till": Obedient(), "mail": Obedient()})
    found = json.loads(json.dumps(told.people.export("c-9")))
    (person,) = found["people"]
    assert (person["name"], person["email"]) == (XENIA.name, XENIA.email)
    one = {name: found[name][0] for name in ("codes", "referrals", "grants", "thanks", "advocates")}
    assert (one["codes"]["text"], one["codes"]["coupon"]) == ("WORDOFMOUTH", "offer-1")
    assert (one["referrals"]["order_id"], one["referrals"]["state"]) == ("17", "rewarded")
    assert one["grants"]["worth"]["amount"] == {"minor": 720, "unit": "GBP"}
    assert (one["thanks"]["channel"], one["advocates"]["relation"]) == ("mail", "customer")
    moved = [entry["target"] for entry in found["entries"] if entry["part"] == "reward"]
    assert moved == ["advocate:waiting", "advocate:due", "advocate:given"]


def test_an_export_names_nobody_else(told: Referrals) -> None:
    of_friend = json.dumps({**told.people.export(FRIEND), "rulings": []}).lower()
    of_xenia = json.dumps({**told.people.export("c-9"), "rulings": []}).lower()
    assert not [word for word in OF_XENIA if word in of_friend]
    assert not [word for word in OF_FRIEND if word in of_xenia]


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
