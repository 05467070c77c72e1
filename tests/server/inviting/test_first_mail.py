"""The first mail: who gave the address, what it is, how to say no; and tried until it is out."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from goodword import Invited, Relation, Vouched, thank_you
from goodword_server.house import House
from goodword_server.worker import carriers
from tests.sdk.builders import Clock, a_program
from tests.server.builders import PHONE, PUBLIC, Place, a_house, a_place, client_of
from tests.server.postbox import Postbox, a_postbox

pytestmark = pytest.mark.slow

LIN = Vouched(name="Lin Wu", email="lin@tea.example", relation=Relation.EMPLOYEE)
BY = "Chen"


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with a_postbox() as box:
        yield box


@pytest.fixture
def place(url: str, clock: Clock, postbox: Postbox) -> Iterator[Place]:
    with a_house(url, clock, mail=postbox.url, mail_from="Tea <tea@tea.example>") as house:
        place = a_place(house)
        staff = a_program(thank_you(), name="staff", relations=(Relation.EMPLOYEE,))
        place.referrals.programs.save(staff)
        yield place


def work(house: House) -> None:
    house.engine.work(carriers(house))


def enroll(place: Place, *people: Vouched, language: str = "en") -> list[Invited]:
    told = place.referrals.advocates.enroll("staff", people, by=BY, language=language)
    return [one.result for one in told]


def test_it_says_who_gave_the_address_what_it_is_and_how_to_say_no(
    place: Place, postbox: Postbox
) -> None:
    assert enroll(place, LIN) == [Invited.NEW]
    assert postbox.letters() == []
    work(place.house)
    (letter,) = postbox.letters()
    text = letter.get_content()
    assert letter["To"] == "lin@tea.example"
    assert "Hello Lin" in text
    assert "Chen at tea-house gave us your address" in text
    assert "we thank you for each" in text
    (stop,) = re.findall(rf"{PUBLIC}(\S+/no/\S+)", text)
    assert letter["List-Unsubscribe"] == f"<{PUBLIC}{stop}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (page,) = re.findall(rf"{PUBLIC}(\S+/p/\S+)", text)
    client = client_of(place.house)
    assert client.get(page, headers={"User-Agent": PHONE}).status_code == 303
    assert client.post(stop, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert enroll(place, LIN) == [Invited.DECLINED]
    work(place.house)
    assert len(postbox.letters()) == 1


def test_in_chinese_it_says_the_same(place: Place, postbox: Postbox) -> None:
    enroll(place, LIN, language="zh-Hant")
    work(place.house)
    (letter,) = postbox.letters()
    text = letter.get_content()
    assert "Chen 提供了您的地址" in text
    assert "/no/" in text
    assert "{" not in text


@pytest.mark.parametrize("relation", list(Relation))
@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_each_relation_is_written_to_in_its_own_words(
    place: Place, postbox: Postbox, relation: Relation, language: str
) -> None:
    one = Vouched(name="Wu", email="wu@tea.example", relation=relation)
    place.referrals.advocates.enroll("friends", [one], by=BY, language=language)
    work(place.house)
    (letter,) = postbox.letters()
    assert "{" not in letter.get_content()
    assert letter["Subject"]


def test_a_server_that_is_busy_is_asked_again_and_one_that_refuses_is_believed(
    place: Place, postbox: Postbox, clock: Clock
) -> None:
    postbox.refusals += ["451 busy", "451 busy"]
    enroll(place, LIN)
    for _ in range(3):
        work(place.house)
        clock.on(hours=7)
    assert len(postbox.letters()) == 1
    postbox.refusals += ["550 nobody here"]
    enroll(place, Vouched(name="X", email="x@tea.example", relation=Relation.EMPLOYEE))
    for _ in range(3):
        work(place.house)
        clock.on(hours=7)
    assert len(postbox.letters()) == 1


def test_friends_are_never_mailed_by_it(place: Place, postbox: Postbox) -> None:
    from goodword import Claiming

    place.referrals.claim(Claiming(code="ALICE10", email="bob@friend.example"))
    work(place.house)
    assert "bob@friend.example" not in str([one["To"] for one in postbox.letters()])
