"""What conftest.py says about skipped tests, seen from outside: runs of pytest on a small test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.finding import NoChromium
from tests.plugins.woocommerce.real import naming as real
from tests.plugins.woocommerce.wordpress.getting import NoWordPress
from tests.pooler import NoPgBouncer
from tests.postgres import NoPostgres

ROOT = Path(__file__).parents[1]


def run_pytest(
    test: Path, ci: str, workers: int = 0, **variables: str
) -> subprocess.CompletedProcess[str]:
    alone = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(test.parent), "-n", str(workers)]
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", *alone, str(test)]
    ours = ("PYTEST", "GOODWORD_REAL")
    others = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    told = {**others, "CI": ci, **variables}
    return subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, check=False)


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


# A shop that nobody named is no test that was left out.


@pytest.mark.slow
@pytest.mark.parametrize("workers", [0, 1])
def test_a_real_shop_that_nobody_names_is_a_line_and_no_skipped_test(workers: int) -> None:
    done = run_pytest(real.HERE, ci="1", workers=workers)
    assert done.returncode == 0
    assert real.SAID in done.stdout
    assert "skipped" not in done.stdout
    assert "test_journey" not in done.stdout


@pytest.mark.slow
def test_one_that_is_named_by_half_is_told() -> None:
    done = run_pytest(real.HERE, ci="", GOODWORD_REAL_SHOP_URL="http://localhost:8811")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert f"set {real.SHOP_USER} and {real.SHOP_PASSWORD}, too" in done.stderr


@pytest.mark.slow
def test_of_other_tests_no_shop_is_spoken(tmp_path: Path) -> None:
    file = tmp_path / "test_small.py"
    file.write_text("def test_small():\n    pass\n")
    assert real.SAID not in run_pytest(file, ci="").stdout
