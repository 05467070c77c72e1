"""What is sent is read strictly, and every answer says which request it was."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from werkzeug.test import TestResponse

from goodword import GoodwordError, Referrals
from goodword.errors import NotMigrated
from goodword_server.house import House
from goodword_server.tracing import HEADER
from tests.sdk.builders import Clock, a_shop_with, an_order
from tests.server.builders import a_house, client_of, connect, problem

pytestmark = pytest.mark.slow


class Shop:
    """A shop with Alice in it, and an app of its own that asks."""

    def __init__(self, house: House) -> None:
        connect(house)
        self.house = house
        self.client = client_of(house)
        self.key = {"Authorization": f"Bearer {house.new_key('tea-house')}"}
        a_shop_with(self.referrals)

    @property
    def referrals(self) -> Referrals:
        return self.house.referrals("tea-house")

    def __call__(self, method: str, path: str, **given: Any) -> TestResponse:
        headers = {**self.key, **given.pop("headers", {})}
        return self.client.open(f"/v1{path}", method=method, headers=headers, **given)


@pytest.fixture
def shop(on_sqlite: str, clock: Clock) -> Iterator[Shop]:
    with a_house(on_sqlite, clock) as house:
        yield Shop(house)


def field_of(answer: TestResponse) -> str:
    told = problem(answer)
    assert told["status"] == 422, told
    return str(told["facts"]["field"])


def an_order_sent(**changes: Any) -> dict[str, Any]:
    money = {"minor": 7200, "unit": "GBP"}
    return {"id": "1", "placed": "2026-11-22T09:25:23Z", "net": money, "gross": money} | changes


# Queries.


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/codes/ALICE10?colour=red", "colour"),
        ("/advocates/c-1?limit=3", "limit"),
        ("/programs?limitt=3", "limitt"),
        ("/programs?limit=3&limit=4", "limit"),
        ("/codes/ALICE10?x", "x"),
        ("/codes/ALICE10?=1", ""),
        ("/replay?since=2026-11-01T00:00:00Z", "until"),
        ("/replay?since=2026-11-01&until=2026-12-01T00:00:00Z", "since"),
        ("/replay?since=2026-11-01T00:00:00&until=2026-12-01T00:00:00Z", "since"),
        (
            "/replay?since=2026-11-01T00:00:00Z&until=2026-12-01T00:00:00Z&as_placed=1",
            "as_placed",
        ),
        (
            "/replay?since=2026-11-01T00:00:00Z&until=2026-12-01T00:00:00Z&as_placed=True",
            "as_placed",
        ),
    ],
)
def test_what_is_mistyped_in_a_query_is_told(shop: Shop, path: str, field: str) -> None:
    assert field_of(shop("GET", path)) == field


def test_so_it_is_beside_a_body(shop: Shop) -> None:
    assert field_of(shop("POST", "/names?nmae=x", json={"name": "Alice"})) == "nmae"
    assert field_of(shop("POST", "/orders?confirm=true", json=an_order_sent())) == "confirm"
    assert field_of(shop("POST", "/orders?confirmed=yes", json=an_order_sent())) == "confirmed"
    assert shop("POST", "/orders?confirmed=true", json=an_order_sent()).status_code == 200


# Bodies.


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"test": "false"}, "test"),
        ({"test": 0}, "test"),
        ({"first_order": "true"}, "first_order"),
        ({"net": {"minor": "7200", "unit": "GBP"}}, "net.minor"),
        ({"net": {"minor": True, "unit": "GBP"}}, "net.minor"),
        ({"net": {"minor": 72.5, "unit": "GBP"}}, "net.minor"),
        ({"net": {"minor": 7200, "unit": "GBP", "major": 72}}, "net.major"),
        ({"lines": {}}, "lines"),
        ({"lines": [{"id": "1", "net": {"minor": 1, "unit": "GBP"}, "sku": "x"}]}, "lines.0.sku"),
        ({"placed": 1795339523}, "placed"),
        ({"emial": "x@y.example"}, "emial"),
        ({"id": None}, "id"),
    ],
)
def test_what_is_mistyped_in_a_body_is_told(
    shop: Shop, changes: Mapping[str, Any], field: str
) -> None:
    assert field_of(shop("POST", "/orders", json=an_order_sent(**changes))) == field


@pytest.mark.parametrize(
    ("once", "twice", "field"),
    [('"id": "1"', '"id": "2", "id": "1"', "id"), ("7200", '1, "minor": 7200', "minor")],
)
def test_what_is_written_twice_in_a_body_is_told(
    shop: Shop, once: str, twice: str, field: str
) -> None:
    body = json.dumps(an_order_sent()).replace(once, twice, 1)
    assert field_of(shop("POST", "/orders", data=body, content_type="application/json")) == field


def test_a_body_of_members_names_them_too(shop: Shop) -> None:
    body = {"advocate": {"id": "c-2", "nmae": "x"}}
    assert field_of(shop("POST", "/programs/friends/advocates", json=body)) == "advocate.nmae"
    body = {"advocate": {"id": "c-2"}, "cuopon": "x"}  # type: ignore[dict-item]
    assert field_of(shop("POST", "/programs/friends/advocates", json=body)) == "cuopon"
    many = "/programs/friends/advocates/c-1/codes"
    assert field_of(shop("POST", many, json={"many": "3"})) == "many"
    assert field_of(shop("POST", many, json={"many": 3.5})) == "many"
    assert len(shop("POST", many, json={"many": 3.0}).get_json()["items"]) == 3


def test_a_body_of_which_nothing_is_needed_may_be_left_out(shop: Shop) -> None:
    shop.referrals.record_order(an_order())
    (thanks,) = shop.referrals.thanks.owed()
    told = shop("POST", f"/thanks/{thanks.id}/kept").get_json()
    assert told["channel"] == "in_person"
    assert field_of(shop("POST", "/names")) == "body"


def test_a_body_that_is_no_json_is_told_so(shop: Shop) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None):
        answer = shop("POST", "/names", data="name=Alice", content_type=kind)
        assert problem(answer)["status"] == 415
    answer = shop("POST", "/names", data='{"name": "Alice"}', content_type="application/json; v=1")
    assert answer.status_code == 200


# Paths.

IDS = [
    "a/b",
    "a/b/rewards/x",
    "2026/11/17",
    "/17",
    "17/",
    "a.b",
    "...",
    ".hidden",
    "a b",
    " a",
    "茶/17",
    "50%",
    "a%2Fb",
    "a+b",
    "a?b#c",
    "a;b",
    "a\nb",
    "explanation",
    "a/explanation",
    "\\",
    "🍵",
]


def in_path(id: str) -> str:
    """An id as a client sends it, every sign of it quoted."""
    return "".join(f"%{byte:02X}" for byte in id.encode())


@pytest.mark.parametrize("id", IDS)
def test_an_order_is_found_by_whatever_id_its_shop_gave_it(shop: Shop, id: str) -> None:
    shop.referrals.record_order(an_order(id=id))
    told = shop("GET", f"/orders/{in_path(id)}/explanation")
    assert told.status_code == 200, told.get_data(as_text=True)
    assert told.get_json()["order"] == id


@pytest.mark.parametrize("id", ["a/b", "茶", "a b", "", "x/rewards/y"])
def test_who_is_not_there_is_told_by_their_id(shop: Shop, id: str) -> None:
    for path in (f"/advocates/{in_path(id)}", f"/advocates/{in_path(id)}/rewards"):
        told = problem(shop("GET", path))
        assert (told["reason"], told["facts"]) == ("unknown_advocate", {"id": id})


@pytest.mark.parametrize("id", [".", ".."])
def test_an_id_that_no_path_can_hold_is_told_so(shop: Shop, id: str) -> None:
    environ = {"PATH_INFO": f"/v1/orders/{id}/explanation"}
    told = shop("GET", "/", environ_overrides=environ)
    assert field_of(told) == "order"
    assert "folders" in problem(told)["facts"]["mend"]


# Methods.


def test_what_may_be_asked_is_told_without_a_key(shop: Shop) -> None:
    for path, allowed in (
        ("/v1/programs/friends", {"GET", "HEAD", "PUT", "OPTIONS"}),
        ("/v1/orders", {"POST", "OPTIONS"}),
        ("/v1/advocates/c-1", {"GET", "HEAD", "OPTIONS"}),
        ("/v1/advocates/c-1/merge", {"POST", "OPTIONS"}),
    ):
        answer = shop.client.options(path)
        assert answer.status_code == 200
        assert set(answer.allow) == allowed
        wrong = shop.client.delete(path)
        assert problem(wrong)["reason"] == "method_not_allowed"
        assert set(wrong.allow) == allowed


@pytest.mark.parametrize(
    "path", ["/advocates/c-1/merge", "/programs/friends/advocates", "/orders/17/refunds"]
)
def test_a_longer_path_is_never_taken_for_an_id(shop: Shop, path: str) -> None:
    assert problem(shop("GET", path))["status"] == 405


def test_a_head_is_a_get_without_its_body(shop: Shop) -> None:
    for path in ("/programs/friends", "/codes/ALICE10", "/programs?limit=1"):
        got, head = shop("GET", path), shop("HEAD", path)
        assert (head.status_code, head.data) == (200, b"")
        for name in ("ETag", "Content-Type", "Content-Length", "Cache-Control"):
            assert head.headers[name] == got.headers[name]


# Which request it was.


def test_every_answer_says_which_request_it_was(shop: Shop) -> None:
    for path in ("/v1/programs", "/nothing", "/healthz", "/openapi.json", "/tea-house/r/ALICE10"):
        answer = shop.client.get(path)
        assert re.fullmatch(r"[0-9a-f]{32}", answer.headers[HEADER])
        if answer.status_code >= 400:
            assert problem(answer)["request_id"] == answer.headers[HEADER]
    first, second = (shop.client.get("/healthz").headers[HEADER] for _ in range(2))
    assert first != second


def test_a_sane_id_of_the_askers_is_kept(shop: Shop) -> None:
    for told in ("a", "018f-4e.b_Z", "x" * 64):
        answer = shop("GET", "/advocates/nobody", headers={HEADER: told})
        assert (answer.headers[HEADER], problem(answer)["request_id"]) == (told, told)


TEA = "茶".encode().decode("latin-1")


@pytest.mark.parametrize("told", ["", "x" * 65, "a b", "a%sb", "<b>", "a\tb", TEA])
def test_another_one_is_not(shop: Shop, told: str) -> None:
    answer = shop("GET", "/advocates/nobody", headers={HEADER: told})
    assert answer.headers[HEADER] != told
    assert problem(answer)["request_id"] == answer.headers[HEADER]


@pytest.mark.parametrize("error", [RuntimeError("100% wrong"), NotMigrated(found="1", wanted="2")])
def test_what_went_wrong_stands_in_the_log_under_the_same_id(
    shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    def fail(shop: str) -> Referrals:
        raise error

    monkeypatch.setattr(shop.house, "referrals", fail)
    with caplog.at_level(logging.ERROR):
        answer = shop("GET", "/programs", headers={HEADER: "trouble-1"})
    assert answer.status_code == (503 if isinstance(error, GoodwordError) else 500)
    (record,) = caplog.records
    assert "trouble-1" in record.getMessage()
    assert record.__dict__["request_id"] == "trouble-1"
    assert problem(answer)["request_id"] == answer.headers[HEADER] == "trouble-1"


# What was read is not read again, and nobody's change is lost.


def test_what_did_not_change_is_not_told_again(shop: Shop) -> None:
    for path in ("/programs/friends", "/programs", "/codes/ALICE10", "/advocates/c-1"):
        tag = shop("GET", path).headers["ETag"]
        for told in (tag, f'"x", {tag}', f"W/{tag}", "*"):
            again = shop("GET", path, headers={"If-None-Match": told})
            assert (again.status_code, again.data) == (304, b"")
            assert again.headers["ETag"] == tag
        assert shop("GET", path, headers={"If-None-Match": '"x"'}).status_code == 200


def test_what_changed_is_told_with_another_tag(shop: Shop) -> None:
    tag = shop("GET", "/programs/friends").headers["ETag"]
    save(shop, title="Another")
    answer = shop("GET", "/programs/friends", headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert answer.headers["ETag"] != tag
    wrong = shop("GET", "/programs/friends", headers={"If-Match": tag})
    assert problem(wrong)["reason"] == "precondition_failed"


TWO = {
    "offer": {"kind": "percent_off", "percent": "10"},
    "reward": {"kind": "amount_off", "amount": {"minor": 500, "unit": "GBP"}},
}


def save(shop: Shop, title: str, name: str = "friends", **headers: str) -> TestResponse:
    body = {"title": title, **TWO}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return shop("PUT", f"/programs/{name}", data=json.dumps(body), headers=named | JSON)


JSON = {"Content-Type": "application/json"}


def test_a_program_is_saved_over_what_was_read(shop: Shop) -> None:
    tag = shop("GET", "/programs/friends").headers["ETag"]
    saved = save(shop, "One", If_Match=tag)
    assert saved.status_code == 200
    # The answer's own tag is good for the next change.
    again = save(shop, "Two", If_Match=saved.headers["ETag"])
    assert again.get_json()["version"] == 3
    assert again.headers["ETag"] == shop("GET", "/programs/friends").headers["ETag"]


@pytest.mark.parametrize("over", ["", '"x"', "W/", "nonsense", '"'])
def test_it_is_not_saved_over_somebody_elses_change(shop: Shop, over: str) -> None:
    tag = shop("GET", "/programs/friends").headers["ETag"]
    save(shop, "Somebody else's")
    told = problem(save(shop, "Mine", If_Match=f"W/{tag}" if over == "W/" else over or tag))
    assert (told["status"], told["reason"]) == (412, "program_changed")
    assert told["facts"] == {"name": "friends", "version": 2}
    assert shop.referrals.programs.find("friends").title == "Somebody else's"


def test_a_weak_tag_saves_nothing(shop: Shop) -> None:
    tag = shop("GET", "/programs/friends").headers["ETag"]
    assert problem(save(shop, "Mine", If_Match=f"W/{tag}"))["status"] == 412


def test_a_star_asks_whether_there_is_one(shop: Shop) -> None:
    assert save(shop, "One", If_Match="*").status_code == 200
    assert problem(save(shop, "One", "new", If_Match="*"))["status"] == 412
    assert save(shop, "One", "new", If_None_Match="*").status_code == 200
    told = problem(save(shop, "Two", "new", If_None_Match="*"))
    assert (told["status"], told["facts"]["version"]) == (412, 1)


WORDS = "/programs/friends/messages/page/friend.title"


@pytest.mark.parametrize(
    ("method", "path", "condition"),
    [
        ("PUT", WORDS, {"If-Match": '"x"'}),
        ("PUT", WORDS, {"If-None-Match": "*"}),
        ("PUT", WORDS, {"If-Unmodified-Since": "Sun, 22 Nov 2026 09:25:23 GMT"}),
        ("PUT", "/programs/friends", {"If-None-Match": '"x"'}),
        ("PUT", "/programs/friends", {"If-Unmodified-Since": "Sun, 22 Nov 2026 09:25:23 GMT"}),
        ("POST", "/orders", {"If-Match": '"x"'}),
        ("DELETE", "/webhooks/w-1", {"If-Match": "*"}),
    ],
)
def test_a_condition_that_would_be_passed_over_is_told(
    shop: Shop, method: str, path: str, condition: dict[str, str]
) -> None:
    body = {
        "PUT": {"title": "x", **TWO} if path.endswith("friends") else {"text": "x"},
        "POST": an_order_sent(),
    }
    answer = shop(method, path, json=body.get(method), headers=condition)
    assert field_of(answer) == next(iter(condition))
    assert shop.referrals.programs.find("friends").version == 1


def test_no_tag_is_told_that_no_change_would_heed(shop: Shop) -> None:
    answer = shop("PUT", WORDS, json={"text": "A gift for you"})
    assert answer.status_code == 200, answer.get_json()
    assert "ETag" not in answer.headers


def test_the_version_may_be_named_instead(shop: Shop) -> None:
    answer = shop("PUT", "/programs/friends?over=0", data=save(shop, "x").data, headers=JSON)
    assert field_of(answer) in {"name", "version", "saved"}
    body = {**save(shop, "x").get_json(), "title": "y"}
    body = {name: body[name] for name in ("title", "offer", "reward")}
    told = problem(shop("PUT", "/programs/friends?over=1", json=body))
    assert (told["status"], told["facts"]["version"]) == (412, 2)
    assert shop("PUT", "/programs/friends?over=2", json=body).get_json()["version"] == 3
