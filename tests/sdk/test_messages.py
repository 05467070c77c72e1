"""What people read in a shop: filled in from the live program, in our words or the shop's own."""

from __future__ import annotations

import subprocess
import sys
from typing import Any, Final

import pytest

from goodword import (
    Advocate,
    Campaign,
    Channel,
    ClaimBy,
    Code,
    Doubt,
    Invalid,
    Referrals,
    Terms,
    TextInvalid,
    amount_off,
    money,
    percent_off,
    thank_you,
)
from goodword.embedded.engine import Engine
from goodword.storage import messages
from goodword.storage.sql import Book
from tests.sdk.builders import DAY, START, Clock, a_program, every_row

TITLE: Final = ("friend.title", Channel.PAGE)
GIFT: Final = ("friend.gift", Channel.PAGE)


def said(referrals: Referrals, key: tuple[str, Channel] = TITLE, **asked: Any) -> str:
    moment, channel = key
    return referrals.messages.say("friends", channel=channel, **asked)[moment]


def edit(
    referrals: Referrals, text: str | None, key: tuple[str, Channel] = TITLE, language: str = "en"
) -> None:
    referrals.messages.edit("friends", *key, text, language=language)


# What is filled in.


def test_a_campaign_is_said_while_it_runs(referrals: Referrals, code: Code, clock: Clock) -> None:
    sale = Campaign(name="sale", starts=START + DAY, ends=START + 3 * DAY, offer=percent_off(25))
    terms = Terms(minimum=money("500", "TWD"), claim_days=1)
    referrals.programs.save(a_program(campaigns=(sale,), terms=terms, ends=START + 30 * DAY))
    asked: Any = {"language": "zh-Hant"}
    assert said(referrals, GIFT, **asked) == "消費滿 NT$500，9 折優惠"
    terms_now = "On one order of NT$500 or more, until {}; once taken, the gift is good for 1 day."
    assert said(referrals, ("terms", Channel.ALL)) == terms_now.format("22 December 2026")
    clock.to(START + DAY)
    assert said(referrals, GIFT, **asked) == "消費滿 NT$500，75 折優惠"
    assert said(referrals, ("terms", Channel.ALL)) == terms_now.format("25 November 2026")
    clock.to(START + 3 * DAY)
    assert said(referrals, GIFT) == "10% off, on orders from NT$500"


def test_a_shared_coupon_is_not_said_to_run_out_once_taken(
    referrals: Referrals, code: Code
) -> None:
    for_new = Terms(claim_by=ClaimBy.NOTHING, new_customer_only=True)
    told = {
        Terms(): (
            "On one order; once taken, the gift is good for 30 days.",
            "限使用一次；領取後 30 天內有效。",
        ),
        Terms(claim_by=ClaimBy.NOTHING): ("On any order.", "任一筆訂單皆可使用。"),
        for_new: ("For new customers, on any order.", "限新客使用。"),
        Terms(new_customer_only=True): (
            "For new customers, on one order; once taken, the gift is good for 30 days.",
            "限新客使用一次；領取後 30 天內有效。",
        ),
    }
    for terms, (english, chinese) in told.items():
        referrals.programs.save(a_program(terms=terms))
        for key in (("card.terms", Channel.CARD), ("card.text", Channel.LINE)):
            assert said(referrals, key) == english
            assert said(referrals, key, language="zh-Hant") == chinese


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_no_return_period_is_spoken_of_where_there_is_none(
    referrals: Referrals, code: Code, language: str
) -> None:
    for hold, is_said in ((14, True), (0, False)):
        referrals.programs.save(a_program(terms=Terms(hold_days=hold)))
        for moment in ("thanks.body", "reward.body"):
            text = said(referrals, (moment, Channel.MAIL), language=language)
            assert any(word in text for word in ("return period", "退貨期")) is is_said, moment


def test_a_shop_without_a_name_goes_by_its_id(referrals: Referrals, code: Code) -> None:
    key = ("card.shop", Channel.CARD)
    assert said(referrals, key) == "tea-house"
    assert said(referrals, key, shop="茶屋 🍵 & <Tea>") == "茶屋 🍵 & <Tea>"


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Mei Lin", "Mei"),
        ("陳美玲", "美玲"),
        ("x" * 200, "x" * 40),
        ("Mei&Bo;", "Mei&Bo;"),
        ("🍵Mei", "🍵Mei"),
        ("\u202eMei \u2066Lin", "Mei"),
        ("{{ offer }}", "{{"),
        ("", None),
        ("mei@example.com", None),
    ],
)
def test_whoever_passes_it_on_is_called_by_their_given_name(
    referrals: Referrals, code: Code, name: str, called: str | None
) -> None:
    made = referrals.advocates.invite("friends", Advocate(id="c-7", name=name))
    # Plain text: a name that looks like markup or like a placeholder is a name.
    expected = f"A gift from {called}" if called else "A gift from a friend"
    assert said(referrals, code=made.text) == expected


def test_a_letter_may_call_somebody_by_the_name_at_hand(referrals: Referrals, code: Code) -> None:
    assert said(referrals, code=code.text, advocate="Bo <b>") == "A gift from Bo <b>"
    assert said(referrals, code=code.text, advocate="") == "A gift from a friend"
    with pytest.raises(Invalid, match="advocate: use at most 255 characters"):
        said(referrals, advocate="x" * 256)


def test_chinese_has_a_space_beside_latin_letters_alone(referrals: Referrals, code: Code) -> None:
    edit(referrals, "給 {{ advocate }} 的 {{ shop }} 禮物 {{ offer }} ！", language="zh-Hant")
    referrals.advocates.invite("friends", Advocate(id="c-1", name="小美"))
    asked: Any = {"code": code.text, "language": "zh-Hant"}
    assert said(referrals, shop="茶屋", **asked) == "給小美的茶屋禮物 9 折優惠！"
    assert said(referrals, shop="Tea", **asked) == "給小美的 Tea 禮物 9 折優惠！"


def test_what_nobody_can_know_yet_is_left_standing(referrals: Referrals, code: Code) -> None:
    key = ("coupon.body", Channel.MAIL)
    assert "Your coupon: {coupon}\nGood until: {when}\n" in said(referrals, key)
    shown = [one for one in referrals.messages.list("friends") if one.moment == "coupon.body"]
    assert "GIFT-4T7K-W2MX" in shown[0].text


# The shop's own words, and the versions of a program.


def test_words_hold_for_their_version_and_later_ones(referrals: Referrals, code: Code) -> None:
    edit(referrals, "First")
    referrals.programs.save(a_program(offer=percent_off(20)))
    assert said(referrals) == "First"
    edit(referrals, "Second: {{ offer }}")
    edit(referrals, "Second, mended: {{ offer }}")
    referrals.programs.save(a_program(offer=percent_off(30)))
    assert said(referrals) == "Second, mended: 30% off"
    edit(referrals, None)
    assert [said(referrals, version=version) for version in (1, 2, 3)] == [
        "First",
        "Second, mended: 20% off",
        "A gift from a friend",
    ]
    (shown,) = [one for one in referrals.messages.list("friends") if one.moment == TITLE[0]]
    assert (shown.since, shown.source) == (None, shown.ours)


def test_an_edited_basic_sentence_is_read_wherever_it_stands(
    referrals: Referrals, code: Code
) -> None:
    edit(referrals, "{{ offer }}, our treat", ("offer_line", Channel.ALL))
    assert said(referrals, GIFT) == "10% off, our treat"
    assert said(referrals, ("offer.text", Channel.WIDGET)) == "10% off, our treat"
    referrals.messages.preview("friends", *GIFT, "Yes: {{ offer_line }}")
    with pytest.raises(TextInvalid):
        edit(referrals, "{{ how }}", ("offer_line", Channel.ALL))


def test_each_language_and_program_has_words_of_its_own(referrals: Referrals, code: Code) -> None:
    referrals.programs.save(a_program(name="partners"))
    edit(referrals, "Hello")
    assert said(referrals, language="zh-Hant") == "朋友送您的禮物"
    partners = referrals.messages.say("partners", channel=Channel.PAGE)
    assert partners[TITLE[0]] == "A gift from a friend"


def test_another_shops_words_are_its_own(engine: Engine, referrals: Referrals, code: Code) -> None:
    other = engine.of("book-shop")
    other.programs.save(a_program())
    edit(other, "Books")
    assert said(referrals) == "A gift from a friend"
    assert list(referrals.messages.check("friends")) == []
    assert said(other) == "Books"


# What a text may not.


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{% for one in offer %}{{ one }}{% endfor %}", "a loop"),
        ("{{ offer.__class__.__mro__ }}", "an attribute"),
        ("{{ offer['x'] }}", "an item"),
        ("{{ offer() }}", "a call"),
        ("{{ offer|upper }}", "a filter"),
        ("{% filter upper %}x{% endfilter %}", "a filter"),
        ("{% include 'x' %}", "an include"),
        ("{% import 'x' as y %}", "an import"),
        ("{% extends 'x' %}", "`extends`"),
        ("{% block x %}{% endblock %}", "a block"),
        ("{% set offer = 1 %}", "`set`"),
        ("{% macro x() %}{% endmacro %}", "a macro"),
        ("{{ 'x' * 1000000000 }}", "a calculation"),
        ("{{ -offer }}", "a calculation"),
        ("{{ 'x' }}", "a value written out"),
        ("{{ {offer: 1} }}", "a value written out"),
        ("{{ offer if ends }}", "a condition within"),
        ("{% if offer == 1 %}x{% endif %}", "a condition but for one name alone"),
        ("{% if not ends %}x{% endif %}", "a condition but for one name alone"),
        ("{% if ends %}x{% elif minimum %}y{% endif %}", "a condition but for one name alone"),
        ("{% autoescape false %}x{% endautoescape %}", "this is not for a text"),
        ("{% if ends %}" * 30 + "{% endif %}" * 30, "so deep a nest"),
        ("{{ " + "(" * 480 + "offer" + ")" * 480 + " }}", "nested too deeply"),
        ("{{ offer", "unexpected end"),
        ("{% do offer %}", "unknown tag 'do'"),
        ("{{ nothing }}", "there is no {{ nothing }} here; use one of advocate, "),
        ("{{ self }}", "there is no {{ self }}"),
        ("{{ range }}", "there is no {{ range }}"),
        ("{{ coupon }}", "there is no {{ coupon }} here"),
        ("", "say it in 1 to 1000 characters"),
        (" \n ", "say it in 1 to 1000 characters"),
        ("x" * 1001, "say it in 1 to 1000 characters"),
        ("x\0", "no database keeps"),
    ],
)
def test_a_text_is_words_names_and_conditions(
    engine: Engine, referrals: Referrals, code: Code, text: str, what: str
) -> None:
    before = every_row(engine)
    for ask in (referrals.messages.edit, referrals.messages.preview):
        with pytest.raises(TextInvalid) as caught:
            ask("friends", *TITLE, text)
        assert what in caught.value.facts["mend"]
        assert caught.value.facts["field"] == "text"
    assert every_row(engine) == before


def test_the_spot_is_named(referrals: Referrals, code: Code) -> None:
    with pytest.raises(TextInvalid) as caught:
        edit(referrals, "{{ offer }}\nand {{ shop }} {{ offer | upper }}")
    facts = caught.value.facts
    assert (facts["line"], facts["found"]) == (2, "{{ offer | upper }}")
    assert str(caught.value).startswith("text: line 2: {{ offer | upper }}: a filter")


def test_a_letter_without_its_link_is_of_no_use(referrals: Referrals, code: Code) -> None:
    key = ("invitation.customer", Channel.MAIL)
    for text in ("Come in!", "{{ stop }} {% if ends %}{{ link }}{% endif %}"):
        with pytest.raises(TextInvalid, match=r"say \{\{ link \}\} somewhere"):
            edit(referrals, text, key)
    edit(referrals, "Come in: {{ link }} {{ stop }}", key)
    assert said(referrals, key) == "Come in: {link} {stop}"


@pytest.mark.parametrize(
    "text", ["<b>{{ offer }}</b>", "شاي {{ offer }}", "🍵" * 900, "a { b } % c"]
)
def test_markup_emoji_and_other_scripts_are_words(
    referrals: Referrals, code: Code, text: str
) -> None:
    edit(referrals, text)
    assert said(referrals) == text.replace("{{ offer }}", "10% off")


def test_a_text_that_no_longer_fits_gives_way_to_ours(
    engine: Engine, referrals: Referrals, code: Code
) -> None:
    """As after an update that dropped a placeholder, or needs one more."""
    for key, text in (
        (TITLE, "{{ gone }}"),
        (GIFT, "{% for x in y %}"),
        (("coupon.body", Channel.MAIL), "{{ link }}!"),
    ):
        engine.database.write(
            lambda session, key=key, text=text: messages.put(  # type: ignore[misc]
                Book(session, "tea-house"), "friends", "en", key, 1, text, START
            )
        )
    assert said(referrals) == "A gift from a friend"
    assert said(referrals, GIFT) == "10% off"
    found = {
        (one.moment, one.doubt, one.found) for one in referrals.messages.check("friends") if one.own
    }
    assert found == {
        (TITLE[0], Doubt.UNKNOWN_NAME, "gone"),
        (GIFT[0], Doubt.UNKNOWN_NAME, "{% for x in y %}"),
        ("coupon.body", Doubt.MISSING_NAME, "coupon"),
    }


def test_a_text_is_as_long_as_its_channel_takes(referrals: Referrals, code: Code) -> None:
    for moment, channel, most in (
        ("card.title", Channel.CARD, 200),
        ("card.alt", Channel.LINE, 400),
        ("thanks.subject", Channel.MAIL, 200),
        ("thanks.body", Channel.MAIL, 4000),
    ):
        referrals.messages.edit("friends", moment, channel, "茶" * most)
        with pytest.raises(TextInvalid, match=f"say it in 1 to {most} characters"):
            referrals.messages.edit("friends", moment, channel, "茶" * (most + 1))


@pytest.mark.slow
def test_nobody_pays_for_words_who_says_none() -> None:
    code = (
        "import goodword, sys; engine = goodword.embed('sqlite://'); engine.migrate(); "
        "engine.of().programs.list(); print('jinja2' in sys.modules); "
        "engine.of().messages; print('jinja2' in sys.modules)"
    )
    command = [sys.executable, "-c", code]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.split() == ["False", "True"]


# What a check finds.


def test_a_saved_program_makes_older_words_untrue(referrals: Referrals, code: Code) -> None:
    for language, text in (("en", "10% off, from you to yours"), ("zh-Hant", "九折，送給朋友")):
        edit(referrals, text, language=language)
    assert list(referrals.messages.check("friends")) == []
    referrals.programs.save(a_program(offer=percent_off(15), reward=amount_off("5", "GBP")))
    found = referrals.messages.check("friends", language="zh-Hant")
    assert [(one.language, one.doubt, one.found, one.own) for one in found] == [
        ("en", Doubt.PERCENT, "10%", True),
        ("zh-Hant", Doubt.PERCENT, "九折", True),
    ]
    assert "目前朋友可享 85 折優惠，推薦人可獲得下次購物折抵 £5" in found[0].words


def test_a_text_edited_in_one_language_alone_is_named(referrals: Referrals, code: Code) -> None:
    edit(referrals, "您好", language="zh-Hant")
    (found,) = referrals.messages.check("friends")
    assert (found.language, found.doubt, found.found) == ("en", Doubt.ONE_LANGUAGE, "zh-Hant")
    assert not found.own
    edit(referrals, "Hello")
    assert list(referrals.messages.check("friends")) == []


def test_thanks_for_an_employee_promise_no_cash(referrals: Referrals, code: Code) -> None:
    key = ("message.employee", Channel.SHARE)
    for language, text in (("en", "I get a bonus"), ("zh-Hant", "我有獎金")):
        edit(referrals, text, key, language)
    found = referrals.messages.check("friends")
    assert {(one.doubt, one.found) for one in found} == {
        (Doubt.CASH, "bonus"),
        (Doubt.CASH, "獎金"),
    }


def test_the_same_words_twice_are_one_finding(referrals: Referrals, code: Code) -> None:
    edit(referrals, "20% off! Yes, 20% off!")
    found = [one for one in referrals.messages.check("friends") if one.own]
    assert [one.found for one in found] == ["20%"]


def test_what_cannot_be_edited_is_refused(referrals: Referrals, code: Code) -> None:
    for changes, field in (
        ({"channel": "radio"}, "channel"),
        ({"language": "tlh"}, "language"),
    ):
        asked = {"channel": Channel.PAGE, "language": "en", **changes}
        with pytest.raises(Invalid) as caught:
            referrals.messages.edit("friends", "friend.title", text=None, **asked)  # type: ignore[arg-type]
        assert caught.value.facts["field"] == field


@pytest.mark.parametrize(
    ("language", "told"), [("en", "and an advocate thanks."), ("zh-Hant", "推薦人會收到感謝。")]
)
def test_a_finding_is_a_whole_sentence_where_nothing_but_thanks_is_given(
    referrals: Referrals, code: Code, language: str, told: str
) -> None:
    referrals.programs.save(a_program(thank_you()))
    for spoken in ("en", "zh-Hant"):
        edit(referrals, "{{ advocate }}: 50% off", language=spoken)
    found = referrals.messages.check("friends", language=language)
    assert [one.doubt for one in found] == [Doubt.PERCENT, Doubt.PERCENT]
    assert all(told in one.words for one in found)
