"""Outgoing calls made while a transaction of ours is open: refused, and remembered."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Final

import pytest

from goodword.storage.database import in_transaction

# How Python's sockets, and all that stands on them, reach out: at first, and on a line that is
# open already.  PostgreSQL's driver has sockets of its own.
REACHING_OUT: Final = (
    (socket.socket, ("connect", "connect_ex", "send", "sendall", "sendmsg", "sendto")),
    (ssl.SSLSocket, ("connect", "connect_ex", "send", "sendall", "sendto", "write")),
)


class CallInside(AssertionError):
    """Somebody outside was called inside a transaction."""


@dataclass
class Calls:
    """The calls that were refused."""

    seen: list[str] = field(default_factory=list)

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for kind, names in REACHING_OUT:
            for name in names:
                told = f"{kind.__name__}.{name}"
                monkeypatch.setattr(kind, name, self._refusing(getattr(kind, name), told))

    def _refusing(self, call: Callable[..., Any], told: str) -> Callable[..., Any]:
        @wraps(call)
        def refusing(line: socket.socket, *given: Any, **named: Any) -> Any:
            if in_transaction():
                self.seen.append(told)
                # Callers close it for an OSError alone, and none of them shall take it for one.
                line.close()
                raise CallInside(f"{told} inside a transaction")
            return call(line, *given, **named)

        return refusing


@contextmanager
def refused_inside() -> Iterator[Calls]:
    """Refuse what a thread with an open transaction tries, and say so in the end.

    In the end once more, since much of our code lives on when a call fails.
    """
    calls = Calls()
    with pytest.MonkeyPatch.context() as monkeypatch:
        calls.watch(monkeypatch)
        yield calls
    assert calls.seen == [], "somebody outside was called inside a transaction"
