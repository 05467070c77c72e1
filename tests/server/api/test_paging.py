"""Long lists come in pages: whatever happens between two of them, nothing is lost."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from goodword import Referrals
from goodword_server.house import House
from tests.sdk.builders import a_program, alice, an_order
from tests.server.builders import client_of, connect, problem

pytestmark = pytest.mark.slow

Ask = Callable[..., Any]
NAMES = [f"p{number:02}" for number in range(7)]


@pytest.fixture
def referrals(house: House) -> Referrals:
    connect(house)
    found = house.referrals("tea-house")
    for name in NAMES:
        found.programs.save(a_program(name=name))
    return found


@pytest.fixture
def ask(house: House, referrals: Referrals) -> Ask:
    client = client_of(house)
    headers = {"Authorization": f"Bearer {house.new_key('tea-house')}"}

    def ask(path: str = "/programs", **query: Any) -> Any:
        return client.get(f"/v1{path}", query_string=query, headers=headers)

    return ask


def names(answer: Any) -> list[str]:
    return [item["name"] for item in answer.get_json()["items"]]


def the_next(answer: Any) -> str | None:
    found: str | None = answer.get_json()["next"]
    return found


def wrong(answer: Any) -> str:
    told = problem(answer)
    assert (told["status"], told["reason"]) == (422, "invalid")
    return str(told["facts"]["field"])


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 8])
def test_all_pages_together_are_the_list(ask: Ask, limit: int) -> None:
    answer = ask(limit=limit)
    told = names(answer)
    while cursor := the_next(answer):
        answer = ask(limit=limit, cursor=cursor)
        assert 0 < len(names(answer)) <= limit
        told += names(answer)
    assert told == NAMES


def test_without_a_limit_a_hundred_are_told(ask: Ask, referrals: Referrals) -> None:
    assert the_next(ask()) is None
    for number in range(100):
        referrals.programs.save(a_program(name=f"q{number:03}"))
    assert len(names(ask())) == 100
    assert len(names(ask(cursor=the_next(ask())))) == 7


def test_what_is_added_before_a_page_moves_nothing(ask: Ask, referrals: Referrals) -> None:
    first = ask(limit=3)
    referrals.programs.save(a_program(name="a-new-one"))
    assert names(ask(limit=3, cursor=the_next(first))) == NAMES[3:6]


def test_what_is_added_after_a_page_is_told_in_its_place(ask: Ask, referrals: Referrals) -> None:
    first = ask(limit=3)
    referrals.programs.save(a_program(name="p02-b"))
    assert names(ask(limit=3, cursor=the_next(first))) == ["p02-b", *NAMES[3:5]]


def test_what_is_changed_meanwhile_stays_where_it_was(ask: Ask, referrals: Referrals) -> None:
    first = ask(limit=3)
    referrals.programs.save(a_program(name="p02", title="Another title"))
    assert names(ask(limit=3, cursor=the_next(first))) == NAMES[3:6]


def test_who_keeps_thanks_page_by_page_misses_none(ask: Ask, referrals: Referrals) -> None:
    referrals.advocates.invite("p00", alice(), code="ALICE10", coupon="ref-alice10")
    for number in range(5):
        order = an_order(id=str(number), email=f"f{number}@friend.example")
        referrals.record_order(order)

    def keep(answer: Any) -> list[str]:
        found = answer.get_json()["items"]
        return [referrals.thanks.keep(thanks["id"]).order for thanks in found]

    answer = ask("/thanks", limit=2)
    told = keep(answer)
    while cursor := the_next(answer):
        answer = ask("/thanks", limit=2, cursor=cursor)
        told += keep(answer)
    assert sorted(told) == ["0", "1", "2", "3", "4"]
    assert referrals.thanks.owed() == []


@pytest.mark.parametrize(
    "limit", ["0", "-1", "1001", "9" * 30, "two", "1.5", "", "1_0", " 1", "１"]
)
def test_a_limit_out_of_bounds_is_told(ask: Ask, limit: str) -> None:
    assert wrong(ask(limit=limit)) == "limit"


def cursor_of(*parts: Any) -> str:
    return base64.urlsafe_b64encode("\0".join(map(str, parts)).encode()).decode().rstrip("=")


WRONG = {
    "no base64": "%%%",
    "other letters": "茶",
    "no json": base64.urlsafe_b64encode(b"tea").decode(),
    "no text": base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    "no list": base64.urlsafe_b64encode(b'{"a": 1}').decode(),
    "a number": base64.urlsafe_b64encode(b"7").decode(),
    "nothing": "",
    "nested without end": base64.urlsafe_b64encode(b"[" * 2900).decode(),
    "too long": "A" * 5000,
    "a number too long": base64.urlsafe_b64encode(b"[" + b"9" * 2900 + b"]").decode(),
    "of another list": cursor_of("Thanks", 1, "x"),
    "too long a key": cursor_of("Program", "a", "b"),
    "too short": cursor_of("Program"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_cursor_that_is_none_is_told(ask: Ask, what: str) -> None:
    assert wrong(ask(cursor=WRONG[what])) == "cursor"


def test_so_it_is_where_there_is_nothing_to_page_through(ask: Ask) -> None:
    assert wrong(ask("/reviews", cursor=the_next(ask(limit=1)))) == "cursor"
