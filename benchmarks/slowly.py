"""A worker whose shops take their time: half a second for each delivery that it reads.

`python -m benchmarks.slowly`, with the settings of a server, until it is told to end.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from benchmarks.databases import ROOT
from benchmarks.shop import environment
from goodword.platforms import Delivery, Installation, News, Platform
from goodword_server.house import House
from goodword_server.settings import from_environment
from goodword_server.worker import Worker

_SECONDS: Final = 0.5
_PATIENCE: Final = 30.0
_READY: Final = "reading\n"


class Slow:
    """A platform, and the time that its till would take."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def __getattr__(self, name: str) -> Any:
        return getattr(self._platform, name)

    def read(self, delivery: Delivery, installation: Installation) -> Iterable[News]:
        time.sleep(_SECONDS)
        return self._platform.read(delivery, installation)


@contextmanager
def slow_worker(url: str) -> Iterator[None]:
    """Let such a worker read what comes into a database meanwhile."""
    process = subprocess.Popen(
        [sys.executable, "-m", __name__],
        cwd=ROOT,
        env={**os.environ, **environment(url)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        if process.stdout.readline() != _READY:
            raise RuntimeError("the worker did not come up")
        yield
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def main() -> None:
    house = House(from_environment())
    house.platforms = {name: Slow(one) for name, one in house.platforms.items()}
    worker = Worker(house)
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    print(_READY, end="", flush=True)
    worker.run()
    house.close()


if __name__ == "__main__":
    main()
