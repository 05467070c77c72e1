"""The guard that every test stands under: inside a transaction nobody outside can be called."""

from __future__ import annotations

import http.client
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.request import urlopen

import pytest
import requests

import goodword
from goodword.storage.database import Database
from goodword.storage.sql import Session
from tests.calls import REACHING_OUT, CallInside, Calls, refused_inside
from tests.sdk.builders import at_once

Address = tuple[str, int]


class Answering(BaseHTTPRequestHandler):
    """Answers, and holds the line."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def outside() -> Iterator[Address]:
    """Somebody who can be called."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        serving = Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        yield "127.0.0.1", server.server_port
        server.shutdown()
        serving.join()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    engine = goodword.embed(request.getfixturevalue(f"{request.param}_url"))
    yield engine.database
    engine.close()


def connect(outside: Address) -> None:
    with socket.socket() as line:
        line.connect(outside)


def connect_ex(outside: Address) -> None:
    with socket.socket() as line:
        line.connect_ex(outside)


def ask(outside: Address) -> None:
    with closing(http.client.HTTPConnection(*outside, timeout=20)) as line:
        line.request("GET", "/")


WAYS: dict[str, Callable[[Address], object]] = {
    "connect": connect,
    "connect_ex": connect_ex,
    "create_connection": socket.create_connection,
    "http.client": ask,
    "urllib": lambda outside: urlopen("http://{}:{}/".format(*outside)),
    "requests": lambda outside: requests.get("http://{}:{}/".format(*outside), timeout=20),
    "smtplib": lambda outside: smtplib.SMTP(*outside, timeout=20),
}


@pytest.mark.parametrize("way", WAYS)
def test_nobody_is_called_inside_a_write(
    database: Database, outside: Address, calls_inside: Calls, way: str
) -> None:
    with pytest.raises(CallInside):
        database.write(lambda session: WAYS[way](outside))
    assert len(calls_inside.seen) == 1
    calls_inside.seen.clear()


def test_nobody_is_called_inside_a_read(
    database: Database, outside: Address, calls_inside: Calls
) -> None:
    with pytest.raises(CallInside):
        database.read(lambda session: connect(outside))
    calls_inside.seen.clear()


def test_an_open_line_is_a_call_too(
    database: Database, outside: Address, calls_inside: Calls
) -> None:
    url = "http://{}:{}/".format(*outside)
    with requests.Session() as shop:
        shop.trust_env = False
        assert shop.get(url, timeout=20).status_code == 204
        with pytest.raises(CallInside):
            database.write(lambda session: shop.get(url, timeout=20))
    assert calls_inside.seen == ["socket.sendall"]
    calls_inside.seen.clear()


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in REACHING_OUT for name in names]
)
def test_no_socket_is_used_inside(
    database: Database, calls_inside: Calls, kind: type[socket.socket | ssl.SSLSocket], name: str
) -> None:
    line = ssl.create_default_context().wrap_socket(socket.socket(), server_hostname="tea.example")
    with line, pytest.raises(CallInside):
        database.write(lambda session: getattr(kind, name)(line))
    calls_inside.seen.clear()


def test_a_refusal_that_is_swallowed_is_told_in_the_end(
    database: Database, outside: Address
) -> None:
    def work(session: Session) -> None:
        with suppress(AssertionError):
            connect(outside)

    with pytest.raises(AssertionError, match="inside a transaction"), refused_inside():
        database.write(work)


def test_who_stands_outside_may_call(database: Database, outside: Address) -> None:
    database.write(lambda session: None)
    database.read(lambda session: None)
    connect(outside)


def test_one_threads_transaction_keeps_no_other_from_calling(
    database: Database, outside: Address
) -> None:
    inside, called = Event(), Event()

    def work(session: Session) -> bool:
        inside.set()
        return called.wait(10)

    def call() -> bool:
        assert inside.wait(10)
        connect(outside)
        called.set()
        return True

    assert at_once(partial(database.write, work), call) == [True, True]
