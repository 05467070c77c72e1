"""A letter of thanks says what its shop says, as it stands when the letter is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from goodword import Channel, percent_off
from goodword_server.house import House
from goodword_server.looks import Look
from goodword_server.storage import looks
from goodword_server.worker import Worker
from tests.sdk.builders import Clock, a_program, a_shop_with, an_order, carol
from tests.server.builders import SHOP, a_house
from tests.server.letters import read

BODY = "thanks.body"


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    return tmp_path / "mails"


@pytest.fixture
def house(url: str, clock: Clock, mails: Path) -> Iterator[House]:
    """A house where Alice is owed thanks for order 17."""
    with a_house(url, clock, mail=f"folder:{mails}") as house:
        referrals = house.referrals(SHOP)
        a_shop_with(referrals)
        referrals.record_order(an_order())
        yield house


def sent(house: House, mails: Path) -> EmailMessage:
    Worker(house).once()
    (file,) = mails.iterdir()
    return read(file.read_bytes())


def languages(letter: EmailMessage) -> list[str]:
    """What it says in English, and in Chinese."""
    text: str = letter.get_content()
    return text.replace("\r\n", "\n").split("\n---\n\n")


def test_without_words_of_the_shops_own_it_says_ours(house: House, mails: Path) -> None:
    letter = sent(house, mails)
    assert letter["Subject"] == "Thank you, Alice!"
    english, chinese = languages(letter)
    assert "a friend has just ordered with your code ALICE10" in english
    assert "剛剛有一位朋友用您的推薦碼 ALICE10 下單了" in chinese
    assert house.referrals(SHOP).thanks.owed() == []


def test_the_shops_own_words_are_said_as_they_stand_just_then(house: House, mails: Path) -> None:
    referrals = house.referrals(SHOP)
    own = "Dear {{ advocate }},\n\nyour friends get {{ offer }} at {{ shop }}. <3 🍵\n"
    referrals.messages.edit("friends", BODY, Channel.MAIL, own)
    referrals.messages.edit("friends", "thanks.subject", Channel.MAIL, "One\nfor {{ advocate }}")
    # Saved after the thanks were planned; what was written before still stands.
    referrals.programs.save(a_program(offer=percent_off(20)))
    letter = sent(house, mails)
    assert letter["Subject"] == "One for Alice"
    english, chinese = languages(letter)
    assert english == f"Dear Alice,\n\nyour friends get 20% off at {SHOP}. <3 🍵\n"
    assert "ALICE10" in chinese


def test_another_shops_words_are_not_said(house: House, mails: Path) -> None:
    other = house.referrals("book-shop")
    a_shop_with(other)
    other.messages.edit("friends", BODY, Channel.MAIL, "Books!")
    assert "Books!" not in sent(house, mails).get_content()


def test_a_letter_goes_by_the_name_that_people_know(house: House, mails: Path) -> None:
    house.referrals(SHOP).messages.edit("friends", BODY, Channel.MAIL, "Yours, {{ shop }}")
    tea = Look(name="Tea & 茶")
    house.database.write(lambda session: looks.put(session, SHOP, tea, house.now()))
    assert "Yours, Tea & 茶" in sent(house, mails).get_content()


def test_whoever_is_thanked_is_greeted_whatever_became_of_the_code(
    house: House, mails: Path
) -> None:
    referrals = house.referrals(SHOP)
    carol(referrals)
    referrals.credit.assign("17", "CAROL", reason="they met at the counter")
    letter = sent(house, mails)
    assert letter["To"] == "alice@shop.example"
    assert letter["Subject"] == "Thank you, Alice!"
    english, chinese = languages(letter)
    assert english.startswith("Hello Alice,")
    assert chinese.startswith("Alice 您好：")


def test_thanks_without_a_referral_are_said_in_our_words(house: House) -> None:
    (owed,) = house.referrals(SHOP).thanks.owed()
    adrift = replace(owed, program=None)  # type: ignore[arg-type]
    english, _ = house.letter_of_thanks(SHOP, adrift)
    assert english.subject == "Thank you, Alice!"
