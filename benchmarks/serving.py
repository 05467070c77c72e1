"""Servers on this machine: granian with two workers, the same for hello and for ours."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Final

from benchmarks import asking, processes
from benchmarks.asking import Asked
from benchmarks.databases import ROOT
from benchmarks.load import load
from benchmarks.processes import Stopwatch
from benchmarks.shop import environment
from benchmarks.table import Rate

WORKERS: Final = 2
THREADS: Final = 4
_PATIENCE: Final = 30.0
_WARM_SECONDS: Final = 1.0
_BUSY_MOST: Final = 0.9


@dataclass(frozen=True, slots=True)
class Served:
    """A running server."""

    port: int
    process: int
    url: str
    """Of its database; hello has none."""

    def measure(self, asked: Sequence[Asked], seconds: float) -> Rate:
        """Ask for some seconds."""
        ours = Stopwatch(processes.family(self.process))
        database = Stopwatch(processes.of_database(self.url))
        answered = load(self.port, asked, seconds)
        if answered.busy > _BUSY_MOST:
            print(f"  The client was busy for {answered.busy:.0%}: it was what was measured.")
        return Rate(
            answered.rate,
            ours.each(answered.requests),
            database.each(answered.requests),
            answered.p99,
        )

    def megabytes(self) -> float:
        """Return the memory of one worker; the workers are the largest of the processes."""
        family = processes.family(self.process)
        return sum(sorted(map(processes.own_megabytes, family))[-WORKERS:]) / WORKERS


def hello_server() -> AbstractContextManager[Served]:
    """Serve Flask's hello."""
    return _serving("benchmarks.hello:hello", asking.hello(), "", {})


def our_server(url: str, app: str = "goodword_server.app:serve") -> AbstractContextManager[Served]:
    """Serve goodword on this database, without its worker."""
    return _serving(app, asking.clicks(), url, environment(url))


@contextmanager
def _serving(
    app: str, warming: Sequence[Asked], url: str, variables: Mapping[str, str]
) -> Iterator[Served]:
    port = free_port()
    options = f"--interface wsgi --factory --port {port} --workers {WORKERS} --log-level error"
    command = f"-m granian {options} --blocking-threads {THREADS} {app}"
    process = subprocess.Popen(
        [sys.executable, *command.split()], cwd=ROOT, env={**os.environ, **variables}
    )
    try:
        wait_for(port, process)
        load(port, warming, _WARM_SECONDS)
        yield Served(port, process.pid, url)
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until a process listens at a port; raise `TimeoutError` if it does not come to that."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the server did not come up")
