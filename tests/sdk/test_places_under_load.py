"""Caps and budgets hold for any sequence of states, and from any number of threads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from goodword import (
    Budget,
    Cap,
    Order,
    Outcome,
    Per,
    Period,
    Referrals,
    Refund,
    Result,
    Terms,
    Tier,
    amount_off,
    share_of_order,
)
from goodword.embedded.engine import Engine
from goodword.model.credit import Evidence
from goodword.storage.tables import orders, places
from goodword.wire import unpack
from tests.sdk.builders import (
    PLACED,
    Street,
    a_friends_order,
    a_program,
    a_shop_with,
    an_order,
    at_once,
    carol,
    gbp,
    later,
    totals,
    used,
)

pytestmark = pytest.mark.slow

MANY = 16


def outcomes(answers: Sequence[Outcome | Exception]) -> list[Outcome]:
    """What was answered; nobody may be told of an error."""
    found = [answer for answer in answers if isinstance(answer, Outcome)]
    assert len(found) == len(answers), [one for one in answers if isinstance(one, Exception)]
    return found


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        (Terms(caps=(Cap(most=3),)), "cap_reached"),
        (Terms(caps=(Cap(most=3, per=Per.PROGRAM, every=Period.DAY),)), "cap_reached"),
        (Terms(budget=Budget(most=gbp("15.00"))), "budget_spent"),
        (Terms(caps=(Cap(most=3),), budget=Budget(most=gbp("15.00"))), "cap_reached"),
    ],
)
def test_of_orders_that_come_at_once_as_many_earn_as_there_are_places(
    engine: Engine, referrals: Referrals, terms: Terms, why: str
) -> None:
    a_shop_with(referrals, a_program(amount_off("5.00", "GBP"), terms=terms))
    ids = [str(number) for number in range(MANY)]
    answers = at_once(*(partial(referrals.record_order, a_friends_order(id)) for id in ids))
    reasons = Counter(one.reasons for one in outcomes(answers))
    assert reasons == {(): 3, (why,): MANY - 3}
    assert sum(totals(referrals, id)[1] for id in ids) == 1500
    assert held(engine, "tea-house") == counted(engine, "tea-house")


def test_one_order_that_comes_many_times_at_once_takes_one_place(
    engine: Engine, referrals: Referrals
) -> None:
    terms = Terms(caps=(Cap(most=3),), budget=Budget(most=gbp("15.00")))
    a_shop_with(referrals, a_program(amount_off("5.00", "GBP"), terms=terms))
    answers = at_once(*[partial(referrals.record_order, a_friends_order("1"))] * MANY)
    found = Counter(one.result for one in outcomes(answers))
    assert found == {Result.CREATED: 1, Result.DUPLICATE: MANY - 1}
    assert held(engine, "tea-house") == {"advocate|ever|c-1": 1, "budget|ever|GBP": 500}


def test_an_order_undone_and_restored_at_once_holds_what_its_newest_state_says(
    engine: Engine, referrals: Referrals
) -> None:
    a_shop_with(referrals, a_program(terms=Terms(caps=(Cap(most=1),))))
    states = [
        later(a_friends_order("1"), second, cancelled=PLACED if second % 2 else None)
        for second in range(MANY)
    ]
    outcomes(at_once(*(partial(referrals.record_order, state) for state in states)))
    assert set(held(engine, "tea-house").values()) <= {0}
    assert totals(referrals, "1") == (0, 0)


# For any sequence of states.


MOST = {"advocate": 2, "program": 3, "friend": 1, "budget": 1800}
BOTH = Terms(
    caps=(
        Cap(most=2),
        Cap(most=3, per=Per.PROGRAM, every=Period.MONTH),
        Cap(most=1, per=Per.FRIEND),
    ),
    budget=Budget(most=gbp("18.00")),
)
states = st.builds(
    an_order,
    id=st.sampled_from("12345"),
    email=st.sampled_from(["bob@friend.example", "eve@friend.example", "dan@friend.example", None]),
    coupons=st.sampled_from([used("ref-alice10"), used("ref-alice10"), used("ref-carol"), ()]),
    net=st.sampled_from(["10.00", "72.00", "120.00", "400.00"]).map(gbp),
    gross=st.just(gbp("400.00")),
    paid=st.sampled_from([PLACED, PLACED, PLACED, None]),
    cancelled=st.sampled_from([None, None, None, PLACED]),
    refunds=st.sampled_from([(), (), (Refund(id="r", gross=gbp("200.00")),)]),
)


@settings(max_examples=25)
@given(life=st.lists(states, min_size=4, max_size=14))
def test_what_is_counted_is_what_is_held_and_never_too_much(
    street: Street, life: list[Order]
) -> None:
    referrals = street.open_shop()
    program = a_program(share_of_order(10), terms=BOTH, tiers=(Tier(start=2, reward=TIER),))
    a_shop_with(referrals, program)
    carol(referrals)
    for second, state in enumerate(life):
        moment = PLACED + timedelta(seconds=second)
        referrals.record_order(replace(state, modified=moment))
        stands = held(street.engine, street.newest)
        assert stands == counted(street.engine, street.newest)
        for key, taken in stands.items():
            assert 0 <= taken <= MOST[key.split("|")[0]]
    assert promised(referrals, {state.id for state in life}) <= MOST["budget"]


TIER = amount_off("6.00", "GBP")


def promised(referrals: Referrals, ids: set[str]) -> int:
    return sum(totals(referrals, id, who)[1] for id in ids for who in ("c-1", "c-2"))


def held(engine: Engine, shop: str) -> dict[str, int]:
    """What the counts say."""
    with engine.database.connect() as connection:
        rows = connection.execute(select(places).where(places.c.shop == shop))
        return {f"{row.per}|{row.period}|{row.whose}": row.taken for row in rows}


def counted(engine: Engine, shop: str) -> dict[str, int]:
    """What the orders hold, one by one; nought where nobody holds what was held once."""
    total = dict.fromkeys(held(engine, shop), 0)
    with engine.database.connect() as connection:
        kept = connection.scalars(select(orders.c.evidence).where(orders.c.shop == shop)).all()
    for body in kept:
        place = unpack(Evidence, body).place if body else None
        for key in place.counted if place else ():
            reserved = place.reserved.minor if place and place.reserved else 0
            total[key] += reserved if key.startswith("budget|") else 1
    return total
