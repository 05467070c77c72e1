"""What a letter of thanks says, and to whom."""

from __future__ import annotations

import pytest

from goodword_server.mail import message
from goodword_server.thanking import Letter
from tests.server.letters import HAN, SENDER, letter, read, text_of, thanks

# What the letter says.


def test_a_letter_speaks_both_languages_and_names_the_code() -> None:
    text = text_of(letter())
    english, chinese = text.split("\n---\n")
    assert "Hello Alice" in english
    assert "Alice" in chinese
    assert not HAN.search(english)
    assert HAN.search(chinese)
    assert "ALICE10" in english
    assert "ALICE10" in chinese


def test_a_letter_that_knows_of_no_program_promises_nothing() -> None:
    said = text_of(letter())
    assert not any(word in said for word in ("return period", "NT$", "£", "coupon", "優惠券"))


def test_whoever_has_no_name_is_greeted_without_one() -> None:
    found = letter(name="")
    assert found["Subject"] == "Thank you!"
    assert text_of(found).startswith("Hello,\n")
    assert "您好：" in found.get_content()
    assert " ," not in found.get_content()


def test_the_same_deed_is_the_same_letter() -> None:
    one, other = letter(), letter()
    assert one["Message-ID"] == other["Message-ID"] == "<f-1@tea.example>"
    assert letter("f-2")["Message-ID"] != one["Message-ID"]


def test_a_letter_says_that_a_machine_wrote_it() -> None:
    assert letter()["Auto-Submitted"] == "auto-generated"


def test_a_letter_passes_through_servers_that_know_only_ascii() -> None:
    found = letter(name="陳怡君")
    assert found.as_bytes().isascii()
    back = read(found.as_bytes())
    assert back["Subject"] == "Thank you, 怡君!"
    assert "怡君您好" in back.get_content()


@pytest.mark.parametrize("name", ["Al\r\nBcc: x", "Al\nice", "Al\x0bice", "Al\u2028"])
def test_a_name_of_several_lines_adds_no_header(name: str) -> None:
    back = read(letter(name=name).as_bytes())
    assert back["Bcc"] is None
    assert back["To"] == "alice@shop.example"
    assert back["Subject"] == "Thank you, Al!"


def test_a_subject_of_several_lines_adds_no_header() -> None:
    said = [Letter("Thank you\nBcc: x@evil.example\n", "Hello")]
    back = read(message(thanks(), "f-1", SENDER, said).as_bytes())
    assert back["Bcc"] is None
    assert back["Subject"] == "Thank you Bcc: x@evil.example"
