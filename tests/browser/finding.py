"""Which Chromium the tests look with: the one that is named, or one found on the machine."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

GIVEN: Final = "GOODWORD_CHROMIUM"
MEND: Final = (
    "Install Chromium (Debian: apt-get install -y chromium fonts-noto-cjk),"
    f" or set {GIVEN} to the path of one."
)
NAMES: Final = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
)
ON_WINDOWS: Final = (
    "Chromium/Application/chrome.exe",
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
ON_MACOS: Final = (
    "Chromium.app/Contents/MacOS/Chromium",
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)


class NoChromium(Exception):
    """There is no Chromium to look with; the text says why, and what mends it."""

    said = "No Chromium to test with"

    def __init__(self, why: str) -> None:
        super().__init__(f"{self.said}: {why}\n{MEND}")


def chromium() -> str:
    """Return the path of a Chromium, or of a browser built on it; raise `NoChromium`."""
    given = os.environ.get(GIVEN)
    if given:
        if shutil.which(given):
            return given
        raise NoChromium(f"{GIVEN} names no program: {given}")
    found = next(_found(), None)
    if found is None:
        raise NoChromium("none is installed")
    return found


def _found() -> Iterator[str]:
    yield from filter(None, map(shutil.which, NAMES))
    yield from (str(path) for path in places(sys.platform) if path.exists())


def places(system: str) -> Iterator[Path]:
    """Name where a system keeps browsers that stand on no PATH."""
    if system == "win32":
        homes = (
            os.environ.get(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
        )
        yield from (Path(home, inner) for home in homes if home for inner in ON_WINDOWS)
    elif system == "darwin":
        homes_of_apps = (Path("/Applications"), Path.home() / "Applications")
        yield from (home / inner for home in homes_of_apps for inner in ON_MACOS)
