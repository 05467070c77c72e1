"""However many tell of a friend at once: one person, one first order, one claim, no cap passed."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest

from goodword import (
    Budget,
    Cap,
    Claim,
    Claiming,
    Code,
    Per,
    Referrals,
    Terms,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import PLACED, a_program, an_order, every_row, gbp, standing
from tests.sdk.crowd import SHOP, Crowd, a_database, answers, tell

pytestmark = pytest.mark.slow


@pytest.fixture(params=["sqlite", "postgresql", "postgresql, repeatable read", "pgbouncer"])
def url(request: pytest.FixtureRequest) -> str:
    return a_database(request)


def claim(claiming: Claiming, engine: Engine) -> Claim:
    return engine.of(SHOP).claim(claiming)


def test_a_friend_met_by_all_for_the_first_time_is_one_person(
    crowd: Crowd, engine: Engine, referrals: Referrals, code: Code
) -> None:
    told = [an_order(id=str(number), email="new@friend.example") for number in range(8)]
    said = answers(crowd.shared(partial(tell, order) for order in told))
    assert Counter(said) == {"created": 8}
    people = every_row(engine)["goodword_people"]
    assert sum("new@friend.example" in row for row in people) == 1


@pytest.mark.parametrize("seconds_apart", [0, 60])
def test_of_a_friends_first_orders_one_counts(
    crowd: Crowd, referrals: Referrals, code: Code, seconds_apart: int
) -> None:
    referrals.programs.save(a_program(terms=Terms(first_order_only=True)))
    # The friend is known already, so that they do not meet where a person is made.
    referrals.record_order(an_order(id="1", cancelled=PLACED))
    told = [
        an_order(id=str(number), placed=PLACED + number * timedelta(seconds=seconds_apart))
        for number in range(10, 18)
    ]
    answers(crowd.all(partial(tell, order) for order in told))
    explained = [referrals.credit.explain(order.id) for order in told]
    # Whichever was decided first: news of the others may come later, or of earlier ones.
    assert [one.reasons for one in explained].count(()) == 1
    assert [one.reasons for one in explained].count(("not_first_order",)) == 7
    assert standing(referrals).waiting == 720


def test_a_claim_made_by_all_is_one_claim_with_one_coupon(
    crowd: Crowd, engine: Engine, referrals: Referrals, code: Code
) -> None:
    claiming = Claiming(code="ALICE10", email="new@friend.example")
    claims = answers(crowd.all([partial(claim, claiming)] * 2))
    assert len({(one.id, one.coupon) for one in claims}) == 1
    assert len(every_row(engine)["goodword_claims"]) == 1


def test_no_cap_is_passed(crowd: Crowd, referrals: Referrals, code: Code) -> None:
    caps = (Cap(most=3), Cap(most=6, per=Per.PROGRAM), Cap(most=5, per=Per.FRIEND))
    referrals.programs.save(a_program(terms=Terms(caps=caps)))
    told = [an_order(id=str(number)) for number in range(10, 18)]
    answers(crowd.all(partial(tell, order) for order in told))
    reasons = Counter(referrals.credit.explain(order.id).reasons for order in told)
    assert reasons == {(): 3, ("cap_reached",): 5}
    assert standing(referrals).waiting == 3 * 720


def test_no_budget_is_passed(crowd: Crowd, referrals: Referrals, code: Code) -> None:
    referrals.programs.save(a_program(terms=Terms(budget=Budget(most=gbp("25.00")))))
    told = [an_order(id=str(number)) for number in range(10, 18)]
    answers(crowd.all(partial(tell, order) for order in told))
    reasons = Counter(referrals.credit.explain(order.id).reasons for order in told)
    assert reasons == {(): 3, ("budget_spent",): 5}
    assert standing(referrals).waiting == 3 * 720
