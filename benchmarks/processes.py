"""What processes cost: their CPU and their memory, as Linux tells it; elsewhere nobody knows."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import psycopg

_PROC: Final = Path("/proc")


class Stopwatch:
    """Counts the CPU that processes use from now on.  They must live on."""

    def __init__(self, processes: Iterable[int]) -> None:
        self._processes = frozenset(processes)
        self._before = self._seconds()

    def each(self, times: int) -> float:
        """Return the microseconds of CPU that it took each time."""
        return (self._seconds() - self._before) / times * 1e6

    def _seconds(self) -> float:
        if not self._processes:
            return 0.0
        ticks = sum(ticks for pid, _, ticks in _all() if pid in self._processes)
        return ticks / os.sysconf("SC_CLK_TCK")


def family(ancestor: int) -> list[int]:
    """Return a process and all its descendants."""
    children: dict[int, list[int]] = {}
    for pid, parent, _ in _all():
        children.setdefault(parent, []).append(pid)
    found = [ancestor]
    for pid in found:
        found.extend(children.get(pid, ()))
    return found


def of_database(url: str) -> list[int]:
    """Return the processes of the PostgreSQL that serves this URL, if it runs on this machine."""
    if not url.startswith("postgresql"):
        return []
    with psycopg.connect(url) as connection:
        backend = connection.info.backend_pid
        parents = {pid: parent for pid, parent, _ in _all()}
        is_here = backend in parents and _name(backend).startswith("postgres")
        return family(parents[backend]) if is_here else []


def own_megabytes(pid: int) -> float:
    """Return the memory that would be free again if the process ended (USS)."""
    lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    private = [line.split() for line in lines if line.startswith("Private_")]
    return sum(int(words[1]) for words in private) / 1024


def peak_megabytes() -> float:
    """Return the most memory that this process held at once (its resident set)."""
    lines = (_PROC / "self" / "status").read_text().splitlines()
    (peak,) = [line.split() for line in lines if line.startswith("VmHWM:")]
    return int(peak[1]) / 1024


def are_known() -> bool:
    """Tell whether the costs of processes are known on this system."""
    return sys.platform == "linux"


def _name(pid: int) -> str:
    return (_PROC / str(pid) / "comm").read_text()


def _all() -> Iterator[tuple[int, int, int]]:
    """Yield each process, its parent, and its ticks of CPU."""
    for folder in _PROC.glob("[0-9]*"):
        try:
            # The name before the bracket may hold anything.
            words = (folder / "stat").read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        yield int(folder.name), int(words[1]), int(words[11]) + int(words[12])
