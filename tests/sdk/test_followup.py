"""What must happen later happens once, however carriers, workers and shops fail."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial

import pytest

from goodword import (
    Carried,
    Duty,
    FollowUp,
    Grant,
    Referrals,
    RewardState,
    State,
    again,
    done,
    followup,
    never,
    unknown,
)
from goodword.embedded.engine import Engine
from goodword.storage import deeds
from tests.sdk.builders import (
    HALVED,
    PLACED,
    RELEASE,
    Clock,
    Obedient,
    Saying,
    an_order,
    at_once,
    every_row,
    gbp,
    later,
    standing,
    state_of,
    the_reward,
)

pytestmark = pytest.mark.usefixtures("earned")


# What is asked of a carrier.


def test_a_deed_says_all_that_it_takes(engine: Engine) -> None:
    till = Obedient()
    engine.work({"till": till})
    (deed,) = till.deeds
    grant = deed.grant
    assert grant is not None
    assert deed == FollowUp(
        id=deed.id,
        shop="tea-house",
        duty=Duty.GRANT,
        subject="17",
        due=RELEASE,
        tries=1,
        grant=Grant(
            id=grant.id,
            subject="17",
            person="c-1",
            worth=grant.worth,
            text=grant.text,
            email="alice@shop.example",
            made=RELEASE,
            program="friends",
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
    referrals.record_order(HALVED)
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
    assert the_reward(referrals) == (RewardState.REVERSED, gbp("0"))
    clock.on(days=1)
    assert engine.work({"till": till}) == 0


def test_many_deeds_are_done_in_one_go(engine: Engine, referrals: Referrals) -> None:
    for number in range(100, 140):
        referrals.record_order(an_order(id=str(number)))
    till = Obedient()
    engine.work({"till": till})
    assert len({deed.subject for deed in till.deeds}) == len(till.deeds) == 41
    assert standing(referrals).given == 41 * 720


# Without its carrier a deed stays due.


def test_a_release_needs_no_carrier(engine: Engine, referrals: Referrals) -> None:
    engine.work()
    assert the_reward(referrals) == (RewardState.DUE, gbp("7.20"))


def test_what_lacks_its_carrier_stays_due(engine: Engine, referrals: Referrals) -> None:
    engine.work()
    assert engine.work() == 0
    mail = Obedient()
    engine.work({"mail": mail})
    assert [deed.duty for deed in mail.deeds] == [Duty.THANK]
    till = Obedient()
    engine.work({"till": till})
    assert [deed.duty for deed in till.deeds] == [Duty.GRANT]


def test_a_shop_whose_deeds_all_lack_their_carrier_is_passed_over(engine: Engine) -> None:
    def ready(*duties: Duty) -> int:
        look = partial(deeds.ready_shops, now=engine.now(), duties=duties)
        return len(engine.database.read(look))

    engine.work()
    assert (ready(Duty.THANK), ready(Duty.GRANT), ready(*followup.doable({}))) == (1, 1, 0)


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
    assert the_reward(referrals) == (RewardState.REFUSED, gbp("7.20"))
    assert (standing(referrals).due, standing(referrals).given) == (720, 0)
    clock.on(days=30)
    engine.work({"till": till})
    assert len(till.deeds) == 1


def test_a_refused_grant_is_no_reward_given(engine: Engine, referrals: Referrals) -> None:
    engine.work({"till": Saying(answers=[never("no")])})
    assert state_of(referrals) is State.QUALIFIED


def test_an_unknown_grant_may_have_happened(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    till = Saying(answers=[unknown("no answer")])
    engine.work({"till": till})
    assert the_reward(referrals) == (RewardState.UNKNOWN, gbp("7.20"))
    assert standing(referrals).given == 720
    assert state_of(referrals) is State.QUALIFIED
    clock.on(days=1)
    engine.work({"till": till})
    assert the_reward(referrals) == (RewardState.GRANTED, gbp("7.20"))
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
    assert "grant of 17 in tea-house failed" in caplog.text
    clock.on(days=1)
    engine.work({"till": till})
    assert [deed.subject for deed in till.deeds] == ["17", "18", "17"]
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
    assert the_reward(referrals) == (RewardState.GRANTED, gbp("7.20"))
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
    assert the_reward(referrals) == (RewardState.GRANTED, gbp("7.20"))


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
    assert [deed.subject for deed in other.deeds] == ["17", "18"]
    assert [deed.subject for deed in slow.deeds] == ["17"]


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
    assert [deed.subject for deed in mail.deeds] == ["17", "18"]
    assert other.deeds == []


def test_many_workers_do_each_deed_once(engine: Engine, referrals: Referrals) -> None:
    for number in range(100, 110):
        referrals.record_order(an_order(id=str(number)))
    till = Obedient()
    answers = at_once(*[partial(engine.work, {"till": till})] * 4)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert len({deed.subject for deed in till.deeds}) == len(till.deeds) == 11
    assert standing(referrals).given == 11 * 720
