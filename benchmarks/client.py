"""The client of our own: light, so that it takes little of the machine that it measures."""

from __future__ import annotations

import json
import re
import select
import socket
import sys
import time
from itertools import cycle
from typing import Final

from benchmarks.table import p99

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def main() -> None:
    """Read from stdin what to ask; print how many were answered, and how many seconds it took.

    Beside it: within how many seconds each of 99 in a hundred was answered.
    """
    told = json.load(sys.stdin)
    turns = cycle([text.encode("latin-1") for text in told["ready"]])
    status = str(told["status"]).encode()
    connections = [_connect(told["port"]) for _ in range(told["connections"])]
    waits: list[float] = []
    began = time.perf_counter()
    sent = dict.fromkeys(connections, began)
    for connection in connections:
        connection.sendall(next(turns))
    while (taken := time.perf_counter() - began) < told["seconds"]:
        for connection in select.select(connections, (), (), 1)[0]:
            _read(connection, status)
            now = time.perf_counter()
            waits.append(now - sent[connection])
            sent[connection] = now
            connection.sendall(next(turns))
    print(json.dumps([len(waits), taken, p99(waits)]))


def _connect(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _read(connection: socket.socket, status: bytes) -> None:
    """Read one answer to its end."""
    answer = connection.recv(65536)
    while (end := answer.find(b"\r\n\r\n")) < 0:
        answer += _more(connection)
    length = _LENGTH.search(answer, 0, end)
    whole = end + 4 + (int(length[1]) if length else 0)
    while len(answer) < whole:
        answer += _more(connection)
    if answer[9:12] != status:
        sys.exit(f"an answer that was not expected: {answer!r}")


def _more(connection: socket.socket) -> bytes:
    found = connection.recv(65536)
    return found or sys.exit("the server hung up")


if __name__ == "__main__":
    main()
