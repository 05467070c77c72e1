"""Every text in every language, with the same placeholders; a language more is a catalogue more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import product

import pytest

from goodword import (
    Channel,
    Doubt,
    Invalid,
    Lost,
    Program,
    Reason,
    Referrals,
    Relation,
    RewardState,
    State,
    words,
)
from goodword.model.message import EVERY_PROGRAM
from goodword.rules import wordings
from goodword.words.messages import en, en_shop, speaking, texts, values, zh_hant, zh_hant_shop
from goodword.words.messages.catalogues import (
    CATALOGUES,
    FIRST,
    LANGUAGES,
    Key,
    catalogue,
    moments,
    ours,
)
from goodword.words.messages.names import ESSENTIAL, LATER, LIVE
from tests.sdk.builders import START
from tests.sdk.words.programs import PROGRAMS

KEYS = tuple(ours(FIRST))
# What a reward can be given as that has no price of its own.
IN_KIND = ("percent_off", "free_shipping", "free_product")
HAN = re.compile("[\u4e00-\u9fff]")


def spelled(key: Key) -> str:
    return f"{key[1]}:{key[0]}"


@pytest.mark.parametrize("language", [*LANGUAGES])
def test_every_text_stands_in_every_language_in_the_same_sequence(language: str) -> None:
    assert tuple(ours(language)) == KEYS


@pytest.mark.parametrize(("language", "key"), [*product(LANGUAGES, KEYS)], ids=str)
def test_a_text_says_the_same_in_every_language(language: str, key: Key) -> None:
    first, other = ours(FIRST)[key], ours(language)[key]
    assert texts.names_in(other) == texts.names_in(first)
    assert texts.names_in(other, always=True) >= speaking.needs(key)


@pytest.mark.parametrize("key", KEYS, ids=spelled)
def test_every_placeholder_is_known(key: Key) -> None:
    speaking.check(key, ours(FIRST)[key])
    assert texts.names_in(ours(FIRST)[key]) <= speaking.names(key)


def test_what_is_known_live_later_or_needed_is_one_thing() -> None:
    assert not LIVE & LATER.keys()
    assert LATER.keys() >= ESSENTIAL
    assert set(values.live(PROGRAMS["plain"], START, "en")) | {"shop", "advocate", "code"} == LIVE


def test_no_moment_of_a_channel_hides_a_basic_sentence() -> None:
    basic = {moment for moment, channel in KEYS if channel is Channel.ALL}
    others = {moment for moment, channel in KEYS if channel is not Channel.ALL}
    assert not basic & others
    assert not basic & (LIVE | LATER.keys())


@pytest.mark.parametrize("language", [*LANGUAGES])
def test_all_that_is_said_of_values_and_findings_is_said_in_every_language(language: str) -> None:
    for part in ("values", "findings"):
        first, other = getattr(catalogue(FIRST), part), getattr(catalogue(language), part)
        # What only some languages say apart, like a percentage that is no whole tenth.
        assert {key for key in other if not key.endswith(".odd")} == set(first)


@pytest.mark.parametrize("relation", [*Relation])
@pytest.mark.parametrize("language", [*LANGUAGES])
def test_every_relation_has_a_message_to_pass_on(relation: Relation, language: str) -> None:
    assert (f"message.{relation}", Channel.SHARE) in ours(language)


@pytest.mark.parametrize(("language", "name"), [*product(LANGUAGES, PROGRAMS)])
def test_our_own_texts_promise_nothing_by_hand(language: str, name: str) -> None:
    found = [
        (key, doubt)
        for key, text in ours(language).items()
        for doubt in wordings.doubts(text, PROGRAMS[name], START, key[0])
    ]
    assert found == []


@pytest.mark.parametrize(("language", "name"), [*product(LANGUAGES, PROGRAMS)])
def test_whatever_is_promised_reads_whole(language: str, name: str) -> None:
    for said in everything(PROGRAMS[name], language):
        assert said.strip()
        assert not re.search(r"  |{{|}}|{%| [,.;:]|，，|。。|，。|\(\)", said), said
        assert "None" not in said


def everything(program: Program, language: str) -> Iterator[str]:
    """Every text of a program as it reads now, with a name and without."""
    live = values.live(program, START, language)
    for advocate in ("Mei", "小美", ""):
        known = {**speaking.examples(language), **live, "shop": "茶 & Tea", "advocate": advocate}
        for channel in Channel:
            yield from speaking.speak(channel, language, {}, known).values()
            yield from speaking.speak_everywhere(channel, language, {}, known).values()


@pytest.mark.parametrize("language", [*LANGUAGES])
def test_our_own_texts_are_no_longer_than_a_shops_may_be(language: str) -> None:
    long = {key for key, text in ours(language).items() if len(text) > speaking.longest(key)}
    assert long == set()


@pytest.mark.parametrize("key", KEYS, ids=spelled)
def test_chinese_is_chinese(key: Key) -> None:
    text = texts.fill(ours("zh-Hant")[key], {})
    if HAN.search(text):
        assert not re.search(r"[,;!?]", text), "marks are wide in Chinese"
        # Of Taiwan, and not of elsewhere.
        assert not re.search("链接|优惠|朋友们|發送給|您們|點擊|帳戶|信息|視頻", text)


def test_a_language_more_is_a_catalogue_more(
    monkeypatch: pytest.MonkeyPatch, referrals: Referrals
) -> None:
    loud = {
        channel: {moment: text.replace("gift", "GIFT") for moment, text in moments.items()}
        for channel, moments in en.MESSAGES.items()
    }
    monkeypatch.setitem(CATALOGUES, "loud", CATALOGUES["en"]._replace(messages=loud))
    referrals.programs.save(PROGRAMS["plain"])
    said = referrals.messages.say("friends", channel=Channel.WIDGET, language="loud")
    assert said["share.title"] == "A GIFT for your friends"
    referrals.messages.edit("friends", "close", Channel.WIDGET, "Shut", language="loud")
    assert {one.language for one in referrals.messages.check("friends")} == {"en", "zh-Hant"}
    ours.cache_clear()


def test_a_language_without_a_catalogue_is_refused() -> None:
    with pytest.raises(Invalid, match="'tlh' is not spoken here; use en or zh-Hant"):
        catalogue("tlh")


def test_every_doubt_is_answered_in_every_language() -> None:
    for language in LANGUAGES:
        assert set(catalogue(language).findings) == set(Doubt)


def test_both_catalogues_have_the_same_sections() -> None:
    assert list(en.MESSAGES) == list(zh_hant.MESSAGES) == list(Channel)
    assert list(en_shop.MESSAGES) == list(zh_hant_shop.MESSAGES)
    assert list(en_shop.NOWHERE) == list(zh_hant_shop.NOWHERE)


def test_no_moment_is_a_programs_and_every_programs() -> None:
    of_one, of_all = moments("friends").keys(), moments(EVERY_PROGRAM).keys()
    assert not of_one & of_all
    assert of_one | of_all == ours(FIRST).keys()


@pytest.mark.parametrize("language", [*LANGUAGES])
def test_whatever_an_advocate_asks_or_earns_can_be_told(language: str) -> None:
    told = {moment for moment, channel in moments(EVERY_PROGRAM) if channel is Channel.PAGE}
    assert told >= {f"own.reward.{state}" for state in RewardState}
    assert told >= {f"own.friend.{state}" for state in State}
    assert told >= {f"why.{state}" for state in State}
    assert told >= {f"why.reason.{reason}" for reason in Reason}
    assert told >= {f"why.lost.{one}" for one in Lost if one is not Lost.AGREES}
    assert catalogue(language).values.keys() >= {f"piece:{kind}" for kind in IN_KIND}


def test_a_day_is_written_as_people_read_it() -> None:
    assert values.day(START, "en") == "22 November 2026"
    assert values.day(START + timedelta(days=1), "zh-Hant") == "2026 年 11 月 23 日"


def test_what_was_left_standing_is_put_in_once() -> None:
    text = "Your coupon: {coupon}, {friend}; {stranger}"
    assert (
        words.put(text, coupon="{friend}", friend="B.") == "Your coupon: {friend}, B.; {stranger}"
    )
