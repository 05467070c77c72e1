"""Who may come in: each key on each route, nobody, other shops, and pages of other hosts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from goodword.interface.routes import ALL, Route, Scope, in_path
from goodword.storage.tables import metadata
from goodword_server.house import House
from goodword_server.storage.keys import KeyScope
from tests.sdk.builders import START, Clock, an_order
from tests.server.asking import Asker, a_stranger, an_asker
from tests.server.builders import SHOP, a_house, a_place, problem, rows

pytestmark = pytest.mark.slow

# What stands under these names in the one shop, and nowhere in the other.
NAMES = {
    "text": "ALICE10",
    "name": "friends",
    "program": "friends",
    "advocate": "c-1",
    "id": "c-1",
    "gone": "c-1",
    "order": "17",
    "claim": "0" * 32,
    "channel": "page",
    "moment": "friend.title",
}
PROGRAM = {
    "title": "Give 10%, get 10%",
    "offer": {"kind": "percent_off", "percent": "10"},
    "reward": {"kind": "percent_off", "percent": "10"},
}
MONEY = {"minor": 100, "unit": "GBP"}
ORDER = {"id": "17", "placed": "2026-11-22T09:25:23+00:00", "net": MONEY, "gross": MONEY}
SPAN = "since=2026-01-01T00:00:00%2B00:00&until=2027-01-01T00:00:00%2B00:00"
QUERIES = {"advocates.why": "order=17", "credit.replay": SPAN, "rewards.statement": SPAN}
BODIES: dict[str, Any] = {
    "ask_name": {"name": "Alice"},
    "record_visit": {"code": "ALICE10"},
    "claim": {"code": "ALICE10", "email": "bob@friend.example"},
    "confirm": {},
    "record_order": ORDER,
    "record_refund": {"id": "r-1", "gross": MONEY},
    "programs.save": PROGRAM,
    "programs.pause": {},
    "programs.resume": {},
    "programs.try_out": {"program": {**PROGRAM, "name": "friends"}, "order": ORDER},
    "advocates.invite": {"advocate": {"id": "c-1"}},
    "advocates.draw": {"many": 1},
    "advocates.rotate": {},
    "advocates.merge": {"into": "c-2"},
    "credit.assign": {"code": "ALICE10", "reason": "told"},
    "reviews.decide": {"verdict": "approved", "reason": "told"},
    "rewards.mark_paid": {"reference": "bank"},
    "thanks.keep": {},
    "messages.edit": {"text": "A gift"},
    "messages.preview": {"text": "A gift"},
    "people.export": {"id": "alice@shop.example"},
    "people.forget": {"id": "alice@shop.example"},
    "advocates.enroll": {
        "people": [{"name": "Lin", "email": "lin@tea.example", "relation": "customer"}],
        "by": "Chen",
    },
    "advocates.reached_at": {"email": "alice@shop.example"},
    "people.decline": {"id": "alice@shop.example"},
    "pages.open": None,
    "pages.close": None,
    "proofs.save": {
        "id": "p-1",
        "kind": "testimonial",
        "text": "Good tea.",
        "person": "c-1",
        "consented": "2026-11-22T09:00:00+00:00",
    },
    "proofs.remove": None,
    "webhooks.add": {"url": "https://hooks.example/told"},
    "webhooks.rotate": None,
    "webhooks.remove": None,
}
OPEN = [route for route in ALL if route.scope is Scope.BROWSER]
CLOSED = [route for route in ALL if route.scope is not Scope.BROWSER]


def path(route: Route) -> str:
    told = route.path.format_map(NAMES)
    return f"{told}?{QUERIES[route.verb]}" if route.verb in QUERIES else told


def body(route: Route) -> Any:
    return None if route.method == "GET" else BODIES[route.verb]


def ask_for(ask: Asker, route: Route, **given: Any) -> TestResponse:
    return ask(route.method, path(route), json=body(route), **given)


@pytest.fixture
def shop(on_sqlite: str, clock: Clock) -> Iterator[House]:
    """A shop with Alice's code and an order."""
    with a_house(on_sqlite, clock) as house:
        a_place(house).referrals.record_order(an_order())
        yield house


def each(routes: Any) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("route", routes, ids=lambda route: route.verb)


# Nobody, and keys that are none.


@pytest.mark.parametrize("key", [None, "gw_secret_wrong", "gw_pub_", "x" * 5000])
def test_nobody_comes_in_without_a_key(shop: House, key: str | None) -> None:
    stranger = a_stranger(shop, key=key)
    for route in ALL:
        answer = ask_for(stranger, route)
        assert problem(answer)["reason"] == "unauthorized"
        assert answer.headers["WWW-Authenticate"].lower().startswith("bearer")


def test_nor_with_one_that_was_revoked_or_whose_overlap_is_over(shop: House, clock: Clock) -> None:
    revoked, rotated = an_asker(shop), an_asker(shop)
    shop.keyring.revoke(SHOP, id_of(shop, revoked))
    shop.keyring.rotate(SHOP, id_of(shop, rotated))
    clock.to(START + timedelta(hours=24))
    for route in ALL:
        assert ask_for(revoked, route).status_code == 401
        assert ask_for(rotated, route).status_code == 401


def test_a_key_within_its_overlap_comes_in(shop: House, clock: Clock) -> None:
    ask = an_asker(shop)
    shop.keyring.rotate(SHOP, id_of(shop, ask))
    clock.to(START + timedelta(hours=23, minutes=59))
    assert ask("GET", "/programs").status_code == 200


def id_of(house: House, ask: Asker) -> str:
    found = house.keyring.holder(str(ask.key))
    assert found is not None
    return found.id


# What a key is good for.


@each(ALL)
def test_a_key_opens_what_it_is_good_for_and_no_more(shop: House, route: Route) -> None:
    for scope in KeyScope:
        answer = ask_for(an_asker(shop, scope), route)
        if scope.may(route.scope):
            # The request is a sound one: what it asks for is done, or is not there.
            assert answer.status_code in (200, 201, 204, 404, 409), answer.get_data(as_text=True)
        else:
            told = problem(answer)
            assert (told["status"], told["reason"]) == (403, "forbidden")
            assert told["detail"] == needed(scope, route)


def needed(scope: KeyScope, route: Route) -> str:
    good = {Scope.READ: "read or secret", Scope.WRITE: "secret"}[route.scope]
    return f"the key is a {scope} one; {route.method} {route.path} needs a {good} key"


def test_what_a_key_may_not_is_not_done(shop: House) -> None:
    before = everything(shop)
    ask = an_asker(shop, KeyScope.READ)
    told = [ask_for(ask, route) for route in ALL if route.scope is Scope.WRITE]
    assert {one.status_code for one in told} == {403}
    assert everything(shop) == before


# Another shop's key.

# Words of the one shop that no answer to the other may hold.
OURS = ("alice@shop.example", "Alice", "ALICE10", "ref-alice10", "bob@friend.example")
NOTHING = ('{"items":[],"next":null}', "")


@each(ALL)
def test_another_shops_key_sees_and_changes_nothing_of_this_one(shop: House, route: Route) -> None:
    before = everything(shop)
    asked = json.dumps([path(route), body(route)])
    for scope in KeyScope:
        answer = ask_for(an_asker(shop, scope, shop="other"), route)
        told = answer.get_data(as_text=True)
        assert not [word for word in OURS if word in told and word not in asked]
        if scope.may(route.scope) and route.method == "GET" and in_path(route.path):
            assert answer.status_code == 404 or told in NOTHING
    assert everything(shop) == before


def everything(house: House) -> Any:
    """All rows of the one shop in the book."""
    return {
        table.name: sorted(repr(row) for row in rows(house, table) if row["shop"] == SHOP)
        for table in metadata.sorted_tables
    }


# Pages of other hosts.


@each(OPEN)
def test_a_page_of_any_host_may_ask_what_a_publishable_key_opens(shop: House, route: Route) -> None:
    page = {"Origin": "https://tea.example"}
    names = "authorization, content-type, idempotency-key"
    asked = {
        **page,
        "Access-Control-Request-Method": route.method,
        "Access-Control-Request-Headers": names,
    }
    before = a_stranger(shop)("OPTIONS", path(route), headers=asked)
    assert before.status_code == 200
    assert before.headers["Access-Control-Allow-Origin"] == "*"
    assert route.method in before.headers["Access-Control-Allow-Methods"].split(", ")
    allowed = before.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert set(names.split(", ")) <= set(allowed)

    for ask in (an_asker(shop, KeyScope.PUBLISHABLE), a_stranger(shop)):
        answer = ask_for(ask, route, headers=page)
        # Errors, too: or a page could not tell what is wrong.
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "Set-Cookie" not in answer.headers


@each(CLOSED)
def test_no_page_may_ask_for_the_rest(shop: House, route: Route) -> None:
    page = {"Origin": "https://tea.example"}
    asked = {**page, "Access-Control-Request-Method": route.method}
    for answer in (
        a_stranger(shop)("OPTIONS", path(route), headers=asked),
        ask_for(an_asker(shop), route, headers=page),
    ):
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_a_browser_that_asks_first_is_not_counted(on_sqlite: str, clock: Clock) -> None:
    with a_house(on_sqlite, clock, stranger_limit=1) as house:
        ask = a_stranger(house)
        assert {ask("OPTIONS", "/visits").status_code for _ in range(3)} == {200}
