"""Why something did not happen, kept and told in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter

import pytest

from goodword import errors
from goodword.errors import GoodwordError, OrderInvalid, TillDown
from goodword.model.trouble import Trouble, given_up, trouble_of
from goodword.platforms import CAUSES
from goodword.storage.troubles import packed, unpacked
from goodword.words import tell, zh_hant_troubles

SENTENCES = zh_hant_troubles.SENTENCES


def family(kind: type[GoodwordError] = GoodwordError) -> Iterator[type[GoodwordError]]:
    if kind.__module__ == errors.__name__:
        yield kind
    for one in kind.__subclasses__():
        yield from family(one)


def holes(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("kind", list(dict.fromkeys(family())))
def test_every_error_can_be_told_in_chinese_by_the_facts_that_it_has(
    kind: type[GoodwordError],
) -> None:
    sentence = SENTENCES[kind.reason]
    assert re.search("[一-鿿]", sentence)
    assert holes(sentence) <= holes(kind.message)


def test_a_trouble_is_a_text_and_comes_back_with_its_facts() -> None:
    why = given_up(8, trouble_of(TillDown(shop="tea", what="it is down", cause="unreachable")))
    back = unpacked(packed(why))
    assert back == "given up after 8 tries: tea: it is down"
    assert isinstance(back, Trouble)
    assert (back.reason, back.facts["tries"]) == ("given_up", 8)
    assert tell(back, "en") == "given up after 8 tries: tea: it is down"
    assert tell(back, "zh-Hant") == "試了 8 次後放棄：無法連上商店：那裡沒有回應。"


def test_without_a_cause_that_is_known_its_reason_is_told() -> None:
    down = trouble_of(TillDown(shop="tea", what="tea is being brewed", cause="brewing"))
    assert tell(down, "zh-Hant") == "無法連上商店，或它請我們稍候（tea is being brewed）。"
    wrong = trouble_of(OrderInvalid(field="line_items", mend="is not a list"))
    assert tell(wrong, "zh-Hant") == "line_items：訂單的內容無法使用（is not a list）。"


@pytest.mark.parametrize("text", ["no such address", "", "{", '{"reason":', '{"reason":1}', "[]"])
def test_a_text_without_a_reason_is_told_as_it_is(text: str) -> None:
    assert packed(text) == text
    assert unpacked(text) == text
    assert [tell(unpacked(text), one) for one in ("en", "zh-Hant")] == [text, text]


def test_what_no_sentence_fits_is_told_as_it_is() -> None:
    assert tell(Trouble("odd", "never_heard_of"), "zh-Hant") == "odd"
    assert tell(Trouble("the mail is down", "mail_down"), "zh-Hant", {"mail_down": "{kind}"}) == (
        "the mail is down"
    )


def test_sentences_of_the_callers_own_are_told_inside_of_others() -> None:
    why = given_up(3, Trouble("it answered 500", "answered", status=500))
    told = tell(why, "zh-Hant", {"answered": "它回應了 {status}。"})
    assert told == "試了 3 次後放棄：它回應了 500。"


def test_a_kept_trouble_that_was_cut_off_is_told_as_it_is() -> None:
    cut = packed(Trouble("it answered 500", "answered", status=500))[:-4]
    assert unpacked(cut) == cut


def test_every_cause_that_a_till_may_name_has_a_sentence() -> None:
    assert {f"cause.{one}" for one in CAUSES} == {one for one in SENTENCES if "." in one}
