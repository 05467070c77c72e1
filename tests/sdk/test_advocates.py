"""Advocates are invited, and a code or coupon belongs to one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from goodword import (
    Advocate,
    Code,
    CodeInvalid,
    CodeTaken,
    CouponTaken,
    Invalid,
    PersonInvalid,
    Referrals,
    Relation,
    UnknownAdvocate,
    UnknownProgram,
)
from goodword.embedded.engine import Engine
from goodword.rules.codes import ALPHABET
from tests.sdk.builders import PLACED, Clock, a_program, alice, at_once, every_row

MEI = Advocate(id="c-17", name="陳美", email="mei@shop.example", relation=Relation.PARTNER)


@pytest.fixture(autouse=True)
def program(referrals: Referrals) -> None:
    referrals.programs.save(a_program())


def test_a_drawn_code_has_eight_signs_in_two_halves(referrals: Referrals) -> None:
    code = referrals.advocates.invite("friends", MEI)
    assert len(code.text) == 8
    assert set(code.text) <= set(ALPHABET)
    assert code.shown == f"{code.text[:4]}-{code.text[4:]}"
    assert (code.advocate, code.program, code.coupon, code.ended) == ("c-17", "friends", None, None)


def test_everybody_draws_another_code(referrals: Referrals) -> None:
    people = [replace(MEI, id=f"c-{number}") for number in range(5)]
    assert len({referrals.advocates.invite("friends", one).text for one in people}) == 5


def test_inviting_again_returns_the_same_code(referrals: Referrals) -> None:
    code = referrals.advocates.invite("friends", MEI)
    assert referrals.advocates.invite("friends", MEI) == code


def test_each_program_has_a_code_of_its_own(referrals: Referrals) -> None:
    referrals.programs.save(a_program(name="partners"))
    friends = referrals.advocates.invite("friends", MEI)
    partners = referrals.advocates.invite("partners", MEI)
    assert friends.text != partners.text
    assert partners.program == "partners"


def test_the_advocate_is_found_as_invited(referrals: Referrals) -> None:
    referrals.advocates.invite("friends", replace(MEI, ended=PLACED))
    assert referrals.advocates.find("c-17") == replace(MEI, ended=PLACED)


def test_inviting_again_updates_the_person(referrals: Referrals) -> None:
    referrals.advocates.invite("friends", replace(MEI, ended=PLACED))
    changed = replace(MEI, name="Mei", email=None, relation=Relation.EMPLOYEE)
    referrals.advocates.invite("friends", changed)
    assert referrals.advocates.find("c-17") == changed


def test_who_was_never_invited_is_unknown(referrals: Referrals) -> None:
    with pytest.raises(UnknownAdvocate, match="'c-17'; invite them first"):
        referrals.advocates.find("c-17")


def test_a_vanity_code_is_kept_without_what_is_forgiven(referrals: Referrals) -> None:
    code = referrals.advocates.invite("friends", MEI, code=" mei-Tea 1 ")
    assert (code.text, code.shown) == ("MEITEA1", "MEITEA1")
    assert referrals.advocates.invite("friends", MEI, code="MEITEA1") == code
    assert referrals.advocates.invite("friends", MEI) == code


def test_a_vanity_code_stands_beside_the_drawn_one(referrals: Referrals, clock: Clock) -> None:
    drawn = referrals.advocates.invite("friends", MEI)
    clock.on(seconds=1)
    vanity = referrals.advocates.invite("friends", MEI, code="MEI")
    assert vanity.text == "MEI"
    assert referrals.find_code(drawn.text) == drawn
    assert referrals.advocates.invite("friends", MEI) == drawn


def test_a_vanity_code_has_one_holder(engine: Engine, referrals: Referrals) -> None:
    referrals.advocates.invite("friends", alice(), code="TEA")
    before = every_row(engine)
    with pytest.raises(CodeTaken, match="TEA is taken") as caught:
        referrals.advocates.invite("friends", MEI, code="t-e-a")
    assert caught.value.facts == {"text": "TEA"}
    assert every_row(engine) == before


def test_a_vanity_code_leads_into_one_program(referrals: Referrals) -> None:
    referrals.programs.save(a_program(name="partners"))
    referrals.advocates.invite("friends", MEI, code="MEI")
    with pytest.raises(CodeTaken):
        referrals.advocates.invite("partners", MEI, code="MEI")


def test_of_many_who_ask_at_once_one_gets_the_code(referrals: Referrals) -> None:
    def ask(id: str) -> Code:
        return referrals.advocates.invite("friends", replace(MEI, id=id), code="TEA")

    answers = at_once(*(lambda id=f"c-{number}": ask(id) for number in range(6)))
    got = [answer for answer in answers if isinstance(answer, Code)]
    assert len(got) == 1
    assert sum(isinstance(answer, CodeTaken) for answer in answers) == 5
    assert referrals.find_code("TEA") == got[0]


def test_a_coupon_stands_for_one_code(engine: Engine, referrals: Referrals) -> None:
    code = referrals.advocates.invite("friends", alice(), coupon=" REF-Alice ")
    assert code.coupon == "ref-alice"
    assert referrals.advocates.invite("friends", alice(), coupon="ref-alice") == code
    before = every_row(engine)
    with pytest.raises(CouponTaken, match="ref-alice belongs to another code") as caught:
        referrals.advocates.invite("friends", MEI, coupon="Ref-ALICE")
    assert caught.value.facts == {"text": "ref-alice"}
    assert every_row(engine) == before


@pytest.mark.parametrize("coupon", ["", "  ", "x" * 101])
def test_a_coupon_that_cannot_be_one_is_refused(referrals: Referrals, coupon: str) -> None:
    with pytest.raises(CodeInvalid) as caught:
        referrals.advocates.invite("friends", MEI, coupon=coupon)
    assert caught.value.facts["field"] == "coupon"


def test_nobody_is_invited_into_a_program_that_does_not_stand(
    engine: Engine, referrals: Referrals
) -> None:
    before = every_row(engine)
    with pytest.raises(UnknownProgram):
        referrals.advocates.invite("partners", MEI)
    assert every_row(engine) == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", ""),
        ("id", "c" * 65),
        ("id", "mei@shop.example"),
        ("email", "mei at shop.example"),
        ("ended", datetime(2026, 11, 22)),  # noqa: DTZ001
        ("ended", PLACED.astimezone(ZoneInfo("Asia/Taipei"))),
    ],
)
def test_a_person_who_cannot_be_kept_is_refused_by_field(
    engine: Engine, referrals: Referrals, field: str, value: Any
) -> None:
    before = every_row(engine)
    with pytest.raises(PersonInvalid) as caught:
        referrals.advocates.invite("friends", replace(MEI, **{field: value}))
    assert caught.value.facts["field"] == field
    assert caught.value.facts["mend"]
    assert every_row(engine) == before


@pytest.mark.parametrize(
    ("field", "value"), [("id", "c-\0"), ("name", "Mei\ud800"), ("email", "mei\0@shop.example")]
)
def test_a_person_whom_no_database_can_keep_is_refused_by_field(
    engine: Engine, referrals: Referrals, field: str, value: Any
) -> None:
    before = every_row(engine)
    with pytest.raises(Invalid) as caught:
        referrals.advocates.invite("friends", replace(MEI, **{field: value}))
    assert caught.value.facts["field"] == field
    assert every_row(engine) == before


def test_an_address_longer_than_any_mailbox_does_no_harm(referrals: Referrals) -> None:
    long = replace(MEI, email="m" * 300 + "@shop.example")
    referrals.advocates.invite("friends", long)
    assert referrals.advocates.find("c-17") == long


@pytest.mark.parametrize("code", ["ab", "x" * 33, "美好", "tea!", "te/a"])
def test_a_code_that_cannot_be_one_is_refused(
    engine: Engine, referrals: Referrals, code: str
) -> None:
    before = every_row(engine)
    with pytest.raises(CodeInvalid) as caught:
        referrals.advocates.invite("friends", MEI, code=code)
    assert caught.value.facts["field"] == "code"
    assert every_row(engine) == before
