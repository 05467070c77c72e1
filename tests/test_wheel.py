"""What a user installs holds what it needs, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def inside(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as opened:
        return set(opened.namelist())


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "goodword/storage/migrations/env.py",
        "goodword/testing.py",
        "goodword/storage/migrations/versions/0001_spine.py",
        "goodword_server/storage/migrations/versions/0001_spine.py",
        "goodword_server/templates/pages/friend.html",
        "goodword_server/templates/pages/advocate.css",
        "goodword_server/static/share.js",
        "goodword_server/static/vendored/liff.js",
        "goodword_server/widget/goodword.js",
        "goodword_server/cards/vendored/NotoSansTC-Regular.ttf",
        "goodword_server/cards/vendored/NotoSansTC.LICENSE",
        "goodword_server/shell/templates/security/login_user.html",
        "goodword_server/shell/templates/security/email/reset_instructions.txt",
        "goodword_server/shell/static/shell.css",
        "goodword_server/shell/static/vendored/pico.min.css",
        "goodword_server/shell/static/vendored/htmx.min.js",
        "goodword_server/shell/static/vendored/pico.LICENSE.md",
        "goodword_woocommerce/standin/recorded/webhook-order-updated-completed.json",
        "goodword_shopify/operations.graphql",
        "goodword_shopify/standin/vendored/admin-2026-07.json.xz",
        "goodword_woocommerce/plugin/goodword.php",
        "goodword_woocommerce/plugin/readme.txt",
        "goodword_shopify/webhooks.py",
        *(
            f"{package}/py.typed"
            for package in (
                "goodword",
                "goodword_server",
                "goodword_shopify",
                "goodword_woocommerce",
            )
        ),
    ],
)
def test_the_wheel_holds_what_runs(inside: set[str], name: str) -> None:
    assert name in inside


@pytest.mark.slow
def test_pytest_finds_our_fixtures_where_the_wheel_is_installed(
    wheel: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(tmp_path / "installed")
    (tmp_path / "test_it.py").write_text(
        "import goodword\n\n"
        "def test_it(goodword_referrals):\n"
        "    assert 'installed' in goodword.__file__\n"
        "    assert goodword_referrals.programs.list() == []\n"
    )
    command = "-m pytest -q -W error -p no:schemathesis -p no:cacheprovider test_it.py"
    ran = subprocess.run(
        [sys.executable, *command.split()],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "installed")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "1 passed" in ran.stdout


@pytest.mark.slow
def test_the_wheel_holds_our_four_packages_only(inside: set[str]) -> None:
    tops = {name.partition("/")[0] for name in inside}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "goodword",
        "goodword_server",
        "goodword_shopify",
        "goodword_woocommerce",
    }
