"""A call over the API as `goodword.connect` makes it, beside a bare session of requests."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import requests

import goodword
from benchmarks.asking import codes
from benchmarks.pace import Pace
from benchmarks.serving import our_server
from benchmarks.shop import CODES, Furnished, new_key
from benchmarks.table import COSTS, costs, show

_CALLS: Final = 300
_NOTE: Final = "  Both ask one server for the same codes, one after another, over one connection."


def run(databases: Mapping[str, Furnished], pace: Pace) -> None:
    """Measure both in turns, on the first database: what a client costs is the same on all."""
    furnished = next(iter(databases.values()))
    with furnished.copy() as url:
        key = new_key(url)
        with our_server(url) as server:
            show_both(f"http://127.0.0.1:{server.port}", key, pace.rounds)


def show_both(url: str, key: str, rounds: int) -> None:
    """Print what a call takes, and what of it is the client's own work."""
    (asked, *_) = codes(key)
    referrals, session = goodword.connect(url, api_key=key), requests.Session()
    session.headers.update(asked.headers)

    def bare(code: str) -> Any:
        return session.get(f"{url}/v1/codes/{code}", timeout=10).json()

    ours, limit = [], []
    for _ in range(rounds):
        ours.append(_each(referrals.find_code))
        limit.append(_each(bare))
    show(
        "Microseconds of `goodword.connect(…).find_code`, beside requests' own",
        COSTS,
        [
            costs(what, [one[place] for one in ours], [one[place] for one in limit], most=None)
            for place, what in enumerate(("a call", "CPU of the client"))
        ],
        _NOTE,
    )
    referrals.close()
    session.close()


def _each(ask: Callable[[str], Any]) -> tuple[float, float]:
    """Return the microseconds of a call, and those of CPU that this process needs for it."""
    for code in CODES[:20]:
        ask(code)
    began, cpu = time.perf_counter(), time.process_time()
    for code in CODES[:_CALLS]:
        ask(code)
    taken, cpu = time.perf_counter() - began, time.process_time() - cpu
    return taken / _CALLS * 1e6, cpu / _CALLS * 1e6
