"""A friend names who sent them: forgiving of spelling, and nobody is guessed."""

from __future__ import annotations

from typing import Any

import pytest

from goodword import (
    Advocate,
    Asked,
    Code,
    Invalid,
    Lost,
    Order,
    Referrals,
    Refund,
    Rung,
    UnknownCode,
)
from goodword.embedded.engine import Engine
from goodword.storage.desk import Desk
from goodword.words import LANGUAGES, say
from tests.sdk.builders import (
    PLACED,
    Street,
    a_program,
    a_shop_with,
    an_order,
    every_row,
    gbp,
    later,
    reported,
    totals,
)

MEI = Advocate(id="c-17", name="Mei-Lin Chen", email="mei@shop.example", phone="0912345678")
OTHER_MEI = Advocate(id="c-18", name="Chén Meilin", email="m2@shop.example", phone="0987654321")
HAN = Advocate(id="c-19", name="陳美玲")


@pytest.fixture
def referrals(street: Street) -> Referrals:
    referrals = street.open_shop()
    a_shop_with(referrals)
    return referrals


@pytest.fixture
def mei(referrals: Referrals) -> Code:
    return referrals.advocates.invite("friends", MEI, code="MEI")


@pytest.fixture
def two(referrals: Referrals, mei: Code) -> None:
    """Two advocates of one name."""
    referrals.advocates.invite("friends", OTHER_MEI, code="MEILIN")


def naming(name: str, **changes: Any) -> Order:
    return an_order(coupons=(), named=name, **changes)


@pytest.mark.parametrize(
    "name",
    [
        "Mei-Lin Chen",
        "mei lin chen",
        "Chen Mei-Lin",
        "CHEN, Meilin",
        "Méi Lín Chén",
        "  Mei\u3000Lin   Chen ",
        "Ｍｅｉ－Ｌｉｎ Ｃｈｅｎ",
        "Ms. Mei Lin Chen",
    ],
)
@pytest.mark.usefixtures("mei")
def test_a_name_is_known_however_it_is_written(referrals: Referrals, name: str) -> None:
    outcome = referrals.record_order(naming(name))
    assert (reported(outcome).advocate, reported(outcome).rung) == ("c-17", Rung.NAME)
    assert totals(referrals, advocate="c-17") == (0, 720)


@pytest.mark.parametrize(
    "name", ["陳美玲", "陳 美玲", "美玲陳", "陈美玲", "陳美玲小姐", "陳美玲 (Mei)", "陳\u3000美玲"]
)
def test_a_chinese_name_is_known_however_it_is_written(referrals: Referrals, name: str) -> None:
    referrals.advocates.invite("friends", HAN)
    assert reported(referrals.record_order(naming(name))).advocate == "c-19"


@pytest.mark.parametrize("name", ["Lin Mei-Chen", "Chen", "陳美", "?", "", "Mei-Lin Chan"])
@pytest.mark.usefixtures("mei")
def test_another_name_leads_nowhere(referrals: Referrals, name: str) -> None:
    referrals.advocates.invite("friends", HAN)
    assert referrals.record_order(naming(name)).result == "unattributed"


# Two of one name.


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("language", LANGUAGES)
def test_of_two_of_one_name_nobody_is_guessed(referrals: Referrals, language: str) -> None:
    outcome = referrals.record_order(naming("Mei Lin Chen"))
    assert (outcome.result, outcome.reasons) == ("unattributed", ())
    explained = referrals.credit.explain("17", language=language)
    assert {(one.candidate.advocate, one.why, one.to) for one in explained.lost} == {
        ("c-17", Lost.AMBIGUOUS, None),
        ("c-18", Lost.AMBIGUOUS, None),
    }
    seen = say("seen.name", language)
    for one in (MEI, OTHER_MEI):
        assert say("lost.ambiguous", language, seen=seen, advocate=one.name) in explained.words
    assert totals(referrals, advocate="c-17") == totals(referrals, advocate="c-18") == (0, 0)


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("hint", "meant"),
    [
        ("MEI", "c-17"),
        ("m-e-i-l-i-n", "c-18"),
        (" Mei+x@shop.example", "c-17"),
        ("m2@shop.example", "c-18"),
        ("+886 912 345 678", "c-17"),
        ("0987-654-321", "c-18"),
    ],
)
def test_a_code_address_or_phone_tells_them_apart(
    referrals: Referrals, hint: str, meant: str
) -> None:
    outcome = referrals.record_order(naming("Chen Mei Lin", named_hint=hint))
    assert reported(outcome).advocate == meant


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("hint", ["ALICE10", "alice@shop.example", "0900000000", "??", ""])
def test_a_hint_that_fits_none_of_them_leaves_it_open(referrals: Referrals, hint: str) -> None:
    outcome = referrals.record_order(naming("Chen Mei Lin", named_hint=hint))
    assert outcome.result == "unattributed"
    assert len(referrals.credit.explain("17").lost) == 2


@pytest.mark.usefixtures("two")
def test_a_hint_given_later_tells_them_apart(referrals: Referrals) -> None:
    order = naming("Mei Lin Chen")
    referrals.record_order(order)
    outcome = referrals.record_order(later(order, named_hint="MEILIN"))
    assert reported(outcome).advocate == "c-18"


@pytest.mark.usefixtures("mei")
def test_an_advocate_of_this_name_in_two_programs_is_one_person(referrals: Referrals) -> None:
    referrals.programs.save(a_program(name="partners"))
    referrals.advocates.invite("partners", MEI)
    assert reported(referrals.record_order(naming("Mei Lin Chen"))).advocate == "c-17"


@pytest.mark.usefixtures("mei")
def test_a_namesake_invited_later_takes_nothing_away(referrals: Referrals, street: Street) -> None:
    order = naming("Mei Lin Chen")
    street.clock.to(PLACED)
    referrals.record_order(order)
    street.clock.on(seconds=1)
    referrals.advocates.invite("friends", OTHER_MEI)
    assert reported(referrals.record_order(later(order, net=gbp("60.00")))).advocate == "c-17"
    # Nor if the order is first heard of only then.
    other = naming("Mei Lin Chen", id="18")
    assert reported(referrals.record_order(other)).advocate == "c-17"


@pytest.mark.usefixtures("mei")
def test_a_friend_of_the_same_name_is_no_advocate(referrals: Referrals) -> None:
    order = naming("Mei Lin Chen", email="mei@shop.example")
    assert referrals.record_order(order).reasons == ("self_referral",)


# Whoever is asked for a code or a name may answer with a code.


@pytest.mark.usefixtures("mei")
@pytest.mark.parametrize("answer", ["mei", " M-E-I ", "m e i", "ＭＥＩ"])
def test_a_code_in_place_of_a_name_counts_as_typed(referrals: Referrals, answer: str) -> None:
    order = naming(answer)
    outcome = referrals.record_order(order)
    assert (reported(outcome).advocate, reported(outcome).rung) == ("c-17", Rung.COUPON)
    assert "the code MEI typed at the checkout" in " ".join(referrals.credit.explain("17").words)
    # The answer is not kept; what it led to is.
    again = referrals.record_refund("17", Refund(id="r", gross=gbp("36.00")))
    assert reported(again).rung is Rung.COUPON
    assert referrals.record_order(later(order, named="Nobody Known")).referral is None


def test_what_somebody_goes_by_is_a_name(referrals: Referrals) -> None:
    referrals.advocates.invite("friends", HAN, code="ABBY")
    referrals.advocates.invite("friends", Advocate(id="c-20", name="Abby"))
    outcome = reported(referrals.record_order(naming("Abby")))
    assert (outcome.advocate, outcome.rung) == ("c-20", Rung.NAME)


@pytest.mark.usefixtures("mei")
def test_ones_own_code_in_place_of_a_name_is_no_recommendation(referrals: Referrals) -> None:
    order = naming("mei", email="mei@shop.example")
    assert referrals.record_order(order).reasons == ("self_referral",)


# The name itself is nobody's business.


def test_the_typed_name_is_kept_nowhere(engine: Engine) -> None:
    referrals = engine.of("tea-house")
    a_shop_with(referrals)
    referrals.advocates.invite("friends", MEI, code="MEI")
    order = naming("chen MEIlin", named_hint="Mei+hint@shop.example")
    referrals.record_order(order)
    rows = "".join(row for table in every_row(engine).values() for row in table)
    assert "c-17" in rows
    for typed in ("chen MEIlin", "MEIlin", "hint"):
        assert typed not in rows


@pytest.mark.usefixtures("mei")
def test_a_refund_recorded_alone_keeps_what_the_name_led_to(referrals: Referrals) -> None:
    referrals.record_order(naming("Mei Lin Chen"))
    outcome = referrals.record_refund("17", Refund(id="r", gross=gbp("36.00")))
    assert reported(outcome).advocate == "c-17"
    assert totals(referrals, advocate="c-17") == (0, 360)


# A stranger's question gets the same answer as a member's.


@pytest.mark.usefixtures("mei")
@pytest.mark.parametrize("name", ["Mei-Lin Chen", "Nobody Known", "陳美玲"])
def test_a_name_is_no_code_whether_it_is_known_or_not(referrals: Referrals, name: str) -> None:
    with pytest.raises(UnknownCode) as caught:
        referrals.find_code(name)
    assert str(caught.value) == f"nobody holds the code {name!r}"


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("hint", [None, "MEI", "nothing of ours"])
@pytest.mark.parametrize("name", ["Mei-Lin Chen", "Alice", "Nobody Known", "陳美玲"])
def test_who_asks_with_a_name_learns_nothing_of_who_is_known(
    referrals: Referrals, monkeypatch: pytest.MonkeyPatch, name: str, hint: str | None
) -> None:
    def looked_up(*_: object, **__: object) -> None:
        raise AssertionError("the answer does not need the database")

    for way in ("read", "write", "write_one"):
        monkeypatch.setattr(Desk, way, looked_up)
    assert referrals.ask_name(name, hint) == Asked(wanted=("code", "email", "phone"))


@pytest.mark.parametrize("name", ["", "  ", "?", "x" * 101, "a@b.example", "a\x00b"])
def test_what_is_no_name_is_said_to_be_none(referrals: Referrals, name: str) -> None:
    with pytest.raises(Invalid) as caught:
        referrals.ask_name(name)
    assert caught.value.facts["field"] == "name"


def test_a_hint_that_cannot_be_kept_is_said_to_be_none(referrals: Referrals) -> None:
    with pytest.raises(Invalid) as caught:
        referrals.ask_name("Mei Lin Chen", "x" * 256)
    assert caught.value.facts["field"] == "hint"
