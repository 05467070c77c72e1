"""The client in trouble: what it sends again, how long it waits, and what it says."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any

import pytest

import goodword
from goodword import (
    Code,
    CodeTaken,
    Invalid,
    Refused,
    ServerDown,
    UnknownCode,
    Visiting,
)
from goodword.remote import Connection, RemoteReferrals
from tests.sdk.builders import START, an_order

CODE: dict[str, Any] = {
    "text": "ALICE10",
    "shown": "ALICE10",
    "advocate": "c-1",
    "program": "friends",
}
OUTCOME = {"result": "created"}


@dataclass
class Said:
    """One answer of the server's."""

    status: int = 200
    data: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    text: bytes | None = None
    trouble: str = ""
    """``hang up`` before an answer, ``break off`` in it, ``wait`` longer than anybody would, or
    ``trickle``: a byte a second, for ever."""


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Server:
    """A server that says what it was told to, one answer after another, and the last for ever."""

    says: list[Said] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    done: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)
    url: str = ""

    def next(self, asked: Asked) -> Said:
        with self.lock:
            self.asked.append(asked)
            return self.says.pop(0) if len(self.says) > 1 else self.says[0]


def handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            said = server.next(Asked(self.command, self.path, dict(self.headers), body))
            if said.trouble == "wait":
                server.done.wait()
            if said.trouble == "trickle":
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{")
                while not server.done.wait(1):
                    self.wfile.write(b" ")
            if said.trouble == "break off":
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
            if said.trouble:
                self.close_connection = True
                return
            told = json.dumps(said.data).encode() if said.text is None else said.text
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        do_GET = do_POST = do_PUT = answer  # noqa: N815

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def serving() -> Iterator[Server]:
    server = Server()
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler(server))
    thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    server.url = f"http://127.0.0.1:{http.server_port}"
    try:
        yield server
    finally:
        server.done.set()
        http.shutdown()
        thread.join()
        http.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def referrals(server: Server, pauses: list[float]) -> Iterator[RemoteReferrals]:
    connection = Connection(server.url, "gw_key", timeout=(2, 0.3), pause=pauses.append)
    yield RemoteReferrals.over(connection)
    connection.close()


def problem(status: int, reason: str, **facts: Any) -> Said:
    data = {"status": status, "title": reason, "detail": "why", "reason": reason, "facts": facts}
    return Said(status, data, {"Content-Type": "application/problem+json", "X-Request-Id": "r-1"})


# What is sent.


def test_a_verb_is_a_request_with_the_key(server: Server, referrals: RemoteReferrals) -> None:
    server.says = [Said(data={**CODE, "link": "https://x", "new": {"to": ["us"]}})]
    assert referrals.find_code("ALICE 10/x") == Code(**CODE)
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("GET", "/v1/codes/ALICE%2010%2Fx")
    assert asked.headers["Authorization"] == "Bearer gw_key"
    assert "Idempotency-Key" not in asked.headers


def test_one_key_of_the_call_survives_every_try(
    server: Server, referrals: RemoteReferrals, pauses: list[float]
) -> None:
    server.says = [
        Said(trouble="hang up"),
        Said(trouble="wait"),
        Said(503, text=b"<html>"),
        Said(data=OUTCOME),
    ]
    assert referrals.record_order(an_order()).result == "created"
    assert len(server.asked) == 4
    assert len({asked.headers["Idempotency-Key"] for asked in server.asked}) == 1
    assert len({asked.body for asked in server.asked}) == 1
    assert len(pauses) == 3
    assert pauses == sorted(pauses)
    referrals.record_order(an_order())
    assert len({asked.headers["Idempotency-Key"] for asked in server.asked}) == 2


def test_an_answer_that_breaks_off_is_asked_for_again(
    server: Server, referrals: RemoteReferrals
) -> None:
    server.says = [Said(trouble="break off"), Said(data=CODE)]
    assert referrals.find_code("ALICE10").text == "ALICE10"
    server.says = [Said(trouble="break off")]
    with pytest.raises(ServerDown, match="cannot be reached"):
        referrals.find_code("ALICE10")


@pytest.mark.parametrize(
    "told",
    ["soon", "-1", "Fri, 31 Dec 9999 23:59:59 -2359", "Fri, 31 Dec 2026 23:59:59 +9999999999999"],
)
def test_a_wait_that_is_none_is_our_own(
    server: Server, referrals: RemoteReferrals, pauses: list[float], told: str
) -> None:
    server.says = [Said(503, headers={"Retry-After": told}), Said(data=CODE)]
    assert referrals.find_code("ALICE10").text == "ALICE10"
    assert len(pauses) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_what_the_server_asks_to_wait_is_waited(
    server: Server, referrals: RemoteReferrals, pauses: list[float], status: int
) -> None:
    server.says = [Said(status, headers={"Retry-After": "7"}), Said(data=CODE)]
    referrals.find_code("ALICE10")
    (pause,) = pauses
    assert 7 <= pause < 8


def test_so_it_is_where_it_names_a_moment(
    server: Server, referrals: RemoteReferrals, pauses: list[float]
) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=50), usegmt=True)
    server.says = [Said(503, headers={"Retry-After": until}), Said(data=CODE)]
    referrals.find_code("ALICE10")
    assert 20 < pauses[0] <= 51


def test_a_minute_is_waited_whole(
    server: Server, referrals: RemoteReferrals, pauses: list[float]
) -> None:
    server.says = [Said(429, headers={"Retry-After": "60"}), Said(data=CODE)]
    referrals.find_code("ALICE10")
    assert 60 <= pauses[0] < 61


@pytest.mark.parametrize("asked", ["86400", "9" * 400, "Fri, 01 Jan 2100 00:00:00 GMT"])
def test_nobody_waits_for_a_day_nor_asks_before_it(
    server: Server, referrals: RemoteReferrals, pauses: list[float], asked: str
) -> None:
    said = problem(503, "not_now")
    said.headers["Retry-After"] = asked
    server.says = [said]
    with pytest.raises(Refused) as caught:
        referrals.find_code("ALICE10")
    assert (len(server.asked), pauses) == (1, [])
    assert caught.value.facts["retry_after"] >= 86400


@pytest.mark.parametrize(
    "asked", ["tomorrow", "-1", "1.5", "\xb2", "0", "Mon, 01 Jan 2001 00:00:00 GMT"]
)
def test_what_says_nothing_of_when_leaves_the_usual_pause(
    server: Server, referrals: RemoteReferrals, pauses: list[float], asked: str
) -> None:
    server.says = [Said(503, headers={"Retry-After": asked}), Said(data=CODE)]
    referrals.find_code("ALICE10")
    assert 0.1 < pauses[0] < 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 500])
def test_what_will_not_change_is_not_asked_again(
    server: Server, referrals: RemoteReferrals, status: int
) -> None:
    server.says = [problem(status, "some_reason", much="told")]
    with pytest.raises(Refused, match="why") as caught:
        referrals.find_code("ALICE10")
    assert len(server.asked) == 1
    told = {"kind": "some_reason", "detail": "why", "much": "told", "status": status}
    assert caught.value.facts == told
    assert caught.value.request_id == "r-1"


# What is said.


def test_errors_are_raised_as_they_were_over_there(
    server: Server, referrals: RemoteReferrals
) -> None:
    server.says = [
        problem(404, "unknown_code", text="NOBODY"),
        problem(409, "code_taken", text="A"),
    ]
    with pytest.raises(UnknownCode) as unknown:
        referrals.find_code("NOBODY")
    assert (str(unknown.value), unknown.value.request_id) == (
        str(UnknownCode(text="NOBODY")),
        "r-1",
    )
    with pytest.raises(CodeTaken):
        referrals.find_code("A")


def test_an_error_whose_facts_are_others_is_refused_all_the_same(
    server: Server, referrals: RemoteReferrals
) -> None:
    server.says = [problem(404, "unknown_code", other="facts")]
    with pytest.raises(Refused) as caught:
        referrals.find_code("NOBODY")
    assert caught.value.facts["kind"] == "unknown_code"


@pytest.mark.parametrize(
    "said",
    [
        Said(200, text=b"<html>a parking page</html>"),
        Said(404, text=b"<html>no such page</html>"),
        Said(302, headers={"Location": "https://elsewhere.example/"}, text=b""),
        Said(500, data=["what"]),
        Said(404, data={"reason": "unknown_code"}),
        Said(200, data=None),
        Said(200, data=["what"]),
        Said(200, data={"status": "ok"}),
        Said(200, text=b"[" * 100_000),
        Said(404, text=b"[" * 100_000),
        Said(200, text=b"{}", headers={"Content-Encoding": "gzip"}),
        Said(302, headers={"Location": "http://[nowhere"}, text=b""),
        Said(204, text=b""),
    ],
    ids=[
        *("a page", "no page", "a redirect", "a list", "no facts", "null", "another list"),
        *("another value", "depths", "depths of a problem", "no gzip", "a redirect to nowhere"),
        "nothing",
    ],
)
def test_whatever_else_answers_there_is_said(
    server: Server, referrals: RemoteReferrals, said: Said
) -> None:
    server.says = [said]
    with pytest.raises(ServerDown, match=r"/v1/codes/ALICE10: ") as caught:
        referrals.find_code("ALICE10")
    assert "gw_key" not in str(caught.value)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "said",
    [
        Said(data={}),
        Said(data={"items": 5, "next": None}),
        Said(data={"items": [5], "next": None}),
        Said(data={"items": [], "next": 5}),
        Said(data={"items": [], "next": "on-and-on"}),
    ],
    ids=["no items", "a number of items", "a number", "a number to go on by", "a circle"],
)
def test_what_is_no_page_of_a_list_is_said(
    server: Server, referrals: RemoteReferrals, said: Said
) -> None:
    server.says = [said]
    with pytest.raises(ServerDown, match="/v1/programs: "):
        referrals.programs.list()


def test_nobody_counts_as_forgotten_by_a_parking_page(
    server: Server, referrals: RemoteReferrals
) -> None:
    server.says = [Said(200, text=b"<html>a parking page</html>")]
    with pytest.raises(ServerDown, match="/v1/people/forget: "):
        referrals.people.forget("c-1")


def test_a_statement_is_no_parking_page(server: Server, referrals: RemoteReferrals) -> None:
    server.says = [Said(200, text=b"<html>", headers={"Content-Type": "text/html"})]
    with pytest.raises(ServerDown, match="/v1/statement: "):
        referrals.rewards.statement(START, START + timedelta(days=1))


def test_whoever_stands_before_a_server_is_told_with_the_requests_id(
    server: Server, referrals: RemoteReferrals
) -> None:
    server.says = [Said(500, text=b"<html>", headers={"X-Request-Id": "r-9"})]
    with pytest.raises(ServerDown) as caught:
        referrals.find_code("ALICE10")
    assert caught.value.request_id == "r-9"


def test_the_address_of_the_api_is_the_servers(server: Server, pauses: list[float]) -> None:
    server.says = [Said(data=CODE)]
    connection = Connection(f"{server.url}/v1/", "gw_key", pause=pauses.append)
    RemoteReferrals.over(connection).find_code("ALICE10")
    connection.close()
    assert server.asked[0].path == "/v1/codes/ALICE10"


@pytest.mark.parametrize(
    ("trouble", "what"), [("hang up", "cannot be reached"), ("wait", "did not answer in time")]
)
def test_a_server_that_stays_away_is_said_in_the_end(
    server: Server, referrals: RemoteReferrals, trouble: str, what: str
) -> None:
    server.says = [Said(trouble=trouble)]
    with pytest.raises(ServerDown, match=what):
        referrals.record_visit(Visiting(code="ALICE10"))
    assert len(server.asked) == 4


def test_a_server_that_trickles_is_left_when_the_time_of_the_call_is_over(server: Server) -> None:
    server.says = [Said(trouble="trickle")]
    referrals = goodword.connect(server.url, "gw_key", timeout=(2, 5), deadline=0.5)
    with pytest.raises(ServerDown, match="did not answer in time"):
        referrals.find_code("ALICE10")
    assert len(server.asked) == 1
    assert not server.done.is_set()
    referrals.close()


def test_all_tries_share_the_time_of_a_call(server: Server, pauses: list[float]) -> None:
    server.says = [Said(503, text=b"<html>", headers={"Retry-After": "30"}), Said(data=CODE)]
    connection = Connection(server.url, "gw_key", deadline=20, pause=pauses.append)
    with pytest.raises(ServerDown, match="it answered 503"):
        RemoteReferrals.over(connection).find_code("ALICE10")
    assert (len(server.asked), pauses) == (1, [])
    connection.close()


@pytest.mark.parametrize("deadline", [0, -1, float("nan"), None, "soon"])
def test_a_deadline_that_is_none_is_said_at_once(deadline: Any) -> None:
    with pytest.raises(Invalid) as caught:
        goodword.connect("https://thanks.example", "gw_x", deadline=deadline)
    assert caught.value.facts["field"] == "deadline"


@pytest.mark.parametrize("timeout", [(0, 0), (1,), 5, None])
def test_a_timeout_that_is_none_is_said_at_once(timeout: Any) -> None:
    with pytest.raises(Invalid) as caught:
        goodword.connect("https://thanks.example", "gw_x", timeout=timeout)
    assert caught.value.facts["field"] == "timeout"


def test_an_id_that_cannot_be_written_is_told_before_a_request_is_made(
    server: Server, referrals: RemoteReferrals
) -> None:
    with pytest.raises(Invalid) as caught:
        referrals.advocates.find("\ud800")
    assert (caught.value.facts["field"], server.asked) == ("id", [])


def test_nobody_at_the_address_is_said(pauses: list[float]) -> None:
    connection = Connection("http://127.0.0.1:9", "gw_key", pause=pauses.append)
    with pytest.raises(ServerDown, match=r"127\.0\.0\.1:9/v1/codes/A: it cannot be reached"):
        RemoteReferrals.over(connection).find_code("A")
    connection.close()


@pytest.mark.parametrize(
    ("url", "key", "field"),
    [
        ("thanks.example", "gw_x", "url"),
        ("ftp://thanks.example", "gw_x", "url"),
        ("https://thanks.example", " ", "api_key"),
        ("https://thanks.example", "鑰匙", "api_key"),
        ("https://thanks.example", "gw_x\nHost: elsewhere.example", "api_key"),
        ("https://", "gw_x", "url"),
        ("https://[::1", "gw_x", "url"),
        ("https://thanks.example:99999", "gw_x", "url"),
        ("https://thanks example", "gw_x", "url"),
        ("https://mei:secret@thanks.example", "gw_x", "url"),
        ("https://thanks.example/?shop=tea", "gw_x", "url"),
    ],
)
def test_what_is_no_address_or_key_is_said_at_once(url: str, key: str, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        goodword.connect(url, key)
    assert caught.value.facts["field"] == field


# Pages.


def pages_of(*pages: list[str]) -> list[Said]:
    last = len(pages) - 1
    return [
        Said(data={"items": items, "next": None if n == last else f"page-{n + 1}"})
        for n, items in enumerate(pages)
    ]


def test_a_list_is_fetched_page_by_page(server: Server, referrals: RemoteReferrals) -> None:
    standing = {"advocate": "c-1", "unit": "GBP"}
    server.says = pages_of([standing], [standing | {"unit": "TWD"}], [])  # type: ignore[list-item]
    assert [one.unit for one in referrals.rewards.balance("c-1")] == ["GBP", "TWD"]
    assert [asked.path.partition("?")[2] for asked in server.asked] == [
        "limit=500",
        "limit=500&cursor=page-1",
        "limit=500&cursor=page-2",
    ]


def test_an_iterator_asks_for_a_page_when_it_is_needed(
    server: Server, referrals: RemoteReferrals
) -> None:
    standing = {"advocate": "c-1", "unit": "GBP"}
    server.says = pages_of([standing], [standing])  # type: ignore[list-item]
    found = referrals.each("rewards.balance", advocate="c-1")
    next(found)
    assert len(server.asked) == 1
    next(found)
    assert len(server.asked) == 2
    with pytest.raises(Invalid, match="lists nothing"):
        referrals.each("record_order")


# Who else is in the process.


def test_threads_share_one_connection(server: Server, referrals: RemoteReferrals) -> None:
    server.says = [Said(data=CODE)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(referrals.find_code, ["ALICE10"] * 64))
    assert found == [Code(**CODE)] * 64


LIGHT = """
import sys, goodword
goodword.connect("https://thanks.example", "gw_x")
print(sorted({"sqlalchemy", "flask", "alembic", "goodword.storage"} & set(sys.modules)))
"""


def test_who_only_asks_loads_no_database_and_no_server() -> None:
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
