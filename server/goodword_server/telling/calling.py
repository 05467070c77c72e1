"""One call to a stranger: to an address that is looked up once, bounded in time and size.

The name is resolved once and the call goes to the address that was looked at, so that a second
answer of the name server changes nothing.  Nobody is followed elsewhere, no proxy is asked, and
whatever the stranger does, the line is cut after `SECONDS`.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from threading import Timer
from typing import Any, Final

import requests
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from goodword.model.trouble import Trouble
from goodword_server.telling.addresses import may_be_called

SECONDS: Final = 15.0
"""What a whole call takes at most, from the first packet on."""
_TIMEOUT: Final = (5.0, 10.0)
_READ_MOST: Final = 4096
_AFTER_MOST: Final = 86_400
_INNER: Final = Trouble("its name leads to no address of the open internet", "inner_address")
_DISTRUSTED: Final = Trouble("its certificate cannot be trusted", "distrusted")
_LATE: Final = Trouble("it did not answer in time", "too_late")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a stranger answered: no more of it is kept."""

    status: int | None
    """None: there was no answer."""
    reason: str
    after: int | None = None
    """Seconds that it asked us to wait."""

    @property
    def is_fine(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def post(url: str, body: bytes, headers: Mapping[str, str], *, local: bool) -> Answer:
    """Send a body; ``local``: this machine's own addresses may be called, too."""
    with _session(local=local) as session:
        try:
            answer = session.post(url, data=body, headers=dict(headers), stream=True)
        except InvalidIPAddress:
            return Answer(None, _INNER)
        except requests.exceptions.SSLError:
            return Answer(None, _DISTRUSTED)
        except requests.exceptions.Timeout:
            return Answer(None, _LATE)
        except (requests.RequestException, OSError, ValueError) as error:
            kind = type(error).__name__
            why = f"it was not reached, or broke off: {kind}"
            return Answer(None, Trouble(why, "broke_off", kind=kind))
        with answer:
            _hear(answer)
            return Answer(answer.status_code, _answered(answer.status_code), _after(answer))


def _answered(status: int) -> Trouble:
    return Trouble(f"it answered {status}", "answered", status=status)


def _hear(answer: requests.Response) -> None:
    """Let it say a little, so that it need not mind how we leave; what it says is not kept."""
    with suppress(Exception):
        answer.raw.read(_READ_MOST)


def _after(answer: requests.Response) -> int | None:
    told = answer.headers.get("Retry-After", "")
    return min(int(told), _AFTER_MOST) if told.isdecimal() and len(told) < 10 else None


def _session(*, local: bool) -> HTTPSession:
    config = Config(
        ip_filter_enable=False,
        ip_filter_allow_loopback_ips=local,
        never_redirect=True,
        default_timeout=_TIMEOUT,
        user_agent_override="goodword",
    )
    session = HTTPSession(config)
    # No proxy of the environment, which would do the looking up, and no password from a file.
    session.trust_env = False
    for scheme in ("http", "https"):
        session.mount(f"{scheme}://", _Pinned(is_https_proto=scheme == "https", local=local))
    return session


class _Pinned(IPFilterAdapter):  # type: ignore[misc]
    """Calls the address that was looked at, and only one of the open internet."""

    def __init__(self, *, is_https_proto: bool, local: bool) -> None:
        super().__init__(is_https_proto, local)
        self._local = local

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        super().init_poolmanager(*given, **named)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def build_connection_pool_key_attributes(self, *given: Any, **named: Any) -> Any:
        host, pool = super().build_connection_pool_key_attributes(*given, **named)
        address = ip_address(str(host["host"]).strip("[]"))
        # Once more and by our own rule: two locks on this door.
        if not may_be_called(address, local=self._local):
            raise InvalidIPAddress(address)
        return host, pool


class _Cut:
    """Cuts a line when its time is over, whatever goes on there."""

    def __init__(self, line: socket.socket) -> None:
        # A second handle on the same line: TLS takes the first one over.
        self._line = line.dup()
        self._timer = Timer(SECONDS, self._now)
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
        line = super()._new_conn()
        self._cut = _Cut(line)
        return line

    def close(self) -> None:
        if self._cut is not None:
            self._cut.off()
        super().close()


class _TlsConnection(_Connection, HTTPSConnection):
    """The same, encrypted: what stands in `_Connection` comes before what HTTPSConnection does."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection
