"""What should be booked for an order, and the movements that make it so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword import (
    Account,
    Kind,
    Money,
    Order,
    Part,
    Reason,
    Refund,
    Terms,
    UsedCoupon,
    Worth,
    amount_off,
    money,
    percent_off,
    share_of_order,
)
from goodword.model.credit import Decision, Evidence
from goodword.model.ledger import Balance, Movement, Share
from goodword.rules import booking
from tests.sdk.builders import PLACED, a_candidate, a_program, an_order, gbp, used

GRANTED, FRIEND = Account.GRANTED, Account.SPENT_BY_FRIEND
WAITING, DUE, GIVEN = Account.WAITING, Account.DUE, Account.GIVEN
SPENT, OWED = Account.SPENT, Account.OWED_BACK
ALICE = a_candidate()
OURS = Evidence(offers=("ref-alice10",))


def should(
    reward: Worth, order: Order | None = None, *reasons: Reason, evidence: Evidence = OURS
) -> dict[Part, Money]:
    decision = Decision(winner=ALICE, program=a_program(reward), reward=reward, reasons=reasons)
    shares = booking.should_be(decision, order or an_order(), evidence)
    assert {share.advocate for share in shares} <= {"c-1"}
    return {share.part: share.worth for share in shares}


def refunded(gross: str) -> tuple[Refund, ...]:
    return (Refund(id="18", gross=gbp(gross)),)


def costing(net: Money) -> Order:
    return an_order(net=net, gross=net, coupons=())


# What should be booked.


@pytest.mark.parametrize(
    ("reward", "order", "worth"),
    [
        (share_of_order(10), an_order(), gbp("7.20")),
        (share_of_order("12.5"), an_order(), gbp("9.00")),
        (share_of_order(10), an_order(net=gbp("47.25")), gbp("4.72")),
        (share_of_order(100), an_order(), gbp("72.00")),
        (share_of_order(10), an_order(refunds=refunded("36.00")), gbp("3.60")),
        (share_of_order(10), an_order(refunds=refunded("0.01")), gbp("7.19")),
        (amount_off("5.00", "GBP"), an_order(), gbp("5.00")),
        (amount_off("5.00", "GBP"), an_order(refunds=refunded("36.00")), gbp("5.00")),
        (percent_off(10), an_order(), Money(1, "piece:percent_off")),
        (percent_off(10), an_order(refunds=refunded("36.00")), Money(1, "piece:percent_off")),
        # Nobody in Taiwan pays in cents.
        (share_of_order(10), costing(money("1234.00", "TWD")), money("123", "TWD")),
        (share_of_order(10), costing(money("9.99", "TWD")), None),
        (share_of_order(10), costing(money("1234", "JPY")), money("123", "JPY")),
        (share_of_order(10), costing(money("12.345", "KWD")), money("1.234", "KWD")),
        (share_of_order(10), costing(gbp("0.09")), None),
        (share_of_order(10), costing(gbp("0")), None),
    ],
)
def test_what_a_reward_is_worth(reward: Worth, order: Order, worth: Money | None) -> None:
    assert should(reward, order).get(Part.REWARD) == worth


def test_a_share_is_rounded_once_on_the_whole() -> None:
    # Two thirds of 100 pence are left: 66 and two thirds, of which a half is 33 and a third.
    order = an_order(net=gbp("1.00"), gross=gbp("3.00"), refunds=refunded("1.00"), coupons=())
    assert should(share_of_order(50), order)[Part.REWARD] == gbp("0.33")


@given(
    net=st.integers(0, 10**9),
    percent=st.decimals("0.01", 100, places=2),
    back=st.integers(0, 10**9),
)
def test_a_shop_never_owes_more_than_it_promised(net: int, percent: Any, back: int) -> None:
    order = an_order(
        net=Money(net, "GBP"),
        gross=Money(10**9, "GBP"),
        refunds=(Refund(id="18", gross=Money(back, "GBP")),),
    )
    worth = booking.worth_of(share_of_order(percent), order, Terms()).minor
    exact = Fraction(percent) / 100 * max(Fraction(0), net - Fraction(back * net, 10**9))
    assert exact - 1 < worth <= exact


@pytest.mark.parametrize(
    ("coupons", "refunds", "cost"),
    [
        (used("ref-alice10", "8.00"), (), gbp("8.00")),
        (used("REF-ALICE10", "8.00"), (), gbp("8.00")),
        (used("fix5", "5.00"), (), None),
        ((*used("fix5", "5.00"), *used("ref-alice10", "8.00")), (), gbp("8.00")),
        (used("ref-alice10", "8.00"), refunded("36.00"), gbp("4.00")),
        (used("ref-alice10", "8.00"), refunded("0.01"), gbp("7.99")),
        (used("ref-alice10", "8.00"), refunded("72.00"), None),
        (used("ref-alice10", "0"), (), None),
        ((), (), None),
    ],
)
def test_an_offer_costs_what_it_took_off_what_is_left(
    coupons: tuple[UsedCoupon, ...], refunds: tuple[Refund, ...], cost: Money | None
) -> None:
    order = an_order(coupons=coupons, refunds=refunds)
    assert should(share_of_order(10), order).get(Part.OFFER) == cost


def test_an_offer_that_made_the_goods_free_cost_all_the_same() -> None:
    order = an_order(net=gbp("0"), gross=gbp("4.95"), coupons=used("ref-alice10", "72.00"))
    assert should(share_of_order(10), order) == {Part.OFFER: gbp("72.00")}


@pytest.mark.parametrize("reason", Reason)
def test_what_the_friend_saved_is_spent_whatever_stands_in_the_rewards_way(reason: Reason) -> None:
    assert should(share_of_order(10), an_order(), reason) == {Part.OFFER: gbp("8.00")}


@pytest.mark.parametrize(
    "undone", [{"cancelled": PLACED}, {"refunded": True}, {"test": True}, {"disputed": PLACED}]
)
def test_nothing_is_spent_on_an_order_that_is_undone(undone: dict[str, Any]) -> None:
    assert should(share_of_order(10), an_order(**undone), Reason.CANCELLED) == {}


def test_nothing_is_spent_before_it_is_paid() -> None:
    assert should(share_of_order(10), an_order(paid=None), Reason.NOT_PAID) == {}


def test_without_a_winner_nothing_is_booked() -> None:
    assert booking.should_be(Decision(), an_order(), OURS) == ()


# The difference.


def share(minor: int, part: Part = Part.REWARD, advocate: str = "c-1", unit: str = "GBP") -> Share:
    return Share(part=part, advocate=advocate, worth=Money(minor, unit))


def books(
    part: Part = Part.REWARD, advocate: str = "c-1", unit: str = "GBP", **accounts: int
) -> list[Balance]:
    """Balances by the names of their accounts; what flowed out of the promise makes them even."""
    held = {Account[name.upper()]: minor for name, minor in accounts.items()}
    held[GRANTED] = -sum(held.values())
    return [
        Balance(account=account, part=part, advocate=advocate, worth=Money(minor, unit))
        for account, minor in held.items()
    ]


Row = tuple[Account, Account, int]
Held = dict[str, Any]


def rows(moves: Iterable[Movement]) -> list[Row]:
    return [(move.source, move.target, move.worth.minor) for move in moves]


@pytest.mark.parametrize(
    ("wanted", "held", "expected"),
    [
        (720, {}, [(GRANTED, WAITING, 720)]),
        (720, {"waiting": 720}, []),
        (820, {"waiting": 720}, [(GRANTED, WAITING, 100)]),
        (820, {"given": 720}, [(GRANTED, WAITING, 100)]),
        (360, {"waiting": 720}, [(WAITING, GRANTED, 360)]),
        (0, {"waiting": 720}, [(WAITING, GRANTED, 720)]),
        (0, {"due": 720}, [(DUE, GRANTED, 720)]),
        (100, {"waiting": 300, "due": 420}, [(WAITING, GRANTED, 300), (DUE, GRANTED, 320)]),
        (500, {"waiting": 300, "due": 420}, [(WAITING, GRANTED, 220)]),
        (360, {"given": 720}, [(OWED, GRANTED, 360)]),
        (
            0,
            {"waiting": 100, "due": 200, "given": 420},
            [(WAITING, GRANTED, 100), (DUE, GRANTED, 200), (OWED, GRANTED, 420)],
        ),
        (0, {"given": 720, "owed_back": -360}, [(OWED, GRANTED, 360)]),
        (0, {"spent": 720}, [(OWED, GRANTED, 720)]),
        (720, {"given": 720, "owed_back": -360}, [(GRANTED, WAITING, 360)]),
    ],
)
def test_the_difference_of_a_reward(wanted: int, held: Held, expected: list[Row]) -> None:
    moves = booking.entries([share(wanted)] if wanted else [], books(**held))
    assert rows(moves) == expected
    assert {(move.part, move.advocate) for move in moves} <= {(Part.REWARD, "c-1")}


@pytest.mark.parametrize(
    ("wanted", "held", "expected"),
    [
        (800, {}, [(GRANTED, FRIEND, 800)]),
        (400, {"spent_by_friend": 800}, [(FRIEND, GRANTED, 400)]),
        (0, {"spent_by_friend": 800}, [(FRIEND, GRANTED, 800)]),
        (800, {"spent_by_friend": 800}, []),
    ],
)
def test_the_difference_of_an_offer(wanted: int, held: Held, expected: list[Row]) -> None:
    shares = [share(wanted, Part.OFFER)] if wanted else []
    assert rows(booking.entries(shares, books(Part.OFFER, **held))) == expected


def test_another_advocate_takes_over_the_whole() -> None:
    moves = booking.entries([share(720, advocate="c-2")], books(waiting=300, given=420))
    assert [(move.advocate, *row) for move, row in zip(moves, rows(moves), strict=True)] == [
        ("c-1", WAITING, GRANTED, 300),
        ("c-1", OWED, GRANTED, 420),
        ("c-2", GRANTED, WAITING, 720),
    ]


def test_another_unit_takes_over_the_whole() -> None:
    piece = "piece:percent_off"
    moves = booking.entries([share(1, unit=piece)], books(waiting=720))
    assert [(move.worth.unit, *row) for move, row in zip(moves, rows(moves), strict=True)] == [
        ("GBP", WAITING, GRANTED, 720),
        (piece, GRANTED, WAITING, 1),
    ]


accounts = st.fixed_dictionaries(
    {name: st.integers(0, 900) for name in ("waiting", "due", "given", "spent")}
)


@given(wanted=st.integers(0, 3000), held=accounts, debt=st.integers(0, 900))
def test_the_difference_leads_to_what_should_be(wanted: int, held: Held, debt: int) -> None:
    before = books(**held, owed_back=-min(debt, held["given"] + held["spent"]))
    moves = booking.entries([share(wanted)] if wanted else [], before)
    after = applied(before, moves)
    assert -after[GRANTED] == wanted
    assert all(after[account] >= 0 for account in (WAITING, DUE, GIVEN, SPENT))
    assert after[OWED] <= 0
    assert all(move.worth.minor > 0 for move in moves)


def applied(held: Iterable[Balance], moves: Iterable[Movement]) -> Counter[Account]:
    after = Counter({balance.account: balance.worth.minor for balance in held})
    for move in moves:
        after[move.source] -= move.worth.minor
        after[move.target] += move.worth.minor
    return after


# What follow-ups move.


@pytest.mark.parametrize(
    ("held", "debt", "expected"),
    [
        ({"waiting": 720}, 0, [(WAITING, DUE, 720)]),
        ({"waiting": 720}, 300, [(WAITING, OWED, 300), (WAITING, DUE, 420)]),
        ({"waiting": 720}, 720, [(WAITING, OWED, 720)]),
        ({"waiting": 720}, 999, [(WAITING, OWED, 720)]),
        ({"due": 720}, 300, []),
        ({}, 300, []),
    ],
)
def test_a_release_pays_debts_first(held: Held, debt: int, expected: list[Row]) -> None:
    assert (
        rows(booking.passed_on(books(**held), (WAITING, DUE), {("c-1", "GBP"): debt})) == expected
    )


@pytest.mark.parametrize("whose", [("c-2", "GBP"), ("c-1", "EUR")])
def test_a_debt_in_another_unit_or_anothers_is_not_paid(whose: tuple[str, str]) -> None:
    assert rows(booking.passed_on(books(waiting=720), (WAITING, DUE), {whose: 300})) == [
        (WAITING, DUE, 720)
    ]


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ({"given": 720, "owed_back": -360}, [(GIVEN, OWED, 360)]),
        ({"given": 200, "owed_back": -360}, [(GIVEN, OWED, 200)]),
        ({"given": 720}, []),
        ({"spent": 720, "owed_back": -360}, []),
    ],
)
def test_a_coupon_is_taken_back_by_what_is_owed(held: Held, expected: list[Row]) -> None:
    assert rows(booking.taken_back(books(**held))) == expected


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ({"due": 720, "owed_back": -360}, [(DUE, OWED, 360)]),
        ({"due": 200, "owed_back": -360}, [(DUE, OWED, 200)]),
        ({"due": 720}, []),
        ({"waiting": 720, "owed_back": -360}, []),
    ],
)
def test_what_is_due_pays_what_is_owed(held: Held, expected: list[Row]) -> None:
    assert rows(booking.offset(books(**held), {("c-1", "GBP"): 10_000})) == expected


def test_an_account_is_emptied_for_everybody() -> None:
    held = [*books(given=720, due=5), *books(advocate="c-2", given=100), *books(unit="EUR")]
    assert rows(booking.moved_all(held, GIVEN, SPENT)) == [(GIVEN, SPENT, 720), (GIVEN, SPENT, 100)]


@pytest.mark.parametrize(
    ("worth", "expected"),
    [
        (gbp("1.00"), [(GIVEN, SPENT, 100)]),
        (gbp("9.00"), [(GIVEN, SPENT, 720)]),
        (money("1.00", "EUR"), []),
    ],
)
def test_one_coupon_moves_its_worth_as_far_as_it_is_there(
    worth: Money, expected: list[Row]
) -> None:
    held = [*books(given=720), *books(advocate="c-2", given=100)]
    moves = booking.moved(held, GIVEN, SPENT, "c-1", worth)
    assert rows(moves) == expected
    assert {move.advocate for move in moves} <= {"c-1"}


def test_nothing_moves_beyond_its_plan() -> None:
    (planned,) = booking.taken_back(books(given=720, owed_back=-360))
    (now,) = booking.taken_back(books(given=720, owed_back=-720))
    (less,) = booking.taken_back(books(given=720, owed_back=-100))
    assert booking.at_most([now], [planned]) == [planned]
    assert booking.at_most([less], [planned]) == [less]
    assert booking.at_most([replace(now, advocate="c-2")], [planned]) == []
    assert booking.at_most([], [planned]) == []


# Small things.


@pytest.mark.parametrize(
    ("minor", "unit", "whole"),
    [(12_399, "TWD", 12_300), (99, "TWD", 0), (12_399, "GBP", 12_399), (123, "JPY", 123)],
)
def test_whole_dollars_are_taiwans_alone(minor: int, unit: str, whole: int) -> None:
    assert booking.whole(minor, unit) == whole


@pytest.mark.parametrize(
    ("coupon", "stands_for"),
    [(amount_off("5", "GBP"), gbp("5")), (percent_off(10), Money(1, f"piece:{Kind.PERCENT_OFF}"))],
)
def test_a_coupon_stands_for_its_amount_or_for_one_piece(coupon: Worth, stands_for: Money) -> None:
    assert booking.face(coupon) == stands_for


@pytest.mark.parametrize("days", [0, 14])
def test_a_hold_ends_its_days_after_payment(days: int) -> None:
    program = a_program(terms=Terms(hold_days=days))
    assert booking.hold_ends(an_order(), program) == PLACED + timedelta(days=days)
