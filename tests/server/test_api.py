"""The HTTP interface: whose key it is, what is answered, and how errors read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import Client, TestResponse

from goodword import errors
from goodword_server.house import House
from goodword_server.problems import STATUS, status_of
from tests.sdk.builders import Clock, an_order
from tests.server.builders import PUBLIC, a_house, client_of, connect, problem

PROGRAM: dict[str, Any] = {
    "title": "Give 10%, get 10%",
    "offer": {"kind": "percent_off", "percent": "10"},
    "reward": {"kind": "amount_off", "amount": {"minor": 500, "unit": "GBP"}},
    "terms": {"window_days": 30, "hold_days": 14, "minimum": {"minor": 1000, "unit": "GBP"}},
}
ALICE: dict[str, Any] = {"id": "c-1", "name": "Alice", "email": "alice@shop.example"}


@dataclass
class Caller:
    """An app of the shop's that holds one of its keys."""

    client: Client
    key: str

    def __call__(self, method: str, path: str, **given: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.key}", **given.pop("headers", {})}
        return self.client.open(f"/v1{path}", method=method, headers=headers, **given)

    def save(self, name: str = "friends", **changes: Any) -> TestResponse:
        return self("PUT", f"/programs/{name}", json={**PROGRAM, **changes})

    def invite(self, program: str = "friends", **changes: Any) -> TestResponse:
        body: dict[str, Any] = {
            name: changes.pop(name) for name in ("code", "coupon") if name in changes
        }
        body["advocate"] = {**ALICE, **changes}
        return self("POST", f"/programs/{program}/advocates", json=body)


def a_caller(house: House) -> Caller:
    connect(house)
    return Caller(client_of(house), house.new_key("tea-house"))


@pytest.fixture
def call(house: House) -> Caller:
    return a_caller(house)


@pytest.fixture
def invited(call: Caller) -> Caller:
    """A program and Alice in it."""
    assert call.save().status_code == 200
    assert call.invite(code="alice10", coupon="ref-alice10").status_code == 200
    return call


@pytest.fixture
def wrongly(on_sqlite: str, clock: Clock) -> Iterator[Caller]:
    """A caller whose mistakes have nothing to do with the database."""
    with a_house(on_sqlite, clock) as house:
        yield a_caller(house)


# What is answered.


def test_a_program_is_saved_and_told_back_with_its_version(call: Caller) -> None:
    told = call.save().get_json()
    assert told["name"] == "friends"
    assert told["version"] == 1
    assert told["reward"] == PROGRAM["reward"]
    assert call.save().get_json()["version"] == 1
    assert call.save(title="Another").get_json()["version"] == 2


def test_an_invited_advocate_gets_code_and_link(call: Caller) -> None:
    call.save()
    told = call.invite().get_json()
    assert told["advocate"] == "c-1"
    assert told["shown"] == f"{told['text'][:4]}-{told['text'][4:]}"
    assert told["link"] == f"{PUBLIC}/tea-house/r/{told['text']}"


def test_who_is_invited_again_keeps_the_code(call: Caller) -> None:
    call.save()
    assert call.invite().get_json() == call.invite().get_json()


def test_a_code_and_a_coupon_may_be_chosen(call: Caller) -> None:
    call.save()
    told = call.invite(code="alice-10", coupon="Ref-Alice10").get_json()
    assert (told["text"], told["coupon"]) == ("ALICE10", "ref-alice10")


def test_an_order_explains_itself(invited: Caller, house: House) -> None:
    house.referrals("tea-house").record_order(an_order())
    told = invited("GET", "/orders/17/explanation").get_json()
    assert told["referral"]["advocate"] == "c-1"
    assert told["winner"]["source"] == "coupon:ref-alice10"
    assert told["entries"][0]["worth"]["unit"] == "GBP"
    assert len(told["words"]) > 2
    # Personal data stays where it is.
    assert "bob@friend.example" not in json.dumps(told)


def test_rewards_and_thanks_are_told(invited: Caller, house: House) -> None:
    house.referrals("tea-house").record_order(an_order())
    (reward,) = invited("GET", "/advocates/c-1/rewards").get_json()["items"]
    assert (reward["state"], reward["worth"]) == ("waiting", {"minor": 500, "unit": "GBP"})
    (thanks,) = invited("GET", "/thanks").get_json()["items"]
    assert (thanks["advocate"], thanks["order"]) == ("c-1", "17")


# Whose key it is.


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer gw_wrong",
        "Basic Z3c6",
        "gw_",
        "Bearer \xff",
        "Bearer  ",
        "bearer gw_" + "x" * 5000,
    ],
)
def test_without_a_key_of_the_shop_nothing_is_answered(wrongly: Caller, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    for method, path in (
        ("PUT", "/v1/programs/friends"),
        ("POST", "/v1/programs/friends/advocates"),
        ("GET", "/v1/orders/17/explanation"),
        ("GET", "/v1/advocates/c-1/rewards"),
        ("GET", "/v1/thanks"),
    ):
        # Whatever is wrong with the body, the key comes first.
        for body in (b"", b"not json", json.dumps(PROGRAM).encode()):
            answer = wrongly.client.open(path, method=method, headers=headers, data=body)
            assert answer.status_code == 401
            assert answer.headers["WWW-Authenticate"].lower().startswith("bearer")
            assert problem(answer)["reason"] == "unauthorized"


def test_the_scheme_may_be_written_in_any_case(wrongly: Caller) -> None:
    for scheme in ("bearer", "BEARER"):
        headers = {"Authorization": f"{scheme} {wrongly.key}"}
        assert wrongly("GET", "/thanks", headers=headers).status_code == 200


def test_another_shops_key_sees_nothing_of_this_one(invited: Caller, house: House) -> None:
    house.referrals("tea-house").record_order(an_order())
    connect(house, "other")
    other = Caller(invited.client, house.new_key("other"))
    assert other("GET", "/orders/17/explanation").status_code == 404
    assert other("GET", "/advocates/c-1/rewards").status_code == 404
    assert other("GET", "/thanks").get_json() == {"items": [], "next": None}
    assert problem(other.invite())["reason"] == "unknown_program"
    # What the one has, the other may have too.
    assert other.save().get_json()["version"] == 1
    assert other.invite(code="alice10", coupon="ref-alice10").status_code == 200


# How errors read.

WRONG_PROGRAMS: dict[str, tuple[dict[str, Any], str]] = {
    "no title": ({"title": ""}, "title"),
    "a title that is no text": ({"title": 7}, "title"),
    "half a surrogate": ({"title": "\ud800"}, "title"),
    "a NUL": ({"title": "a\0b"}, "title"),
    "nothing": ({"title": None}, "title"),
    "a float": ({"offer": {"kind": "percent_off", "percent": 12.5}}, "offer.percent"),
    "no number": ({"offer": {"kind": "percent_off", "percent": "ten"}}, "offer.percent"),
    "not a number": ({"offer": {"kind": "percent_off", "percent": "NaN"}}, "offer.percent"),
    "too much": ({"offer": {"kind": "percent_off", "percent": "101"}}, "offer.percent"),
    "an unknown kind": ({"offer": {"kind": "a_hug", "percent": "10"}}, "offer.kind"),
    "a list": ({"offer": [1]}, "offer._schema"),
    "a fraction of a penny": (
        {"reward": {"kind": "amount_off", "amount": {"minor": 5.5, "unit": "GBP"}}},
        "reward.amount.minor",
    ),
    "nothing at all": (
        {"reward": {"kind": "amount_off", "amount": {"minor": 0, "unit": "GBP"}}},
        "reward.amount",
    ),
    "one field too many": ({"colour": "red"}, "colour"),
    "a version of one's own": ({"version": 7}, "version"),
    "too many days": ({"terms": {"hold_days": 10**30}}, "terms.hold_days"),
    "swapped dates": (
        {"starts": "2026-12-01T00:00:00+00:00", "ends": "2026-11-01T00:00:00+00:00"},
        "ends",
    ),
    "a moment without zone": ({"starts": "2026-12-01T00:00:00"}, "starts"),
    "before the first moment": ({"starts": "0001-01-01T00:00:00+14:00"}, "starts"),
    "after the last moment": ({"ends": "9999-12-31T23:59:59-14:00"}, "ends"),
}


@pytest.mark.parametrize("wrong", WRONG_PROGRAMS)
def test_a_wrong_program_is_told_by_its_field(wrongly: Caller, wrong: str) -> None:
    changes, field = WRONG_PROGRAMS[wrong]
    answer = wrongly.save(**changes)
    assert answer.status_code == 422
    told = problem(answer)
    assert told["facts"]["field"] == field
    assert told["facts"]["mend"]
    assert told["detail"].startswith(f"{field}: ")
    # And nothing of it was kept.
    assert problem(wrongly.invite())["reason"] == "unknown_program"


@pytest.mark.parametrize("name", ["Friends", "-", "x" * 33, "a_b", "茶", "%00"])
def test_so_is_a_name_that_cannot_stand_in_an_address(wrongly: Caller, name: str) -> None:
    told = problem(wrongly.save(name))
    assert (told["status"], told["facts"]["field"]) == (422, "name")


WRONG_ADVOCATES: list[tuple[dict[str, Any], int, str, str | None]] = [
    ({"id": None}, 422, "invalid", "advocate.id"),
    ({"id": ""}, 422, "person_invalid", "id"),
    ({"id": "x" * 65}, 422, "person_invalid", "id"),
    ({"id": "alice@shop.example"}, 422, "person_invalid", "id"),
    ({"email": "alice"}, 422, "person_invalid", "email"),
    ({"name": ["Alice"]}, 422, "invalid", "advocate.name"),
    ({"relation": "stranger"}, 422, "invalid", "advocate.relation"),
    ({"code": "a b"}, 422, "code_invalid", "code"),
    ({"code": "x" * 33}, 422, "code_invalid", "code"),
    ({"code": 7}, 422, "invalid", "code"),
    ({"coupon": ""}, 422, "code_invalid", "coupon"),
    ({"coupon": ["a"]}, 422, "invalid", "coupon"),
    ({"id": "c-2", "code": "alice10"}, 409, "code_taken", None),
    ({"id": "c-2", "coupon": "REF-alice10"}, 409, "coupon_taken", None),
]


@pytest.mark.parametrize(("changes", "status", "reason", "field"), WRONG_ADVOCATES)
def test_a_wrong_advocate_is_told_by_reason_and_field(
    invited: Caller, changes: dict[str, Any], status: int, reason: str, field: str | None
) -> None:
    told = problem(invited.invite(**changes))
    assert (told["status"], told["reason"], told["facts"].get("field")) == (status, reason, field)


def test_what_is_not_there_is_told_with_its_name(call: Caller) -> None:
    for path, reason in (
        ("/orders/nope/explanation", "unknown_order"),
        ("/advocates/nope/rewards", "unknown_advocate"),
    ):
        told = problem(call("GET", path))
        assert (told["status"], told["reason"]) == (404, reason)
        assert "nope" in told["detail"]
    told = problem(call.invite("nope"))
    assert (told["status"], told["reason"]) == (404, "unknown_program")
    assert told["facts"] == {"name": "nope"}


def test_a_language_that_is_not_spoken_names_those_that_are(invited: Caller, house: House) -> None:
    house.referrals("tea-house").record_order(an_order())
    told = problem(invited("GET", "/orders/17/explanation?language=fr"))
    assert (told["status"], told["facts"]["field"]) == (422, "language")
    assert "zh-Hant" in told["facts"]["mend"]


BODIES = {
    "nothing": b"",
    "no json": b"{title:",
    "a list": b"[]",
    "a word": b'"friends"',
    "nothing in json": b"null",
    "nested without end": b"[" * 200_000,
    "nested objects": b'{"a":' * 100_000,
    "not utf-8": b'{"title":"\xff"}',
    "a very long number": b'{"title":' + b"9" * 50_000 + b"}",
}


@pytest.mark.parametrize("what", BODIES)
def test_a_body_that_is_no_object_is_told_so(wrongly: Caller, what: str) -> None:
    kind = {"Content-Type": "application/json"}
    told = problem(wrongly("PUT", "/programs/friends", data=BODIES[what], headers=kind))
    assert (told["status"], told["reason"], told["facts"]["field"]) == (422, "invalid", "body")


def test_a_body_of_another_type_is_told_so(wrongly: Caller) -> None:
    kinds: tuple[dict[str, str], ...] = ({}, {"Content-Type": "text/plain"})
    for headers in kinds:
        sent = wrongly("PUT", "/programs/friends", data=json.dumps(PROGRAM), headers=headers)
        told = problem(sent)
        assert (told["status"], told["reason"]) == (415, "unsupported_media_type")
        assert "Content-Type: application/json" in told["detail"]


def test_a_body_over_the_limit_is_told_so(wrongly: Caller) -> None:
    assert problem(wrongly.save(title="x" * 1_100_000))["status"] == 413


def test_a_route_that_is_none_is_told_so(wrongly: Caller) -> None:
    assert problem(wrongly("GET", "/nothing/here"))["reason"] == "not_found"


def test_a_method_that_is_none_names_those_that_are(wrongly: Caller) -> None:
    answer = wrongly("DELETE", "/thanks")
    assert problem(answer)["status"] == 405
    assert "GET" in answer.headers["Allow"]


def test_a_fault_of_ours_tells_nothing_of_itself(
    call: Caller, monkeypatch: pytest.MonkeyPatch, house: House
) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(house, "referrals", fail)
    told = problem(call("GET", "/thanks"))
    assert told["status"] == 500
    assert "secret" not in json.dumps(told)


def kinds(of: type[errors.GoodwordError]) -> list[type[errors.GoodwordError]]:
    return [of, *(kind for sub in of.__subclasses__() for kind in kinds(sub))]


def named(kind: type[errors.GoodwordError]) -> list[str]:
    """The facts that a message speaks of."""
    return [name for _, name, _, _ in Formatter().parse(kind.message) if name]


def test_every_error_of_the_library_but_the_root_has_a_status_of_its_own() -> None:
    of_a_client = (errors.ServerDown, errors.Refused)
    library = [
        kind
        for kind in kinds(errors.GoodwordError)
        if kind.__module__ == errors.__name__ and kind not in of_a_client
    ]
    statuses = {kind: status_of(kind(**dict.fromkeys(named(kind), "x"))) for kind in library}
    assert statuses.pop(errors.GoodwordError) == 500
    assert set(statuses.values()) == set(STATUS.values()) - {500}


# Whatever comes.

JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(st.characters(exclude_categories=())),
        st.sampled_from(["10", "GBP", "amount_off", "2026-12-01T00:00:00+00:00", "1e999999"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(
                st.sampled_from("kind percent amount minor unit of_order".split()), st.text()
            ),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=6,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    program=st.dictionaries(st.sampled_from([*PROGRAM, "starts", "ends", "x"]), JSON, max_size=3),
    advocate=st.dictionaries(
        st.sampled_from(["id", "name", "email", "code", "coupon", "relation", "ended"]),
        JSON,
        max_size=3,
    ),
    name=st.one_of(st.just("friends"), st.text(max_size=5)),
)
def test_nothing_from_outside_breaks_the_api(
    invited: Caller, program: Mapping[str, Any], advocate: Mapping[str, Any], name: str
) -> None:
    for address, method, body in (
        ("/v1/programs/friends", "PUT", {**PROGRAM, **program}),
        (f"/v1/programs/{name}", "PUT", {**PROGRAM, **program}),
        ("/v1/programs/friends/advocates", "POST", {"advocate": {**ALICE, **advocate}}),
        (f"/v1/programs/{name}/advocates", "POST", {"advocate": {**ALICE, **advocate}}),
        (f"/v1/orders/{name}/explanation", "GET", {}),
        (f"/v1/advocates/{name}/rewards", "GET", {}),
    ):
        answer = invited.client.open(
            "/",
            method=method,
            environ_overrides={"PATH_INFO": address.encode(errors="replace").decode("latin-1")},
            data=json.dumps(body),
            headers={"Authorization": f"Bearer {invited.key}", "Content-Type": "application/json"},
        )
        assert answer.status_code < 500, (method, address, body)
        if answer.status_code >= 400:
            problem(answer)
