"""The owners of a shop are mailed once that a customer asks what is kept of them."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path

import pytest

from goodword.platforms import DataAsked
from goodword_server.house import House
from goodword_server.shell.roles import Role
from goodword_server.storage import data_requests
from goodword_server.telling import asked_for
from tests.sdk.builders import Clock
from tests.server.builders import SHOP, a_house
from tests.server.shell.browser import an_account

pytestmark = pytest.mark.slow

FRIEND = "friend@example.com"
ASKED = DataAsked(
    id="9999", email=FRIEND, phone="+886912345678", account="70707", orders=("60606",)
)


def ask(house: House, asked: DataAsked = ASKED) -> bool:
    return house.database.write(
        lambda s: data_requests.add(s, house.vault, SHOP, asked, house.now())
    )


@pytest.fixture
def owned(house: House) -> House:
    """A shop with an owner and somebody who helps."""
    an_account(house, "owner@tea.example", Role.OWNER)
    an_account(house, "staff@tea.example", Role.STAFF)
    return house


def test_an_owner_is_mailed_once_in_both_languages_however_often_it_is_told(
    owned: House, mails: Path
) -> None:
    assert [ask(owned) for _ in range(3)] == [True, False, False]
    assert [asked_for.say_all(owned) for _ in range(3)] == [1, 0, 0]
    assert not ask(owned)
    assert asked_for.say_all(owned) == 0
    (file,) = mails.iterdir()
    mail = message_from_bytes(file.read_bytes())
    text = (mail.get_payload(decode=True) or b"").decode()  # type: ignore[union-attr]
    assert mail["To"] == "owner@tea.example"
    due = owned.now() + timedelta(days=30)
    for day in (f"{due.day} {due:%B} {due.year}", f"{due.year} 年 {due.month} 月 {due.day} 日"):
        assert day in text
        assert day in str(make_header(decode_header(mail["Subject"])))
    for words in ("within 30 days", "30 天內", f"{owned.settings.public_url}/owner/{SHOP}/data"):
        assert words in text


def test_the_mail_tells_nothing_of_who_asked(owned: House, mails: Path) -> None:
    ask(owned)
    asked_for.say_all(owned)
    (file,) = mails.iterdir()
    mail = message_from_bytes(file.read_bytes())
    text = mail.as_string() + (mail.get_payload(decode=True) or b"").decode()  # type: ignore[union-attr]
    for told in (FRIEND, "912345678", "70707", "60606"):
        assert told not in text


def test_each_owner_is_mailed_and_each_question_once(owned: House, mails: Path) -> None:
    an_account(owned, "second@tea.example", Role.OWNER)
    for id in ("1", "2"):
        ask(owned, DataAsked(id=id, email=FRIEND))
    assert asked_for.say_all(owned) == 2
    told = [message_from_bytes(file.read_bytes())["To"] for file in mails.iterdir()]
    assert told == ["owner@tea.example, second@tea.example"] * 2


def test_a_mail_that_could_not_be_sent_is_sent_later(
    owned: House, clock: Clock, mails: Path
) -> None:
    ask(owned)
    mails.write_text("in the way")
    assert asked_for.say_all(owned) == 1
    mails.unlink()
    assert asked_for.say_all(owned) == 0
    clock.on(minutes=11)
    assert asked_for.say_all(owned) == 1
    assert len(list(mails.iterdir())) == 1


def test_who_becomes_the_owner_later_is_mailed_then(
    house: House, clock: Clock, mails: Path
) -> None:
    ask(house)
    assert asked_for.say_all(house) == 0
    an_account(house, "owner@tea.example", Role.OWNER)
    clock.on(days=1, minutes=1)
    assert asked_for.say_all(house) == 1
    assert len(list(mails.iterdir())) == 1


def test_what_was_answered_before_is_not_mailed(owned: House, mails: Path) -> None:
    ask(owned)
    owned.database.write(lambda s: data_requests.answer(s, SHOP, "9999", None, owned.now()))
    asked_for.say_all(owned)
    assert not mails.exists()


def test_without_mail_it_stands_in_the_shell_and_is_mailed_once_there_is_mail(
    url: str, clock: Clock, mails: Path
) -> None:
    with a_house(url, clock) as house:
        an_account(house, "owner@tea.example", Role.OWNER)
        ask(house)
        assert asked_for.say_all(house) == 0
    with a_house(url, clock, mail=f"folder:{mails}") as house:
        assert asked_for.say_all(house) == 1
