"""Thanks are owed from the day a referral first counts, once, until they are kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from goodword import Advocate, Invalid, Referrals, Thanks, UnknownThanks
from goodword.embedded.engine import Engine
from tests.sdk.builders import PLACED, Clock, Obedient, an_order, later, used

pytestmark = pytest.mark.usefixtures("code")


def test_thanks_are_owed_as_soon_as_a_referral_counts(referrals: Referrals, clock: Clock) -> None:
    clock.to(PLACED)
    referrals.record_order(an_order())
    (thanks,) = referrals.thanks.owed()
    assert thanks == Thanks(
        id=thanks.id,
        order="17",
        advocate="c-1",
        name="Alice",
        email="alice@shop.example",
        code="ALICE10",
        program="friends",
        owed=PLACED,
        by=PLACED + timedelta(days=1),
    )


def test_nothing_is_owed_for_what_does_not_count(referrals: Referrals) -> None:
    referrals.record_order(an_order(paid=None))
    referrals.record_order(an_order(id="18", email="alice@shop.example"))
    referrals.record_order(an_order(id="19", coupons=()))
    assert list(referrals.thanks.owed()) == []


def test_the_most_urgent_are_first(referrals: Referrals, clock: Clock) -> None:
    for id in ("19", "17", "18"):
        clock.on(hours=1)
        referrals.record_order(an_order(id=id))
    assert [thanks.order for thanks in referrals.thanks.owed()] == ["19", "17", "18"]


def test_they_are_owed_once(referrals: Referrals, clock: Clock) -> None:
    referrals.record_order(an_order())
    (before,) = referrals.thanks.owed()
    for second, cancelled in enumerate((PLACED, None), start=1):
        clock.on(hours=1)
        referrals.record_order(later(an_order(), second, cancelled=cancelled))
    assert list(referrals.thanks.owed()) == [before]


def test_a_refund_does_not_unsay_them(referrals: Referrals) -> None:
    referrals.record_order(an_order())
    referrals.record_order(later(an_order(), refunded=True))
    assert len(referrals.thanks.owed()) == 1


def test_thanks_that_lead_to_nobody_any_more_are_still_owed(referrals: Referrals) -> None:
    referrals.record_order(an_order())
    referrals.record_order(later(an_order(), coupons=()))
    (thanks,) = referrals.thanks.owed()
    assert (thanks.advocate, thanks.code, thanks.program) == ("c-1", "", "")


def test_kept_thanks_are_owed_no_more(referrals: Referrals, clock: Clock) -> None:
    referrals.record_order(an_order())
    (owed,) = referrals.thanks.owed()
    clock.on(hours=2)
    kept = referrals.thanks.keep(owed.id, channel="line")
    assert (kept.kept, kept.channel) == (clock.at, "line")
    assert list(referrals.thanks.owed()) == []


def test_keeping_twice_changes_nothing(referrals: Referrals, clock: Clock) -> None:
    referrals.record_order(an_order())
    (owed,) = referrals.thanks.owed()
    kept = referrals.thanks.keep(owed.id)
    assert kept.channel == "in_person"
    clock.on(hours=2)
    assert referrals.thanks.keep(owed.id, channel="line") == kept


@pytest.mark.parametrize("id", ["0" * 32, ""])
def test_thanks_that_nobody_owes_cannot_be_kept(referrals: Referrals, id: str) -> None:
    with pytest.raises(UnknownThanks) as caught:
        referrals.thanks.keep(id)
    assert caught.value.facts == {"id": id}


@pytest.mark.parametrize("channel", ["", "x" * 65])
def test_a_channel_has_a_name(referrals: Referrals, channel: str) -> None:
    referrals.record_order(an_order())
    (owed,) = referrals.thanks.owed()
    with pytest.raises(Invalid) as caught:
        referrals.thanks.keep(owed.id, channel=channel)
    assert caught.value.facts["field"] == "channel"
    assert list(referrals.thanks.owed()) == [owed]


def test_the_mail_says_them(engine: Engine, referrals: Referrals) -> None:
    referrals.record_order(an_order())
    (owed,) = referrals.thanks.owed()
    mail = Obedient()
    engine.work({"mail": mail})
    (deed,) = mail.deeds
    assert deed.thanks == owed
    assert list(referrals.thanks.owed()) == []
    assert referrals.thanks.keep(owed.id).channel == "mail"


def test_who_was_thanked_in_person_is_not_mailed(engine: Engine, referrals: Referrals) -> None:
    referrals.record_order(an_order())
    (owed,) = referrals.thanks.owed()
    referrals.thanks.keep(owed.id)
    mail = Obedient()
    engine.work({"mail": mail})
    assert mail.deeds == []


def test_who_has_no_address_is_thanked_by_a_person(
    engine: Engine, referrals: Referrals, clock: Clock
) -> None:
    referrals.advocates.invite("friends", Advocate(id="c-9", name="Nin"), coupon="ref-nin")
    referrals.record_order(an_order(coupons=used("ref-nin")))
    mail = Obedient()
    for _ in range(2):
        engine.work({"mail": mail})
        clock.on(days=1)
    assert mail.deeds == []
    (owed,) = referrals.thanks.owed()
    assert (owed.name, owed.email) == ("Nin", None)
    referrals.thanks.keep(owed.id)
    assert list(referrals.thanks.owed()) == []
