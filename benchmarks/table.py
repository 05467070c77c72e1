"""What was measured, as tables: medians, and the ratios of the same rounds from least to most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

RATES: Final = ("", "ours", "CPU µs", "limit", "CPU µs", "ratio", "goal", "")
WAITS: Final = ("p99", "limit's", "ratio")
"""What stands behind `RATES` where it matters how long somebody waits."""
COSTS: Final = ("", "ours", "limit", "ratio", "goal", "")


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something was done, and what it cost."""

    per_second: float
    cpu: float
    """Microseconds of CPU each time, of all our processes."""
    database: float = 0.0
    """Microseconds of CPU each time, of a database server's own."""
    p99: float = 0.0
    """Seconds within which each of 99 in a hundred was done; 0: not measured."""


def rates(name: str, ours: Sequence[Rate], limit: Sequence[Rate], *, least: float) -> list[str]:
    """Return a line of `RATES`: the goal is the least ratio of ours to the limit."""
    ratios = [a.per_second / b.per_second for a, b in zip(ours, limit, strict=True)]
    cells = (cell for side in (ours, limit) for cell in (_rate(side), _cpu(side)))
    return [name, *cells, spread(ratios), *_reached("≥", least, median(ratios) >= least)]


def waits(ours: Sequence[Rate], limit: Sequence[Rate]) -> list[str]:
    """Return the columns of `WAITS`."""
    ratios = [a.p99 / b.p99 for a, b in zip(ours, limit, strict=True)]
    sides = (median(one.p99 for one in side) for side in (ours, limit))
    return [*(f"{seconds * 1e3:,.1f} ms" for seconds in sides), spread(ratios)]


def costs(
    name: str, ours: Sequence[float], limit: Sequence[float], *, most: float | None
) -> list[str]:
    """Return a line of `COSTS`: the goal, if there is one, is the greatest ratio."""
    ratios = [a / b for a, b in zip(ours, limit, strict=True)]
    cells = [name, f"{median(ours):,.0f}", f"{median(limit):,.0f}", spread(ratios)]
    return cells + ([] if most is None else _reached("≤", most, median(ratios) <= most))


def show(title: str, header: Sequence[str], lines: Sequence[Sequence[str]], note: str = "") -> None:
    """Print a table, and below it what must be known to read it."""
    rows = [(*row, *[""] * (len(header) - len(row))) for row in (header, *lines)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    print(f"\n{title}")
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print(" ", "  ".join(cells).rstrip())
    print(note, end="\n" if note else "", flush=True)


def p99(seconds: Sequence[float]) -> float:
    """Return how long at most each of 99 in a hundred waited; of none, nothing.

    >>> p99([float(number) for number in range(1, 201)])
    198.0
    """
    return sorted(seconds)[(len(seconds) * 99 - 1) // 100] if seconds else 0.0


def spread(ratios: Sequence[float]) -> str:
    """Return the median of some ratios, with the least and the greatest."""
    return f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def _rate(side: Sequence[Rate]) -> str:
    return f"{median(one.per_second for one in side):,.0f}/s"


def _cpu(side: Sequence[Rate]) -> str:
    database = median(one.database for one in side)
    further = f" + {database:,.0f}" if database else ""
    return f"{median(one.cpu for one in side):,.0f}{further}"


def _reached(sign: str, goal: float, reached: bool) -> list[str]:
    return [f"{sign} {goal:.2f}", "reached" if reached else "missed"]
