"""What speaks of no program is worded once, and stands for all programs of a shop."""

from __future__ import annotations

from typing import Any, Final

import pytest

from goodword import (
    Advocate,
    Channel,
    Code,
    Doubt,
    Invalid,
    Referrals,
    TextInvalid,
    UnknownCode,
    UnknownMoment,
    percent_off,
)
from goodword.embedded.engine import Engine
from goodword.model.message import EVERY_PROGRAM
from tests.sdk.builders import a_program, an_order

WORDS: Final = ("sign_in.words", Channel.PAGE)
GRANTED: Final = ("own.reward.granted", Channel.PAGE)


def said(referrals: Referrals, key: tuple[str, Channel] = WORDS, **asked: Any) -> str:
    moment, channel = key
    return referrals.messages.say(EVERY_PROGRAM, channel=channel, **asked)[moment]


def edit(
    referrals: Referrals, text: str | None, key: tuple[str, Channel] = WORDS, language: str = "en"
) -> None:
    referrals.messages.edit(EVERY_PROGRAM, *key, text, language=language)


def test_a_shop_without_a_program_says_what_speaks_of_none(referrals: Referrals) -> None:
    assert said(referrals, shop="Tea & Co").startswith("Write the address that Tea & Co knows")
    assert said(referrals, shop="茶屋", language="zh-Hant").startswith("請填寫您在茶屋使用的")
    listed = referrals.messages.list(EVERY_PROGRAM)
    assert {one.moment for one in listed} >= {"sign_in.words", "sign_in.body", "card.busy"}
    assert list(referrals.messages.check(EVERY_PROGRAM)) == []


def test_it_is_worded_once_for_all_programs_and_versions(referrals: Referrals, code: Code) -> None:
    edit(referrals, "Come in at {{ shop }}.")
    referrals.programs.save(a_program(offer=percent_off(20)))
    referrals.programs.save(a_program(name="partners"))
    assert said(referrals) == "Come in at tea-house."
    shown = next(
        one for one in referrals.messages.list(EVERY_PROGRAM) if one.moment == "sign_in.words"
    )
    assert (shown.since, shown.text, shown.names) == (
        0,
        "Come in at tea-house.",
        ("advocate", "shop"),
    )
    edit(referrals, None)
    assert said(referrals).startswith("Write the address")


def test_it_is_no_text_of_a_program_and_no_programs_is_one_of_it(
    referrals: Referrals, code: Code
) -> None:
    for program, key in (
        ("friends", WORDS),
        (EVERY_PROGRAM, ("friend.title", Channel.PAGE)),
        (EVERY_PROGRAM, ("terms", Channel.ALL)),
    ):
        for ask in (referrals.messages.edit, referrals.messages.preview):
            with pytest.raises(UnknownMoment):
                ask(program, *key, "Hello")
    assert "sign_in.words" not in referrals.messages.say("friends", channel=Channel.PAGE)
    assert "terms" not in referrals.messages.say(EVERY_PROGRAM, channel=Channel.PAGE)


@pytest.mark.parametrize("text", ["{{ offer }} for you", "{% if ends %}x{% endif %}", "{{ how }}"])
def test_it_knows_nothing_of_what_a_program_gives(referrals: Referrals, text: str) -> None:
    with pytest.raises(TextInvalid, match="use one of advocate, shop"):
        edit(referrals, text)


def test_an_advocate_is_called_by_their_code_whichever_program_it_is_of(
    referrals: Referrals, code: Code
) -> None:
    referrals.programs.save(a_program(name="partners"))
    made = referrals.advocates.invite("partners", Advocate(id="c-7", name="Mei Lin"))
    title = ("own.title", Channel.PAGE)
    assert said(referrals, title, code=made.text) == "Hello Mei"
    assert said(referrals, title, advocate="Bo") == "Hello Bo"
    assert said(referrals, title) == "Hello"
    with pytest.raises(UnknownCode):
        said(referrals, code="NOBODY")


def test_it_has_no_version(referrals: Referrals) -> None:
    with pytest.raises(Invalid, match="version: belongs to a program"):
        said(referrals, version=1)


def test_it_is_in_doubt_where_none_of_the_programs_gives_what_it_says(
    referrals: Referrals, code: Code
) -> None:
    for language, text in (("en", "{{ amount }}, and 20% off"), ("zh-Hant", "{{ amount }}，8 折")):
        edit(referrals, text, GRANTED, language)
    found = referrals.messages.check(EVERY_PROGRAM)
    assert [(one.language, one.doubt, one.found) for one in found] == [
        ("en", Doubt.PERCENT, "20%"),
        ("zh-Hant", Doubt.PERCENT, "8 折"),
    ]
    assert found[0].words.endswith("This text stands for all programs: take it out.")
    told = referrals.messages.check(EVERY_PROGRAM, language="zh-Hant")
    assert told[1].words.endswith("這段文字適用於所有推薦計畫，請將它刪除。")
    referrals.programs.save(a_program(name="sale", offer=percent_off(20)))
    assert list(referrals.messages.check(EVERY_PROGRAM)) == []
    assert list(referrals.messages.check("friends")) == []


def test_what_is_edited_in_one_language_alone_is_named(referrals: Referrals) -> None:
    edit(referrals, "您好", language="zh-Hant")
    (found,) = referrals.messages.check(EVERY_PROGRAM)
    assert (found.language, found.doubt, found.found) == ("en", Doubt.ONE_LANGUAGE, "zh-Hant")


def test_why_is_answered_in_the_shops_own_words(referrals: Referrals, code: Code) -> None:
    referrals.record_order(an_order())
    edit(referrals, "Yours, hooray!", ("why.qualified", Channel.PAGE))
    edit(referrals, "{{ amount }} until {{ when }}", ("own.reward.waiting", Channel.PAGE))
    answer = referrals.advocates.why("c-1", "17")
    assert answer.words == ("Yours, hooray!", "£7.20 until 6 December 2026")


def test_another_shops_words_are_its_own(engine: Engine, referrals: Referrals) -> None:
    edit(referrals, "Tea")
    assert said(engine.of("book-shop")).startswith("Write the address")
