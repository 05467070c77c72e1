"""The stand-in's HTTP: the REST API with its signatures and failures, and a shop front."""

from __future__ import annotations

import json
import sys
import threading
from collections import deque
from collections.abc import Mapping
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from types import TracebackType
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from goodword.platforms import Installation
from goodword_woocommerce.standin.oauth import Signatures
from goodword_woocommerce.standin.recording import answer
from goodword_woocommerce.standin.shop import Answer, Fault, Shop, error

_API: Final = "/wp-json/wc/v3/"
_AUTHORIZE: Final = "/wc-auth/v1/authorize"
_AGREEING: Final = ("app_name", "user_id", "return_url", "callback_url", "scope")
_LONGEST_HANG: Final = 30.0


class AgreementRefused(Exception):
    """The page on which an owner agrees shows an error instead; the words are WooCommerce's."""


class StandIn:
    """A shop on this machine.  Use it as a context, or call `start` and `stop`."""

    key: Final = "ck_stand_in"
    secret: Final = "cs_stand_in"

    def __init__(self, port: int = 0, host: str = "127.0.0.1") -> None:
        self.calls: list[str] = []
        """What the API was asked, like ``PUT coupons/101``."""
        self.ended = threading.Event()
        self.signatures = Signatures(self.key, self.secret)
        self._faults: deque[Fault] = deque()
        self._server = _Server((host, port), _Handler)
        self._server.standin = self
        self.url = f"http://{host}:{self._server.server_address[1]}"
        self.shop = Shop()
        # Looks often whether it is to stop: every test starts a shop of its own.
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.005,), daemon=True
        )

    @property
    def shop(self) -> Shop:
        """What stands behind the API; another one that is put there is at home here, too."""
        return self._shop

    @shop.setter
    def shop(self, shop: Shop) -> None:
        shop.home = shop.home or self.url
        self._shop = shop

    def start(self) -> StandIn:
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

    def installation(self, shop: str, **settings: str) -> Installation:
        """Return what joins a shop to this stand-in."""
        keys = {"consumer_key": self.key, "consumer_secret": self.secret}
        return Installation(
            shop=shop, platform="woocommerce", url=self.url, credentials=keys, settings=settings
        )

    def fail(self, *faults: Fault) -> None:
        """Let the next requests to the API fail, one each."""
        self._faults.extend(faults)

    def recover(self) -> None:
        """Let no further request fail that was to."""
        self._faults.clear()

    def agreed(self, way: str, *, user: str | None = None) -> tuple[str, bytes]:
        """Agree as the owner who was sent ``way``; return where keys are posted, and as what.

        Raises `AgreementRefused` in WooCommerce's words for what it does not take.  ``user``: what
        somebody put in the place of what they were to bring along.
        """
        address = urlsplit(way)
        asked = dict(parse_qsl(address.query))
        missing = [name for name in _AGREEING if not asked.get(name)]
        if f"{address.scheme}://{address.netloc}{address.path}" != self.url + _AUTHORIZE:
            raise AgreementRefused("no such page")
        if missing:
            raise AgreementRefused(f"Missing parameter {missing[0]}")
        if not asked["callback_url"].startswith("https://"):
            raise AgreementRefused("The callback_url needs to be over SSL")
        keys = {"consumer_key": self.key, "consumer_secret": self.secret}
        rights = {"key_permissions": asked["scope"]}
        told = {"key_id": 3, "user_id": user or asked["user_id"], **keys, **rights}
        return asked["callback_url"], json.dumps(told, separators=(",", ":")).encode()

    def next_fault(self) -> Fault:
        """Take the fault that the present request is to suffer."""
        return self._faults.popleft() if self._faults else Fault.NONE


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    standin: StandIn

    def server_bind(self) -> None:
        # HTTPServer would ask the name service who this machine is, and may wait for the answer.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "stand-in", self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        # Whoever asked may be gone by now, killed even: that is no fault of the shop's.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "StandIn"

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet: addresses hold signatures."""

    def _serve(self) -> None:
        address = urlsplit(self.path)
        # Of a parameter that is sent twice, as the library does, PHP takes the last.
        query = dict(parse_qsl(address.query, keep_blank_values=True))
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if address.path.startswith(_API):
            self._api(address.path.removeprefix(_API), query, body)
        elif address.path == "/wp-json/":
            self._json(_index(self.server.standin.shop))
        else:
            self._page(200, _front(address.path, query))

    def _api(self, path: str, query: Mapping[str, str], body: bytes) -> None:
        standin = self.server.standin
        standin.calls.append(f"{self.command} {path}")
        # What is asked before a coupon is made is not what somebody meant to fail.
        fault = Fault.NONE if path.startswith("settings/") else standin.next_fault()
        if fault not in _CARRIED_OUT:
            self._fail(fault)
            return
        self._finish(self._answer(path, query, body), fault)

    def _answer(self, path: str, query: Mapping[str, str], body: bytes) -> Answer:
        standin = self.server.standin
        own = f"{standin.shop.home}{_API}{path}"
        wrong = standin.signatures.fault(self.command, own, query)
        if wrong:
            return error(401, *wrong)
        asked = {name: value for name, value in query.items() if not name.startswith("oauth_")}
        return standin.shop.answer(self.command, path, asked, json.loads(body or b"null"))

    def _finish(self, said: Answer, fault: Fault) -> None:
        if fault is Fault.HANG:
            self.server.standin.ended.wait(_LONGEST_HANG)
        if fault is Fault.NONE:
            self._json(said)

    def _fail(self, fault: Fault) -> None:
        match fault:
            case Fault.PAGE:
                self._page(200, "<!doctype html><title>Just a moment</title>")
            case Fault.MOVED:
                self._send(301, "text/html", b"", {"Location": "/elsewhere"})
            case Fault.WALL:
                self._page(403, "<!doctype html><title>Blocked</title>")
            case Fault.CUT:
                kind = "application/json; charset=UTF-8"
                self._send(200, kind, b'[{"id":17,"status":"proc', {})
            case Fault.CODE:
                self._json(error(200, "woocommerce_rest_cannot_view", "Sorry."))
            case _:
                self._page(int(fault.value), "<!doctype html><title>Not now</title>")

    def _json(self, said: Answer) -> None:
        headers = {key: value for key, value in said.headers.items() if key != "Content-Type"}
        kind = "application/json; charset=UTF-8"
        self._send(said.status, kind, json.dumps(said.body).encode(), headers)

    def _page(self, status: int, html: str) -> None:
        self._send(status, "text/html; charset=UTF-8", html.encode(), {})

    def _send(self, status: int, kind: str, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Type": kind}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


_CARRIED_OUT: Final = frozenset({Fault.NONE, Fault.HANG, Fault.DROP})


def _index(shop: Shop) -> Answer:
    status, headers, body = answer("root-index")
    name = shop.name or body["name"]
    return Answer(status, body | {"name": name, "url": shop.home, "home": shop.home}, headers)


def _front(path: str, query: Mapping[str, str]) -> str:
    noted = "".join(
        f"<li>{label}: <b>{escape(query[name])}</b></li>"
        for name, label in (("ref", "sent by the code"), ("gw", "on the visit"))
        if query.get(name)
    )
    return _FRONT.format(path=escape(path), noted=noted or "<li>nobody sent you</li>")


_FRONT: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bean Street Coffee</title>
<style>
body {{ font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto }}
</style>
<h1>Bean Street Coffee</h1>
<p>A recorded shop: nothing is for sale at <code>{path}</code>, but this is what it would note
on your order.</p>
<ul>{noted}</ul>
</html>
"""
