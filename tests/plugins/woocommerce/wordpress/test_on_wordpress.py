"""The plugin on a real WordPress, with a stand-in for WooCommerce that obeys what was observed."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.plugins.woocommerce.wordpress import getting
from tests.plugins.woocommerce.wordpress.getting import FLOOR, PHPS, NoWordPress
from tests.plugins.woocommerce.wordpress.playing import GOODWORD, HERE, PLUGIN, STANDIN, Site

pytestmark = pytest.mark.slow
BOTH = (STANDIN, GOODWORD)
NEWEST = next(iter(getting.KINDS))


@pytest.fixture(params=getting.KINDS)
def wordpress(request: pytest.FixtureRequest) -> Path:
    try:
        return getting.wordpress(request.param)
    except NoWordPress as problem:
        pytest.skip(str(problem))


def installed(site: Site, version: str) -> Site:
    said = site.install()
    assert said.startswith(f"installed {version}")
    (site.content / "debug.log").unlink(missing_ok=True)
    return site


def version_of(wordpress: Path) -> str:
    text = (wordpress / "wp-includes" / "version.php").read_text("utf-8")
    found = re.search(r"\$wp_version = '(\d+\.\d+)", text)
    assert found
    return found[1]


def check(site: Site, folder: str, at_least: int, php: str = "") -> None:
    """Run the tests of a folder; nothing may be noted as wrong, and none may be left out."""
    said = site.tests(folder, php)
    assert f", PHP {php or ''}" in said
    found = re.search(r"^OK \((\d+) tests?, \d+ assertions\)$", said, re.MULTILINE)
    assert found, said[-2000:]
    assert int(found[1]) >= at_least
    # A PHP that is newer than others' code calls that deprecated; of ours nothing is.
    others = [line for line in site.log().splitlines() if "PHP Deprecated: " in line]
    assert not [line for line in others if str(PLUGIN) in line]
    assert [line for line in site.log().splitlines() if line not in others] == []


def test_in_a_shop(wordpress: Path, tmp_path: Path) -> None:
    site = installed(Site(wordpress, tmp_path / "content", BOTH), version_of(wordpress))
    check(site, "shop", at_least=110)


@pytest.mark.parametrize(("php", "kind"), [(PHPS[0], FLOOR), *((php, NEWEST) for php in PHPS)])
def test_on_the_oldest_and_the_newest_php(php: str, kind: str, tmp_path: Path) -> None:
    try:
        wordpress = getting.wordpress(kind)
        getting.php()
    except NoWordPress as problem:
        pytest.skip(str(problem))
    site = installed(Site(wordpress, tmp_path / "content", BOTH), version_of(wordpress))
    check(site, "shop", at_least=110, php=php)


@pytest.mark.parametrize("php", getting.BETWEEN)
def test_each_php_between_them_can_read_it(php: str) -> None:
    try:
        program = getting.php()
    except NoWordPress as problem:
        pytest.skip(str(problem))
    done = subprocess.run(
        [program, str(HERE / "reading.php"), str(PLUGIN)],
        env={**os.environ, "PHP": php},
        capture_output=True,
        text=True,
        check=False,
    )
    files = len(list(PLUGIN.rglob("*.php")))
    assert done.stdout.strip() == f"PHP {php} read {files}", done.stdout + done.stderr


def test_without_woocommerce(wordpress: Path, tmp_path: Path) -> None:
    site = installed(Site(wordpress, tmp_path / "content", (GOODWORD,)), version_of(wordpress))
    check(site, "bare", at_least=6)


def test_in_a_network_of_sites(wordpress: Path, tmp_path: Path) -> None:
    site = Site(wordpress, tmp_path / "content", BOTH, network="wanted")
    begun = replace(installed(site, version_of(wordpress)), network="begun")
    check(begun, "network", at_least=1)


@pytest.mark.parametrize("kind", getting.KINDS)
def test_the_versions_are_those_that_are_promised(kind: str) -> None:
    try:
        found = getting.wordpress(kind)
    except NoWordPress as problem:
        pytest.skip(str(problem))
    # A testing release moves on; it is never older than what we name.
    assert tuple(map(int, version_of(found).split("."))) >= tuple(
        map(int, getting.KINDS[kind].split("."))
    )
