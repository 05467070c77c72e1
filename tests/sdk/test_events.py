"""Events: whatever moves an order tells of it, in one transaction, and only who listens pays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import create_engine, select

from goodword import (
    Advocate,
    Carried,
    Code,
    Event,
    FollowUp,
    Referrals,
    Refund,
    Verdict,
    again,
    done,
    never,
    share_of_order,
)
from goodword.embedded.engine import Engine
from goodword.model.worth import Kind
from goodword.storage.tables import events, followups, orders
from tests.sdk.builders import (
    HALVED,
    RELEASE,
    Clock,
    Obedient,
    Saying,
    a_program,
    an_order,
    at_once,
    carol,
    gbp,
    later,
    used,
)

pytestmark = pytest.mark.slow

SHOP = "tea-house"


class Teller:
    """A carrier that remembers what it was told."""

    def __init__(self, *answers: Carried) -> None:
        self.answers = list(answers)
        self.told: list[Event] = []

    def carry(self, deed: FollowUp) -> Carried:
        assert deed.event is not None
        self.told.append(deed.event)
        return self.answers.pop(0) if self.answers else done()

    def types(self) -> list[str]:
        found = [str(event.type) for event in self.told]
        self.told.clear()
        return found


@pytest.fixture
def teller() -> Teller:
    return Teller()


@pytest.fixture
def listened(engine: Engine, referrals: Referrals, code: Code) -> Referrals:
    engine.listen(SHOP)
    return referrals


@pytest.fixture
def news(engine: Engine, listened: Referrals, teller: Teller) -> Callable[..., list[str]]:
    """Let what is due be done, and say what was told."""

    def work(till: Any = None) -> list[str]:
        engine.work({"webhook": teller} | ({"till": till} if till else {}))
        return teller.types()

    return work


def rows(engine: Engine) -> list[Any]:
    with engine.database.connect() as connection:
        tells = select(followups.c.id).where(followups.c.duty == "tell")
        return [*connection.execute(select(events)), *connection.execute(tells)]


# Who listens.


def test_where_nobody_listens_nothing_is_written(
    engine: Engine, referrals: Referrals, code: Code, clock: Clock
) -> None:
    referrals.record_order(an_order())
    clock.to(RELEASE)
    engine.work({"till": Obedient()})
    assert rows(engine) == []


def test_an_embedder_hears_of_one_shop_and_not_of_another(
    engine: Engine, listened: Referrals, teller: Teller
) -> None:
    other = engine.of("book-shop")
    other.programs.save(a_program())
    other.advocates.invite("friends", Advocate(id="c-1", name="Al"), coupon="ref-alice10")
    for of in (listened, other):
        of.record_order(an_order())
    engine.work({"webhook": teller})
    assert {event.shop for event in teller.told} == {SHOP}


def test_who_listens_no_more_is_told_nothing_more(
    engine: Engine, listened: Referrals, teller: Teller
) -> None:
    listened.record_order(an_order())
    engine.listen(SHOP, on=False)
    listened.record_order(HALVED)
    engine.work({"webhook": teller})
    assert teller.told == []
    assert rows(engine) == []


# What is told.


def test_an_events_words(engine: Engine, listened: Referrals, teller: Teller, clock: Clock) -> None:
    listened.record_order(an_order())
    engine.work({"webhook": teller})
    referral, reward, thanks = teller.told
    assert [str(event.type) for event in teller.told] == [
        "referral.created",
        "reward.waiting",
        "thanks.owed",
    ]
    assert {(event.shop, event.timestamp) for event in teller.told} == {(SHOP, clock())}
    assert referral.data == {
        "order": "17",
        "code": "ALICE10",
        "advocate": "c-1",
        "program": "friends",
        "version": 1,
        "rung": 3,
        "state": "qualified",
        "qualified": "2026-11-22T09:20:00+00:00",
    }
    assert reward.data == {
        "order": "17",
        "advocate": "c-1",
        "kind": "amount_off",
        "state": "waiting",
        "worth": {"minor": 720, "unit": "GBP"},
        "release": "2026-12-06T09:25:23+00:00",
    }
    assert set(thanks.data) == {"id", "order", "advocate", "code", "program", "owed", "by"}


def test_a_coupons_text_is_worth_money_and_not_told(
    engine: Engine, listened: Referrals, teller: Teller, clock: Clock
) -> None:
    listened.record_order(an_order())
    clock.to(RELEASE)
    engine.work({"webhook": teller, "till": Obedient()})
    (granted,) = [event for event in teller.told if event.type == "reward.granted"]
    (reward,) = listened.rewards.list("c-1")
    assert reward.text is not None
    assert reward.text not in repr(granted)


# Whatever the cause.


def test_a_rewards_life(listened: Referrals, news: Callable[..., list[str]], clock: Clock) -> None:
    listened.record_order(an_order())
    assert news() == ["referral.created", "reward.waiting", "thanks.owed"]
    clock.to(RELEASE)
    assert news() == ["reward.due"]
    assert news(Obedient()) == ["referral.changed", "reward.granted"]
    (reward,) = listened.rewards.list("c-1")
    listened.record_order(an_order(id="18", coupons=used(reward.text or ""), email="al@x.example"))
    assert news(Obedient()) == ["reward.redeemed"]


def test_what_is_taken_back_before_it_was_given(
    listened: Referrals, news: Callable[..., list[str]]
) -> None:
    listened.record_order(an_order())
    news()
    listened.record_order(HALVED)
    assert news() == ["reward.waiting"]
    listened.record_refund("17", Refund(id="r-1", gross=gbp("72.00")))
    assert news() == ["referral.changed", "reward.reversed"]


def test_and_after(listened: Referrals, news: Callable[..., list[str]], clock: Clock) -> None:
    listened.record_order(an_order())
    clock.to(RELEASE)
    news(Obedient())
    listened.record_order(later(an_order(), cancelled=clock()))
    assert "reward.reversed" in news(Obedient())


def test_one_that_expires(
    engine: Engine, listened: Referrals, news: Callable[..., list[str]], clock: Clock
) -> None:
    program = a_program()
    listened.programs.save(replace(program, terms=replace(program.terms, reward_days=30)))
    listened.record_order(an_order(placed=clock(), modified=clock(), paid=clock()))
    clock.on(days=15)
    news(Obedient())
    clock.on(days=31)
    assert news(Obedient()) == ["referral.changed", "reward.expired"]


def test_one_that_the_shop_refuses(
    listened: Referrals, news: Callable[..., list[str]], clock: Clock
) -> None:
    listened.record_order(an_order())
    clock.to(RELEASE)
    assert news(Saying(answers=[never("no such thing here")]))[-1] == "reward.refused"


def test_a_commission_that_is_paid(
    engine: Engine, listened: Referrals, news: Callable[..., list[str]], clock: Clock
) -> None:
    listened.programs.save(a_program(share_of_order(10, as_=Kind.COMMISSION)))
    listened.record_order(an_order(placed=clock(), modified=clock(), paid=clock()))
    clock.on(days=15)
    news()
    listened.rewards.mark_paid("c-1", reference="transfer 1")
    assert news() == ["referral.changed", "reward.paid"]


def test_a_persons_word(listened: Referrals, news: Callable[..., list[str]]) -> None:
    carol(listened)
    listened.record_order(an_order())
    news()
    listened.credit.assign("17", "CAROL", reason="they met")
    assert sorted(news()) == ["referral.changed", "reward.reversed", "reward.waiting"]


def test_a_verdict(listened: Referrals, news: Callable[..., list[str]]) -> None:
    phone = "+886912345678"
    advocate = Advocate(id="c-1", name="Alice", email="alice@shop.example", phone=phone)
    listened.advocates.invite("friends", advocate)
    listened.record_order(an_order(phone=phone))
    assert news() == ["referral.created"]
    listened.reviews.decide("17", Verdict.APPROVED, reason="neighbours")
    assert news() == ["referral.changed", "reward.waiting", "thanks.owed"]


def test_an_order_that_leads_to_nobody_any_more(
    listened: Referrals, news: Callable[..., list[str]]
) -> None:
    listened.record_order(an_order(paid=None))
    assert news() == ["referral.created"]
    listened.record_order(later(an_order(paid=None), coupons=()))
    assert news() == ["referral.gone"]


def test_thanks_by_a_person_and_by_mail(
    engine: Engine, listened: Referrals, teller: Teller, news: Callable[..., list[str]]
) -> None:
    listened.record_order(an_order())
    listened.record_order(an_order(id="18", email="eve@friend.example"))
    news()
    first, _ = listened.thanks.owed()
    listened.thanks.keep(first.id, channel="in_person")
    listened.thanks.keep(first.id, channel="card")
    assert news() == ["thanks.kept"]
    engine.work({"mail": Obedient(), "webhook": teller})
    (kept,) = teller.told
    assert (kept.type, kept.data["channel"]) == ("thanks.kept", "mail")


def test_what_changes_nothing_tells_nothing(
    listened: Referrals, news: Callable[..., list[str]]
) -> None:
    listened.record_order(an_order())
    carol(listened)
    news()
    listened.record_order(an_order())
    listened.record_order(later(an_order(), customer="f-1"))
    listened.advocates.merge("c-2", "c-1")
    listened.people.forget("bob@friend.example")
    listened.people.forget("c-1")
    assert news() == []


def test_two_who_keep_the_same_thanks_tell_of_it_once(
    engine: Engine, listened: Referrals, news: Callable[..., list[str]]
) -> None:
    listened.record_order(an_order())
    news()
    (owed,) = listened.thanks.owed()
    at_once(*[lambda: listened.thanks.keep(owed.id)] * 4)
    assert news() == ["thanks.kept"]


# In the transaction of its cause.


def test_an_event_stands_or_falls_with_its_cause(
    url: str, engine: Engine, listened: Referrals, clock: Clock
) -> None:
    host = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with host.connect() as connection, connection.begin() as transaction:
        engine.within(connection).of(SHOP).record_order(an_order())
        assert len(connection.execute(select(events)).all()) == 3
        transaction.rollback()
    host.dispose()
    assert rows(engine) == []
    with engine.database.connect() as connection:
        assert connection.execute(select(orders)).all() == []


# Telling.


def test_what_was_told_is_gone_and_what_was_not_is_told_again_by_the_same_id(
    engine: Engine, listened: Referrals, clock: Clock
) -> None:
    listened.record_order(an_order(paid=None))
    teller = Teller(again("the queue is full"))
    for _ in range(3):
        engine.work({"webhook": teller})
        clock.on(minutes=1)
    first, second = teller.told
    assert first == second
    assert rows(engine) == []


def test_without_a_carrier_events_wait(
    engine: Engine, listened: Referrals, teller: Teller, clock: Clock
) -> None:
    listened.record_order(an_order())
    engine.work()
    clock.on(days=1)
    assert len(rows(engine)) == 6
    engine.work({"webhook": teller})
    assert len(teller.told) == 3
