"""What people read is said, edited and looked through alike in every mode."""

from __future__ import annotations

import pytest

from goodword import (
    Channel,
    Code,
    Doubt,
    Finding,
    Invalid,
    Referrals,
    TextInvalid,
    UnknownCode,
    UnknownMoment,
    UnknownProgram,
    percent_off,
)
from tests.sdk.builders import a_program

pytestmark = pytest.mark.slow

TITLE = "friend.title"


def test_a_channel_is_said_from_the_live_program(referrals: Referrals, code: Code) -> None:
    said = referrals.messages.say("friends", channel=Channel.PAGE, code=code.text, shop="Tea & Co")
    assert said[TITLE] == "A gift from Alice"
    assert said["friend.gift"] == said["offer_line"] == "10% off"
    assert said["preview.text"].startswith("Alice puts in a good word for Tea & Co")
    assert "{when}" in said["friend.got.text"]
    chinese = referrals.messages.say("friends", channel=Channel.SHARE, language="zh-Hant")
    assert chinese["message.customer"] == "我很喜歡 tea-house，有份禮物想送你：9 折優惠。🎁"
    referrals.programs.save(a_program(offer=percent_off(20)))
    assert referrals.messages.say("friends", channel=Channel.ALL)["offer_line"] == "20% off"
    before = referrals.messages.say("friends", channel=Channel.ALL, version=1)
    assert before["offer_line"] == "10% off"


def test_what_cannot_be_said_is_refused(referrals: Referrals, code: Code) -> None:
    with pytest.raises(UnknownProgram):
        referrals.messages.say("none", channel=Channel.PAGE)
    with pytest.raises(UnknownCode):
        referrals.messages.say("friends", channel=Channel.PAGE, code="NOBODY")
    for field, asked in {
        "channel": {"channel": "radio"},
        "language": {"channel": Channel.PAGE, "language": "tlh"},
        "version": {"channel": Channel.PAGE, "version": 2},
        "shop": {"channel": Channel.PAGE, "shop": "x" * 300},
    }.items():
        with pytest.raises(Invalid) as caught:
            referrals.messages.say("friends", **asked)  # type: ignore[arg-type]
        assert caught.value.facts["field"] == field


def test_a_code_of_another_program_fills_nothing_in(referrals: Referrals, code: Code) -> None:
    referrals.programs.save(a_program(name="partners"))
    with pytest.raises(Invalid) as caught:
        referrals.messages.say("partners", channel=Channel.PAGE, code=code.text)
    assert caught.value.facts["field"] == "code"


def test_a_text_of_the_shops_own_stands_until_ours_does(referrals: Referrals, code: Code) -> None:
    own = "{% if advocate %}{{ advocate }} thinks of you{% else %}Hello{% endif %}"
    edited = referrals.messages.edit("friends", TITLE, Channel.PAGE, own)
    assert (edited.source, edited.text, edited.since) == (own, "Mei thinks of you", 1)
    assert edited in referrals.messages.list("friends")
    said = referrals.messages.say("friends", channel=Channel.PAGE, code=code.text)
    assert said[TITLE] == "Alice thinks of you"
    ours = referrals.messages.edit("friends", TITLE, Channel.PAGE, None)
    assert (ours.source, ours.since) == (ours.ours, None)
    assert referrals.messages.say("friends", channel=Channel.PAGE)[TITLE] == "A gift from a friend"


def test_a_preview_changes_nothing(referrals: Referrals, code: Code) -> None:
    before = referrals.messages.list("friends", language="zh-Hant")
    shown = referrals.messages.preview(
        "friends", TITLE, Channel.PAGE, "{{ advocate }}：{{ offer }}", language="zh-Hant"
    )
    assert shown.text == "小美：9 折優惠"
    assert referrals.messages.list("friends", language="zh-Hant") == before


def test_a_text_that_does_what_a_text_may_not_is_refused(referrals: Referrals, code: Code) -> None:
    for ask in (referrals.messages.edit, referrals.messages.preview):
        with pytest.raises(TextInvalid) as caught:
            ask("friends", TITLE, Channel.PAGE, "Well,\n{{ offer.__class__ }}")
        assert caught.value.facts == {
            "field": "text",
            "mend": "line 2: {{ offer.__class__ }}: an attribute is not for a text; it may hold "
            "words, {{ names }} and {% if name %} … {% else %} … {% endif %}",
            "why": "not_for_texts",
            "line": 2,
            "found": "{{ offer.__class__ }}",
        }
        with pytest.raises(UnknownMoment):
            ask("friends", "friend.nothing", Channel.PAGE, "x")
        with pytest.raises(UnknownProgram):
            ask("none", TITLE, Channel.PAGE, "x")


def test_texts_that_promise_too_much_are_named(referrals: Referrals, code: Code) -> None:
    assert list(referrals.messages.check("friends")) == []
    referrals.messages.edit("friends", TITLE, Channel.PAGE, "15% off")
    wrong, alone = referrals.messages.check("friends")
    assert wrong == Finding(
        moment=TITLE,
        channel=Channel.PAGE,
        language="en",
        doubt=Doubt.PERCENT,
        found="15%",
        own=True,
        words="“15%” is not what the program gives. Just now a friend gets 10% off and an advocate "
        "10% of your friend's order, off your next one. Put a placeholder in its place, and it "
        "stays true.",
    )
    assert (alone.language, alone.doubt, alone.own) == ("zh-Hant", Doubt.ONE_LANGUAGE, False)
    (told, _) = referrals.messages.check("friends", language="zh-Hant")
    assert told.words.startswith("「15%」與推薦計畫不符")


def test_what_speaks_of_no_program_is_worded_for_all(referrals: Referrals) -> None:
    words = referrals.messages.say("*", channel=Channel.PAGE, shop="Tea", zone="Asia/Taipei")
    assert words["sign_in.words"].startswith("Write the address that Tea knows you by")
    edited = referrals.messages.edit("*", "sign_in.words", Channel.PAGE, "Come in at {{ shop }}")
    assert (edited.since, edited.source) == (0, "Come in at {{ shop }}")
    assert edited.moment in {one.moment for one in referrals.messages.list("*", shop="Tea")}
    shown = referrals.messages.preview("*", "sign_in.words", Channel.PAGE, "{{ shop }}!", shop="茶")
    assert shown.text == "茶!"
    assert [one.doubt for one in referrals.messages.check("*")] == [Doubt.ONE_LANGUAGE]
    with pytest.raises(UnknownMoment):
        referrals.messages.edit("*", "friend.title", Channel.PAGE, "Hello")
    with pytest.raises(Invalid, match="zone"):
        referrals.messages.list("*", zone="Nowhere")
