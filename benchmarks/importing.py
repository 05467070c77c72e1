"""Advocates imported from a file, beside one bare connection that writes the same rows.

Ours is all that `goodword import` does: it reads the CSV file, checks each row, looks whether
people, codes and coupons are known, and writes people, advocates and codes in one transaction.
Bare is the driver's ``executemany`` of just those rows, ready made, on a copy of the same database:
with the same tables, indexes and durability.  Both take the rows in the order of the file.
"""

from __future__ import annotations

import csv
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from benchmarks.bare import bare
from benchmarks.databases import ROOT
from benchmarks.pace import Pace
from benchmarks.processes import are_known, peak_megabytes
from benchmarks.shop import SHOP, Furnished, open_house
from benchmarks.table import COSTS, RATES, Rate, costs, rates, show
from benchmarks.timing import timed
from goodword.rules import codes as spelling
from goodword.storage import moving
from goodword.storage.tables import advocates, codes, people
from goodword_server.moving.columns import ADVOCATES, Usual, advocate
from goodword_server.moving.reading import Table, columns

_LEAST: Final = 0.4
_HEAD: Final = ("id", "name", "email", "code")
_GIVEN: Final = "Mei Yun Shu Ting Jia Chen An Bo Clara David Emma Finn Grace Hugo Ida Jonas".split()
_FAMILY: Final = "Lin Chen Wang Huang Wu Smith Brown Taylor Meyer Dubois Rossi Tanaka Kim".split()
_TABLES: Final = (
    (people, moving.PERSON),
    (advocates, moving.ADVOCATE),
    (codes, moving.CODE),
)
_NOTE: Final = (
    "  Bare: executemany of the same rows, ready made, in one transaction; it reads, checks and\n"
    "  looks up nothing."
)
_Rows = Sequence[Sequence[tuple[Any, ...]]]


def run(databases: Mapping[str, Furnished], pace: Pace) -> None:
    """Measure each database beside its own limit, and the memory that an import takes."""
    with TemporaryDirectory(prefix="goodword-bench-") as folder:
        file = _file(Path(folder), pace.codes)
        lines = [_compared(name, furnished, file, pace) for name, furnished in databases.items()]
        title = f"{pace.codes:,} advocates imported, beside the same rows by executemany"
        show(title, RATES, lines, _NOTE)
        if not are_known():
            return
        few = _file(Path(folder), 1)
        lines = [_remembered(name, furnished, file, few) for name, furnished in databases.items()]
        title = f"Megabytes at most while {pace.codes:,} are imported, beside one of them"
        show(title, COSTS, lines)


def _file(folder: Path, many: int) -> Path:
    """Write a list as another tool exports it."""
    chance, path = random.Random(many), folder / f"{many}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEAD)
        for number in range(many):
            given, family = chance.choice(_GIVEN), chance.choice(_FAMILY)
            text = spelling.from_random(chance.randbytes(spelling.LENGTH))
            email = f"{given}.{family}.{number}@mail.example".lower()
            writer.writerow((f"a-{number}", f"{given} {family}", email, text))
    return path


def _table(path: Path) -> Table[Any]:
    return Table("advocates", path, columns(ADVOCATES, ("id",), ()), advocate, Usual())


def _compared(name: str, furnished: Furnished, file: Path, pace: Pace) -> list[str]:
    ours, limit = [], []
    for _ in range(pace.rounds):
        with furnished.copy() as imported, furnished.copy() as other:
            ours.append(_imported(imported, file, pace.codes))
            limit.append(_written(other, _rows_of(imported)))
    return rates(name, ours, limit, least=_LEAST)


def _imported(url: str, file: Path, many: int) -> Rate:
    house = open_house(url)
    house.referrals(SHOP).programs.list()

    def bring() -> int:
        house.engine.bring_in(SHOP, "friends", advocates=_table(file))
        return many

    rate = timed(url, bring)
    house.close()
    return rate


def _rows_of(url: str) -> _Rows:
    """Return the rows that the import wrote, by table, in the order of the file."""
    with _reading(url) as execute:
        return [
            sorted(
                execute(
                    f"SELECT {', '.join(names)} FROM {table.name} "
                    f"WHERE {'advocate' if table is codes else 'id'} LIKE 'a-%'"
                ),
                key=lambda row: int(row[2 if table is codes else 1][2:]),
            )
            for table, names in _TABLES
        ]


@contextmanager
def _reading(url: str) -> Iterator[Any]:
    house = open_house(url)
    with house.database.connect() as connection:
        yield lambda text: [
            tuple(row) for row in connection.exec_driver_sql(text.replace("%", "%%"))
        ]
    house.close()


def _written(url: str, rows: _Rows) -> Rate:
    """Let one bare connection write them."""
    with bare(url) as driver:

        def write() -> int:
            driver.execute_many(
                [
                    (table.name, names, some)
                    for (table, names), some in zip(_TABLES, rows, strict=True)
                ]
            )
            return len(rows[0])

        return timed(url, write)


def _remembered(name: str, furnished: Furnished, many: Path, few: Path) -> list[str]:
    """Return the peak memory of a process that imports many, beside one that imports one."""
    ours = []
    for file in (many, few):
        with furnished.copy() as url:
            command = [sys.executable, "-m", __name__, url, str(file)]
            done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
            ours.append(float(done.stdout))
    return costs(name, ours[:1], ours[1:], most=None)


if __name__ == "__main__":
    opened = open_house(sys.argv[1])
    opened.engine.bring_in(SHOP, "friends", advocates=_table(Path(sys.argv[2])))
    opened.close()
    print(peak_megabytes())
