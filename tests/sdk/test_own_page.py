"""What advocates may see of their own: codes, friends as initials, thanks, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from goodword import (
    Advocate,
    Claiming,
    Code,
    Duty,
    Invalid,
    Kind,
    OrderInvalid,
    Referrals,
    Relation,
    State,
    UnknownAdvocate,
    UnknownOrder,
    Visiting,
    thank_you,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import (
    COMPLETED,
    DAY,
    HALF,
    INSTANT,
    NOTHING,
    PLACED,
    RELEASE,
    Clock,
    Obedient,
    a_friends_order,
    a_program,
    a_shop_with,
    alice,
    an_order,
    bare,
    carol,
    used,
)


@pytest.fixture(autouse=True)
def code(referrals: Referrals) -> Code:
    return a_shop_with(referrals)


def test_an_advocate_has_one_code_in_each_of_their_programs(
    referrals: Referrals, clock: Clock
) -> None:
    clock.on(seconds=1)
    referrals.programs.save(a_program(name="winter", title="Winter"))
    winter = referrals.advocates.invite("winter", alice(), code="ALICE-WINTER")
    referrals.advocates.draw("friends", "c-1", 3)
    assert [one.text for one in referrals.advocates.codes("c-1")] == ["ALICE10", winter.text]


def test_a_code_that_was_rotated_away_is_not_shown(referrals: Referrals) -> None:
    new = referrals.advocates.rotate("friends", "c-1")
    assert [one.text for one in referrals.advocates.codes("c-1")] == [new.text]


def test_an_advocate_is_reached_at_any_spelling_of_their_address(referrals: Referrals) -> None:
    assert referrals.advocates.reached_at("ALICE@shop.example ".strip()) == [alice()]
    assert list(referrals.advocates.reached_at("nobody@shop.example")) == []
    assert list(referrals.advocates.reached_at("no address")) == []


def test_a_friend_is_not_reached_as_an_advocate(referrals: Referrals) -> None:
    referrals.claim(Claiming(code="ALICE10", email="bob@friend.example"))
    assert list(referrals.advocates.reached_at("bob@friend.example")) == []


def test_who_was_forgotten_or_merged_is_reached_no_more(referrals: Referrals) -> None:
    carol(referrals)
    referrals.advocates.merge("c-2", "c-1")
    assert list(referrals.advocates.reached_at("carol@shop.example")) == []
    referrals.people.forget("c-1")
    assert list(referrals.advocates.reached_at("alice@shop.example")) == []


def test_friends_are_initials_and_states_by_their_placing(referrals: Referrals) -> None:
    referrals.record_order(a_friends_order("18", placed=COMPLETED.placed + timedelta(hours=1)))
    referrals.record_order(an_order(paid=None))
    seen = [(one.number, one.friend, one.state) for one in referrals.advocates.brought("c-1")]
    assert seen == [(1, "B.", State.PENDING), (2, "F.", State.QUALIFIED)]


def test_nothing_tells_who_a_friend_is(referrals: Referrals) -> None:
    referrals.record_order(an_order(customer="u-9", phone="+886912345678"))
    (one,) = referrals.advocates.brought("c-1")
    for told in ("'17'", "u-9", "bob", "friend.example", "912345678"):
        assert told not in repr(one)


def test_a_friend_without_an_address_has_no_initial(referrals: Referrals) -> None:
    referrals.record_order(an_order(email=None, phone="+886912345678"))
    assert [one.friend for one in referrals.advocates.brought("c-1")] == [""]


def test_friends_of_who_was_merged_are_seen_by_who_stays(referrals: Referrals) -> None:
    carol(referrals)
    referrals.record_order(an_order(coupons=used("ref-carol")))
    referrals.advocates.merge("c-2", "c-1")
    assert len(referrals.advocates.brought("c-1")) == 1


def test_thanks_are_told_to_whom_they_are_owed(referrals: Referrals, clock: Clock) -> None:
    referrals.record_order(an_order())
    (owed,) = referrals.thanks.of("c-1")
    assert (owed.order, owed.kept) == ("17", None)
    referrals.thanks.keep(owed.id, channel="line")
    assert [one.channel for one in referrals.thanks.of("c-1")] == ["line"]
    carol(referrals)
    assert list(referrals.thanks.of("c-2")) == []


def test_a_reward_that_waits_is_told_with_its_day(referrals: Referrals) -> None:
    referrals.record_order(an_order())
    told = referrals.advocates.why("c-1", "17")
    assert (told.credited, told.state, told.reasons) == (True, State.QUALIFIED, ())
    assert told.words == (
        "It is yours, and it counts.",
        "£7.20 waits until 6 December 2026: that long your friend may still send it back.",
    )


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_every_state_of_a_reward_is_told(
    engine: Engine, referrals: Referrals, clock: Clock, language: str
) -> None:
    referrals.record_order(an_order(paid=None))
    told = [referrals.advocates.why("c-1", "17", language=language).words]
    referrals.record_order(COMPLETED)
    told.append(referrals.advocates.why("c-1", "17", language=language).words)
    clock.to(RELEASE + DAY)
    engine.work({})
    told.append(referrals.advocates.why("c-1", "17", language=language).words)
    engine.work({"till": Obedient()})
    told.append(referrals.advocates.why("c-1", "17", language=language).words)
    referrals.record_order(HALF)
    referrals.record_order(NOTHING)
    told.append(referrals.advocates.why("c-1", "17", language=language).words)
    assert len(set(told)) == len(told)
    assert all(told)


def test_an_order_is_asked_for_by_the_number_that_its_friend_knows(referrals: Referrals) -> None:
    carol(referrals)
    told = an_order(id="5512340000001", number="#TEA-1001")
    referrals.record_order(told)
    for asked in ("5512340000001", "#TEA-1001", "tea-1001", " TEA-1001 "):
        answer = referrals.advocates.why("c-1", asked)
        assert (answer.order, answer.credited) == ("5512340000001", True)
    for nobodys in ("1001", "TEA-100", "#", "", "%"):
        with pytest.raises(UnknownOrder):
            referrals.advocates.why("c-1", nobodys)
    # Of an order that is not theirs a number tells no more than an id.
    for not_theirs in ("TEA-1001", "5512340000001"):
        with pytest.raises(UnknownOrder) as raised:
            referrals.advocates.why("c-2", not_theirs)
        assert raised.value.facts == {"id": not_theirs}
    # A number is a new one once the shop says so.
    referrals.record_order(replace(told, number="#1002", modified=PLACED + INSTANT))
    assert referrals.advocates.why("c-1", "1002").credited
    with pytest.raises(UnknownOrder):
        referrals.advocates.why("c-1", "TEA-1001")


def test_of_orders_of_one_number_theirs_is_told(referrals: Referrals) -> None:
    carol(referrals)
    referrals.record_order(bare(id="a", number="1001", email="ann@friend.example"))
    referrals.record_order(an_order(id="b", number="1001"))
    # Another one's id is what theirs is numbered by.
    referrals.record_order(bare(id="1001", email="ann@friend.example"))
    assert referrals.advocates.why("c-1", "1001").order == "b"


def test_a_number_that_is_no_text_is_refused(referrals: Referrals) -> None:
    for number in ("", "x" * 256, "1\0"):
        with pytest.raises(OrderInvalid) as raised:
            referrals.record_order(an_order(number=number))
        assert raised.value.facts["field"] == "number"


def test_days_are_told_as_they_are_counted_at_the_shop(referrals: Referrals) -> None:
    late = PLACED.replace(hour=17)
    referrals.record_order(an_order(placed=late, paid=late, modified=late))
    (_, in_utc) = referrals.advocates.why("c-1", "17").words
    (_, at_home) = referrals.advocates.why("c-1", "17", zone="Asia/Taipei").words
    assert "until 6 December 2026" in in_utc
    assert "until 7 December 2026" in at_home
    with pytest.raises(Invalid, match="zone: name a time zone"):
        referrals.advocates.why("c-1", "17", zone="Taipei")


def test_who_lost_the_credit_hears_why_and_not_to_whom(referrals: Referrals) -> None:
    carol(referrals)
    visit = referrals.record_visit(Visiting(code="CAROL"))
    referrals.record_order(an_order(visit=visit.id))
    told = referrals.advocates.why("c-2", "17")
    assert (told.credited, told.state) == (False, None)
    assert told.words == (
        "This order led to you too, and counts for somebody else.",
        "What pointed to somebody else was stronger, such as a code typed at the checkout.",
    )
    assert "Alice" not in repr(told)


def test_an_order_that_did_not_lead_to_them_is_as_unknown_as_none(referrals: Referrals) -> None:
    carol(referrals)
    referrals.record_order(an_order())
    referrals.record_order(bare(id="18", email="ann@friend.example"))
    for order in ("17", "18", "19"):
        with pytest.raises(UnknownOrder) as raised:
            referrals.advocates.why("c-2", order)
        assert raised.value.facts == {"id": order}


def test_nobody_asks_for_somebody_who_is_unknown(referrals: Referrals) -> None:
    for ask in (
        referrals.advocates.codes,
        referrals.advocates.brought,
        referrals.thanks.of,
    ):
        with pytest.raises(UnknownAdvocate):
            ask("c-9")
    with pytest.raises(UnknownAdvocate):
        referrals.advocates.why("c-9", "17")


def test_a_thank_you_is_owed_and_no_money_is_booked(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    referrals.programs.save(a_program(thank_you()))
    referrals.record_order(an_order())
    clock.to(RELEASE + DAY)
    engine.work({"till": Obedient()})
    assert list(referrals.rewards.list("c-1")) == []
    assert len(referrals.thanks.owed()) == 1
    assert referrals.advocates.why("c-1", "17").state is State.QUALIFIED
    assert engine.of("tea-house").programs.find("friends").reward.kind is Kind.THANKS


def test_an_employee_is_thanked_where_the_platform_grants_nothing(engine: Engine) -> None:
    referrals = engine.of("stall", grants=[])
    program = a_program(thank_you(), relations=(Relation.EMPLOYEE,))
    assert referrals.programs.save(program).reward == thank_you()
    lin = Advocate(id="e-1", name="Lin", relation=Relation.EMPLOYEE)
    assert referrals.advocates.invite("friends", lin).advocate == "e-1"


def test_nothing_is_mailed_to_whom_nobody_vouched_for(engine: Engine) -> None:
    carrier = Obedient()
    engine.work({"invitation": carrier})
    assert [deed for deed in carrier.deeds if deed.duty is Duty.INVITE] == []
