"""What an advocate's page is made of does, answers and refuses the same in every mode."""

from __future__ import annotations

from datetime import timedelta

import pytest

from goodword import (
    Code,
    Invalid,
    Invited,
    PersonInvalid,
    Referrals,
    Relation,
    State,
    UnknownAdvocate,
    UnknownOrder,
    UnknownPerson,
    UnknownProgram,
    Vouched,
)
from tests.sdk.builders import Clock, a_shop_with, alice, an_order
from tests.server.builders import a_house
from tests.server.everywhere.conftest import asking

pytestmark = pytest.mark.slow

LIN = Vouched(name="Lin", email="lin@tea.example", relation=Relation.EMPLOYEE, id="e-1")
BY = "Chen"


@pytest.fixture
def code(referrals: Referrals) -> Code:
    return a_shop_with(referrals)


def test_who_is_reached_at_an_address_is_told(referrals: Referrals, code: Code) -> None:
    assert list(referrals.advocates.reached_at("Alice@shop.example")) == [alice()]
    assert list(referrals.advocates.reached_at("nobody@shop.example")) == []


def test_codes_friends_and_thanks_are_told(referrals: Referrals, code: Code) -> None:
    referrals.record_order(an_order())
    assert [one.text for one in referrals.advocates.codes("c-1")] == ["ALICE10"]
    (friend,) = referrals.advocates.brought("c-1")
    assert (friend.number, friend.friend, friend.state) == (1, "B.", State.QUALIFIED)
    assert [one.order for one in referrals.thanks.of("c-1")] == ["17"]
    for ask in (referrals.advocates.codes, referrals.advocates.brought, referrals.thanks.of):
        with pytest.raises(UnknownAdvocate):
            ask("c-9")


def test_why_is_told_of_orders_that_are_theirs(referrals: Referrals, code: Code) -> None:
    referrals.record_order(an_order())
    told = referrals.advocates.why("c-1", "17", language="zh-Hant")
    assert (told.credited, told.state) == (True, State.QUALIFIED)
    assert told.words[0] == "這筆算您的，推薦成立。"
    referrals.record_order(an_order(id="55123", number="#1001"))
    for asked in ("1001", "#1001", "55123"):
        assert referrals.advocates.why("c-1", asked, zone="Asia/Taipei").order == "55123"
    with pytest.raises(UnknownOrder):
        referrals.advocates.why("c-1", "99")
    with pytest.raises(Invalid):
        referrals.advocates.why("c-1", "17", language="tlh")


def test_many_are_invited_all_or_nobody(referrals: Referrals, code: Code) -> None:
    (looked,) = referrals.advocates.enroll("friends", [LIN], by=BY, dry_run=True)
    assert (looked.result, looked.code) == (Invited.NEW, None)
    wrong = Vouched(name="", email="x@tea.example", relation=Relation.CUSTOMER)
    with pytest.raises(PersonInvalid) as raised:
        referrals.advocates.enroll("friends", [LIN, wrong], by=BY)
    assert raised.value.facts["field"] == "people.1.name"
    (told,) = referrals.advocates.enroll("friends", [LIN], by=BY)
    assert (told.result, told.advocate) == (Invited.NEW, "e-1")
    assert told.code is not None
    with pytest.raises(UnknownProgram):
        referrals.advocates.enroll("nothing", [LIN], by=BY)
    with pytest.raises(Invalid):
        referrals.advocates.enroll("friends", [LIN], by="")


def test_a_page_is_opened_and_closed_over_http(url: str, clock: Clock) -> None:
    with a_house(url, clock) as house:
        a_shop_with(house.referrals("tea-house"))
        referrals = asking(house)
        opened = referrals.pages.open("c-1")
        assert opened.expires == clock.at + timedelta(days=30)
        assert "/tea-house/a/p/" in opened.url
        referrals.pages.close("c-1")
        for verb in (referrals.pages.open, referrals.pages.close):
            with pytest.raises(UnknownAdvocate):
                verb("c-9")
        referrals.close()


def test_who_declined_is_left_alone(referrals: Referrals, code: Code) -> None:
    referrals.people.decline("lin@tea.example")
    (told,) = referrals.advocates.enroll("friends", [LIN], by=BY)
    assert told.result is Invited.DECLINED
    with pytest.raises(UnknownPerson):
        referrals.people.decline("c-9")
    with pytest.raises(Invalid):
        referrals.people.decline("@")
