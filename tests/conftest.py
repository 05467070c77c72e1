"""What all tests share: databases to test with, and a say in what may be left out."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pytest
from hypothesis import configuration, settings

from tests import sparing
from tests.browser.finding import NoChromium
from tests.calls import Calls, refused_inside
from tests.plugins.woocommerce.real import naming as real
from tests.plugins.woocommerce.wordpress.getting import NoWordPress
from tests.pooler import NoPgBouncer, Pooler, pooling
from tests.postgres import NoPostgres, Server, server_of
from tests.sdk.builders import Clock

if sys.platform != "win32":
    from tests import postgres_keeper

IN_CI = os.environ.get("CI", "").lower() not in {"", "0", "false"}
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
FOLDER = pytest.StashKey[Path]()
_ALL_SLOW = re.compile(r"^pytestmark = .*\b(slow|browser)\b", re.MULTILINE)
LOUD = {
    "NOT TESTED ON POSTGRESQL": NoPostgres.said,
    "NOT TESTED BEHIND PGBOUNCER": NoPgBouncer.said,
    "NOT TESTED IN A BROWSER": NoChromium.said,
    "NOT TESTED ON WORDPRESS": NoWordPress.said,
}


def pytest_configure(config: pytest.Config) -> None:
    sparing.spare()
    config.stash[FOLDER] = folder = session_folder(config)
    # Without a clock and, in CI, without chance: a test that fails there fails here too.
    settings.register_profile("goodword", deadline=None, derandomize=IN_CI, database=None)
    settings.load_profile("goodword")
    configuration.set_hypothesis_home_dir(folder / "hypothesis")


def session_folder(config: pytest.Config) -> Path:
    """Return the folder that all workers of this run share; the first process makes and ends it."""
    told: dict[str, str] | None = getattr(config, "workerinput", None)
    if told is not None:
        return Path(told["folder"])
    ending = ExitStack()
    config.add_cleanup(ending.close)
    if sys.platform == "win32":
        return Path(ending.enter_context(TemporaryDirectory()))
    return ending.enter_context(postgres_keeper.open_session())


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Pass over modules that are slow as a whole, where slow tests are left out.

    To read them would take as long as to run many others.
    """
    if "not slow" not in config.option.markexpr or collection_path.suffix != ".py":
        return None
    return bool(_ALL_SLOW.search(collection_path.read_text("utf-8"))) or None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let `-k "not postgresql"` leave out whatever needs one, also where no name says so."""
    for item in items:
        if "postgresql" in getattr(item, "fixturenames", ()):
            item.extra_keyword_matches.add("postgresql")


def pytest_collection_finish() -> None:
    sparing.spare_garbage()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist where the folder is."""
    node.workerinput["folder"] = str(node.config.stash[FOLDER])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return nothing_left_out((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return nothing_left_out((yield))


def nothing_left_out(report: Report) -> Report:
    """Turn what was skipped into a failure where all must run; an expected failure has run."""
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, and in CI nothing may be left out.\n{reason(report)}"
    return report


def reason(report: Any) -> str:
    """Return why a test was skipped: pytest keeps file, line and reason."""
    said = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    return str(said).removeprefix("Skipped: ")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say aloud what was left out: a green run without PostgreSQL is half a run."""
    if real.left_out(config.args):
        # Nobody asked for it: a line, and no skipped test.
        terminalreporter.line(real.SAID)
    skipped = terminalreporter.stats.get("skipped", [])
    for title, said in LOUD.items():
        reasons = [why for why in map(reason, skipped) if said in why]
        if reasons:
            terminalreporter.section(title, sep="!", red=True, bold=True)
            terminalreporter.line(f"{len(reasons)} tests were left out.  {reasons[0]}")


@pytest.fixture(autouse=True)
def calls_inside() -> Iterator[Calls]:
    """Let nobody be called while a transaction of ours is open, in any thread of any test."""
    with refused_inside() as calls:
        yield calls


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Return the URL of an SQLite database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'goodword.db'}"


@pytest.fixture(scope="session")
def postgresql(pytestconfig: pytest.Config) -> Server:
    """Return the PostgreSQL of this run."""
    try:
        return server_of(pytestconfig.stash[FOLDER])
    except NoPostgres as problem:
        pytest.skip(str(problem))


@pytest.fixture(scope="session")
def pgbouncer(postgresql: Server) -> Iterator[Pooler]:
    """Return a PgBouncer that lends a connection for a transaction, and stands before it."""
    with ExitStack() as ending:
        try:
            pooler = ending.enter_context(pooling(postgresql))
        except NoPgBouncer as problem:
            pytest.skip(str(problem))
        yield pooler


@pytest.fixture
def postgresql_url(postgresql: Server) -> Iterator[str]:
    """Return the URL of a fresh, empty database on PostgreSQL."""
    url = postgresql.fresh()
    yield url
    postgresql.drop(url)


# Copied from the databases migrated_sqlite and migrated_postgresql of the folder a test stands in.


@pytest.fixture
def on_sqlite(migrated_sqlite: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path)}"


@pytest.fixture
def on_postgresql(postgresql: Server, migrated_postgresql: str) -> Iterator[str]:
    url = postgresql.like(migrated_postgresql)
    yield url
    postgresql.drop(url)


@pytest.fixture
def on_pgbouncer(pgbouncer: Pooler, on_postgresql: str) -> str:
    return pgbouncer.before(on_postgresql)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """A database with our tables and nothing in them."""
    found: str = request.getfixturevalue(f"on_{request.param}")
    return found


@pytest.fixture
def clock() -> Clock:
    return Clock()
