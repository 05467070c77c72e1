"""Characters that one name is written with in two ways."""

from __future__ import annotations

from goodword.characters import CHARACTERS, LETTERS


def test_a_character_leads_to_another_and_no_further() -> None:
    led_to = {ord(character) for character in CHARACTERS.values()}
    assert len(CHARACTERS) > 400
    assert led_to.isdisjoint(CHARACTERS)


def test_what_taiwan_writes_with_stays() -> None:
    kept = "杰云丰松范余于里后郁岳涂勛升芸佑"
    assert kept.translate(CHARACTERS) == kept


def test_letters_become_plain_ones() -> None:
    assert "".join(map(chr, LETTERS)).translate(LETTERS).isascii()
