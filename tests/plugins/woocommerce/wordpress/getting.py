"""Gets a real WordPress to test the plugin on, as run.py has it do.

From Debian, unpacked beside the system, and the oldest from an npm package, as is the drop-in for
SQLite; kept in the user's cache.  Python's own library is enough.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

SUITES: Final = {"forky": "7.1", "trixie": "6.8"}
"""The releases of Debian that WordPress is taken from, and which WordPress that is."""
FLOOR: Final = "6.5"
"""The oldest WordPress that the plugin is for; no release of Debian has it."""
KINDS: Final = {**SUITES, FLOOR: FLOOR}
"""Each WordPress that is tested on, by the name that it is asked for."""
PHPS: Final = ("7.4", "8.5")
"""The oldest PHP and the newest, which npm has for every machine; the system's own lies between."""
BETWEEN: Final = ("8.0", "8.1", "8.2", "8.3", "8.4")
"""The others that npm has."""
NEEDED: Final = ("php-cli", "php-sqlite3", "php-mbstring", "php-xml", "phpunit")
"""What must be installed for the tests to run."""
_PARTS: Final = ("wordpress", "libphp-phpmailer", "php-getid3")
_VERSION: Final = "3.1.56"
_ANY_PHP: Final = "@php-wasm/cli"
_SYSTEM: Final = Path("/etc/os-release")
_APT: Final = Path("/etc/apt")
_CONFIG: Final = """<?php
require getenv( 'GOODWORD_WP_CONFIG' );
require_once ABSPATH . 'wp-settings.php';
"""


class _Zip(NamedTuple):
    """A zip within an npm package."""

    package: str
    sha512: str
    path: str


_DROP_IN: Final = _Zip(
    f"@wp-playground/cli@{_VERSION}",
    "JTxl6djPEM2YRYz/w+BUoyoCvhSGHIjqMi4fMV1b8o1UPNvZatLaS7opo57UsrVElXrfdZwvi6IuyS4LswUx9Q==",
    "package/sqlite-database-integration.zip",
)
_OLDEST: Final = _Zip(
    "@wp-playground/wordpress-builds@0.9.19",
    "dlqvh/MJDpE5W68vgPPKUjpip6zMuBh59L3D18ZX+pdwurC4q4ydrTww/3sTMV69BBcoH6kF93YtAtujNC5Mpw==",
    f"package/src/wordpress/wp-{FLOOR}.zip",
)


class NoWordPress(Exception):
    """There is no WordPress to test on; says why, and what mends it."""

    said = "WordPress cannot be tested on"
    mend = "On Debian, as root: python3 run.py test gets what it needs; it needs npm, too."

    def __init__(self, why: str) -> None:
        super().__init__(f"{self.said}: {why}.  {self.mend}")


def cache() -> Path:
    """Return where all of it is kept, outside the tree."""
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "goodword" / "wordpress"


def wordpress(kind: str) -> Path:
    """Return the folder of a WordPress that is there; raise `NoWordPress`."""
    missing = _not_installed()
    if missing:
        raise NoWordPress(f"{', '.join(missing)} is not installed")
    found = _home(kind)
    if not (_is_whole(found) and _is_whole(drop_in())):
        raise NoWordPress(f"WordPress {KINDS[kind]} was not fetched")
    return _within(found)


def drop_in() -> Path:
    """Return the folder of the plugin that lets WordPress keep its tables in SQLite."""
    return cache() / f"sqlite-{_VERSION}"


def php() -> str:
    """Return a program that is any PHP, told by the variable ``PHP``; raise `NoWordPress`."""
    if not _is_whole(_php_home()):
        raise NoWordPress("other PHPs were not fetched")
    return str(_php_home() / "node_modules" / ".bin" / "php-wasm-cli")


def get() -> None:
    """Fetch and install what is missing; raise `NoWordPress`."""
    _install(_not_installed())
    if shutil.which("npm") is None:
        raise NoWordPress("npm is not installed")
    for suite in SUITES:
        if not _is_whole(_home(suite)):
            with _whole(_home(suite)) as folder:
                _unpack(suite, folder)
    if not _is_whole(_home(FLOOR)):
        with _whole(_home(FLOOR)) as folder:
            _take_oldest(folder)
    if not _is_whole(drop_in()):
        with _whole(drop_in()) as folder:
            _take_drop_in(folder)
    if not _is_whole(_php_home()):
        with _whole(_php_home()) as folder:
            _take_php(folder)


def _php_home() -> Path:
    return cache() / f"php-{_VERSION}"


def _home(kind: str) -> Path:
    return cache() / kind


def _within(folder: Path) -> Path:
    """Return where WordPress lies in what was unpacked, as Debian lays it."""
    return folder / "usr" / "share" / "wordpress"


def _is_whole(folder: Path) -> bool:
    return (folder / "whole").exists()


@contextlib.contextmanager
def _whole(folder: Path) -> Iterator[Path]:
    """Give a folder to fill, and put it in its place once that is done."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent) as made:
        filled = Path(made) / "filled"
        filled.mkdir()
        yield filled
        (filled / "whole").touch()
        shutil.rmtree(folder, ignore_errors=True)
        filled.rename(folder)


def _not_installed() -> list[str]:
    found = {"php": shutil.which("php"), "phpunit": shutil.which("phpunit")}
    missing = [name for name, path in found.items() if path is None]
    if "php" in missing:
        return missing
    loaded = _run("php", "-m").split()
    return missing + [one for one in ("pdo_sqlite", "mbstring", "dom") if one not in loaded]


def _install(missing: list[str]) -> None:
    if not missing:
        return
    if os.geteuid():
        raise NoWordPress(f"{', '.join(missing)} is not installed, and only root can install it")
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    _run("apt-get", "-o", "Acquire::Retries=3", "update")
    _run(
        "apt-get",
        "-o",
        "Acquire::Retries=3",
        "install",
        "--yes",
        "--no-install-recommends",
        *NEEDED,
    )


def _unpack(suite: str, folder: Path) -> None:
    with TemporaryDirectory() as made:
        apt = _apt(suite, Path(made))
        _run(*apt, "update")
        _run(*apt, "download", *_PARTS, cwd=Path(made))
        for package in Path(made).glob("*.deb"):
            _run("dpkg-deb", "--extract", str(package), str(folder))
    _configure(_within(folder))


def _configure(wordpress: Path) -> None:
    config = wordpress / "wp-config.php"
    config.unlink(missing_ok=True)
    config.write_text(_CONFIG, "utf-8")


def _apt(suite: str, folder: Path) -> list[str]:
    """Return an apt-get that knows one release alone, and leaves the system's own lists be."""
    (folder / "lists" / "partial").mkdir(parents=True)
    (folder / "archives" / "partial").mkdir(parents=True)
    sources = folder / "one.sources"
    sources.write_text(_sources(suite), "utf-8")
    options = {
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State::lists": folder / "lists",
        "Dir::Cache": folder,
        "APT::Sandbox::User": "root",
        "Acquire::Retries": 3,
    }
    return ["apt-get", *(word for key, to in options.items() for word in ("-o", f"{key}={to}"))]


def _sources(suite: str) -> str:
    """Return the machine's own source of packages, for another release."""
    found = re.search(r"^VERSION_CODENAME=\W?(\w+)", _SYSTEM.read_text("utf-8"), re.MULTILINE)
    ours = found[1] if found else "here"
    files = [*_APT.glob("sources.list.d/*.sources"), *_APT.glob("sources.list.d/*.list")]
    for source in (one for file in [*files, *_APT.glob("sources.list")] for one in _stanzas(file)):
        if ours in source.get("Suites", "").split() and "deb" in source["Types"].split():
            wanted = {**source, "Types": "deb", "Suites": suite, "Components": "main"}
            return "".join(f"{name}: {value}\n" for name, value in wanted.items())
    raise NoWordPress(f"apt has no source of Debian {ours} to take {suite} from")


def _stanzas(file: Path) -> Iterator[dict[str, str]]:
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("#")]
    if file.suffix != ".sources":
        for line in lines:
            found = re.match(r"deb\s+(?:\[(.*?)\]\s+)?(\S+)\s+(\S+)", line)
            if found:
                signed = re.search(r"signed-by=(\S+)", found[1] or "")
                more = {"Signed-By": signed[1]} if signed else {}
                yield {"Types": "deb", "URIs": found[2], "Suites": found[3], **more}
        return
    for stanza in re.split(r"\n\s*\n", "\n".join(lines)):
        told = re.findall(r"^([\w-]+):[ \t]*(\S.*)$", stanza, re.MULTILINE)
        if told:
            yield {"Types": "deb", **dict(told)}


def _take_php(folder: Path) -> None:
    quiet = ("--silent", "--no-audit", "--no-fund", "--ignore-scripts")
    _run("npm", "install", *quiet, f"{_ANY_PHP}@{_VERSION}", cwd=folder)


def _take_oldest(folder: Path) -> None:
    _within(folder).mkdir(parents=True)
    _unzip(_OLDEST, _within(folder))
    _configure(_within(folder))


def _take_drop_in(folder: Path) -> None:
    with TemporaryDirectory() as made:
        _unzip(_DROP_IN, Path(made))
        (found,) = (path for path in Path(made).iterdir() if (path / "db.copy").exists())
        shutil.copytree(found, folder, dirs_exist_ok=True)


def _unzip(wanted: _Zip, folder: Path) -> None:
    with TemporaryDirectory() as made:
        said = _run("npm", "pack", wanted.package, "--json", "--silent", cwd=Path(made))
        archive = Path(made) / str(json.loads(said)[0]["filename"])
        digest = hashlib.sha512(archive.read_bytes()).digest()
        if base64.b64encode(digest).decode() != wanted.sha512:
            raise NoWordPress(f"{wanted.package} is not what we know")
        with tarfile.open(archive) as opened:
            inner = opened.extractfile(wanted.path)
            assert inner is not None
            with zipfile.ZipFile(inner) as zipped:
                zipped.extractall(folder)


def _run(*command: str, cwd: Path | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        # An address of a mirror is nobody's business.
        last = re.sub(r"https?://\S+", "…", (done.stderr or done.stdout).strip()[-300:])
        raise NoWordPress(f"{command[0]} said {last}")
    return done.stdout


if __name__ == "__main__":
    try:
        get()
    except (NoWordPress, OSError) as problem:
        sys.exit(str(problem))
