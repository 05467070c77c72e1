"""A request with an Idempotency-Key is done once, and answered alike however often it comes."""

from __future__ import annotations

import dataclasses
import multiprocessing
import typing
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from werkzeug.test import TestResponse

from goodword.interface.routes import ROUTES
from goodword.interface.routes import answer as answer_of
from goodword.storage.tables import codes, visits
from goodword_server.forgetting import TELLING
from goodword_server.house import House
from goodword_server.storage import answers as kept_answers
from goodword_server.storage.keys import KeyScope
from goodword_server.storage.tables import answers
from goodword_server.worker import Worker
from tests.sdk.builders import START, Clock, an_order, at_once
from tests.server.asking import Asker, an_asker
from tests.server.builders import (
    FIRST_SECRET,
    NEXT_SECRET,
    SHOP,
    Place,
    a_house,
    a_place,
    client_of,
    problem,
    rows,
)

pytestmark = pytest.mark.slow

DRAW = "/programs/friends/advocates/c-1/codes"
ALICE = {"id": "alice@shop.example"}
BOB = {"advocate": {"id": "c-2", "name": "Bob", "email": "bob@shop.example"}}


def once(ask: Asker, path: str = DRAW, key: str = "k-1", **given: Any) -> TestResponse:
    """Ask with an Idempotency-Key: to draw two codes, if nothing else is said."""
    body = given.pop("json", {"many": 2})
    return ask("POST", path, json=body, headers={"Idempotency-Key": key}, **given)


def is_replayed(answer: TestResponse) -> bool:
    return answer.headers.get("Idempotent-Replayed") == "true"


def drawn(house: House, shop: str = SHOP) -> int:
    """How many codes there are beside the one that every shop here has."""
    return len([row for row in rows(house, codes) if row["shop"] == shop]) - 1


@pytest.fixture
def ask(place: Place) -> Asker:
    return an_asker(place.house)


# What comes again.


def test_the_same_request_is_done_once_and_answered_alike(ask: Asker, house: House) -> None:
    first, again, third = once(ask), once(ask), once(ask)
    assert first.status_code == again.status_code == third.status_code == 201
    assert first.data == again.data == third.data
    assert first.mimetype == again.mimetype
    assert [is_replayed(one) for one in (first, again, third)] == [False, True, True]
    assert drawn(house) == 2


def test_without_a_key_each_request_is_one_by_itself(ask: Asker, house: House) -> None:
    told = [ask("POST", DRAW, json={"many": 2}) for _ in range(2)]
    assert told[0].data != told[1].data
    assert drawn(house) == 4
    assert rows(house, answers) == []


def test_with_other_keys_too(ask: Asker, house: House) -> None:
    for key in ("k-1", "k-2", "K-1", "~" * 64, "!"):
        assert not is_replayed(once(ask, key=key))
    assert drawn(house) == 10


def test_an_answer_without_a_body_is_answered_alike(ask: Asker, house: House) -> None:
    for replayed in (False, True):
        answer = once(ask, "/people/forget", json=ALICE)
        assert (answer.status_code, answer.data, is_replayed(answer)) == (204, b"", replayed)
        assert "Content-Type" not in answer.headers
    # Without the key it would be told that there is nobody.
    assert ask("POST", "/people/forget", json=ALICE).status_code == 404


def test_an_export_is_made_anew_and_nothing_of_it_kept(ask: Asker, house: House) -> None:
    first = once(ask, "/people/export", json={"id": "c-1"})
    again = once(ask, "/people/export", json={"id": "c-1"})
    assert first.data == again.data
    assert b"alice@shop.example" in first.data
    (row,) = rows(house, answers)
    assert (row["status"], row["body"]) == (200, None)


def test_a_get_is_never_kept(ask: Asker, house: House) -> None:
    headers = {"Idempotency-Key": "k-1"}
    for method in ("GET", "HEAD"):
        assert ask(method, "/programs", headers=headers).status_code == 200
    assert rows(house, answers) == []


def test_every_verb_that_is_no_get_may_bear_one(ask: Asker, house: House) -> None:
    told = [
        ("POST", "/names", {"name": "Alice"}),
        ("POST", "/visits", {"code": "ALICE10"}),
        ("POST", "/claims", {"code": "ALICE10", "email": "bob@friend.example"}),
        ("POST", "/programs/friends/advocates", BOB),
        ("PUT", "/programs/other", {"title": "T", **dict.fromkeys(("offer", "reward"), PERCENT)}),
    ]
    for number, (method, path, body) in enumerate(told):
        headers = {"Idempotency-Key": f"k-{number}"}
        first, again = (ask(method, path, json=body, headers=headers) for _ in range(2))
        assert first.status_code < 300, first.data
        assert (first.status_code, first.data) == (again.status_code, again.data)
        assert (is_replayed(first), is_replayed(again)) == (False, True)
    assert len(rows(house, visits)) == 1


PERCENT = {"kind": "percent_off", "percent": "10"}


# What is another request.


def test_another_request_with_the_same_key_is_refused_and_not_done(
    ask: Asker, house: House
) -> None:
    once(ask)
    key = {"Idempotency-Key": "k-1"}
    for other in (
        once(ask, json={"many": 3}),
        once(ask, "/programs/friends/advocates", json=BOB),
        # Spelled otherwise is another one, too: nobody sends a repeat so.
        ask("POST", DRAW, data=b'{"many":  2}', content_type="application/json", headers=key),
    ):
        told = problem(other)
        assert (told["status"], told["reason"]) == (409, "idempotency_key_reused")
        assert told["facts"]["key"] == "k-1"
        assert "give each request a key of its own" in told["detail"]
    assert drawn(house) == 2


def test_a_query_is_part_of_the_request(ask: Asker, house: House) -> None:
    order = {
        "id": "17",
        "placed": "2026-11-22T09:25:23+00:00",
        "net": {"minor": 100, "unit": "GBP"},
        "gross": {"minor": 100, "unit": "GBP"},
    }
    assert once(ask, "/orders?confirmed=true", json=order).status_code == 200
    assert once(ask, "/orders?confirmed=false", json=order).status_code == 409
    assert is_replayed(once(ask, "/orders?confirmed=true", json=order))


def test_a_key_is_the_shops_whichever_of_its_keys_asks(ask: Asker, house: House) -> None:
    first = once(ask)
    again = once(an_asker(house))
    assert first.data == again.data
    assert is_replayed(again)


def test_nobody_with_a_pages_key_takes_a_key_before_the_shop_does(ask: Asker, house: House) -> None:
    browser = an_asker(house, KeyScope.PUBLISHABLE)
    visit = {"code": "ALICE10", "landing": "/tea"}
    taken = once(browser, "/visits", key="order-1001", json=visit)
    assert taken.status_code < 300
    # The page's own repeat is one, and the shop's request is done.
    assert is_replayed(once(browser, "/visits", key="order-1001", json=visit))
    assert once(ask, key="order-1001").status_code == 201
    told = problem(once(browser, "/visits", key="order-1001", json={"code": "ALICE10"}))
    assert told["facts"]["key"] == "order-1001"


def test_another_shops_key_of_the_same_name_is_another_one(ask: Asker, house: House) -> None:
    a_place(house, shop="other", url="https://other.example")
    once(ask)
    there = once(an_asker(house, shop="other"))
    assert there.status_code == 201
    assert not is_replayed(there)
    assert (drawn(house), drawn(house, "other")) == (2, 2)


def test_who_may_not_ask_gets_no_kept_answer(ask: Asker, house: House) -> None:
    once(ask)
    assert once(an_asker(house, KeyScope.READ)).status_code == 403


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 65, "é", "k\x7f", "k\t"])
def test_a_key_that_cannot_be_kept_is_told_so_and_nothing_is_done(
    ask: Asker, house: House, key: str
) -> None:
    told = problem(once(ask, key=key))
    assert (told["status"], told["facts"]["field"]) == (422, "Idempotency-Key")
    assert "1 to 64 visible ASCII characters" in told["detail"]
    assert drawn(house) == 0


# What goes wrong is not kept.


def test_a_mended_retry_may_use_the_key_again(ask: Asker, house: House) -> None:
    unread = once(ask, json={"many": "two"})
    refused = once(ask, "/programs/none/advocates/c-1/codes")
    assert (unread.status_code, refused.status_code) == (422, 404)
    assert rows(house, answers) == []
    mended = once(ask)
    assert (mended.status_code, is_replayed(mended)) == (201, False)


def test_an_end_between_work_and_answer_leaves_neither(
    ask: Asker, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the end")

    for module, name in ((kept_answers, "keep"), (house.vault, "seal")):
        with monkeypatch.context() as broken:
            broken.setattr(module, name, fail)
            assert once(ask).status_code == 500
        assert drawn(house) == 0
        assert rows(house, answers) == []
    assert not is_replayed(once(ask))
    assert drawn(house) == 2


# Restarts, secrets, time.


def test_a_restarted_house_answers_alike(ask: Asker, house: House, url: str, clock: Clock) -> None:
    first = once(ask)
    with a_house(url, clock) as restarted:
        again = once(Asker(client_of(restarted), ask.key))
    assert first.data == again.data
    assert is_replayed(again)


def test_so_does_one_whose_secrets_rotated(
    ask: Asker, house: House, url: str, clock: Clock
) -> None:
    first = once(ask)
    with a_house(url, clock, secrets=(NEXT_SECRET, FIRST_SECRET)) as rotated:
        again = once(Asker(client_of(rotated), ask.key))
    assert first.data == again.data
    assert is_replayed(again)
    with a_house(url, clock, secrets=(NEXT_SECRET,)) as lost:
        assert once(Asker(client_of(lost), ask.key)).status_code == 409


def test_an_answer_is_kept_for_a_day(ask: Asker, house: House, clock: Clock) -> None:
    first = once(ask)
    clock.on(hours=24)
    assert once(ask).data == first.data
    clock.on(microseconds=1)
    later = once(ask)
    assert later.data != first.data
    assert not is_replayed(later)
    assert once(ask).data == later.data


def test_then_the_worker_sweeps_it_out(ask: Asker, house: House, clock: Clock) -> None:
    once(ask)
    clock.on(hours=25)
    Worker(house).once()
    assert len(rows(house, answers)) == 1
    clock.on(microseconds=1)
    Worker(house).once()
    assert rows(house, answers) == []


# What is kept of people.


def test_whoever_steals_the_table_reads_no_answer_and_no_request(ask: Asker, house: House) -> None:
    once(ask, "/people/export", key="k-1", json={"id": "alice@shop.example"})
    answer = once(ask, "/programs/friends/advocates", key="k-2", json=BOB).get_json()
    once(ask, "/advocates/c-2/merge", key="k-3", json={"into": "c-1"})
    kept = repr(rows(house, answers))
    for word in ("alice", "Alice", "c-2", "Bob", answer["text"]):
        assert word not in kept


def test_an_answer_that_tells_of_people_goes_when_somebody_is_forgotten(
    ask: Asker, house: House
) -> None:
    once(ask, "/programs/friends/advocates", key="k-1", json=BOB)
    merged = once(ask, "/advocates/c-2/merge", key="k-2", json={"into": "c-1"})
    assert b"alice@shop.example" in merged.data
    assert is_replayed(once(ask, "/advocates/c-2/merge", key="k-2", json={"into": "c-1"}))
    assert once(ask, "/people/forget", key="k-3", json={"id": "c-1"}).status_code == 204
    gone = problem(once(ask, "/advocates/c-2/merge", key="k-2", json={"into": "c-1"}))
    assert (gone["status"], gone["reason"]) == (409, "idempotency_key_reused")
    assert "its answer is kept no longer" in gone["detail"]
    # What tells of nobody stays.
    assert is_replayed(once(ask, "/programs/friends/advocates", key="k-1", json=BOB))


def test_no_other_answer_tells_of_people() -> None:
    told = {one.verb for one in ROUTES if one.method != "GET" and personal(answer_of(one.verb))}
    assert (
        told
        == set(TELLING)
        == {
            *("advocates.merge", "advocates.reached_at", "proofs.save", "thanks.keep"),
        }
    )


def personal(kind: Any) -> bool:
    """Whether a value holds a name or a contact, however deep."""
    inner = [one for one in typing.get_args(kind) if one is not type(None)]
    if not dataclasses.is_dataclass(kind):
        return any(map(personal, inner))
    hints = typing.get_type_hints(kind)
    told = {"email", "phone", "consented"}
    return bool(hints.keys() & told) or any(map(personal, hints.values()))


# Twins.


def twins(calls: Sequence[Callable[[], TestResponse]]) -> list[TestResponse]:
    told = at_once(*calls)
    for one in told:
        assert isinstance(one, TestResponse), one
    return [one for one in told if isinstance(one, TestResponse)]


def test_twins_are_done_once_and_answered_alike(ask: Asker, house: House) -> None:
    for turn in range(5):
        told = twins([partial(once, Asker(client_of(house), ask.key), key=f"k-{turn}")] * 8)
        assert {one.status_code for one in told} == {201}
        assert len({one.data for one in told}) == 1
        assert Counter(map(is_replayed, told)) == {False: 1, True: 7}
        assert drawn(house) == 2 * (turn + 1)


def test_of_twins_that_differ_one_is_done_and_the_others_are_told(ask: Asker, house: House) -> None:
    calls = [
        partial(once, Asker(client_of(house), ask.key), json={"many": many})
        for many in (1, 2, 3, 4)
    ]
    told = twins(calls)
    assert Counter(one.status_code for one in told) == {201: 1, 409: 3}
    (done,) = [one.get_json()["items"] for one in told if one.status_code == 201]
    assert drawn(house) == len(done)


def test_a_twin_whose_other_fails_is_done_itself(ask: Asker, house: House) -> None:
    # What is drawn for somebody unknown fails, and keeps no key from whoever waits for it.
    calls = [
        partial(once, Asker(client_of(house), ask.key), path)
        for path in (DRAW, DRAW.replace("c-1", "c-9"))
    ]
    right, wrong = at_once(*calls)
    assert isinstance(right, TestResponse)
    assert isinstance(wrong, TestResponse)
    assert right.status_code == 201
    # Too late it is another request's key.
    assert wrong.status_code in (404, 409)
    assert drawn(house) == 2


def test_orders_told_by_twins_are_booked_once(place: Place, house: House) -> None:
    told = an_order()
    body = {
        "id": told.id,
        "placed": told.placed.isoformat(),
        "net": {"minor": 1000, "unit": "GBP"},
        "gross": {"minor": 1000, "unit": "GBP"},
    }
    key = house.new_key(SHOP)
    said = twins([partial(once, Asker(client_of(house), key), "/orders", json=body)] * 4)
    # Not one is told that it was a duplicate: all are the one request.
    assert {one.get_json()["result"] for one in said} == {said[0].get_json()["result"]}
    assert said[0].get_json()["result"] != "duplicate"


def draw_there(url: str, at: datetime, key: str) -> tuple[int, bytes]:
    warnings.simplefilter("error")
    with a_house(url, Clock(at)) as house:
        answer = once(Asker(client_of(house), key))
        return answer.status_code, answer.data


@pytest.mark.slow
def test_twins_in_two_processes_are_one(ask: Asker, house: House, url: str) -> None:
    # Not forked: a fork would share connections and locks, as no two servers do.
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        both = [pool.submit(draw_there, url, START, str(ask.key)) for _ in range(2)]
        told = {one.result(120) for one in both}
    assert [status for status, _ in told] == [201]
    assert drawn(house) == 2
