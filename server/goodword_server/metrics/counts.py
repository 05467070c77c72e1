"""What this process did, counted; on one machine several processes are read as one.

Only a folder that the environment names lets them: whoever imports this has set it, or counts for
this process alone.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from goodword_server.metrics.folder import FOLDER
from goodword_server.metrics.silent import Silent

_METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_OTHER: Final = "other"
_SECONDS: Final = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

# When a series began is not known of several processes, and of one nobody asks.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Counts(Silent):
    """Counts by names that are few: no path, no code, and nothing that a shop chose."""

    def __init__(self) -> None:
        self._registry = own = CollectorRegistry()
        self._requests = Counter(
            "goodword_requests",
            "Requests answered, by the rule of their route.",
            ("rule", "method", "status"),
            registry=own,
        )
        self._seconds = Histogram(
            "goodword_request_seconds",
            "How long answers took.",
            ("rule",),
            buckets=_SECONDS,
            registry=own,
        )
        self._webhooks = Counter(
            "goodword_webhooks_sent",
            "Tries to tell endpoints of shops, by their answer.",
            ("answer",),
            registry=own,
        )
        self._tills = Counter(
            "goodword_till_answers",
            "Questions at tills of shops, by what came of them.",
            ("platform", "answer"),
            registry=own,
        )
        self._deeds = Counter(
            "goodword_deeds_carried",
            "Deeds that carriers were handed, by what came of them.",
            ("carrier", "result"),
            registry=own,
        )
        processes = Gauge(
            "goodword_processes",
            "Processes at work now.",
            multiprocess_mode="livesum",
            registry=own,
        )
        processes.set(1)
        self._known: dict[tuple[str, str, str], tuple[Counter, Histogram]] = {}

    def request(self, rule: str, method: str, status: int, seconds: float) -> None:
        key = (rule, method if method in _METHODS else _OTHER, kind_of(status))
        # Looked up here: to name them anew takes as long as to count.
        known = self._known.get(key)
        if known is None:
            known = (self._requests.labels(*key), self._seconds.labels(rule))
            self._known[key] = known
        known[0].inc()
        known[1].observe(seconds)

    def webhook(self, status: int | None) -> None:
        self._webhooks.labels("none" if status is None else kind_of(status)).inc()

    def till(self, platform: str, answer: str) -> None:
        self._tills.labels(platform, answer).inc()

    def deed(self, carrier: str, result: str) -> None:
        self._deeds.labels(carrier, result).inc()

    def registry(self) -> CollectorRegistry:
        """Return what is to be read: of all processes that share the folder, if there is one."""
        folder = os.environ.get(FOLDER)
        if folder is None:
            return self._registry
        _forget_the_dead(Path(folder))
        shared = CollectorRegistry()
        MultiProcessCollector(shared, folder)  # type: ignore[no-untyped-call]
        return shared


def kind_of(status: int) -> str:
    """Return the class of a status: ``2xx``."""
    kind = status // 100
    return f"{kind}xx" if 1 <= kind <= 5 else _OTHER


def _forget_the_dead(folder: Path) -> None:
    """Drop what held for a process as long as it lived; what it counted stays."""
    for file in folder.glob("gauge_live*_*.db"):
        pid = int(file.stem.rpartition("_")[2])
        if not _is_alive(pid):
            mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
