"""A PgBouncer before the tests' PostgreSQL: it lends a connection for each transaction."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import psycopg

from tests.postgres import Server

if sys.platform != "win32":
    from tests import postgres_keeper

MEND = "Install PgBouncer (Debian: apt-get install -y pgbouncer)."
PORT = "6432"
PATIENCE = 20.0
# Who is asked first ends the other: its input ends with our process, however that ends.
TIED = '"$@" & read -r _; kill $!; wait $!'
SETTINGS = """\
[databases]
* = {place} user=postgres pool_size={size}

[pgbouncer]
pool_mode = transaction
listen_addr =
listen_port = {port}
unix_socket_dir = {folder}
auth_type = any
max_client_conn = 200
query_wait_timeout = {patience}
server_idle_timeout = 5
{further}
"""


class NoPgBouncer(Exception):
    """There is no PgBouncer to test behind; the text says why, and what mends it."""

    said = "No PgBouncer to test behind"

    def __init__(self, why: str) -> None:
        super().__init__(f"{self.said}: {why}\n{MEND}")


@dataclass(frozen=True, slots=True)
class Pooler:
    """A PgBouncer that runs."""

    folder: Path

    def before(self, url: str) -> str:
        """Return the URL that leads to the same database through this pooler."""
        place = urlencode({"host": self.folder, "port": PORT})
        return urlunsplit(urlsplit(url)._replace(query=place))


@contextmanager
def pooling(server: Server, size: int = 4, further: str = "") -> Iterator[Pooler]:
    """Run a PgBouncer with so many connections to each database, and ``further`` settings."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if program is None:
        raise NoPgBouncer("none is installed")
    tried = []
    for way in postgres_keeper.ways():
        folder = Path(mkdtemp(prefix="goodword-pooler-"))
        try:
            configured(folder, server, size, further)
            with running(way, [program, str(folder / "ini")], folder) as problem:
                if not problem:
                    yield Pooler(folder)
                    return
                tried.append(f"{way.name}: {problem}")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    raise NoPgBouncer("\n".join(tried))


def configured(folder: Path, server: Server, size: int, further: str) -> None:
    parts = urlsplit(server.url)
    told = {name: values[0] for name, values in parse_qs(parts.query).items()}
    beside = {"host": parts.hostname, "port": parts.port, "password": parts.password}
    told |= {name: str(value) for name, value in beside.items() if value}
    place = " ".join(f"{name}={value}" for name, value in told.items())
    text = SETTINGS.format(
        place=place, size=size, port=PORT, folder=folder, patience=PATIENCE, further=further
    )
    (folder / "ini").write_text(text.replace("user=postgres", f"user={parts.username}"))


@contextmanager
def running(way: postgres_keeper.Way, command: list[str], folder: Path) -> Iterator[str]:
    """Run it as long as the context lasts; yield what is wrong, nothing if it answers."""
    identity: dict[str, object] = {}
    if way.user:
        identity = {"user": way.user.pw_uid, "group": way.user.pw_gid, "extra_groups": []}
        postgres_keeper.give([folder, *folder.iterdir()], way.user)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            ["sh", "-c", TIED, "sh", *way.before, *command],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            **identity,  # type: ignore[call-overload]
        )
    try:
        yield "" if answers(folder) else postgres_keeper.last_of(folder / "log")
    finally:
        process.communicate()


def answers(folder: Path) -> bool:
    """Wait until it takes calls."""
    line, ends = f"host={folder} port={PORT} dbname=postgres user=postgres", time.monotonic() + 5
    while time.monotonic() < ends:
        try:
            psycopg.connect(line).close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return True
    return False
