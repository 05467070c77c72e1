"""Where an address may lead: a shop that a stranger named is called on the open internet alone.

A name is looked up once and the call goes to the address that was looked at, so that a second
answer of the name server changes nothing; and whatever the shop does, the line is cut in the end.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_address
from threading import Timer
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util.connection import create_connection

from goodword.addresses import Address, is_public

# What a whole call takes at most; the library's own timeout begins anew with each byte.
_SECONDS: Final = 120.0
# No proxy leads to this machine itself.
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_NO_PROXY: Final[dict[str, Any]] = {"http": None, "https": None, "all": None}


class NotPublic(NewConnectionError):
    """A name leads to no address of the open internet."""


def session(*, public: bool) -> requests.Session:
    """Return a session; ``public``: it calls nothing but addresses of the open internet."""
    opened = requests.Session()
    if public:
        # No proxy of the environment, which would do the looking up.
        opened.trust_env = False
        for scheme in ("http", "https"):
            opened.mount(f"{scheme}://", _Public())
    return opened


def proxies(url: str) -> dict[str, Any] | None:
    """Return what keeps a call to this machine itself from a proxy."""
    return _NO_PROXY if urlsplit(url).hostname in _HERE else None


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


class _Public(HTTPAdapter):
    """Connects to addresses of the open internet alone."""

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        super().init_poolmanager(*given, **named)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}


class _Cut:
    """Cuts a line when its time is over, whatever goes on there."""

    def __init__(self, line: socket.socket) -> None:
        # A second handle on the same line: TLS takes the first one over.
        self._line = line.dup()
        self._timer = Timer(_SECONDS, self._now)
        self._timer.daemon = True
        self._timer.start()

    def off(self) -> None:
        self._timer.cancel()
        self._line.close()

    def _now(self) -> None:
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)


class _Connection(HTTPConnection):
    _cut: _Cut | None = None

    def _new_conn(self) -> socket.socket:
        try:
            line = create_connection(
                (str(self._looked_up()), self.port),
                self.timeout,
                source_address=self.source_address,
                socket_options=self.socket_options,
            )
        except TimeoutError as error:
            raise ConnectTimeoutError(self, "nobody took the call in time") from error
        except OSError as error:
            raise NewConnectionError(self, f"nobody took the call: {error}") from error
        self._cut = _Cut(line)
        return line

    def close(self) -> None:
        if self._cut is not None:
            self._cut.off()
            self._cut = None
        super().close()

    def _looked_up(self) -> Address:
        """Return an address of the name; raise `NotPublic` unless all that it has are public."""
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        addresses = [ip_address(str(one[4][0]).partition("%")[0]) for one in found]
        if not addresses or not all(map(is_public, addresses)):
            raise NotPublic(self, "its name leads to no address of the open internet")
        return addresses[0]


class _TlsConnection(_Connection, HTTPSConnection):
    """The same, encrypted: what stands in `_Connection` comes before what HTTPSConnection does."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection
