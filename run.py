#!/usr/bin/env python3
"""Set goodword up in .venv, once, and run it.

    python3 run.py demo     a shop with friends and rewards to look at, on this machine
    python3 run.py test     style, types, and all tests, on SQLite and PostgreSQL  (--fast: some)
    python3 run.py lint     style and types alone
    python3 run.py bench    measure the hot paths
    python3 run.py lock     pin the dependencies anew  (--upgrade: take the newest of all)

Further arguments are passed on.  On Windows write "py" instead of "python3".
"""

# Python's own library is enough, and an old Python can read this file: it gets a clear sentence.
from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "set-up-for"  # written last: a set-up that was interrupted has none
LOCK = ROOT / "requirements.lock"
PROJECT = ROOT / "pyproject.toml"
OLDEST = (3, 11)

# Where pip fetches from is the caller's affair; where and how it installs is ours.
PIP_MAY_KEEP = {
    "PIP_" + name
    for name in (
        "CACHE_DIR CERT CLIENT_CERT CONFIG_FILE DEFAULT_TIMEOUT EXTRA_INDEX_URL FIND_LINKS"
        " INDEX_URL NO_INDEX PROXY RETRIES TIMEOUT TRUSTED_HOST"
    ).split()
}
SIGNS_OF_NO_NETWORK = (
    "ConnectTimeoutError",
    "NewConnectionError",
    "ProxyError",
    "ReadTimeoutError",
    "Could not find a version",
    "No matching distribution",
    "SSLError",
)
MEND_VENV = (
    "This Python cannot make virtual environments.\n"
    "On Debian or Ubuntu: apt-get install -y python3-venv"
)
MEND_NETWORK = (
    "pip could not fetch packages.  Check the network; behind a mirror or proxy set\n"
    "PIP_INDEX_URL or HTTPS_PROXY.  Then start again: the set-up goes on from here."
)


def main(arguments: list[str]) -> int:
    problem = too_old(sys.version_info[:3])
    if problem:
        raise SystemExit(problem)
    name, further = (arguments or ["--help"])[0], arguments[1:]
    if name not in COMMANDS:
        print(__doc__)
        return 0 if name in {"-h", "--help", "help"} else 2
    os.chdir(ROOT)
    return COMMANDS[name](further)


def demo(further: list[str]) -> int:
    return hand_over("goodword_server.demo", *further)


def test(further: list[str]) -> int:
    fast = "--fast" in further
    if not fast and lint([]):
        return 1
    return hand_over(*pytest_command([word for word in further if word != "--fast"], fast))


def pytest_command(further: list[str], fast: bool) -> list[str]:
    workers = str(min(max(os.cpu_count() or 1, 2), 8))
    return ["pytest", "-n", workers, *(["-m", "not slow"] if fast else []), *further]


def lint(further: list[str]) -> int:
    set_up()
    checks = ["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]
    # All three speak, whether or not the first is content.
    return max([run(*check, *further) for check in checks])


def bench(further: list[str]) -> int:
    return hand_over("benchmarks", *further)


def lock(further: list[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        uv = [str(python_of(Path(folder))), "-m", "uv", "--no-config", "pip", "compile"]
        step("making room for uv", [sys.executable, "-m", "venv", folder])
        step("fetching uv", [uv[0], "-m", "pip", "install", "--disable-pip-version-check", "uv"])
        step("choosing versions", [*uv, *lock_options(), *further])
    return 0


def lock_options() -> list[str]:
    """Ask for one lock that serves every system and names no address."""
    return [
        "--universal",
        "--python-version=3.11",
        "--generate-hashes",
        "--no-emit-index-url",
        "--no-header",
        "--system-certs",
        "--extra=dev",
        "--output-file=" + LOCK.name,
        PROJECT.name,
    ]


COMMANDS = {"demo": demo, "test": test, "lint": lint, "bench": bench, "lock": lock}


def too_old(version: tuple[int, ...]) -> str:
    """Return what to tell the owner of a Python older than we can use, else nothing."""
    if version >= OLDEST:
        return ""
    found, needed = ".".join(map(str, version)), ".".join(map(str, OLDEST))
    return f"goodword needs Python {needed} or newer; {sys.executable} is Python {found}."


def set_up() -> None:
    """Make .venv hold what the lock names, unless it already does."""
    have, want = stamped(), stamp()
    if have == want:
        return
    STAMP.unlink(missing_ok=True)
    if have[:1] != want[:1]:
        make_venv()
    install = [str(python_of(VENV)), "-m", "pip", "install", "--disable-pip-version-check"]
    # Without --use-pep517 Debian 12's pip builds in an outdated way what comes without a wheel.
    locked = ["--use-pep517", "--require-hashes", "--requirement", LOCK.name]
    step("fetching and installing dependencies", [*install, *locked])
    itself = ["--no-deps", "--no-build-isolation", "--editable", "."]
    step("installing goodword", [*install, *itself])
    STAMP.write_text("\n".join(want), encoding="utf-8")


def make_venv() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        raise SystemExit(MEND_VENV)
    step("making .venv", [sys.executable, "-m", "venv", "--clear", str(VENV)])


def stamp() -> list[str]:
    """Name what a set-up depends on: first its place and its Python, then its packages."""
    place = "{} {}.{}".format(ROOT, *sys.version_info[:2])
    packages = hashlib.sha256(LOCK.read_bytes() + PROJECT.read_bytes()).hexdigest()
    return [place, packages]


def stamped() -> list[str]:
    """Return the stamp of the last complete set-up, or nothing where there is none that works."""
    if not (STAMP.exists() and python_of(VENV).exists()):
        return []
    return STAMP.read_text(encoding="utf-8").split("\n")


def python_of(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def environment() -> dict[str, str]:
    """Return the caller's variables without those that would lead our Python or pip astray."""
    kept = {name: value for name, value in os.environ.items() if may_stay(name.upper())}
    return {**kept, "PIP_USER": "0", "PYTHONUTF8": "1"}


def may_stay(name: str) -> bool:
    ours = ("PIP_", "PYTHON", "UV_", "VIRTUAL_ENV", "__PYVENV")
    return name in PIP_MAY_KEEP or not name.startswith(ours)


def step(title: str, command: list[str]) -> None:
    """Do one part of a set-up, showing that it moves; stop with its last words if it fails."""
    began = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as words:
        with subprocess.Popen(
            command,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=subprocess.STDOUT,
        ) as child:
            wait_for(child, title, began)
        words.seek(0)
        if child.returncode:
            raise SystemExit(explain(title, words.read()))


def wait_for(child: subprocess.Popen[bytes], title: str, began: float) -> None:
    moving = sys.stdout.isatty()
    if not moving:
        print(f"{title} ...", flush=True)
    while child.poll() is None:
        time.sleep(0.1)
        if moving:
            dots = "." * (1 + int(time.monotonic() - began) % 3)
            print(f"\r{title} {dots:3} {time.monotonic() - began:3.0f} s", end="", flush=True)
    print(("\r" if moving else "") + f"{title} ... {time.monotonic() - began:3.0f} s", flush=True)


def explain(title: str, words: str) -> str:
    mend = MEND_NETWORK if any(sign in words for sign in SIGNS_OF_NO_NETWORK) else ""
    last = "\n".join(words.strip().split("\n")[-12:])
    return f"\n{last}\n\nIt stopped while {title}.\n{mend}".rstrip()


def run(module: str, *further: str) -> int:
    print("$", module, *further, flush=True)
    return subprocess.call([python_of(VENV), "-m", module, *further], env=environment())


def hand_over(module: str, *further: str) -> int:
    """Become the command, so that it gets its signals itself; Windows can only wait for it."""
    set_up()
    command = [str(python_of(VENV)), "-m", module, *further]
    if os.name != "nt":
        os.execve(command[0], command, environment())
    return subprocess.call(command, env=environment())


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\nStopped.  The next start puts right what is half done.")
