#!/usr/bin/env python3
"""Set goodword up in .venv, once, and run it.

    python3 run.py demo     a shop with friends and rewards to look at, on this machine
    python3 run.py test     style, types, and all tests, on SQLite, on PostgreSQL and in Chromium
                            (--fast: the quick ones, on SQLite)
    python3 run.py lint     style and types alone
    python3 run.py docs     the pages, into docs/_build, from docs and docstrings
    python3 run.py crash    kill server and worker under load and see what is lost  (--kills N)
    python3 run.py bench    measure the hot paths
    python3 run.py zip      the WordPress plugin as shops install it, into dist
    python3 run.py lock     pin the dependencies anew  (--upgrade: take the newest of all)

Further arguments of demo, test, docs, crash, bench, zip and lock are passed on.
On Windows: "py" for "python3".
"""

# Python's own library is enough, and an old Python can read this file: it gets a clear sentence.
from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "set-up-for"  # written last: a set-up that was interrupted has none
LOCK = ROOT / "requirements.lock"
PROJECT = ROOT / "pyproject.toml"
SYSTEM = Path("/etc/os-release")
OLDEST = (3, 11)
# A browser to look at pages with, the letters of both languages, and what lends connections.
PACKAGES = ("chromium", "fonts-noto-cjk", "pgbouncer")
WORDPRESS = ROOT / "tests" / "plugins" / "woocommerce" / "wordpress" / "getting.py"

# Where pip fetches from is the caller's affair; where and how it installs is ours.
LEADS_ASTRAY = re.compile(
    "PYTHON|VIRTUAL_ENV|__PYVENV|UV_|PIP_(CONSTRAINT|DRY_RUN|NO_BINARY|NO_DEPS|ONLY_|PREFIX|PYTHON"
    "|REQUIRE|ROOT|TARGET|USER)",
    re.IGNORECASE,
)
SIGNS_OF_NO_NETWORK = re.compile(
    "Connect(ion|Timeout)Error|NewConnectionError|ProxyError|ReadTimeoutError|SSLError"
    "|Could not find a version|No matching distribution"
)
MEND_VENV = """This Python cannot make virtual environments.
On Debian or Ubuntu: apt-get install -y python3-venv"""
MEND_NETWORK = """pip could not fetch a package.  Check the network; behind a mirror or a proxy set
PIP_INDEX_URL or HTTPS_PROXY.  Then start again."""


def main(arguments: list[str]) -> int:
    problem = too_old(sys.version_info[:3])
    if problem:
        raise SystemExit(problem)
    name, further = (arguments or [""])[0], arguments[1:]
    if name not in COMMANDS:
        print(__doc__)
        return 0 if name in {"-h", "--help", "help"} else 2
    os.chdir(ROOT)
    return COMMANDS[name](further)


def demo(further: list[str]) -> int:
    return hand_over(["goodword_server.demo", *further])


def test(further: list[str]) -> int:
    if "--fast" not in further:
        if lint([]):
            return 1
        install_packages()
        get_wordpress()
    return hand_over(pytest(further))


def pytest(further: list[str]) -> list[str]:
    # One more than there are processors: many tests wait for a server, a browser or a shop.
    # The quick ones wait for nobody, and to each worker it takes a while to read them all.
    fast = "--fast" in further
    workers = min(max(os.cpu_count() or 1, 2) + (not fast), 8)
    chosen = ["-m", "not slow and not browser", "-k", "not postgresql"] if fast else []
    rest = [word for word in further if word != "--fast"]
    return ["pytest", "-n", str(workers), *chosen, *rest]


def lint(_: list[str]) -> int:
    set_up()
    # All three speak, whether or not the one before is content.
    results = [say_and_run(check) for check in ("ruff check", "ruff format --check", "mypy")]
    return int(any(results))


def docs(further: list[str]) -> int:
    return hand_over(
        ["sphinx", "--fail-on-warning", "--keep-going", "docs", "docs/_build", *further]
    )


def crash(further: list[str]) -> int:
    return hand_over(["tests.server.crashing", *further])


def bench(further: list[str]) -> int:
    return hand_over(["benchmarks", *further])


def zip_(further: list[str]) -> int:
    return hand_over(["goodword_woocommerce", *further])


def lock(further: list[str]) -> int:
    """Choose one set of versions for all systems, into a file that names no address."""
    with tempfile.TemporaryDirectory() as folder:
        python = python_of(Path(folder))
        step("making room for uv", sys.executable, "-m", "venv", folder)
        step("fetching uv", python, "-m", "pip", "install", "uv")
        compiling = "-m uv --no-config pip compile --universal --python-version 3.11 --extra dev"
        writing = "--generate-hashes --no-emit-index-url --no-header --system-certs"
        files = [PROJECT.name, "--output-file", LOCK.name]
        step("choosing versions", python, *compiling.split(), *writing.split(), *files, *further)
    return 0


COMMANDS = {
    "demo": demo,
    "test": test,
    "lint": lint,
    "docs": docs,
    "crash": crash,
    "bench": bench,
    "zip": zip_,
    "lock": lock,
}


def too_old(version: tuple[int, ...]) -> str:
    """Return what to tell the owner of a Python older than we can use, else nothing."""
    if version >= OLDEST:
        return ""
    found, needed = ".".join(map(str, version)), ".".join(map(str, OLDEST))
    return f"goodword needs Python {needed} or newer; {sys.executable} is Python {found}."


def set_up() -> None:
    """Make .venv hold what the lock names, unless it already does."""
    if stamped() != stamp():
        with one_at_a_time():
            renew(stamped(), stamp())


def renew(have: list[str], want: list[str]) -> None:
    if have == want:
        return
    STAMP.unlink(missing_ok=True)
    if have[:1] != want[:1]:
        make_venv()
    install = [str(python_of(VENV)), "-m", "pip", "install", "--disable-pip-version-check"]
    # Without --use-pep517 Debian 12's pip builds in an outdated way what comes without a wheel.
    locked = ["--use-pep517", "--require-hashes", "--requirement", LOCK.name]
    step("fetching and installing dependencies", *install, *locked)
    step("installing goodword", *install, "--no-deps", "--no-build-isolation", "--editable", ".")
    STAMP.write_text("\n".join(want), encoding="utf-8")


def make_venv() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        raise SystemExit(MEND_VENV)
    step("making .venv", sys.executable, "-m", "venv", "--clear", VENV)


def install_packages() -> None:
    """Have apt install what tests need beside Python, where it obeys us; elsewhere they look."""
    if apt_obeys() and missing():
        with one_at_a_time():
            fetch_packages()


def fetch_packages() -> None:
    names = " ".join(missing())
    if not names:
        return
    quietly = "export DEBIAN_FRONTEND=noninteractive"
    apt = "apt-get -o Acquire::Retries=3"
    install = f"{apt} update && {apt} install --yes --no-install-recommends {names}"
    try:
        step(f"installing {names}, to test with", "sh", "-c", f"{quietly}; {install}")
    except SystemExit as problem:
        # The tests say what they leave out, and in CI they fail for it.
        print(problem, flush=True)


def get_wordpress() -> None:
    """Have a WordPress fetched to test the shop's plugin on, where apt obeys us."""
    if apt_obeys():
        with one_at_a_time():
            try:
                step("looking for a WordPress, to test the plugin on", python_of(VENV), WORDPRESS)
            except SystemExit as problem:
                # As with the packages.
                print(problem, flush=True)


def missing() -> list[str]:
    """Return the packages that dpkg does not know as installed."""
    asked = ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n", *PACKAGES]
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split("\n")
    return [name for name in PACKAGES if f"{name} installed" not in said]


def apt_obeys() -> bool:
    """Whether this is Debian, and root's; others have these packages elsewhere or not at all."""
    if os.name == "nt" or os.geteuid() or not SYSTEM.exists():
        return False
    return "ID=debian" in SYSTEM.read_text(encoding="utf-8").splitlines()


def stamp() -> list[str]:
    """Name what a set-up depends on: its place and its Python, then its packages."""
    packages = hashlib.sha256(LOCK.read_bytes() + PROJECT.read_bytes()).hexdigest()
    return ["{} {}.{}".format(ROOT, *sys.version_info), packages]


def stamped() -> list[str]:
    """Return the stamp of the last complete set-up, or nothing where none is left that works."""
    if not (STAMP.exists() and python_of(VENV).exists()):
        return []
    return STAMP.read_text(encoding="utf-8").split("\n")


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait for a set-up in another terminal; Windows has no such lock and does without."""
    if os.name == "nt":
        yield
        return
    import fcntl

    with LOCK.open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("waiting for a set-up that runs elsewhere ...", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def python_of(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def environment() -> dict[str, str]:
    """Return the caller's variables without those that would lead our Python or pip astray."""
    kept = {name: value for name, value in os.environ.items() if not LEADS_ASTRAY.match(name)}
    return {**kept, "PIP_USER": "0", "PYTHONUTF8": "1"}


def step(title: str, *command: str | Path) -> None:
    """Do one part of a set-up, showing that it moves; stop with its last words if it fails."""
    with tempfile.TemporaryFile() as words:
        with subprocess.Popen(
            [str(part) for part in command],
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=subprocess.STDOUT,
        ) as child:
            watch(child, title)
        words.seek(0)
        if child.returncode:
            raise SystemExit(explain(title, words.read().decode(errors="replace")))


def watch(child: subprocess.Popen[bytes], title: str) -> None:
    """Show how long a command has taken: moving on a terminal, on one plain line elsewhere."""
    began, moving = time.monotonic(), sys.stdout.isatty()
    print(title, "...", end="", flush=True)
    while child.poll() is None:
        time.sleep(0.1)
        if moving:
            print(f"\r{title} ... {time.monotonic() - began:.0f} s", end="", flush=True)
    print("" if moving else f" {time.monotonic() - began:.0f} s", flush=True)


def explain(title: str, words: str) -> str:
    mend = MEND_NETWORK if SIGNS_OF_NO_NETWORK.search(words) else ""
    last = "\n".join(words.strip().split("\n")[-12:])
    return f"\n{last}\n\nIt stopped while {title}.\n{mend}".rstrip()


def say_and_run(check: str) -> int:
    print("$", check, flush=True)
    return subprocess.call([str(python_of(VENV)), "-m", *check.split()], env=environment())


def hand_over(module: list[str]) -> int:
    """Become the command, so that it gets its signals itself; Windows can only wait for it."""
    set_up()
    command = [str(python_of(VENV)), "-m", *module]
    if os.name != "nt":
        os.execve(command[0], command, environment())
    return subprocess.call(command, env=environment())


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\nStopped.  The next start puts right what is half done.")
