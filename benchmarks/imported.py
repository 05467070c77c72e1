"""What it takes to import goodword alone: time and memory, each time in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Final

from benchmarks.databases import ROOT
from benchmarks.pace import Pace
from benchmarks.processes import are_known
from benchmarks.shop import Furnished
from benchmarks.table import COSTS, costs, show

_BARE: Final = "pass"
_STATEMENTS: Final = (
    "import goodword",
    "import goodword; goodword.connect('http://127.0.0.1:1', api_key='k')",
    "import goodword; goodword.embed('sqlite:///:memory:')",
    "import requests",
    "import sqlalchemy",
    "import flask",
)
_SHOWN: Final = {_STATEMENTS[1]: "goodword.connect(…)", _STATEMENTS[2]: "goodword.embed(…)"}
# Not what getrusage tells: that begins with what the process was made from.
_TOLD: Final = """
import json, time
cpu = time.process_time()
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(json.dumps([cpu, int(status["VmHWM"].split()[0])]))
"""


def run(databases: Mapping[str, Furnished], pace: Pace) -> None:
    """Measure each beside a process that imports nothing; no database is needed."""
    if not are_known():
        return
    bare = [_measured(_BARE) for _ in range(pace.rounds)]
    found = {one: [_measured(one) for _ in range(pace.rounds)] for one in _STATEMENTS}
    for place, what in enumerate(("Milliseconds", "Milliseconds of CPU", "Megabytes at most")):
        show(
            f"{what} of a process that does no more, beside one that does nothing",
            COSTS,
            [
                costs(
                    _SHOWN.get(one, one),
                    [took[place] for took in ours],
                    [took[place] for took in bare],
                    most=None,
                )
                for one, ours in found.items()
            ],
        )


def _measured(statement: str) -> tuple[float, float, float]:
    """Return the milliseconds of a process, those of its CPU, and its megabytes at most."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", f"{statement}\n{_TOLD}"],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    taken = time.perf_counter() - began
    cpu, kilobytes = json.loads(done.stdout)
    return taken * 1e3, cpu * 1e3, kilobytes / 1024
