"""What a letter of thanks says, and to whom."""

from __future__ import annotations

import pytest

from goodword_server.mail import message
from tests.server.letters import HAN, SENDER, read, thanks

# What the letter says.


def test_a_letter_speaks_both_languages_and_names_the_code() -> None:
    text = message(thanks(), "f-1", SENDER).get_content()
    english, chinese = text.split("\n---\n")
    assert "Hello Alice" in english
    assert "Alice" in chinese
    assert not HAN.search(english)
    assert HAN.search(chinese)
    assert "ALICE10" in english
    assert "ALICE10" in chinese


def test_a_letter_promises_no_more_than_the_return_period() -> None:
    assert "as soon as the return period is over" in message(thanks(), "f-1", SENDER).get_content()


def test_whoever_has_no_name_is_greeted_without_one() -> None:
    letter = message(thanks(name=""), "f-1", SENDER)
    assert letter["Subject"] == "Thank you!"
    assert letter.get_content().startswith("Hello,\n")
    assert "您好：" in letter.get_content()
    assert " ," not in letter.get_content()


def test_the_same_deed_is_the_same_letter() -> None:
    one, other = message(thanks(), "f-1", SENDER), message(thanks(), "f-1", SENDER)
    assert one["Message-ID"] == other["Message-ID"] == "<f-1@tea.example>"
    assert message(thanks(), "f-2", SENDER)["Message-ID"] != one["Message-ID"]


def test_a_letter_says_that_a_machine_wrote_it() -> None:
    assert message(thanks(), "f-1", SENDER)["Auto-Submitted"] == "auto-generated"


def test_a_letter_passes_through_servers_that_know_only_ascii() -> None:
    letter = message(thanks(name="陳怡君"), "f-1", SENDER)
    assert letter.as_bytes().isascii()
    back = read(letter.as_bytes())
    assert back["Subject"] == "Thank you, 陳怡君!"
    assert "陳怡君 您好" in back.get_content()


@pytest.mark.parametrize("name", ["Al\r\nBcc: x@evil.example", "Al\nice", "Al\x0bice", "Al\u2028"])
def test_a_name_of_several_lines_adds_no_header(name: str) -> None:
    back = read(message(thanks(name=name), "f-1", SENDER).as_bytes())
    assert back["Bcc"] is None
    assert back["To"] == "alice@shop.example"
    assert str(back["Subject"]).startswith("Thank you, Al")
