"""A shop invites whom it vouches for: all or nobody, once each, and never who declined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from goodword import (
    Advocate,
    Duty,
    Enrolled,
    FollowUp,
    Invalid,
    Invited,
    PersonInvalid,
    ProgramInvalid,
    Referrals,
    Relation,
    UnknownPerson,
    UnknownProgram,
    Vouched,
    again,
)
from goodword.embedded.engine import Engine
from goodword.embedded.enrolling import MOST
from tests.sdk.builders import (
    Clock,
    Obedient,
    Saying,
    a_program,
    alice,
    an_order,
    at_once,
    every_row,
    used,
)

LIN = Vouched(name="Lin", email="lin@tea.example", relation=Relation.EMPLOYEE)
WU = Vouched(name="吳", email="wu@tea.example", relation=Relation.EMPLOYEE, id="e-2")
BY = "Chen, Tea House"


@pytest.fixture(autouse=True)
def program(referrals: Referrals) -> None:
    referrals.programs.save(a_program(name="staff", relations=(Relation.EMPLOYEE,)))
    referrals.programs.save(a_program())


def results(told: Sequence[Enrolled]) -> list[Invited]:
    return [one.result for one in told]


def mailed(engine: Engine) -> list[FollowUp]:
    carrier = Obedient()
    engine.work({"invitation": carrier})
    return carrier.deeds


def test_each_new_one_gets_a_code_and_one_mail(engine: Engine, referrals: Referrals) -> None:
    told = referrals.advocates.enroll("staff", [LIN, WU], by=BY, language="zh-Hant")
    assert results(told) == [Invited.NEW, Invited.NEW]
    assert told[1].advocate == "e-2"
    first, second = mailed(engine)
    assert first.duty is Duty.INVITE
    assert first.invitation is not None
    assert (first.invitation.email, first.invitation.by) == ("lin@tea.example", BY)
    assert (first.invitation.code, first.invitation.language) == (told[0].code, "zh-Hant")
    assert second.invitation is not None
    assert second.invitation.name == "吳"
    assert mailed(engine) == []


def test_a_mail_that_did_not_go_out_is_tried_again(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    referrals.advocates.enroll("staff", [LIN], by=BY)
    carrier = Saying(answers=[again("busy")])
    engine.work({"invitation": carrier})
    clock.on(hours=1)
    engine.work({"invitation": carrier})
    assert len(carrier.deeds) == 2
    assert carrier.deeds[0].id == carrier.deeds[1].id


def test_a_dry_run_says_what_would_be_done_and_does_nothing(
    engine: Engine, referrals: Referrals
) -> None:
    referrals.advocates.enroll("staff", [WU], by=BY)
    before = every_row(engine)
    wrong = replace(LIN, email="lin at tea", id="e-3")
    told = referrals.advocates.enroll("staff", [LIN, WU, wrong, LIN], by=BY, dry_run=True)
    assert results(told) == [Invited.NEW, Invited.STANDS, Invited.WRONG, Invited.WRONG]
    assert [(one.number, one.field) for one in told if one.field] == [(3, "email"), (4, "email")]
    assert "number 1" in str(told[3].mend)
    assert every_row(engine) == before


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": "a@b.example\r\nBcc: all@b.example"}, "email"),
        ({"name": " "}, "name"),
        ({"name": "L" * 201}, "name"),
        ({"name": "Lin\nWu"}, "name"),
        ({"name": "Lin\0"}, "name"),
        ({"id": "lin@tea.example"}, "id"),
        ({"id": "e" * 65}, "id"),
        ({"relation": Relation.CUSTOMER}, "relation"),
    ],
)
def test_one_that_is_wrong_keeps_all_of_them_out(
    engine: Engine, referrals: Referrals, change: dict[str, Any], field: str
) -> None:
    before = every_row(engine)
    with pytest.raises(PersonInvalid) as raised:
        referrals.advocates.enroll("staff", [WU, replace(LIN, **change)], by=BY)
    assert raised.value.facts["field"] == f"people.1.{field}"
    assert every_row(engine) == before


@pytest.mark.parametrize("by", ["", "  ", "a\nb", "x" * 121])
def test_who_gives_the_addresses_is_said(referrals: Referrals, by: str) -> None:
    with pytest.raises(Invalid) as raised:
        referrals.advocates.enroll("staff", [LIN], by=by)
    assert raised.value.facts["field"] == "by"


def test_nobody_and_too_many_are_refused(referrals: Referrals) -> None:
    for given in ([], [LIN] * (MOST + 1)):
        with pytest.raises(Invalid) as raised:
            referrals.advocates.enroll("staff", given, by=BY, dry_run=True)
        assert raised.value.facts["field"] == "people"
    with pytest.raises(Invalid):
        referrals.advocates.enroll("staff", [LIN], by=BY, language="tlh")
    with pytest.raises(UnknownProgram):
        referrals.advocates.enroll("nothing", [LIN], by=BY)


def test_sent_again_the_same_list_invites_nobody(engine: Engine, referrals: Referrals) -> None:
    first = referrals.advocates.enroll("staff", [LIN, WU], by=BY)
    mailed(engine)
    second = referrals.advocates.enroll("staff", [LIN, WU], by=BY)
    assert results(second) == [Invited.STANDS, Invited.STANDS]
    assert [one.code for one in second] == [one.code for one in first]
    assert mailed(engine) == []


@pytest.mark.slow
def test_two_that_send_a_list_at_once_invite_each_once(engine: Engine) -> None:
    calls = [
        lambda: engine.of("tea-house").advocates.enroll("staff", [LIN, WU], by=BY) for _ in range(2)
    ]
    told = [one for one in at_once(*calls) if not isinstance(one, Exception)]
    counted = [one.result for many in told for one in many]
    assert counted.count(Invited.NEW) == 2
    assert len(mailed(engine)) == 2


def test_a_customer_who_is_an_employee_too_is_another_advocate(referrals: Referrals) -> None:
    referrals.advocates.invite("friends", alice())
    (told,) = referrals.advocates.enroll("staff", [replace(LIN, email="alice@shop.example")], by=BY)
    assert told.result is Invited.NEW
    assert told.advocate != "c-1"
    assert referrals.advocates.find("c-1") == alice()


def test_who_is_known_joins_another_program_as_they_stand(
    engine: Engine, referrals: Referrals
) -> None:
    referrals.advocates.invite("friends", replace(alice(), phone="+886912345678"))
    given = Vouched(name="A.", email="alice@shop.example", relation=Relation.CUSTOMER)
    referrals.programs.save(a_program(name="winter"))
    (told,) = referrals.advocates.enroll("winter", [given], by=BY)
    assert (told.result, told.advocate) == (Invited.JOINS, "c-1")
    assert referrals.advocates.find("c-1").name == "Alice"
    assert len(mailed(engine)) == 1


def test_who_declines_is_forgotten_and_never_mailed_again(
    engine: Engine, referrals: Referrals
) -> None:
    (told,) = referrals.advocates.enroll("staff", [LIN], by=BY)
    assert told.advocate is not None
    assert told.code is not None
    mailed(engine)
    referrals.people.decline(told.advocate)
    rows = str(every_row(engine))
    assert "lin@tea.example" not in rows
    assert "Lin" not in rows
    (again_told,) = referrals.advocates.enroll(
        "staff", [replace(LIN, email="LIN@tea.example", id="e-7")], by=BY
    )
    assert (again_told.result, again_told.code) == (Invited.DECLINED, None)
    assert mailed(engine) == []
    referrals.people.decline(told.advocate)
    assert referrals.record_order(an_order(coupons=(), code=told.code)).reasons == (
        "code_ended",
        "advocate_inactive",
    )


def test_who_declines_before_the_mail_went_out_gets_none(
    engine: Engine, referrals: Referrals
) -> None:
    referrals.advocates.enroll("staff", [LIN], by=BY)
    referrals.people.decline("lin@tea.example")
    assert mailed(engine) == []


def test_who_earned_something_keeps_it_and_has_no_address(
    engine: Engine, referrals: Referrals
) -> None:
    (told,) = referrals.advocates.enroll("staff", [LIN], by=BY)
    assert told.advocate is not None
    referrals.record_order(an_order(coupons=(), code=told.code))
    referrals.people.decline(told.advocate)
    kept = referrals.advocates.find(told.advocate)
    assert (kept.email, kept.name, kept.ended) == (None, "Lin", None)
    assert len(referrals.rewards.list(told.advocate)) == 1


def test_a_customer_who_declines_another_program_keeps_their_code(
    engine: Engine, referrals: Referrals
) -> None:
    referrals.advocates.invite("friends", alice(), code="ALICE10")
    given = Vouched(name="A.", email="alice@shop.example", relation=Relation.CUSTOMER)
    referrals.programs.save(a_program(name="winter"))
    referrals.advocates.enroll("winter", [given], by=BY)
    referrals.people.decline("c-1")
    kept = referrals.advocates.find("c-1")
    assert (kept.email, kept.ended) == (None, None)
    assert referrals.find_code("ALICE10").ended is None


def test_to_decline_by_an_address_that_nobody_has_is_remembered(referrals: Referrals) -> None:
    referrals.people.decline("new@tea.example")
    (told,) = referrals.advocates.enroll("staff", [replace(LIN, email="new@tea.example")], by=BY)
    assert told.result is Invited.DECLINED
    with pytest.raises(UnknownPerson):
        referrals.people.decline("c-99")
    with pytest.raises(Invalid):
        referrals.people.decline("@")


def test_who_asked_to_be_forgotten_is_not_mailed_by_a_list(
    engine: Engine, referrals: Referrals
) -> None:
    referrals.advocates.invite("friends", alice())
    referrals.people.forget("c-1")
    given = Vouched(name="Alice", email="alice@shop.example", relation=Relation.EMPLOYEE)
    (told,) = referrals.advocates.enroll("staff", [given], by=BY)
    assert told.result is Invited.DECLINED
    assert mailed(engine) == []


def test_one_shop_does_not_hear_who_declined_in_another(engine: Engine) -> None:
    other = engine.of("coffee-house")
    other.programs.save(a_program(name="staff"))
    engine.of("tea-house").people.decline("lin@tea.example")
    (told,) = other.advocates.enroll("staff", [LIN], by=BY)
    assert told.result is Invited.NEW


def test_what_is_kept_of_an_invitation_is_exported(engine: Engine, referrals: Referrals) -> None:
    (told,) = referrals.advocates.enroll("staff", [LIN], by=BY)
    assert told.advocate is not None
    (row,) = referrals.people.export(told.advocate)["invitations"]
    assert (row["program"], row["by"], row["mailed"]) == ("staff", BY, None)
    mailed(engine)
    (row,) = referrals.people.export(told.advocate)["invitations"]
    assert row["by"] == ""
    assert row["mailed"] is not None


def test_a_program_takes_the_relations_that_it_names(referrals: Referrals) -> None:
    with pytest.raises(PersonInvalid) as raised:
        referrals.advocates.invite("staff", alice())
    assert raised.value.facts["field"] == "relation"
    assert "employee" in str(raised.value)
    lin = Advocate(id="e-1", name="Lin", relation=Relation.EMPLOYEE)
    assert referrals.advocates.invite("staff", lin).program == "staff"
    assert referrals.advocates.invite("friends", lin).program == "friends"


def test_a_program_names_each_relation_once(referrals: Referrals) -> None:
    twice = a_program(relations=(Relation.PARTNER, Relation.PARTNER))
    with pytest.raises(ProgramInvalid) as raised:
        referrals.programs.save(twice)
    assert raised.value.facts["field"] == "relations"


def test_who_holds_a_code_keeps_it_when_a_program_narrows(referrals: Referrals) -> None:
    referrals.advocates.invite("friends", alice(), code="ALICE10", coupon="ref-alice10")
    referrals.programs.save(a_program(relations=(Relation.PARTNER,)))
    assert referrals.record_order(an_order(coupons=used("ref-alice10"))).reasons == ()
