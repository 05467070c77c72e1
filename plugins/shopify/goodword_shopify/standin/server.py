"""The stand-in over real HTTP: every shop below one address of this machine."""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from types import TracebackType
from typing import Any, Final

from goodword.platforms import Installation
from goodword_shopify.standin.answers import Answer, Fault
from goodword_shopify.standin.api import CLIENT, SECRET, Api
from goodword_shopify.standin.clock import written
from goodword_shopify.standin.graph import Unresolved
from goodword_shopify.standin.schema import PINNED, version

_LONGEST_HANG: Final = 30.0


class StandIn(Api):
    """Shopify on this machine.  Use it as a context, or call `start` and `stop`."""

    def __init__(self, port: int = 0, host: str = "127.0.0.1") -> None:
        self._server = _Server((host, port), _Handler)
        super().__init__(f"http://{host}:{self._server.server_address[1]}")
        self.ended = threading.Event()
        self.lines = 0
        """How many connections were ever made."""
        self.open_lines = 0
        self._counting = threading.Lock()
        self._server.standin = self
        # Looks often whether it is to stop: every test starts one of its own.
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.005,), daemon=True
        )

    def start(self) -> StandIn:
        # Read before anybody waits for an answer.
        version(PINNED)
        self._thread.start()
        return self

    def stop(self) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> StandIn:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def note_line(self, more: int) -> None:
        with self._counting:
            self.lines += more == 1
            self.open_lines += more

    def installation(self, shop: str, domain: str, **settings: str) -> Installation:
        """Return what joins a shop to this stand-in, with a token that is good for an hour."""
        now = self.clock.now()
        given = self.doors.give(domain)
        credentials = {
            "client_id": CLIENT,
            "client_secret": SECRET,
            "access_token": str(given["access_token"]),
            "expires": written(now + timedelta(seconds=given["expires_in"])),
            "refresh_token": str(given["refresh_token"]),
            "refresh_expires": written(now + timedelta(seconds=given["refresh_token_expires_in"])),
            "scope": str(given["scope"]),
        }
        return Installation(
            shop=shop,
            platform="shopify",
            url=f"{self.url}/{domain}",
            credentials=credentials,
            settings=settings,
        )


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    standin: StandIn

    def server_bind(self) -> None:
        # HTTPServer would ask the name service who this machine is, and may wait for the answer.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "stand-in", self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        # Whoever asked may be gone by now; what the stand-in does not hold it noted itself.
        if not isinstance(sys.exception(), (ConnectionError, Unresolved)):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.standin.note_line(1)

    def finish(self) -> None:
        self.server.standin.note_line(-1)
        super().finish()

    server_version = "StandIn"
    protocol_version = "HTTP/1.1"
    # Head and body are two writes, and the second must not wait for word of the first.
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        standin = self.server.standin
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        said, fault = standin.answer("POST", self.path, dict(self.headers.items()), body)
        if fault in (Fault.RESET, Fault.DROP):
            self.close_connection = True
            return
        if fault is Fault.HANG:
            standin.ended.wait(_LONGEST_HANG)
            self.close_connection = True
            return
        self._send(said, slowly=fault is Fault.SLOW)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet."""

    def do_GET(self) -> None:
        standin = self.server.standin
        found, fault = standin.fetch(self.path, dict(self.headers.items()))
        if fault in (Fault.RESET, Fault.DROP, Fault.HANG):
            self.close_connection = True
            return
        if fault is Fault.PARTIAL:
            # It says how long it is, and breaks off in the midst.
            self.close_connection = True
            self._head(found.status, found.headers, len(found.body))
            self.wfile.write(found.body[: len(found.body) // 2])
            return
        self._write(found.status, found.headers, found.body, slowly=fault is Fault.SLOW)

    def _send(self, said: Answer, *, slowly: bool) -> None:
        self._write(said.status, said.headers, said.body.encode(), slowly=slowly)

    def _write(self, status: int, headers: Mapping[str, str], body: bytes, *, slowly: bool) -> None:
        self._head(status, headers, len(body))
        if not slowly:
            self.wfile.write(body)
            return
        self.close_connection = True
        for byte in body:
            if self.server.standin.ended.wait(0.1):
                return
            self.wfile.write(bytes([byte]))
            self.wfile.flush()

    def _head(self, status: int, headers: Mapping[str, str], length: int) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()
