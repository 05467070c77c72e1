"""Timing what this process does itself."""

from __future__ import annotations

import time
from collections.abc import Callable

from benchmarks.processes import Stopwatch, of_database
from benchmarks.table import Rate


def timed(url: str, work: Callable[[], int]) -> Rate:
    """Return at what rate some work is done, which tells how often it did it.

    Its connections to the database are open already.
    """
    database = Stopwatch(of_database(url))
    cpu, began = time.process_time(), time.perf_counter()
    times = work()
    seconds = time.perf_counter() - began
    cpu = time.process_time() - cpu
    return Rate(times / seconds, cpu / times * 1e6, database.each(times))
