"""The log of a whole run: a line of JSON for each request, and nobody and no secret in any."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from goodword_server import logs
from goodword_server.house import House
from goodword_server.storage.keys import KeyScope
from goodword_server.worker import Worker
from goodword_woocommerce.standin import SECRET
from tests.server.builders import FIRST_SECRET, PAID, SHOP, Place
from tests.server.processes import Served, until


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Where the log goes."""
    loggers = [logging.getLogger(name) for name in ("goodword", "goodword_server")]
    before = [(one.handlers, one.propagate, one.level) for one in loggers]
    text = io.StringIO()
    monkeypatch.setattr(sys, "stderr", text)
    logs.begin("json")
    yield text
    for one, (handlers, propagate, level) in zip(loggers, before, strict=True):
        one.handlers, one.propagate = handlers, propagate
        one.setLevel(level)


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_request_is_told_by_its_rule_with_id_and_shop(place: Place, written: io.StringIO) -> None:
    key = place.house.new_key(SHOP)
    place.client.get(
        "/v1/advocates/alice@shop.example",
        headers={"Authorization": f"Bearer {key}", "X-Request-Id": "r-1"},
    )
    (line,) = lines(written)
    assert line.pop("milliseconds") >= 0
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "info",
        "logger": "goodword_server.requests",
        "message": "answered",
        "request_id": "r-1",
        "shop": SHOP,
        "method": "GET",
        "route": "/v1/advocates/{id}",
        "status": 404,
    }


def test_a_path_that_leads_nowhere_stands_in_no_log(place: Place, written: io.StringIO) -> None:
    place.client.get("/alice@shop.example/c/ALICE10")
    place.client.get("/alice@shop.example")
    assert [line["shop"] for line in lines(written)] == [None, None]
    assert "alice@" not in written.getvalue()


def test_what_goes_wrong_is_told_by_kind_and_place_without_its_words(
    place: Place, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("bob@friend.example")

    monkeypatch.setattr(House, "referrals", fail)
    key = place.house.new_key(SHOP)
    place.client.get(
        "/v1/programs", headers={"Authorization": f"Bearer {key}", "X-Request-Id": "r-2"}
    )
    wrong, answered = lines(written)
    assert (wrong["error"], wrong["request_id"], answered["status"]) == ("RuntimeError", "r-2", 500)
    assert "test_logs.py" in wrong["where"][-1]
    assert "bob@friend.example" not in written.getvalue()


@pytest.mark.slow
def test_the_log_of_a_whole_run_names_nobody_and_holds_no_secret(
    place: Place, written: io.StringIO
) -> None:
    keys = [place.house.new_key(SHOP, scope) for scope in KeyScope]
    for key in keys:
        bearer = {"Authorization": f"Bearer {key}"}
        claim = {"code": "ALICE10", "email": "bob@friend.example", "phone": "0912 345 678"}
        place.client.post("/v1/claims", json=claim, headers=bearer)
        place.client.post("/v1/people/export", json={"id": "bob@friend.example"}, headers=bearer)
        place.client.post("/v1/claims", data=b"{bob@friend.example", headers=bearer)
    place.client.get(f"/{SHOP}/widget.json?key={keys[0]}&code=ALICE10")
    place.client.get(f"/{SHOP}/c/ALICE10?email=bob@friend.example")
    place.client.post("/owner/sign-in", data={"email": "mei@tea.example", "password": "hush"})
    place.click()
    place.deliver(PAID)
    Worker(place.house).once()
    said = written.getvalue()
    routes = {line.get("route") for line in lines(written)}
    assert routes >= {"/{shop}/c/{code}", "/{shop}/r/{code}", "/owner/sign-in", "/v1/claims"}
    assert len(lines(written)) > 12
    hidden = ["bob@", "0912", "alice@", "mei@", "hush", SECRET, FIRST_SECRET, *keys, "Bearer"]
    assert [one for one in hidden if one in said] == []


@pytest.mark.slow
def test_a_served_process_writes_it(place: Place) -> None:
    served = Served(place.house.settings.database_url, GOODWORD_LOG="json")
    try:
        served.ask("GET", "/healthz", {"X-Request-Id": "r-3"})
        until(lambda: '"r-3"' in served.running.said())
        told = [line for line in served.running.said().splitlines() if '"r-3"' in line]
    finally:
        served.running.kill()
    assert {json.loads(line)["route"] for line in told} == {"/healthz"}
