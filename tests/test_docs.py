"""Our pages can be built, and what they show works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import get_type_hints

import pytest

import goodword
from goodword import Advocate, Terms, money, percent_off
from goodword.interface.routes import ROUTES
from goodword.testing import a_program
from tests.pages import ROOT, assert_said, blocks, run_python, write_files
from tests.server.processes import Running, free_port, until
from tests.serving import CURLS, SCRIPTS, Serving, a_server, shell


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with a_server(tmp_path_factory.mktemp("served")) as serving:
        yield serving


def test_the_embedders_start_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    says = run_python("start/embedder", names)
    assert_said(capsys.readouterr().out, says)
    names["engine"].close()  # type: ignore[attr-defined]


def test_the_page_of_words_works(capsys: pytest.CaptureFixture[str]) -> None:
    engine = goodword.embed("sqlite://")
    engine.migrate()
    referrals = engine.of()
    terms = Terms(minimum=money("500", "TWD"))
    referrals.programs.save(a_program(offer=percent_off(10), terms=terms))
    referrals.advocates.invite("friends", Advocate(id="c-17", name="Mei"), code="MEI2026")
    says = run_python("words", {"referrals": referrals})
    assert_said(capsys.readouterr().out, says)
    engine.close()


@pytest.mark.slow
def test_the_embedders_test_passes(tmp_path: Path) -> None:
    write_files("start/embedder", tmp_path)
    command = "-m pytest -q -W error -p goodword.testing -p no:cacheprovider"
    ran = subprocess.run(
        [sys.executable, *command.split()],
        cwd=tmp_path,
        # Ours alone, and by its path: that it is found by itself is a test of the wheel.
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 passed" in ran.stdout, ran.stdout + ran.stderr


@pytest.mark.slow
def test_the_remote_developers_start_works(
    server: Serving, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in server.environment("in-python").items():
        monkeypatch.setenv(name, value)
    names: dict[str, object] = {}
    says = run_python("start/remote", names)
    assert_said(capsys.readouterr().out, says)
    names["referrals"].close()  # type: ignore[attr-defined]


@pytest.mark.slow
@pytest.mark.parametrize("curl", CURLS)
def test_the_remote_developers_start_works_with_curl(
    server: Serving, tmp_path: Path, curl: str
) -> None:
    shop = f"in-shell-{CURLS.index(curl)}"
    where = {**shell(tmp_path, curl), **server.environment(shop)}
    # The Python of the page, on which the shell goes on, saved a program of this name.
    server.house.referrals(shop).programs.save(a_program(name="friends"))
    shown = [block for block in blocks("start/remote") if block.language == "sh"]
    said = [played(block.text, tmp_path, where) for block in shown]
    assert_said("".join(said), [one for block in shown for one in block.says])


def played(script: str, folder: Path, where: dict[str, str]) -> str:
    """Run a piece of shell that must not fail; return what it said."""
    ran = subprocess.run(
        ["sh", "-euc", script], cwd=folder, env=where, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


class Shell(Running):
    """A piece of shell that runs until it is told to end."""

    program = ("sh", "-euc")


@pytest.mark.slow
@pytest.mark.parametrize("curl", CURLS)
def test_the_operators_start_works(tmp_path: Path, curl: str) -> None:
    where, port = shell(tmp_path, curl), str(free_port())
    write_files("start/operator", tmp_path)
    before, serve, after = around("goodword serve\n", "start/operator", port)
    said = played(before, tmp_path, where)
    loaded = f"cd {tmp_path}; set -a; . ./goodword.env; set +a"
    server = Shell(f"{loaded}; exec {serve.strip()} --port {port}", PATH=where["PATH"])
    with ExitStack() as ending:
        ending.callback(server.kill)
        until(lambda: answers(server, port, tmp_path, where))
        said += played(after, tmp_path, where)
        assert server.end()[0] == 0
    shown = [block for block in blocks("start/operator") if block.language == "sh"]
    assert_said(said, [one for block in shown for one in block.says])
    assert not (tmp_path / "tea-house.env").exists()
    assert (tmp_path / "goodword.env").stat().st_mode & 0o077 == 0


def around(command: str, page: str, port: str) -> tuple[str, str, str]:
    """Return a page's shell before a command, the command, and the shell after it."""
    shown = [block.text for block in blocks(page) if block.language == "sh"]
    texts = [text.replace(":8000", f":{port}") for text in shown]
    at = texts.index(command)
    return "".join(texts[:at]), texts[at], "".join(texts[at + 1 :])


def answers(server: Running, port: str, folder: Path, where: dict[str, str]) -> bool:
    assert server.alive, server.said()
    asked = ["curl", "--silent", "--fail-with-body", f"http://127.0.0.1:{port}/healthz"]
    return subprocess.run(asked, env=where, capture_output=True, check=False).returncode == 0


def test_the_readmes_lead_to_the_same_places_and_show_the_same_commands() -> None:
    """What one of them gains or loses, its twin does."""
    english, chinese = (
        (ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-TW.md")
    )
    assert targets(english) == targets(chinese)
    assert commands(english) == commands(chinese)
    for target in re.findall(r"\]\(([^)]+)\)", english + chinese):
        assert (ROOT / target).is_file(), target


def targets(readme: str) -> set[str]:
    """Where it leads: its twin, and pictures with words in them, are of its own language."""
    found = re.findall(r"\]\(([^)]+)\)", readme)
    own = r"README(\.zh-TW)?\.md|docs/picture(\.zh-Hant)?\.svg|docs/pictures/.+"
    return {target for target in found if not re.fullmatch(own, target)}


def commands(readme: str) -> list[str]:
    """What stands to be typed in, without what is said about it, between headings."""
    told = re.sub(r"^```.*?^```$", "", readme, flags=re.M | re.S)
    typed = [line.partition("  #")[0].rstrip() for line in told.splitlines() if line[:4] == "    "]
    assert typed
    return [*typed, f"headings: {len(re.findall('^#', told, re.M))}"]


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.stem)
def test_every_heading_has_something_to_say(page: Path) -> None:
    told = re.sub(r"^(`{3,}).*?^\1`*$", "code", page.read_text("utf-8"), flags=re.M | re.S)
    lines = [line for line in told.splitlines() if line.strip()]
    depths = [len(line) - len(line.lstrip("#")) for line in lines]
    bare = [
        line
        for line, (one, after) in zip(lines, pairwise([*depths, 1]), strict=True)
        if 0 < after <= one
    ]
    assert bare == []


def test_every_shown_line_is_run_or_installs_something() -> None:
    """So that nobody hides from the tests what could be tried."""
    installs = re.compile(r"python3 -m venv|\S*pip install|export [A-Z_]+=|git pull|pg_dump ")
    shown = [
        line
        for page in sorted((ROOT / "docs" / "start").glob("*.md"))
        for block in blocks(f"start/{page.stem}")
        if block.language not in ("python", "sh") and block.file is None
        for line in block.text.splitlines()
    ]
    assert shown
    assert [line for line in shown if not installs.match(line)] == []


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages, built as `run.py docs` does."""
    folder = tmp_path_factory.mktemp("pages")
    command = [str(SCRIPTS / "python"), "-m", "sphinx", "--fail-on-warning", "--keep-going"]
    made = subprocess.run(
        [*command, "--quiet", "docs", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    return folder


@pytest.mark.slow
def test_the_reference_explains_every_public_name_and_verb(built: Path) -> None:
    page = (built / "reference.html").read_text("utf-8")
    documented = {route.verb: documented_at(route.verb) for route in ROUTES}
    wanted = [*(f"goodword.{name}" for name in goodword.__all__), *documented.values()]
    assert [name for name in wanted if f'id="{name}"' not in page] == []


def documented_at(verb: str) -> str:
    """Where the reference explains a verb, like ``programs.save``."""
    wing, _, name = verb.rpartition(".")
    if not wing:
        return f"goodword.Referrals.{name}"
    kind = get_type_hints(goodword.Referrals)[wing]
    return f"{kind.__module__}.{kind.__name__}.{name}"


@pytest.mark.slow
def test_names_in_docstrings_lead_to_what_they_name(built: Path) -> None:
    page = (built / "reference.html").read_text("utf-8")
    for name in ("goodword.UnknownCode", "goodword.interface.wings.Programs.save"):
        assert f'class="reference internal" href="#{name}"' in page


@pytest.mark.slow
def test_pages_ask_no_foreign_host(built: Path) -> None:
    loading = re.compile(r'<(script|img|iframe)[^>]+src="(https?:)?//|<link[^>]+href="(https?:)?//')
    pages = sorted(built.rglob("*.html"))
    assert len(pages) > 8
    assert [page.name for page in pages if loading.search(page.read_text("utf-8"))] == []
