"""`kill -9` in the middle of a move: nothing of it is there, and the next one brings all of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

import goodword
from goodword import MovedAdvocate, Tally
from goodword.embedded.engine import Engine
from tests.sdk.builders import every_row
from tests.sdk.moved import bring, mei

MANY = 9_000
STOPS_AT = 7_000
"""By then some were written: so many are at a time."""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("code"),
    pytest.mark.skipif(sys.platform == "win32", reason="nobody is killed so there"),
]


def rows() -> Iterator[MovedAdvocate]:
    for number in range(MANY):
        yield mei(id=f"m-{number}", code=f"MEI-{number:05}", line=number)


class Stopping:
    """Rows that say when some were written, and go no further."""

    def __iter__(self) -> Iterator[MovedAdvocate]:
        for number, one in enumerate(rows()):
            if number == STOPS_AT:
                print("now", flush=True)
                time.sleep(60)
            yield one


def test_a_kill_in_the_middle_leaves_nothing(engine: Engine, url: str) -> None:
    before = every_row(engine)
    command = [sys.executable, "-m", __name__, url]
    child = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == b"now\n"
        os.kill(child.pid, signal.SIGKILL)
    finally:
        child.kill()
        child.communicate()
    assert child.returncode == -signal.SIGKILL
    assert every_row(engine) == before
    assert bring(engine, advocates=[*rows()]).advocates == Tally(new=MANY)


if __name__ == "__main__":
    bring(goodword.embed(sys.argv[1]), advocates=Stopping())
