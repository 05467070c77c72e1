"""python -m benchmarks [name ...] [--rounds N] [--long] [--earlier N] [--on DATABASE]"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from typing import Final

from benchmarks import (
    cards,
    click,
    codes,
    connected,
    cpu,
    delivery,
    drain,
    flat,
    imported,
    importing,
    memory,
    pages,
    plugin,
    remote,
    shopify,
    steady,
)
from benchmarks.databases import places
from benchmarks.load import CLIENT, CONNECTIONS
from benchmarks.pace import Pace
from benchmarks.processes import are_known
from benchmarks.serving import THREADS, WORKERS
from benchmarks.shop import furnished

BENCHMARKS: Final = {
    "click": click.run,
    "remote": remote.run,
    "connect": connected.run,
    "delivery": delivery.run,
    "steady": steady.run,
    "drain": drain.run,
    "codes": codes.run,
    "importing": importing.run,
    "import": imported.run,
    "cpu": cpu.run,
    "memory": memory.run,
    "cards": cards.run,
    "pages": pages.run,
    "plugin": plugin.run,
    "shopify": shopify.run,
    "flat": flat.run,
}
LONG: Final = Pace(
    rounds=10, seconds=5.0, orders=4096, codes=1_000_000, earlier=(1_000_000, 5_000_000)
)
# Left out of a quick look, unless it is named: books with many orders take their time to fill.
SLOW: Final = frozenset({"flat"})


def main() -> None:
    parser = argparse.ArgumentParser(prog="run.py bench", description="Measure the hot paths.")
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHMARKS))
    parser.add_argument("--rounds", type=int, help="how often each is measured")
    parser.add_argument("--long", action="store_true", help="more and longer rounds")
    parser.add_argument("--earlier", type=int, help="orders in the book that flat measures after")
    parser.add_argument("--on", metavar="DATABASE", help="SQLite or PostgreSQL alone")
    told = parser.parse_args()
    unknown = set(told.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"no benchmark is called {', '.join(unknown)}")
    pace = LONG if told.long else Pace()
    every = [name for name in BENCHMARKS if told.long or name not in SLOW]
    earlier = (told.earlier,) if told.earlier else pace.earlier
    rounds = told.rounds or pace.rounds
    measure(told.names or every, replace(pace, rounds=rounds, earlier=earlier), told.on)


def measure(names: list[str], pace: Pace, on: str | None = None) -> None:
    # So that what was started is ended, whoever stops us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    introduce(pace)
    began = time.monotonic()
    with ExitStack() as stack:
        databases = {
            name: stack.enter_context(furnished(place))
            for name, place in stack.enter_context(places()).items()
            if on is None or name.lower() == on.lower()
        }
        for name in names:
            BENCHMARKS[name](databases, pace)
    print(f"\nThat took {time.monotonic() - began:.0f} s.")


def introduce(pace: Pace) -> None:
    """Say on what, and with what, it is measured."""
    print(
        f"{os.cpu_count()} CPUs, Python {platform.python_version()}, {platform.system()}."
        f"  {pace.rounds} rounds, each limit measured in the round it limits."
        f"\nServers: granian, {WORKERS} workers with {THREADS} threads;"
        f" {CONNECTIONS} connections, asked by {CLIENT}."
    )
    if not are_known():
        print("CPU and memory of servers are told on Linux only.")


if __name__ == "__main__":
    main()
