"""What must happen later happens once, however carriers, workers and shops fail."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from goodword import (
    AnswerLost,
    Carried,
    Duty,
    FollowUp,
    Grant,
    Granted,
    Money,
    Order,
    Referrals,
    RewardState,
    State,
    TakenBack,
    TillCarrier,
    TillDown,
    TillRefused,
    again,
    done,
    never,
    unknown,
)
from goodword.embedded.engine import Engine
from tests.sdk.builders import (
    PLACED,
    Clock,
    Obedient,
    Saying,
    an_order,
    at_once,
    every_row,
    gbp,
    later,
    standing,
    used,
)

RELEASE = PLACED + timedelta(days=14)
HALF = later(an_order(), net=gbp("36.00"))


@pytest.fixture(autouse=True)
def earned(referrals: Referrals, code: object, clock: Clock) -> None:
    """Order 17 earned Alice 7.20, and its hold is over."""
    referrals.record_order(an_order())
    clock.to(RELEASE)


def reward(referrals: Referrals) -> tuple[RewardState, Money]:
    (one,) = referrals.rewards.list("c-1")
    return one.state, one.worth


def granted(deed: FollowUp) -> Carried:
    assert deed.grant is not None
    return done(granted=Granted(grant=deed.grant.id, text=deed.grant.text, remote="40"))


# What is asked of a carrier.


def test_a_deed_says_all_that_it_takes(engine: Engine, clock: Clock) -> None:
    till = Obedient()
    engine.work({"till": till})
    (deed,) = till.deeds
    grant = deed.grant
    assert grant is not None
    assert deed == FollowUp(
        id=deed.id,
        shop="tea-house",
        duty=Duty.GRANT,
        order="17",
        due=RELEASE,
        tries=1,
        grant=Grant(
            id=grant.id,
            order="17",
            advocate="c-1",
            worth=grant.worth,
            text=grant.text,
            email="alice@shop.example",
        ),
    )
    assert grant.worth.amount == gbp("7.20")


def test_a_coupons_text_cannot_be_guessed(engine: Engine, referrals: Referrals) -> None:
    for id in ("18", "19"):
        referrals.record_order(an_order(id=id))
    till = Obedient()
    engine.work({"till": till})
    texts = {deed.grant.text for deed in till.deeds if deed.grant}
    assert len(texts) == 3
    assert all(text.startswith("thanks-") and len(text) == 17 for text in texts)


def test_it_tells_how_many_deeds_were_taken_up(engine: Engine) -> None:
    # The release, the grant, the thanks.
    assert engine.work({"till": Obedient(), "mail": Obedient()}) == 3
    assert engine.work({"till": Obedient(), "mail": Obedient()}) == 0


def test_what_is_given_is_what_is_due_when_it_is_carried(
    engine: Engine, referrals: Referrals
) -> None:
    engine.work()
    referrals.record_order(HALF)
    till = Obedient()
    engine.work({"till": till})
    (deed,) = till.deeds
    assert deed.grant is not None
    assert deed.grant.worth.amount == gbp("3.60")


def test_nothing_is_given_of_what_was_taken_back_meanwhile(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    engine.work()
    referrals.record_order(later(an_order(), cancelled=PLACED))
    till = Obedient()
    assert engine.work({"till": till}) == 1
    assert till.deeds == []
    assert reward(referrals) == (RewardState.REVERSED, gbp("0"))
    clock.on(days=1)
    assert engine.work({"till": till}) == 0


def test_many_deeds_are_done_in_one_go(engine: Engine, referrals: Referrals) -> None:
    for number in range(100, 140):
        referrals.record_order(an_order(id=str(number)))
    till = Obedient()
    engine.work({"till": till})
    assert len({deed.order for deed in till.deeds}) == len(till.deeds) == 41
    assert standing(referrals).given == 41 * 720


# Without its carrier a deed stays due.


def test_a_release_needs_no_carrier(engine: Engine, referrals: Referrals) -> None:
    engine.work()
    assert reward(referrals) == (RewardState.DUE, gbp("7.20"))


def test_what_lacks_its_carrier_stays_due(engine: Engine, referrals: Referrals) -> None:
    engine.work()
    assert engine.work() == 0
    mail = Obedient()
    engine.work({"mail": mail})
    assert [deed.duty for deed in mail.deeds] == [Duty.THANK]
    till = Obedient()
    engine.work({"till": till})
    assert [deed.duty for deed in till.deeds] == [Duty.GRANT]


# Carriers that cannot.


def test_again_is_tried_after_a_pause(engine: Engine, clock: Clock) -> None:
    till = Saying(answers=[again("busy", after=60)])
    engine.work({"till": till})
    clock.on(seconds=59)
    engine.work({"till": till})
    assert len(till.deeds) == 1
    clock.on(seconds=1)
    engine.work({"till": till})
    first, second = till.deeds
    assert second == replace(first, tries=2)


def test_pauses_grow_with_the_tries(engine: Engine, clock: Clock) -> None:
    till = Saying(answers=[again("busy")] * 4)
    pauses = [pause_before(tries, engine, till, clock) for tries in range(1, 6)]
    assert pauses == sorted(pauses)
    assert pauses[-1] > 4 * pauses[1]


def pause_before(tries: int, engine: Engine, till: Obedient, clock: Clock) -> float:
    began = clock.at
    engine.work({"till": till})
    while len(till.deeds) < tries:
        clock.on(seconds=5)
        engine.work({"till": till})
    return (clock.at - began).total_seconds()


def test_a_grant_that_is_tried_again_is_the_same_grant(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    till = Saying(answers=[again("busy"), unknown("no answer")])
    for _ in range(3):
        engine.work({"till": till})
        clock.on(days=1)
    assert len({deed.grant for deed in till.deeds}) == 1
    assert standing(referrals).given == 720


def test_a_grant_that_the_shop_refuses_is_due_again(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    till = Saying(answers=[never("coupons are switched off")])
    engine.work({"till": till})
    assert reward(referrals) == (RewardState.REFUSED, gbp("7.20"))
    assert (standing(referrals).due, standing(referrals).given) == (720, 0)
    clock.on(days=30)
    engine.work({"till": till})
    assert len(till.deeds) == 1


def test_a_refused_grant_is_no_reward_given(engine: Engine, referrals: Referrals) -> None:
    engine.work({"till": Saying(answers=[never("no")])})
    assert state_of(referrals) is State.QUALIFIED


def state_of(referrals: Referrals) -> State:
    referral = referrals.credit.explain("17").referral
    assert referral is not None
    return referral.state


def test_an_unknown_grant_may_have_happened(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    till = Saying(answers=[unknown("no answer")])
    engine.work({"till": till})
    assert reward(referrals) == (RewardState.UNKNOWN, gbp("7.20"))
    assert standing(referrals).given == 720
    assert state_of(referrals) is State.QUALIFIED
    clock.on(days=1)
    engine.work({"till": till})
    assert reward(referrals) == (RewardState.GRANTED, gbp("7.20"))
    assert state_of(referrals) is State.REWARDED


def test_a_carriers_own_fault_stops_nobody_else(
    engine: Engine, referrals: Referrals, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    referrals.record_order(an_order(id="18"))
    till = Saying(answers=[ZeroDivisionError("1/0")])
    with caplog.at_level(logging.ERROR, logger="goodword"):
        engine.work({"till": till})
    assert len(till.deeds) == 2
    assert standing(referrals).given == 1440
    assert "grant of order 17 in tea-house failed" in caplog.text
    clock.on(days=1)
    engine.work({"till": till})
    assert [deed.order for deed in till.deeds] == ["17", "18", "17"]
    assert reward_states(referrals) == [RewardState.GRANTED] * 2


def reward_states(referrals: Referrals) -> list[RewardState]:
    return [reward.state for reward in referrals.rewards.list("c-1")]


def test_a_carrier_that_says_done_must_say_what_it_made(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    till = Saying(answers=[done()])
    engine.work({"till": till})
    assert reward_states(referrals) == [RewardState.UNKNOWN]
    clock.on(days=1)
    engine.work({"till": till})
    assert reward_states(referrals) == [RewardState.GRANTED]


# Giving up.


def try_for_long(engine: Engine, clock: Clock, till: Obedient) -> None:
    for _ in range(20):
        engine.work({"till": till})
        clock.on(days=1)


def test_after_twelve_tries_a_person_must_look(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    till = Saying(answers=[again("busy")] * 20)
    try_for_long(engine, clock, till)
    assert [deed.tries for deed in till.deeds] == list(range(1, 13))
    (letter,) = [row for row in every_row(engine)["goodword_followups"] if "'never'" in row]
    assert "given up after 12 tries: busy" in letter


def test_what_may_have_happened_is_never_due_again(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    till = Saying(answers=[unknown("no answer")] * 20)
    try_for_long(engine, clock, till)
    assert len(till.deeds) == 12
    assert (standing(referrals).due, standing(referrals).given) == (0, 720)
    # More is earned by the same order: only the difference is given.
    referrals.record_order(later(an_order(), net=gbp("82.00"), gross=gbp("82.00")))
    engine.work({"till": till})
    given = {deed.grant for deed in till.deeds if deed.grant}
    assert sum(grant.worth.amount.minor for grant in given if grant.worth.amount) <= 820


def test_a_dead_letter_lives_again_when_it_is_asked_for_again(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    till = Saying(answers=[again("busy")] * 12)
    try_for_long(engine, clock, till)
    referrals.record_order(later(an_order(), net=gbp("82.00"), gross=gbp("82.00")))
    try_for_long(engine, clock, till)
    assert standing(referrals).given == 820
    # It may stand at the shop since the last of the twelve, so the carrier looks first.
    assert till.deeds[12].tries == 2


# Workers that fail.


class Crash(BaseException):
    """The process ends here."""


def test_a_crash_is_repeated_with_the_same_coupon(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    till = Saying(answers=[Crash()])
    with pytest.raises(Crash):
        engine.work({"till": till})
    engine.work({"till": till})
    assert len(till.deeds) == 1
    clock.on(minutes=5)
    engine.work({"till": till})
    first, second = till.deeds
    assert second == replace(first, tries=2)
    assert reward(referrals) == (RewardState.GRANTED, gbp("7.20"))
    assert len(every_row(engine)["goodword_grants"]) == 1


@dataclass
class Slow(Obedient):
    """A carrier that takes longer than its lease, so that another worker takes over."""

    meanwhile: Callable[[], object] = field(default=lambda: None)

    def carry(self, deed: FollowUp) -> Carried:
        if not self.deeds:
            self.deeds.append(deed)
            self.meanwhile()
            return never("too late to say")
        return super().carry(deed)


def test_who_lost_the_lease_has_no_say(engine: Engine, referrals: Referrals, clock: Clock) -> None:
    other = Obedient()

    def take_over() -> None:
        clock.on(minutes=5)
        engine.work({"till": other})

    slow = Slow(meanwhile=take_over)
    engine.work({"till": slow})
    assert slow.deeds[0].grant == other.deeds[0].grant
    assert reward(referrals) == (RewardState.GRANTED, gbp("7.20"))


def test_a_deed_is_not_begun_after_its_lease_was_lost(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    referrals.record_order(an_order(id="18"))
    slow, other = Slow(), Saying(answers=[done(), Crash()])

    def take_over() -> None:
        clock.on(minutes=5)
        with suppress(Crash):
            engine.work({"mail": other})

    slow.meanwhile = take_over
    engine.work({"mail": slow})
    # The other worker may have thanked for 18 just before it ended: only its lease tells.
    assert [deed.order for deed in other.deeds] == ["17", "18"]
    assert [deed.order for deed in slow.deeds] == ["17"]


def test_a_deed_has_its_whole_lease_however_long_the_ones_before_it_took(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    referrals.record_order(an_order(id="18"))
    other = Obedient()

    class Steady(Obedient):
        def carry(self, deed: FollowUp) -> Carried:
            clock.on(minutes=4)
            engine.work({"mail": other})
            return super().carry(deed)

    mail = Steady()
    engine.work({"mail": mail})
    assert [deed.order for deed in mail.deeds] == ["17", "18"]
    assert other.deeds == []


def test_many_workers_do_each_deed_once(engine: Engine, referrals: Referrals) -> None:
    for number in range(100, 110):
        referrals.record_order(an_order(id=str(number)))
    till = Obedient()
    answers = at_once(*[partial(engine.work, {"till": till})] * 4)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert len({deed.order for deed in till.deeds}) == len(till.deeds) == 11
    assert standing(referrals).given == 11 * 720


# Taking back.


def test_a_take_back_waits_while_the_grant_is_being_made(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    till = Saying(answers=[unknown("no answer")])
    engine.work({"till": till})
    referrals.record_order(HALF)
    engine.work({"till": till})
    assert [deed.duty for deed in till.deeds] == [Duty.GRANT]
    for _ in range(2):
        clock.on(days=1)
        engine.work({"till": till})
    assert [deed.duty for deed in till.deeds] == [Duty.GRANT, Duty.GRANT, Duty.TAKE_BACK]
    assert (standing(referrals).given, standing(referrals).owed_back) == (360, 0)


def test_what_was_never_given_is_not_taken_back_from_the_shop(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    till = Saying(answers=[again("busy"), never("no")])
    engine.work({"till": till})
    referrals.record_order(HALF)
    for _ in range(3):
        clock.on(days=1)
        engine.work({"till": till})
    assert [deed.duty for deed in till.deeds] == [Duty.GRANT, Duty.GRANT]
    assert (standing(referrals).due, standing(referrals).owed_back) == (360, 0)


def test_only_what_the_shop_was_told_is_taken_back(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    engine.work({"till": Obedient()})
    referrals.record_order(HALF)

    class Meanwhile(Obedient):
        def carry(self, deed: FollowUp) -> Carried:
            if not self.deeds:
                referrals.record_order(later(an_order(), 2, net=gbp("18.00")))
            return super().carry(deed)

    till = Meanwhile()
    engine.work({"till": till})
    left = [deed.taking_back.left for deed in till.deeds if deed.taking_back]
    assert left == [gbp("3.60"), gbp("1.80")]
    assert (standing(referrals).given, standing(referrals).owed_back) == (180, 0)


@pytest.mark.parametrize("answer", [again("busy"), unknown("no answer")])
def test_a_debt_stands_until_the_shop_confirms(
    engine: Engine, referrals: Referrals, clock: Clock, answer: Carried
) -> None:
    engine.work({"till": Obedient()})
    referrals.record_order(HALF)
    till = Saying(answers=[answer])
    engine.work({"till": till})
    assert (standing(referrals).given, standing(referrals).owed_back) == (720, -360)
    clock.on(days=1)
    engine.work({"till": till})
    assert (standing(referrals).given, standing(referrals).owed_back) == (360, 0)


def test_a_coupon_that_was_used_leaves_a_debt_that_the_next_reward_pays(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    engine.work({"till": Obedient()})
    referrals.record_order(HALF)
    engine.work({"till": Obedient(used=True)})
    assert (standing(referrals).spent, standing(referrals).owed_back) == (720, -360)
    referrals.record_order(an_order(id="18"))
    till = Obedient()
    engine.work({"till": till})
    (deed,) = till.deeds
    assert deed.grant is not None
    assert deed.grant.worth.amount == gbp("3.60")
    assert standing(referrals).owed_back == 0


# More than one coupon for an order.


BIGGER = later(an_order(), net=gbp("82.00"), gross=gbp("82.00"))


def test_what_an_order_earns_more_is_given_beside(engine: Engine, referrals: Referrals) -> None:
    till = Obedient()
    engine.work({"till": till})
    referrals.record_order(BIGGER)
    engine.work({"till": till})
    assert given_by(till) == [720, 100]
    assert standing(referrals).given == 820


def given_by(till: Obedient) -> list[int]:
    grants = [deed.grant.worth.amount for deed in till.deeds if deed.grant]
    return [amount.minor for amount in grants if amount]


def test_a_refused_second_coupon_leaves_the_first_given(
    engine: Engine, referrals: Referrals
) -> None:
    till = Saying(answers=[])
    engine.work({"till": till})
    referrals.record_order(BIGGER)
    till.answers = [never("no")]
    engine.work({"till": till})
    assert (standing(referrals).due, standing(referrals).given) == (100, 720)


def test_coupons_are_made_smaller_one_by_one_and_never_larger(
    engine: Engine, referrals: Referrals
) -> None:
    till = Obedient()
    engine.work({"till": till})
    referrals.record_order(BIGGER)
    engine.work({"till": till})
    first, second = (deed.grant for deed in till.deeds if deed.grant)
    referrals.record_order(later(BIGGER, 2, net=gbp("50.00")))
    engine.work({"till": till})
    taken = [deed.taking_back for deed in till.deeds if deed.taking_back]
    assert [(one.granted.grant, one.left) for one in taken] == [
        (second.id, None),
        (first.id, gbp("5.00")),
    ]
    referrals.record_order(later(BIGGER, 3, cancelled=PLACED))
    engine.work({"till": till})
    last = till.deeds[-1].taking_back
    assert last is not None
    assert (last.granted.grant, last.left) == (first.id, None)
    assert (standing(referrals).given, standing(referrals).owed_back) == (0, 0)


def test_an_order_that_comes_back_to_life_is_given_again(
    engine: Engine, referrals: Referrals
) -> None:
    till = Obedient()
    engine.work({"till": till})
    for seconds, cancelled in enumerate((PLACED, None, PLACED), start=1):
        referrals.record_order(later(an_order(), seconds, cancelled=cancelled))
        engine.work({"till": till})
    duties = [deed.duty for deed in till.deeds]
    assert duties == [Duty.GRANT, Duty.TAKE_BACK] * 2
    assert given_by(till) == [720, 720]
    assert (standing(referrals).given, standing(referrals).owed_back) == (0, 0)


def test_of_two_coupons_each_is_spent_for_itself(engine: Engine, referrals: Referrals) -> None:
    till = Obedient()
    engine.work({"till": till})
    referrals.record_order(BIGGER)
    engine.work({"till": till})
    first, second = (deed.grant for deed in till.deeds if deed.grant)
    referrals.record_order(an_order(id="40", coupons=used(first.text)))
    assert (standing(referrals).given, standing(referrals).spent) == (100, 720)
    referrals.record_order(later(BIGGER, cancelled=PLACED))
    engine.work({"till": till})
    taken = [deed.taking_back.granted.grant for deed in till.deeds if deed.taking_back]
    assert taken == [second.id]
    stands = standing(referrals)
    assert (stands.given, stands.spent, stands.owed_back) == (0, 720, -720)


def test_a_coupon_found_used_does_not_hide_the_other(engine: Engine, referrals: Referrals) -> None:
    till = Saying()
    engine.work({"till": till})
    referrals.record_order(BIGGER)
    engine.work({"till": till})
    referrals.record_order(later(BIGGER, cancelled=PLACED))
    till.answers = [done(taken_back=TakenBack(done=False))]
    engine.work({"till": till})
    stands = standing(referrals)
    assert (stands.given, stands.spent, stands.owed_back) == (0, 100, -100)


@pytest.mark.parametrize("hours", [0, 24])
def test_a_take_back_that_may_have_happened_is_finished_on_the_same_coupon(
    engine: Engine, referrals: Referrals, clock: Clock, hours: int
) -> None:
    counter = Counter()
    till = TillCarrier(lambda shop: counter)
    engine.work({"till": till})
    (first,) = counter.made
    counter.trouble = [("after", LOST)]
    referrals.record_order(HALF)
    engine.work({"till": till})
    assert counter.worth() == {first: 360}
    # The refund was a mistake: what it took is earned anew before anybody has looked.
    referrals.record_order(later(an_order(), 2))
    clock.on(hours=hours)
    engine.work({"till": till})
    clock.on(days=1)
    engine.work({"till": till})
    (second,) = counter.made.keys() - {first}
    assert counter.worth() == {first: 360, second: 360}
    assert (standing(referrals).given, standing(referrals).owed_back) == (720, 0)


# Tills.


@dataclass
class Counter:
    """A shop's counter that keeps what it made, and fails as it is told."""

    trouble: list[tuple[str, Exception]] = field(default_factory=list)
    made: dict[str, Granted] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def order(self, id: str) -> Order | None:
        raise NotImplementedError

    def orders_since(self, moment: datetime) -> list[Order]:
        raise NotImplementedError

    def earlier_orders(self, order: Order) -> int | None:
        raise NotImplementedError

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


LOST = AnswerLost(shop="tea-house", what="no answer")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_till_that_lost_its_answer_is_looked_at_before_it_is_asked_again(
    engine: Engine, referrals: Referrals, clock: Clock, when: str
) -> None:
    counter = Counter(trouble=[(when, LOST)])
    for _ in range(2):
        engine.work({"till": TillCarrier(lambda shop: counter)})
        clock.on(days=1)
    asked = {"before": ["grant", "look", "grant"], "after": ["grant", "look"]}
    assert counter.asked == asked[when]
    assert len(counter.made) == 1
    assert reward(referrals) == (RewardState.GRANTED, gbp("7.20"))


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (TillDown(shop="tea-house", what="busy"), RewardState.GRANTING),
        (TillRefused(shop="tea-house", what="no"), RewardState.REFUSED),
        (LOST, RewardState.UNKNOWN),
    ],
)
def test_what_a_till_raises_says_how_it_ended(
    engine: Engine, referrals: Referrals, error: Exception, state: RewardState
) -> None:
    counter = Counter(trouble=[("before", error)])
    engine.work({"till": TillCarrier(lambda shop: counter)})
    assert reward(referrals)[0] is state


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
    assert reward(referrals) == (RewardState.GRANTED, gbp("7.20"))


def test_a_till_takes_back_what_it_made(engine: Engine, referrals: Referrals) -> None:
    counter = Counter()
    engine.work({"till": TillCarrier(lambda shop: counter)})
    assert len(counter.made) == 1
    referrals.record_order(later(an_order(), cancelled=PLACED))
    engine.work({"till": TillCarrier(lambda shop: counter)})
    assert counter.worth() == {}
    assert standing(referrals).given == standing(referrals).owed_back == 0


def test_a_till_says_no_thanks() -> None:
    deed = FollowUp(id="1", shop="s", duty=Duty.THANK, order="17", due=PLACED, tries=1)
    assert TillCarrier(lambda shop: Counter()).carry(deed) == never("a till cannot carry thank")


def test_a_reward_given_for_an_order_is_spent_in_another(
    engine: Engine, referrals: Referrals
) -> None:
    counter = Counter()
    engine.work({"till": TillCarrier(lambda shop: counter)})
    (text,) = counter.made
    referrals.record_order(an_order(id="40", coupons=used(text)))
    assert reward(referrals) == (RewardState.REDEEMED, gbp("7.20"))
