"""One shop never sees, changes or is charged for another's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from goodword import (
    Advocate,
    FollowUp,
    GoodwordError,
    Invalid,
    Kind,
    Referrals,
    Refund,
    Result,
    Terms,
    UnknownAdvocate,
    UnknownCode,
    UnknownOrder,
    UnknownProgram,
    UnknownThanks,
    Visit,
    Visiting,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import (
    PLACED,
    Clock,
    Obedient,
    a_program,
    a_shop_with,
    alice,
    an_order,
    every_row,
    gbp,
    later,
    standing,
    totals,
    used,
)

VISITING = Visiting(code="ALICE10")


@pytest.fixture
def visit(engine: Engine, referrals: Referrals, clock: Clock) -> Visit:
    """A tea house that has seen everything; its till has granted order 17's reward."""
    a_shop_with(referrals)
    visit = referrals.record_visit(VISITING)
    referrals.record_order(an_order(visit=visit.id))
    referrals.record_refund("17", Refund(id="18", gross=gbp("7.20")))
    clock.to(PLACED + timedelta(days=14))
    engine.work({"till": Obedient()})
    return visit


@pytest.fixture
def other(engine: Engine) -> Referrals:
    return engine.of("book-shop")


def tea_rows(engine: Engine) -> Mapping[str, list[str]]:
    """All rows that are not the book shop's."""
    rows = every_row(engine).items()
    return {table: [row for row in found if "'book-shop'" not in row] for table, found in rows}


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        pytest.param(lambda shop: shop.find_code("ALICE10"), UnknownCode, id="code"),
        pytest.param(lambda shop: shop.record_visit(VISITING), UnknownCode, id="visit"),
        pytest.param(lambda shop: shop.programs.find("friends"), UnknownProgram, id="program"),
        pytest.param(
            lambda shop: shop.advocates.invite("friends", alice()), UnknownProgram, id="invite"
        ),
        pytest.param(lambda shop: shop.advocates.find("c-1"), UnknownAdvocate, id="advocate"),
        pytest.param(lambda shop: shop.credit.explain("17"), UnknownOrder, id="order"),
        pytest.param(lambda shop: shop.rewards.list("c-1"), UnknownAdvocate, id="rewards"),
        pytest.param(lambda shop: shop.rewards.balance("c-1"), UnknownAdvocate, id="balance"),
    ],
)
def test_what_is_anothers_is_unknown(
    engine: Engine,
    other: Referrals,
    visit: Visit,
    ask: Callable[[Referrals], object],
    error: type[GoodwordError],
) -> None:
    before = every_row(engine)
    with pytest.raises(error):
        ask(other)
    assert every_row(engine) == before


def test_anothers_lists_are_empty(other: Referrals, visit: Visit) -> None:
    assert list(other.programs.list()) == []
    assert list(other.thanks.owed()) == []


def test_anothers_thanks_cannot_be_kept(
    referrals: Referrals, other: Referrals, visit: Visit
) -> None:
    (owed,) = referrals.thanks.owed()
    with pytest.raises(UnknownThanks):
        other.thanks.keep(owed.id)
    assert list(referrals.thanks.owed()) == [owed]


def test_anothers_visit_coupon_code_and_landing_credit_nobody(
    engine: Engine, other: Referrals, visit: Visit
) -> None:
    before = tea_rows(engine)
    order = an_order(visit=visit.id, code="ALICE10")
    assert other.record_order(order).result is Result.UNATTRIBUTED
    assert tea_rows(engine) == before


def test_an_order_of_the_same_id_is_another_order(
    engine: Engine, referrals: Referrals, other: Referrals, visit: Visit
) -> None:
    a_shop_with(other)
    before = tea_rows(engine)
    assert other.record_order(an_order()).result is Result.CREATED
    assert other.record_order(later(an_order(), cancelled=PLACED)).result is Result.UPDATED
    assert other.record_refund("17", Refund(id="18", gross=gbp("72.00"))).result == "updated"
    assert tea_rows(engine) == before
    assert totals(referrals) == (720, 648)


def test_anothers_refund_waits_for_ones_own_order(other: Referrals, visit: Visit) -> None:
    assert other.record_refund("17", Refund(id="18", gross=gbp("1.00"))).result == "queued"


def test_anothers_reward_coupon_is_nobodys(
    referrals: Referrals, other: Referrals, visit: Visit
) -> None:
    text = referrals.rewards.list("c-1")[0].text
    assert text is not None
    other.record_order(an_order(id="40", coupons=used(text)))
    assert standing(referrals).given == 648


def test_names_are_free_in_every_shop(engine: Engine, other: Referrals, visit: Visit) -> None:
    before = tea_rows(engine)
    other.programs.save(a_program(title="Another promise"))
    bob = Advocate(id="c-1", name="Bob", email="bob@shop.example")
    code = other.advocates.invite("friends", bob, code="ALICE10", coupon="ref-alice10")
    assert code.advocate == "c-1"
    assert other.advocates.find("c-1") == bob
    assert tea_rows(engine) == before


def test_a_person_is_known_to_their_own_shop_alone(
    referrals: Referrals, other: Referrals, visit: Visit, clock: Clock
) -> None:
    a_shop_with(other)
    carol = Advocate(id="c-7", email="carol@shop.example")
    other.advocates.invite("friends", carol, coupon="ref-carol")
    # In the tea house c-7 is nobody, and Carol a friend like any other.
    order = an_order(id="41", placed=clock.at, customer="c-7", email="carol@shop.example")
    assert referrals.record_order(order).reasons == ()
    own = replace(order, coupons=used("ref-carol"))
    assert other.record_order(own).reasons == ("self_referral",)


def test_a_first_order_is_first_in_its_shop(other: Referrals, visit: Visit, clock: Clock) -> None:
    a_shop_with(other, a_program(terms=Terms(first_order_only=True)))
    order = an_order(id="99", placed=clock.at)
    assert other.record_order(order).reasons == ()


def test_deeds_are_carried_shop_by_shop(
    engine: Engine, other: Referrals, visit: Visit, clock: Clock
) -> None:
    a_shop_with(other)
    other.record_order(an_order(placed=clock.at))
    till, mail = Obedient(), Obedient()
    engine.work({"till": till, "mail": mail})

    def told(deeds: list[FollowUp]) -> set[tuple[str, str]]:
        return {(deed.shop, deed.subject) for deed in deeds}

    assert told(till.deeds) == {("book-shop", "17")}
    assert told(mail.deeds) == {("book-shop", "17"), ("tea-house", "17")}


def test_what_one_platform_can_grant_binds_its_shop_alone(engine: Engine) -> None:
    engine.of("tea-house", grants=())
    engine.of("book-shop", grants=[Kind.AMOUNT_OFF]).programs.save(a_program())


@pytest.mark.parametrize("name", ["", "x" * 65])
def test_a_shop_has_a_name(engine: Engine, name: str) -> None:
    with pytest.raises(Invalid) as caught:
        engine.of(name)
    assert caught.value.facts["field"] == "shop"


def test_a_shop_alone_needs_no_name(engine: Engine) -> None:
    assert engine.of().programs.save(a_program()) == engine.of("shop").programs.find("friends")
