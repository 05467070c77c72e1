"""Where it is measured: SQLite in a file, and a PostgreSQL that flushes what it promises."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Final, Protocol
from uuid import uuid4

from tests.postgres import GIVEN, NoPostgres, Server

if sys.platform != "win32":
    import fcntl

    from tests import postgres_keeper

ROOT: Final = Path(__file__).resolve().parents[1]
# The tests' server need not outlive anything; what is measured here must.
_DURABLE: Final = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
# As PostgreSQL's manual has it for a server of its own: a quarter of the memory, and checkpoints
# that are far apart.  With the 128 MB it starts with on any machine, what is measured of a large
# book is how PostgreSQL fetches its pages.
_SHARE: Final = 4
_ROOMY: Final = {"max_wal_size": "8GB", "checkpoint_timeout": "30min"}


class Place(Protocol):
    """A kind of database in which databases can be made, copied and dropped."""

    def fresh(self) -> str:
        """Make an empty database and return its URL."""

    def like(self, url: str) -> str:
        """Make a copy of a database that nobody is connected to and return its URL."""

    def drop(self, url: str) -> None:
        """Remove a database."""


@dataclass(frozen=True, slots=True)
class Files:
    """SQLite databases in one folder."""

    folder: Path

    def fresh(self) -> str:
        return f"sqlite:///{self.folder / uuid4().hex}.db"

    def like(self, url: str) -> str:
        copy = self.fresh()
        shutil.copy(file_of(url), file_of(copy))
        return copy

    def drop(self, url: str) -> None:
        for ending in ("", "-wal", "-shm", ".lock"):
            Path(f"{file_of(url)}{ending}").unlink(missing_ok=True)


def file_of(url: str) -> str:
    """Return the file of an SQLite database."""
    return url.removeprefix("sqlite:///")


@contextmanager
def places() -> Iterator[dict[str, Place]]:
    """Yield the databases of this machine by name; PostgreSQL is left out where there is none."""
    with TemporaryDirectory(prefix="goodword-bench-") as folder, _postgres() as postgres:
        found: dict[str, Place] = {"SQLite": Files(Path(folder))}
        if postgres is not None:
            found["PostgreSQL"] = postgres
        yield found


@contextmanager
def _postgres() -> Iterator[Server | None]:
    given = os.environ.get(GIVEN)
    if given or sys.platform == "win32":
        yield Server(given) if given else None
        return
    # On disk, unlike the tests' own: what is flushed shall have somewhere to go.
    folder = Path(mkdtemp(prefix="goodword-bench-"))
    try:
        with (folder / "alive").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield _started(folder)
        postgres_keeper.wait_until(lambda: not folder.exists(), 10)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _started(folder: Path) -> Server | None:
    """Have a keeper apart start the server, so that none is left behind however we end."""
    command = [sys.executable, "-m", __name__, str(folder)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    answer: dict[str, str] = json.loads(done.stdout)
    if "url" in answer:
        return Server(answer["url"])
    print(NoPostgres(answer["problem"]))
    return None


def _roomy() -> dict[str, str]:
    megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return {**_ROOMY, "shared_buffers": f"{megabytes // _SHARE}MB"}


if __name__ == "__main__":
    postgres_keeper.SETTINGS.update(_DURABLE | _roomy())
    postgres_keeper.main(Path(sys.argv[1]))
