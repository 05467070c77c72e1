"""Load: many keep-alive connections at once, from a process of its own.

wrk where it is installed; else our own client, which sends ready bytes and looks, of each answer,
at the status and the Content-Length alone.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.asking import Asked
from benchmarks.databases import ROOT

CONNECTIONS: Final = 32
CLIENT: Final = "wrk" if shutil.which("wrk") else "a client of our own in Python"
_COUNTED: Final = re.compile(r"(\d+) requests in ([\d.]+)s")
_WAITED: Final = re.compile(r"99% +([\d.]+)(us|ms|s|m)\b")
_UNITS: Final = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a load."""

    requests: int
    seconds: float
    busy: float
    """The client's share of a core: near to 1 it was the client that was measured."""
    p99: float
    """Seconds within which each of 99 in a hundred was answered."""

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


class WrongAnswer(Exception):
    """The server did not answer as it should, so its speed means nothing."""


def load(port: int, asked: Sequence[Asked], seconds: float) -> Answered:
    """Ask a server on this machine for some seconds, one request after another in turns."""
    before = _cpu_of_children()
    if CLIENT == "wrk":
        requests, taken, waited = _wrk(port, asked, seconds)
    else:
        requests, taken, waited = _own(port, asked, seconds)
    return Answered(requests, taken, (_cpu_of_children() - before) / taken, waited)


def _cpu_of_children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _wrk(port: int, asked: Sequence[Asked], seconds: float) -> tuple[int, float, float]:
    with TemporaryDirectory() as folder:
        script = Path(folder) / "requests.lua"
        script.write_text(_lua(asked))
        # wrk knows whole seconds alone.
        whole = max(1, round(seconds))
        command = f"wrk --threads 1 --connections {CONNECTIONS} --duration {whole}s"
        done = subprocess.run(
            [*command.split(), "--latency", "--script", script, f"http://127.0.0.1:{port}/"],
            capture_output=True,
            text=True,
            check=True,
        )
    counted, waited = _COUNTED.search(done.stdout), _WAITED.search(done.stdout)
    if (
        counted is None
        or waited is None
        or "Non-2xx" in done.stdout
        or "Socket errors" in done.stdout
    ):
        raise WrongAnswer(done.stdout)
    return int(counted[1]), float(counted[2]), float(waited[1]) * _UNITS[waited[2]]


def _lua(asked: Sequence[Asked]) -> str:
    """Return wrk's script: the ready requests in turns."""
    escaped = ("".join(f"\\{octet:03}" for octet in one.wire()) for one in asked)
    ready = ",\n".join(f'"{text}"' for text in escaped)
    return (
        f"local ready = {{\n{ready}\n}}\nlocal at = 0\n"
        "request = function()\n  at = at % #ready + 1\n  return ready[at]\nend\n"
    )


def _own(port: int, asked: Sequence[Asked], seconds: float) -> tuple[int, float, float]:
    told = {
        "port": port,
        "seconds": seconds,
        "connections": CONNECTIONS,
        "status": asked[0].status,
        "ready": [one.wire().decode("latin-1") for one in asked],
    }
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.client"],
        cwd=ROOT,
        input=json.dumps(told),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise WrongAnswer(done.stderr)
    requests, taken, waited = json.loads(done.stdout)
    return requests, taken, waited
