"""The demo's stage: a recorded shop, a server and its worker in one process, and a clock."""

from __future__ import annotations

import logging
import secrets
import socket
from collections.abc import Mapping
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any, Final

import requests
from werkzeug.serving import WSGIRequestHandler, make_server

from goodword_server.app import create_app
from goodword_server.house import House
from goodword_server.looks import Look
from goodword_server.settings import Settings
from goodword_server.storage import looks
from goodword_server.worker import Worker
from goodword_woocommerce.standin import SECRET, Recorded, StandIn

SHOP: Final = "bean-street"
START: Final = datetime(2026, 11, 22, 9, 20, tzinfo=UTC)
_LOOK: Final = Look(name="Bean Street", colour="#6f3f24")
_PHONE: Final = {
    "User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/15E148 Safari Line/14.19.0",
    "Accept-Language": "zh-TW",
}


class Clock:
    """The demo's own time: it stands still until the story moves it."""

    def __init__(self) -> None:
        self._at = START
        self._running_since: float | None = None

    def __call__(self) -> datetime:
        if self._running_since is None:
            return self._at
        return datetime.fromtimestamp(
            self._at.timestamp() + monotonic() - self._running_since, tz=UTC
        )

    def to(self, at: datetime) -> None:
        """Move on to a moment; never back."""
        self._at = max(self._at, at)

    def run(self) -> None:
        """Let time pass by itself from now on."""
        self._running_since = monotonic()


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Leave the screen to the story."""


class Stage:
    """All that the story needs; use it as a context."""

    def __init__(self, folder: Path, port: int) -> None:
        self.mails = folder / "mails"
        self.clock = Clock()
        self.shop = StandIn()
        self.url = f"http://127.0.0.1:{_free(port)}"
        self.house = House(
            Settings(
                database_url=f"sqlite:///{folder / 'demo.db'}",
                secrets=(secrets.token_urlsafe(32),),
                public_url=self.url,
                mail=f"folder:{self.mails}",
                mail_from="hello@bean-street.example",
                card_folder=str(folder / "cards"),
            ),
            self.clock,
        )
        self._worker = Worker(self.house)
        self._http = requests.Session()
        # A proxy of this machine has no business with a demo on loopback.
        self._http.trust_env = False
        self._hook = ""
        self.key = ""

    def __enter__(self) -> Stage:
        self.house.migrate()
        self.shop.start()
        app = create_app(house=self.house)
        port = int(self.url.rpartition(":")[2])
        self._server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
        self._thread = Thread(target=self._server.serve_forever, name="server", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *trouble: object) -> None:
        self._worker.stop()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._http.close()
        self.shop.stop()
        self.house.close()

    def connect(self) -> None:
        """Join the recorded shop, with the secret that its recorded deliveries are signed with."""
        one = self.shop.installation(SHOP, code_meta="_referral_code,_pr_ref")
        connected = self.house.connect(
            SHOP,
            one.platform,
            one.url,
            secrets=[SECRET],
            credentials=one.credentials,
            settings=one.settings,
        )
        self.house.database.write(lambda s: looks.put(s, SHOP, _LOOK, self.clock()))
        self._hook = self.house.hook_url(connected)
        self.key = self.house.new_key(SHOP)

    def put(self, path: str, given: Mapping[str, Any]) -> Any:
        """Ask the API to keep something."""
        return self._api("PUT", path, json=given)

    def post(self, path: str, given: Mapping[str, Any]) -> Any:
        """Ask the API to make something."""
        return self._api("POST", path, json=given)

    def get(self, path: str, **query: str) -> Any:
        """Ask the API for something."""
        return self._api("GET", path, params=query)

    def deliver(self, told: Recorded) -> None:
        """Let the shop stand as told, deliver it, and do what can be done at once."""
        body = self.shop.shop.show(told)
        at = datetime.fromisoformat(body["date_modified_gmt"]).replace(tzinfo=UTC)
        self.clock.to(at)
        answered = told.send(self._hook)
        if answered != 200:
            raise RuntimeError(f"the delivery was answered with {answered}")
        self.work()

    def work(self) -> None:
        """Let the worker do all that can be done now."""
        self._worker.once()

    def click(self, link: str) -> str:
        """Follow a link as a friend on a phone does; return where it leads."""
        answer = self._http.get(link, headers=_PHONE, allow_redirects=False, timeout=10)
        answer.raise_for_status()
        return answer.headers["Location"]

    def new_mails(self, before: int) -> list[EmailMessage]:
        """Return the mails that were written since there were so many."""
        files = sorted(self.mails.glob("*.eml"))[before:]
        return [message_from_bytes(file.read_bytes(), policy=default) for file in files]

    def stay(self) -> None:
        """Let time pass and the worker run, as a server does."""
        logging.getLogger("goodword_server").addHandler(logging.StreamHandler())
        self.clock.run()
        self._worker.start()

    def _api(self, method: str, path: str, **options: Any) -> Any:
        answer = self._http.request(
            method,
            f"{self.url}/v1{path}",
            headers={"Authorization": f"Bearer {self.key}"},
            timeout=10,
            **options,
        )
        if not answer.ok:
            raise RuntimeError(f"{method} {path}: {answer.text}")
        return answer.json()


def _free(port: int) -> int:
    """Return the port if nobody has it, else one that is free."""
    for wanted in (port, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise RuntimeError("no port is free on 127.0.0.1")
