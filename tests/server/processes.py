"""Commands of ours as processes of their own, and how to speak to them."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from socket import create_connection, socket
from tempfile import TemporaryFile

from tests.server.builders import FIRST_SECRET

PATIENCE = 60.0


class Running:
    """A command that runs until it is told to end."""

    program: tuple[str, ...] = (str(Path(sys.executable).with_name("goodword")),)

    def __init__(self, *words: str, **settings: str) -> None:
        # A file and not a pipe: nobody reads along, and a full pipe would hold it up.
        self._said = TemporaryFile("a+")  # noqa: SIM115
        self.process = subprocess.Popen(
            [*self.program, *words],
            env={**os.environ, "PYTHONWARNINGS": "error", **settings},
            stdout=self._said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def said(self) -> str:
        """Return what it said so far."""
        self._said.seek(0)
        return self._said.read()

    def end(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Ask it to end, as service managers do; return its code and what it said."""
        self.process.send_signal(how)
        return self.wait()

    def wait(self) -> tuple[int, str]:
        """Wait for its end; return its code and what it said."""
        code = self.process.wait(PATIENCE)
        said = self.said()
        self._said.close()
        return code, said

    def kill(self) -> None:
        """End it and all that it started, for good."""
        if self.alive:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._said.close()


def free_port() -> int:
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until(true: Callable[[], bool]) -> None:
    """Wait for something to come true."""
    ends = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < ends, "it never came true"
        time.sleep(0.05)


class Served:
    """A server on this machine, spoken to over a socket of our own."""

    def __init__(self, url: str, *words: str, **settings: str) -> None:
        self.port = free_port()
        self.running = Running(
            "serve",
            "--port",
            str(self.port),
            *words,
            GOODWORD_DATABASE_URL=url,
            GOODWORD_SECRETS=FIRST_SECRET,
            GOODWORD_PUBLIC_URL=f"http://127.0.0.1:{self.port}",
            GOODWORD_WORKER="thread",
            GOODWORD_BODY_MOST="100000",
            **settings,
        )
        until(self.answers)

    def answers(self) -> bool:
        assert self.running.alive, self.running.said()
        try:
            return self.ask("GET", "/healthz")[0] == 200
        except OSError:
            return False

    def ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | Iterator[bytes] = b"",
    ) -> tuple[int, dict[str, str], bytes]:
        in_pieces = "Transfer-Encoding" in (headers or {})
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as line:
            line.request(method, path, body, headers or {}, encode_chunked=in_pieces)
            answer = line.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()

    def say(self, raw: bytes) -> bytes:
        """Send bytes as they are; return the first line of the answer."""
        with closing(create_connection(("127.0.0.1", self.port), timeout=20)) as line:
            line.sendall(raw)
            return line.makefile("rb").readline()
