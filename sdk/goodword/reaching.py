"""How others are called: never for longer than told, and strangers on the open internet alone.

The library's own timeout begins anew with each byte, so whoever answers a byte at a time could hold
a call for ever: here the line itself is cut when the time of the whole call is over.  A name is
looked up once and the call goes to an address that was looked at, so that a second answer of the
name server changes nothing.
"""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from ipaddress import ip_address
from threading import Condition, Lock, Thread, local
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util.connection import create_connection

from goodword.addresses import HERE, Address

May = Callable[[Address], bool]
_LINES_KEPT: Final = 64
"""Lines to one host that wait for the next call: one for each thread of a busy process."""
_NO_PROXY: Final[dict[str, Any]] = {"http": None, "https": None, "all": None}


class TooLate(requests.Timeout):
    """A call took longer than it may in all."""


class NotAllowed(NewConnectionError):
    """A name leads to an address that may not be called."""


def session(may: May | None = None) -> requests.Session:
    """Return a session whose calls `ending` ends; ``may``: which addresses it calls, None for all.

    An address that may not be called fails with `NotAllowed` among its `causes`.
    """
    opened = requests.Session()
    if may is not None:
        # No proxy of the environment, which would do the looking up.
        opened.trust_env = False
    for scheme in ("http", "https"):
        opened.mount(f"{scheme}://", _Adapter(may))
    return opened


def proxies(url: str) -> dict[str, Any] | None:
    """Return what keeps a call to this machine itself from a proxy."""
    return _NO_PROXY if urlsplit(url).hostname in HERE else None


@contextmanager
def ending(seconds: float) -> Iterator[Deadline]:
    """Cut every line that this thread calls along in here, once so much time is over.

    Whatever came of it then, also if it looks whole, is `TooLate`.
    """
    deadline = Deadline(seconds)
    before, _here.deadline = _here.deadline, deadline
    _WATCHMAN.watch(deadline)
    try:
        yield deadline
    except Exception as error:
        if deadline.is_over:
            raise TooLate("it did not end in time") from error
        raise
    finally:
        _here.deadline = before
        _WATCHMAN.leave(deadline)
        deadline.let_go()
    if deadline.is_over:
        raise TooLate("it did not end in time")


def hold(line: Any) -> None:
    """Let a line be cut when the time is over of what this thread is `ending`, if it is."""
    if _here.deadline is not None:
        # TLS within TLS, through a proxy, has its line inside.
        _here.deadline.hold(getattr(line, "socket", line))


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield what stands behind an error of requests: an argument or a reason."""
    waiting, seen = [error], set()
    while waiting:
        one = waiting.pop()
        if id(one) not in seen:
            seen.add(id(one))
            yield one
            behind = (*one.args, getattr(one, "reason", None))
            waiting += [cause for cause in behind if isinstance(cause, BaseException)]


def never_sent(error: BaseException) -> bool:
    """Whether a request cannot have reached anybody: no connection was made to carry it."""
    # Not every trouble with TLS: it may come in the midst of an answer.
    kinds = (NewConnectionError, ssl.SSLCertVerificationError)
    return isinstance(error, _NOT_SENT) or any(isinstance(one, kinds) for one in causes(error))


_NOT_SENT: Final = (
    requests.ConnectTimeout,
    requests.exceptions.InvalidURL,
    requests.exceptions.ProxyError,
)


class Deadline:
    """When a call is over, and the lines that are cut then."""

    def __init__(self, seconds: float) -> None:
        self.until = monotonic() + seconds
        self.is_over = False
        """Whether the lines were cut: what was read last may have ended there."""
        self._lines: list[int] = []
        self._lock = Lock()

    def hold(self, line: socket.socket) -> None:
        # A handle of our own: an answer may take the other one along and close it early.
        ours = socket.dup(line.fileno())
        with self._lock:
            self._lines.append(ours)
            if self.is_over:
                _cut(ours)

    def end(self) -> None:
        with self._lock:
            self.is_over = True
            for line in self._lines:
                _cut(line)

    def let_go(self) -> None:
        with self._lock:
            while self._lines:
                socket.close(self._lines.pop())


def _cut(handle: int) -> None:
    line = socket.socket(fileno=handle)
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.detach()


class _Here(local):
    deadline: Deadline | None = None


_here: Final = _Here()


class _Watchman:
    """One thread that ends what is over, for all calls of this process; none where all is quiet."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self._watched: set[Deadline] = set()
        self._changed = Condition()
        self._wakes: float | None = None
        """When it looks next; None: nobody is at watch."""

    def watch(self, deadline: Deadline) -> None:
        with self._changed:
            self._watched.add(deadline)
            if self._wakes is None:
                Thread(target=self._stand, name="goodword-deadlines", daemon=True).start()
                self._wakes = deadline.until
            elif deadline.until < self._wakes:
                self._changed.notify()

    def leave(self, deadline: Deadline) -> None:
        # Without a word to the thread: most calls end long before, and it would wake for each.
        with self._changed:
            self._watched.discard(deadline)

    def _stand(self) -> None:
        with self._changed:
            while self._watched:
                self._wakes = min(one.until for one in self._watched)
                self._changed.wait(max(0.0, self._wakes - monotonic()))
                now = monotonic()
                for one in [one for one in self._watched if one.until <= now]:
                    self._watched.discard(one)
                    one.end()
            self._wakes = None


_WATCHMAN: Final = _Watchman()
if hasattr(os, "register_at_fork"):
    # Its thread stays behind with the parent.
    os.register_at_fork(after_in_child=_WATCHMAN.begin)


class _Connection(HTTPConnection):
    def __init__(self, *given: Any, may: May | None, **named: Any) -> None:
        super().__init__(*given, **named)
        self._may = may
        self._process = os.getpid()

    def request(self, *given: Any, **named: Any) -> None:
        if self.sock is not None:
            # A line that is kept from the call before.
            hold(self.sock)
        super().request(*given, **named)

    def _new_conn(self) -> socket.socket:
        line = self._line_to(self._looked_up())
        hold(line)
        self._process = os.getpid()
        return line

    def let_go_of_parents(self) -> None:
        """Close a line that another process opened: it reads the answers, or we would read its."""
        if self.sock is not None and self._process != os.getpid():
            self.close()

    def _line_to(self, addresses: list[str]) -> socket.socket:
        """Return a line to the first address that takes the call; as long as there is time."""
        failed: Exception = NewConnectionError(self, "its name leads nowhere")
        for address in addresses:
            seconds = _at_most(self.timeout)
            if seconds is not None and seconds <= 0:
                break
            try:
                return create_connection(
                    (address, self.port),
                    seconds,
                    source_address=self.source_address,
                    socket_options=self.socket_options,
                )
            except TimeoutError:
                failed = ConnectTimeoutError(self, "nobody took the call in time")
            except OSError as error:
                failed = NewConnectionError(self, f"nobody took the call: {error}")
        raise failed

    def _looked_up(self) -> list[str]:
        """Return the addresses of the name; raise `NotAllowed` unless every one may be called."""
        try:
            found = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            raise NewConnectionError(self, f"its name is not known: {error}") from error
        texts = [str(one[4][0]) for one in found]
        if self._may is not None:
            # What stands behind a % is the way out of this machine.
            addresses = [ip_address(text.partition("%")[0]) for text in texts]
            if not all(map(self._may, addresses)):
                raise NotAllowed(self, "its name leads to an address that may not be called")
        return texts


def _at_most(seconds: Any) -> float | None:
    """Return a time to wait, or what is left of the whole call if that is less."""
    deadline = _here.deadline
    if deadline is None:
        return seconds  # type: ignore[no-any-return]
    left = deadline.until - monotonic()
    return min(seconds, left) if isinstance(seconds, (int, float)) else left


class _TlsConnection(_Connection, HTTPSConnection):
    """The same, encrypted: what stands in `_Connection` comes before what HTTPSConnection does."""


class _OwnLines(HTTPConnectionPool):
    def _get_conn(self, timeout: float | None = None) -> Any:
        found: Any = super()._get_conn(timeout)
        found.let_go_of_parents()
        return found


class _Pool(_OwnLines):
    ConnectionCls = _Connection


class _TlsPool(_OwnLines, HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class _Adapter(HTTPAdapter):
    """Connects along lines that can be cut, also where a proxy stands between."""

    def __init__(self, may: May | None) -> None:
        self._pools = {"http": partial(_Pool, may=may), "https": partial(_TlsPool, may=may)}
        super().__init__(pool_maxsize=_LINES_KEPT)

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        super().init_poolmanager(*given, **named)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *given: Any, **named: Any) -> Any:
        found = super().proxy_manager_for(*given, **named)
        found.pool_classes_by_scheme = self._pools
        return found
