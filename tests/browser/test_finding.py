"""Which browser is looked with; none of these tests needs one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.browser import finding
from tests.browser.finding import NoChromium, chromium, places


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without a browser; the folder of its programs."""
    monkeypatch.delenv(finding.GIVEN, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(finding, "places", lambda system: iter(()))
    return tmp_path


def a_program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def name_of(word: str) -> str:
    return f"{word}.exe" if sys.platform == "win32" else word


def test_one_on_the_path_is_found(alone: Path) -> None:
    browser = a_program(alone / name_of("google-chrome"))
    assert Path(chromium()) == browser


def test_one_that_is_named_comes_first(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_program(alone / name_of("chromium"))
    named = a_program(alone / "elsewhere" / name_of("mine"))
    monkeypatch.setenv(finding.GIVEN, str(named))
    assert Path(chromium()) == named


def test_a_name_that_leads_nowhere_is_told(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_program(alone / name_of("chromium"))
    monkeypatch.setenv(finding.GIVEN, "/nowhere/chromium")
    with pytest.raises(NoChromium, match="GOODWORD_CHROMIUM names no program: /nowhere/chromium"):
        chromium()


def test_without_one_the_mend_is_told(alone: Path) -> None:
    with pytest.raises(NoChromium, match=r"none is installed\nInstall Chromium .*chromium fonts"):
        chromium()


def test_windows_and_macos_have_places_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROGRAMFILES", "C:/Programs")
    monkeypatch.delenv("PROGRAMFILES(X86)", raising=False)
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    assert Path("C:/Programs/Google/Chrome/Application/chrome.exe") in places("win32")
    assert Path("/Applications/Chromium.app/Contents/MacOS/Chromium") in places("darwin")
    assert list(places("linux")) == []
