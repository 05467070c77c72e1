"""What was given too much is taken back, coupon by coupon."""

from __future__ import annotations

from dataclasses import replace

import pytest

from goodword import (
    Carried,
    Duty,
    EventType,
    FollowUp,
    Invalid,
    Referrals,
    RewardState,
    Stuck,
    TakenBack,
    again,
    done,
    never,
    unknown,
)
from goodword.embedded.engine import Engine
from goodword.storage import owing
from goodword.storage.owing import Debt
from goodword.storage.sql import Book
from tests.sdk.builders import (
    HALVED,
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
    the_reward,
    used,
)

pytestmark = pytest.mark.usefixtures("earned")


# Taking back.


def test_a_take_back_waits_while_the_grant_is_being_made(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    till = Saying(answers=[unknown("no answer")])
    engine.work({"till": till})
    referrals.record_order(HALVED)
    engine.work({"till": till})
    assert [deed.duty for deed in till.deeds] == [Duty.GRANT]
    assert "the coupon is still being made" in str(every_row(engine)["goodword_followups"])
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
    referrals.record_order(HALVED)
    for _ in range(3):
        clock.on(days=1)
        engine.work({"till": till})
    assert [deed.duty for deed in till.deeds] == [Duty.GRANT, Duty.GRANT]
    assert (standing(referrals).due, standing(referrals).owed_back) == (360, 0)


def test_only_what_the_shop_was_told_is_taken_back(engine: Engine, referrals: Referrals) -> None:
    engine.work({"till": Obedient()})
    referrals.record_order(HALVED)

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


def test_a_coupon_that_an_order_spends_while_it_is_taken_back_stays_spent(
    engine: Engine, referrals: Referrals
) -> None:
    engine.work({"till": Obedient()})
    (reward,) = referrals.rewards.list("c-1")
    assert reward.text is not None
    spending = an_order(id="40", coupons=used(reward.text, "7.20"))
    referrals.record_order(HALVED)

    class Meanwhile(Obedient):
        def carry(self, deed: FollowUp) -> Carried:
            referrals.record_order(spending)
            return super().carry(deed)

    engine.work({"till": Meanwhile()})
    (reward,) = referrals.rewards.list("c-1")
    assert (reward.state, reward.worth) == (RewardState.REDEEMED, gbp("7.20"))
    assert standing(referrals).owed_back == -360
    # Free again, it is taken back as if nothing had been between.
    referrals.record_order(later(spending, cancelled=PLACED))
    engine.work({"till": Obedient()})
    stands = standing(referrals)
    assert (stands.given, stands.spent, stands.owed_back) == (360, 0, 0)


@pytest.mark.parametrize("answer", [again("busy"), unknown("no answer")])
def test_a_debt_stands_until_the_shop_confirms(
    engine: Engine, referrals: Referrals, clock: Clock, answer: Carried
) -> None:
    engine.work({"till": Obedient()})
    referrals.record_order(HALVED)
    till = Saying(answers=[answer])
    engine.work({"till": till})
    assert (standing(referrals).given, standing(referrals).owed_back) == (720, -360)
    clock.on(days=1)
    engine.work({"till": till})
    assert (standing(referrals).given, standing(referrals).owed_back) == (360, 0)


def test_a_coupon_that_was_used_leaves_a_debt_that_the_next_reward_pays(
    engine: Engine, referrals: Referrals
) -> None:
    engine.work({"till": Obedient()})
    referrals.record_order(HALVED)
    engine.work({"till": Obedient(used=True)})
    assert (standing(referrals).spent, standing(referrals).owed_back) == (720, -360)
    referrals.record_order(an_order(id="18"))
    till = Obedient()
    engine.work({"till": till})
    (deed,) = till.deeds
    assert deed.grant is not None
    assert deed.grant.worth.amount == gbp("3.60")
    assert standing(referrals).owed_back == 0


def test_a_debt_is_paid_once_however_many_releases_come_at_once(
    engine: Engine, referrals: Referrals
) -> None:
    engine.work({"till": Obedient()})
    referrals.record_order(later(an_order(), cancelled=PLACED))
    engine.work({"till": Obedient(used=True)})
    assert standing(referrals).owed_back == -720
    for number in range(100, 170):
        referrals.record_order(an_order(id=str(number)))
    answers = at_once(engine.work, engine.work, engine.work)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    stands = standing(referrals)
    assert (stands.owed_back, stands.due, stands.waiting) == (0, 69 * 720, 0)


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


# What was used in part.


def but(missing: str) -> Carried:
    """All came back but so much, which was used."""
    return done(taken_back=TakenBack(done=False, missing=gbp(missing)))


def owed(engine: Engine) -> list[Debt]:
    return engine.database.read(lambda session: owing.debts(Book(session, "tea-house"), 20))


def test_what_came_back_is_booked_and_what_was_used_is_owed(
    engine: Engine, referrals: Referrals
) -> None:
    engine.work({"till": Obedient()})
    referrals.record_order(HALVED)
    engine.work({"till": Saying(answers=[but("1.00")])})
    stands = standing(referrals)
    assert (stands.given, stands.spent, stands.owed_back) == (0, 460, -100)
    (reward,) = referrals.rewards.list("c-1")
    assert (reward.state, reward.worth) == (RewardState.REDEEMED, gbp("4.60"))
    (debt,) = owed(engine)
    assert (debt.advocate, debt.worth, debt.orders) == ("c-1", gbp("1.00"), (HALVED.id,))


def test_what_was_used_is_paid_by_the_next_reward_and_then_owed_no_more(
    engine: Engine, referrals: Referrals
) -> None:
    engine.work({"till": Obedient()})
    referrals.record_order(later(an_order(), cancelled=PLACED))
    engine.work({"till": Saying(answers=[but("6.50")])})
    assert (standing(referrals).spent, standing(referrals).owed_back) == (650, -650)
    referrals.record_order(an_order(id="18"))
    till = Obedient()
    engine.work({"till": till})
    assert given_by(till) == [70]
    assert standing(referrals).owed_back == 0
    assert owed(engine) == []


@pytest.mark.parametrize("missing", ["3.60", "9.99"])
def test_where_nothing_came_back_all_of_it_is_owed(
    engine: Engine, referrals: Referrals, missing: str
) -> None:
    engine.work({"till": Obedient()})
    referrals.record_order(HALVED)
    engine.work({"till": Saying(answers=[but(missing)])})
    stands = standing(referrals)
    assert (stands.given, stands.spent, stands.owed_back) == (0, 720, -360)


# A person says what no shop can.


UNKNOWABLE = "nobody can say whether it was used"


def unknowable(engine: Engine, referrals: Referrals) -> Stuck:
    """A coupon of which half is owed back, and nobody can say whether it was used."""
    engine.work({"till": Obedient()})
    referrals.record_order(HALVED)
    engine.work({"till": Saying(answers=[never(UNKNOWABLE)])})
    (stuck,) = engine.stuck("tea-house")
    return stuck


def test_a_coupon_of_which_nobody_can_know_is_left_to_a_person_and_stands_in_the_book(
    engine: Engine, referrals: Referrals
) -> None:
    stuck = unknowable(engine, referrals)
    stands = standing(referrals)
    assert (stands.given, stands.spent, stands.owed_back) == (720, 0, -360)
    assert (stuck.duty, stuck.subject, stuck.why) == (Duty.TAKE_BACK, "17", UNKNOWABLE)


@pytest.mark.parametrize(
    ("used", "stands", "state"),
    [
        (True, (0, 720, -360), RewardState.REDEEMED),
        (False, (360, 0, 0), RewardState.GRANTED),
    ],
    ids=["used", "not used"],
)
def test_who_knows_whether_it_was_used_says_so(
    engine: Engine,
    referrals: Referrals,
    used: bool,
    stands: tuple[int, int, int],
    state: RewardState,
) -> None:
    stuck = unknowable(engine, referrals)
    assert engine.answer(stuck.id, "tea-house", used=used)
    now = standing(referrals)
    assert (now.given, now.spent, now.owed_back) == stands
    assert the_reward(referrals)[0] is state
    assert engine.stuck("tea-house") == []
    # It is done: no shop is asked again, and a second answer is too late.
    assert not engine.answer(stuck.id, "tea-house", used=not used)
    till = Obedient()
    engine.work({"till": till})
    assert till.deeds == []
    assert standing(referrals) == now


def test_what_is_said_by_hand_is_told_as_if_the_shop_had_said_it(
    engine: Engine, referrals: Referrals
) -> None:
    engine.work({"till": Obedient()})
    referrals.record_order(replace(HALVED, cancelled=HALVED.modified))
    engine.work({"till": Saying(answers=[never(UNKNOWABLE)])})
    (stuck,) = engine.stuck("tea-house")
    engine.listen("tea-house")
    assert engine.answer(stuck.id, "tea-house", used=False)
    assert the_reward(referrals)[0] is RewardState.REVERSED
    hook = Obedient()
    engine.work({"webhook": hook})
    assert [deed.event.type for deed in hook.deeds if deed.event] == [EventType.REWARD_REVERSED]


def test_nobody_can_say_it_of_another_deed_or_of_another_shops(
    engine: Engine, referrals: Referrals
) -> None:
    engine.work({"till": Saying(answers=[never("no such customer")]), "mail": Obedient()})
    (stuck,) = engine.stuck("tea-house")
    before = every_row(engine)
    with pytest.raises(Invalid, match="let it be tried again"):
        engine.answer(stuck.id, "tea-house", used=True)
    assert not engine.answer(stuck.id, "coffee-house", used=True)
    assert not engine.retry(stuck.id, "coffee-house")
    assert every_row(engine) == before
    assert engine.retry(stuck.id, "tea-house")
    till = Obedient()
    engine.work({"till": till})
    assert given_by(till) == [720]


def test_what_later_rewards_paid_meanwhile_is_not_taken_back_once_more(
    engine: Engine, referrals: Referrals
) -> None:
    stuck = unknowable(engine, referrals)
    referrals.record_order(an_order(id="18"))
    engine.work({"till": Obedient()})
    before = standing(referrals)
    assert before.owed_back == 0
    assert engine.answer(stuck.id, "tea-house", used=False)
    assert standing(referrals) == before
    assert engine.stuck("tea-house") == []


def test_what_cannot_be_noted_yet_is_not_said_to_be(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    stuck = unknowable(engine, referrals)
    # The order grew, and the coupon for what it grew by is still being made.
    referrals.record_order(later(HALVED, net=gbp("144.00"), gross=gbp("144.00")))
    engine.work({"till": Saying(answers=[unknown("no answer")])})
    before = every_row(engine)
    with pytest.raises(Invalid, match="nothing is noted: the coupon is still being made"):
        engine.answer(stuck.id, "tea-house", used=True)
    assert every_row(engine) == before
    clock.on(days=1)
    engine.work({"till": Obedient()})
    assert engine.answer(stuck.id, "tea-house", used=True)
    assert engine.stuck("tea-house") == []
