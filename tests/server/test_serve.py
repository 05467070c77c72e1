"""`goodword serve` and `goodword work`, really started, and ended as an operator ends them."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import pytest

from goodword_woocommerce.standin import recorded
from tests.sdk.builders import Clock
from tests.server.builders import (
    FIRST_SECRET,
    LINES_PREVIEWER,
    PAID,
    PHONE,
    Place,
    a_house,
    a_place,
)
from tests.server.processes import Running, Served, until

pytestmark = pytest.mark.slow
FRIEND = {"User-Agent": PHONE}
PREVIEWER = {"User-Agent": LINES_PREVIEWER}


@pytest.fixture
def place(on_sqlite: str, clock: Clock) -> Iterator[Place]:
    with a_house(on_sqlite, clock) as house:
        yield a_place(house)


@pytest.fixture
def served(place: Place) -> Iterator[Served]:
    served = Served(place.house.settings.database_url)
    yield served
    served.running.kill()


def test_a_server_answers_counts_records_and_ends(served: Served, place: Place) -> None:
    status, _, body = served.ask("GET", "/readyz")
    assert (status, json.loads(body)["status"]) == (200, "ok")

    # A friend clicks.
    status, headers, _ = served.ask("GET", "/tea-house/r/alice-10?via=line&to=/tea", FRIEND)
    (visit,) = place.visits()
    assert status == 302
    assert headers["location"] == f"https://tea.example/tea?ref=ALICE10&gw={visit['id']}"
    assert visit["via"] == "line"

    # LINE previews.
    status, headers, page = served.ask("GET", "/tea-house/r/ALICE10", PREVIEWER)
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert b'property="og:title"' in page

    # The shop delivers, at once and in pieces, and the worker at the server's side records it.
    sent = recorded(PAID)
    hook = f"/hooks/woocommerce/{place.connected.path}"
    assert served.ask("POST", hook, sent.headers, sent.body)[0] == 200
    pieces = {**sent.headers, "Transfer-Encoding": "chunked"}
    assert served.ask("POST", hook, pieces, iter([sent.body[:100], sent.body[100:]]))[0] == 200
    until(lambda: place.verdicts() == ["order 17: created", "order 17: duplicate"])

    # Too much is too much, however it comes.
    assert served.ask("POST", hook, sent.headers, b" " * 100_001)[0] == 413
    assert served.ask("POST", hook, pieces, iter([b" " * 60_000] * 2))[0] == 413
    assert len(place.inbox()) == 2

    code, said = served.running.end()
    assert code == 0, said
    assert "Traceback" not in said


ODD = [
    b"GET /%E8%8C%B6/r/%E8%8C%B6 HTTP/1.1",
    "GET /茶/r/茶 HTTP/1.1".encode(),
    b"GET /tea-house/r/\xa7\xb3 HTTP/1.1",
    b"GET /tea-house/r/%A7%B3 HTTP/1.1",
    b"GET /tea-house/r/ALICE10?to=\xa7\xb3 HTTP/1.1",
    b"GET /tea-house/r/ALICE10?to=%A7%B3&via=%00 HTTP/1.1",
    b"GET /tea-house/r/%00 HTTP/1.1",
    b"GET /%00/r/%00 HTTP/1.1",
    b"GET //evil.example/r/ALICE10 HTTP/1.1",
    b"GET /tea-house/r/ALICE10?to=//evil.example HTTP/1.1",
    b"GET /tea-house/r/ALICE10?to=/%0d%0aX:y HTTP/1.1",
    b"GET http://evil.example/tea-house/r/ALICE10 HTTP/1.1",
    b"GET /tea-house/r/" + b"x" * 5000 + b" HTTP/1.1",
    b"POST /hooks/woocommerce/\xff HTTP/1.1",
]
HEADS = [
    b"",
    b"User-Agent: \xff\xfe",
    b"Cookie: goodword_visitor=\xe9.\xff",
    b"Accept-Language: \xff",
]


def test_whatever_a_line_brings_no_answer_is_a_fault_of_ours(served: Served) -> None:
    for line in ODD:
        for head in HEADS:
            raw = b"\r\n".join([line, b"Host: x", *filter(None, [head]), b"", b""])
            first = served.say(raw)
            assert first.startswith(b"HTTP/1.1 "), (line, head)
            assert not first.startswith(b"HTTP/1.1 5"), (line, head, first)


def test_a_delivery_is_taken_whole_however_slowly_it_arrives(served: Served, place: Place) -> None:
    sent = recorded(PAID)
    hook = f"/hooks/woocommerce/{place.connected.path}"
    told = {**sent.headers, "Content-Length": str(len(sent.body))}
    assert served.ask("POST", hook, told, dripping(sent.body))[0] == 200
    in_pieces = {**sent.headers, "Transfer-Encoding": "chunked"}
    assert served.ask("POST", hook, in_pieces, dripping(sent.body))[0] == 200


def dripping(body: bytes) -> Iterator[bytes]:
    """A body as a bad line brings it."""
    step = len(body) // 5 + 1
    for start in range(0, len(body), step):
        yield body[start : start + step]
        time.sleep(0.1)


def test_a_path_beyond_ascii_is_read_as_it_is_written(served: Served) -> None:
    status, headers, _ = served.ask("GET", f"/tea-house/r/{quote('ＡＬＩＣＥ１０')}", FRIEND)
    assert status == 302
    assert "ref=ALICE10&" in headers["location"]


def test_two_processes_serve_one_shop(place: Place) -> None:
    served = Served(place.house.settings.database_url, "--workers", "2")
    with ExitStack() as ending:
        ending.callback(served.running.kill)
        for _ in range(20):
            assert served.ask("GET", "/tea-house/r/ALICE10", FRIEND)[0] == 302
        assert len(place.visits()) == 20
        assert served.running.end()[0] == 0


def test_a_worker_of_its_own_works_and_ends_when_it_is_told(place: Place) -> None:
    place.deliver(PAID)
    worker = Running(
        "work",
        GOODWORD_DATABASE_URL=place.house.settings.database_url,
        GOODWORD_SECRETS=FIRST_SECRET,
        GOODWORD_PUBLIC_URL="https://thanks.example",
    )
    with ExitStack() as ending:
        ending.callback(worker.kill)
        until(lambda: place.verdicts() == ["order 17: created"])
        assert worker.end() == (0, "At work.\nStopped.\n")


def test_without_tables_it_does_not_start(tmp_path: Path, migrated_sqlite: Path) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "other.db")
    refused = Running(
        "serve",
        GOODWORD_DATABASE_URL=f"sqlite:///{tmp_path / 'empty.db'}",
        GOODWORD_SECRETS=FIRST_SECRET,
        GOODWORD_PUBLIC_URL="https://thanks.example",
    )
    code, said = refused.wait()
    assert code == 1
    assert "run `goodword migrate`" in said
    assert "Traceback" not in said
