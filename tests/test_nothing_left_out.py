"""What conftest.py says about skipped tests, seen from outside: runs of pytest on a small test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.finding import NoChromium
from tests.plugins.woocommerce.wordpress.getting import NoWordPress
from tests.pooler import NoPgBouncer
from tests.postgres import NoPostgres

ROOT = Path(__file__).parents[1]


def run_pytest(test: Path, ci: str, workers: int = 0) -> subprocess.CompletedProcess[str]:
    alone = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(test.parent), "-n", str(workers)]
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", *alone, str(test)]
    others = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return subprocess.run(
        command, cwd=ROOT, env={**others, "CI": ci}, capture_output=True, text=True, check=False
    )


def skipping(reason: str) -> str:
    return f"import pytest\n\ndef test_small():\n    pytest.skip({reason!r})\n"


SKIPPING_ALL = "import pytest\n\npytest.skip('no moon', allow_module_level=True)\n"
EXPECTED_TO_FAIL = "import pytest\n\n@pytest.mark.xfail\ndef test_small():\n    assert False\n"


@pytest.mark.slow
@pytest.mark.parametrize("workers", [0, 1])
@pytest.mark.parametrize("test", [skipping("no moon"), SKIPPING_ALL], ids=["one", "module"])
def test_in_ci_a_skipped_test_fails_and_says_why(tmp_path: Path, test: str, workers: int) -> None:
    file = tmp_path / "test_small.py"
    file.write_text(test)
    done = run_pytest(file, ci="1", workers=workers)
    assert done.returncode != 0
    assert "in CI nothing may be left out" in done.stdout
    assert "no moon" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("test", "ci"), [(skipping("no moon"), ""), (EXPECTED_TO_FAIL, "1")], ids=["skip", "xfail"]
)
def test_elsewhere_it_may_be_and_an_expected_failure_may_be_in_ci(
    tmp_path: Path, test: str, ci: str
) -> None:
    file = tmp_path / "test_small.py"
    file.write_text(test)
    assert run_pytest(file, ci=ci).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("workers", [0, 1])
@pytest.mark.parametrize(
    ("problem", "title", "mend"),
    [
        (NoPostgres("none is installed"), "NOT TESTED ON POSTGRESQL", "install -y postgresql"),
        (NoPgBouncer("none is installed"), "NOT TESTED BEHIND PGBOUNCER", "install -y pgbouncer"),
        (NoChromium("none is installed"), "NOT TESTED IN A BROWSER", "install -y chromium"),
        (NoWordPress("none is installed"), "NOT TESTED ON WORDPRESS", "run.py test"),
    ],
    ids=["postgresql", "pgbouncer", "browser", "wordpress"],
)
def test_half_a_run_ends_with_reason_and_mend(
    tmp_path: Path, problem: Exception, title: str, mend: str, workers: int
) -> None:
    file = tmp_path / "test_small.py"
    file.write_text(skipping(str(problem)))
    done = run_pytest(file, ci="", workers=workers)
    assert done.returncode == 0
    assert title in done.stdout
    assert "1 tests were left out" in done.stdout
    assert "none is installed" in done.stdout
    assert mend in done.stdout
