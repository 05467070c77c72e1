"""A receiver of webhooks that really listens, verifies, and misbehaves when told to."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import TracebackType
from typing import Any

from standardwebhooks import Webhook


@dataclass
class Got:
    """One call, as it came."""

    path: str
    headers: dict[str, str]
    body: str

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def said(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """An HTTP server of a shop.  ``answers`` are taken one after another, then 204."""

    answers: list[int | Callable[[socket.socket], None]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    secret: str = ""
    got: list[Got] = field(default_factory=list)
    ended: Event = field(default_factory=Event)

    def __enter__(self) -> Receiver:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.take(self)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks"

    def take(self, call: BaseHTTPRequestHandler) -> None:
        body = call.rfile.read(int(call.headers["content-length"])).decode()
        headers = {name.lower(): value for name, value in call.headers.items()}
        self.got.append(Got(call.path, headers, body))
        answer = self.answers.pop(0) if self.answers else 204
        if not isinstance(answer, int):
            answer(call.connection)
            call.close_connection = True
            return
        call.send_response(answer)
        for name, value in self.headers.items():
            call.send_header(name, value)
        call.send_header("content-length", "0")
        call.end_headers()

    def verified(self, secret: str, at: int = -1) -> Any:
        """What a call said, once its signature was verified as a receiver does."""
        return Webhook(secret).verify(self.got[at].body, self.got[at].headers)


def silent(line: socket.socket) -> None:
    """Take the call, and say nothing until the other side is gone."""
    while line.recv(1024):
        pass


def cut(line: socket.socket) -> None:
    """Die in the middle of the answer."""
    line.sendall(b"HTTP/1.1 2")
    line.shutdown(socket.SHUT_RDWR)


def garbage(line: socket.socket) -> None:
    line.sendall(b"\0\xff" * 500 + b"\r\n\r\n")


def dripping(
    ended: Event, start: bytes = b"HTTP/1.1 200 OK\r\nx-slow: "
) -> Callable[[socket.socket], None]:
    """Answer a letter at a time, for ever."""

    def drip(line: socket.socket) -> None:
        try:
            line.sendall(start)
            while not ended.wait(0.02):
                line.sendall(b"a")
        except OSError:
            pass

    return drip


def endless(line: socket.socket) -> None:
    """Answer at once, with a body that has no end."""
    try:
        line.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n")
        while True:
            line.sendall(b"a" * 65536)
    except OSError:
        pass
