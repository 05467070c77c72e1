from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import run

ROOT = Path(__file__).parents[1]


def test_an_old_python_is_told_what_is_needed() -> None:
    told = run.too_old((3, 9, 2))
    assert "needs Python 3.11 or newer" in told
    assert "is Python 3.9.2" in told


def test_a_python_that_is_new_enough_is_told_nothing() -> None:
    assert run.too_old((3, 11, 0)) == run.too_old((3, 14, 1)) == ""


def test_all_tests_run_by_default() -> None:
    module, option, workers, *rest = run.pytest([])
    assert (module, option, rest) == ("pytest", "-n", [])
    assert int(workers) >= 2


def test_fast_leaves_out_what_is_slow_and_passes_the_rest_on() -> None:
    command = run.pytest(["tests/sdk", "--fast", "-x"])
    left_out = ["-m", "not slow and not browser", "-k", "not postgresql"]
    assert command[3:] == [*left_out, "tests/sdk", "-x"]


@pytest.mark.parametrize(("words", "code"), [([], 2), (["dmeo"], 2), (["--help"], 0)])
def test_who_names_no_command_is_shown_them_all(
    words: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.main(words) == code
    assert "python3 run.py demo" in capsys.readouterr().out


def test_each_command_is_described() -> None:
    described = run.__doc__ or ""
    assert all(f"python3 run.py {name} " in described for name in run.COMMANDS)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose set-up is complete."""
    for name, place in {"LOCK": "requirements.lock", "PROJECT": "pyproject.toml"}.items():
        monkeypatch.setattr(run, name, tmp_path / place)
        (tmp_path / place).write_text(name)
    venv = tmp_path / ".venv"
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "VENV", venv)
    monkeypatch.setattr(run, "STAMP", venv / "set-up-for")
    run.python_of(venv).parent.mkdir(parents=True)
    run.python_of(venv).touch()
    run.STAMP.write_text("\n".join(run.stamp()))
    return tmp_path


@pytest.fixture
def steps(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of the steps that a set-up takes, none of which does anything."""
    taken: list[str] = []
    monkeypatch.setattr(run, "step", lambda title, *_: taken.append(title))
    return taken


INSTALLING = ["fetching and installing dependencies", "installing goodword"]


def test_a_complete_set_up_is_left_alone(steps: list[str]) -> None:
    run.set_up()
    assert steps == []


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_other_dependencies_are_installed_into_the_same_place(
    steps: list[str], checkout: Path, name: str
) -> None:
    (checkout / name).write_text("other")
    run.set_up()
    assert steps == INSTALLING
    assert run.stamped() == run.stamp()


def test_an_interrupted_set_up_begins_anew(steps: list[str]) -> None:
    run.STAMP.unlink()
    run.set_up()
    assert steps == ["making .venv", *INSTALLING]


def test_a_set_up_whose_python_is_gone_begins_anew(steps: list[str]) -> None:
    run.python_of(run.VENV).unlink()
    run.set_up()
    assert steps == ["making .venv", *INSTALLING]


def test_a_set_up_that_was_moved_begins_anew(
    steps: list[str], checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "ROOT", checkout / "elsewhere")
    run.set_up()
    assert steps == ["making .venv", *INSTALLING]


def test_a_failed_step_leaves_no_stamp(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(title: str, *_: str) -> None:
        raise SystemExit(title)

    run.LOCK.write_text("other")
    monkeypatch.setattr(run, "step", fail)
    with pytest.raises(SystemExit):
        run.set_up()
    assert run.stamped() == []


def test_without_venv_the_mend_is_named(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="apt-get install -y python3-venv"):
        run.make_venv()


def test_a_failed_step_stops_with_its_last_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="no room left") as stopped:
        run.step("copying", sys.executable, "-c", "raise SystemExit('no room left')")
    assert "It stopped while copying." in str(stopped.value)
    assert capsys.readouterr().out.startswith("copying ...")


def test_without_a_network_the_mend_is_named() -> None:
    told = run.explain("fetching", "ERROR: Could not find a version that satisfies uv")
    assert "Check the network" in told


def test_no_network_is_blamed_where_it_has_no_fault() -> None:
    assert "network" not in run.explain("making .venv", "Permission denied")


def test_what_would_lead_python_or_pip_astray_stays_outside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_TARGET", "PIP_REQUIRE_VIRTUALENV"):
        monkeypatch.setenv(name, "elsewhere")
    monkeypatch.setenv("PIP_INDEX_URL", "a mirror")
    ours = run.environment()
    assert "elsewhere" not in ours.values()
    assert ours["PIP_INDEX_URL"] == "a mirror"
    assert ours["PATH"] == os.environ["PATH"]


# What apt installs for the tests.


@pytest.fixture
def debian(checkout: Path, steps: list[str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Debian of root's that lacks two of them; where it says what it is."""
    system = checkout / "os-release"
    system.write_text('NAME="Debian GNU/Linux"\nID=debian\n')
    monkeypatch.setattr(run, "SYSTEM", system)
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(run, "missing", lambda: ["chromium", "pgbouncer"])
    return system


on_unix = pytest.mark.xfail(os.name == "nt", reason="Windows has no apt", run=False)
FETCHING = ["installing chromium pgbouncer, to test with"]


@on_unix
def test_apt_installs_what_is_missing_for_root_on_debian(debian: Path, steps: list[str]) -> None:
    run.install_packages()
    assert steps == FETCHING


@on_unix
def test_what_is_there_is_left_alone(
    debian: Path, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "missing", list)
    run.install_packages()
    assert steps == []


@on_unix
def test_dpkg_is_asked_what_is_there(
    tmp_path: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "dpkg-query"
    program.write_text("#!/bin/sh\necho chromium installed; echo pgbouncer config-files; exit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert run.missing() == ["fonts-noto-cjk", "pgbouncer"]


@on_unix
def test_apt_is_asked_nowhere_else(
    debian: Path, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    debian.write_text("ID=ubuntu\nID_LIKE=debian\n")
    run.install_packages()
    debian.write_text("ID=debian\n")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    run.install_packages()
    debian.unlink()
    run.install_packages()
    assert steps == []


@on_unix
def test_where_apt_fails_it_is_said_and_tests_go_on(
    debian: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(title: str, *_: str) -> None:
        raise SystemExit(f"It stopped while {title}.")

    monkeypatch.setattr(run, "step", fail)
    run.install_packages()
    assert f"It stopped while {FETCHING[0]}." in capsys.readouterr().out


# A WordPress for the tests.


@on_unix
def test_a_wordpress_is_looked_for_where_apt_obeys(debian: Path, steps: list[str]) -> None:
    run.get_wordpress()
    assert steps == ["looking for a WordPress, to test the plugin on"]
    debian.write_text("ID=ubuntu\n")
    run.get_wordpress()
    assert len(steps) == 1


@on_unix
def test_where_there_is_none_it_is_said_and_tests_go_on(
    debian: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(title: str, *_: str) -> None:
        raise SystemExit(f"It stopped while {title}.")

    monkeypatch.setattr(run, "step", fail)
    run.get_wordpress()
    assert "It stopped while looking for a WordPress" in capsys.readouterr().out


def test_run_py_needs_nothing_installed() -> None:
    alone = [sys.executable, "-I", "-S", "run.py", "--help"]
    shown = subprocess.run(alone, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "python3 run.py demo" in shown
