"""python -m tests.server.crashing [--kills N] [--seed N] [--database sqlite|postgresql]"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from tests.postgres import NoPostgres, server_of
from tests.server.crashing.crash import Outcome, crash, migrated

if sys.platform != "win32":
    from tests import postgres_keeper

DATABASES: Final = ("sqlite", "postgresql")
_SAID_MOST: Final = 60


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="run.py crash",
        description="Kill server and worker under load, then hold what was acknowledged against"
        " what is stored and what was given.",
    )
    parser.add_argument("--kills", type=int, default=200, help="on each database (200)")
    parser.add_argument("--seed", help="draw again who is ended, how and when")
    parser.add_argument("--database", choices=DATABASES, help="only on this one")
    told = parser.parse_args()
    if sys.platform == "win32":
        print("Processes are killed as POSIX does it; Windows does not.")
        return 2
    # So that what was started is ended, whoever stops us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    seed = told.seed or str(random.randrange(10**6))
    chosen = [told.database] if told.database else DATABASES
    # Each of them, whatever became of the one before.
    stood = [stands(database, told.kills, seed) for database in chosen]
    return int(not all(stood))


def stands(database: str, kills: int, seed: str) -> bool:
    """Kill on one database and say what came of it; return whether all is well."""
    print(f"{database}, --seed {seed}", flush=True)
    began = time.monotonic()
    try:
        with _PLACES[database]() as url:
            came = crash(migrated(url), kills, seed, _say)
            _tell(came, time.monotonic() - began)
            if came.troubles:
                _leave(url)
    except NoPostgres as problem:
        print(problem)
        return False
    return not came.troubles


def _say(what: str) -> None:
    if sys.stdout.isatty():
        print(f"\r  {what:<70}", end="", flush=True)
    else:
        print(f"  {what}", flush=True)


def _tell(came: Outcome, seconds: float) -> None:
    _say(f"{came}, in {seconds:.0f} s")
    print()
    for trouble in came.troubles[:_SAID_MOST]:
        print(f"  - {trouble}")
    count = len(came.troubles)
    if count > _SAID_MOST:
        print(f"  - ... and {count - _SAID_MOST} more")
    print(f"  {count} troubles.\n" if count else "  Nothing lost, nothing twice.\n", flush=True)


def _leave(url: str) -> None:
    """Leave a copy of the database for whoever looks into it, where it is a file."""
    file = Path(url.removeprefix("sqlite:///"))
    if file.exists():
        kept = Path(mkdtemp(prefix="goodword-crash-")) / file.name
        shutil.copy(file, kept)
        print(f"  The database is kept as {kept}\n")


@contextmanager
def _sqlite() -> Iterator[str]:
    folder = Path(mkdtemp(prefix="goodword-crash-"))
    try:
        yield f"sqlite:///{folder / 'goodword.db'}"
    finally:
        shutil.rmtree(folder)


@contextmanager
def _postgresql() -> Iterator[str]:
    with postgres_keeper.open_session() as folder:
        server = server_of(folder)
        url = server.fresh()
        yield url
        server.drop(url)


_PLACES: Final = {"sqlite": _sqlite, "postgresql": _postgresql}


if __name__ == "__main__":
    sys.exit(main())
