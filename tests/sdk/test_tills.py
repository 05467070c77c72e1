"""A till that fails is looked at before it is asked again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from goodword import (
    Duty,
    FollowUp,
    Grant,
    Granted,
    Money,
    Referrals,
    RewardState,
    TakenBack,
    TillCarrier,
    TillDown,
    TillRefused,
    amount_off,
    never,
)
from goodword.embedded.engine import Engine
from goodword.model.followup import How
from tests.sdk.builders import (
    HALVED,
    PLACED,
    Clock,
    an_order,
    gbp,
    later,
    standing,
    the_reward,
    used,
)
from tests.sdk.tills import BEFORE, LOST, CouponCounter, at_the

pytestmark = pytest.mark.usefixtures("earned")


@dataclass
class Counter(CouponCounter):
    """A shop's counter that keeps what it made, and fails as it is told."""

    trouble: list[tuple[str, Exception]] = field(default_factory=list)
    made: dict[str, Granted] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def grant(self, grant: Grant) -> Granted:
        self.asked.append("grant")
        made = Granted(grant=grant.id, text=grant.text, remote="40")
        self._fail("before")
        self.made[grant.text] = made
        self.left[grant.text] = grant.worth.amount.minor if grant.worth.amount else 1
        self._fail("after")
        return made

    def look(self, grant: Grant) -> Granted | None:
        self.asked.append("look")
        return self.made.get(grant.text)

    def take_back(self, granted: Granted, left: Money | None) -> TakenBack:
        self.asked.append("take_back")
        self._fail("before")
        self.left[granted.text] = left.minor if left else 0
        self._fail("after")
        return TakenBack(done=True)

    def worth(self) -> dict[str, int]:
        """What friends could still spend."""
        return {text: left for text, left in self.left.items() if left}

    def _fail(self, when: str) -> None:
        if self.trouble and self.trouble[0][0] == when:
            raise self.trouble.pop(0)[1]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_till_that_lost_its_answer_is_looked_at_before_it_is_asked_again(
    engine: Engine, referrals: Referrals, clock: Clock, when: str
) -> None:
    counter = Counter(trouble=[(when, LOST)])
    for _ in range(2):
        engine.work(at_the(counter))
        clock.on(days=1)
    asked = {"before": ["grant", "look", "grant"], "after": ["grant", "look"]}
    assert counter.asked == asked[when]
    assert len(counter.made) == 1
    assert the_reward(referrals) == (RewardState.GRANTED, gbp("7.20"))


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (BEFORE["down"], RewardState.GRANTING),
        (BEFORE["refused"], RewardState.REFUSED),
        (LOST, RewardState.UNKNOWN),
    ],
)
def test_what_a_till_raises_says_how_it_ended(
    engine: Engine, referrals: Referrals, error: Exception, state: RewardState
) -> None:
    counter = Counter(trouble=[("before", error)])
    engine.work(at_the(counter))
    assert the_reward(referrals)[0] is state


def test_a_shop_whose_till_does_not_open_is_tried_again(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    counter, down = Counter(), [TillDown(shop="tea-house", what="moved")]

    def open(shop: str) -> Counter:
        if down:
            raise down.pop()
        return counter

    for _ in range(2):
        engine.work({"till": TillCarrier(open)})
        clock.on(days=1)
    assert the_reward(referrals) == (RewardState.GRANTED, gbp("7.20"))


def test_a_till_takes_back_what_it_made(engine: Engine, referrals: Referrals) -> None:
    counter = Counter()
    engine.work(at_the(counter))
    assert len(counter.made) == 1
    referrals.record_order(later(an_order(), cancelled=PLACED))
    engine.work(at_the(counter))
    assert counter.worth() == {}
    assert standing(referrals).given == standing(referrals).owed_back == 0


def test_a_till_says_no_thanks() -> None:
    deed = FollowUp(id="1", shop="s", duty=Duty.THANK, subject="17", due=PLACED, tries=1)
    assert TillCarrier(lambda shop: Counter()).carry(deed) == never("a till cannot carry thank")


def test_a_reward_given_for_an_order_is_spent_in_another(
    engine: Engine, referrals: Referrals
) -> None:
    counter = Counter()
    engine.work(at_the(counter))
    (text,) = counter.made
    referrals.record_order(an_order(id="40", coupons=used(text)))
    assert the_reward(referrals) == (RewardState.REDEEMED, gbp("7.20"))


@pytest.mark.parametrize("hours", [0, 24])
def test_a_take_back_that_may_have_happened_is_finished_on_the_same_coupon(
    engine: Engine, referrals: Referrals, clock: Clock, hours: int
) -> None:
    counter = Counter()
    till = at_the(counter)
    engine.work(till)
    (first,) = counter.made
    counter.trouble = [("after", LOST)]
    referrals.record_order(HALVED)
    engine.work(till)
    assert counter.worth() == {first: 360}
    # The refund was a mistake: what it took is earned anew before anybody has looked.
    referrals.record_order(later(an_order(), 2))
    clock.on(hours=hours)
    engine.work(till)
    clock.on(days=1)
    engine.work(till)
    (second,) = counter.made.keys() - {first}
    assert counter.worth() == {first: 360, second: 360}
    assert (standing(referrals).given, standing(referrals).owed_back) == (720, 0)


@dataclass
class Forgetful(Counter):
    """A counter at which nobody can say whether a coupon was used that is gone."""

    def look(self, grant: Grant) -> Granted | None:
        super().look(grant)
        raise TillRefused(shop="tea-house", what="nobody can say", cause="use_unknown")


def a_grant() -> Grant:
    return Grant(id="g-1", subject="17", person="c-1", worth=amount_off("7.20", "GBP"), text="t-1")


def test_of_what_was_never_told_to_anybody_nobody_used_it() -> None:
    till = Forgetful()
    deed = FollowUp(id="f-1", shop="tea-house", duty=Duty.GRANT, subject="17", due=PLACED, tries=2)
    carried = TillCarrier(lambda shop: till).carry(replace(deed, grant=a_grant()))
    assert carried.how is How.DONE
    assert till.asked == ["look", "grant"]


def test_of_what_is_over_and_gone_a_person_must_say_whether_it_was_used() -> None:
    till = Forgetful()
    deed = FollowUp(id="f-1", shop="tea-house", duty=Duty.EXPIRE, subject="17", due=PLACED, tries=1)
    carried = TillCarrier(lambda shop: till).carry(replace(deed, grant=a_grant()))
    assert carried.how is How.NEVER
    assert till.asked == ["look"]
