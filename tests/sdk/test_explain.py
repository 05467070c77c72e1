"""Why an order did, or did not, count: as data and in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from string import Formatter
from typing import Any

import pytest

from goodword import (
    Account,
    Advocate,
    Claiming,
    CodeVia,
    Invalid,
    Landing,
    Lost,
    Money,
    Order,
    Reason,
    Referrals,
    Refund,
    Repeats,
    Rung,
    State,
    Terms,
    UnknownOrder,
    UsedCoupon,
    Visiting,
    again,
    amount_off,
    never,
    percent_off,
)
from goodword.embedded.engine import Engine
from goodword.words import LANGUAGES, en, say, zh_hant
from tests.sdk.builders import (
    PLACED,
    Clock,
    Saying,
    a_program,
    an_order,
    carol,
    gbp,
    later,
    used,
)
from tests.sdk.buying import PHONE, Buying

pytestmark = pytest.mark.usefixtures("code")
CHINESE = re.compile("[\u4e00-\u9fff]")
# What may lead from an order to an advocate, as it is called in `Candidate.source`; a code that a
# link left behind and a confirmed claim are called by what they are.
ON_ORDER = ("coupon", "code", "left", "visit", "landing")
SOURCES = (*ON_ORDER, "assignment", "bond", "claim", "earlier", "name")


def test_every_candidate_is_told_with_what_it_lost_to(referrals: Referrals) -> None:
    carol(referrals)
    visit = referrals.record_visit(Visiting(code="CAROL"))
    order = an_order(
        visit=visit.id,
        coupons=(*used("ref-carol"), *used("ref-alice10")),
        landing=Landing(code="alice10", at=PLACED),
    )
    referrals.record_order(order)
    explained = referrals.credit.explain("17")
    assert explained.winner is not None
    assert (explained.winner.rung, explained.winner.advocate) == (Rung.COUPON, "c-1")
    assert [(one.candidate.source, one.why) for one in explained.lost] == [
        ("coupon:ref-carol", Lost.EARLIER),
        (f"visit:{visit.id}", Lost.WEAKER),
        ("landing:ALICE10", Lost.AGREES),
    ]
    assert explained.reasons == ()


def test_the_explained_state_names_nobody(referrals: Referrals) -> None:
    refund = Refund(id="18", gross=gbp("1.00"))
    referrals.record_order(an_order())
    referrals.record_refund("17", refund)
    assert referrals.credit.explain("17").state == an_order(email=None, refunds=(refund,))


def test_entries_are_told_in_the_order_of_their_writing(referrals: Referrals, clock: Clock) -> None:
    for second, paid in enumerate((PLACED, None, PLACED)):
        clock.on(seconds=1)
        referrals.record_order(later(an_order(), second, paid=paid))
    entries = referrals.credit.explain("17").entries
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    assert [entry.source for entry in entries if entry.part == "reward"] == [
        Account.GRANTED,
        Account.WAITING,
        Account.GRANTED,
    ]
    assert {entry.cause for entry in entries} == {"order"}


def test_an_order_that_was_never_reported_is_unknown(referrals: Referrals) -> None:
    with pytest.raises(UnknownOrder, match="'17' was never reported"):
        referrals.credit.explain("17")


@pytest.mark.parametrize("language", ["de", "", "zh-hant", "en-GB"])
def test_a_language_that_is_not_spoken_is_refused(referrals: Referrals, language: str) -> None:
    referrals.record_order(an_order())
    with pytest.raises(Invalid, match="use en or zh-Hant") as caught:
        referrals.credit.explain("17", language=language)
    assert caught.value.facts["field"] == "language"


def test_it_is_said_in_english(referrals: Referrals) -> None:
    referrals.record_order(an_order(paid=None))
    words = referrals.credit.explain("17").words
    assert "Alice" in words[0]
    assert "ALICE10" in words[0]
    assert any("ref-alice10" in sentence for sentence in words)
    assert say("reason.not_paid", "en") in words
    assert say("state.pending", "en") in words


def test_it_is_said_in_chinese(referrals: Referrals) -> None:
    referrals.record_order(an_order())
    words = referrals.credit.explain("17", language="zh-Hant").words
    assert len(words) == len(referrals.credit.explain("17").words)
    assert all(CHINESE.search(sentence) for sentence in words)


def test_where_something_led_to_an_advocate_nobody_says_that_nothing_did(
    referrals: Referrals,
) -> None:
    left = Landing(code="ALICE10", at=PLACED - timedelta(days=31))
    referrals.record_order(an_order(coupons=(), landing=left))
    first, lost, *_ = referrals.credit.explain("17").words
    assert first == "Nobody is credited: nothing that leads to an advocate counts."
    assert "ALICE10" in lost


def test_who_has_no_name_goes_by_their_id(referrals: Referrals) -> None:
    referrals.advocates.invite("friends", Advocate(id="c-9"), coupon="ref-nine")
    referrals.record_order(an_order(coupons=used("ref-nine")))
    assert "c-9" in referrals.credit.explain("17").words[0]


def test_braces_in_a_name_are_only_a_name(referrals: Referrals) -> None:
    referrals.advocates.invite("friends", Advocate(id="c-9", name="{code}"), coupon="ref-nine")
    referrals.record_order(an_order(coupons=used("ref-nine"), code="{0}"))
    assert "{code}" in referrals.credit.explain("17").words[0]


def test_dollars_are_shown_as_taiwan_writes_them(referrals: Referrals) -> None:
    referrals.programs.save(a_program(amount_off("100", "TWD")))
    dollars = Money(1_000_000, "TWD")
    coupon = UsedCoupon(text="ref-alice10", discount=Money(100_050, "TWD"))
    referrals.record_order(an_order(net=dollars, gross=dollars, coupons=(coupon,)))
    words = " ".join(referrals.credit.explain("17").words)
    assert "NT$100 " in words
    assert "NT$1,000.50 " in words


def test_a_reward_in_kind_is_counted_in_pieces(referrals: Referrals) -> None:
    referrals.programs.save(a_program(percent_off(10)))
    referrals.record_order(an_order())
    assert any("1 in kind" in sentence for sentence in referrals.credit.explain("17").words)


# Both catalogues know whatever there may be to say.


def sentences() -> Iterable[str]:
    yield from (f"reason.{reason}" for reason in Reason)
    yield from (f"state.{state}" for state in State)
    yield from (f"lost.{lost}" for lost in Lost)
    yield from (f"seen.{kind}" for kind in SOURCES)


@pytest.mark.parametrize("catalogue", [en.SENTENCES, zh_hant.SENTENCES])
def test_every_reason_state_and_loss_has_a_sentence(catalogue: dict[str, str]) -> None:
    assert set(sentences()) <= set(catalogue)
    assert all(catalogue.values())


def test_no_two_kinds_of_evidence_are_called_the_same() -> None:
    for catalogue in (en.SENTENCES, zh_hant.SENTENCES):
        seen = [catalogue[key] for key in catalogue if key.startswith("seen.")]
        assert len(set(seen)) == len(SOURCES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_evidence_is_told_on_an_order_that_has_it(
    referrals: Referrals, clock: Clock, language: str
) -> None:
    carols = carol(referrals)
    referrals.programs.save(a_program(terms=Terms(repeats=Repeats())))
    buying = Buying(referrals, clock, an_order(coupons=(), phone=PHONE))
    referrals.record_order(replace(buying.order, id="16", coupons=used("ref-alice10")))
    clock.on(minutes=1)
    for rung in Rung:
        buying.lay(rung, carols)
    buying.change(code="ALICE10", placed=PLACED + timedelta(minutes=9))
    buying.end()
    eve = "eve@friend.example"
    referrals.claim(Claiming(code="ALICE10", email=eve))
    left = an_order(id="18", coupons=(), email=eve, code="ALICE10", code_via=CodeVia.LINK)
    referrals.record_order(left)
    words = " ".join(
        sentence
        for order in ("17", "18")
        for sentence in referrals.credit.explain(order, language=language).words
    )
    catalogue = {"en": en.SENTENCES, "zh-Hant": zh_hant.SENTENCES}[language]
    told = {kind for kind in SOURCES if catalogue[f"seen.{kind}"].partition("{")[0] in words}
    assert told == set(SOURCES)


def test_both_catalogues_say_the_same_with_the_same_values() -> None:
    assert names_in(en.SENTENCES) == names_in(zh_hant.SENTENCES)
    assert set(LANGUAGES) == {"en", "zh-Hant"}


def names_in(catalogue: dict[str, str]) -> dict[str, set[str]]:
    return {
        key: {name for _, name, _, _ in Formatter().parse(sentence) if name}
        for key, sentence in catalogue.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_movement_happens_one_day_and_has_its_sentence(
    engine: Engine, referrals: Referrals, clock: Clock, language: str
) -> None:
    live_long(engine, referrals, clock)
    explained = [
        referrals.credit.explain(order, language=language)
        for order in ("17", "18", "19", "20", "21", "22")
    ]
    ways = {f"{entry.source}>{entry.target}" for one in explained for entry in one.entries}
    assert ways == {key for key in en.SENTENCES if ">" in key}
    assert not [sentence for one in explained for sentence in one.words if "{" in sentence]


def live_long(engine: Engine, referrals: Referrals, clock: Clock) -> None:
    """Let every kind of movement happen once."""
    till = Saying()

    def hold_ends() -> None:
        clock.on(days=15)
        engine.work({"till": till})

    def order(id: str, **changes: Any) -> Order:
        return an_order(id=id, paid=clock.at, **changes)

    # Given, spent and free again, then taken back.
    first = order("17")
    referrals.record_order(first)
    hold_ends()
    text = referrals.rewards.list("c-1")[0].text
    assert text is not None
    spending = order("40", coupons=used(text))
    referrals.record_order(spending)
    referrals.record_order(later(spending, cancelled=PLACED))
    referrals.record_order(later(first, refunded=True))
    engine.work({"till": till})
    # Refused by the shop; what is due then shrinks with the order.
    second = order("18")
    referrals.record_order(second)
    till.answers = [never("full")]
    hold_ends()
    referrals.record_order(later(second, net=gbp("36.00")))
    # Refunded while the coupon is being made, which the shop then refuses.
    third = order("19")
    referrals.record_order(third)
    till.answers = [again("busy"), never("full")]
    hold_ends()
    referrals.record_order(later(third, net=gbp("36.00")))
    clock.on(days=1)
    engine.work({"till": till})
    clock.on(days=1)
    engine.work({"till": till})
    # Used before it could be taken back; the next reward pays for it.
    fourth = order("20")
    referrals.record_order(fourth)
    hold_ends()
    till.used = True
    referrals.record_order(later(fourth, refunded=True))
    engine.work({"till": till})
    fifth = order("19", net=gbp("72.00"), modified=clock.at)
    referrals.record_order(fifth)
    referrals.record_order(later(fifth, net=gbp("60.00")))
    hold_ends()
    # Not used in time, as it seemed; then the shop tells of an order that did use it.
    till.used = False
    referrals.programs.save(a_program(terms=Terms(reward_days=30)))
    sixth = replace(order("21"), placed=clock.at)
    seventh = replace(sixth, id="22")
    referrals.record_order(sixth)
    referrals.record_order(seventh)
    hold_ends()
    (unused,) = [one.text for one in referrals.rewards.list("c-1") if one.order == "21"]
    assert unused is not None
    clock.on(days=31)
    # The one is refunded before anybody has looked whether it was used, the other afterwards.
    referrals.record_order(later(seventh, net=gbp("36.00")))
    engine.work({"till": till})
    referrals.record_order(later(sixth, net=gbp("71.00")))
    referrals.record_order(order("41", coupons=used(unused)))
