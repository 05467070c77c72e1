"""A friend takes the offer up: bound to a person and a time, and a bond once it is confirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from goodword import (
    Campaign,
    Carried,
    Claim,
    Claiming,
    ClaimInvalid,
    Code,
    CodeEnded,
    OwnCode,
    Part,
    Referrals,
    Rung,
    UnknownClaim,
    UnknownCode,
    Visiting,
    again,
    amount_off,
    never,
    percent_off,
    unknown,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import (
    PLACED,
    START,
    Clock,
    Obedient,
    Saying,
    a_program,
    a_shop_with,
    alice,
    at_once,
    bare,
    carol,
    every_row,
    reported,
    totals,
    used,
)

PHONE = "+886912345678"
CONTACTS: list[dict[str, str]] = [
    {"email": "bob@friend.example"},
    {"phone": PHONE},
    {"account": "c-9"},
]
# The same contacts as an order tells them.
ON_ORDER: list[dict[str, Any]] = [
    {"email": "bob@friend.example"},
    {"email": None, "phone": PHONE},
    {"email": None, "customer": "c-9"},
]
BOTH = list(zip(CONTACTS, ON_ORDER, strict=True))


def claim(referrals: Referrals, code: str = "ALICE10", **contact: Any) -> Claim:
    return referrals.claim(Claiming(code=code, **(contact or {"email": "bob@friend.example"})))


# Which contact leads to which order.


@pytest.mark.parametrize(("contact", "told"), BOTH)
def test_an_order_by_the_same_contact_is_credited(
    referrals: Referrals, code: Code, contact: dict[str, str], told: dict[str, Any]
) -> None:
    claim(referrals, **contact)
    outcome = referrals.record_order(bare(**told))
    assert (reported(outcome).advocate, reported(outcome).rung) == ("c-1", Rung.CLAIM)
    assert totals(referrals) == (0, 720)


@pytest.mark.parametrize(("contact", "told"), BOTH)
def test_an_order_that_tells_more_than_the_claim_did_is_credited(
    referrals: Referrals, code: Code, contact: dict[str, str], told: dict[str, Any]
) -> None:
    claim(referrals, **contact)
    told = {"email": "bob@friend.example", "phone": "0912-345-678", "customer": "c-9"}
    assert reported(referrals.record_order(bare(**told))).rung is Rung.CLAIM


@pytest.mark.parametrize("contact", CONTACTS)
@pytest.mark.usefixtures("code")
def test_an_order_by_somebody_else_is_not(referrals: Referrals, contact: dict[str, str]) -> None:
    claim(referrals, **contact)
    eve = bare(email="eve@friend.example", phone="+886987654321", customer="c-8")
    assert referrals.record_order(eve).result == "unattributed"


@pytest.mark.usefixtures("code")
def test_an_account_opened_after_the_claim_is_tied_to_it_on_confirming(
    referrals: Referrals,
) -> None:
    made = claim(referrals)
    referrals.confirm(made.id, account="c-9")
    outcome = referrals.record_order(bare(email=None, customer="c-9"))
    assert (reported(outcome).advocate, reported(outcome).rung) == ("c-1", Rung.BOND)


@pytest.mark.parametrize("days", [1, 20])
@pytest.mark.usefixtures("code")
def test_an_account_tied_after_its_order_was_recorded_decides_it_anew(
    referrals: Referrals, clock: Clock, days: int
) -> None:
    made = claim(referrals)
    referrals.record_order(bare(email=None, customer="c-9"))
    assert totals(referrals) == (0, 0)
    clock.on(days=days)
    referrals.confirm(made.id, account="c-9")
    explained = referrals.credit.explain("17")
    assert explained.winner is not None
    assert explained.winner.rung is (Rung.BOND if days == 1 else Rung.CLAIM)
    assert totals(referrals) == (0, 720)


# The coupon.


@pytest.mark.usefixtures("code")
def test_the_coupon_is_made_once_for_this_friend_and_time(
    engine: Engine, referrals: Referrals
) -> None:
    made = claim(referrals, email="bob@friend.example", phone=PHONE)
    assert made.coupon.startswith("gift-")
    assert (made.made, made.expires) == (False, START + timedelta(days=30))
    till = Obedient()
    engine.work({"till": till})
    engine.work({"till": till})
    (deed,) = till.deeds
    assert deed.grant is not None
    assert (deed.duty, deed.subject, deed.tries) == ("offer", made.id, 1)
    assert (deed.grant.part, deed.grant.text) == (Part.OFFER, made.coupon)
    assert (deed.grant.worth, deed.grant.expires) == (percent_off(10), made.expires)
    assert (deed.grant.email, deed.grant.phone) == ("bob@friend.example", PHONE)
    assert deed.grant.person == made.person
    assert claim(referrals) == replace(made, made=True)


def test_the_coupon_is_worth_the_offer_of_the_day_of_the_claim(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    feast = Campaign(name="feast", starts=START, ends=PLACED, offer=amount_off("5.00", "GBP"))
    a_shop_with(referrals, a_program(campaigns=(feast,)))
    claim(referrals)
    clock.to(PLACED)
    claim(referrals, email="eve@friend.example")
    referrals.programs.save(a_program(offer=percent_off(50)))
    till = Obedient()
    engine.work({"till": till})
    worths = {deed.grant.email: deed.grant.worth for deed in till.deeds if deed.grant}
    assert worths == {
        "bob@friend.example": amount_off("5.00", "GBP"),
        "eve@friend.example": percent_off(10),
    }


@pytest.mark.usefixtures("code")
def test_a_lost_answer_is_looked_for_and_the_coupon_made_once(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    answers: list[Carried | BaseException] = [unknown("no answer"), again("busy")]
    till = Saying(answers=answers)
    made = claim(referrals)
    for _ in range(4):
        engine.work({"till": till})
        clock.on(days=1)
    assert [deed.tries for deed in till.deeds] == [1, 2, 3]
    assert {deed.grant.text for deed in till.deeds if deed.grant} == {made.coupon}
    assert claim(referrals).made


@pytest.mark.usefixtures("code")
def test_a_coupon_that_the_shop_refused_is_not_asked_for_again(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    till = Saying(answers=[never("no such discount")])
    made = claim(referrals)
    for _ in range(2):
        engine.work({"till": till})
        clock.on(days=1)
    assert len(till.deeds) == 1
    assert claim(referrals) == made


@pytest.mark.usefixtures("code")
def test_no_coupon_is_made_when_its_time_is_over(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    made = claim(referrals)
    clock.to(made.expires)
    till = Obedient()
    engine.work({"till": till})
    assert till.deeds == []


@pytest.mark.parametrize("email", ["bob@friend.example", None, "eve@friend.example"])
@pytest.mark.usefixtures("code")
def test_an_order_paid_with_the_gift_is_rung_3_and_its_cost_is_the_offers(
    referrals: Referrals, email: str | None
) -> None:
    made = claim(referrals)
    order = bare(coupons=used(made.coupon.upper()), email=email)
    outcome = referrals.record_order(order)
    assert (reported(outcome).advocate, reported(outcome).rung) == ("c-1", Rung.COUPON)
    assert totals(referrals) == (800, 720)


# A second claim.


@pytest.mark.usefixtures("code")
@pytest.mark.parametrize(
    "second",
    [
        {"email": "BOB+tea@friend.example"},
        {"phone": "0912 345 678"},
        {"account": "c-9"},
        {"email": "bob@friend.example", "phone": "+886987654321"},
    ],
)
def test_a_claim_on_a_second_device_joins_the_first(
    engine: Engine, referrals: Referrals, clock: Clock, second: dict[str, str]
) -> None:
    first = claim(referrals, email="bob@friend.example", phone=PHONE, account="c-9")
    clock.on(days=1)
    assert claim(referrals, **second) == first
    till = Obedient()
    engine.work({"till": till})
    assert len(till.deeds) == 1


@pytest.mark.usefixtures("code")
@pytest.mark.parametrize("first", [{"account": "c-9"}, {"phone": PHONE}])
def test_a_claim_that_tells_more_than_the_first_joins_it(
    referrals: Referrals, first: dict[str, str]
) -> None:
    made = claim(referrals, **first)
    assert claim(referrals, email="bob@friend.example", **first) == made
    # And the order of whoever tells the address alone is theirs.
    assert reported(referrals.record_order(bare())).rung is Rung.CLAIM


@pytest.mark.usefixtures("code")
def test_a_claim_of_another_advocates_code_joins_the_first_too(referrals: Referrals) -> None:
    first = claim(referrals)
    carol(referrals)
    assert claim(referrals, "CAROL") == first


@pytest.mark.usefixtures("code")
def test_a_claim_in_another_program_is_another(referrals: Referrals) -> None:
    first = claim(referrals)
    referrals.programs.save(a_program(name="partners"))
    referrals.advocates.invite("partners", alice(), code="PARTNER")
    second = claim(referrals, "PARTNER")
    assert (second.program, second.person) == ("partners", first.person)
    assert second.coupon != first.coupon


@pytest.mark.parametrize("contact", CONTACTS)
@pytest.mark.usefixtures("code")
def test_many_claims_at_once_are_one(
    engine: Engine, referrals: Referrals, contact: dict[str, str]
) -> None:
    answers = at_once(*(lambda: claim(referrals, **contact) for _ in range(6)))
    assert len({one.id for one in answers if isinstance(one, Claim)}) == 1
    assert not [one for one in answers if isinstance(one, Exception)]
    till = Obedient()
    engine.work({"till": till})
    assert len(till.deeds) == 1


@pytest.mark.usefixtures("code")
def test_an_expired_claim_is_followed_by_a_new_one(referrals: Referrals, clock: Clock) -> None:
    first = claim(referrals)
    clock.to(first.expires - timedelta(microseconds=1))
    assert claim(referrals) == first
    clock.to(first.expires)
    second = claim(referrals)
    assert second.id != first.id
    assert (second.person, second.at) == (first.person, first.expires)


@pytest.mark.usefixtures("code")
def test_a_claim_keeps_the_visit_that_led_to_it(referrals: Referrals) -> None:
    visit = referrals.record_visit(Visiting(code="ALICE10"))
    assert claim(referrals, email="a@friend.example", visit=visit.id).visit == visit.id
    assert claim(referrals, email="b@friend.example", visit="0" * 32).visit is None


# What is refused.


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"visit": None}, "email"),
    ({"email": "bob"}, "email"),
    ({"email": "bob@site.invalid"}, "email"),
    ({"phone": "123"}, "phone"),
    ({"email": "bob@friend.example", "phone": "call me"}, "phone"),
    ({"account": ""}, "account"),
    ({"account": "x" * 65}, "account"),
    ({"account": "bob@friend.example"}, "account"),
    ({"account": "a\x00b"}, "account"),
]


@pytest.mark.parametrize(("contact", "field"), REFUSED)
@pytest.mark.usefixtures("code")
def test_a_contact_that_is_none_is_refused_by_its_field(
    engine: Engine, referrals: Referrals, contact: dict[str, Any], field: str
) -> None:
    before = every_row(engine)
    with pytest.raises(ClaimInvalid) as caught:
        claim(referrals, **contact)
    assert caught.value.facts["field"] == field
    assert every_row(engine) == before


@pytest.mark.usefixtures("code")
def test_a_code_that_nobody_holds_cannot_be_claimed(referrals: Referrals) -> None:
    with pytest.raises(UnknownCode):
        claim(referrals, "NOBODY")


@pytest.mark.usefixtures("code")
def test_a_code_whose_advocate_or_program_has_ended_cannot_be_claimed(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    carol(referrals)
    referrals.advocates.invite("friends", replace(alice(), ended=START))
    before = every_row(engine)
    with pytest.raises(CodeEnded, match="ALICE10 has ended"):
        claim(referrals)
    assert every_row(engine) == before
    referrals.programs.save(a_program(ends=PLACED))
    claim(referrals, "CAROL")
    clock.to(PLACED)
    with pytest.raises(CodeEnded):
        claim(referrals, "CAROL", email="eve@friend.example")


@pytest.mark.parametrize(
    "contact",
    [
        {"email": " Alice+x@shop.example "},
        {"account": "c-1"},
        {"email": "other@friend.example", "account": "c-1"},
    ],
)
def test_nobody_claims_their_own_code(
    engine: Engine, referrals: Referrals, code: Code, contact: dict[str, str]
) -> None:
    before = every_row(engine)
    with pytest.raises(OwnCode, match="ALICE10 is the friend's own"):
        claim(referrals, **contact)
    assert every_row(engine) == before


def test_a_claim_that_nobody_made_cannot_be_confirmed(referrals: Referrals) -> None:
    with pytest.raises(UnknownClaim):
        referrals.confirm("0" * 32)


@pytest.mark.usefixtures("code")
@pytest.mark.parametrize("account", ["", "x" * 65, "bob@friend.example"])
def test_an_account_that_is_none_confirms_nothing(
    engine: Engine, referrals: Referrals, account: str
) -> None:
    made = claim(referrals)
    before = every_row(engine)
    with pytest.raises(ClaimInvalid) as caught:
        referrals.confirm(made.id, account=account)
    assert caught.value.facts["field"] == "account"
    assert every_row(engine) == before
