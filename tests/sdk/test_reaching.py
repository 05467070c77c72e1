"""Calls to others: each ends when its time is over, whatever the other side does."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from urllib3.util import connection

from goodword import reaching
from goodword.reaching import NotAllowed, TooLate, causes, ending, never_sent, session

pytestmark = pytest.mark.slow

OK = b"HTTP/1.1 200 OK\r\n"
WHOLE = OK + b"Content-Length: 2\r\n\r\nok"
# What is sent at once; a letter every now and then comes after it, for ever.
TRICKLES = {
    "nothing": b"",
    "a header": OK + b"X-Slow: ",
    "a body": OK + b"Content-Length: 1000000\r\n\r\n",
    "a body, and hangs up": OK + b"Connection: close\r\nContent-Length: 1000000\r\n\r\n",
    "a body that only its end ends": OK + b"\r\n",
    "the length of a part": OK + b"Transfer-Encoding: chunked\r\n\r\n",
}
Wrap = Callable[[socket.socket], socket.socket]


class Trickling:
    """A server that answers a letter at a time; on each line well at first, ``well`` times."""

    def __init__(self, start: bytes, well: int = 0, wrap: Wrap = lambda line: line) -> None:
        self._start = start
        self._well = well
        self._wrap = wrap
        self.done = Event()
        self.lines = 0
        self._bound = socket.create_server(("127.0.0.1", 0))
        self.port = self._bound.getsockname()[1]
        self._threads = [Thread(target=self._take)]
        self._threads[0].start()

    def close(self) -> None:
        self.done.set()
        # Nobody wakes one who waits for a call but a call.
        socket.create_connection(("127.0.0.1", self.port)).close()
        for thread in self._threads:
            thread.join()
        self._bound.close()

    def _take(self) -> None:
        while not self.done.is_set():
            line, _ = self._bound.accept()
            self.lines += 1
            thread = Thread(target=self._answer, args=(line,))
            self._threads.append(thread)
            thread.start()

    def _answer(self, line: socket.socket) -> None:
        try:
            with self._wrap(line) as spoken:
                for _ in range(self._well):
                    spoken.recv(65536)
                    spoken.sendall(WHOLE)
                spoken.recv(65536)
                spoken.sendall(self._start)
                while not self.done.wait(0.02):
                    spoken.sendall(b"1")
        except OSError:
            pass


@contextmanager
def trickling(start: bytes, **named: Any) -> Iterator[Trickling]:
    server = Trickling(start, **named)
    try:
        yield server
    finally:
        server.close()


def get(opened: requests.Session, server: Trickling, seconds: float) -> bytes:
    """Ask for it with a timeout that alone would never end it."""
    with ending(seconds):
        return opened.get(f"http://127.0.0.1:{server.port}/", timeout=(5, 5)).content


@pytest.mark.parametrize("start", TRICKLES.values(), ids=TRICKLES)
def test_whoever_answers_a_letter_at_a_time_is_cut_off(start: bytes) -> None:
    with trickling(start) as server, session() as opened:
        with pytest.raises(TooLate):
            get(opened, server, 0.3)
        assert not server.done.is_set()


def test_a_line_that_is_kept_is_cut_off_too() -> None:
    with trickling(TRICKLES["a body"], well=1) as server, session() as opened:
        assert get(opened, server, 60) == b"ok"
        with pytest.raises(TooLate):
            get(opened, server, 0.3)
        assert server.lines == 1


def test_a_call_that_ends_in_time_is_left_alone() -> None:
    with trickling(b"", well=3) as server, session() as opened:
        assert [get(opened, server, 60) for _ in range(3)] == [b"ok"] * 3


def test_each_call_has_a_time_of_its_own() -> None:
    with trickling(TRICKLES["a body"], well=1) as server, ThreadPoolExecutor(4) as threads:

        def late(seconds: float) -> bytes:
            with session() as opened:
                get(opened, server, 60)
                with pytest.raises(TooLate):
                    get(opened, server, seconds)
                return get(opened, server, 60)

        assert list(threads.map(late, (0.6, 0.2, 0.4, 0.1))) == [b"ok"] * 4


def test_an_error_of_the_callers_own_stays_what_it_is() -> None:
    with pytest.raises(KeyError), ending(60):
        raise KeyError


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of this machine, with its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    shape, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file = tmp_path_factory.mktemp("paper") / "paper.pem"
    file.write_bytes(made.public_bytes(encoding) + key.private_bytes(encoding, shape, plain))
    return file


@pytest.mark.parametrize("well", [0, 1])
def test_a_line_with_tls_is_cut_off_like_another(paper: Path, well: int) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(paper)

    def wrap(line: socket.socket) -> socket.socket:
        return context.wrap_socket(line, server_side=True)

    with trickling(TRICKLES["a body"], well=well, wrap=wrap) as server, session() as opened:
        trusted, url = str(paper), f"https://localhost:{server.port}/"
        for _ in range(well):
            assert opened.get(url, timeout=5, verify=trusted).content == b"ok"
        with pytest.raises(TooLate), ending(0.5):
            opened.get(url, timeout=5, verify=trusted)


FORKING = """
import os, sys
from goodword.reaching import TooLate, ending, session

def late():
    try:
        with session() as opened, ending(0.3):
            opened.get(sys.argv[1], timeout=5)
    except TooLate:
        return 0
    return 1

with ending(60):
    child = os.fork()
    if child == 0:
        os._exit(late())
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork on Windows")
def test_a_forked_process_ends_its_calls_itself() -> None:
    with trickling(TRICKLES["a header"]) as server:
        url = f"http://127.0.0.1:{server.port}/"
        told = [sys.executable, "-W", "ignore", "-c", FORKING, url]
        assert subprocess.run(told, check=False, timeout=60).returncode == 0


PARTING = """
import os, sys
from goodword.reaching import session

opened = session()
opened.get(sys.argv[1], timeout=5)
child = os.fork()
opened.get(sys.argv[1], timeout=5)
if child == 0:
    os._exit(0)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork on Windows")
def test_a_forked_process_has_lines_of_its_own() -> None:
    # On one line each would read what the other asked for.
    with trickling(b"", well=2) as server:
        url = f"http://127.0.0.1:{server.port}/"
        told = [sys.executable, "-W", "ignore", "-c", PARTING, url]
        assert subprocess.run(told, check=False, timeout=60).returncode == 0
        assert server.lines == 2


def at_once(opened: requests.Session, url: str, many: int) -> set[bytes]:
    """Ask so often before any answer is read; each holds its line until then."""
    answers = [opened.get(url, timeout=5, stream=True) for _ in range(many)]
    return {answer.content for answer in answers}


def test_as_many_lines_are_kept_as_a_busy_process_has_threads(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with trickling(b"", well=2) as server, session() as opened:
        url = f"http://127.0.0.1:{server.port}/"
        said = [at_once(opened, url, 40) for _ in range(2)]
        lines = server.lines
    assert (said, lines, caplog.text) == ([{b"ok"}] * 2, 40, "")


# Where a name leads.


def leading(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Let every name lead to these addresses, of which only this machine's own takes a call."""
    called: list[str] = []
    real = connection.create_connection

    def lookup(host: str, port: Any, *_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    def connect(address: tuple[str, int], *given: Any, **named: Any) -> socket.socket:
        called.append(address[0])
        if address[0] != "127.0.0.1":
            raise OSError("nobody")
        return real(address, *given, **named)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(reaching, "create_connection", connect)
    return called


def test_the_next_address_is_tried_where_the_first_takes_no_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with trickling(b"", well=1) as server:
        called = leading(monkeypatch, "203.0.114.7", "127.0.0.1")
        with session(lambda _: True) as opened:
            assert opened.get(f"http://tea.example:{server.port}/", timeout=5).content == b"ok"
        assert called == ["203.0.114.7", "127.0.0.1"]
        # The server's own end is by a real connection.
        monkeypatch.undo()


@pytest.mark.parametrize("may", [None, lambda _: True], ids=["all", "some"])
def test_a_name_with_a_thousand_addresses_takes_no_longer(
    monkeypatch: pytest.MonkeyPatch, may: reaching.May | None
) -> None:
    called: list[float] = []

    def lookup(*_: Any, **__: Any) -> list[Any]:
        tcp = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*tcp, (f"203.0.{n // 250}.{n % 250}", 80)) for n in range(1000)]

    def connect(_: Any, timeout: float, **__: Any) -> socket.socket:
        called.append(timeout)
        sleep(timeout)
        raise TimeoutError

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(reaching, "create_connection", connect)
    # The last call ends with the time for all: which of the two is told first is nobody's promise.
    late = (TooLate, requests.ConnectTimeout)
    with session(may) as opened, pytest.raises(late), ending(0.3):
        opened.get("http://tea.example/", timeout=(0.1, 5))
    assert len(called) < 10
    assert max(called) <= 0.1


def test_one_address_that_may_not_be_called_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    called = leading(monkeypatch, "203.0.114.7", "10.0.0.5")
    with (
        session(lambda address: address.is_global) as opened,
        pytest.raises(requests.ConnectionError) as refused,
    ):
        opened.get("https://tea.example/", timeout=5)
    assert any(isinstance(cause, NotAllowed) for cause in causes(refused.value))
    assert called == []


@pytest.mark.parametrize("may", [None, lambda _: True], ids=["all", "some"])
def test_a_name_that_leads_nowhere_was_sent_nothing(
    monkeypatch: pytest.MonkeyPatch, may: reaching.May | None
) -> None:
    def lookup(*_: Any, **__: Any) -> Any:
        raise socket.gaierror("unknown")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    with session(may) as opened, pytest.raises(requests.ConnectionError) as failed:
        opened.post("http://tea.example/", timeout=5)
    assert never_sent(failed.value)
