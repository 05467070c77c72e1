"""How codes are spelled, drawn and forgiven."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from goodword import CodeInvalid
from goodword.rules import codes
from goodword.rules.rude import is_rude

anything = st.text(st.characters(codec=None))


def test_no_two_signs_look_alike() -> None:
    assert len(set(codes.ALPHABET)) == len(codes.ALPHABET) == 32
    assert not set(codes.ALPHABET) & set("01IO")
    assert codes.ALPHABET.upper() == codes.ALPHABET


def test_every_sign_is_drawn_as_often_as_any_other() -> None:
    drawn = codes.from_random(bytes(range(256)))
    assert {drawn.count(sign) for sign in codes.ALPHABET} == {8}


@given(st.binary(min_size=codes.LENGTH, max_size=codes.LENGTH))
def test_a_drawn_code_stays_as_it_is(octets: bytes) -> None:
    code = codes.from_random(octets)
    assume(not is_rude(code))
    assert len(code) == codes.LENGTH
    assert codes.folded(code) == codes.folded(codes.shown(code)) == codes.vanity(code) == code


@pytest.mark.parametrize(
    "typed",
    [
        "7Q2KM9XW",
        "7q2k-m9xw",
        " 7Q2K M9XW\n",
        "7Q2K–M9XW",
        "7Q2K\u2011M9XW",
        "７Ｑ２Ｋ－Ｍ９ＸＷ",
        "7Q2K\u3000M9XW",
        "\u200b7Q2KM9XW\ufeff",
        "7Q2K\u00adM9XW",
    ],
)
def test_case_spaces_dashes_wide_letters_and_the_invisible_are_forgiven(typed: str) -> None:
    assert codes.folded(typed) == "7Q2KM9XW"


@pytest.mark.parametrize(
    ("code", "shown"), [("7Q2KM9XW", "7Q2K-M9XW"), ("ALICE10", "ALICE10"), ("TEA", "TEA")]
)
def test_a_drawn_code_is_read_in_two_halves(code: str, shown: str) -> None:
    assert codes.shown(code) == shown


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("mei", "MEI"),
        ("Mei Tea", "MEITEA"),
        ("mei_10", "MEI_10"),
        ("ｍｅｉ", "MEI"),
        ("x" * 32, "X" * 32),
    ],
)
def test_an_advocate_may_choose_a_code(text: str, code: str) -> None:
    assert codes.vanity(text) == code


@pytest.mark.parametrize("text", ["", "ab", "-a-b-", "x" * 33])
def test_a_chosen_code_has_a_length(text: str) -> None:
    with pytest.raises(CodeInvalid, match="needs 3 to 32 letters or digits") as caught:
        codes.vanity(text)
    assert caught.value.facts["field"] == "code"


@pytest.mark.parametrize("text", ["mei!", "美好一天", "mei/tea", "m.e.i", "ÉLAN", "tea🍵tea"])
def test_a_chosen_code_has_plain_letters(text: str) -> None:
    with pytest.raises(CodeInvalid, match="letters A-Z, digits, hyphens and _ only") as caught:
        codes.vanity(text)
    assert caught.value.facts["field"] == "code"


@given(anything)
def test_a_choice_is_a_code_or_refused(text: str) -> None:
    try:
        code = codes.vanity(text)
    except CodeInvalid:
        return
    assert codes.folded(code) == code
    assert code.isascii()


@pytest.mark.parametrize(
    ("text", "kept"), [("REF-Alice10", "ref-alice10"), (" a b ", "a b"), ("a-b", "a-b")]
)
def test_a_coupon_keeps_its_hyphens_and_spaces(text: str, kept: str) -> None:
    assert codes.coupon(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        *("FuckYou", "f_u-c k10", "5h1t", "SHIT2026", "cao-ni-ma", "NAZI_88", "my_shit", "8itch"),
        *("gan-lin-lao-mu", "CNM", "tmd88", "ji-bai", "PENIS10"),
    ],
)
def test_a_rude_word_is_no_code(text: str) -> None:
    with pytest.raises(CodeInvalid, match="choose another"):
        codes.vanity(text)


@pytest.mark.parametrize(
    "text",
    [
        *("SHITING", "NAZIM", "SCUNTHORPE", "GRAPE10", "COCKTAIL", "DICKENS", "ESSEX", "THERAPIST"),
        *("CLASSIC", "GANNIKUS", "CHINKUAN", "HANCOCK_7"),
    ],
)
def test_a_name_that_holds_one_by_chance_is_a_code(text: str) -> None:
    assert codes.vanity(text) == text
