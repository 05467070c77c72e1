"""Server and worker killed again and again lose nothing acknowledged, and give nothing twice."""

from __future__ import annotations

import os
import random

import pytest

from tests.server.crashing.crash import crash

pytestmark = pytest.mark.slow
KILLS = 6
"""On each database; `run.py crash` kills more often."""


def test_what_was_acknowledged_is_there_and_nothing_is_there_twice(url: str) -> None:
    seed = os.environ.get("GOODWORD_TEST_SEED") or str(random.randrange(10**6))
    came = crash(url, KILLS, seed)
    assert came.troubles == [], f"run.py crash --kills {KILLS} --seed {seed}"
    # They were killed at work.
    counts = came.counts()
    assert counts["SIGKILL"] == KILLS
    assert min(counts["deliveries"], counts["visits"], counts["coupons"], counts["mails"]) > KILLS
