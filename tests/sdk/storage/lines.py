"""A line to PostgreSQL that breaks where it is told."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from select import select
from threading import Thread
from typing import Final

import psycopg
from sqlalchemy.engine import make_url

COMMIT: Final = b"COMMIT\0"
_PIECE: Final = 65536


@dataclass
class Line:
    """Passes on what is said, until words are said at which it breaks, once."""

    to: tuple[str, int]
    listening: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    words: bytes | None = None
    heard: bool = False
    """The words still reach the server, and only its answer is lost."""
    passing: int = 0
    """How often the words may pass before."""

    def breaks_at(self, words: bytes, *, heard: bool, passing: int = 0) -> None:
        self.words, self.heard, self.passing = words, heard, passing

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self.listening.accept()
                Thread(target=self._pass_on, args=(here, self._call()), daemon=True).start()

    def _call(self) -> socket.socket:
        host, port = self.to
        if not host.startswith("/"):
            return socket.create_connection(self.to)
        there = socket.socket(socket.AF_UNIX)
        there.connect(f"{host}/.s.PGSQL.{port}")
        return there

    def _pass_on(self, here: socket.socket, there: socket.socket) -> None:
        other = {here: there, there: here}
        with here, there, suppress(OSError):
            while True:
                for end in select([*other], [], [])[0]:
                    piece = end.recv(_PIECE)
                    if not piece or (end is here and self._broke(piece, there)):
                        return
                    other[end].sendall(piece)

    def _broke(self, piece: bytes, there: socket.socket) -> bool:
        if self.words is None or self.words not in piece:
            return False
        self.passing -= 1
        if self.passing >= 0:
            return False
        self.words = None
        if self.heard:
            there.sendall(piece)
            there.recv(_PIECE)
        return True


@contextmanager
def breaking_line(url: str) -> Iterator[tuple[Line, str]]:
    """Yield a line to the database, and the URL of its near end."""
    with psycopg.connect(url) as connection:
        line = Line((connection.info.host, connection.info.port))
    serving = Thread(target=line.serve)
    serving.start()
    near = make_url(url).difference_update_query(["host", "port"])
    near = near.set(host="127.0.0.1", port=line.listening.getsockname()[1])
    # In the clear, or nobody would know the words.
    near = near.update_query_dict({"sslmode": "disable", "gssencmode": "disable"})
    try:
        yield line, near.render_as_string(hide_password=False)
    finally:
        line.listening.shutdown(socket.SHUT_RDWR)
        line.listening.close()
        serving.join()
